"""Open on a day: surely, perhaps, or surely not. The queries and the reckoning in Python agree on everything."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hatchline.apps.institutions import queries
from hatchline.apps.institutions.models import Institution

pytestmark = pytest.mark.django_db
START = date(2015, 1, 1)
DAYS = st.integers(0, 12).map(lambda number: START + timedelta(days=number))


@st.composite
def spans(draw):
    """First possible day and first impossible one, or nothing."""
    if draw(st.booleans()):
        return None, None
    first = draw(DAYS)
    return first, first + timedelta(days=draw(st.integers(1, 5)))


@st.composite
def rows(draw):
    opened_on, opened_before = draw(spans())
    status = draw(st.sampled_from(["planned", "open", "closed"]))
    closed_on, closed_before = draw(spans()) if status == "closed" else (None, None)
    if closed_before is not None and opened_on is not None and closed_before <= opened_on:
        closed_on = closed_before = None
    return {
        "status": status,
        "opened_on": opened_on,
        "opened_before": opened_before,
        "closed_on": closed_on,
        "closed_before": closed_before,
        "seen_open_on": draw(st.none() | DAYS),
    }


def possible(row, day):
    """Every history that the row allows, tried one by one: is it open on the day in all, some or none of them?

    One that closed on the day it opened was open on no day.
    """
    far = START + timedelta(days=60)
    long_ago = START - timedelta(days=60)
    openings = range((row["opened_before"] - row["opened_on"]).days) if row["opened_on"] else None
    starts = (
        [row["opened_on"] + timedelta(days=number) for number in openings]
        if openings is not None
        else [long_ago + timedelta(days=number) for number in range(120)]
    )
    if row["status"] == "open":
        ends = [far]
    elif row["closed_on"]:
        ends = [row["closed_on"] + timedelta(days=n) for n in range((row["closed_before"] - row["closed_on"]).days)]
    else:
        ends = [long_ago + timedelta(days=number) for number in range(121)]
    return {start <= day < end for start in starts for end in ends if start <= end}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows(), min_size=1, max_size=8), DAYS)
def test_queries_agree_with_the_reckoning_and_with_trying_all_histories(made, day):
    Institution.objects.all().delete()
    now = timezone.now()
    pks = [
        Institution.objects.create(name="x", name_key="x", registered_at=now, amended_at=now, **row).pk for row in made
    ]
    sure = set(queries.open_on(day).values_list("pk", flat=True))
    maybe = set(queries.undecided_on(day).values_list("pk", flat=True))
    assert not sure & maybe
    for pk, row in zip(pks, made, strict=True):
        span = queries.Span(**row)
        assert span.surely_on(day) == (pk in sure), row
        assert span.maybe_on(day) == (pk in maybe), row
        if row["status"] == "planned":
            assert pk not in sure | maybe
        elif row["seen_open_on"] is None:  # without a sighting the bounds alone decide
            answers = possible(row, day)
            if pk in sure:
                assert False not in answers
            elif pk not in maybe:
                assert True not in answers
            elif answers:
                assert len(answers) == 2, row


def test_a_list_of_an_earlier_year_shows_that_it_was_open():
    now = timezone.now()
    Institution.objects.create(
        name="无开办日期", name_key="x", registered_at=now, amended_at=now, seen_open_on=date(2016, 12, 31)
    )
    assert queries.open_on(date(2017, 7, 18)).count() == 1
    assert queries.open_on(date(2016, 6, 30)).count() == 0
    assert queries.undecided_on(date(2016, 6, 30)).count() == 1
