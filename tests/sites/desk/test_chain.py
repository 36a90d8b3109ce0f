"""The chain at the desk: asking, answering, handing over with consent, and who sees what of it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.messages import queries as told
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import Application, Handover, Question, Stay, Venture
from hatchline.apps.ventures.queries import sight
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import invented
from hatchline.sites.desk.ventures import VENTURES
from tests.sites.desk.people import DONE, TOLD, founder, place, someone, stay, venture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district(monkeypatch):
    """Every institution of these tests is in the district's directory."""
    from hatchline.apps.institutions.models import Institution
    from hatchline.apps.institutions.queries import Directory
    from hatchline.sites.desk import steps

    def directory(code: str) -> Directory:
        assert code == settings.DISTRICT
        rows = Institution.objects.order_by("name", "pk")
        return Directory(rows=rows, counts={}, elsewhere=[], total=rows.count())

    monkeypatch.setattr(steps.institutions, "directory", directory)


@pytest.fixture
def nursery():
    return place("望京苗圃", "nursery")


@pytest.fixture
def incubator():
    return place("酒仙桥孵化器", "incubation")


@pytest.fixture
def accelerator():
    return place("电子城加速器", "acceleration")


def titles(who) -> list[str]:
    return [message.said_title for message in told.of(who.person)]


def applied(who, where, stage="nursery", **more):
    sent = {"name": "听雨团队", "summary": "做雨量计", "others": "李四\n王五", "backgrounds": "student",
            "stage": stage, "institution": where.institution.pk, "note": "要两个工位"}  # fmt: skip
    return who.post("/desk/apply/", **{**sent, **more})


def test_a_team_without_a_number_applies_and_is_taken_in(nursery):
    who = founder()
    page = who.get("/desk/mine/").content.decode()
    assert "从一个想法开始" in page
    assert applied(who, nursery).status_code == 302
    application = Application.objects.get()
    made = application.venture
    assert made.legal_person_id is None
    assert {each.person_id or each.name for each in made.founders.all()} == {who.person.pk, "李四", "王五"}
    assert titles(nursery.manager) == ["“听雨团队”申请入驻“望京苗圃”"]
    shown = nursery.manager.get(f"/desk/applications/{application.pk}/").content.decode()
    for word in ("做雨量计", "李四", "江一帆", "要两个工位"):
        assert word in shown
    answer = nursery.manager.post(f"/desk/applications/{application.pk}/admit/", starts="2017-07-01")
    assert answer.status_code == 302
    its = Stay.objects.get()
    assert (its.status, its.stage, its.institution_id) == ("confirmed", "nursery", nursery.institution.pk)
    assert titles(who) == ["“望京苗圃”已接收“听雨团队”"]
    assert not list(told.waiting(nursery.manager.person))
    assert who.get("/desk/mine/", follow=True).status_code == 200
    assert "望京苗圃" in who.get(f"/desk/ventures/{made.pk}/").content.decode()


def test_institutions_stand_under_the_stages_they_offer(nursery, incubator):
    page = founder().get("/desk/apply/").content.decode()
    groups = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.DOTALL))
    assert list(groups) == ["创业苗圃", "孵化"]
    assert nursery.institution.name in groups["创业苗圃"] and incubator.institution.name not in groups["创业苗圃"]


def test_what_was_typed_stays_and_the_stage_must_be_offered(nursery):
    who = founder()
    answer = applied(who, nursery, stage="park")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这家机构提供的是：创业苗圃" in page
    assert "做雨量计" in page
    assert not Venture.objects.exists()
    missing = applied(who, nursery, name="")
    assert missing.status_code == 422
    assert "李四" in missing.content.decode()


def test_a_draft_is_kept_and_found_again(nursery):
    who = founder()
    kept = who.post("/desk/drafts/?form=/desk/apply/", name="半个名字", summary="还没写完")
    assert kept.status_code == 204
    page = who.get("/desk/apply/").content.decode()
    assert "半个名字" in page
    assert "您上次没有交出的内容" in page
    other = founder("别人")
    assert "半个名字" not in other.get("/desk/apply/").content.decode()


