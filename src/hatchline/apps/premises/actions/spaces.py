"""Verbs on spaces."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.premises import policy, queries
from hatchline.apps.premises.actions.guarded import in_words
from hatchline.apps.premises.drafts import SpaceDraft
from hatchline.apps.premises.models import Extent, Premises, Space
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def add_space(premises: Premises, draft: SpaceDraft, *, by: Person | None, now: datetime, role_kind: str = "") -> Space:
    """A room, a desk or an area of desks of these premises."""
    premises = queries.locked(premises.pk)
    code = draft.code.strip()
    taken = Space.objects.filter(premises=premises, code=code).exists()
    require(policy.why_not_space(draft, taken=taken, role_kind=role_kind))
    space = Space.objects.create(
        premises=premises,
        code=code,
        kind=draft.kind,
        floor=draft.floor.strip(),
        note=draft.note.strip(),
        recorded_at=now,
    )
    Extent.objects.create(space=space, starts_on=draft.since, area=draft.area, desks=draft.desks, use=draft.use)
    ledger.move(
        space, "add_space", by=by, at=now, role_kind=role_kind, details={"premises": premises.pk, "use": draft.use}
    )
    return space


@transaction.atomic
def amend_space(space: Space, draft: SpaceDraft, *, by: Person | None, now: datetime, role_kind: str = "") -> Space:
    """Correct what a space is called and where it lies; its size and use are changed from a day on with ``resize``."""
    premises = queries.locked(space.premises_id)
    space = queries.locked_space(space.pk)
    wanted = {
        "code": draft.code.strip(), "kind": draft.kind, "floor": draft.floor.strip(), "note": draft.note.strip(),
    }  # fmt: skip
    taken = Space.objects.filter(premises=premises, code=wanted["code"]).exclude(pk=space.pk).exists()
    require(policy.why_not_space(draft, taken=taken, role_kind=role_kind, verb="amend_space"))
    changed = [name for name, value in wanted.items() if getattr(space, name) != value]
    if changed:
        for name in changed:
            setattr(space, name, wanted[name])
        space.save(update_fields=changed)
        ledger.move(space, "amend_space", by=by, at=now, role_kind=role_kind, details={"fields": sorted(changed)})
    return space


@transaction.atomic
def resize(space: Space, draft: SpaceDraft, *, by: Person | None, now: datetime, role_kind: str = "") -> Space:
    """From ``draft.since`` on (None: from ever) its area, desks and use are these. Area 0: it is no more."""
    space = queries.locked_space(space.pk)
    limits, taken = queries.limits_of([space.pk])[space.pk], queries.taken_of([space.pk])[space.pk]
    require(policy.why_not_resize(limits, taken, draft, role_kind=role_kind))
    desks = 0 if draft.area == 0 else draft.desks
    with in_words():
        Extent.objects.update_or_create(
            space=space,
            starts_on=draft.since,
            defaults={"area": draft.area, "desks": desks, "use": draft.use},
        )
    since = draft.since.isoformat() if draft.since else ""
    said = "" if draft.area is None else f"{draft.area:f}"
    ledger.move(
        space,
        "resize",
        by=by,
        at=now,
        role_kind=role_kind,
        details={"since": since, "area": said, "use": draft.use},
    )
    return space
