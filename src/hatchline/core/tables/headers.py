"""Which row is the header, and which column a name means."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from hatchline.core.tables.problems import Problem, UnableToExtract
from hatchline.core.tables.rows import Row, as_text, is_blank, key_of, letter, position

LOOK = 40  # rows in which a header is looked for


@dataclass(frozen=True)
class Header:
    """The names of the columns. `number` is the row they stand in, 0 when the table has none; `width` counts the cells
    of that row, unnamed ones at its end included."""

    sheet: str
    number: int
    names: tuple[str, ...]
    width: int = 0

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(key_of(name) for name in self.names)

    def find(self, wanted: str) -> int | None:
        """Position of "@C", a name, or "name#2" for the second column of that name; None when it is not there."""
        if wanted.startswith("@"):
            try:
                return position(wanted[1:])
            except ValueError:
                return None
        base, mark, count = wanted.rpartition("#")
        if wanted in self.names:
            return self.names.index(wanted)
        key, keys = key_of(wanted), self.keys
        if key and key in keys:
            return keys.index(key)
        if mark and count.isdecimal() and base:
            places = [index for index, one in enumerate(keys) if one == key_of(base)]
            if 1 <= int(count) <= len(places):
                return places[int(count) - 1]
        return None

    def is_again(self, row: Row) -> bool:
        """The header repeated in the middle of a table (each printed page has one)."""
        if not self.number:
            return False
        count = filled = 0
        for index, key in enumerate(self.keys):
            if not key:
                continue
            count += 1
            mine = key_of(as_text(row.cell(index)))
            if mine:
                if mine != key:
                    return False  # almost every row answers here, at its first cell
                filled += 1
        return filled >= 2 and filled * 2 >= count


def of_row(row: Row) -> Header:
    """The header in a row; cells under a merged cell take its text, so that two-line headers keep their names."""
    names = []
    for index in range(max(len(row.cells), max(row.covered, default=-1) + 1)):
        cell = row.cell(index)
        names.append(" ".join(as_text(row.covered.get(index, "") if is_blank(cell) else cell).split()))
    width = len(names)
    while names and not names[-1]:
        names.pop()
    return Header(row.sheet, row.number, tuple(names), width)


def best_match(rows: Sequence[Row], wanted: Sequence[str]) -> Header | None:
    """The first row that has most of the wanted names; None when no row has any."""
    names = [name for name in wanted if not name.startswith("@")]
    best: Header | None = None
    most = 0
    for row in rows:
        header = of_row(row)
        count = sum(header.find(name) is not None for name in names)
        if count > most:
            best, most = header, count
    return best


def missing(header: Header, wanted: Sequence[str]) -> list[Problem]:
    """A problem for each wanted column that is not there, with the nearest names."""
    problems = []
    for name in wanted:
        if header.find(name) is None:
            keys = {key_of(one): one for one in header.names if one}
            close = difflib.get_close_matches(key_of(name), keys, n=3, cutoff=0.5)
            params = {
                "column": name, "nearest": "、".join(keys[key] for key in close),
                "found": "、".join(one for one in header.names[:15] if one) or "-",
            }  # fmt: skip
            hint = "hint.column_nearest" if close else "hint.column"
            problems.append(
                Problem("table.no_such_column", params, sheet=header.sheet, row=header.number or None, hint=hint)
            )
    return problems


def label(header: Header, index: int) -> str:
    return header.names[index] if index < len(header.names) and header.names[index] else letter(index)


def locate(
    stream: Iterator[Row], wanted: Sequence[str], number: int | None
) -> tuple[Header, tuple[Row, ...], Iterator[Row]]:
    """(the header, the rows above it, the rows below). Raises UnableToExtract when there is none.

    `number` is the header's row, 0 for a table without one, None to look for the row that has most of `wanted`.
    """
    if number == 0:
        first = next(stream, None)
        rest = itertools.chain([first] if first else [], stream)
        names = tuple(letter(index) for index in range(len(first.cells))) if first else ()
        return Header(first.sheet if first else "", 0, names, len(names)), (), rest
    if number is None and not any(not name.startswith("@") for name in wanted):
        number = 1
    if number is not None:
        above: list[Row] = []
        for row in stream:
            if row.number == number:
                return of_row(row), tuple(above), stream
            if row.number > number:
                stream = itertools.chain([row], stream)
                break
            above.append(row)
        raise UnableToExtract(
            [Problem("table.no_header_row", {"number": number, "rows": len(above)}, hint="hint.header_row")]
        )
    first_rows = list(itertools.islice(stream, LOOK))
    found = best_match(first_rows, wanted)
    if found is None:
        seen = next((of_row(row) for row in first_rows if not row.is_blank), None)
        if seen is None:
            raise UnableToExtract([Problem("file.empty", hint="hint.empty")])
        raise UnableToExtract(missing(seen, wanted))
    over = [row for row in first_rows if row.number < found.number]
    below = [row for row in first_rows if row.number > found.number]
    return found, tuple(over), itertools.chain(below, stream)
