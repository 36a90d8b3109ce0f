"""Business time: the clock of whatever has a day that rules compare with others."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def business_moment(now: datetime, today: date | None) -> datetime:
    """``now``, or the same hour of ``today`` where the district's day is set back; ``now`` where no day is known."""
    local = now.astimezone(timezone.get_current_timezone())
    return now if today is None or local.date() <= today else datetime.combine(today, local.timetz())
