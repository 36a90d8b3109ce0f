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

    def where(self, mask: NDArray[np.bool_]) -> Stays:
        """The stays a mask keeps."""
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
    keys, stages = stays.venture[here], stays.stage[here]
    order = np.lexsort((stages, keys))
    keys, stages = keys[order], stages[order]
    last = np.ones(len(keys), dtype=bool)
    last[:-1] = keys[1:] != keys[:-1]
    return keys[last], stages[last]


def flow(stays: Stays, days: Sequence[date]) -> NDArray[np.int64]:
    """How many ventures went from which stage to which between each two following days.

    Shape (len(days) - 1, 5, 5): from, to; index 4 is outside the chain. The corner (4, 4) is always 0: whoever is in
    neither picture is not counted. Days must ascend.
    """
    if list(days) != sorted(set(days)):
        raise ValueError("days must ascend and differ")
    size = OUTSIDE + 1
    result = np.zeros((max(0, len(days) - 1), size, size), dtype=np.int64)
    pictures = [stage_on(stays, day) for day in days]
    for step, ((keys, stages), (next_keys, next_stages)) in enumerate(pairwise(pictures)):
        everyone = np.union1d(keys, next_keys)
        before = np.full(len(everyone), OUTSIDE, dtype=np.int64)
        after = np.full(len(everyone), OUTSIDE, dtype=np.int64)
        before[np.searchsorted(everyone, keys)] = stages
        after[np.searchsorted(everyone, next_keys)] = next_stages
        result[step] = np.bincount(before * size + after, minlength=size * size).reshape(size, size)
    return result


def counts(stays: Stays, days: Sequence[date]) -> dict[date, dict[Stage, int]]:
    """Distinct ventures at each stage on each day."""
    table = {}
    for day in days:
        _, stages = stage_on(stays, day)
        numbers = np.bincount(stages, minlength=len(ORDER))
        table[day] = {stage: int(numbers[rank]) for rank, stage in enumerate(ORDER)}
    return table
