"""Verbs on premises."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.premises import drafts, policy, queries
from hatchline.apps.premises.actions.indexing import index_premises
from hatchline.apps.premises.drafts import PremisesDraft
from hatchline.apps.premises.models import Occupancy, Premises
from hatchline.apps.premises.states import OccupancyStatus
from hatchline.core.values.changes import differing
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def register(draft: PremisesDraft, *, by: Person | None, now: datetime, role_kind: str = "") -> Premises:
    """New premises, without spaces."""
    require(policy.why_not_register(draft, role_kind))
    premises = Premises.objects.create(
        registered_at=now, amended_at=now, status=draft.first_status, **drafts.columns_of(draft.given())
    )
    details = {"institution": draft.institution} if draft.institution else {}
    ledger.move(premises, "register", to=premises.status, by=by, at=now, role_kind=role_kind, details=details)
    index_premises([premises.pk])
    return premises


@transaction.atomic
def amend(
    premises: Premises, *, version: int, by: Person | None, now: datetime, role_kind: str = "", **changes: Any
) -> Premises:
    """Correct fields (as in PremisesDraft). Nothing is written when nothing differs."""
    premises = queries.locked(premises.pk)
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    require(policy.why_not_amend(premises, changes, version=version, role_kind=role_kind))
    changes = differing(drafts.present(premises), changes)
    if not changes:
        return premises
    _write(premises, now, **drafts.columns_of(changes))
    ledger.move(premises, "amend", by=by, at=now, role_kind=role_kind, details={"fields": sorted(changes)})
    index_premises([premises.pk])
    return premises


@transaction.atomic
def vacate(premises: Premises, *, on: PartialDate, by: Person | None, now: datetime, role_kind: str = "") -> Premises:
    """The institution gives them up: ``on`` is the first day they are no longer at its disposal."""
    premises = queries.locked(premises.pk)
    lasting = 0
    if on.before is not None:
        rows = Occupancy.objects.filter(space__premises=premises, status=OccupancyStatus.RECORDED)
        lasting = rows.filter(Q(held_until=None, held_from__isnull=False) | Q(held_until__gte=on.before)).count()
    require(policy.why_not_vacate(premises, on=on, lasting=lasting, role_kind=role_kind))
    _write(premises, now, **kept("ended", on))
    ledger.move(premises, "vacate", by=by, at=now, role_kind=role_kind, details={"on": on.code})
    return premises


def _write(premises: Premises, now: datetime, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(premises, column, value)
    premises.version += 1
    premises.amended_at = now
    premises.save(update_fields=[*columns, "version", "amended_at"])
