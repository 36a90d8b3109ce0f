"""Gaps in words: what is counted goes in whole units, and "more than" is not "at least"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from hatchline.apps.indicators.queries import Reading
from hatchline.core.outlook import Outlook
from hatchline.core.outlook.drift import Ahead
from hatchline.sites import standings

DAY, DUE = date(2017, 7, 18), date(2017, 12, 31)


def reading(operator: str, goal: str, value: str, *, reckon: str = "count", ahead: float | None = None) -> Any:
    target = SimpleNamespace(
        operator=operator,
        value=Decimal(goal),
        due_on=DUE,
        code="graduates",
        measure=SimpleNamespace(name="累计毕业企业", name_en=""),
    )
    number, end = Decimal(value), ahead and Ahead(DUE, ahead, ahead, ahead)
    return Reading(
        target=target,
        as_of=DAY,
        value=number,
        at_least=number,
        at_most=number,
        unit="家" if reckon == "count" else "元",
        coverage=None,
        missing=(),
        series=(),
        verdict="not_met",
        definition=None,
        meaning=SimpleNamespace(reckon=reckon, subject="venture"),
        outlook=Outlook((end,), 12, DAY) if end else None,
    )


@pytest.mark.parametrize(
    ("operator", "goal", "value", "said"),
    [
        (">", "800", "762", "还差 39 家"),
        (">", "1500", "1384", "还差 117 家"),
        (">=", "800", "762", "还差 38 家"),
        (">", "800", "800", "还差 1 家"),
        ("<", "10", "12", "还差 3 家"),
        ("<=", "10", "12", "还差 2 家"),
    ],
)
def test_the_gap_of_a_count_is_to_the_next_whole_unit_that_holds(operator, goal, value, said):
    assert standings.standing(reading(operator, goal, value)).verdict == said


def test_so_is_the_gap_that_is_expected_on_the_day():
    found = standings.standing(reading(">", "800", "762", ahead=790.4))
    assert (found.verdict, found.note) == ("到期预计仍差 11 家", "现差 39 家")
    assert standings.short_by(found) == "11 家"


def test_all_that_are_expected_short_are_named_and_what_is_undecided_says_so():
    rows = [reading(">", goal, "762", ahead=790.4) for goal in ("800", "1000", "770")]
    found = standings.falling_short([standings.standing(each) for each in rows])
    assert [each.reading.target.value for each in found] == [1000, 800]
    undecided = standings.standing(replace(rows[0], verdict="unknown"))
    assert (undecided.verdict, undecided.note) == ("到期预计仍差 11 家", "还不能断定；现差 39 家")


def test_the_gap_of_a_sum_is_the_plain_difference():
    found = standings.standing(reading(">", "20000000000", "17400000000", reckon="sum"))
    assert found.verdict == "还差 26 亿元"
