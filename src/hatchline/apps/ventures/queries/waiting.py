"""What waits for whom: applications, handovers and questions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hatchline.apps.ventures.models import Application, Asked, Handover, Question
from hatchline.apps.ventures.queries.register import institutions_of, visible_to
from hatchline.apps.ventures.states import QuestionStatus

_AUTHORITY = frozenset({"administrator", "official", "officer", "centre", "auditor"})


def applications_of(role: Any) -> QuerySet[Application]:
    """Applications within reach, oldest first: all, those to one's institutions, or those of one's ventures."""
    rows = Application.objects.select_related("venture", "institution").order_by("applied_at", "pk")
    kind = getattr(role, "kind", None)
    if kind in _AUTHORITY:
        return rows
    if kind in {"manager", "staff"}:
        return rows.filter(institution__in=institutions_of(role).values("pk"))
    return rows.filter(venture__in=visible_to(role).values("pk"))


def handovers_of(role: Any) -> QuerySet[Handover]:
    """Handovers within reach. The next place hears of one only once the venture has consented."""
    rows = Handover.objects.select_related("venture", "institution", "stay__institution").order_by("-offered_at", "-pk")
    kind = getattr(role, "kind", None)
    if kind in _AUTHORITY:
        return rows
    if kind in {"manager", "staff"}:
        here = institutions_of(role).values("pk")
        return rows.filter(Q(stay__institution__in=here) | Q(institution__in=here) & ~Q(consented=[]))
    return rows.filter(venture__in=visible_to(role).values("pk"))


def questions_of(role: Any) -> QuerySet[Question]:
    """Questions within reach, the most urgent first: all, or those one's institutions were asked."""
    rows = Question.objects.select_related("venture", "other_venture", "stay__institution", "other_stay__institution")
    rows = rows.prefetch_related("asked__institution").order_by("due_on", "pk")
    if getattr(role, "kind", None) in _AUTHORITY:
        return rows
    return rows.filter(asked__institution__in=institutions_of(role).values("pk")).distinct()


def open_questions() -> QuerySet[Question]:
    """Questions that nobody has settled yet."""
    return Question.objects.filter(status=QuestionStatus.OPEN)


def untold(limit: int = 500) -> QuerySet[Asked]:
    """Institutions whose people have not been told yet that they may reply, the oldest questions first."""
    rows = Asked.objects.filter(told_at=None, replied_at=None, question__status=QuestionStatus.OPEN)
    return rows.select_related("question__venture", "institution__operator").order_by("pk")[:limit]


def overdue(today: date) -> QuerySet[Question]:
    """Open questions whose day to answer has passed: the authority may settle them."""
    return open_questions().filter(due_on__lt=today)


def questions_about(pks: Collection[int]) -> QuerySet[Question]:
    """Questions about these ventures, the open ones first, with who was asked."""
    rows = Question.objects.select_related("venture", "other_venture", "stay__institution", "other_stay__institution")
    rows = rows.filter(Q(venture__in=pks) | Q(other_venture__in=pks))
    return rows.prefetch_related("asked__institution").order_by("status", "due_on", "pk")


def asked_of(stays: Collection[int]) -> dict[int, list[Question]]:
    """The questions in which each of these stays is one of the two, by stay; those without are left out. One query."""
    wanted, found = set(stays), dict[int, list[Question]]()
    for question in Question.objects.filter(Q(stay__in=wanted) | Q(other_stay__in=wanted)).order_by("pk"):
        for pk in wanted & {question.stay_id, question.other_stay_id}:
            found.setdefault(pk, []).append(question)
    return found


def questions_about_stay(pk: int) -> QuerySet[Question]:
    """Questions in which this stay is one of the two, the open ones first."""
    rows = Question.objects.select_related("venture", "other_venture", "stay__institution", "other_stay__institution")
    rows = rows.filter(Q(stay=pk) | Q(other_stay=pk)).prefetch_related("asked__institution")
    return rows.order_by("status", "due_on", "pk")