def test_a_refusal_says_why_and_another_place_may_be_asked(nursery, incubator):
    who = founder()
    applied(who, nursery)
    application = Application.objects.get()
    empty = nursery.manager.post(f"/desk/applications/{application.pk}/refuse/", reason="")
    assert empty.status_code == 422
    done = nursery.manager.post(f"/desk/applications/{application.pk}/refuse/", reason="工位满了，十月再来。")
    assert done.status_code == 302
    page = who.get(f"/desk/applications/{application.pk}/").content.decode()
    assert "工位满了，十月再来。" in page
    assert "向另一家申请" in page
    assert nursery.manager.get(f"/desk/ventures/{application.venture_id}/").status_code == 404
    again = who.post(f"/desk/apply/?venture={application.venture_id}", stage="incubation",
                     institution=incubator.institution.pk, note="")  # fmt: skip
    assert again.status_code == 302
    assert Venture.objects.count() == 1


def test_an_application_is_recalled_once(nursery):
    who = founder()
    applied(who, nursery)
    application = Application.objects.get()
    assert nursery.manager.post(f"/desk/applications/{application.pk}/recall/").status_code == 403
    who.post(f"/desk/applications/{application.pk}/recall/")
    application.refresh_from_db()
    assert application.status == "recalled"
    assert not list(told.waiting(nursery.manager.person))
    late = nursery.manager.post(f"/desk/applications/{application.pk}/admit/", starts="2017-07-01")
    assert late.status_code == 422
    assert "这份申请已经处理" in late.content.decode()
    assert not Stay.objects.exists()


def test_what_is_of_others_is_not_there(nursery, incubator):
    who, stranger = founder(), founder("别人")
    applied(who, nursery)
    application = Application.objects.get()
    pk = application.venture_id
    its = stay(application.venture, nursery, "2016-01-01", "nursery")
    handed = ventures.offer(its, institution=incubator.institution.pk, stage="incubation", asked=["profile"], **TOLD)
    addresses = [f"/desk/applications/{application.pk}/", f"/desk/ventures/{pk}/", f"/desk/ventures/{pk}/figures/",
                 f"/desk/ventures/{pk}/rights/", f"/desk/handovers/{handed.pk}/", f"/desk/stays/{its.pk}/leave/",
                 f"/desk/ventures/{2**70}/", f"/desk/stays/{2**70}/leave/"]  # fmt: skip
    for address in addresses:
        assert stranger.get(address).status_code == 404, address
        assert incubator.manager.get(address).status_code == 404, address
    assert someone("mentor").get(f"/desk/ventures/{pk}/").status_code == 404
    assert incubator.manager.post(f"/desk/stays/{its.pk}/graduate/", on="2017-01").status_code == 404


def handed_over(who, start, end, categories=("profile", "founders"), asked=("profile", "founders", "funding")):
    made = venture("听雨科技", who)
    its = stay(made, start, "2015-01-01")
    sent = {"stage": "acceleration", "institution": end.institution.pk, "asked": list(asked)}
    assert start.manager.post(f"/desk/stays/{its.pk}/offer/", **sent).status_code == 302
    handover = Handover.objects.get()
    assert end.manager.get(f"/desk/handovers/{handover.pk}/").status_code == 404
    assert end.manager.get(f"/desk/ventures/{made.pk}/").status_code == 404
    if categories:
        assert who.post(f"/desk/handovers/{handover.pk}/consent/", categories=list(categories)).status_code == 302
    handover.refresh_from_db()
    return made, handover


