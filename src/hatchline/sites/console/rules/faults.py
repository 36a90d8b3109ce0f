"""What is wrong with a draft, in the reader's words, with the line it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hatchline.core.rules.problems import Problem
from hatchline.sites.library import reading


@dataclass(frozen=True)
class Fault:
    """One fault: where, in words, what may have been meant, and the line itself."""

    line: int
    column: int
    words: str
    hint: str
    excerpt: str
    case: int | None = None  # its number, where it is a case that fails


def said(each: Problem) -> str:
    """A fault in the reader's words, and what may have been meant."""
    return each.said.hinted(each.advice).get(reading.language())


def told(text: str, problems: Sequence[Problem], cases: Mapping[tuple[int, int], int]) -> list[Fault]:
    """The faults in the order of the text. ``cases``: the number of the case at a line and a column."""
    lines, tongue = text.splitlines(), reading.language()
    return [
        Fault(
            each.at.line, each.at.column, each.said.get(tongue), each.advice.get(tongue),
            lines[each.at.line - 1].strip()[:120] if 0 < each.at.line <= len(lines) else "",
            cases.get((each.at.line, each.at.column)) if each.code == "case_fails" else None,
        )
        for each in problems
    ]  # fmt: skip
