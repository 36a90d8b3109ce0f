"""Verbs on ties between persons, bodies and bodies."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.people import policy, queries
from hatchline.apps.people.models import Person, Tie
from hatchline.apps.people.states import Visibility
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Organisation


@transaction.atomic
def record_tie(
    *,
    organisation: Organisation,
    kind: str,
    person: Person | None = None,
    holder: Organisation | None = None,
    share: Decimal | None = None,
    post: str = "",
    starts: PartialDate | None = None,
    ends: PartialDate | None = None,
    source: str,
    visibility: str = Visibility.AUTHORITY,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Tie:
    """Record that a person, or a body as ``holder``, is tied to an organisation. ``share`` is in per cent."""
    require(
        policy.why_not_as("record_tie", role_kind)
        or policy.why_not_record_tie(
            person=person, holder=holder, organisation=organisation, kind=kind, share=share, source=source
        )
        or policy.why_not_period(starts, ends)
    )
    tie = Tie.objects.create(
        person=person,
        holder=holder,
        organisation=organisation,
        kind=kind,
        share=share,
        post=post.strip(),
        **kept("starts", starts),
        **kept("ends", ends),
        source=source.strip(),
        visibility=visibility,
    )
    details = {"kind": kind, "organisation": organisation.pk}
    details |= {"person": person.pk} if person is not None else {"holder": holder.pk if holder is not None else 0}
    ledger.move(tie, "record_tie", by=by, at=now, role_kind=role_kind, details=details)
    return tie


@transaction.atomic
def end_tie(tie: Tie, *, ends: PartialDate, by: Person | None, now: datetime, role_kind: str = "") -> Tie:
    """Record when a tie ended, as exactly as that is known."""
    tie = queries.locked(tie)
    require(
        policy.why_not_as("end_tie", role_kind)
        or policy.why_not_end_tie(tie, ends)
        or policy.why_not_period(tie.starts, ends)
    )
    tie.ends = ends
    tie.save(update_fields=["ends_on", "ends_before", "ends_text"])
    ledger.move(tie, "end_tie", by=by, at=now, role_kind=role_kind, details={"ends": ends.code})
    return tie
