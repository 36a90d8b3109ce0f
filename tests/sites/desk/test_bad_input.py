"""What cannot be is said where it is typed: what stands in the way, what was typed still there, nothing written."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.models import Institution
from hatchline.apps.institutions.queries import Directory
from hatchline.apps.ledger.models import Entry
from hatchline.apps.observations import actions as measures
from hatchline.apps.observations import queries as observations
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.apps.ventures.models import Application, Stay, Venture
from hatchline.core.values.dates import PartialDate
from hatchline.journeys import chain
from hatchline.journeys.world import invented
from hatchline.sites.desk import steps
from tests.sites.desk.people import DONE, NOW, TODAY, TOLD, founder, place, someone, stay, venture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district(monkeypatch):
    def directory(code: str) -> Directory:
        assert code == settings.DISTRICT
        rows = Institution.objects.exclude(status="closed").order_by("name", "pk")
        return Directory(rows=rows, counts={}, elsewhere=[], total=rows.count())

    monkeypatch.setattr(steps.institutions, "directory", directory)


@pytest.fixture
def incubator():
    return place("酒仙桥孵化器", "incubation")


@pytest.fixture
def accelerator():
    return place("电子城加速器", "acceleration")


def says(answer: Any, *words: str) -> None:
    page = answer.content.decode()
    assert answer.status_code == 422, (answer.status_code, page[:500])
    for word in words:
        assert word in page, word


def untouched(act: Any, *words: str) -> None:
    """The page says it, and nothing whatever was written."""
    moves, stays = Entry.objects.count(), list(Stay.objects.order_by("pk").values())
    says(act(), *words)
    assert Entry.objects.count() == moves and list(Stay.objects.order_by("pk").values()) == stays


def test_a_stay_before_the_venture_exists(incubator):
    made = ventures.register(VentureDraft(name="听雨科技", founded=PartialDate.of("2015"), source="test"), **TOLD)
    sent = {"institution": incubator.institution.pk, "name": "听雨科技", "stage": "incubation", "starts": "2014-02"}
    act = incubator.manager.post
    untouched(lambda: act("/desk/ventures/take-on/", **sent, which=made.pk), "早于主体创立时间", "2014-02")


@pytest.mark.parametrize(("verb", "more"), [("graduate", {}), ("leave", {"reason": "房租到期"})])
def test_an_end_before_its_beginning_or_in_the_future(incubator, verb, more):
    its = stay(venture("听雨科技"), incubator, "2016-01-01")
    address = f"/desk/stays/{its.pk}/{verb}/"
    untouched(lambda: incubator.manager.post(address, on="2015-01", **more), "早于入驻时间", *more.values())
    untouched(lambda: incubator.manager.post(address, on="2027-01", **more), "业务日期之后")


def test_a_graduate_is_not_taken_in_again(incubator):
    who, second = founder(), place("东坝孵化器", "incubation")
    made = venture("听雨科技", who)
    ventures.graduate(stay(made, incubator, "2013-01-01"), on=PartialDate.of("2015-01-01"), **TOLD)
    asked = {"stage": "incubation", "institution": second.institution.pk, "note": "再孵一次"}
    untouched(lambda: who.post(f"/desk/apply/?venture={made.pk}", **asked), "已从孵化阶段毕业", "再孵一次")
    sent = {"institution": second.institution.pk, "name": "听雨科技", "stage": "incubation", "starts": "2016-02"}
    untouched(lambda: second.manager.post("/desk/ventures/take-on/", **sent, which=made.pk), "已从孵化阶段毕业")


def test_who_graduates_while_an_application_waits_is_not_admitted(incubator):
    who, second = founder(), place("东坝孵化器", "incubation")
    made = venture("听雨科技", who)
    its = stay(made, incubator, "2013-01-01")
    who.post(f"/desk/apply/?venture={made.pk}", stage="incubation", institution=second.institution.pk, note="")
    ventures.graduate(its, on=PartialDate.of("2015-01-01"), **TOLD)
    waiting = Application.objects.get()
    address = f"/desk/applications/{waiting.pk}/admit/"
    untouched(lambda: second.manager.post(address, starts="2017-07-01"), "已从孵化阶段毕业")
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


def test_nobody_is_offered_to_a_closed_institution_nor_handed_over_to_one(incubator, accelerator):
    who = founder()
    its = stay(venture("听雨科技", who), incubator, "2015-01-01")
    sent = {"stage": "acceleration", "institution": accelerator.institution.pk, "asked": ["profile"]}
    assert incubator.manager.post(f"/desk/stays/{its.pk}/offer/", **sent).status_code == 302
    handover = queries.handovers_of(incubator.manager.role).get()
    who.post(f"/desk/handovers/{handover.pk}/consent/", categories=["profile"])
    accelerator.manager.post(f"/desk/handovers/{handover.pk}/accept/")
    there = Institution.objects.get(pk=accelerator.institution.pk)
    institutions.close(there, on=PartialDate.of("2017-07-01"), version=there.version, by=None, now=NOW)
    address = f"/desk/handovers/{handover.pk}/complete/"
    untouched(lambda: accelerator.manager.post(address, on="2017-07-10"), "已经关闭", "在运营的机构")
    other = stay(venture("听风科技"), incubator, "2015-01-01")
    untouched(lambda: incubator.manager.post(f"/desk/stays/{other.pk}/offer/", **sent))


def test_a_code_that_another_venture_holds(incubator):
    code = invented.credit_code(777, "91")
    there = venture("甲团队")
    chain.incorporate(there, name="甲公司", credit_code=code, on=PartialDate.of("2016"), **TOLD)
    who = founder()
    made = venture("乙团队", who)
    sent = {"name": "乙公司", "credit_code": code, "on": "2017-01-01"}
    untouched(lambda: who.post(f"/desk/ventures/{made.pk}/incorporate/", **sent), "乙公司", code)
    assert Venture.objects.get(pk=made.pk).legal_person_id is None


def test_two_managers_decide_one_application(incubator):
    who = founder()
    made = venture("听雨科技", who)
    who.post(f"/desk/apply/?venture={made.pk}", stage="incubation", institution=incubator.institution.pk, note="")
    waiting = Application.objects.get()
    second = someone("manager", incubator.operator, "李经理")
    assert incubator.manager.post(f"/desk/applications/{waiting.pk}/refuse/", reason="没有工位").status_code == 302
    address = f"/desk/applications/{waiting.pk}/admit/"
    untouched(lambda: second.post(address, starts="2017-07-01"), "这份申请已经处理")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("refused", "没有工位")


def test_figures_of_a_year_that_is_not_over(incubator):
    who = founder()
    made = venture("听雨科技", who)
    its = {"subject_kind": "ventures.venture", "time_kind": "flow", **DONE}
    measures.declare(code="revenue", name="营业收入", name_en="Revenue", value_type="money", unit="元", **its)
    address = f"/desk/ventures/{made.pk}/figures/"
    for year in (TODAY.year, TODAY.year + 3, TODAY.year - 4):
        act = f"{address}?year={year}"
        untouched(lambda act=act: who.post(act, unit="1", revenue="1234567"), f"{year} 年的数字不能", "1234567")
    assert not observations.values_of("ventures.venture", made.pk)
    assert who.post(f"{address}?year={TODAY.year - 1}", unit="1", revenue="1234567").status_code == 302
    assert [each.starts_on.year for each in observations.values_of("ventures.venture", made.pk)] == [TODAY.year - 1]