def test_nothing_is_agreed_to_nor_asked_for_of_itself(incubator, accelerator):
    who = founder()
    _made, handover = handed_over(who, incubator, accelerator, categories=())
    for page in (
        who.get(f"/desk/handovers/{handover.pk}/consent/"),
        incubator.manager.get(f"/desk/stays/{handover.stay_id}/offer/"),
    ):
        boxes = [each for each in re.findall("<input[^>]*>", page.content.decode()) if 'type="checkbox"' in each]
        assert boxes and not any("checked" in each.replace("checkbox", "") for each in boxes)
    assert who.post(f"/desk/handovers/{handover.pk}/consent/").status_code == 422
    handover.refresh_from_db()
    assert (handover.status, handover.consented) == ("offered", [])


def test_a_handover_goes_step_by_step_and_everyone_is_told(incubator, accelerator):
    who = founder()
    made, handover = handed_over(who, incubator, accelerator)
    assert handover.status == "consented"
    assert "“酒仙桥孵化器”推荐“听雨科技”去“电子城加速器”" in titles(who)
    assert titles(accelerator.manager) == ["“酒仙桥孵化器”推荐“听雨科技”到“电子城加速器”"]
    assert incubator.manager.post(f"/desk/handovers/{handover.pk}/accept/").status_code == 404
    accelerator.manager.post(f"/desk/handovers/{handover.pk}/accept/")
    handover.refresh_from_db()
    assert handover.status == "accepted"
    future = accelerator.manager.post(f"/desk/handovers/{handover.pk}/complete/", on="2027-07-18")
    assert future.status_code == 422
    assert accelerator.manager.post(f"/desk/handovers/{handover.pk}/complete/", on="2017-07-10").status_code == 302
    stays = list(queries.stays_of(made))
    assert [(each.stage, each.end_state, each.outcome) for each in stays] == [
        ("incubation", "known", "moved"), ("acceleration", "open", "")
    ]  # fmt: skip
    assert "“听雨科技”已移交到“电子城加速器”" in titles(who)
    assert "“听雨科技”已移交到“电子城加速器”" in titles(incubator.manager)


def test_the_next_place_sees_what_was_consented_to_and_nothing_after_it_is_withdrawn(incubator, accelerator):
    who = founder()
    made, handover = handed_over(who, incubator, accelerator)
    ventures.record_founder(made, name="不该看到的人", **DONE)
    page = accelerator.manager.get(f"/desk/ventures/{made.pk}/").content.decode()
    assert "不该看到的人" in page  # founders were consented to
    assert "企业没有同意给本机构看这一类资料" in page  # funding was not
    accelerator.manager.post(f"/desk/handovers/{handover.pk}/accept/")
    who.post(f"/desk/handovers/{handover.pk}/stop/")
    handover.refresh_from_db()
    assert handover.status == "stopped"
    assert accelerator.manager.get(f"/desk/ventures/{made.pk}/").status_code == 404
    late = accelerator.manager.get(f"/desk/handovers/{handover.pk}/").content.decode()
    assert "企业已撤回同意" in late
    refused = accelerator.manager.post(f"/desk/handovers/{handover.pk}/complete/", on="2017-07-10")
    assert refused.status_code == 422
    assert "企业已撤回同意，移交到此为止" in refused.content.decode()
    assert Stay.objects.count() == 1
    for party in (incubator.manager, accelerator.manager):
        assert "“听雨科技”撤回了移交的同意" in titles(party)


def test_who_sees_what_is_what_they_see(incubator, accelerator):
    who = founder()
    made, handover = handed_over(who, incubator, accelerator)
    page = who.get(f"/desk/ventures/{made.pk}/who-sees/").content.decode()
    assert "酒仙桥孵化器" in page
    assert "电子城加速器" in page
    parties = {each.institution.pk: each for each in sight.parties(made.pk)}
    there = parties[accelerator.institution.pk]
    assert [name for name in sight.ALL if there.sees(name)] == ["profile", "founders"]
    assert all(parties[incubator.institution.pk].sees(name) for name in sight.ALL)
    who.post(f"/desk/handovers/{handover.pk}/stop/")
    assert [each.institution.pk for each in sight.parties(made.pk)] == [incubator.institution.pk]
    assert "电子城加速器" not in who.get(f"/desk/ventures/{made.pk}/who-sees/").content.decode()


