"""How a question ends: as the authority decides, or of itself when what it asks about is no more."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from hatchline.apps.guards import Violated
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ledger import queries as entries
from hatchline.apps.messages import actions as messages
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.clock import business_moment
from hatchline.apps.ventures.models import Merge, Question, QuestionKind, Resolution, Stay, Venture
from hatchline.apps.ventures.states import MOVES, Basis, QuestionStatus, StayStatus

if TYPE_CHECKING:
    from hatchline.apps.ledger.models import Entry
    from hatchline.apps.people.models import Person

_COST: dict[str, str] = {
    Resolution.KEEP_FIRST: "other_stay",
    Resolution.KEEP_SECOND: "stay",
    Resolution.SECOND_ASIDE: "other_stay",
}
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
    """The stays with which this one is in a settled question, and in an open one. The last question counts."""
    rows = Question.objects.filter(Q(stay=stay) | Q(other_stay=stay), other_stay__isnull=False).order_by("pk")
    found = rows.values_list("stay", "other_stay", "status")
    last = {other if one == stay else one: status for one, other, status in found}
    waiting = {pk for pk, status in last.items() if status == QuestionStatus.OPEN}
    return set(last) - waiting, waiting


def uphold_quietly(
    stay: Stay, *, by: Person | None, now: datetime, role_kind: str, details: dict[str, Any], basis: str = Basis.RULED
) -> bool:
    """A disputed stay stands after all, on this basis; without one it is the claim of one side again. Answers whether
    the database let it."""
    was, stay.basis = stay.basis, basis
    try:
        with transaction.atomic():
            stay.save(update_fields=["basis"])
            ledger.move(stay, "uphold", to=_stands(stay), by=by, at=now, role_kind=role_kind, details=details)
    except Violated:
        stay.status, stay.basis = StayStatus.DISPUTED, was
        return False
    return True


def _stands(stay: Stay) -> str:
    """The status of a stay that nobody doubts: what it stands on confirms it, or one side alone says so."""
    return (StayStatus.CONFIRMED if stay.basis else StayStatus.CLAIMED).value


def is_waiting(stay: Stay) -> bool:
    """Whether it is disputed and no question about it is open any more."""
    return stay.status == StayStatus.DISPUTED and not _open_about(stay).exists()


def is_objected(stay: Stay) -> bool:
    """Whether it was last disputed because somebody said that it is not so, and not because another overlaps."""
    told = entries.history(Stay._meta.label_lower, stay.pk).filter(to_status=StayStatus.DISPUTED).first()
    return told is not None and "reason" in told.details


def _open_about(stay: Stay) -> QuerySet[Question]:
    rows = Question.objects.filter(Q(stay=stay) | Q(other_stay=stay), status=QuestionStatus.OPEN)
    return rows.filter(kind__in=_OF_STAYS)


def joined(kept: Venture, gone: Venture, *, note: str, by: Person | None, now: datetime, role_kind: str) -> None:
    """The two were taken together: whether they are one is no question any more."""
    pairs = Q(venture=kept, other_venture=gone) | Q(venture=gone, other_venture=kept)
    for question in Question.objects.select_for_update().filter(pairs, status=QuestionStatus.OPEN).order_by("pk"):
        conclude(question, resolution=Resolution.MERGED, note=note, by=by, now=now, role_kind=role_kind)


def parted(merge: Merge, *, note: str, by: Person | None, now: datetime, role_kind: str) -> None:
    """Two again: stays of the one and the other overlap no more. What an answer took from one since is given back."""
    mine = Q(stay__venture=merge.gone_id) | Q(other_stay__venture=merge.gone_id)
    apart = Question.objects.filter(mine, other_stay__isnull=False).exclude(stay__venture=F("other_stay__venture"))
    cost: dict[int, set[int]] = defaultdict(set)
    for question in Question.objects.select_for_update().filter(pk__in=apart.values("pk")).order_by("pk"):
        if question.status == QuestionStatus.OPEN:
            conclude(question, resolution=Resolution.DISTINCT, note=note, by=by, now=now, role_kind=role_kind)
            for pk in (question.stay_id, question.other_stay_id):
                stay = queries.locked_stay(pk or 0)
                if is_waiting(stay):
                    details = {"question": question.pk}
                    uphold_quietly(stay, by=by, now=now, role_kind=role_kind, details=details, basis=stay.basis)
        elif question.resolution in _COST:
            cost[getattr(question, f"{_COST[question.resolution]}_id")].add(question.pk)
    for pk, asked in sorted(cost.items()):
        _give_back(pk, asked, merge, by, now, role_kind)


def _give_back(pk: int, asked: set[int], merge: Merge, by: Person | None, now: datetime, role_kind: str) -> None:
    """What the answers to these questions took from the stay, unless somebody took it for another reason since.

    Where another stands in its place by now it is disputed, without a question: ``uphold`` is refused until one yields.
    """
    withdrawn, aside = (_taken(pk, verb, asked, merge.merged_at) for verb in ("withdraw", "set_aside"))
    if withdrawn is None and aside is None:
        return
    stay = queries.locked_stay(pk)
    status, counted = merge.before.get("stays", {}).get(str(pk)) or (_before(stay, withdrawn), True)
    if withdrawn is not None and stay.status == StayStatus.WITHDRAWN != status:
        details = {"question": withdrawn.details["question"]}
        if not _try(stay, "restore", status, details, by, now, role_kind):
            _try(stay, "restore", StayStatus.DISPUTED, details, by, now, role_kind)
    if aside is not None and stay.status != StayStatus.WITHDRAWN and counted and not stay.counts:
        details = {"question": aside.details["question"]}
        stay.counts, stay.not_counting_reason = True, ""
        if not _try(stay, "count", "", details, by, now, role_kind):
            ledger.move(stay, "dispute", by=by, at=now, role_kind=role_kind, details=details)
            _try(stay, "count", "", details, by, now, role_kind)


def _before(stay: Stay, withdrawn: Entry | None) -> str:
    """How a stay recorded since the merge stood before the answer: that it overlapped is no reason any more."""
    if withdrawn is None or withdrawn.from_status != StayStatus.DISPUTED:
        return withdrawn.from_status if withdrawn is not None else str(stay.status)
    return StayStatus.DISPUTED.value if is_objected(stay) or _open_about(stay).exists() else _stands(stay)


def _taken(pk: int, verb: str, asked: set[int], since: datetime) -> Entry | None:
    """The last such move of the stay, if it was made since then by the answer to one of these questions."""
    last = entries.history(Stay._meta.label_lower, pk).filter(event=MOVES.of(verb).event).first()
    is_theirs = last is not None and last.at >= since and last.details.get("question") in asked
    return last if is_theirs else None


def _try(
    stay: Stay, verb: str, to: str, details: dict[str, Any], by: Person | None, now: datetime, role_kind: str
) -> bool:
    """Write the move and what counts; answers whether the database let it."""
    was = stay.status
    try:
        with transaction.atomic():
            stay.save(update_fields=["counts", "not_counting_reason"])
            ledger.move(stay, verb, to=to, by=by, at=now, role_kind=role_kind, details=details)
    except Violated:
        stay.status = was
        return False
    return True
