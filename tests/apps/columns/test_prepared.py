"""Questions composed once: the same rows as Django's own, with other values, too; what cannot be one is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from hatchline.apps.columns import days, prepared
from hatchline.apps.observations.models import Observation, Period, Recording

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def periods() -> list[int]:
    made = [Period(starts_on=dt.date(year, 1, 1), ends_before=dt.date(year + 1, 1, 1)) for year in (2014, 2015, 2016)]
    return [each.pk for each in Period.objects.bulk_create(made)]


def over(as_of, keys):
    rows = Period.objects.filter(ends_before__lte=as_of + DAY).order_by("starts_on")
    rows = rows if keys is None else rows.filter(pk__among=keys)
    return rows.values_list("pk", "starts_on", days.text("ends_before"))


def recorded(since, source):
    return Recording.objects.filter(recorded_at__gte=since, source=source).values_list("recorded_at", "source")


def fractions_of(key):
    return Period.objects.filter(pk=key // 2).values_list("pk")


def other_for_the_great(key):
    rows = Period.objects.filter(pk=key)
    return (rows.filter(starts_on=None) if key % 2 else rows).values_list("pk")


def test_other_values_and_other_numbers_of_keys_are_the_same_question(periods):
    for as_of in (dt.date(2015, 12, 30), dt.date(2015, 12, 31), dt.date(2030, 1, 1)):
        for keys in ([], periods[:1], set(periods), dict.fromkeys(periods), None):
            wanted = None if keys is None else list(keys)
            plain = Period.objects.filter(ends_before__lte=as_of + DAY).order_by("starts_on")
            plain = plain if wanted is None else plain.filter(pk__in=wanted)
            expected = [(each.pk, each.starts_on, each.ends_before.isoformat()) for each in plain]
            with CaptureQueriesContext(connection) as asked:
                assert prepared.rows(over, as_of, keys) == expected
            assert len(asked) == 1
    assert prepared.rows(over, dt.date(2015, 12, 31), periods)[-1][0] == periods[1]  # over on its own last day


def test_moments_and_words_are_values_too():
    now = dt.datetime(2017, 7, 18, 1, 2, 3, tzinfo=dt.UTC)
    Recording.objects.create(source="名册 100%", recorded_at=now)
    assert prepared.rows(recorded, now, "名册 100%") == [(now, "名册 100%")]
    assert prepared.rows(recorded, now + dt.timedelta(seconds=1), "名册 100%") == []
    assert prepared.rows(recorded, now, "名册") == []


@pytest.mark.parametrize("compose", [fractions_of, other_for_the_great])
def test_what_reckons_from_its_values_is_refused(compose):
    with pytest.raises(ValueError, match=compose.__name__):
        prepared.rows(compose, 4)


def test_keys_may_stand_on_a_link_and_in_a_condition(periods):
    rows = Observation.objects.filter(~Q(measure__among=[]), Q(period__among=periods) | Q(measure__code__in=["a"]))
    assert list(rows.values_list("pk")) == []
    assert Period.objects.filter(~Q(pk__among=periods[:1]), pk__among=periods).count() == 2
