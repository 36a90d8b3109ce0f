"""How a question ends: as the authority decides, or of itself when what it asks about is no more."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from hatchline.apps.guards import Violated
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.messages import actions as messages
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.clock import business_moment
from hatchline.apps.ventures.models import Question, QuestionKind, Resolution, Stay, Venture
from hatchline.apps.ventures.states import QuestionStatus, StayStatus

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

_OF_STAYS = (QuestionKind.OVERLAP, QuestionKind.CONTRADICTION)  # while one is open, neither stay is upheld


def conclude(
    question: Question,
    *,
    resolution: str,
    note: str,
    by: Person | None,
    now: datetime,
    role_kind: str,
    today: date | None = None,
) -> None:
    """It is answered: nobody is reminded of it any more. For the verbs that settle one."""
    question.resolution, question.note = resolution, note.strip()[:300]
    question.settled_by, question.settled_at = by, business_moment(now, today)
    question.save(update_fields=["resolution", "note", "settled_by", "settled_at"])
    ledger.move(question, "settle", by=by, at=now, role_kind=role_kind, details={"resolution": resolution})
    for each in question.asked.all():
        messages.settle(each, by=by, now=now)


def asked_about(stay: int) -> tuple[set[int], set[int]]:
    """The stays with which this one is in a settled question, and in an open one."""
    found: tuple[set[int], set[int]] = set(), set()
    rows = Question.objects.filter(Q(stay=stay) | Q(other_stay=stay), other_stay__isnull=False)
    for one, other, status in rows.values_list("stay", "other_stay", "status"):
        found[status == QuestionStatus.OPEN].add(other if one == stay else one)
    return found


def uphold_quietly(stay: Stay, *, by: Person | None, now: datetime, role_kind: str, details: dict[str, Any]) -> bool:
    """A disputed stay stands after all; answers whether the database let it."""
    try:
        with transaction.atomic():
            ledger.move(stay, "uphold", by=by, at=now, role_kind=role_kind, details=details)
    except Violated:
        stay.status = StayStatus.DISPUTED
        return False
    return True


def is_waiting(stay: Stay) -> bool:
    """Whether it is disputed and no question about it is open any more."""
    return stay.status == StayStatus.DISPUTED and not _open_about(stay).exists()


def _open_about(stay: Stay) -> QuerySet[Question]:
    rows = Question.objects.filter(Q(stay=stay) | Q(other_stay=stay), status=QuestionStatus.OPEN)
    return rows.filter(kind__in=_OF_STAYS)


def joined(kept: Venture, gone: Venture, *, note: str, by: Person | None, now: datetime, role_kind: str) -> None:
    """The two were taken together: whether they are one is no question any more."""
    pairs = Q(venture=kept, other_venture=gone) | Q(venture=gone, other_venture=kept)
    for question in Question.objects.select_for_update().filter(pairs, status=QuestionStatus.OPEN).order_by("pk"):
        conclude(question, resolution=Resolution.MERGED, note=note, by=by, now=now, role_kind=role_kind)


def parted(gone: Venture, *, note: str, by: Person | None, now: datetime, role_kind: str) -> None:
    """It is a record of its own again: its stays and those of the other are of two, and overlap no more."""
    about = Question.objects.filter(Q(stay__venture=gone) | Q(other_stay__venture=gone), status=QuestionStatus.OPEN)
    apart = about.filter(other_stay__isnull=False).exclude(stay__venture=F("other_stay__venture"))
    for question in Question.objects.select_for_update().filter(pk__in=apart.values("pk")).order_by("pk"):
        conclude(question, resolution=Resolution.DISTINCT, note=note, by=by, now=now, role_kind=role_kind)
        for pk in (question.stay_id, question.other_stay_id):
            stay = queries.locked_stay(pk or 0)
            if is_waiting(stay):
                uphold_quietly(stay, by=by, now=now, role_kind=role_kind, details={"question": question.pk})
