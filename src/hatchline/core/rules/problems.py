"""What can be wrong with a document, told where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchline.core.rules.documents import Document


@dataclass(frozen=True, order=True)
class Position:
    """Line and column, both counted from 1; `path` names the file as it was handed in."""

    path: str = ""
    line: int = 0
    column: int = 0

    def moved(self, lines: int, columns: int) -> Position:
        return Position(self.path, self.line + lines, self.column + columns)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong: where, a stable code, a sentence, and what may have been meant.

    ``about``: of a failing case the criterion, the verdict expected, the one found, and the case in zh and en.
    """

    at: Position
    code: str
    message: str
    hint: str = ""
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.at}: {self.message} [{self.code}]" + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True)
class Unsound:
    """A document with faults, as far as it could be read, for finding what else is wrong with it.

    ``stands``: parameters, definitions and variants are sound; ``broken``: the criteria that are not;
    ``mentioned``: the words of conditions that cannot be read.
    """

    document: Document
    stands: bool
    broken: frozenset[str]
    mentioned: frozenset[str]


class InvalidRule(ValueError):
    """A document that cannot be used; `problems` says why, each with its place."""

    def __init__(self, problems: Iterable[Problem], unsound: Unsound | None = None) -> None:
        self.problems, self.unsound = sorted(problems), unsound
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Misuse(ValueError):
    """A node that makes no sense (a percentage compared with an area). The parser adds the place."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        self.code, self.hint = code, hint
        super().__init__(message)


def nearest(name: str, known: Iterable[str]) -> str:
    """ "did you mean …", or nothing when no known name is like it."""
    close = get_close_matches(name, list(known), n=2, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else ""