def test_what_came_after_it_left_is_not_seen_by_the_old_place(incubator):
    who = founder()
    made = venture("听雨科技", who)
    its = stay(made, incubator, "2015-01-01")
    for number, day in (("ZL1", "2016-03-01"), ("ZL2", "2017-05-01")):
        sent = {"kind": "invention", "title": f"发明 {number}", "number": number, "granted": day, "source": "证书"}
        assert who.post(f"/desk/ventures/{made.pk}/rights/", **sent).status_code == 302
    seen = incubator.manager.get(f"/desk/ventures/{made.pk}/").content.decode()
    assert "发明 ZL1" in seen
    assert "发明 ZL2" in seen
    assert incubator.manager.post(f"/desk/stays/{its.pk}/graduate/", on="2017-01-01").status_code == 302
    later = incubator.manager.get(f"/desk/ventures/{made.pk}/").content.decode()
    assert "发明 ZL1" in later
    assert "发明 ZL2" not in later
    assert "发明 ZL2" in who.get(f"/desk/ventures/{made.pk}/").content.decode()
    refused = incubator.manager.post(
        f"/desk/ventures/{made.pk}/rights/", kind="invention", title="晚了", number="ZL3", source="证书"
    )
    assert refused.status_code == 422
    assert "才能由本机构补记" in refused.content.decode()


def test_a_claim_needs_the_other_side(incubator):
    who = founder()
    made = venture("听雨科技", who)
    sent = {"institution": incubator.institution.pk, "name": "听雨科技", "stage": "incubation", "starts": "2016-02"}
    asked = incubator.manager.post("/desk/ventures/take-on/", **sent)
    assert asked.status_code == 422
    assert "登记簿里有很像的记录" in asked.content.decode()
    assert not Stay.objects.exists()
    assert incubator.manager.post("/desk/ventures/take-on/", **sent, which=made.pk).status_code == 302
    its = Stay.objects.get()
    assert (its.venture_id, its.status) == (made.pk, "claimed")
    incubator.manager.post(f"/desk/stays/{its.pk}/confirm/")
    its.refresh_from_db()
    assert its.status == "claimed"
    who.post(f"/desk/stays/{its.pk}/confirm/")
    its.refresh_from_db()
    assert its.status == "confirmed"
    assert "“听雨科技”在“酒仙桥孵化器”的入驻已确认" in titles(incubator.manager)


def test_a_record_that_is_not_alike_cannot_be_taken_by_its_key(incubator):
    other = venture("完全不同的一家")
    sent = {"institution": incubator.institution.pk, "name": "听雨科技", "stage": "incubation", "starts": "2016-02"}
    incubator.manager.post("/desk/ventures/take-on/", **sent, which=other.pk)
    assert Stay.objects.get().venture_id != other.pk


def test_a_second_institution_s_claim_is_disputed_and_both_may_reply(incubator):
    second = place("东坝孵化器", "incubation")
    made = venture("听雨科技", founder())
    stay(made, incubator, "2015-01-01")
    sent = {"institution": second.institution.pk, "name": "听雨科技", "stage": "incubation", "starts": "2016-02-01"}
    second.manager.post("/desk/ventures/take-on/", **sent, which=made.pk)
    question = Question.objects.get()
    for party, text in ((incubator, "合同到 2018 年"), (second, "2016 年起在我处")):
        assert party.manager.get("/desk/questions/").status_code == 200
        assert "听雨科技" in party.manager.get(f"/desk/questions/{question.pk}/").content.decode()
        assert party.manager.post(f"/desk/questions/{question.pk}/reply/", text="").status_code == 422
        assert party.manager.post(f"/desk/questions/{question.pk}/reply/", text=text).status_code == 302
    twice = second.manager.post(f"/desk/questions/{question.pk}/reply/", text="再说一次")
    assert "已经答复过" in twice.content.decode()
    third = place("来广营孵化器", "incubation")
    assert third.manager.get(f"/desk/questions/{question.pk}/").status_code == 404


