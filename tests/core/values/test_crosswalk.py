"""The way from one edition to the next."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.values.crosswalk import Step, crosswalk
from hatchline.reference import loading

CODES = st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from(["稻谷", "小麦", "玉米", "棉花"]))


def test_each_fate():
    older = {"1": "稻谷", "2": "小麦", "3": "玉米", "5": "棉花"}
    newer = {"1": "稻谷", "2": "玉米", "4": "小麦"}
    assert crosswalk(older, newer) == {
        "1": Step("same", "1", "稻谷"),
        "2": Step("renamed", "2", "玉米", ("4",)),
        "3": Step("gone", None, None, ("2",)),
        "4": Step("new", "4", "小麦"),
        "5": Step("gone", None, None, ()),
    }


@given(CODES, CODES)
def test_every_code_has_one_fate_and_nothing_is_invented(older, newer):
    steps = crosswalk(older, newer)
    assert steps.keys() == older.keys() | newer.keys()
    for code, step in steps.items():
        assert (step.status == "same") == (code in older and code in newer and older[code] == newer[code])
        assert (step.code is None) == (code not in newer)
        assert all(newer[each] == older[code] for each in step.moved_to)


def test_the_industrial_classification_of_2011_and_2017():
    editions = {
        each.code: {row["code"]: row["name"] for row in loading.rows(each.filename)} for each in loading.EDITIONS
    }
    steps = crosswalk(editions["gbt4754-2011"], editions["gbt4754-2017"])
    assert Counter(step.status for step in steps.values()) == {"same": 976, "renamed": 260, "gone": 188, "new": 735}
    # 0511 kept its number and changed its meaning: this is why a renamed code is not carried over
    assert steps["A0511"] == Step("renamed", "A0511", "种子种苗培育活动", ())
    assert (editions["gbt4754-2011"]["A0511"], editions["gbt4754-2017"]["A0512"]) == ("农业机械服务", "农业机械活动")
