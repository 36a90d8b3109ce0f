"""What can be wrong with a document, told where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hatchline.core.rules.texts import NOTHING, Text, Told

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
    said: Text
    advice: Text = NOTHING
    about: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The English sentence."""
        return self.said.en

    @property
    def hint(self) -> str:
        """The English advice."""
        return self.advice.en

    def text(self, language: str) -> str:
        """The whole in a line: file, line, column, sentence, code and advice."""
        said, advice = self.said.get(language), self.advice.get(language)
        if language == "en":
            return f"{self.at}: {said} [{self.code}]" + (f" ({advice})" if advice else "")
        return f"{self.at}: {said} [{self.code}]" + (f"（{advice}）" if advice else "")

    def __str__(self) -> str:
        return self.text("en")


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


class Misuse(Told):
    """A node that makes no sense (a percentage compared with an area). The parser adds the place."""

    def __init__(self, code: str, said: Text, advice: Text = NOTHING) -> None:
        self.code, self.advice = code, advice
        super().__init__(said)
