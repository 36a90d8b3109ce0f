"""How stays get onto the record, one or many: checked, kept as disputed where they overlap, with a question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.bodies.actions import bulk
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ventures import policy
from hatchline.apps.ventures.clock import business_moment
from hatchline.apps.ventures.drafts import StayDraft
from hatchline.apps.ventures.history import Clash, History, StayKnown
from hatchline.apps.ventures.models import Asked, Question, QuestionKind, Stay
from hatchline.apps.ventures.states import StayStatus
from hatchline.core.values.refusal import Refusal

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

CHUNK = 2000
BATCH = 500


@dataclass(frozen=True)
class Recorded:
    """What became of one draft: the stay's key and status, how many questions it opened; or why it was refused."""

    pk: int | None
    status: str
    questions: int
    refusal: Refusal | None = None


@dataclass(slots=True)
class Fresh:
    """A stay on its way into the table."""

    venture_id: int
    institution_id: int
    status: str
    pk: int = 0


def standing(draft: StayDraft, clashes: Sequence[Clash]) -> str:
    """The status a stay gets: disputed when it surely overlaps. A doubt alone leaves it as its source says."""
    return StayStatus.DISPUTED.value if any(each.is_sure for each in clashes) else draft.status


@transaction.atomic
def record_stays(
    made: Sequence[StayDraft],
    *,
    now: datetime,
    today: date,
    due_on: date | None = None,
    known: History | None = None,
    asks: bool = False,
    moments: Sequence[datetime] = (),
    by: Person | None = None,
) -> list[Recorded]:
    """Put stays on the record in the order given. No ledger rows: the import that calls this is one move.

    Later drafts are compared with earlier ones too. ``asks``: they are rows of a list. An incubation after a graduation
    is kept as disputed and asked about instead of being refused; and of two rows that surely overlap neither wins by
    its place: both are disputed. An earlier row that was written as confirmed is so by a move of its own, of ``by``;
    unless the authority or both sides confirmed it since: then it stands, and the later row alone is disputed.
    ``moments``: when each was told of, where that was not ``now``. About ten queries for 2,000 drafts.
    """
    answers: list[Recorded] = []
    known = known or History()
    for start in range(0, len(made), CHUNK):
        part = slice(start, start + CHUNK)
        answers += _some(made[part], known, now, today, due_on, asks, moments[part], by)
    return answers


def _some(
    made: Sequence[StayDraft],
    known: History,
    now: datetime,
    today: date,
    due_on: date | None,
    asks: bool,
    moments: Sequence[datetime],
    by: Person | None,
) -> list[Recorded]:
    known.load({each.venture for each in made}, {each.institution for each in made})
    rows: list[Fresh] = []
    columns: list[dict[str, Any]] = []
    opened: list[tuple[Fresh, list[Clash]]] = []
    decided: list[tuple[Fresh | None, int, Refusal | None]] = []
    unsettled: list[StayKnown] = []  # of earlier calls: confirmed then, in doubt now
    for draft, moment in zip(made, moments or repeat(now), strict=False):
        refusal = policy.why_not_stay(draft, known, today=today)
        before = known.graduated_by(draft) if asks and refusal is not None else None
        if refusal is not None and (before is None or refusal.code != "graduated_already"):
            decided.append((None, 0, refusal))
            continue
        is_stated = draft.status == StayStatus.CONFIRMED  # what one side says unsettles nothing
        later = before if before is not None and is_stated and before.yields and before.begins_after(draft) else None
        clashes = [Clash(before, True, True)] if before is not None and later is None else known.clashes(draft)
        status = standing(draft, clashes)
        row = Fresh(draft.venture, draft.institution, status)
        rows.append(row)
        columns.append({**draft.columns(), "recorded_at": moment})
        itself = known.remember(draft, status, row, is_listed=asks)
        if clashes:
            opened.append((row, clashes))
        if later is not None:  # a row above tells of an incubation after this graduation
            opened.append((_row_of(later, draft), [Clash(itself, True, True)]))
            _unsettle([later], unsettled)
        if is_stated:
            _unsettle([each.stay for each in clashes if each.is_sure and not each.is_contradiction], unsettled)
        decided.append((row, len(clashes) + (later is not None), None))
    for row, its in zip(rows, columns, strict=True):
        its["status"] = row.status
    for row, pk in zip(rows, bulk.insert(Stay, columns), strict=True):
        row.pk = pk
    for each in {draft.venture for draft in made}:
        for stay in known.stays[each]:
            if isinstance(stay.row, Fresh):
                stay.pk, stay.row = stay.row.pk, None
                if stay.is_listed:
                    known.listed.add(stay.pk)
    if unsettled:
        dispute_listed([each.pk for each in unsettled], by=by, now=now)
    open_questions(opened, now=now, today=today, due_on=due_on)
    return [
        Recorded(row.pk if row else None, row.status if row else "", questions, refusal)
        for row, questions, refusal in decided
    ]


def _row_of(stay: StayKnown, draft: StayDraft) -> Fresh:
    """A stay of an earlier row as questions name it; the draft is of the same venture."""
    return stay.row if isinstance(stay.row, Fresh) else Fresh(draft.venture, stay.institution, stay.status, stay.pk)


def _unsettle(stays: Sequence[StayKnown], written: list[StayKnown]) -> None:
    """Stays that stand by the same list alone and that a later row of it contradicts; those on record already go to
    ``written``."""
    for stay in stays:
        if not stay.yields or stay.status != StayStatus.CONFIRMED:
            continue
        stay.status = StayStatus.DISPUTED.value
        if isinstance(stay.row, Fresh):
            stay.row.status = stay.status
        else:
            written.append(stay)


def dispute_listed(pks: Collection[int], *, by: Person | None, now: datetime) -> None:
    """Stays that a list confirmed and that the same list contradicts, each with its move."""
    for stay in Stay.objects.select_for_update().filter(pk__in=pks).order_by("pk"):
        ledger.move(stay, "dispute", by=by, at=now, details={"overlaps": 1})


def open_questions(
    opened: Sequence[tuple[Stay | Fresh, Sequence[Clash]]], *, now: datetime, today: date, due_on: date | None = None
) -> list[Question]:
    """A question for every clash, asked of both institutions."""
    due = due_on or today + timedelta(days=policy.REPLY_DAYS)
    questions, places = [], []
    for row, clashes in opened:
        for clash in clashes:
            kind = _kind(clash)
            questions.append(
                Question(
                    kind=kind,
                    venture_id=row.venture_id,
                    stay_id=clash.stay.pk,
                    other_stay_id=row.pk,
                    asked_at=business_moment(now, today),
                    due_on=due,
                )
            )
            places.append(dict.fromkeys((clash.stay.institution, row.institution_id)))
    Question.objects.bulk_create(questions, batch_size=BATCH)
    Asked.objects.bulk_create(
        [
            Asked(question=question, institution_id=place)
            for question, its in zip(questions, places, strict=True)
            for place in its
        ],
        batch_size=BATCH,
    )
    return questions


def _kind(clash: Clash) -> QuestionKind:
    if clash.is_contradiction:
        return QuestionKind.CONTRADICTION
    return QuestionKind.OVERLAP if clash.is_sure else QuestionKind.IMPRECISE
