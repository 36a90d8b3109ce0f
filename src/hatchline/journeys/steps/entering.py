"""Asking for a place, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hatchline.apps.messages import actions as messages
from hatchline.apps.ventures import actions as ventures
from hatchline.journeys.steps.telling import of_institution, of_venture, stage_word, tell

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person
    from hatchline.apps.ventures.drafts import VentureDraft
    from hatchline.apps.ventures.models import Application, Stay, Venture
    from hatchline.core.values.dates import PartialDate

KIND = "ventures.application"


def _params(application: Application) -> dict[str, Any]:
    return {
        "venture": application.venture.name,
        "institution": application.institution.name,
        "stage": stage_word(application.stage),
    }


def _link(application: Application) -> str:
    return reverse("desk:application", args=[application.pk])


@transaction.atomic
def apply(
    venture: Venture,
    *,
    institution: int,
    stage: str,
    by: Person | None,
    now: datetime,
    today: date,
    note: str = "",
    role_kind: str = "",
) -> Application:
    """The venture asks for a place; the institution's people are told."""
    application = ventures.apply(
        venture, institution=institution, stage=stage, note=note, by=by, now=now, today=today, role_kind=role_kind
    )
    tell(
        of_institution(application.institution, today),
        kind=f"{KIND}.received",
        title=_("“%(venture)s”申请入驻“%(institution)s”"),
        text=_("申请的阶段是%(stage)s。请看过申请后接收，或写明理由不予接收；申请人会看到您的答复。"),
        params=_params(application),
        link=_link(application),
        subject=application,
        needs_answer=True,
        by=by,
        now=now,
    )
    return application


@transaction.atomic
def apply_as_new(
    draft: VentureDraft,
    *,
    founders: Sequence[str],
    backgrounds: Sequence[str],
    institution: int,
    stage: str,
    by: Person,
    now: datetime,
    today: date,
    note: str = "",
    role_kind: str = "",
) -> Application:
    """A team without a record asks for its first place: it becomes a record, with whoever asks as a founder.

    ``founders``: names of the others. ``backgrounds``: of whoever asks. Nothing is written when a part is refused.
    """
    venture = ventures.register(draft, by=by, now=now, today=today, role_kind=role_kind)
    done: dict[str, Any] = {"by": by, "now": now, "role_kind": role_kind}
    ventures.record_founder(venture, person=by, backgrounds=backgrounds, **done)
    for name in dict.fromkeys(each.strip() for each in founders):
        if name:
            ventures.record_founder(venture, name=name, **done)
    return apply(venture, institution=institution, stage=stage, note=note, today=today, **done)


@transaction.atomic
def admit(
    application: Application, *, starts: PartialDate, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """The institution takes the venture in; its founders are told."""
    stay = ventures.admit(application, starts=starts, by=by, now=now, today=today, role_kind=role_kind)
    messages.settle(application, by=by, now=now)
    tell(
        of_venture(application.venture, today),
        kind=f"{KIND}.admitted",
        title=_("“%(institution)s”已接收“%(venture)s”"),
        text=_("阶段是%(stage)s，从 %(starts)s 起入驻。"),
        params={**_params(application), "starts": starts.text or starts.code},
        link=_link(application),
        subject=application,
        by=by,
        now=now,
    )
    return stay


@transaction.atomic
def refuse(
    application: Application, *, reason: str, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Application:
    """The institution does not take it in; its founders read why."""
    refused = ventures.refuse(application, reason=reason, by=by, now=now, today=today, role_kind=role_kind)
    messages.settle(application, by=by, now=now)
    tell(
        of_venture(refused.venture, today),
        kind=f"{KIND}.refused",
        title=_("“%(institution)s”没有接收“%(venture)s”"),
        text=_("理由：%(reason)s。您的记录都在，可以向另一家机构申请。"),
        params={**_params(refused), "reason": reason.strip().rstrip("。")},
        link=_link(refused),
        subject=refused,
        by=by,
        now=now,
    )
    return refused


@transaction.atomic
def recall(
    application: Application, *, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Application:
    """The venture takes its application back; the institution need not answer any more."""
    recalled = ventures.recall(application, by=by, now=now, today=today, role_kind=role_kind)
    messages.settle(application, by=by, now=now)
    tell(
        of_institution(recalled.institution, today),
        kind=f"{KIND}.recalled",
        title=_("“%(venture)s”撤回了入驻申请"),
        text=_("不用再答复。"),
        params=_params(recalled),
        link=_link(recalled),
        subject=recalled,
        by=by,
        now=now,
    )
    return recalled
