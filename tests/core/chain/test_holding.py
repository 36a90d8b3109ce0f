"""What is sure of imprecise dates lies inside what is possible, and exact dates leave nothing open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.chain.holding import EndState, Span, perhaps, surely
from hatchline.core.values.dates import PartialDate

UNKNOWN = PartialDate.unknown()
CODES = st.sampled_from(["2013", "2013-Q2", "2013-05", "2013-05-07", "2014-H1", "2014-02", "2014-02-28", "2015", ""])


def dated(code: str) -> PartialDate:
    return PartialDate.of(code) if code else UNKNOWN


@pytest.mark.parametrize(
    ("starts", "ended", "state", "evidence", "since", "until"),
    [
        ("2014-01-01", "2015-01-01", "known", None, date(2014, 1, 1), date(2015, 1, 1)),
        ("2014", "2015-06", "known", None, date(2014, 12, 31), date(2015, 6, 1)),
        ("2014-03", "", "open", None, date(2014, 3, 31), None),
        ("2014-03-05", "", "unknown", None, date(2014, 3, 5), date(2014, 3, 6)),
        ("2014-03-05", "", "unknown", date(2016, 1, 1), date(2014, 3, 5), date(2016, 1, 2)),
        ("", "", "open", date(2016, 1, 1), date(2016, 1, 1), None),
    ],
)
def test_what_is_sure(starts, ended, state, evidence, since, until):
    assert surely(dated(starts), dated(ended), EndState(state), evidence) == Span(since, until)


@pytest.mark.parametrize(
    ("starts", "ended", "state"), [("2014", "2014", "known"), ("2014", "", "unknown"), ("", "2015", "known")]
)
def test_sometimes_no_day_is_sure(starts, ended, state):
    assert surely(dated(starts), dated(ended), EndState(state), None) is None


@given(CODES, CODES, st.sampled_from(EndState), st.none() | st.dates(date(2013, 1, 1), date(2016, 1, 1)))
def test_the_sure_days_are_possible_days(starts, ended, state, evidence):
    begins, ends = dated(starts), dated(ended)
    if ends.is_surely_before(begins) or (evidence and begins.earliest and evidence < begins.earliest):
        return
    sure, maybe = surely(begins, ends, state, evidence), perhaps(begins, ends, state, evidence)
    if sure is None:
        return
    assert sure.until is None or sure.since < sure.until
    assert maybe.since is None or maybe.since <= sure.since
    assert maybe.until is None or (sure.until is not None and sure.until <= maybe.until)


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_spans_touch_when_they_share_a_day(first, length, second, other):
    day = date(2014, 1, 1)
    one = Span(day + timedelta(first), day + timedelta(first + length))
    two = Span(day + timedelta(second), day + timedelta(second + other))
    shared = set(range(first, first + length)) & set(range(second, second + other))
    assert one.touches(two) == two.touches(one) == bool(shared)
