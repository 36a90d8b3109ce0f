"""Verbs of titles. Decisions of this district write the same table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns import partial_dates
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.titles import policy, queries
from hatchline.apps.titles.models import Title
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal, Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


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
    **words: Any,
) -> Title:
    """Write down a title some authority gave. ``words``: name, authority, document, number, batch."""
    require(policy.why_not_record(given=given, ends_before=ends_before, source=source, today=today), UnableToRecord)
    try:
        with transaction.atomic():
            title = Title.objects.create(
                subject_kind=subject_kind,
                subject_id=subject_id,
                kind=kind,
                level=level,
                ends_before=ends_before,
                source=source.strip(),
                recorded_at=now,
                **partial_dates.kept("given", given),
                **words,
            )
    except IntegrityError as error:
        if "title_once" not in str(error) and "UNIQUE" not in str(error).upper():
            raise
        raise UnableToRecord(Refusal("already_recorded", _("同一文件给同一主体的这项资质已经记录过了。"))) from error
    ledger.move(
        title,
        "record",
        by=by,
        at=now,
        details={"kind": kind, "level": level, "subject": f"{subject_kind}:{subject_id}"},
    )
    return title


def record_many(titles: Sequence[Title]) -> list[Title]:
    """File checked titles of an import in one go, inside the import's own transaction and move."""
    return Title.objects.bulk_create(titles, batch_size=500)


@transaction.atomic
def withdraw(title: Title, *, on: date, reason: str, today: date, by: Person | None, now: datetime) -> Title:
    """The authority took the title back on that day."""
    title = queries.locked(title)
    require(policy.why_not_withdraw(title, on=on, reason=reason, today=today), UnableToRecord)
    title.withdrawn_on, title.reason = on, reason.strip()
    title.save(update_fields=["withdrawn_on", "reason"])
    ledger.move(title, "withdraw", by=by, at=now, details={"on": on.isoformat()})
    return title


@transaction.atomic
def strike(title: Title, *, reason: str, by: Person | None, now: datetime) -> Title:
    """It was recorded by mistake; it stays readable and counts nowhere."""
    title = queries.locked(title)
    require(policy.why_not_strike(title, reason=reason), UnableToRecord)
    title.reason = reason.strip()
    title.save(update_fields=["reason"])
    ledger.move(title, "strike", by=by, at=now)
    return title
