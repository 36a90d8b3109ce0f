"""What ventures do in institutions: who is there, who was, how many of them graduated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hatchline.apps.ventures.models import Stay, Venture
from hatchline.apps.ventures.queries import days
from hatchline.apps.ventures.states import Outcome, StayStatus
from hatchline.core.chain.stages import RANK, Stage

DAY = timedelta(days=1)


def names_of(pks: Collection[int]) -> dict[int, str]:
    """The names of these ventures, merged ones too. One query."""
    return dict(Venture.objects.filter(pk__in=pks).values_list("pk", "name"))


def stays_at(institution: int, as_of: date | None = None) -> QuerySet[Stay]:
    """The stays in an institution that were not withdrawn, with their ventures; of those begun by a day, or all."""
    rows = Stay.objects.filter(institution=institution).exclude(status=StayStatus.WITHDRAWN).select_related("venture")
    rows = rows if as_of is None else rows.filter(Q(starts_on=None) | Q(starts_on__lte=as_of))
    return rows.order_by("-starts_on", "-pk")


def _tenancies(as_of: date) -> QuerySet[Stay]:
    registered = Q(venture__incorporated_before__lte=as_of + DAY)
    return days.present(Stage.INCUBATION.value, as_of).filter(registered)


def _graduations(as_of: date) -> QuerySet[Stay]:
    return Stay.objects.filter(
        status=StayStatus.CONFIRMED,
        counts=True,
        stage=Stage.INCUBATION.value,
        outcome=Outcome.GRADUATED,
        ended_before__lte=as_of + DAY,
    )


def tenants_at(institutions: Collection[int], as_of: date) -> dict[int, int]:
    """Tenants by record in each institution on a day, each venture once; without any, it is left out. One query."""
    return _counted(_tenancies(as_of).filter(institution__in=institutions))


def graduates_at(institutions: Collection[int], as_of: date) -> dict[int, int]:
    """Graduates by record of each institution up to a day. One query."""
    return _counted(_graduations(as_of).filter(institution__in=institutions))


def recorded_at(institutions: Collection[int]) -> set[int]:
    """Those of the institutions of which a stay is on record: of the others nothing is known, not that nobody is there.
    One query."""
    return set(Stay.objects.filter(institution__in=institutions).values_list("institution", flat=True).distinct())


def _counted(rows: QuerySet[Stay]) -> dict[int, int]:
    counted = rows.order_by().values_list("institution").annotate(number=Count("venture", distinct=True))
    return dict(counted)


def number_of_tenants(as_of: date) -> Coalesce:
    """An annotation of institutions: their tenants on a day, to put a list in order."""
    return _number(_tenancies(as_of))


def number_of_graduates(as_of: date) -> Coalesce:
    """An annotation of institutions: their graduates up to a day."""
    return _number(_graduations(as_of))


def _number(rows: QuerySet[Stay]) -> Coalesce:
    its = rows.order_by().filter(institution=OuterRef("pk")).values("institution")
    return Coalesce(Subquery(its.annotate(number=Count("venture", distinct=True)).values("number")), 0)


@dataclass(frozen=True)
class Level:
    """How an institution stood at the end of a day: ventures surely there, each once at the latest stage it had reached
    there, and graduates up to then."""

    day: date
    present: dict[str, int]
    graduates: int


def over_time(institution: int, at: Sequence[date]) -> list[Level]:
    """How many ventures were in an institution on each of some days, by stage. One query."""
    rows = Stay.objects.filter(institution=institution, status=StayStatus.CONFIRMED, counts=True).values_list(
        "venture", "stage", "held_from", "held_until", "outcome", "ended_before"
    )
    stays = list(rows)
    found = []
    for day in at:
        there: dict[int, Stage] = {}
        graduated = set()
        for venture, stage, since, until, outcome, ended_before in stays:
            if since is not None and since <= day and (until is None or until > day):
                there[venture] = max(there.get(venture, Stage.NURSERY), Stage(stage), key=RANK.__getitem__)
            if (
                stage == Stage.INCUBATION.value
                and outcome == Outcome.GRADUATED
                and ended_before is not None
                and ended_before <= day + DAY
            ):
                graduated.add(venture)
        at_stage = Counter(there.values())
        found.append(Level(day, {stage.value: at_stage[stage] for stage in Stage}, len(graduated)))
    return found
