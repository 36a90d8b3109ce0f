"""What is wrong, where, and what to do: said once, shown by pages, command line and workbooks alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Literal

from hatchline.core.tables import wording
from hatchline.core.values.unreadable import Unreadable

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One problem. `row` counts from 1 as spreadsheets do, `column` is a letter, `header` the column's own name.

    `code` and `hint` are keys of `wording`; `params` fill their sentences; `value` is the text of the cell.
    """

    code: str
    params: Mapping[str, Any] = attribute(default_factory=dict)
    severity: Severity = "error"
    sheet: str = ""
    row: int | None = None
    column: str = ""
    header: str = ""
    value: str = ""
    hint: str = ""
    field: str = ""

    @property
    def address(self) -> str:
        """名单!C7, C7, 7 or "": as much as is known."""
        cell = f"{self.column}{self.row or ''}"
        return f"{self.sheet}!{cell}" if self.sheet and cell else cell

    def sentence(self, language: str = "zh") -> str:
        """What is wrong, without the place."""
        return wording.say(self.code, {"header": self.header, "value": self.value, **self.params}, language)

    def advice(self, language: str = "zh") -> str:
        """What to do, or ""."""
        return wording.say(self.hint, {"header": self.header, **self.params}, language) if self.hint else ""

    def full(self, language: str = "zh") -> str:
        """Place, problem and advice in one line."""
        place = wording.place(self.sheet, self.row, self.column, self.header, language)
        said = self.sentence(language) + (" " * (language != "zh") + self.advice(language) if self.hint else "")
        if not place:
            return said
        return f"{place}：{said}" if language == "zh" else f"{place}: {said}"

    def dump(self) -> dict[str, Any]:
        """Plain values for JSON; `load` turns them back."""
        params = {key: value if isinstance(value, int | str) else str(value) for key, value in self.params.items()}
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "params"}
        return {**{name: value for name, value in kept.items() if value not in ("", None)}, "params": params}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Problem:
        return cls(**stored)


def of(unreadable: Unreadable, **place: Any) -> Problem:
    """The problem for a value that could not be read, at a place."""
    return Problem(unreadable.code, dict(unreadable.params), hint=unreadable.hint, **place)


class UnableToReadTable(Exception):
    """The file cannot be read as a table. `problems` says why; never empty."""

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = problems
        super().__init__("; ".join(problem.full("en") for problem in problems))


class UnableToReadMapping(Exception):
    """The mapping is not well formed or does not fit the fields. `problems` carry line and column in `params`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(problem.full("en") for problem in self.problems))


class UnableToExtract(Exception):
    """The table does not have the columns that the mapping names. `problems` says which."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(problem.full("en") for problem in self.problems))
