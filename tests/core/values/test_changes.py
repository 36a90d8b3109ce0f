"""What differs, and what only looks different."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hatchline.core.values.changes import differing, is_empty, same
from hatchline.core.values.dates import PartialDate, parse


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (parse("2014年6月"), parse("2014-06"), True),
        (parse("2014年6月"), parse("2014"), False),
        (PartialDate.unknown("不详"), None, False),
        (PartialDate.unknown(""), None, True),
        (PartialDate.unknown("不详"), PartialDate.unknown("待定"), False),
        (("a", "b"), ["b", "a"], True),
        (("a",), ("a", "b"), False),
        ("", None, True),
        ((), None, True),
        (Decimal("1.0"), Decimal("1.00"), True),
        (0, None, False),
        ("a", "a ", False),
    ],
)
def test_same(one, other, answer):
    assert same(one, other) is answer
    assert same(other, one) is answer


def test_zero_is_something_and_blank_is_nothing():
    assert not is_empty(0)
    assert not is_empty(PartialDate.unknown("不详"))
    assert all(is_empty(nothing) for nothing in (None, "", (), [], PartialDate.unknown("")))


def test_only_what_differs_is_wanted():
    assert differing({"a": 1, "b": ""}, {"a": 1, "b": None, "c": 3}) == {"c": 3}