def test_staff_prepare_and_managers_decide(nursery):
    who = founder()
    applied(who, nursery)
    application = Application.objects.get()
    helper = someone("staff", nursery.operator, "小赵")
    page = helper.get(f"/desk/applications/{application.pk}/").content.decode()
    assert "您当前的角色不能做这件事" in page
    assert helper.post(f"/desk/applications/{application.pk}/admit/", starts="2017-07-01").status_code == 422
    application.refresh_from_db()
    assert application.status == "submitted"


def test_a_team_becomes_a_company_at_the_desk(nursery):
    who = founder()
    made = venture("听雨团队", who)
    wrong = who.post(f"/desk/ventures/{made.pk}/incorporate/", name="北京听雨科技有限公司",
                     credit_code="9111010500000", on="2017-03-01")  # fmt: skip
    assert wrong.status_code == 422
    code = invented.credit_code(777, "91")
    done = who.post(
        f"/desk/ventures/{made.pk}/incorporate/", name="北京听雨科技有限公司", credit_code=code, on="2017-03-01"
    )
    assert done.status_code == 302
    made.refresh_from_db()
    assert made.name == "北京听雨科技有限公司"
    assert made.legal_person.credit_code == code
    assert [each.name for each in made.names.all()] == ["听雨团队"]


def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_thirty(incubator):
    stay(venture("第一家"), incubator, "2016-01-01")
    incubator.manager.get("/desk/ventures/")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            answer = incubator.manager.get("/desk/ventures/")
        assert answer.status_code == 200
        return len(queries_made)

    one = asked()
    for number in range(29):
        stay(venture(f"第 {number + 2} 家"), incubator, "2016-01-01")
    assert asked() <= one + 1
    assert VENTURES.travels
    assert "第一家" not in incubator.manager.get("/desk/ventures/?as_of=2015-06-30").content.decode()


def test_where_one_is_is_what_both_confirmed_and_not_a_later_claim_in_dispute():
    who, first, second = founder(), place("一号孵化器", "incubation"), place("二号孵化器", "incubation")
    its = venture("听雨科技", who)
    stay(its, first, "2015-01-01")
    assert stay(its, second, "2016-06-01").status == "disputed"
    page = who.get(f"/desk/ventures/{its.pk}/").content.decode()
    assert "在“一号孵化器”，孵化</h1>" in page and "在“二号孵化器”" not in page


def test_a_place_that_is_only_claimed_says_so(nursery):
    who = founder()
    its = venture("听雨团队", who)
    claimed = stay(its, nursery, "2017-01-01", "nursery")
    Stay.objects.filter(pk=claimed.pk).update(status="claimed", held_from=None, held_until=None)
    assert "在“望京苗圃”，创业苗圃（" in who.get(f"/desk/ventures/{its.pk}/").content.decode()


def test_the_heading_is_of_the_stay_that_counts_and_ended_last(incubator):
    """A shared laboratory that was left before the graduation is on record as such, and never the answer."""
    elsewhere, who = place("大屯孵化器", "incubation"), founder()
    made = venture("听雨科技", who)
    its = stay(made, incubator, "2015-01-01")
    beside = stay(made, elsewhere, "2016-01-01", counts=False, not_counting_reason="合用实验室")
    for each in (its, beside):
        if each.status != "confirmed":
            ventures.confirm(each, **TOLD)
    ventures.leave(beside, on=PartialDate.of("2017-03-01"), reason="合用结束", **TOLD)
    ventures.graduate(its, on=PartialDate.of("2017-07-18"), **TOLD)
    page = who.get(f"/desk/ventures/{made.pk}/").content.decode()
    assert "已从“酒仙桥孵化器”毕业" in page and "已离开“大屯孵化器”" not in page
    rows = [each for each in page.split("<tr")[1:] if "大屯孵化器" in each]
    assert "2016-01-01 – " in rows[-1]  # on a phone, where the columns of days are not
    assert "不计入统计" in rows[-1]  # of the records; the one before is of the axis
