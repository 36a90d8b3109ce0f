"""Who was where on a day. What is asked is what surely held; ``perhaps_…`` tells what imprecise dates leave open."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from hatchline.apps.ventures.models import Right, Stay, Venture
from hatchline.apps.ventures.states import EndState, Outcome, Status, StayStatus
from hatchline.core.chain.stages import RANK, Stage

DAY = timedelta(days=1)


def _confirmed(stage: str | None) -> QuerySet[Stay]:
    rows = Stay.objects.filter(status=StayStatus.CONFIRMED, counts=True)
    return rows if stage is None else rows.filter(stage=stage)


def _surely_on(as_of: date) -> Q:
    return Q(held_from__lte=as_of) & (Q(held_until=None) | Q(held_until__gt=as_of))


def present(stage: str | None, as_of: date) -> QuerySet[Stay]:
    """Confirmed, counting stays that surely held on the day, at one stage or at any."""
    return _confirmed(stage).filter(_surely_on(as_of))


def perhaps_present(stage: str | None, as_of: date) -> QuerySet[Stay]:
    """Confirmed, counting stays of which the dates leave open whether they held on the day.

    A stay whose end is unknown is among them from the day after its last evidence.
    """
    not_before = Q(starts_on__lte=as_of) | Q(starts_on=None)
    not_over = ~Q(end_state=EndState.KNOWN) | Q(ended_before=None) | Q(ended_before__gt=as_of + DAY)
    # spelt out: a comparison with an empty column is neither true nor false, and its negation would lose the row
    unsure = Q(held_from=None) | Q(held_from__gt=as_of) | Q(held_until__lte=as_of)
    return _confirmed(stage).filter(not_before & not_over & unsure)


def unsure(as_of: date) -> QuerySet[Stay]:
    """Confirmed, counting stays of which nobody knows whether they held on the day.

    An end nobody knows is unknown no longer once the venture surely began somewhere else by the day, and surely after
    it was last seen here, or after the last day on which it can have begun here: it had left.
    """
    begun = _confirmed(None).filter(venture=OuterRef("venture"), starts_before__lte=as_of + DAY)
    since_seen = Exists(begun.filter(starts_on__gt=OuterRef("evidence_on")))
    since_begun = Q(evidence_on=None) & Exists(begun.filter(starts_on__gte=OuterRef("starts_before")))
    return perhaps_present(None, as_of).exclude(Q(end_state=EndState.UNKNOWN) & (since_seen | since_begun))


def stage_on(day: date, pks: list[int] | None = None) -> dict[int, str]:
    """The latest stage at which each venture surely was on the day; absent: outside the chain. One query."""
    rows = present(None, day)
    if pks is not None:
        rows = rows.filter(venture__in=pks)
    found: dict[int, str] = {}
    for venture, stage in rows.values_list("venture", "stage"):
        if venture not in found or RANK[Stage(stage)] > RANK[Stage(found[venture])]:
            found[venture] = stage
    return found


def _registered_by(as_of: date) -> Q:
    return Q(incorporated_before__lte=as_of + DAY)


def tenants(as_of: date) -> QuerySet[Venture]:
    """Tenants by record 在孵企业: registered ventures in a confirmed, counting incubation stay. Each once."""
    here = present(Stage.INCUBATION.value, as_of).values("venture")
    return Venture.objects.filter(_registered_by(as_of), pk__in=here)


def perhaps_tenants(as_of: date) -> QuerySet[Venture]:
    """Ventures that may be tenants: the stay or the registration is not known well enough."""
    sure = present(Stage.INCUBATION.value, as_of).values("venture")
    maybe = perhaps_present(Stage.INCUBATION.value, as_of).values("venture")
    registration_open = Q(incorporated_on=None, legal_person__isnull=False) | Q(
        incorporated_on__lte=as_of, incorporated_before__gt=as_of + DAY
    )
    rows = Venture.objects.filter(Q(pk__in=sure) | Q(pk__in=maybe))
    return rows.filter(_registered_by(as_of) | registration_open).exclude(pk__in=tenants(as_of).values("pk"))


def graduates(as_of: date) -> QuerySet[Venture]:
    """Graduates by record 毕业企业 up to the day, each once: an incubation stay surely ended as graduated by then."""
    ended = _confirmed(Stage.INCUBATION.value).filter(outcome=Outcome.GRADUATED, ended_before__lte=as_of + DAY)
    return Venture.objects.filter(pk__in=ended.values("venture"))


def founded_by(as_of: date) -> QuerySet[Venture]:
    """Ventures on record that were not surely founded after the day; merged ones stand for none."""
    return Venture.objects.exclude(status=Status.MERGED).filter(Q(founded_on=None) | Q(founded_on__lte=as_of))


def with_valid_rights(as_of: date) -> QuerySet[Venture]:
    """Ventures that surely held at least one valid right of their own on the day."""
    valid = Right.objects.filter(granted_before__lte=as_of + DAY).filter(Q(valid_until=None) | Q(valid_until__gt=as_of))
    return Venture.objects.filter(pk__in=valid.values("venture"))
