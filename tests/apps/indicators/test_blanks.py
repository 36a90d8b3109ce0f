"""A question with the day left blank asks the same as one built for that day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.apps.indicators import definitions
from hatchline.apps.indicators.queries import blanks, reckoning

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(-400, 400))
def test_what_is_reckoned_from_a_blank_is_what_is_reckoned_from_the_day(day, off):
    days = timedelta(days=off)
    blank = blanks.Blank()
    wanted = [day + days, day - days, *blanks.last_year(day + days), *blanks.last_quarters(day)[3]]
    made = [blank + days, blank - days]
    assert blanks.filled(made, day) == tuple(wanted[:2])
    assert blanks.filled([str(each) for each in made], day) == tuple(each.isoformat() for each in wanted[:2])
    assert blanks.filled(blanks.last_year(blank), day) == blanks.last_year(day)
    for left, right in zip(blanks.last_quarters(blank), blanks.last_quarters(day), strict=True):
        assert blanks.filled(left, day) == right


@given(DAYS)
def test_years_and_quarters_that_are_over(day):
    begin, end = blanks.last_year(day)
    assert (begin.month, begin.day, end) == (1, 1, date(begin.year + 1, 1, 1))
    assert end <= day + timedelta(days=1) < date(end.year + 1, 1, 1)
    quarters = blanks.last_quarters(day)
    assert quarters[0][1] <= day + timedelta(days=1)
    assert (day + timedelta(days=1) - quarters[0][1]).days < 92
    assert [later[0] for later in quarters[:-1]] == [earlier[1] for earlier in quarters[1:]]


def test_other_words_are_left_alone():
    assert blanks.filled(["@x", "a@b@c", 3, None, "@nobody@5"], date(2017, 1, 1)) == (
        "@x",
        "a@b@c",
        3,
        None,
        "@nobody@5",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        {"subject": "institution", "recognised": "municipal", "kinds": ["incubator"], "stages": ["incubation"]},
        {"subject": "venture", "who": "tenant"},
        {"subject": "venture", "who": "graduate"},
        {"subject": "venture", "who": "present", "stages": ["park"]},
        {"subject": "venture", "reckon": "share", "measure": "valid_rights"},
        {"subject": "venture", "reckon": "sum", "measure": "revenue", "beside": ["graduates_here", "four_quarters"]},
    ],
)
@pytest.mark.parametrize("day", [date(2017, 7, 18), date(2016, 12, 31), date(2016, 2, 29)])
def test_every_question_is_the_same_with_the_day_filled_in(content, day):
    meaning = definitions.read(content)
    blank = reckoning.asked(meaning, "110105", blanks.Blank())
    built = reckoning.asked(meaning, "110105", day)
    assert set(blank) == set(built)
    for name in built:
        left, right = reckoning.put(blank[name]), reckoning.put(built[name])
        assert (left.sql, blanks.filled(left.params, day)) == (right.sql, tuple(right.params))
