"""Adding work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hatchline.apps.outbox.models import Job


def add(task: str, *, now: datetime, due_at: datetime | None = None, once_key: str = "", **arguments: Any) -> Job:
    """Have ``task`` done after this transaction commits. Arguments are keys, never rows or personal values.

    ``once_key``: while a job with the same task and key waits, no second one is added (a rebuild asked for twice).
    """
    if once_key:
        waiting = Job.objects.filter(task=task, once_key=once_key, status=Job.Status.WAITING, attempts=0).first()
        if waiting is not None:
            return waiting
    return Job.objects.create(task=task, arguments=arguments, added_at=now, due_at=due_at or now, once_key=once_key)
