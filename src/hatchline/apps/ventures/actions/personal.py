"""Taking out of the record what it says about a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ventures import policy
from hatchline.apps.ventures.models import Founder
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

ERASED = "—"  # stands for a name that was erased: that there was a founder is the venture's record


@transaction.atomic
def forget(person: Person) -> int:
    """Part of erasing a person: their name and background as a founder. That the venture had one stays."""
    return Founder.objects.filter(person=person).update(name="", backgrounds=[])


@transaction.atomic
def erase_founder(founder: Founder, *, by: Person | None, now: datetime, role_kind: str = "") -> Founder:
    """A founder who is no person on record asks that name and background be erased."""
    founder = Founder.objects.select_for_update(of=("self",)).select_related("venture").get(pk=founder.pk)
    require(policy.why_not_erase_founder(founder, role_kind=role_kind))
    founder.name, founder.backgrounds = ERASED, []
    founder.save(update_fields=["name", "backgrounds"])
    ledger.move(founder.venture, "erase_founder", by=by, at=now, role_kind=role_kind, details={"founder": founder.pk})
    return founder
