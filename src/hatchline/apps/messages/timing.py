"""When a person may be written to: quiet hours, pauses, digests, reminders. Functions of their arguments alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DIGEST_AT = time(8, 0)
MONDAY = 0
REMIND_AFTER = (2, 4, 8, 16, 32)  # days since the one before


def after_pause(moment: datetime, *, paused_until: date | None, zone: ZoneInfo) -> datetime:
    """The moment itself, or the first of the day on which the pause is over (08:00)."""
    if paused_until is None or moment.astimezone(zone).date() >= paused_until:
        return moment
    return datetime.combine(paused_until, DIGEST_AT, tzinfo=zone)


def after_quiet_hours(
    moment: datetime, *, quiet_from: time | None, quiet_until: time | None, zone: ZoneInfo
) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into. They may go over midnight; equal ends: none."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return moment
    local = moment.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    if quiet_from < quiet_until:
        return datetime.combine(local.date(), quiet_until, tzinfo=zone) if quiet_from <= clock < quiet_until else moment
    if clock >= quiet_from:
        return datetime.combine(local.date() + timedelta(days=1), quiet_until, tzinfo=zone)
    return datetime.combine(local.date(), quiet_until, tzinfo=zone) if clock < quiet_until else moment


def next_digest(moment: datetime, *, weekly: bool, zone: ZoneInfo) -> datetime:
    """The next 08:00 after the moment; on a Monday when weekly."""
    local = moment.astimezone(zone)
    day = local.date()
    if local.time().replace(tzinfo=None) >= DIGEST_AT:
        day += timedelta(days=1)
    if weekly:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return datetime.combine(day, DIGEST_AT, tzinfo=zone)


def next_moment(
    moment: datetime,
    *,
    mode: str,
    quiet_from: time | None,
    quiet_until: time | None,
    paused_until: date | None,
    zone: ZoneInfo,
) -> datetime | None:
    """When a message sent at this moment may be mailed; None: never. Digests come at their hour, quiet or not."""
    if mode == "none":
        return None
    free = after_pause(moment, paused_until=paused_until, zone=zone)
    if mode == "at_once":
        return after_quiet_hours(free, quiet_from=quiet_from, quiet_until=quiet_until, zone=zone)
    eve = free - timedelta(microseconds=1) if free != moment else free  # the first morning after a pause has its digest
    return next_digest(eve, weekly=mode == "weekly", zone=zone)


def next_reminder(reminders: int, *, since: datetime) -> datetime | None:
    """When to remember what still needs an answer, after so many reminders; None: no more."""
    return since + timedelta(days=REMIND_AFTER[reminders]) if reminders < len(REMIND_AFTER) else None
