"""The curve against worked figures and against plain counting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.chain.survival import curve

# Remission times in weeks of 21 patients on 6-MP (Freireich and others 1963), the textbook example of the estimate.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_published_example():
    made = curve(np.array(WEEKS), np.array(RELAPSED, dtype=bool))
    assert made.days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert made.share == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert made.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert made.median() == 23
    assert made.censored == 12
    assert ((made.low < made.share) & (made.share < made.high)).all()


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_without_censoring_it_is_the_share_still_waiting(durations):
    made = curve(np.array(durations), np.ones(len(durations), dtype=bool))
    for day in range(0, 55, 5):
        assert made.at(day) == pytest.approx(sum(d > day for d in durations) / len(durations))


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=0, max_size=40))
def test_the_curve_falls_and_stays_between_nought_and_one(spells):
    made = curve(np.array([d for d, _ in spells], dtype=np.int64), np.array([e for _, e in spells], dtype=bool))
    shares = made.share.tolist()
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= low <= share <= high <= 1 for low, share, high in zip(made.low, made.share, made.high, strict=True))


def test_nobody_graduated_yet():
    made = curve(np.array([100, 200]), np.array([False, False]))
    assert made.median() is None
    assert made.at(1000) == 1.0


def test_a_spell_of_no_length_is_refused():
    with pytest.raises(ValueError, match="at least a day"):
        curve(np.array([0, 3]), np.array([True, True]))
