"""Two at the same moment: one application, one place in time, one company code."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connections

from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.drafts import FundingDraft
from hatchline.apps.ventures.models import Application, Question, Stay, Venture
from hatchline.core.values.refusal import Refused
from tests.apps.ventures.conftest import DONE, NOW, TODAY, TOLD, body, drafted, on, place, team

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
RACERS = 6
LATER = {**TOLD, "today": TODAY + timedelta(days=16)}


def race(act) -> Counter[str]:
    """Have threads do ``act(number)`` at the same moment; what each got."""
    start, outcomes = threading.Barrier(RACERS), []

    def run(number: int) -> None:
        try:
            connections["default"].ensure_connection()
            start.wait()
            outcomes.append(act(number))
        except Refused as refused:
            outcomes.append(refused.refusal.code)
        except IntegrityError:
            outcomes.append("guard")
        except OperationalError as error:
            outcomes.append("deadlock" if "deadlock" in str(error) else str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def test_one_claim_is_confirmed_the_others_are_disputed():
    venture = team()
    places = [place(f"孵化器 {number}") for number in range(RACERS)]
    found = race(lambda number: actions.claim(drafted(venture, places[number], "2015-01-01"), **TOLD).status)
    assert found == Counter(confirmed=1, disputed=RACERS - 1)
    assert Question.objects.count() == RACERS - 1


def test_past_the_verbs_the_database_lets_one_in():
    venture = team()
    places = [place(f"孵化器 {number}") for number in range(RACERS)]

    def write(number: int) -> str:
        columns = drafted(venture, places[number], "2015-01-01").columns()
        return Stay.objects.create(**columns, status="confirmed", recorded_at=NOW).status

    found = race(write)
    assert found["confirmed"] == 1 and found["confirmed"] + found["guard"] + found["deadlock"] == RACERS
    assert Stay.objects.filter(status="confirmed").count() == 1


def test_two_managers_decide_one_application():
    application = actions.apply(team(), institution=place("孵化器").pk, stage="incubation", **TOLD)

    def decide(number: int) -> str:
        if number % 2:
            return actions.refuse(application, reason="场地已满", **DONE).status
        actions.admit(application, starts=on("2017-07-18"), **TOLD)
        return "admitted"

    found = race(decide)
    assert found["already_decided"] == RACERS - 1
    decided = Application.objects.get().status
    assert found[decided] == 1
    assert Stay.objects.count() == (decided == "admitted")


def test_two_teams_become_one_company():
    company, teams = body(), [team(f"团队 {number}") for number in range(RACERS)]

    def incorporate(number: int) -> str:
        actions.incorporate(teams[number], organisation=company.pk, on=on("2016-01-01"), **TOLD)
        return "done"

    assert race(incorporate) == Counter(done=1, code_held_by_another=RACERS - 1)
    assert Venture.objects.filter(legal_person=company).count() == 1


@pytest.mark.parametrize("is_asked_backwards", [False, True])
def test_settling_and_merging_never_wait_for_each_other(is_asked_backwards):
    for number in range(8):
        one, two = team(f"甲 {number}"), team(f"乙 {number}")
        asked = (two, one) if is_asked_backwards else (one, two)
        question = actions.ask_duplicate(*asked, **TOLD)

        def act(number: int, one=one, two=two, question=question) -> str:
            if number % 3 == 0:
                actions.settle(question, resolution="merged", note="同一家", **LATER)
            elif number % 3 == 1:
                actions.merge(one, two, reason="同一家", **TOLD)
            else:
                actions.merge(two, one, reason="同一家", **TOLD)
            return "merged"

        found = race(act)
        assert found["merged"] == 1 and set(found) <= {"merged", "venture_merged", "settled_already"}
        question.refresh_from_db()
        assert (question.status, Venture.objects.filter(status="merged").count()) == ("settled", number + 1)


def test_replies_and_undoing_a_merge_never_wait_for_each_other():
    for number in range(6):
        first, second = place(f"孵化器甲 {number}"), place(f"孵化器乙 {number}")
        kept, gone = team(f"甲 {number}"), team(f"乙 {number}")
        actions.claim(drafted(kept, first, "2012-01-01", "2014年"), **TOLD)
        actions.claim(drafted(gone, second, "2014-06-01"), **TOLD)
        merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
        question = Question.objects.get(venture=kept, kind="imprecise")

        def act(number: int, merge=merge, question=question, first=first) -> str:
            if number % 3 == 0:
                actions.undo_merge(merge, **DONE)
                return "undone"
            if number % 3 == 1:
                actions.reply(question, institution=first.pk, text="六月已搬走", **DONE)
                return "replied"
            actions.settle(question, resolution="both", note="并无重叠", **LATER)
            return "settled"

        found = race(act)
        assert found["undone"] == 1 and found["replied"] <= 1 and found["settled"] <= 1
        allowed = {"undone", "undone_already", "replied", "replied_already", "settled", "settled_already"}
        assert set(found) <= allowed


def test_money_recorded_while_two_are_merged_is_not_left_behind():
    for number in range(6):
        one, two = team(f"甲 {number}"), team(f"乙 {number}")

        def act(number: int, one=one, two=two) -> str:
            if number == 0:
                actions.merge(one, two, reason="同一家", **TOLD)
                return "merged"
            sums = [(pk, FundingDraft(None, text=str(number)), "名单") for pk in (two.pk, one.pk)]
            actions.record_fundings(sums)
            return "recorded"

        assert race(act) == Counter(merged=1, recorded=RACERS - 1)
        assert one.fundings.count() == 2 * (RACERS - 1) and not two.fundings.exists()


def test_money_recorded_while_its_record_goes_on_into_a_third_is_not_left_behind():
    for number in range(6):
        one, two, three = (team(f"{name} {number}") for name in "甲乙丙")
        actions.merge(one, two, reason="同一家", **TOLD)

        def act(number: int, one=one, two=two, three=three) -> str:
            if number == 0:
                actions.merge(three, one, reason="同一家", **TOLD)
                return "merged"
            actions.record_fundings([(two.pk, FundingDraft(None, text=str(number)), "名单")] * 2)
            return "recorded"

        assert race(act) == Counter(merged=1, recorded=RACERS - 1)
        assert three.fundings.count() == 2 * (RACERS - 1)


def test_the_kept_chain_follows_every_verb():
    there = actions.claim(drafted(team(), place("孵化器"), "2014-01-01"), **TOLD)
    kept = queries.present_chain()
    assert len(kept.stays) == 1 and queries.present_chain() is kept
    actions.withdraw(there, reason="录错", **DONE)
    assert len(queries.present_chain().stays) == 0
