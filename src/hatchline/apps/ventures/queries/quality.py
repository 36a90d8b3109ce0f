"""What in the record wants mending. Each question answers rows: count, list and file speak of the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.observations import queries as observations
from hatchline.apps.ventures.models import Asked, Question, Stay, Venture
from hatchline.apps.ventures.queries.days import present
from hatchline.apps.ventures.states import EndState, Outcome, QuestionStatus, Status, StayStatus

KIND = "ventures.venture"
GAP_DAYS = 92  # a venture on its way from one place to the next is not missing
UNANSWERED_DAYS = 30  # a claim that the other side left without an answer for so long
UNTOUCHED_DAYS = 365


def _live() -> QuerySet[Stay]:
    return Stay.objects.exclude(status=StayStatus.WITHDRAWN)


def _confirmed() -> QuerySet[Stay]:
    return Stay.objects.filter(status=StayStatus.CONFIRMED, counts=True)


def disputed_stays() -> QuerySet[Stay]:
    """Stays that somebody denies, or that would overlap: they count nowhere until settled."""
    return Stay.objects.filter(status=StayStatus.DISPUTED)


def unanswered_stays(now: datetime) -> QuerySet[Stay]:
    """Claims of one side that the other has neither confirmed nor denied for a month."""
    return Stay.objects.filter(status=StayStatus.CLAIMED, recorded_at__lt=now - timedelta(days=UNANSWERED_DAYS))


def overlapping_stays() -> QuerySet[Stay]:
    """Confirmed, counting stays that surely share days with an earlier one of the same venture in another institution.

    At the stage of incubation the database forbids it; a nursery place kept on during incubation is one.
    """
    earlier = _confirmed().filter(venture=OuterRef("venture"), held_from__lte=OuterRef("held_from"))
    earlier = earlier.filter(Q(held_until=None) | Q(held_until__gt=OuterRef("held_from")))
    earlier = earlier.filter(Q(held_from__lt=OuterRef("held_from")) | Q(pk__lt=OuterRef("pk")))
    return _confirmed().filter(Exists(earlier.exclude(institution=OuterRef("institution"))), held_from__isnull=False)


def stays_after_a_gap() -> QuerySet[Stay]:
    """Confirmed, counting stays before which the venture was nowhere for more than a quarter, but had been before."""
    before = _confirmed().filter(venture=OuterRef("venture"), held_from__lt=OuterRef("held_from"))
    reaches = Cast(OuterRef("held_from") - timedelta(days=GAP_DAYS), DateField())
    until_then = before.filter(Q(held_until=None) | Q(held_until__gte=reaches) | Q(end_state=EndState.UNKNOWN))
    return _confirmed().filter(Exists(before), ~Exists(until_then), held_from__isnull=False)


def handed_nowhere(today: date) -> QuerySet[Stay]:
    """Stays that ended in a handover more than a quarter ago, and no next one is on record."""
    after = _live().filter(venture=OuterRef("venture")).exclude(pk=OuterRef("pk"))
    after = after.filter(Q(starts_before__gt=OuterRef("ended_on")) | Q(starts_on=None))
    rows = _confirmed().filter(outcome=Outcome.MOVED, ended_before__lte=today - timedelta(days=GAP_DAYS))
    return rows.filter(~Exists(after))


def open_in_closed_institutions(today: date) -> QuerySet[Stay]:
    """Stays that go on in an institution that has closed."""
    closed = institutions.registered().filter(status="closed").filter(Q(closed_on=None) | Q(closed_on__lte=today))
    return _live().filter(institution__in=closed.values("pk")).filter(end_state=EndState.OPEN)


def without_beginning() -> QuerySet[Stay]:
    """Confirmed stays of which no day of beginning is known: they are counted on no day, or only where last seen."""
    return _confirmed().filter(starts_on=None)


def without_end() -> QuerySet[Stay]:
    """Confirmed stays of which nobody knows whether they ended: statistics stop at the last evidence."""
    return _confirmed().filter(end_state=EndState.UNKNOWN)


def in_place(today: date) -> QuerySet[Venture]:
    """Active ventures that are in some institution today: what is unknown of them is asked there."""
    return Venture.objects.filter(status=Status.ACTIVE, pk__in=present(None, today).values("venture"))


def without_founding_day(today: date) -> QuerySet[Venture]:
    """Ventures in place of which nobody knows when they were founded."""
    return in_place(today).filter(founded_on=None)


def without_field(today: date) -> QuerySet[Venture]:
    """Ventures in place of unknown field."""
    return in_place(today).filter(field=None)


def without_day_of_incorporation() -> QuerySet[Venture]:
    """Companies of which nobody knows since when: they may be tenants, and are counted as undecided."""
    return Venture.objects.filter(status=Status.ACTIVE, legal_person__isnull=False, incorporated_on=None)


def without_code(today: date) -> QuerySet[Venture]:
    """Companies in place without a credit code, or with one whose check digit does not agree."""
    rows = in_place(today).filter(legal_person__isnull=False)
    return rows.filter(Q(legal_person__credit_code=None) | Q(legal_person__credit_code_is_doubtful=True))


def of_closed_legal_persons() -> QuerySet[Venture]:
    """Ventures that are said to exist, whose legal body is closed."""
    return Venture.objects.filter(status=Status.ACTIVE, legal_person__status="closed")


def untouched(now: datetime, today: date) -> QuerySet[Venture]:
    """Ventures in place of which nothing was recorded for a year: no amendment, no stay, no figure."""
    since = now - timedelta(days=UNTOUCHED_DAYS)
    stays = Stay.objects.filter(venture=OuterRef("pk"), recorded_at__gte=since)
    figures = observations.recorded_since(KIND, since).filter(subject=OuterRef("pk"))
    return in_place(today).filter(~Exists(stays), ~Exists(figures), amended_at__lt=since)


def unknown_by_institution(today: date) -> list[dict[str, Any]]:
    """Of the ventures in place in each institution, how many lack which key fact; most lacking first. One query.

    Keys: institution, name, tenants, beginning, founded, field, incorporated, code, unknown (the sum of the five).
    """

    def lacking(condition: Q) -> Count:
        return Count("venture", distinct=True, filter=condition)

    company = Q(venture__legal_person__isnull=False)
    rows = (
        present(None, today)
        .values("institution", name=F("institution__name"))
        .annotate(
            tenants=Count("venture", distinct=True),
            beginning=lacking(Q(starts_on=None)),
            founded=lacking(Q(venture__founded_on=None)),
            field=lacking(Q(venture__field=None)),
            incorporated=lacking(company & Q(venture__incorporated_on=None)),
            code=lacking(company & Q(venture__legal_person__credit_code=None)),
        )
        .order_by()
    )
    found = [
        {**row, "unknown": row["beginning"] + row["founded"] + row["field"] + row["incorporated"] + row["code"]}
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row["unknown"], row["name"]))


def asked_about(stays: Sequence[int]) -> dict[int, tuple[int, list[str]]]:
    """Of these stays, those in an open question: its key, and the names of who has not replied yet. Two queries."""
    rows = Question.objects.filter(Q(stay__in=stays) | Q(other_stay__in=stays), status=QuestionStatus.OPEN)
    found: dict[int, tuple[int, list[str]]] = {}
    for row in rows.prefetch_related("asked__institution").order_by("-due_on", "-pk"):
        waiting = [each.institution.name for each in row.asked.all() if each.replied_at is None]
        for pk in (row.stay_id, row.other_stay_id):
            if pk is not None:
                found[pk] = (row.pk, waiting)  # the most urgent one stands
    return found


def not_replied(questions: Sequence[int]) -> dict[int, list[str]]:
    """The names of those who were asked each question and have not replied. One query."""
    found: dict[int, list[str]] = {}
    rows = Asked.objects.filter(question__in=questions, replied_at=None).order_by("pk")
    for question, name in rows.values_list("question", "institution__name"):
        found.setdefault(question, []).append(name)
    return found


def places_of(pks: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Where these ventures are, as far as anybody knows: key and name of each institution. One query."""
    found: dict[int, list[tuple[int, str]]] = {}
    stays = _confirmed().filter(venture__in=pks, end_state=EndState.OPEN).order_by("pk")
    for venture, place, name in stays.values_list("venture", "institution", "institution__name"):
        if (place, name) not in found.setdefault(venture, []):
            found[venture].append((place, name))
    return found


def names_of(pks: Sequence[int]) -> dict[int, str]:
    """What these records are called, merged ones too. One query."""
    return dict(Venture.objects.filter(pk__in=pks).values_list("pk", "name"))
