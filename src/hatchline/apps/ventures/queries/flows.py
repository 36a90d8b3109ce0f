"""The ventures behind a figure of the chain: who was where on one day, and where on a later one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from hatchline.apps.ventures.models import Stay, Venture
from hatchline.apps.ventures.queries.days import present, unsure
from hatchline.apps.ventures.queries.pages import going_on
from hatchline.apps.ventures.states import Outcome, StayStatus
from hatchline.core.chain.stages import ORDER, RANK, Stage

DAY = timedelta(days=1)
ANY, OUTSIDE, GRADUATED = "any", "outside", "graduated"
GONE, UNSURE = "gone", "unsure"  # outside: surely, and perhaps not
PLACES = (*(stage.value for stage in ORDER), ANY, OUTSIDE)


@dataclass(frozen=True)
class Part:
    """A part of the chain: the stays in these institutions, of ventures whose class code is one of these keys."""

    institutions: Collection[int] | QuerySet[Any] | None = None
    fields: Collection[int] | QuerySet[Any] | None = None

    def of(self, stays: QuerySet[Stay]) -> QuerySet[Stay]:
        """Those of the stays that are in it."""
        if self.institutions is not None:
            stays = stays.filter(institution__in=self.institutions)
        if self.fields is not None:
            stays = stays.filter(venture__field__in=self.fields)
        return stays


def there(rows: QuerySet[Venture], place: str, day: date, part: Part | None = None) -> QuerySet[Venture]:
    """Those whose latest stage on the day was this one; ``any``: some stage; ``outside``: none;

    ``unsure``: those outside of whom nobody knows whether they still were somewhere, ``gone``: the others outside."""
    of = (part or Part()).of
    here = of(present(None, day))
    if place == ANY:
        return rows.filter(pk__in=here.values("venture"))
    if place == OUTSIDE:
        return rows.exclude(pk__in=here.values("venture"))
    if place in (GONE, UNSURE):
        outside = there(rows, OUTSIDE, day, part)
        perhaps = of(unsure(day).filter(held_from__isnull=False))
        lost = going_on(Venture.objects.filter(pk__in=perhaps.values("venture")), day).values("pk")
        return outside.filter(pk__in=lost) if place == UNSURE else outside.exclude(pk__in=lost)
    later = [stage.value for stage in ORDER[RANK[Stage(place)] + 1 :]]
    found = rows.filter(pk__in=here.filter(stage=place).values("venture"))
    return found.exclude(pk__in=here.filter(stage__in=later).values("venture")) if later else found


def graduated(rows: QuerySet[Venture], since: date, until: date, part: Part | None = None) -> QuerySet[Venture]:
    """Those whose incubation surely ended as graduated after the first day and up to the last."""
    ended = Stay.objects.filter(
        status=StayStatus.CONFIRMED,
        counts=True,
        stage=Stage.INCUBATION.value,
        outcome=Outcome.GRADUATED,
        held_from__isnull=False,
        ended_before__gt=since + DAY,
        ended_before__lte=until + DAY,
    )
    return rows.filter(pk__in=(part or Part()).of(ended).values("venture"))
