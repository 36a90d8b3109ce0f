"""Verbs on occupancies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.premises import drafts, policy, queries
from hatchline.apps.premises.actions.guarded import in_words
from hatchline.apps.premises.actions.indexing import index_occupancies
from hatchline.apps.premises.drafts import OccupancyDraft
from hatchline.apps.premises.models import EndState, Occupancy
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def occupy(draft: OccupancyDraft, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Occupancy:
    """Somebody uses a space, or part of it. Refused with the day and what is left where it does not fit."""
    _check(draft, None, today, role_kind, "occupy")
    with in_words():
        occupancy = Occupancy.objects.create(recorded_at=now, **draft.columns())
    details = {"space": draft.space, "who": f"{draft.who_kind}:{draft.who_id}" if draft.who_kind else ""}
    ledger.move(occupancy, "occupy", to=occupancy.status, by=by, at=now, role_kind=role_kind, details=details)
    index_occupancies([occupancy.pk])
    return occupancy


@transaction.atomic
def end_occupancy(
    occupancy: Occupancy, *, on: PartialDate, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Occupancy:
    """``on``: the first day it was no longer used."""
    occupancy = queries.locked_occupancy(occupancy.pk)
    require(policy.why_not_end(occupancy, on=on, today=today, role_kind=role_kind))
    draft = replace(drafts.of(occupancy), ended=on, end_state=EndState.KNOWN.value)
    _write(occupancy, draft)
    ledger.move(occupancy, "end_occupancy", by=by, at=now, role_kind=role_kind, details={"on": on.code})
    return occupancy


@transaction.atomic
def correct(
    occupancy: Occupancy,
    draft: OccupancyDraft,
    *,
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
) -> Occupancy:
    """Write down what is right instead: who, how much, from when to when, as what. The space stays."""
    occupancy = queries.locked_occupancy(occupancy.pk)
    draft = replace(draft, space=occupancy.space_id)
    _check(draft, occupancy, today, role_kind, "correct")
    was = drafts.of(occupancy).columns()
    changed = sorted(name for name, value in draft.columns().items() if value != was[name])
    if changed:
        _write(occupancy, draft)
        ledger.move(occupancy, "correct", by=by, at=now, role_kind=role_kind, details={"fields": changed})
        index_occupancies([occupancy.pk])
    return occupancy


@transaction.atomic
def strike(occupancy: Occupancy, *, reason: str, by: Person | None, now: datetime, role_kind: str = "") -> Occupancy:
    """It was recorded by mistake; it stays readable and counts nowhere."""
    occupancy = queries.locked_occupancy(occupancy.pk)
    require(policy.why_not_strike(occupancy, reason=reason, role_kind=role_kind))
    occupancy.reason = reason.strip()
    occupancy.save(update_fields=["reason"])
    ledger.move(occupancy, "strike", by=by, at=now, role_kind=role_kind)
    return occupancy


def _check(draft: OccupancyDraft, present: Occupancy | None, today: date, role_kind: str, verb: str) -> None:
    """Hold the space, so that what is left of it is true until the transaction ends."""
    space = queries.locked_space(draft.space)
    limits = queries.limits_of([space.pk])[space.pk]
    taken = queries.taken_of([space.pk], present.pk if present else 0)[space.pk]
    require(policy.why_not_occupy(space, limits, taken, draft, today=today, role_kind=role_kind, verb=verb))


def _write(occupancy: Occupancy, draft: OccupancyDraft) -> None:
    columns = draft.columns()
    for column, value in columns.items():
        setattr(occupancy, column, value)
    with in_words():
        occupancy.save(update_fields=list(columns))
