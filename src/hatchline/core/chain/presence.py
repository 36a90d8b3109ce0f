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
        lengths = {
            len(column) for column in (self.venture, self.stage, self.starts, self.ends, self.known_end, self.graduated)
        }
        if len(lengths) > 1:
            raise ValueError(f"columns of different lengths: {sorted(lengths)}")
        if len(self.starts) and bool((self.ends <= self.starts).any()):
            where = int(np.argmax(self.ends <= self.starts))
            raise ValueError(f"stay {where} ends on or before the day it begins")

    def __len__(self) -> int:
        return len(self.venture)

    def where(self, mask: NDArray[Any]) -> Stays:
        """The stays a mask keeps, or those at these places."""
        return Stays(
            self.venture[mask],
            self.stage[mask],
            self.starts[mask],
            self.ends[mask],
            self.known_end[mask],
            self.graduated[mask],
        )


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
    by_stage = np.argsort(stays.stage, kind="stable")
    columns = tuple(column[by_stage] for column in (place, stays.stage, stays.starts, stays.ends))
    pictures = (_picture(columns, number, day) for day in days)
    for step, (before, after) in enumerate(pairwise(pictures)):
        result[step] = np.bincount(before * np.int8(size) + after, minlength=size * size).reshape(size, size)
    result[:, OUTSIDE, OUTSIDE] = 0
    return result


def _places(venture: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """A small number for each venture, and how many numbers there are. Keys that lie close serve as they are."""
    if not len(venture):
        return venture, 0
    low, high = int(venture.min()), int(venture.max())
    if high - low < 8 * len(venture):
        return venture - low, high - low + 1
    everyone, place = np.unique(venture, return_inverse=True)
    return place.astype(np.int64), len(everyone)


def _picture(columns: tuple[NDArray[Any], ...], number: int, day: date) -> NDArray[np.int8]:
    """The latest stage of every venture on a day, by its place.

    ``columns``: place, stage, starts and ends of stays in the order of their stages, so that what is written last at a
    place is the latest stage there.
    """
    place, stage, starts, ends = columns
    ordinal = day.toordinal()
    here = np.flatnonzero((starts <= ordinal) & (ends > ordinal))
    found = np.full(number, OUTSIDE, dtype=np.int8)
    found[place[here]] = stage[here]
    return found


def counts(stays: Stays, days: Sequence[date]) -> dict[date, dict[Stage, int]]:
    """Distinct ventures at each stage on each day."""
    table = {}
    for day in days:
        _, stages = stage_on(stays, day)
        numbers = np.bincount(stages, minlength=len(ORDER))
        table[day] = {stage: int(numbers[rank]) for rank, stage in enumerate(ORDER)}
    return table
