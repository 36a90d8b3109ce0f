"""Verbs on questions: asking, replying, settling."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.messages import actions as messages
from hatchline.apps.ventures import policy, queries
from hatchline.apps.ventures.actions import merging, settling
from hatchline.apps.ventures.clock import business_moment
from hatchline.apps.ventures.models import Asked, Question, QuestionKind, Resolution, Stay, Venture
from hatchline.apps.ventures.states import EndState, StayStatus
from hatchline.core.values.refusal import Refusal, Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def ask_duplicate(
    one: Venture,
    other: Venture,
    *,
    by: Person | None,
    now: datetime,
    today: date,
    due_on: date | None = None,
    role_kind: str = "",
) -> Question:
    """Are these two records one venture? Asked of every institution where one of them is, or was."""
    held = queries.hold([one.pk, other.pk])
    one, other = held[one.pk], held[other.pk]
    asked_before = Question.objects.filter(
        Q(venture=one, other_venture=other) | Q(venture=other, other_venture=one)
    ).exists()
    require(policy.why_not_ask_duplicate(one, other, asked_before=asked_before, role_kind=role_kind))
    question = Question.objects.create(
        kind=QuestionKind.DUPLICATE,
        venture=one,
        other_venture=other,
        asked_at=business_moment(now, today),
        due_on=due_on or today + timedelta(days=policy.REPLY_DAYS),
    )
    places = Stay.objects.filter(venture__in=[one, other]).exclude(status=StayStatus.WITHDRAWN)
    for place in sorted(set(places.values_list("institution", flat=True))):
        Asked.objects.create(question=question, institution_id=place)
    ledger.move(question, "ask", to=question.status, by=by, at=now, role_kind=role_kind, details={"kind": "duplicate"})
    return question


@transaction.atomic
def reply(
    question: Question,
    *,
    institution: int,
    text: str,
    by: Person | None,
    now: datetime,
    today: date | None = None,
    role_kind: str = "",
) -> Asked:
    """An institution that was asked gives its reply, once."""
    question = queries.locked_question(question.pk)
    asked = question.asked.select_for_update().filter(institution=institution).first()
    require(policy.why_not_reply(question, asked, text=text, role_kind=role_kind))
    assert asked is not None
    asked.text, asked.by, asked.replied_at = text.strip(), by, business_moment(now, today)
    asked.save(update_fields=["text", "by", "replied_at"])
    details = {"institution": institution}
    ledger.move(question, "reply", by=by, at=now, role_kind=role_kind, details=details)
    messages.settle(asked, by=by, now=now)
    return asked


@transaction.atomic
def told(asked: Collection[int], *, now: datetime) -> None:
    """The people of these institutions (keys of Asked) have got their messages. Part of telling them: no moves."""
    Asked.objects.filter(pk__in=asked, told_at=None).update(told_at=now)


@transaction.atomic
def settle(
    question: Question,
    *,
    resolution: str,
    note: str,
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
) -> Question:
    """The authority decides, once both have replied or the day has passed; the stays become what it decided."""
    question = queries.locked_question(question.pk)
    asked = list(question.asked.select_related("institution"))
    require(policy.why_not_settle(question, asked, resolution=resolution, note=note, today=today, role_kind=role_kind))
    settling.conclude(question, resolution=resolution, note=note, by=by, now=now, today=today, role_kind=role_kind)
    if question.kind == QuestionKind.DUPLICATE:
        if resolution == Resolution.MERGED:
            kept = queries.locked(question.venture_id)
            assert question.other_venture is not None
            merging.merge(kept, question.other_venture, reason=note, by=by, now=now, today=today, role_kind=role_kind)
    else:
        _carry_out(question, by=by, now=now, role_kind=role_kind)
    return question


def _carry_out(question: Question, *, by: Person | None, now: datetime, role_kind: str) -> None:
    assert question.stay_id is not None and question.other_stay_id is not None
    first, second = queries.locked_stay(question.stay_id), queries.locked_stay(question.other_stay_id)
    details = {"question": question.pk}
    if question.resolution == Resolution.KEEP_FIRST:
        _withdraw(second, by, now, role_kind, details)
    elif question.resolution == Resolution.KEEP_SECOND:
        _withdraw(first, by, now, role_kind, details)
    elif question.resolution == Resolution.SECOND_ASIDE and second.counts:
        second.counts, second.not_counting_reason = False, question.note[:200]
        second.save(update_fields=["counts", "not_counting_reason"])
        ledger.move(second, "set_aside", by=by, at=now, role_kind=role_kind, details=details)
    waiting = [each for each in (first, second) if settling.is_waiting(each)]
    if first in waiting and settling.is_objected(first):
        waiting.remove(first)  # somebody said so for another reason than that the other came
    for each in waiting:
        if settling.uphold_quietly(each, by=by, now=now, role_kind=role_kind, details=details):
            continue
        raise Refused(
            Refusal(
                "still_overlaps",
                _("按现有日期，两条记录仍然重叠，不能同时成立。"),
                _("请先登记其中一条的离开时间，或选择别的解决办法。"),
                params={"stays": [first.pk, second.pk], "open": first.end_state == EndState.OPEN},
            )
        )


def _withdraw(stay: Stay, by: Person | None, now: datetime, role_kind: str, details: dict[str, int]) -> None:
    if stay.status != StayStatus.WITHDRAWN:
        ledger.move(stay, "withdraw", by=by, at=now, role_kind=role_kind, details=details)
