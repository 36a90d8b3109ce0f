"""Adding work, and what an administrator does about work that failed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.outbox import policy, registry
from hatchline.apps.outbox.models import Job
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def add(task: str, *, now: datetime, due_at: datetime | None = None, once_key: str = "", **arguments: Any) -> Job:
    """Have ``task`` done after this transaction commits. Arguments are keys, never rows or personal values.

    ``once_key``: while a job with the same task and key waits for its first attempt, no second one is added (a rebuild
    asked for twice). It is held until this transaction ends: a worker that took it earlier would not see what was
    changed here, and nothing would be left to do it again. A task that does not exist is an UnknownTask here, not a
    failure later.
    """
    registry.find(task)
    made = Job(task=task, arguments=arguments, added_at=now, due_at=due_at or now, once_key=once_key)
    if not once_key:
        made.save()
        return made
    waiting = Job.objects.filter(task=task, once_key=once_key, status=Job.Status.WAITING, attempts=0)
    while True:
        found = waiting.select_for_update().first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                made.save()
            return made
        except IntegrityError:  # somebody else added it in this very moment; a worker may have begun it since
            made.pk = None


@transaction.atomic
def retry(job: Job, *, by: Person | None, now: datetime, role_kind: str = "") -> Job:
    """Give failed work all its attempts again, beginning now."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    require(policy.why_not_retry(job))
    ledger.move(job, "retry", by=by, at=now, role_kind=role_kind, details={"task": job.task, "attempts": job.attempts})
    job.attempts, job.due_at, job.leased_until, job.leased_by, job.once_key = 0, now, None, "", ""
    job.save(update_fields=["attempts", "due_at", "leased_until", "leased_by", "once_key"])
    return job


@transaction.atomic
def drop(job: Job, *, by: Person | None, now: datetime, reason: str, role_kind: str = "") -> Job:
    """Give failed work up. The reason stays in the ledger."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    require(policy.why_not_drop(job, reason=reason))
    ledger.move(job, "drop", by=by, at=now, role_kind=role_kind, details={"task": job.task, "reason": reason.strip()})
    return job
