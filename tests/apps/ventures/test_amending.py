"""What is recorded wrongly is corrected with a reason; who must answer is told; what was erased is gone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hatchline.apps.ledger.models import Entry
from hatchline.apps.messages import queries as told
from hatchline.apps.people import actions as people
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.models import Question
from hatchline.core.values.refusal import Refused
from hatchline.journeys import questions
from tests.apps.ventures.conftest import DONE, NOW, TODAY, TOLD, UNKNOWN, body, on, place, stay, team
from tests.apps.ventures.test_chain import refused

pytestmark = pytest.mark.django_db


def amended(of, starts, ended="", outcome="", reason="合同日期为准", **more):
    state = more.pop("end_state", "known" if ended else "open")
    days = {"starts": on(starts), "ended": on(ended) if ended else UNKNOWN, "end_state": state, "outcome": outcome}
    return actions.amend_stay(of, **days, reason=reason, **TOLD, **more)


def test_the_days_of_a_stay_are_corrected_and_the_ledger_keeps_what_they_were(first):
    there = stay(team(), first, "2014-03", "2016")
    after = amended(there, "2014-03-15", "2016-05-01", "graduated")
    after.refresh_from_db()
    assert (after.starts.code, after.ended.code, after.outcome) == ("2014-03-15", "2016-05-01", "graduated")
    assert (after.held_from, after.held_until) == (date(2014, 3, 15), date(2016, 5, 1))
    entry = Entry.objects.get(event="ventures.stay.amended")
    assert entry.details["was"]["starts"] == "2014-03" and entry.details["reason"] == "合同日期为准"
    assert queries.graduates(TODAY).get().pk == after.venture_id


def test_a_stay_may_turn_out_to_go_on(first):
    there = stay(team(), first, "2014-03-01", "2016-05-01")
    after = amended(there, "2014-03-01", reason="误登离开")
    assert after.end_state == "open" and after.reason == "" and queries.present("incubation", TODAY).get() == after


def test_new_days_that_overlap_become_a_question_to_both(first, second):
    venture = team()
    stay(venture, first, "2014-01-01", "2015-06-01")
    other = stay(venture, second, "2015-06-01")
    after = amended(other, "2015-03-01")
    assert after.status == "disputed"
    question = Question.objects.get()
    assert question.other_stay == after and question.asked.count() == 2
    amended(after, "2015-04-01")
    assert Question.objects.count() == 1, "they were asked already"


def test_what_was_settled_is_not_disputed_again(first, second):
    venture = team()
    there = stay(venture, first, "2014-01-01", "2015年6月")
    other = stay(venture, second, "2015-06-15")
    later = {"by": None, "now": NOW, "today": TODAY + timedelta(days=16)}
    actions.settle(Question.objects.get(), resolution="both", note="6 月 10 日搬走", **later)
    refused(lambda: amended(other, "2015-02-01"), "settled_before")
    amended(there, "2014-01-01", "2015-06-10", "left")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts": "2014-03-01", "ended": "2013-01-01", "outcome": "left"}, "ends_before_it_begins"),
        ({"starts": "2018-03-01"}, "in_the_future"),
        ({"starts": "2014-03-01", "reason": " "}, "no_reason"),
        ({"starts": "2014-03-01"}, "nothing_changed"),
        ({"starts": "2014-03-02", "outcome": "left"}, "outcome_without_end"),
        ({"starts": "2014-03-02", "ended": "2015", "end_state": "open"}, "end_without_leaving"),
        ({"starts": "2014-03-02", "end_state": "known"}, "no_day"),
        ({"starts": "2008-01-01"}, "before_it_existed"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(first, change, code):
    there = stay(team(founded="2009"), first, "2014-03-01")
    refused(lambda: amended(there, **change), code)
    there.refresh_from_db()
    assert there.starts.code == "2014-03-01" and there.end_state == "open"


def test_a_founder_corrects_no_stay(first):
    there = stay(team(), first, "2014-03-01")
    refused(lambda: amended(there, "2014-04-01", role_kind="founder"), "not_your_role")


def test_fields_are_amended_and_an_old_form_overwrites_nothing():
    venture = team(founded="2014")
    names = (("english", "Listening Rain"), ("alias", "听雨"))
    after = actions.amend(venture, founded=on("2014-05"), website="https://rain.example/", names=names, **TOLD)
    assert (after.founded.code, after.website_host) == ("2014-05", "rain.example")
    assert {(each.kind, each.name) for each in after.names.all()} == set(names)
    refused(lambda: actions.amend(venture, version=1, founded=on("2013"), **TOLD), "changed_meanwhile")
    before = after.version
    assert actions.amend(after, founded=on("2014-05"), names=names, **TOLD).version == before
    actions.amend(after, names=names[:1], founded=None, **TOLD)
    after.refresh_from_db()
    assert after.names.count() == 1 and not after.founded.is_known


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"incorporated": "2014"}, "not_incorporated"),
        ({"ceased": "2016"}, "not_ceased"),
        ({"founded": "2018"}, "in_the_future"),
    ],
)
def test_what_has_a_verb_of_its_own_is_not_amended(changes, code):
    venture = team(founded="2013")
    refused(lambda: actions.amend(venture, **{key: on(value) for key, value in changes.items()}, **TOLD), code)
    with pytest.raises(TypeError):
        actions.amend(venture, name="另一个名称", **TOLD)


@pytest.fixture
def asked(db):
    """Two institutions with people claim one venture."""
    operator = body("望京孵化器有限公司")
    manager = people.register("王管理", by=None, now=NOW)
    people.grant(manager, kind="manager", organisation=operator, starts_on=date(2015, 1, 1), by=None, now=NOW)
    first, second = place("望京孵化器", operator=operator.pk), place("无人孵化器")
    venture = team()
    stay(venture, first, "2014-01-01"), stay(venture, second, "2015-06-01")
    return Question.objects.get(), first, manager


def test_those_who_must_answer_are_told_once_until_they_did(asked):
    question, first, manager = asked
    assert questions.tell(now=NOW, today=TODAY) == 2
    assert questions.tell(now=NOW, today=TODAY) == 0
    message = told.of(manager).get()
    assert message.waits and message.due_on == question.due_on and "听雨科技团队" in message.said_title
    actions.reply(question, institution=first.pk, text="企业在我处", **DONE)
    message.refresh_from_db()
    assert not message.waits


def test_settling_ends_the_asking_and_officials_hear_of_what_is_overdue(asked):
    question, _first, manager = asked
    official = people.register("林主任", by=None, now=NOW)
    people.grant(official, kind="official", starts_on=date(2015, 1, 1), by=None, now=NOW)
    questions.tell(now=NOW, today=TODAY)
    later = TODAY + timedelta(days=16)
    assert questions.tell_overdue(now=NOW, today=TODAY) == 0 and not told.of(official).exists()
    assert questions.tell_overdue(now=NOW, today=later) == questions.tell_overdue(now=NOW, today=later) == 1
    assert "1" in told.of(official).get().said_title
    actions.settle(question, resolution="keep_first", note="合同在先", by=None, now=NOW, today=later)
    assert not told.of(manager).get().waits
    assert questions.tell_overdue(now=NOW, today=later) == 0


def test_a_founder_who_is_only_a_name_is_erased_and_a_person_on_record_as_a_person():
    venture = team()
    named = actions.record_founder(venture, name="李听雨", backgrounds=["student"], **DONE)
    person = people.register("赵听风", by=None, now=NOW)
    known = actions.record_founder(venture, person=person, name="赵听风", backgrounds=["teacher"], **DONE)
    assert actions.erase_founder(named, role_kind="administrator", **DONE).name == "—"
    refused(lambda: actions.erase_founder(known, **DONE), "person_on_record")
    with pytest.raises(Refused):
        actions.erase_founder(named, role_kind="official", **DONE)
    assert queries.dossier(person)["founded"][0]["name"] == "赵听风"
    assert actions.forget(person) == 1
    known.refresh_from_db()
    assert (known.name, known.backgrounds) == ("", [])
