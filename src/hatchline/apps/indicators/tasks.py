"""Work of the outbox."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from hatchline.apps.indicators import actions

EVERY = {"keep": 60}


def keep(*, now: datetime) -> None:
    """Reckon month ends and today where what is kept is not valid any more. Safe to repeat."""
    actions.keep(today=settings.BUSINESS_DATE or timezone.localdate(now), now=now)
