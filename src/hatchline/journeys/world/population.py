"""Ventures for institutions: whose lives they are, and how large a population a district of some size has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from hatchline.apps.bodies import queries as places
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import lifecycles
from hatchline.journeys.world.lifecycles import FULL, Life, Place, Places
from hatchline.journeys.world.writing import Surroundings

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory

UNKNOWN_OPENING = date(2009, 6, 1)  # when ventures begin to come to an institution of which nobody knows since when
FIELDS, INDUSTRIES = "hightech-2016", "gbt4754-2017"
INDUSTRY_CODES = ("I6511", "I6520", "M7310", "M7320", "M7340", "C3562", "C2761", "R8710", "M7514", "I6531", "C3990")
SPREAD = {"incubator": 0.45, "university_park": 0.3, "returnee_park": 0.3}  # of an institution's size; others 0.6
DRAWS = {"incubator": 1.25, "university_park": 1.5, "returnee_park": 1.4, "industrial_park": 1.0}  # others 0.7


def size(institutions: int) -> int:
    """How many ventures a district with so many institutions has. Small ones, for tests, are kept smaller still."""
    share = institutions / FULL
    return round(lifecycles.arrivals() * (share if share >= 1 else share * share))


def places_of(
    kinds: Sequence[str], opened: Sequence[PartialDate | None], stages: Sequence[Sequence[str]], seed: int
) -> Places:
    """Institutions as ventures see them: the older kinds are larger."""
    draw = Random(seed * 7 + 1)
    made = []
    for kind, day, its in zip(kinds, opened, stages, strict=True):
        weight = DRAWS.get(kind, 0.7) * draw.lognormvariate(0, SPREAD.get(kind, 0.6))
        made.append(Place((day.earliest if day else None) or UNKNOWN_OPENING, tuple(its), weight))
    return Places(made)


def lives(
    number: int, there: Places, *, seed: int, until: date, first: int = 0, moves: float = lifecycles.MOVES
) -> list[Life]:
    """The lives from ``first`` up to ``number``; whoever found no place is left out."""
    made = (
        lifecycles.live(each, number, seed=seed, places=there, until=until, moves=moves)
        for each in range(first, number)
    )
    return [life for life in made if life.visits]


def surroundings(institutions: Sequence[int], streets: Sequence[Territory]) -> Surroundings:
    """The keys that ventures refer to."""
    fields, industries = places.class_keys(FIELDS), places.class_keys(INDUSTRIES)
    return Surroundings(
        institutions,
        [street.pk for street in streets],
        [pk for code, pk in sorted(fields.items()) if len(code) == 3],
        [industries[code] for code in INDUSTRY_CODES if code in industries],
    )
