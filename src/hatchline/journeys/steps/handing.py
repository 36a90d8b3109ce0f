"""Handing a venture over: every step is told to those whose turn it is, and its end to all who took part."""

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
    from hatchline.apps.ventures.models import Handover, Stay

KIND = "ventures.handover"


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
    """Propose the next place: the venture alone is told, and asked whether it agrees."""
    handover = ventures.offer(
        stay, institution=institution, stage=stage, asked=asked, by=by, now=now, today=today, role_kind=role_kind
    )
    _tell(
        handover,
        of_venture(handover.venture, today),
        "offered",
        _("“%(from)s”推荐“%(venture)s”去“%(to)s”"),
        _("下一站的阶段是%(stage)s。请看清要移交哪些资料，再决定是否同意；您不同意，对方什么也看不到。"),
        needs_answer=True,
        by=by,
        now=now,
    )
    return handover


@transaction.atomic
def consent(
    handover: Handover, *, categories: Sequence[str], by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Handover:
    """The venture agrees: the next place hears of it and is asked; the present one is told."""
    handover = ventures.consent(handover, categories=categories, by=by, now=now, role_kind=role_kind)
    messages.settle(handover, by=by, now=now)
    _tell(
        handover,
        of_institution(handover.institution, today),
        "consented",
        _("“%(from)s”推荐“%(venture)s”到“%(to)s”"),
        _("阶段是%(stage)s。企业已经同意，您可以看它同意移交的资料，再答复是否接收。"),
        needs_answer=True,
        by=by,
        now=now,
    )
    title, text = _("“%(venture)s”同意去“%(to)s”"), _("正等“%(to)s”答复。")
    _tell(handover, of_institution(handover.stay.institution, today), "agreed", title, text, by=by, now=now)
    return handover


@transaction.atomic
def stop(handover: Handover, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Handover:
    """The venture withdraws its consent: both institutions are told, and the next one sees nothing any more."""
    was_asked = bool(handover.consented)
    handover = ventures.stop(handover, by=by, now=now, role_kind=role_kind)
    messages.settle(handover, by=by, now=now)
    whom = of_institution(handover.stay.institution, today)
    if was_asked:
        whom += of_institution(handover.institution, today)
    title, text = _("“%(venture)s”撤回了移交的同意"), _("移交到此为止，资料不再可见；原来的入驻照旧。")
    _tell(handover, whom, "stopped", title, text, by=by, now=now)
    return handover


@transaction.atomic
def decline(
    handover: Handover, *, reason: str, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Handover:
    """The venture, or the next place, does not want it: the others read why."""
    was_asked = bool(handover.consented)
    handover = ventures.decline(handover, reason=reason, by=by, now=now, role_kind=role_kind)
    messages.settle(handover, by=by, now=now)
    whom = [*of_venture(handover.venture, today), *of_institution(handover.stay.institution, today)]
    if was_asked:
        whom += of_institution(handover.institution, today)
    title, text = _("“%(venture)s”去“%(to)s”的移交没有成"), _("原因：%(reason)s。原来的入驻照旧。")
    _tell(handover, whom, "declined", title, text, reason=reason.strip().rstrip("。"), by=by, now=now)
    return handover


@transaction.atomic
def accept(handover: Handover, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Handover:
    """The next place takes it: the venture and the present place are told; what is left is the day."""
    handover = ventures.accept(handover, by=by, now=now, today=today, role_kind=role_kind)
    messages.settle(handover, by=by, now=now)
    whom = [*of_venture(handover.venture, today), *of_institution(handover.stay.institution, today)]
    title, text = _("“%(to)s”同意接收“%(venture)s”"), _("搬过去的那天由“%(to)s”登记，登记以前仍可撤回同意。")
    _tell(handover, whom, "accepted", title, text, by=by, now=now)
    return handover


@transaction.atomic
def complete(
    handover: Handover, *, on: date, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """It has moved on this day: all three are told."""
    stay = ventures.complete(handover, on=on, by=by, now=now, today=today, role_kind=role_kind)
    messages.settle(handover, by=by, now=now)
    whom = [*of_venture(handover.venture, today), *of_institution(handover.stay.institution, today)]
    title, text = _("“%(venture)s”已移交到“%(to)s”"), _("从 %(on)s 起在那里，阶段是%(stage)s。")
    _tell(handover, whom, "done", title, text, on=on, by=by, now=now)
    return stay


def _tell(
    handover: Handover,
    whom: list[Person],
    event: str,
    title: Any,
    text: Any,
    *,
    needs_answer: bool = False,
    by: Person | None,
    now: datetime,
    **more: Any,
) -> None:
    tell(
        {person.pk: person for person in whom}.values(),
        kind=f"{KIND}.{event}",
        title=title,
        text=text,
        params={
            "venture": handover.venture.name,
            "from": handover.stay.institution.name,
            "to": handover.institution.name,
            "stage": stage_word(handover.stage),
            **more,
        },
        link=reverse("desk:handover", args=[handover.pk]),
        subject=handover,
        needs_answer=needs_answer,
        by=by,
        now=now,
    )
