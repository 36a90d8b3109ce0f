"""The outlook, tried on published series: told only what came before, it must have held the year that followed."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.outlook import FEWEST, Outlook, TooLittle, outlook
from tests.realdata import real

END = date(2017, 12, 31)


def years(**values: float) -> list[tuple[date, float]]:
    return [(date(int(year[1:]), 12, 31), value) for year, value in values.items()]


def published(region: str, metric: str) -> list[tuple[date, float]]:
    with real("cn_torch_statistics_facts.csv").open(encoding="utf-8-sig") as handle:
        rows = [row for row in csv.DictReader(handle) if (row["region"], row["metric"]) == (region, metric)]
    found = {int(row["year"]): float(row["value"]) for row in rows if row["year"].isdigit()}
    return [(date(year, 12, 31), value) for year, value in sorted(found.items())]


def test_the_last_published_number_of_national_incubators_was_within_its_band():
    known = published("全国", "国家级孵化器")
    assert len(known) == 5 and known[-1] == (date(2023, 12, 31), 1606.0)
    found = outlook(known[:-1], known[-1][0])
    assert isinstance(found, Outlook)
    assert found.end.low <= known[-1][1] <= found.end.high
    assert abs(found.end.value - known[-1][1]) / known[-1][1] < 0.1


@pytest.mark.parametrize("metric", ["孵化器数", "累计毕业企业", "在孵企业"])
def test_of_series_too_short_to_judge_nothing_is_said(metric):
    known = published("全国", metric)
    assert 1 < len(known) < FEWEST
    assert outlook(known[:-1], known[-1][0]) == TooLittle("few", len(known) - 1)


def test_looking_farther_ahead_than_back_is_refused():
    known = [(date(2017, month, 1), float(month)) for month in range(1, 6)]
    assert outlook(known, date(2017, 12, 31)) == TooLittle("short", 5)
    assert outlook(known, date(2017, 5, 1)) == TooLittle("past", 5)


def test_a_straight_path_goes_on_straight():
    known = [(date(2015, 1, 1) + timedelta(days=30 * step), 100.0 + 30 * step) for step in range(30)]
    found = outlook(known, known[-1][0] + timedelta(days=90), counts=False)
    assert isinstance(found, Outlook)
    assert found.end.value == pytest.approx(known[-1][1] + 90)
    assert found.end.low == pytest.approx(found.end.high)
    assert found.reaches(known[-1][1] + 45) == next(each.day for each in found.path if each.value >= known[-1][1] + 45)
    assert found.reaches(1e9) is None


def test_a_count_that_never_moved_is_not_certain_to_stay():
    found = outlook([(date(2014, 12, 31) + timedelta(days=90 * step), 27.0) for step in range(8)], END)
    assert isinstance(found, Outlook)
    assert (found.end.value, found.end.low < 27 < found.end.high) == (27, True)


def test_bounds_are_kept():
    falling = [(date(2016, month, 28), 24.0 - 2 * month) for month in range(1, 12)]
    assert outlook(falling, date(2017, 9, 1)).end.low == 0  # type: ignore[union-attr]
    shares = [(date(2016, month, 28), 80.0 + month + (month % 3)) for month in range(1, 12)]
    assert outlook(shares, date(2017, 9, 1), most=100.0, counts=False).end.high == 100  # type: ignore[union-attr]
    total = [(date(2016, month, 28), float(40 + (month > 6))) for month in range(1, 12)]
    assert outlook(total, date(2017, 9, 1), never_falls=True).end.low == 41  # type: ignore[union-attr]


def test_days_must_ascend():
    with pytest.raises(ValueError, match="ascend"):
        outlook(years(y2016=1, y2015=2), END)


def test_the_band_holds_about_four_of_five():
    """Random walks of known scatter: the band is neither a boast nor an excuse."""
    chance = random.Random(20170718)
    held = 0
    for _run in range(1000):
        value, walk = 500.0, []
        for step in range(31):
            walk.append((date(2015, 1, 1) + timedelta(days=30 * step), value))
            value += chance.gauss(10, 8)
        found = outlook(walk[:25], walk[30][0], counts=False)
        assert isinstance(found, Outlook)
        held += found.end.low <= walk[30][1] <= found.end.high
    assert 760 <= held <= 840


@given(st.lists(st.floats(0, 1e12), min_size=0, max_size=40), st.integers(1, 2000))
def test_whatever_the_values_the_band_holds_its_middle_and_widens(values, ahead):
    known = [(date(2010, 1, 31) + timedelta(days=31 * step), value) for step, value in enumerate(values)]
    until = (known[-1][0] if known else date(2017, 1, 1)) + timedelta(days=ahead)
    found = outlook(known, until)
    if isinstance(found, TooLittle):
        assert found.values == len(known)
        return
    assert found.path[-1].day == until
    assert all(each.low <= each.value <= each.high for each in found.path)
    assert [each.day for each in found.path] == sorted({each.day for each in found.path})
