"""Verbs on idle property: found, surveyed, negotiated, converted into premises, or given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.premises import drafts, policy, queries
from hatchline.apps.premises.actions import premises as on_premises
from hatchline.apps.premises.actions.indexing import index_idle
from hatchline.apps.premises.drafts import IdleDraft, PremisesDraft
from hatchline.apps.premises.models import IdleProperty, Premises, Tenure
from hatchline.core.values.changes import differing
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

BATCH = 500


@transaction.atomic
def find(draft: IdleDraft, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> IdleProperty:
    """Somebody found idle property. Without a day of finding it is taken to be found today."""
    require(policy.why_not_idle(draft.given(), role_kind))
    row = IdleProperty.objects.create(**_columns(draft, today), registered_at=now, amended_at=now)
    ledger.move(row, "find", to=row.status, by=by, at=now, role_kind=role_kind)
    index_idle([row.pk])
    return row


@transaction.atomic
def find_many(made: Sequence[IdleDraft], *, now: datetime, today: date) -> list[int]:
    """Records for drafts that passed ``policy.why_not_idle``; their keys in the same order. No ledger rows."""
    rows = [IdleProperty(**_columns(draft, today), registered_at=now, amended_at=now) for draft in made]
    IdleProperty.objects.bulk_create(rows, batch_size=BATCH)
    index_idle([row.pk for row in rows])
    return [row.pk for row in rows]


def _columns(draft: IdleDraft, today: date) -> dict[str, Any]:
    found = draft.found.earliest if draft.found is not None else None
    return {**drafts.columns_of(draft.given()), "moved_on": min(found or today, today)}


@transaction.atomic
def amend_idle(
    row: IdleProperty, *, version: int, by: Person | None, now: datetime, role_kind: str = "", **changes: Any
) -> IdleProperty:
    """Correct fields (as in IdleDraft)."""
    row = queries.locked_idle(row.pk)
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    require(policy.why_not_amend_idle(row, changes, version=version, role_kind=role_kind))
    changes = differing(drafts.present(row), changes)
    if changes:
        _write(row, now, **drafts.columns_of(changes))
        ledger.move(row, "amend_idle", by=by, at=now, role_kind=role_kind, details={"fields": sorted(changes)})
        index_idle([row.pk])
    return row


def survey(row: IdleProperty, **how: Any) -> IdleProperty:
    """Somebody went to see it. ``how``, here and below: on, by, now, today, note="", role_kind=""."""
    return _step(row, "survey", **how)


def negotiate(row: IdleProperty, **how: Any) -> IdleProperty:
    """Talks with the owner have begun."""
    return _step(row, "negotiate", **how)


def start_converting(row: IdleProperty, **how: Any) -> IdleProperty:
    """Works have begun."""
    return _step(row, "start_converting", **how)


def drop(row: IdleProperty, *, reason: str, **how: Any) -> IdleProperty:
    """It is given up, with a reason."""
    return _step(row, "drop", reason=reason, **how)


def resume(row: IdleProperty, **how: Any) -> IdleProperty:
    """One that was given up is looked at again."""
    return _step(row, "resume", **how)


@transaction.atomic
def convert(
    row: IdleProperty,
    *,
    on: date,
    institution: int | None,
    by: Person | None,
    now: datetime,
    today: date,
    name: str = "",
    area: Any = None,
    tenure: str = "",
    role_kind: str = "",
) -> Premises:
    """It is premises from that day on, marked as made of idle property. No institution: nobody works there yet."""
    row = queries.locked_idle(row.pk)
    require(policy.why_not_progress(row, "convert", on=on, today=today, role_kind=role_kind))
    draft = PremisesDraft(
        name=name.strip() or row.name,
        institution=institution,
        owner=row.owner_id,
        address=row.address,
        territory=row.territory_id,
        area=area if area is not None else row.area,
        starts=PartialDate.of(on.isoformat(), on.isoformat()),
        converted_from_idle=True,
        source=row.source,
        tenure=tenure or Tenure.UNKNOWN.value,
    )
    made = on_premises.register(draft, by=by, now=now, role_kind=role_kind)
    _write(row, now, premises_id=made.pk, moved_on=on)
    ledger.move(row, "convert", by=by, at=now, role_kind=role_kind, details={"on": on.isoformat(), "premises": made.pk})
    return made


@transaction.atomic
def _step(
    row: IdleProperty,
    verb: str,
    *,
    on: date,
    by: Person | None,
    now: datetime,
    today: date,
    note: str = "",
    reason: str = "",
    role_kind: str = "",
) -> IdleProperty:
    row = queries.locked_idle(row.pk)
    require(policy.why_not_progress(row, verb, on=on, today=today, reason=reason, role_kind=role_kind))
    columns: dict[str, Any] = {"moved_on": on}
    if verb == "drop":
        columns["reason"] = reason.strip()
    if note.strip():
        columns["note"] = "\n".join(filter(None, [row.note, f"{on.isoformat()} {note.strip()}"]))[-20_000:]
    _write(row, now, **columns)
    ledger.move(row, verb, by=by, at=now, role_kind=role_kind, details={"on": on.isoformat()})
    return row


def _write(row: IdleProperty, now: datetime, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(row, column, value)
    row.version += 1
    row.amended_at = now
    row.save(update_fields=[*columns, "version", "amended_at"])
