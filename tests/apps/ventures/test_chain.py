"""The way of a venture along the chain, and everything that is refused on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.drafts import FundingDraft
from hatchline.apps.ventures.models import Application, Question, Stay
from hatchline.core.values.refusal import Refused
from tests.apps.ventures.conftest import DONE, NOW, TODAY, TOLD, body, on, place, stay, team

pytestmark = pytest.mark.django_db


def refused(act, code):
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.refusal.code == code, caught.value.refusal
    assert str(caught.value.refusal.message)
    return caught.value.refusal


def test_from_a_team_to_a_park_in_one_record(nursery, first, accelerator, park):
    venture = team(founded="2013-03")
    asked = actions.apply(venture, institution=nursery.pk, stage="nursery", **TOLD)
    seedling = actions.admit(asked, starts=on("2013-04-01"), **TOLD)
    company = body(code="")
    venture = actions.incorporate(
        venture, organisation=company.pk, on=on("2014-02-10"), name="北京听雨科技有限公司", **TOLD
    )
    offer = actions.offer(seedling, institution=first.pk, stage="incubation", asked=["profile", "founders"], **TOLD)
    assert queries.handover_visible(offer) == frozenset()
    offer = actions.consent(offer, categories=["profile"], **DONE)
    offer = actions.accept(offer, **TOLD)
    assert queries.handover_visible(offer) == {"profile"}
    incubated = actions.complete(offer, on=date(2014, 3, 1), **TOLD)
    incubated = actions.graduate(incubated, on=on("2016-03-01"), **TOLD)
    for institution, stage, day in ((accelerator, "acceleration", "2016-03-05"), (park, "park", "2017-02-01")):
        last = Stay.objects.filter(venture=venture).latest("pk")
        offer = actions.offer(last, institution=institution.pk, stage=stage, asked=["profile"], **TOLD)
        actions.consent(offer, categories=["profile"], **DONE)
        offer.refresh_from_db()
        actions.complete(actions.accept(offer, **TOLD), on=date.fromisoformat(day), **TOLD)

    assert [each.stage for each in queries.stays_of(venture)] == ["nursery", "incubation", "acceleration", "park"]
    assert [each.outcome for each in queries.stays_of(venture)] == ["moved", "graduated", "moved", ""]
    days = {"2013-03-31": None, "2013-04-01": "nursery", "2014-03-01": "incubation", "2016-03-01": None,
            "2016-03-05": "acceleration", "2017-02-01": "park"}  # fmt: skip
    for day, stage in days.items():
        assert queries.stage_on(date.fromisoformat(day)).get(venture.pk) == stage, day
    assert queries.tenants(date(2014, 3, 1)).count() == 1
    assert queries.graduates(date(2016, 2, 29)).count() == 0
    assert queries.graduates(date(2016, 3, 1)).get() == venture
    assert [each.name for each in queries.venture(venture.pk).names.all()] == ["听雨科技团队"]
    events = {entry.event for entry in ledger.about(venture)}
    assert {"ventures.venture.registered", "ventures.venture.incorporated"} <= events
    assert [each.kind for each in queries.timeline(venture)][:3] == ["founded", "entered", "incorporated"]


def test_a_stay_before_the_venture_exists(first):
    venture = team(founded="2014-06")
    problem = refused(lambda: stay(venture, first, "2014-05-31"), "before_it_existed")
    assert "2014-06" in str(problem.message)
    assert stay(venture, first, "2014-06").status == "confirmed"  # may be after it: not refused


def test_an_end_before_its_beginning(first):
    venture = team()
    refused(lambda: stay(venture, first, "2014-06-01", "2014-05"), "ends_before_it_begins")
    there = stay(venture, first, "2014-06-01")
    refused(lambda: actions.graduate(there, on=on("2013年"), **TOLD), "ends_before_it_begins")
    refused(lambda: actions.leave(there, on=on("2018-01-01"), reason="搬走", **TOLD), "in_the_future")
    refused(lambda: actions.leave(there, on=on("2016-01-01"), reason=" ", **TOLD), "no_reason")


def test_a_graduate_is_not_admitted_again(first, second, accelerator):
    venture = team()
    actions.graduate(stay(venture, first, "2012-01-01"), on=on("2014-01-01"), **TOLD)
    problem = refused(
        lambda: actions.apply(venture, institution=second.pk, stage="incubation", **TOLD), "graduated_already"
    )
    assert problem.hint
    refused(lambda: stay(venture, second, "2015-01-01"), "graduated_already")
    aside = stay(venture, second, "2015-01-01", counts=False, not_counting_reason="共建联合实验室")
    assert aside.status == "confirmed" and not aside.counts
    assert actions.apply(venture, institution=accelerator.pk, stage="acceleration", **TOLD).status == "submitted"


def test_a_graduation_found_later_contradicts_an_incubation_after_it(first, second):
    venture = team()
    stay(venture, second, "2015-01-01", "2016-01-01")
    refused(lambda: stay(venture, first, "2012-01-01", "2014-01-01", outcome="graduated"), "graduated_already")


def test_whoever_left_may_come_back(first):
    venture = team()
    actions.leave(stay(venture, first, "2012-01-01"), on=on("2013-01-01"), reason="缺资金", **TOLD)
    again = actions.apply(venture, institution=first.pk, stage="incubation", **TOLD)
    assert actions.admit(again, starts=on("2014-01-01"), **TOLD).status == "confirmed"
    refused(lambda: actions.apply(venture, institution=first.pk, stage="incubation", **TOLD), "there_already")
    refused(lambda: actions.apply(venture, institution=first.pk, stage="nursery", **TOLD), "wrong_order")


def test_nobody_goes_to_a_closed_institution(first):
    gone = place("已关闭的孵化器", closed="2015-06-30")
    venture = team()
    there = stay(venture, first, "2016-01-01")
    refused(lambda: actions.apply(venture, institution=gone.pk, stage="incubation", **TOLD), "institution_closed")
    refused(
        lambda: actions.offer(there, institution=gone.pk, stage="acceleration", asked=["profile"], **TOLD),
        "institution_closed",
    )
    refused(lambda: stay(venture, gone, "2016-01-01"), "institution_closed")
    assert stay(team("先前的团队"), gone, "2014-01-01", "2015-01-01").status == "confirmed"


def test_an_institution_that_closes_midway_ends_a_handover(first, accelerator):
    there = stay(team(), first, "2016-01-01")
    offer = actions.offer(there, institution=accelerator.pk, stage="acceleration", asked=["profile"], **TOLD)
    offer = actions.accept(actions.consent(offer, categories=["profile"], **DONE), **TOLD)
    institutions.close(accelerator, on=on("2017-07-01"), version=accelerator.version, by=None, now=NOW)
    refused(lambda: actions.complete(offer, on=TODAY, **TOLD), "institution_closed")
    there.refresh_from_db()
    assert there.end_state == "open" and Stay.objects.count() == 1


def test_consent_withdrawn_midway_stops_the_handover_and_loses_nothing(first, accelerator):
    there = stay(team(), first, "2016-01-01")
    offer = actions.offer(there, institution=accelerator.pk, stage="acceleration", asked=["profile", "figures"], **TOLD)
    refused(lambda: actions.accept(offer, **TOLD), "wrong_status")
    refused(lambda: actions.consent(offer, categories=["rights"], **DONE), "not_asked_for")
    offer = actions.accept(actions.consent(offer, categories=["profile"], **DONE), **TOLD)
    offer = actions.stop(offer, role_kind="founder", **DONE)
    assert queries.handover_visible(offer) == frozenset()
    problem = refused(lambda: actions.complete(offer, on=TODAY, **TOLD), "consent_withdrawn")
    assert "照旧" in str(problem.hint)
    there.refresh_from_db()
    assert (there.end_state, there.status, Stay.objects.count()) == ("open", "confirmed", 1)
    again = actions.offer(there, institution=accelerator.pk, stage="acceleration", asked=["profile"], **TOLD)
    done = actions.complete(
        actions.accept(actions.consent(again, categories=["profile"], **DONE), **TOLD), on=TODAY, **TOLD
    )
    again.refresh_from_db()
    refused(lambda: actions.stop(again, **DONE), "done_already")
    assert done.stage == "acceleration"


def test_only_the_founder_consents(first, accelerator):
    there = stay(team(), first, "2016-01-01")
    offer = actions.offer(there, institution=accelerator.pk, stage="acceleration", asked=["profile"], **TOLD)
    refused(lambda: actions.consent(offer, categories=["profile"], role_kind="manager", **DONE), "not_your_role")


def test_incorporation_under_a_code_another_venture_holds():
    company = body()
    team("原有主体", legal_person=company.pk)
    other = team("另一团队", founded="2015")
    problem = refused(
        lambda: actions.incorporate(other, organisation=company.pk, on=on("2016-01-01"), **TOLD), "code_held_by_another"
    )
    assert "原有主体" in str(problem.message)
    refused(
        lambda: actions.incorporate(other, organisation=body("新公司").pk, on=on("2014"), **TOLD), "before_it_existed"
    )
    refused(lambda: team("第三个", legal_person=company.pk), "code_held_by_another")


def test_the_legal_body_changes_and_both_are_remembered():
    one, two = body("甲公司"), body("乙公司")
    venture = team(legal_person=one.pk, incorporated="2014-01-01")
    venture = actions.change_legal_person(
        venture, organisation=two.pk, on=date(2016, 1, 1), reason="重组到新公司", **TOLD
    )
    periods = [
        (each.organisation_id, each.starts_on, each.ends_before) for each in venture.legal_periods.order_by("pk")
    ]
    assert periods == [(one.pk, date(2014, 1, 1), date(2016, 1, 1)), (two.pk, date(2016, 1, 1), None)]
    assert venture.incorporated.code == "2014-01-01"
    refused(
        lambda: actions.change_legal_person(venture, organisation=two.pk, on=TODAY, reason="x", **TOLD),
        "same_legal_person",
    )


def test_an_application_is_decided_once_and_refused_with_a_reason(first):
    application = actions.apply(team(), institution=first.pk, stage="incubation", **TOLD)
    refused(lambda: actions.refuse(application, reason="", **DONE), "no_reason")
    actions.refuse(application, reason="不在孵化方向内", **DONE)
    refused(lambda: actions.admit(application, starts=on("2017-07-18"), **TOLD), "already_decided")
    refused(lambda: actions.recall(application, **DONE), "already_decided")
    assert Application.objects.get().reason == "不在孵化方向内" and not Stay.objects.exists()


def test_one_application_to_a_place_waits_at_a_time(first):
    venture = team()
    application = actions.apply(venture, institution=first.pk, stage="incubation", **TOLD)
    refused(lambda: actions.apply(venture, institution=first.pk, stage="incubation", **TOLD), "waits_already")
    actions.recall(application, **DONE)
    actions.apply(venture, institution=first.pk, stage="incubation", **TOLD)


def test_ceasing_ends_what_still_goes_on(first):
    venture = team(founded="2014")
    there = stay(venture, first, "2015-01-01")
    actions.cease(venture, on=on("2017-01-01"), reason="项目失败", **TOLD)
    there.refresh_from_db()
    assert (there.outcome, there.held_until) == ("closed", date(2017, 1, 1))
    refused(lambda: actions.apply(venture, institution=first.pk, stage="incubation", **TOLD), "venture_not_active")
    refused(lambda: stay(venture, first, "2017-02-01"), "after_it_ceased")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"stage": "school"}, "unknown_stage"),
        ({"starts": "2018-01-01"}, "in_the_future"),
        ({"starts": "不详"}, "no_beginning"),
        ({"starts": "2009-05-01"}, "before_the_institution"),
        ({"counts": False}, "no_reason"),
        ({"starts": "2015-01-01", "evidence": date(2014, 1, 1)}, "seen_before_it_began"),
        ({"starts": "2015-01-01", "evidence": date(2018, 1, 1)}, "in_the_future"),
    ],
)
def test_what_is_no_stay(first, fields, code):
    refused(lambda: stay(team(), first, **{"starts": "2015-01-01", **fields}), code)
    assert not Stay.objects.exists()


def test_the_same_stay_is_not_recorded_twice(first):
    venture = team()
    stay(venture, first, "2015-03")
    refused(lambda: stay(venture, first, "2015年3月"), "already_recorded")


def test_a_claim_waits_for_the_other_side(first):
    venture = team(founded="2014", incorporated="2014")
    there = stay(venture, first, "2015-01-01", status="claimed")
    assert queries.tenants(TODAY).count() == 0
    refused(lambda: actions.graduate(there, on=on("2016-01-01"), **TOLD), "not_confirmed")
    actions.confirm(there, **TOLD)
    assert queries.tenants(TODAY).get() == venture
    actions.dispute(there, reason="从未入驻", **DONE)
    assert queries.tenants(TODAY).count() == 0
    assert Question.objects.count() == 0


def test_setting_aside_and_counting_again(first, second):
    venture = team()
    there = stay(venture, first, "2015-01-01")
    actions.set_aside(there, reason="合用工位", **DONE)
    stay(venture, second, "2015-06-01")
    refused(lambda: actions.count(there, **DONE), "overlaps")
    assert Question.objects.count() == 0


def test_rights_and_money_are_checked_and_kept():
    venture = team()
    actions.record_right(
        venture, kind="invention", number="ZL201410000001.X", granted=on("2016-05"), source="证书", **TOLD
    )
    refused(
        lambda: actions.record_right(venture, kind="invention", number="ZL201410000001.X", source="证书", **TOLD),
        "already_recorded",
    )
    refused(
        lambda: actions.record_right(
            venture, kind="utility", applied=on("2016"), granted=on("2015"), source="证书", **TOLD
        ),
        "granted_before_applied",
    )
    assert queries.with_valid_rights(date(2016, 5, 30)).count() == 0
    assert queries.with_valid_rights(date(2016, 5, 31)).get() == venture
    actions.record_funding(venture, FundingDraft(None, "USD", "angel", on("2015")), source="报道", **TOLD)
    nothing = FundingDraft(Decimal(0))
    refused(lambda: actions.record_funding(venture, nothing, source="报道", **TOLD), "not_an_amount")
    actions.record_founder(venture, name="李听雨", backgrounds=["returnee"], **DONE)
    refused(lambda: actions.record_founder(venture, name="", **DONE), "no_name")
    assert venture.founders.get().backgrounds == ["returnee"]


def test_a_stale_form_is_refused():
    venture = team()
    actions.rename(venture, name="听风科技团队", on=date(2016, 1, 1), **TOLD)
    refused(lambda: actions.rename(venture, name="听雪", on=None, version=1, **TOLD), "changed_meanwhile")


def test_an_imprecise_start_holds_from_its_last_day(first):
    venture = team(incorporated="2013")
    stay(venture, first, "2015年")
    assert queries.tenants(date(2015, 12, 30)).count() == 0
    assert queries.perhaps_tenants(date(2015, 12, 30)).get() == venture
    assert queries.tenants(date(2015, 12, 31)).get() == venture


def test_an_unknown_end_is_censored_at_the_last_evidence(first):
    venture = team(incorporated="2013")
    stay(venture, first, "2014-01-01", "?", evidence=date(2015, 6, 30))
    assert queries.tenants(date(2015, 6, 30)).count() == 1
    assert queries.tenants(date(2015, 7, 1)).count() == 0
    assert queries.perhaps_tenants(date(2015, 7, 1)).count() == 1
    other = team("第二团队", incorporated="2013")
    stay(other, first, "2014-01-01")
    assert queries.tenants(TODAY).get() == other


def test_dates_amended_later_do_not_leave_stays_outside_its_life(first):
    venture = team(founded="2010")
    there = stay(venture, first, "2012-01-01", "2013-01-01")
    problem = refused(lambda: actions.amend(venture, founded=on("2014"), **TOLD), "stay_outside_its_life")
    assert "望京孵化器" in str(problem.message) and problem.params == {"stay": there.pk}
    refused(lambda: actions.cease(venture, on=on("2011"), reason="注销", **TOLD), "stay_outside_its_life")
    assert actions.amend(venture, founded=on("2012"), **TOLD).founded.code == "2012"


def test_a_graduate_is_not_handed_over_before_its_graduation(first, accelerator):
    there = actions.graduate(stay(team(), first, "2012-01-01"), on=on("2016-01-01"), **TOLD)
    offer = actions.offer(there, institution=accelerator.pk, stage="acceleration", asked=["profile"], **TOLD)
    offer = actions.accept(actions.consent(offer, categories=["profile"], **DONE), **TOLD)
    refused(lambda: actions.complete(offer, on=date(2014, 1, 1), **TOLD), "before_it_left")
    assert actions.complete(offer, on=date(2016, 1, 1), **TOLD).stage == "acceleration"


def test_nobody_is_admitted_for_a_far_day(first):
    asked = actions.apply(team(), institution=first.pk, stage="incubation", **TOLD)
    refused(lambda: actions.admit(asked, starts=on("2027-09-01"), **TOLD), "in_the_future")
    asked.refresh_from_db()
    assert asked.status == "submitted"
    assert actions.admit(asked, starts=on("2017-09-01"), **TOLD).held_from == date(2017, 9, 1)
