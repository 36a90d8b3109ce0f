"""Where a demonstration's day is set back, applications and answers are of that day; the ledger keeps the real one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from hatchline.apps.ledger.models import Entry
from hatchline.apps.ventures import actions
from hatchline.apps.ventures.clock import business_moment
from hatchline.apps.ventures.models import Asked, Question
from tests.apps.ventures.conftest import on, place, stay, team

pytestmark = pytest.mark.django_db
REAL, TODAY = datetime(2026, 12, 1, 3, 30, tzinfo=UTC), date(2017, 7, 18)
DEMO = {"by": None, "now": REAL, "today": TODAY}


def day(moment: datetime) -> date:
    return timezone.localdate(moment)


def test_the_day_is_the_business_day_and_the_hour_the_real_one():
    assert timezone.localtime(business_moment(REAL, TODAY)).isoformat() == "2017-07-18T11:30:00+08:00"
    late = datetime(2017, 7, 18, 16, 30, tzinfo=UTC)  # past midnight here
    assert day(business_moment(late, TODAY)) == TODAY
    for same in (date(2026, 12, 1), date(2030, 1, 1), None):
        assert business_moment(REAL, same) == REAL


def test_an_application_is_never_of_a_day_after_its_admission():
    there = place("望京苗圃")
    made = actions.apply(team(), institution=there.pk, stage="nursery", **DEMO)
    admitted = actions.admit(made, starts=on("2017-07-18"), **DEMO)
    made.refresh_from_db()
    assert day(made.applied_at) == day(made.decided_at) == admitted.starts.exact == TODAY
    assert {each.at for each in Entry.objects.filter(subject_kind="ventures.application")} == {REAL}


def test_so_are_refusals_recalls_and_offers():
    there, other = place("望京苗圃"), place("望京孵化器")
    refused = actions.apply(team(), institution=there.pk, stage="nursery", **DEMO)
    actions.refuse(refused, reason="没有工位", **DEMO)
    recalled = actions.apply(team("另一队"), institution=there.pk, stage="nursery", **DEMO)
    actions.recall(recalled, **DEMO)
    for each in (refused, recalled):
        each.refresh_from_db()
        assert day(each.decided_at) == TODAY
    its = stay(team("第三队"), there, "2016-01-01", stage="nursery")
    offered = actions.offer(its, institution=other.pk, stage="incubation", asked=["profile"], **DEMO)
    assert day(offered.offered_at) == TODAY


def test_so_are_questions_replies_and_decisions():
    first, second, made = place("望京孵化器"), place("酒仙桥孵化器"), team()
    stay(made, first, "2015-01-01")
    actions.claim(_draft(made, second), **DEMO)
    question = Question.objects.get()
    for there in (first, second):
        actions.reply(question, institution=there.pk, text="在我处", **DEMO)
    actions.settle(question, resolution="keep_first", note="协议在先", **DEMO)
    question.refresh_from_db()
    moments = [question.asked_at, question.settled_at, *Asked.objects.values_list("replied_at", flat=True)]
    assert {day(each) for each in moments} == {TODAY}
    assert {each.at for each in Entry.objects.filter(subject_kind="ventures.question")} == {REAL}


def _draft(made, there):
    from hatchline.apps.ventures.drafts import StayDraft

    return StayDraft(made.pk, there.pk, "incubation", on("2016-01-01"), "test")
