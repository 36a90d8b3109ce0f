"""Rows and cells with their addresses."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from hatchline.core.tables.problems import Problem

Cell = str | int | float | bool | date | datetime | time | timedelta


def letter(index: int) -> str:
    """Column letter of a position from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def position(letters: str) -> int:
    """Position from 0 of a column letter. Raises ValueError for anything that is not 1 to 3 letters A–Z."""
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise ValueError(f"not a column letter: {letters!r}")
    index = 0
    for char in letters.upper():
        index = index * 26 + ord(char) - 64
    return index - 1


def as_text(cell: Cell | None) -> str:
    """What a person would have typed: whole floats without .0, dates as 2014-06-05."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
    return str(cell)


def is_blank(cell: Cell | None) -> bool:
    return not cell.strip() if isinstance(cell, str) else cell is None


def key_of(header: str) -> str:
    """A header for comparison: half-width, lower case, without spaces, line breaks, stars and trailing colons."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(text.split()).strip("*:_- ").replace("_", "").replace("-", "")


@dataclass(frozen=True)
class Row:
    """One row. `number` counts from 1 as the spreadsheet shows it (for CSV: records, blank ones included).

    `covered` maps the position of each cell that lies under a merged cell to the value of the merged cell;
    `problems` are those of reading (an error value, a formula without its result, bytes that were not text).
    """

    sheet: str
    number: int
    cells: tuple[Cell, ...]
    covered: Mapping[int, Cell] = field(default_factory=dict)
    problems: tuple[tuple[int, Problem], ...] = ()

    def address(self, index: int) -> str:
        return f"{letter(index)}{self.number}"

    def cell(self, index: int) -> Cell:
        return self.cells[index] if index < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return all(is_blank(cell) for cell in self.cells)
