"""What the worker does for the outbox itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from hatchline.apps.outbox.models import Job

KEEP_DONE = timedelta(days=30)
EVERY = {"forget_done": 3600}  # seconds


def forget_done(*, now: datetime) -> None:
    """Delete work that was done a month ago; what failed stays until somebody has looked at it."""
    Job.objects.filter(status=Job.Status.DONE, done_at__lt=now - KEEP_DONE).delete()
