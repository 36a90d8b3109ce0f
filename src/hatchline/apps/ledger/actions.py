"""The one way anything is written down."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from hatchline.apps.ledger.models import Entry
from hatchline.core.values.move import Move
from hatchline.core.values.refusal import Refusal, Refused

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


def move_of(subject: models.Model, verb: str) -> Move:
    """The row of the app's table of moves (states.MOVES) for this verb."""
    found: Move = import_module(f"{type(subject)._meta.app_config.name}.states").MOVES.of(verb)
    return found


def move(
    subject: models.Model,
    verb: str,
    *,
    by: Person | None,
    at: datetime,
    to: str = "",
    role_kind: str = "",
    on_behalf_of: str = "",
    details: dict[str, Any] | None = None,
) -> Entry:
    """Write down that ``verb`` was done to ``subject``, and set its status when the move changes it.

    Must run inside the verb's transaction. ``by`` is None for the system. ``details`` holds keys, codes and digests only.
    Refused when the status the subject is in is not one the move starts from.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("ledger.move must run inside the transaction of its verb")
    row = move_of(subject, verb)
    before = str(getattr(subject, "status", "") or "")
    after = to or (row.to if row.to != "*" else "")
    if row.sources and before not in row.sources:
        raise Refused(Refusal("wrong_status", f"{row.wording}: {before!r} ∉ {sorted(row.sources)}"))
    if after and hasattr(subject, "status") and after != before:
        subject.status = after
        subject.save(update_fields=["status"])
    return Entry.objects.create(
        at=at,
        event=row.event,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        from_status=before,
        to_status=after or before,
        by_id=by.pk if by is not None else None,
        role_kind=role_kind,
        on_behalf_of=on_behalf_of,
        details=details or {},
    )
