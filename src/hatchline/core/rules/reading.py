"""YAML with places: a mapping whose every value knows its line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from hatchline.core.rules.documents import Mark, Text
from hatchline.core.rules.problems import InvalidRule, Position, Problem, nearest


class Reader:
    """One mapping or list of a YAML file. All readers of a file share `problems`: reading goes on after a fault."""

    def __init__(self, raw: Any, at: Position, problems: list[Problem], source: str) -> None:
        self.raw, self.at, self.problems, self.source = raw, at, problems, source

    @classmethod
    def open(cls, text: str, path: str) -> Reader:
        """Parse a file's text. Raises InvalidRule when it is no YAML or not a mapping."""
        yaml: Any = YAML(typ="rt")
        yaml.preserve_quotes = True
        try:
            raw: Any = yaml.load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = Position(path, mark.line + 1, mark.column + 1) if mark else Position(path, 1, 1)
            raise InvalidRule([Problem(at, "bad_yaml", str(error.problem or error.context))]) from None
        if not isinstance(raw, dict):
            raise InvalidRule([Problem(Position(path, 1, 1), "bad_yaml", "the file is not a mapping")])
        return cls(raw, Position(path, 1, 1), [], text)

    def place(self, key: str | int) -> Position:
        """Where the value of a key begins."""
        try:
            spots: Any = self.raw.lc
            spot: tuple[int, int] | None = spots.value(key) if isinstance(self.raw, dict) else spots.item(key)
        except (AttributeError, KeyError, IndexError, TypeError):
            return self.at
        return self.at if spot is None else Position(self.at.path, spot[0] + 1, spot[1] + 1)

    def place_of_key(self, key: str) -> Position:
        try:
            spot = self.raw.lc.key(key)
        except (AttributeError, KeyError, TypeError):
            return self.at
        return self.at if spot is None else Position(self.at.path, spot[0] + 1, spot[1] + 1)

    def inside(self, key: str) -> Callable[[int], Position]:
        """Where a character of a text value stands in the file, however the text is folded, indented or quoted."""
        value, at = self.raw[key], self.place(key)
        is_block = isinstance(value, LiteralScalarString | FoldedScalarString)
        lines = self.source.split("\n")
        row, column = (at.line, 0) if is_block else (at.line - 1, at.column - 1)
        spots: list[Position] = []
        for char in str(value):
            while not char.isspace() and row < len(lines) and not lines[row].startswith(char, column):
                row, column = (row, column + 1) if column < len(lines[row]) else (row + 1, 0)
            spots.append(Position(at.path, row + 1, column + 1) if row < len(lines) else at)
            column += not char.isspace()
        last = spots[-1].moved(0, 1) if spots else at
        return lambda index: spots[index] if index < len(spots) else last

    def fault(self, key: str | int | None, code: str, message: str, hint: str = "") -> None:
        at = self.at if key is None else self.place(key)
        self.problems.append(Problem(at, code, message, hint))

    def has(self, key: str) -> bool:
        return isinstance(self.raw, dict) and key in self.raw

    def only(self, *known: str) -> None:
        """Complain about every key that nobody knows."""
        for key in self.raw if isinstance(self.raw, dict) else ():
            if key not in known:
                at = self.place_of_key(key)
                hint = nearest(str(key), known)
                self.problems.append(Problem(at, "unknown_key", f"nothing is called {key!r} here", hint))

    def get(self, key: str, default: Any = None) -> Any:
        if self.has(key):
            return self.raw[key]
        return default

    def need(self, key: str) -> Any:
        if not self.has(key) or self.raw[key] is None:
            self.problems.append(Problem(self.at, "missing_key", f"{key!r} is missing"))
            return None
        return self.raw[key]

    def text(self, key: str, default: str = "") -> str:
        value = self.get(key, default)
        return default if value is None else " ".join(str(value).split())

    def child(self, key: str) -> Reader:
        """The mapping (or list) under a key; an empty one when it is absent or something else."""
        value = self.get(key)
        if value is not None and not isinstance(value, dict | list):
            self.fault(key, "wrong_shape", f"{key!r} must be a mapping or a list")
            value = None
        return Reader({} if value is None else value, self.place(key), self.problems, self.source)

    def entries(self) -> Iterator[tuple[str, Reader]]:
        """The named mappings inside this one."""
        if isinstance(self.raw, dict):
            for key in self.raw:
                yield str(key), self.child(key)

    def items(self) -> Iterator[Reader]:
        """The mappings of a list."""
        for index, value in enumerate(self.raw if isinstance(self.raw, list) else ()):
            at = self.place(index)
            if isinstance(value, dict | list):
                yield Reader(value, at, self.problems, self.source)
            else:
                self.problems.append(Problem(at, "wrong_shape", "a mapping was expected"))

    def both(self, key: str | None = None, *, optional: bool = False) -> Text:
        """A sentence in zh and en, under a key or right here."""
        where = self if key is None else self.child(key)
        if key is not None and not self.has(key):
            if not optional:
                self.need(key)
            return Text("", "")
        found = Text(where.text("zh"), where.text("en"))
        if not found.zh or not found.en:
            self.problems.append(Problem(where.at, "missing_language", "a text is needed in zh and in en"))
        return found

    def day(self, key: str) -> date | None:
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(key, "bad_date", f"{value!r} is not a date like 2018-12-31")
            return None

    def mark(self, default: Mark | None = None) -> Mark:
        value = self.get("mark")
        if value is None:
            if default is None:
                self.problems.append(Problem(self.at, "missing_key", "'mark' is missing: how sure is this?"))
            return default or Mark.RECALLED
        try:
            return Mark(str(value))
        except ValueError:
            hint = "weak figures are not encoded" if value == "weak" else nearest(str(value), list(Mark))
            self.fault("mark", "unknown_mark", f"{value!r} is no mark", hint)
            return Mark.RECALLED
