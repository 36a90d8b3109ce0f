"""Questions about work to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from hatchline.apps.outbox.models import Job


def jobs() -> QuerySet[Job]:
    """All work still kept, newest first; open to whoever may ``outbox.see``."""
    return Job.objects.order_by("-pk")


def failures() -> QuerySet[Job]:
    """What failed for good and waits for an administrator, oldest first."""
    return Job.objects.filter(status=Job.Status.FAILED).order_by("added_at", "pk")


def job(pk: int) -> Job | None:
    """The job of this number, if it is still kept."""
    return Job.objects.filter(pk=pk).first()


def due(now: datetime) -> QuerySet[Job]:
    """What a worker may take now, in order. Work whose lease has passed belongs to it: its worker is gone."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    return Job.objects.filter(free, status=Job.Status.WAITING, due_at__lte=now).order_by("due_at", "pk")


@dataclass(frozen=True)
class Health:
    """How the outbox stands. ``late``: how long the oldest work that is due has been waiting; None: nothing is due."""

    waiting: int
    running: int
    retrying: int
    failed: int
    late: timedelta | None


def health(now: datetime) -> Health:
    """The outbox in five figures, one query."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    waiting = Q(status=Job.Status.WAITING)
    found = Job.objects.aggregate(
        waiting=Count("pk", filter=waiting & free),
        running=Count("pk", filter=waiting & Q(leased_until__gte=now)),
        retrying=Count("pk", filter=waiting & Q(attempts__gt=0) & free),
        failed=Count("pk", filter=Q(status=Job.Status.FAILED)),
        oldest=Min("due_at", filter=waiting & free & Q(due_at__lte=now)),
    )
    oldest = found.pop("oldest")
    return Health(late=now - oldest if oldest else None, **found)
