"""The records that one row gives: one, or one for each part of a mapping that the row speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from hatchline.core.tables.cells import Manner
from hatchline.core.tables.fields import Field
from hatchline.core.tables.mapping import Condition, Rule
from hatchline.core.tables.records import holds
from hatchline.core.tables.rows import Cell, as_text, is_blank
from hatchline.core.values.datewords import NOTHING


@dataclass
class PlacedRule:
    """A rule with the positions of its columns and what its words mean."""

    rule: Rule
    places: tuple[int, ...]
    targets: tuple[Field, ...]
    manner: Manner
    values: dict[str, str | None]
    conditions: tuple[tuple[int, Condition], ...]
    splitter: re.Pattern[str] | None
    unknown: frozenset[str]


@dataclass
class Branch:
    """What makes one record of a row: its own rules, then the shared ones. `own` are the columns that call for it."""

    name: str
    rules: list[PlacedRule]
    constants: dict[str, Any]
    own: frozenset[int]
    place: int | None
    splitter: re.Pattern[str] | None
    conditions: tuple[tuple[int, Condition], ...] = ()
    places_of: dict[str, int] = attribute(default_factory=dict)
    columns: dict[str, tuple[str, str]] = attribute(default_factory=dict)
    used: set[int] = attribute(default_factory=set)

    def filled_from(self, places: frozenset[int]) -> frozenset[str]:
        """The fields read from these places."""
        if not places:
            return frozenset()
        found = (rule.targets for rule in self.rules if not places.isdisjoint(rule.places))
        return frozenset(one.name for targets in found for one in targets)

    def cuts(self, cells: tuple[Cell, ...]) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """What tells each record apart, and the cells it reads."""
        if not all(holds(one, cells, place) for place, one in self.conditions):
            return
        if self.place is not None and self.splitter is not None:
            whole = as_text(cells[self.place] if self.place < len(cells) else "")
            for piece in filter(None, map(str.strip, self.splitter.split(whole))):
                if piece.casefold() not in NOTHING:
                    yield f"{self.name}:{piece}", (*cells[: self.place], piece, *cells[self.place + 1 :])
        elif not self.name or self.conditions or any(place < len(cells) and _says(cells[place]) for place in self.own):
            yield self.name, cells


def _says(cell: Cell) -> bool:
    return not is_blank(cell) and as_text(cell).strip().casefold() not in NOTHING
