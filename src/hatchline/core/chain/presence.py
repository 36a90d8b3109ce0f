"""Many stays at once, as arrays: who is where on a day, and how they moved between days.

Days are proleptic ordinals (``date.toordinal()``) in int32. A stay is half-open; ``ends`` is ``OPEN`` while it goes on.
An end that is unknown is not an open end: such a stay is *censored* at the last evidence of it: ``ends`` holds the day
after that evidence, with ``known_end`` False.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hatchline.core.chain.stages import ORDER, Stage

OPEN = np.int32(2**31 - 1)
OUTSIDE = len(ORDER)  # the column of those not (yet, or any more) in the chain


@dataclass(frozen=True)
class Stays:
    """Stays of many ventures; all arrays have the same length n.

    ``venture`` (int64) is any key; ``stage`` (int8) the rank of the stage; ``starts``/``ends`` (int32) ordinals;
    ``known_end`` (bool) whether the end is on record; ``graduated`` (bool) whether it ended as graduated.
    """

    venture: NDArray[np.int64]
    stage: NDArray[np.int8]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    known_end: NDArray[np.bool_]
    graduated: NDArray[np.bool_]

    def __post_init__(self) -> None:
        lengths = {len(column) for column in self.columns}
        if len(lengths) > 1:
            raise ValueError(f"columns of different lengths: {sorted(lengths)}")
        if len(self.starts) and bool((self.ends <= self.starts).any()):
            where = int(np.argmax(self.ends <= self.starts))
            raise ValueError(f"stay {where} ends on or before the day it begins")

    def __len__(self) -> int:
        return len(self.venture)

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """All of them, in the order in which they are declared."""
        return self.venture, self.stage, self.starts, self.ends, self.known_end, self.graduated

    def where(self, mask: NDArray[Any]) -> Stays:
        """The stays a mask keeps, or those at these places."""
        at = np.flatnonzero(mask) if mask.dtype == np.bool_ else mask  # places are quicker to take than a mask
        return Stays(*(column.take(at) for column in self.columns))


def stage_on(stays: Stays, day: date) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Ventures present on ``day`` (sorted keys) and the latest stage each is at; one row a venture."""
    ordinal = day.toordinal()
    here = (stays.starts <= ordinal) & (stays.ends > ordinal)
    marks = np.sort(stays.venture[here] * np.int64(len(ORDER)) + stays.stage[here])  # one number sorts faster than two
    keys = marks // len(ORDER)
    last = np.ones(len(keys), dtype=bool)
    last[:-1] = keys[1:] != keys[:-1]
    return keys[last], (marks[last] % len(ORDER)).astype(np.int8)


def flow(stays: Stays, days: Sequence[date]) -> NDArray[np.int64]:
    """How many ventures went from which stage to which between each two following days.

    Shape (len(days) - 1, 5, 5): from, to; index 4 is outside the chain. The corner (4, 4) is always 0: whoever is in
    neither picture is not counted. Days must ascend.
    """
    if list(days) != sorted(set(days)):
        raise ValueError("days must ascend and differ")
    size = OUTSIDE + 1
    result = np.zeros((max(0, len(days) - 1), size, size), dtype=np.int64)
    place, number = _places(stays.venture)
    pictures = (_picture(stays, place, number, day) for day in days)
    for step, (before, after) in enumerate(pairwise(pictures)):
        result[step] = np.bincount(before * np.int8(size) + after, minlength=size * size).reshape(size, size)
    result[:, OUTSIDE, OUTSIDE] = 0
    return result


def _places(venture: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """A number for each venture, and how many numbers there are. Where stays come by venture nothing is sorted."""
    changes = venture[1:] != venture[:-1]
    if bool((venture[1:] < venture[:-1]).any()):
        everyone, place = np.unique(venture, return_inverse=True)
        return place.astype(np.int64), len(everyone)
    place = np.zeros(len(venture), dtype=np.int64)
    np.cumsum(changes, out=place[1:])
    return place, int(place[-1]) + 1 if len(place) else 0


def _picture(stays: Stays, place: NDArray[np.int64], number: int, day: date) -> NDArray[np.int8]:
    """The latest stage of every venture on a day, by its place."""
    ordinal = day.toordinal()
    here = np.flatnonzero((stays.starts <= ordinal) & (stays.ends > ordinal))
    found = np.full(number, OUTSIDE, dtype=np.int8)
    places, stages = place.take(here), stays.stage.take(here)
    found[places] = stages
    later = np.flatnonzero(found.take(places) < stages)  # few are at two places on one day
    np.maximum.at(found, places[later], stages[later])
    return found


def counts(stays: Stays, days: Sequence[date]) -> dict[date, dict[Stage, int]]:
    """Distinct ventures at each stage on each day."""
    table = {}
    for day in days:
        _, stages = stage_on(stays, day)
        numbers = np.bincount(stages, minlength=len(ORDER))
        table[day] = {stage: int(numbers[rank]) for rank, stage in enumerate(ORDER)}
    return table
