"""How stays get onto the record, one or many: checked, kept as disputed where they overlap, with a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from hatchline.apps.ventures import policy
from hatchline.apps.ventures.drafts import StayDraft
from hatchline.apps.ventures.history import Clash, History
from hatchline.apps.ventures.models import Asked, Question, QuestionKind, Stay
from hatchline.apps.ventures.states import StayStatus
from hatchline.core.values.refusal import Refusal

CHUNK = 2000
BATCH = 500


@dataclass(frozen=True)
class Recorded:
    """What became of one draft: the stay's key and status, how many questions it opened; or why it was refused."""

    pk: int | None
    status: str
    questions: int
    refusal: Refusal | None = None


def standing(draft: StayDraft, clashes: Sequence[Clash]) -> str:
    """The status a stay gets: disputed when it surely overlaps. A doubt alone leaves it as its source says."""
    return StayStatus.DISPUTED.value if any(each.is_sure for each in clashes) else draft.status


@transaction.atomic
def record_stays(
    made: Sequence[StayDraft], *, now: datetime, today: date, due_on: date | None = None, known: History | None = None
) -> list[Recorded]:
    """Put stays on the record in the order given. No ledger rows: the import that calls this is one move.

    Later drafts are compared with earlier ones too. About ten queries for 2,000 drafts.
    """
    answers: list[Recorded] = []
    known = known or History()
    for start in range(0, len(made), CHUNK):
        answers += _some(made[start : start + CHUNK], known, now, today, due_on)
    return answers


def _some(made: Sequence[StayDraft], known: History, now: datetime, today: date, due_on: date | None) -> list[Recorded]:
    known.load({each.venture for each in made}, {each.institution for each in made})
    rows: list[Stay] = []
    opened: list[tuple[Stay, list[Clash]]] = []
    decided: list[tuple[Stay | None, int, Refusal | None]] = []
    for draft in made:
        refusal = policy.why_not_stay(draft, known, today=today)
        if refusal is not None:
            decided.append((None, 0, refusal))
            continue
        clashes = known.clashes(draft)
        status = standing(draft, clashes)
        row = Stay(**draft.columns(), status=status, recorded_at=now)
        rows.append(row)
        known.remember(draft, status, row)
        if clashes:
            opened.append((row, clashes))
        decided.append((row, len(clashes), None))
    Stay.objects.bulk_create(rows, batch_size=BATCH)
    for each in {draft.venture for draft in made}:
        for stay in known.stays[each]:
            if stay.row is not None:
                stay.pk, stay.row = stay.row.pk, None  # type: ignore[attr-defined]
    open_questions(opened, now=now, today=today, due_on=due_on)
    return [
        Recorded(row.pk if row else None, row.status if row else "", questions, refusal)
        for row, questions, refusal in decided
    ]


def open_questions(
    opened: Sequence[tuple[Stay, Sequence[Clash]]], *, now: datetime, today: date, due_on: date | None = None
) -> list[Question]:
    """A question for every clash, asked of both institutions."""
    due = due_on or today + timedelta(days=policy.REPLY_DAYS)
    questions, places = [], []
    for row, clashes in opened:
        for clash in clashes:
            kind = QuestionKind.OVERLAP if clash.is_sure else QuestionKind.IMPRECISE
            questions.append(
                Question(
                    kind=kind,
                    venture_id=row.venture_id,
                    stay_id=clash.stay.pk,
                    other_stay=row,
                    asked_at=now,
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
