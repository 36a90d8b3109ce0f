"""Two institutions claim one venture: nobody is turned away, both are asked, the authority settles it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db.models import Q

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.people import actions as people
from hatchline.apps.search import queries as search
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.models import Question, Stay, Venture
from hatchline.core.values.refusal import Refused
from tests.apps.ventures.conftest import DONE, NOW, TODAY, TOLD, body, drafted, on, place, stay, team
from tests.apps.ventures.test_chain import refused

pytestmark = pytest.mark.django_db
LATER = {**TOLD, "today": TODAY + timedelta(days=16)}


@pytest.fixture
def claimed(first, second):
    venture = team(incorporated="2013")
    return venture, stay(venture, first, "2014-01-01"), stay(venture, second, "2015-06-01")


def test_an_overlap_is_kept_as_disputed_and_asked_of_both(claimed, first, second):
    venture, there, other = claimed
    assert (there.status, other.status) == ("confirmed", "disputed")
    question = Question.objects.get()
    assert (question.kind, question.stay, question.other_stay) == ("overlap", there, other)
    assert {each.institution_id for each in question.asked.all()} == {first.pk, second.pk}
    assert question.due_on == TODAY + timedelta(days=15)
    assert queries.tenants(TODAY).get() == venture and queries.present("incubation", TODAY).get() == there


def test_both_may_reply_before_it_is_settled(claimed, first, second):
    _venture, there, other = claimed
    question = Question.objects.get()
    told = {"resolution": "keep_second", "note": "以合同为准", **TOLD}
    refused(lambda: actions.settle(question, **told), "may_still_reply")
    actions.reply(question, institution=first.pk, text="企业 2015 年已搬走", **DONE)
    refused(lambda: actions.reply(question, institution=first.pk, text="再说一次", **DONE), "replied_already")
    refused(lambda: actions.reply(question, institution=place("旁人").pk, text="有话说", **DONE), "not_asked")
    refused(lambda: actions.reply(question, institution=second.pk, text=" ", **DONE), "empty_reply")
    refused(lambda: actions.settle(question, **told), "may_still_reply")
    actions.reply(question, institution=second.pk, text="已签订孵化协议", **DONE)
    refused(lambda: actions.settle(question, **{**told, "resolution": "distinct"}), "does_not_fit")
    actions.settle(question, **told)
    there.refresh_from_db(), other.refresh_from_db()
    assert (there.status, other.status) == ("withdrawn", "confirmed")
    refused(lambda: actions.settle(question, **told), "settled_already")


def test_after_the_day_has_passed_it_is_settled_without_a_reply(claimed):
    _venture, there, other = claimed
    later = {"by": None, "now": NOW, "today": TODAY + timedelta(days=16)}
    actions.settle(Question.objects.get(), resolution="second_aside", note="共建实验室", **later)
    other.refresh_from_db(), there.refresh_from_db()
    assert (other.status, other.counts, other.not_counting_reason) == ("confirmed", False, "共建实验室")
    assert there.status == "confirmed"


def test_what_still_overlaps_cannot_both_be_true(claimed):
    _venture, there, other = claimed
    later = {"by": None, "now": NOW, "today": TODAY + timedelta(days=16)}
    question = Question.objects.get()
    refused(lambda: actions.settle(question, resolution="both", note="都对", **later), "still_overlaps")
    question.refresh_from_db(), other.refresh_from_db()
    assert (question.status, other.status) == ("open", "disputed")
    actions.leave(there, on=on("2015-06-01"), reason="搬走", **TOLD)
    actions.settle(question, resolution="both", note="前一家已登记离开", **later)
    other.refresh_from_db()
    assert other.status == "confirmed"


def test_imprecision_is_a_question_and_never_a_refusal(first, second):
    venture = team()
    stay(venture, first, "2014-01-01", "2015年6月")
    other = stay(venture, second, "2015-06-15")
    assert other.status == "confirmed"
    assert Question.objects.get().kind == "imprecise"
    later = {"by": None, "now": NOW, "today": TODAY + timedelta(days=16)}
    actions.settle(Question.objects.get(), resolution="both", note="6 月 10 日搬走", **later)


def test_days_that_only_touch_are_no_question(first, second):
    venture = team()
    stay(venture, first, "2014-01-01", "2015-06-01")
    assert stay(venture, second, "2015-06-01").status == "confirmed"
    assert not Question.objects.exists()


def test_other_stages_do_not_exclude_each_other(first, park):
    venture = team()
    stay(venture, first, "2014-01-01")
    assert stay(venture, park, "2014-06-01", stage="park").status == "confirmed"
    assert queries.stage_on(TODAY) == {venture.pk: "park"}


def test_an_admission_that_overlaps_is_kept_as_disputed(first, second):
    venture = team()
    stay(venture, first, "2014-01-01")
    asked = actions.apply(venture, institution=second.pk, stage="incubation", **TOLD)
    assert actions.admit(asked, starts=on("2017-07-18"), **TOLD).status == "disputed"
    assert Question.objects.count() == 1


def test_a_list_is_taken_in_with_all_checks(first, second, django_assert_max_num_queries):
    one, two = team("甲"), team("乙", founded="2015")
    made = [
        drafted(one, first, "2014-01-01", "2015-01-01"),
        drafted(one, second, "2014-06-01"),  # overlaps with the row above
        drafted(two, first, "2014-01-01"),  # before it existed
        drafted(two, second, "2016-01-01"),
        drafted(two, second, "2016-01-01"),  # again
    ]
    with django_assert_max_num_queries(12):
        found = actions.record_stays(made, now=NOW, today=TODAY)
    assert [each.status for each in found] == ["confirmed", "disputed", "", "confirmed", ""]
    assert [each.refusal.code if each.refusal else "" for each in found] == [
        "", "", "before_it_existed", "", "already_recorded",
    ]  # fmt: skip
    question = Question.objects.get()
    assert (question.stay_id, question.other_stay_id) == (found[0].pk, found[1].pk)


def test_merging_takes_everything_over_and_undoing_gives_it_back(first, second):
    company = body("北京听雨科技有限公司")
    kept = team("听雨科技团队")
    gone = team("北京听雨科技（有限公司）", legal_person=company.pk, incorporated="2014-05-01")
    stay(kept, first, "2013-01-01", "2014-05-01", stage="nursery")
    stay(gone, second, "2014-06-01")
    actions.record_right(gone, kind="software", number="2014SR001", source="证书", **TOLD)
    merge = actions.merge(kept, gone, reason="同一创始人，同一网站", **TOLD)
    kept, gone = queries.venture(kept.pk), queries.venture(gone.pk)
    assert (gone.status, gone.merged_into, queries.resolve(gone.pk)) == ("merged", kept, kept.pk)
    assert kept.legal_person == company and kept.incorporated.code == "2014-05-01"
    assert queries.stays_of(kept).count() == 2 and kept.rights.count() == 1
    assert queries.family(kept.pk) == [kept.pk, gone.pk] and queries.ventures().count() == 1
    assert queries.tenants(TODAY).get() == kept
    found = Venture.objects.filter(pk__in=search.matching("ventures.venture", "北京听雨科技（有限公司）"))
    assert kept in found
    refused(lambda: stay(gone, first, "2016-01-01"), "venture_merged")

    gone = actions.undo_merge(merge, **DONE)
    kept = queries.venture(kept.pk)
    assert (gone.status, gone.merged_into, gone.legal_person) == ("active", None, company)
    assert kept.legal_person is None and not kept.incorporated.is_known and not kept.names.exists()
    assert queries.stays_of(kept).get().stage == "nursery" and queries.stays_of(gone).get().stage == "incubation"
    refused(lambda: actions.undo_merge(merge, **DONE), "undone_already")


def test_ventures_with_overlapping_stays_are_not_merged(first, second):
    one, two = team("甲"), team("乙")
    a, b = stay(one, first, "2014-01-01"), stay(two, second, "2015-01-01")
    problem = refused(lambda: actions.merge(one, two, reason="同一网站", **TOLD), "stays_overlap")
    assert "望京孵化器" in str(problem.message) and problem.params["stays"] == [a.pk, b.pk]
    two.refresh_from_db()
    assert two.status == "active" and Stay.objects.get(pk=b.pk).venture == two
    actions.set_aside(b, reason="第二张工位", **DONE)
    actions.merge(one, two, reason="同一网站", **TOLD)


def test_two_companies_are_not_one(first):
    one, two = team("甲", legal_person=body("甲公司").pk), team("乙", legal_person=body("乙公司").pk)
    refused(lambda: actions.merge(one, two, reason="同一网站", **TOLD), "two_legal_bodies")
    refused(lambda: actions.merge(one, one, reason="x", **TOLD), "same_record")


def test_a_merge_is_undone_in_the_opposite_order():
    one, two, three = team("甲"), team("乙"), team("丙")
    early = actions.merge(one, two, reason="重复", **TOLD)
    late = actions.merge(one, three, reason="重复", **TOLD)
    refused(lambda: actions.undo_merge(early, **DONE), "merged_later")
    actions.undo_merge(late, **DONE)
    assert actions.undo_merge(early, **DONE).status == "active"


def test_possible_duplicates_are_found_asked_and_settled(first):
    one = team("北京听雨科技有限公司", website="https://www.tingyu.example.cn")
    two = team("北京听雨科技", website="tingyu.example.cn")
    team("别家", website="other.example.cn")
    assert queries.pairs() == [(one.pk, two.pk, ("same_name", "same_website"))]
    stay(one, first, "2014-01-01")
    question = actions.ask_duplicate(one, two, **TOLD)
    assert [each.institution for each in question.asked.all()] == [first]
    refused(lambda: actions.ask_duplicate(two, one, **TOLD), "asked_already")
    assert queries.pairs() == []
    later = {"by": None, "now": NOW, "today": TODAY + timedelta(days=16)}
    actions.settle(question, resolution="merged", note="同一公司", **later)
    assert queries.resolve(two.pk) == one.pk


def test_who_sees_which_venture(first, second):
    operator = bodies.register(OrganisationDraft(name="运营公司"), by=None, now=NOW)
    first.operator = operator
    first.save(update_fields=["operator"])
    here, elsewhere, asking = team("在这里"), team("在别处"), team("来申请")
    stay(here, first, "2014-01-01")
    stay(elsewhere, second, "2014-01-01")
    actions.apply(asking, institution=first.pk, stage="incubation", **TOLD)
    manager = SimpleNamespace(kind="manager", organisation_id=operator.pk)
    assert set(queries.visible_to(manager)) == {here, asking}
    assert queries.visible_to(SimpleNamespace(kind="official")).count() == 3
    assert queries.visible_to(SimpleNamespace(kind="expert")).count() == 0
    assert queries.visible_to(None).count() == 0
    assert queries.applications_of(manager).get().venture == asking
    founder = people.register(name="李听雨", by=None, now=NOW)
    own = actions.register(drafts_of("自己的团队"), founder=founder, role_kind="founder", **TOLD)
    role = SimpleNamespace(kind="founder", person_id=founder.pk, organisation_id=None)
    assert list(queries.visible_to(role)) == [own]


def drafts_of(name):
    from hatchline.apps.ventures.drafts import VentureDraft

    return VentureDraft(name)


def test_a_handover_shows_the_next_place_nothing_before_consent(first, accelerator):
    operator = bodies.register(OrganisationDraft(name="加速器公司"), by=None, now=NOW)
    accelerator.operator = operator
    accelerator.save(update_fields=["operator"])
    role = SimpleNamespace(kind="manager", organisation_id=operator.pk)
    venture = team()
    offer = actions.offer(
        stay(venture, first, "2014-01-01"), institution=accelerator.pk, stage="acceleration", asked=["profile"], **TOLD
    )
    assert not queries.handovers_of(role).exists() and not queries.visible_to(role).exists()
    offer = actions.consent(offer, categories=["profile"], **DONE)
    assert queries.handovers_of(role).get() == offer and queries.visible_to(role).get() == venture
    actions.stop(offer, **DONE)
    assert not queries.visible_to(role).exists()


def test_the_arrays_say_what_the_rows_say(first, second, park, django_assert_num_queries):
    one, two = team("甲", incorporated="2013"), team("乙", incorporated="2013")
    stay(one, first, "2014-01-01", "2016-01-01", outcome="graduated")
    stay(one, park, "2016-03-01", stage="park")
    stay(two, second, "2014-06-01", "?", evidence=date(2015, 6, 1))
    stay(team("丙"), first, "2014年", "2014年", outcome="left")  # no sure day
    with django_assert_num_queries(2):  # stays, and who ceased
        chain = queries.chain()
    from hatchline.core.chain.presence import stage_on

    assert len(chain.stays) == 3 and chain.unsure == 1
    for day in (date(2014, 1, 1), date(2015, 6, 1), date(2015, 6, 2), date(2016, 2, 1), TODAY):
        keys, stages = stage_on(chain.stays, day)
        names = ["nursery", "incubation", "acceleration", "park"]
        assert {int(key): names[stage] for key, stage in zip(keys, stages, strict=True)} == queries.stage_on(day)
    lengths, graduated, unknown = queries.durations(chain, TODAY)
    assert dict(zip(graduated.tolist(), lengths.tolist(), strict=True)) == {True: 730, False: 366} and unknown == 0
    assert len(chain.of(institutions=[second.pk]).stays) == 1


def test_the_guard_holds_against_whoever_goes_past_the_verbs(first, second):
    from django.db import IntegrityError, transaction

    venture = team()
    stay(venture, first, "2014-01-01")
    draft = drafted(venture, second, "2015-01-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(**draft.columns(), status="confirmed", recorded_at=NOW)
    Stay.objects.create(**draft.columns(), status="disputed", recorded_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.filter(status="disputed").update(status="confirmed")
    with pytest.raises(Refused):
        actions.confirm(Stay.objects.get(status="disputed"), **TOLD)


def test_merging_asks_about_what_is_doubtful_and_undoing_answers_it(first, second):
    kept, gone = team("甲"), team("乙")
    actions.graduate(stay(kept, first, "2012-01-01"), on=on("2014-01-01"), **TOLD)
    late = stay(gone, second, "2015-01-01")
    duplicate = actions.ask_duplicate(kept, gone, **TOLD)
    merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
    late.refresh_from_db(), duplicate.refresh_from_db()
    assert (late.status, late.venture, duplicate.status, duplicate.resolution) == (
        "disputed", kept, "settled", "merged",
    )  # fmt: skip
    question = Question.objects.get(kind="contradiction")
    assert (question.status, {each.institution for each in question.asked.all()}) == ("open", {first, second})
    actions.undo_merge(merge, **DONE)
    late.refresh_from_db(), question.refresh_from_db()
    assert (late.status, late.venture) == ("confirmed", gone)
    assert (question.status, question.resolution) == ("settled", "distinct")
    actions.merge(kept, gone, reason="还是同一家", **TOLD)
    again = Question.objects.get(kind="contradiction", status="open")
    late.refresh_from_db()
    assert again.pk != question.pk and again.asked.filter(replied_at=None).count() == 2 and late.status == "disputed"
    actions.settle(again, resolution="both", note="退出后重新创业", **{**TOLD, "today": TODAY + timedelta(days=16)})
    late.refresh_from_db()
    assert late.status == "confirmed"


@pytest.mark.parametrize("resolution", ["keep_first", "keep_second", "second_aside"])
def test_what_a_settled_question_took_from_a_stay_comes_back_when_the_merge_is_undone(first, second, resolution):
    kept, gone = team("甲"), team("乙")
    early, late = stay(kept, first, "2012-01-01", "2014年"), stay(gone, second, "2014-06-01")
    for _again in range(2):
        merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
        later = {**TOLD, "today": TODAY + timedelta(days=16)}
        actions.settle(Question.objects.get(status="open"), resolution=resolution, note="合同", **later)
        took = set(Stay.objects.filter(Q(status="withdrawn") | Q(counts=False)))
        assert took == {early if resolution == "keep_second" else late}
        actions.undo_merge(merge, **DONE)
        for one, venture in ((early, kept), (late, gone)):
            one.refresh_from_db()
            assert (one.status, one.counts, one.not_counting_reason, one.venture) == ("confirmed", True, "", venture)
    assert Question.objects.filter(status="settled", resolution=resolution).count() == 2


@pytest.mark.parametrize("resolution", ["keep_first", "second_aside"])
def test_a_stay_given_back_where_another_stands_by_now_is_disputed(first, second, accelerator, resolution):
    kept, gone = team("甲"), team("乙")
    stay(kept, first, "2012-01-01", "2014年")
    late = stay(gone, second, "2014-06-01")
    other = stay(gone, accelerator, "2016-01-01", stage="acceleration")
    merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
    actions.settle(Question.objects.get(), resolution=resolution, note="合同", **LATER)
    Stay.objects.filter(pk=other.pk).update(stage="incubation")
    actions.undo_merge(merge, **DONE)
    late.refresh_from_db()
    assert (late.status, late.counts, late.not_counting_reason) == ("disputed", True, "")
    refused(lambda: actions.uphold(late, reason="合同", **DONE), "overlaps")


def test_a_merge_can_be_undone_after_a_stay_set_aside_was_withdrawn(first, second):
    kept, gone = team("甲"), team("乙")
    stay(kept, first, "2012-01-01", "2014年")
    late = stay(gone, second, "2014-06-01")
    merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
    actions.settle(Question.objects.get(), resolution="second_aside", note="合同", **LATER)
    actions.withdraw(late, reason="登记错误", **DONE)
    assert actions.undo_merge(merge, **DONE).status == "active"
    late.refresh_from_db()
    assert (late.status, late.venture) == ("withdrawn", gone)


def test_undoing_a_merge_leaves_a_stay_that_was_withdrawn_for_another_reason(first, second):
    kept, gone = team("甲"), team("乙")
    stay(kept, first, "2012-01-01", "2014年")
    late = stay(gone, second, "2014-06-01")
    for resolution, status in (("keep_first", "confirmed"), ("both", "withdrawn")):
        merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
        actions.settle(Question.objects.get(status="open"), resolution=resolution, note="合同", **LATER)
        if resolution == "both":
            actions.withdraw(late, reason="从未入驻", **DONE)
        actions.undo_merge(merge, **DONE)
        late.refresh_from_db()
        assert (late.status, late.venture) == (status, gone)


def test_what_two_answers_took_from_one_stay_comes_back_together(first, second, accelerator):
    kept, gone = team("甲"), team("乙")
    stay(kept, first, "2012-01-01", "2014年")
    stay(kept, accelerator, "2015年", "2015年")
    late = stay(gone, second, "2014-06-01", "2015-06-01")
    merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
    for question, resolution in zip(Question.objects.order_by("pk"), ("second_aside", "keep_first"), strict=True):
        actions.settle(question, resolution=resolution, note="合同", **LATER)
    late.refresh_from_db()
    assert (late.status, late.counts) == ("withdrawn", False)
    actions.undo_merge(merge, **DONE)
    late.refresh_from_db()
    assert (late.status, late.counts, late.venture) == ("confirmed", True, gone)


def test_merging_asks_about_stays_that_may_overlap_and_disputes_none(first, second):
    kept, gone = team("甲"), team("乙")
    stay(kept, first, "2012-01-01", "2014年")
    late = stay(gone, second, "2014-06-01")
    actions.merge(kept, gone, reason="同一网站", **TOLD)
    late.refresh_from_db()
    assert (late.status, Question.objects.get().kind) == ("confirmed", "imprecise")


def test_an_end_found_later_that_overlaps_is_asked_about_and_not_lost(first, second):
    venture = team()
    there = stay(venture, first, "2014-01-01", "?", evidence=date(2014, 12, 31))
    other = stay(venture, second, "2015-06-01")
    assert not Question.objects.exists()
    there = actions.leave(there, on=on("2016-01-01"), reason="搬走", **TOLD)
    assert (there.status, there.ended.code, there.reason) == ("disputed", "2016-01-01", "搬走")
    question = Question.objects.get()
    assert (question.kind, question.stay, question.other_stay) == ("overlap", other, there)


def test_an_objection_is_upheld_or_the_stay_withdrawn(first, second):
    venture = team()
    there = actions.dispute(stay(venture, first, "2014-01-01"), reason="不在这里", **DONE)
    assert queries.tenants(TODAY).count() == 0
    refused(lambda: actions.uphold(there, reason=" ", **DONE), "no_reason")
    refused(lambda: actions.uphold(there, reason="合同", role_kind="manager", **DONE), "not_your_role")
    other = stay(venture, second, "2015-01-01")
    refused(lambda: actions.uphold(there, reason="合同", **DONE), "overlaps")
    there.refresh_from_db()
    assert there.status == "disputed"
    actions.withdraw(other, reason="登记错了", **DONE)
    assert actions.uphold(there, reason="合同与用房都在", **DONE).status == "confirmed"
    refused(lambda: actions.uphold(there, reason="再来", **DONE), "wrong_status")
    asked = stay(venture, second, "2016-01-01")
    refused(lambda: actions.uphold(asked, reason="合同", **DONE), "question_is_open")


@pytest.mark.parametrize(
    ("begun", "seen", "elsewhere", "day", "is_unsure"),
    [
        ("2014", None, "2014-05-01", date(2016, 1, 1), True),  # it may have begun here after it began there
        ("2014", None, "2015-01-01", date(2016, 1, 1), False),
        ("2014-01-01", None, "2014-01-02", date(2016, 1, 1), False),
        ("2014", date(2014, 3, 1), "2014-05-01", date(2016, 1, 1), False),  # it was seen here before
        ("2014", date(2015, 6, 1), "2015-03-01", date(2016, 1, 1), True),
        ("2014", None, "2015", date(2015, 6, 1), True),  # perhaps it had not begun there yet
        ("2014", None, "2015", date(2015, 12, 31), False),
    ],
)
def test_only_a_stay_that_surely_began_later_shows_that_a_venture_had_left(
    first, park, begun, seen, elsewhere, day, is_unsure
):
    venture = team()
    here = stay(venture, first, begun, "?", **({"evidence": seen} if seen else {}))
    stay(venture, park, elsewhere, stage="park")
    assert list(queries.unsure(day).filter(pk=here.pk)) == ([here] if is_unsure else [])
