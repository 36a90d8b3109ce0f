"""Handing a venture over: offer, consent, acceptance, done. Consent may be withdrawn until the last step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ventures import policy, queries
from hatchline.apps.ventures.actions.stays import end_stay, enter, known_of
from hatchline.apps.ventures.clock import business_moment
from hatchline.apps.ventures.drafts import StayDraft
from hatchline.apps.ventures.models import Handover, Stay
from hatchline.apps.ventures.states import EndState, HandoverStatus, Outcome
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

IN_HAND = (HandoverStatus.OFFERED, HandoverStatus.CONSENTED, HandoverStatus.ACCEPTED)


@transaction.atomic
def offer(
    stay: Stay,
    *,
    institution: int,
    stage: str,
    asked: Sequence[str],
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
) -> Handover:
    """Propose the next place and say which categories of data would go along. The next place hears nothing yet."""
    stay = queries.locked_stay(stay.pk)
    known = known_of(stay.venture_id, institution)
    in_hand = stay.handovers.filter(institution=institution, status__in=IN_HAND).exists()
    require(
        policy.why_not_offer(
            stay, known, institution=institution, stage=stage, asked=asked, today=today, in_hand=in_hand,
            role_kind=role_kind,
        )
    )  # fmt: skip
    handover = Handover.objects.create(
        venture=stay.venture,
        stay=stay,
        institution_id=institution,
        stage=stage,
        asked=list(dict.fromkeys(asked)),
        offered_at=business_moment(now, today),
    )
    ledger.move(handover, "offer", to=handover.status, by=by, at=now, role_kind=role_kind, details={"asked": [*asked]})
    return handover


@transaction.atomic
def consent(
    handover: Handover, *, categories: Sequence[str], by: Person | None, now: datetime, role_kind: str = ""
) -> Handover:
    """The venture agrees that these categories are handed over, all or some of those asked for."""
    handover = queries.locked_handover(handover.pk)
    require(policy.why_not_consent(handover, categories=categories, role_kind=role_kind))
    handover.consented = list(dict.fromkeys(categories))
    handover.save(update_fields=["consented"])
    details = {"categories": handover.consented}
    ledger.move(handover, "consent", by=by, at=now, role_kind=role_kind, details=details)
    return handover


@transaction.atomic
def stop(handover: Handover, *, by: Person | None, now: datetime, role_kind: str = "") -> Handover:
    """The venture withdraws its consent: nothing more is seen by the next place, the present stay goes on untouched."""
    handover = queries.locked_handover(handover.pk)
    require(policy.why_not_stop(handover, role_kind=role_kind))
    ledger.move(handover, "stop", by=by, at=now, role_kind=role_kind)
    return handover


@transaction.atomic
def decline(handover: Handover, *, reason: str, by: Person | None, now: datetime, role_kind: str = "") -> Handover:
    """The venture, or the next place, does not want it."""
    handover = queries.locked_handover(handover.pk)
    require(policy.why_not_decline(handover, reason=reason, role_kind=role_kind))
    handover.reason = reason.strip()
    handover.save(update_fields=["reason"])
    ledger.move(handover, "decline", by=by, at=now, role_kind=role_kind)
    return handover


@transaction.atomic
def accept(handover: Handover, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Handover:
    """The next place is ready to take the venture in."""
    handover = queries.locked_handover(handover.pk)
    known = known_of(handover.venture_id, handover.institution_id)
    require(policy.why_not_accept(handover, known, today=today, role_kind=role_kind))
    ledger.move(handover, "accept", by=by, at=now, role_kind=role_kind)
    return handover


@transaction.atomic
def complete(
    handover: Handover, *, on: date, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """The venture has moved on this day: the old stay ends (unless it had), the new one begins, confirmed."""
    handover = queries.locked_handover(handover.pk)
    known = known_of(handover.venture_id, handover.institution_id)
    require(policy.why_not_complete(handover, known, on=on, today=today, role_kind=role_kind))
    day = PartialDate.of(on.isoformat())
    stay = queries.locked_stay(handover.stay_id)
    if stay.end_state != EndState.KNOWN:
        outcome = Outcome.MOVED.value
        end_stay(stay, "move_on", outcome, on=day, reason="", by=by, now=now, today=today, role_kind=role_kind)
    known = known_of(handover.venture_id, handover.institution_id)
    draft = StayDraft(
        venture=handover.venture_id,
        institution=handover.institution_id,
        stage=handover.stage,
        starts=day,
        source=f"handover:{handover.pk}",
    )
    handover.next_stay = enter(draft, known, by=by, now=now, today=today, role_kind=role_kind)
    handover.save(update_fields=["next_stay"])
    details = {"categories": handover.consented}
    ledger.move(handover, "complete", by=by, at=now, role_kind=role_kind, details=details)
    return handover.next_stay
