"""Presence and flow agree with a naive reckoning, stay by stay."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.chain.presence import OPEN, OUTSIDE, Stays, counts, flow, stage_on
from hatchline.core.chain.stages import ORDER

DAY = date(2014, 1, 1)


def made(rows):
    """Stays from (venture, stage rank, first day, length or None)."""
    starts = [DAY.toordinal() + first for _, _, first, _ in rows]
    ends = [
        int(OPEN) if length is None else start + length for start, (_, _, _, length) in zip(starts, rows, strict=True)
    ]
    return Stays(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int8),
        np.array(starts, dtype=np.int32),
        np.array(ends, dtype=np.int32),
        np.ones(len(rows), dtype=bool),
        np.zeros(len(rows), dtype=bool),
    )


def naive_stage(rows, venture, day):
    offset = (day - DAY).days
    here = [
        stage
        for key, stage, first, length in rows
        if key == venture and first <= offset and (length is None or offset < first + length)
    ]
    return max(here, default=OUTSIDE)


ROWS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 3), st.integers(0, 60), st.none() | st.integers(1, 40)),
    min_size=0,
    max_size=12,
)


@given(ROWS, st.lists(st.integers(0, 100), min_size=2, max_size=4, unique=True))
def test_flow_is_what_one_counts_by_hand(rows, offsets):
    days = [DAY + timedelta(days=offset) for offset in sorted(offsets)]
    table = flow(made(rows), days)
    for step, (before, after) in enumerate(pairwise(days)):
        expected = np.zeros((OUTSIDE + 1, OUTSIDE + 1), dtype=int)
        for venture in {row[0] for row in rows}:
            pair = naive_stage(rows, venture, before), naive_stage(rows, venture, after)
            if pair != (OUTSIDE, OUTSIDE):
                expected[pair] += 1
        assert (table[step] == expected).all()


@given(ROWS, st.integers(0, 100))
def test_each_venture_is_counted_once_a_day(rows, offset):
    day = DAY + timedelta(days=offset)
    keys, _ = stage_on(made(rows), day)
    assert len(set(keys.tolist())) == len(keys)
    expected = {venture for venture, *_ in rows if naive_stage(rows, venture, day) != OUTSIDE}
    assert set(keys.tolist()) == expected
    assert sum(counts(made(rows), [day])[day].values()) == len(expected)


def test_the_day_a_stay_ends_before_is_not_in_it():
    stays = made([(1, 1, 0, 10)])
    assert counts(stays, [DAY + timedelta(days=9)])[DAY + timedelta(days=9)][ORDER[1]] == 1
    assert counts(stays, [DAY + timedelta(days=10)])[DAY + timedelta(days=10)][ORDER[1]] == 0


def test_an_end_before_its_beginning_is_refused():
    with pytest.raises(ValueError, match="stay 1"):
        made([(1, 1, 0, 10), (2, 1, 5, 0)])


def test_days_must_ascend():
    with pytest.raises(ValueError, match="ascend"):
        flow(made([]), [DAY, DAY])
