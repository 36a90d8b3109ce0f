"""Verbs of titles. Decisions of this district write the same table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.search import actions as search
from hatchline.apps.titles import drafts, policy, queries
from hatchline.apps.titles.drafts import TitleDraft
from hatchline.apps.titles.models import Title
from hatchline.apps.titles.states import TitleStatus
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal, Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


KIND = "titles.title"
BATCH = 500


class UnableToRecord(Refused):
    """The title cannot be recorded as asked."""


@transaction.atomic
def record(
    *,
    subject_kind: str,
    subject_id: int,
    kind: str,
    level: str,
    given: PartialDate,
    source: str,
    today: date,
    by: Person | None,
    now: datetime,
    ends_before: date | None = None,
    role_kind: str = "",
    **words: Any,
) -> Title:
    """Write down a title some authority gave. ``words``: name, authority, document, number, batch."""
    draft = TitleDraft(subject_kind, subject_id, kind, level, source, given, ends_before, **words)
    require(
        policy.why_not_as("record", role_kind)
        or policy.why_not_draft(draft, today=today)
        or policy.why_not_about(draft),
        UnableToRecord,
    )
    title = drafts.row_of(draft, now)
    try:
        with transaction.atomic():
            title.save(force_insert=True)
    except IntegrityError as error:
        if "title_once" not in str(error) and "UNIQUE" not in str(error).upper():
            raise
        raise UnableToRecord(Refusal("already_recorded", _("同一文件给同一主体的这项资质已经记录过了。"))) from error
    ledger.move(
        title,
        "record",
        by=by,
        at=now,
        role_kind=role_kind,
        details={"kind": kind, "level": level, "subject": f"{subject_kind}:{subject_id}"},
    )
    _index([title])
    return title


@transaction.atomic
def record_many(made: Sequence[TitleDraft], *, now: datetime) -> list[int]:
    """Titles for drafts that passed ``policy.why_not_draft``; their keys in the same order. No ledger rows."""
    rows = Title.objects.bulk_create([drafts.row_of(each, now) for each in made], batch_size=BATCH)
    _index(rows)
    return [row.pk for row in rows]


@transaction.atomic
def amend_many(changes: Iterable[tuple[int, Mapping[str, Any]]]) -> int:
    """Write what ``queries.changes`` found: what a later list adds to titles on record. No ledger rows."""
    wanted = {pk: dict(each) for pk, each in changes}
    rows = list(Title.objects.select_for_update().filter(pk__in=list(wanted)))
    for row in rows:
        for name, value in wanted[row.pk].items():
            setattr(row, name, value)
        require(policy.why_not_later(row))
        if row.withdrawn_on is not None:
            row.status = TitleStatus.WITHDRAWN  # a list that says when it was taken back says that it was
    Title.objects.bulk_update(rows, [*drafts.LATER, "status"], batch_size=BATCH)
    _index(rows)
    return len(rows)


def _index(rows: Sequence[Title]) -> None:
    names = queries.subject_names((row.subject_kind, row.subject_id) for row in rows)
    search.index_many(
        KIND,
        [
            search.Row(
                row.pk,
                [names.get((row.subject_kind, row.subject_id), ""), row.name],
                [row.number] if row.number else [],
                " ".join(filter(None, [row.document, row.number, row.batch, row.authority])),
            )
            for row in rows
        ],
    )


@transaction.atomic
def withdraw(
    title: Title, *, on: date, reason: str, today: date, by: Person | None, now: datetime, role_kind: str = ""
) -> Title:
    """The authority took the title back on that day."""
    title = queries.locked(title)
    require(
        policy.why_not_as("withdraw", role_kind) or policy.why_not_withdraw(title, on=on, reason=reason, today=today),
        UnableToRecord,
    )
    title.withdrawn_on, title.reason = on, reason.strip()
    title.save(update_fields=["withdrawn_on", "reason"])
    ledger.move(title, "withdraw", by=by, at=now, role_kind=role_kind, details={"on": on.isoformat()})
    return title


@transaction.atomic
def strike(title: Title, *, reason: str, by: Person | None, now: datetime, role_kind: str = "") -> Title:
    """It was recorded by mistake; it stays readable and counts nowhere."""
    title = queries.locked(title)
    require(policy.why_not_as("strike", role_kind) or policy.why_not_strike(title, reason=reason), UnableToRecord)
    title.reason = reason.strip()
    title.save(update_fields=["reason"])
    ledger.move(title, "strike", by=by, at=now, role_kind=role_kind)
    return title
