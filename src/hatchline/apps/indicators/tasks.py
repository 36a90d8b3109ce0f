"""Work of the outbox."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from hatchline.apps.indicators import actions

EVERY = {"keep": 60}


def keep(*, now: datetime) -> None:
    """Reckon month ends and today where what is kept is not valid any more, or none is kept. Safe to repeat."""
    actions.keep(today=_today(now), now=now)
    keep_missing(now=now)


def keep_missing(*, now: datetime) -> None:
    """Reckon month ends that nobody kept yet; other work may come in between. Safe to repeat."""
    if actions.keep(today=_today(now), now=now, missing=True):
        actions.have_kept(now=now)


def _today(now: datetime) -> date:
    return settings.BUSINESS_DATE or timezone.localdate(now)
