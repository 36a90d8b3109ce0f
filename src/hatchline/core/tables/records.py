"""What became of one row, and the tests that decide whether a row counts."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Literal

from hatchline.core.tables import patterns
from hatchline.core.tables.cells import plain
from hatchline.core.tables.mapping import Condition
from hatchline.core.tables.problems import Problem
from hatchline.core.tables.rows import Cell, as_text

Status = Literal["ready", "rejected", "skipped"]


@dataclass(frozen=True)
class Record:
    """What became of one row.

    `values` holds a value per field that the row states (a tuple where the field takes many); blank cells leave none.
    `raw` is the row's text by column name, `cells` the row with carried cells filled in, `group` the sub-header row
    above it. `skipped` says why a skipped row was: blank, sub_header, header_again, total,
    note, skip_rows, when, no_part.
    `part` counts the records of one row from 0, and `branch` tells them apart whichever of them are there;
    `columns` has letter and header of the column that fills each field; `borrowed` names the fields whose cell is blank
    here and was filled from a row above.
    """

    number: int
    sheet: str
    status: Status
    values: MappingType[str, Any] = attribute(default_factory=dict)
    raw: MappingType[str, str] = attribute(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cells: tuple[Cell, ...] = ()
    group: tuple[Cell, ...] = ()
    skipped: str = ""
    part: int = 0
    branch: str = ""
    columns: MappingType[str, tuple[str, str]] = attribute(default_factory=dict)
    borrowed: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def holds(one: Condition, cells: tuple[Cell, ...], place: int) -> bool:
    """Whether the cell at `place` passes the condition."""
    text = as_text(cells[place] if place < len(cells) else "").strip()
    held = True
    if one.is_blank is not None:
        held = (not text) == one.is_blank
    if held and one.equals is not None:
        held = plain(text) == plain(one.equals)
    if held and one.one_of:
        held = plain(text) in {plain(word) for word in one.one_of}
    if held and one.matches is not None:
        held = bool(patterns.compiled(one.matches).search(text[: patterns.SUBJECT]))
    return held != one.negate
