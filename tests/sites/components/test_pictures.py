"""Where lines go: inside the picture, in order, and never invented for what is not known."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.sites.components import pictures

numbers = st.floats(min_value=-1e9, max_value=1e12, allow_nan=False)


@given(st.lists(numbers, min_size=1, max_size=30), st.none() | numbers, st.none() | numbers)
def test_a_path_stays_inside_its_picture(values: list[float], ahead: float | None, target: float | None) -> None:
    line = pictures.sparkline(
        list(enumerate(values)), forecast=[(len(values), ahead)] if ahead is not None else [], target=target
    )
    for x, y in re.findall(r"[ML]([\d.e+-]+) ([\d.e+-]+)", line.actual + line.forecast + line.target):
        assert 0 <= float(x) <= line.width
        assert 0 <= float(y) <= line.height


def test_the_gap_is_drawn_only_when_there_is_one() -> None:
    points = [(0, 10), (1, 12)]
    assert pictures.sparkline(points, forecast=[(2, 13)], target=20).gap is not None
    assert pictures.sparkline(points, forecast=[(2, 23)], target=20).gap is None
    assert pictures.sparkline(points, target=20).gap is None


def test_nothing_known_draws_nothing() -> None:
    line = pictures.sparkline([])
    assert (line.actual, line.target, line.last) == ("", "", None)


@given(st.none() | st.floats(0, 1e9), st.floats(0.001, 1e9), st.booleans())
def test_a_bar_never_leaves_its_track(value: float | None, threshold: float, at_most: bool) -> None:
    bar = pictures.threshold_bar(value, threshold, at_most=at_most)
    assert 0 <= bar.solid <= 100
    assert 0 <= bar.tick <= 100
    if bar.missing:
        assert bar.missing[0] + bar.missing[1] <= 100.01


def test_the_missing_part_lies_between_value_and_threshold() -> None:
    bar = pictures.threshold_bar(71.3, 75, maximum=100)
    assert (bar.solid, bar.tick, bar.missing) == (71.3, 75, (71.3, 3.7))
    assert pictures.threshold_bar(80, 75, maximum=100).missing is None
    assert pictures.threshold_bar(80, 75, at_most=True, maximum=100).missing == (75, 5)


def test_what_is_unknown_is_possible_and_not_missing() -> None:
    bar = pictures.threshold_bar(2, 3, possible=4, maximum=5)
    assert bar.missing is None
    assert bar.possible == (40, 40)
    assert pictures.threshold_bar(None, 3).solid == 0


def test_stays_that_follow_each_other_share_a_row_and_overlapping_ones_do_not() -> None:
    day = dt.date
    items = [
        {"start": day(2014, 1, 1), "end": day(2016, 1, 1), "label": "甲"},
        {"start": day(2016, 1, 1), "end": None, "label": "乙"},
        {"start": day(2015, 1, 1), "end": day(2015, 6, 1), "label": "丙"},
    ]
    lane = {"title": "在园", "shape": "stays", "items": items}
    line = pictures.timeline(day(2014, 1, 1), day(2018, 1, 1), [lane], today=day(2017, 1, 1))
    rows = {mark.label: mark.row for mark in line.lanes[0].marks}
    assert rows["甲"] == rows["乙"] != rows["丙"]
    assert line.today == pytest.approx(75, abs=0.1)


def test_labels_near_the_end_flip_left() -> None:
    item = {"start": dt.date(2017, 12, 20), "label": "科技型中小企业", "note": "有效至 2019-12"}
    line = pictures.timeline(dt.date(2014, 1, 1), dt.date(2018, 1, 1), [{"title": "证书", "items": [item]}])
    assert line.lanes[0].marks[0].flip


def test_a_bar_that_is_not_known_has_no_height_and_says_so() -> None:
    drawn = pictures.bars([("14", None), ("15", 0), ("16", 8)])["bars"]
    assert [bar.height for bar in drawn] == [0, 0, 56]
    assert drawn[0].value is None and drawn[1].value == 0


def test_tiles_keep_nothing_and_not_known_apart() -> None:
    rows = [{"code": str(n), "name": f"街道{n}", "short": f"{n}", "column": str(n), "row": "0"} for n in range(4)]
    map_ = pictures.tiles(rows, {"0": 0, "1": 5, "2": 90}, steps=[20, 40, 80], selected=["2"])
    assert [(tile.step, tile.value) for tile in map_["tiles"]] == [(0, 0), (1, 5), (4, 90), (0, None)]
    assert [tile.selected for tile in map_["tiles"]] == [False, False, True, False]
    assert map_["width"] == 156


def test_a_district_without_tiles_has_an_empty_map() -> None:
    assert pictures.tiles([], {})["tiles"] == []


def test_no_label_stands_on_the_line_of_today() -> None:
    items = [
        {"start": dt.date(2017, 6, 1), "label": "发明专利", "note": "授权"},
        {"start": dt.date(2014, 1, 2), "label": "成立"},
    ]
    line = pictures.timeline(
        dt.date(2014, 1, 1), dt.date(2019, 1, 1), [{"title": "知识产权", "items": items}], today=dt.date(2017, 7, 18)
    )
    assert {mark.label: mark.flip for mark in line.lanes[0].marks} == {"发明专利": True, "成立": False}


def test_steps_of_blue_take_about_as_many_tiles_each() -> None:
    assert pictures.even_steps([None, 0, 1, 2, 6]) == [2, 3, 4]
    values = [5, 7, 9, 12, 14, 18, 25, 230]
    second, third, fourth = pictures.even_steps(values)
    assert [sum(value >= bound for value in values) for bound in (second, third, fourth)] == [6, 4, 2]
    assert pictures.even_steps([9, 9, 9, 9]) == [9, 10, 11]
