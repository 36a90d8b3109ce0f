"""When a person may be written to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.apps.messages import timing

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def due(moment, mode="at_once", quiet=(None, None), paused=None):
    return timing.next_moment(
        moment, mode=mode, quiet_from=quiet[0], quiet_until=quiet[1], paused_until=paused, zone=ZONE
    )


@pytest.mark.parametrize(
    ("sent", "options", "expected"),
    [
        ("2017-07-18T10:00", {}, "2017-07-18T10:00"),
        ("2017-07-18T23:00", {"quiet": (time(22), time(7))}, "2017-07-19T07:00"),
        ("2017-07-19T02:00", {"quiet": (time(22), time(7))}, "2017-07-19T07:00"),
        ("2017-07-19T07:00", {"quiet": (time(22), time(7))}, "2017-07-19T07:00"),
        ("2017-07-18T12:30", {"quiet": (time(12), time(14))}, "2017-07-18T14:00"),
        ("2017-07-18T21:59", {"quiet": (time(22), time(7))}, "2017-07-18T21:59"),
        ("2017-07-18T10:00", {"paused": date(2017, 8, 1)}, "2017-08-01T08:00"),
        ("2017-08-01T00:10", {"paused": date(2017, 8, 1)}, "2017-08-01T00:10"),
        ("2017-07-18T10:00", {"mode": "daily"}, "2017-07-19T08:00"),
        ("2017-07-18T07:59", {"mode": "daily"}, "2017-07-18T08:00"),
        ("2017-07-18T08:00", {"mode": "daily"}, "2017-07-19T08:00"),
        ("2017-07-18T10:00", {"mode": "weekly"}, "2017-07-24T08:00"),  # a Tuesday → next Monday
        ("2017-07-24T07:00", {"mode": "weekly"}, "2017-07-24T08:00"),
        ("2017-07-18T10:00", {"mode": "daily", "paused": date(2017, 8, 1)}, "2017-08-01T08:00"),
        ("2017-07-18T10:00", {"mode": "none"}, None),
    ],
)
def test_mail_waits_for_its_hour(sent, options, expected):
    assert due(at(sent), **options) == (at(expected) if expected else None)


FIRST = datetime.fromisoformat("2015-01-01T00:00")
MOMENTS = st.datetimes(FIRST, FIRST + timedelta(days=2000), timezones=st.just(ZONE))


@given(
    MOMENTS,
    st.sampled_from(["at_once", "daily", "weekly"]),
    st.times(),
    st.times(),
    st.none() | st.dates(date(2015, 1, 1), date(2020, 1, 1)),
)
def test_mail_never_comes_early_nor_in_quiet_hours_nor_in_a_pause(moment, mode, begins, ends, paused):
    when = due(moment, mode, (begins, ends), paused)
    assert when is not None
    assert when >= moment
    assert paused is None or when.astimezone(ZONE).date() >= paused or when == moment
    assert when <= max(moment, at(f"{paused or moment.date()}T00:00")) + timedelta(days=8)
    if mode == "at_once":
        clock = when.astimezone(ZONE).time()
        assert begins == ends or not (begins <= clock < ends if begins < ends else clock >= begins or clock < ends)


def test_reminders_pause_longer_each_time():
    moment, pauses = at("2017-07-18T10:00"), []
    for count in range(10):
        following = timing.next_reminder(count, since=moment)
        if following is None:
            break
        pauses.append((following - moment).days)
        moment = following
    assert pauses == [2, 4, 8, 16, 32]
