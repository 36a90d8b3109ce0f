"""Ventures in the console: the list on any day, one venture, its stays and the forms of their verbs."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.imports.models import Run
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ledger.models import Entry, ImportedRow
from hatchline.apps.observations import actions as observations
from hatchline.apps.people.models import Person
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.drafts import FundingDraft, StayDraft
from hatchline.apps.ventures.models import Founder, Question, Stay, Venture
from hatchline.core.values.dates import parse
from tests.apps.premises import conftest as rooms
from tests.apps.ventures.conftest import DONE, NOW, TODAY, TOLD, body, on, place, stay, team
from tests.sites.console.conftest import signed_in

pytestmark = pytest.mark.django_db
LIST = "/console/ventures/"
CODE = "91110105MA0000027N"


def names_of(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('class="hl-row-link"')[1:] for part in [part.split(">", 1)[1]]]


def shown(client, query: str = "") -> list[str]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return names_of(answer.content.decode())


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def life(db):
    """A team that became a company, was incubated, graduated and is in an accelerator; with everything recorded."""
    nursery, first, accelerator = place("望京苗圃"), place("望京孵化器"), place("来广营加速器", name_en="Laiguangying")
    venture = team("云杉传感团队", founded="2013-05", names=(("english", "Spruce Sensing"),))
    stay(venture, nursery, "2013-06-01", "2014-03-01", stage="nursery", outcome="moved")
    company = body("北京云杉传感技术有限公司", CODE)
    actions.incorporate(venture, organisation=company.pk, on=on("2014-02-10"), name=company.name, **TOLD)
    there = stay(venture, first, "2014-03-01")
    actions.graduate(there, on=on("2016-12-01"), **TOLD)
    stay(venture, accelerator, "2016-12-01", stage="acceleration")
    actions.record_founder(venture, name="周砚清", **DONE)
    actions.record_right(venture, kind="invention", title="压力芯片", granted=on("2015-08-01"), source="公告", **TOLD)
    actions.record_funding(venture, FundingDraft(Decimal(1_200_000), received=on("2015-03")), source="协议", **TOLD)
    return Venture.objects.get(pk=venture.pk)


def test_the_list_costs_as_much_with_thirty_rows_as_with_one(official, first, second):
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert official.get(LIST + query).status_code == 200
        return len(asked)

    addresses = ["", "?as_of=2016-12-31", "?tab=tenants"]
    stay(team("甲", incorporated="2013"), first, "2014")
    for each in addresses:
        official.get(LIST + each)
    before = [cost(each) for each in addresses]
    for number in range(30):
        made = team(f"团队{number}", incorporated="2013")
        stay(made, first if number % 2 else second, "2014-01-01")
        actions.record_founder(made, name="李某", **DONE)
    assert [cost(each) for each in addresses] == before
    assert max(before) <= 34


def test_stages_institutions_and_tabs_speak_of_the_day(official, life, first):
    other = team("听雨科技团队", founded="2016")
    stay(other, first, "2016-06-01")
    assert shown(official, "?stage=acceleration") == [life.name]
    assert shown(official, "?stage=incubation&as_of=2015-06-30") == [life.name]
    assert shown(official, "?tab=tenants&as_of=2015-06-30") == [life.name]
    assert shown(official, "?tab=graduates&as_of=2016-11-30") == []
    assert shown(official, "?tab=graduates") == [life.name]
    assert shown(official, f"?institution={first.pk}") == ["听雨科技团队"]
    assert shown(official, "?as_of=2013-12-31") == ["云杉传感团队"], (
        "it had another name, and the other was not founded"
    )
    assert shown(official, "?graduated=2016") == [life.name] and shown(official, "?graduated=2015") == []
    assert shown(official, "?entered=2016&rights=held") == [life.name]
    assert shown(official, "?rights=none") == ["听雨科技团队"]


def test_one_that_ceased_later_went_on_then(official):
    venture = team("短命团队", founded="2014")
    actions.cease(venture, on=on("2016-06-01"), reason="散伙", **TOLD)
    assert "终止" in text(official, LIST) and shown(official, "?tab=ceased") == ["短命团队"]
    assert shown(official, "?tab=ceased&as_of=2015-12-31") == []
    assert shown(official, "?tab=outside&as_of=2015-12-31") == ["短命团队"] and shown(official, "?tab=outside") == []


def test_the_file_says_what_the_list_says_and_masks_founders(official, life):
    answer = official.get(LIST + "?export=csv&columns=name,stage,institution,founders&as_of=2015-06-30")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1] == [life.name, "孵化", "望京孵化器", "周••"]


def test_the_profile_says_where_it_stands_and_what_the_next_step_lacks(official, life):
    page = text(official, f"{LIST}{life.pk}/")
    for word in (
        "来广营加速器",
        "毕业企业",
        CODE,
        "压力芯片",
        "120",
        "周砚清",
        "云杉传感团队",
        "进入产业园",
        "营业收入",
    ):
        assert word in page, word
    assert "hl-stay-nursery" in page and "hl-stay-incubation" in page and "hl-stay-acceleration" in page


def test_the_profile_of_a_past_day_knows_nothing_of_later(official, life):
    page = text(official, f"{LIST}{life.pk}/?as_of=2015-06-30")
    assert "来广营加速器" not in page.split("谁能看到")[0] and "压力芯片" not in page
    assert "毕业企业" not in page and "望京孵化器" in page


def test_an_english_page_shows_the_english_name(official, life):
    official.cookies["django_language"] = "en"
    assert "Spruce Sensing" in text(official, f"{LIST}{life.pk}/") and "Spruce Sensing" in text(official, LIST)


@pytest.mark.parametrize(("kind", "whole"), [("official", True), ("officer", False), ("auditor", False)])
def test_a_founder_s_whole_name_is_for_those_who_may_see_it(life, kind, whole):
    page = text(signed_in(kind), f"{LIST}{life.pk}/")
    assert ("周砚清" in page) is whole and ("周••" in page) is not whole


def test_a_profile_costs_as_much_with_many_rows(official, life):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert official.get(f"{LIST}{life.pk}/").status_code == 200
        return len(asked)

    cost()
    before = cost()
    for number in range(15):
        where = place(f"产业园{number}")
        stay(life, where, f"2017-0{number % 6 + 1}-01", stage="park")
        actions.record_right(life, kind="software", number=f"软{number}", source="公告", **TOLD)
        actions.record_founder(life, name=f"李{number}", **DONE)
    assert cost() == before and before <= 45


def test_values_show_who_reported_them_when_and_what_was_corrected(official, life):
    declared = {"subject_kind": "ventures.venture", "value_type": "money", "time_kind": "flow", "unit": "元"}
    observations.declare(code="revenue", name="营业收入", name_en="Revenue", **declared, **DONE)

    year = {"starts_on": date(2016, 1, 1), "ends_before": date(2017, 1, 1)}
    given = observations.Given("revenue", life.pk, value=22_680_000, **year)
    made = observations.record(given, source="审计报告", **TOLD)
    observations.correct(made, value=22_700_000, reason="更正", source="更正函", **DONE)
    page = text(official, f"{LIST}{life.pk}/")
    assert "2,270" in page and "更正函" in page and "营业收入" in page
    values = text(official, f"{LIST}{life.pk}/figures/?measure=revenue")
    assert "更正函" in values and "审计报告" in values and "22680000" in values.replace(",", "").replace(".0000", "")
    assert "还没有报送过数字" in text(official, f"{LIST}{life.pk}/figures/?as_of=2015-12-31")


def test_what_was_merged_points_to_what_it_became_and_keeps_its_figures(official, life):
    twin = team("云杉传感")
    declared = {"subject_kind": "ventures.venture", "value_type": "integer", "time_kind": "stock"}
    observations.declare(code="staff", name="从业人员", name_en="Staff", unit="人", **declared, **DONE)

    year = {"starts_on": date(2016, 1, 1), "ends_before": date(2017, 1, 1)}
    observations.record(observations.Given("staff", twin.pk, value=52, **year), source="社保", **TOLD)
    actions.merge(life, twin, reason="同一团队", **TOLD)
    assert "52" in text(official, f"{LIST}{life.pk}/figures/") and "同一团队" in text(official, f"{LIST}{life.pk}/")
    page = text(official, f"{LIST}{twin.pk}/")
    assert "已经并入另一条" in page and f"{LIST}{life.pk}/" in page
    assert shown(official) == [life.name]


def test_the_sheet_prints(official, life):
    assert "复核人" in text(official, f"{LIST}{life.pk}/sheet/")


def test_the_profile_and_the_sheet_tell_a_title_s_standing_as_the_list_of_titles_does(official):
    pk = team("听雨科技").pk
    titles.record(
        subject_kind="ventures.venture", subject_id=pk, kind="high_tech", level="national", given=parse("2011-11-24"),
        ends_before=date(2014, 11, 24), source="公示", today=TODAY, by=None, now=NOW,
    )  # fmt: skip
    for address in (f"/console/ventures/{pk}/", f"/console/ventures/{pk}/sheet/"):
        now, then = (text(official, address + day).replace("登录已过期", "") for day in ("", "?as_of=2014-11-23"))
        assert "已过期" in now
        assert "已过期" not in then


@pytest.mark.parametrize("path", ["", "sheet/", "figures/", "amend/"])
def test_a_venture_that_is_not_there_is_not_found(official, path):
    assert official.get(f"{LIST}999999/{path}").status_code == 404


# Forms


def post(client, address: str, **fields):
    return client.post(address, fields)


def test_a_team_is_registered_without_any_number_and_what_is_alike_is_asked_first(official):
    rows = [("10", "电子信息", "", 1), ("102", "微电子技术", "10", 2)]
    told = {"name": "领域", "name_en": "Fields", "family": "hightech", "edition": "2016", "source": "办法", "now": NOW}
    bodies.load_classification("hightech-2016", rows, **told)
    answer = post(official, f"{LIST}register/", name="听雨科技团队", founded="2016年春", field="102 微电子技术")
    made = Venture.objects.get()
    assert answer.status_code == 302 and answer["Location"].endswith(f"/ventures/{made.pk}/")
    assert made.legal_person is None and made.founded.text == "2016年春" and made.field.code == "102"
    assert shown(official, "?field=10") == ["听雨科技团队"]
    again = post(official, f"{LIST}register/", name="听雨科技团队")
    assert again.status_code == 422 and "可能已经登记过" in again.content.decode()
    assert post(official, f"{LIST}register/", name="听雨科技团队", confirmed="on").status_code == 302
    assert Venture.objects.count() == 2


def test_a_company_is_registered_by_its_code_and_no_two_ventures_are_one_company(official):
    body("北京听雨科技有限公司", CODE)
    assert post(official, f"{LIST}register/", name="听雨", legal_person=CODE).status_code == 302
    second = post(official, f"{LIST}register/", name="另一家", legal_person=CODE, confirmed="on")
    assert second.status_code == 422 and "已经是" in second.content.decode() and "另一家" in second.content.decode()


@pytest.mark.parametrize(
    ("path", "fields", "check"),
    [
        ("amend", {"version": 1, "founded": "2014", "website": "https://rain.example"}, lambda v: v.website_host),
        ("rename", {"version": 1, "name": "听风团队", "on": "2016-01-01"}, lambda v: v.name == "听风团队"),
        (
            "incorporate",
            {"version": 1, "name": "听雨公司", "credit_code": CODE, "on": "2016-05"},
            lambda v: v.legal_person.credit_code == CODE,
        ),
        ("founders", {"name": "李听雨", "backgrounds": ["student"]}, lambda v: v.founders.get().name == "李听雨"),
        ("rights", {"kind": "software", "number": "软著1", "source": "证书"}, lambda v: v.rights.count() == 1),
        (
            "funding",
            {"round": "angel", "amount": "120", "currency": "CNY", "source": "协议"},
            lambda v: v.fundings.get().amount == 1_200_000,
        ),
        ("cease", {"version": 1, "on": "2016", "reason": "散伙"}, lambda v: v.status == "ceased"),
    ],
)
def test_every_verb_has_a_form_and_writes_one_move(official, auditor, path, fields, check):
    venture = team("听雨科技团队")
    address = f"{LIST}{venture.pk}/{path}/"
    assert official.get(address).status_code == 200
    assert auditor.get(address).status_code == 403 and auditor.post(address, fields).status_code == 403
    before = Entry.objects.filter(subject_kind="ventures.venture").count()
    answer = official.post(address, fields)
    assert answer.status_code == 302, answer.content.decode()
    assert check(Venture.objects.get(pk=venture.pk))
    assert Entry.objects.filter(subject_kind="ventures.venture").count() == before + 1


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("amend", {"version": 1, "founded": "2018"}, "业务日期之后"),
        ("amend", {"version": 1, "field": "没有的领域"}, "没有这个技术领域"),
        ("amend", {"version": 0, "website": "https://x.example"}, "别人已保存过"),
        ("rename", {"version": 1, "name": "听雨科技团队"}, "与现名称相同"),
        ("incorporate", {"version": 1, "name": "甲", "credit_code": "123", "on": "2016"}, "123"),
        ("founders", {"name": ""}, "hl-error"),
        ("rights", {"kind": "software", "source": "", "number": "软著九"}, "软著九"),
        ("funding", {"round": "angel", "amount": "-1", "currency": "CNY", "source": "协议"}, "-1"),
        ("cease", {"version": 1, "on": "2018", "reason": "散伙"}, "散伙"),
        ("stays", {"institution": "没有的机构", "stage": "incubation", "source": "名册"}, "请先登记机构"),
    ],
)
def test_a_refusal_is_said_and_what_was_typed_stays(official, path, fields, says):
    venture = team("听雨科技团队", founded="2013")
    answer = official.post(f"{LIST}{venture.pk}/{path}/", fields)
    assert answer.status_code in {409, 422}
    assert says in answer.content.decode()


def test_a_code_that_another_venture_holds_is_refused_and_nothing_is_written(official, life):
    venture = team("另一个团队")
    fields = {"version": 1, "name": "甲公司", "credit_code": CODE, "on": "2016"}
    answer = official.post(f"{LIST}{venture.pk}/incorporate/", fields)
    assert answer.status_code == 422 and life.name in answer.content.decode()
    assert Venture.objects.get(pk=venture.pk).legal_person is None


def test_a_company_goes_on_as_another_legal_body(official, life):
    fields = {"version": life.version, "name": "新公司", "credit_code": "91110105MA0000035H", "on": "2017-01-05"}
    answer = official.post(f"{LIST}{life.pk}/legal-person/", {**fields, "reason": "重组"})
    if answer.status_code != 302:
        assert "统一社会信用代码" in answer.content.decode()
    assert queries.legal_periods(life.pk).count() in {1, 2}


def test_a_stay_is_claimed_and_one_that_overlaps_is_told_of(official, first, second):
    venture = team("听雨科技团队")
    fields = {
        "institution": first.name,
        "stage": "incubation",
        "starts": "2015-01",
        "end_state": "open",
        "source": "名册",
    }
    answer = official.post(f"{LIST}{venture.pk}/stays/", fields)
    made = Stay.objects.get()
    assert answer["Location"].endswith(f"/stays/{made.pk}/") and made.status == "claimed"
    assert official.post(f"/console/stays/{made.pk}/confirm/").status_code == 302
    other = {**fields, "institution": second.name, "starts": "2016-01", "confirmed": "on"}
    page = official.post(f"{LIST}{venture.pk}/stays/", other, follow=True).content.decode()
    assert "已记为有争议" in page and Question.objects.count() == 1
    assert "待答复" in text(official, f"{LIST}{venture.pk}/")


@pytest.fixture
def there(first):
    return stay(team("听雨科技团队"), first, "2014-03-01")


@pytest.mark.parametrize(
    ("path", "fields", "check"),
    [
        (
            "amend",
            {"starts": "2014-04-01", "end_state": "open", "reason": "合同"},
            lambda s: s.starts.code == "2014-04-01",
        ),
        ("dispute", {"reason": "不在"}, lambda s: s.status == "disputed"),
        ("withdraw", {"reason": "误登"}, lambda s: s.status == "withdrawn"),
        ("set-aside", {"reason": "联合实验室"}, lambda s: not s.counts),
        ("leave", {"on": "2016-05", "reason": "搬走"}, lambda s: s.outcome == "left"),
        ("graduate", {"on": "2016-05-01"}, lambda s: s.outcome == "graduated"),
    ],
)
def test_every_verb_on_a_stay_has_a_form(official, auditor, there, path, fields, check):
    address = f"/console/stays/{there.pk}/{path}/"
    assert official.get(address).status_code == 200 and auditor.get(address).status_code == 403
    answer = official.post(address, fields)
    assert answer.status_code == 302 and answer["Location"].endswith(f"/stays/{there.pk}/")
    there.refresh_from_db()
    assert check(there)
    assert official.get(f"/console/stays/{there.pk}/").status_code == 200


def test_a_stay_set_aside_counts_again(official, there):
    actions.set_aside(there, reason="误标", **DONE)
    assert "误标" in text(official, f"/console/stays/{there.pk}/")
    official.post(f"/console/stays/{there.pk}/count/")
    there.refresh_from_db()
    assert there.counts


def test_a_correction_refused_keeps_what_was_typed(official, there):
    fields = {"starts": "2014-04-01", "end_state": "known", "ended": "2013-01-01", "reason": "凭合同更正"}
    answer = official.post(f"/console/stays/{there.pk}/amend/", fields)
    page = answer.content.decode()
    assert answer.status_code == 422 and "早于入驻时间" in page and "凭合同更正" in page
    assert official.get("/console/stays/999999/").status_code == 404


def test_an_administrator_erases_a_founder_who_is_only_a_name(life, official):
    founder = Founder.objects.get()
    address = f"{LIST}{life.pk}/founders/{founder.pk}/erase/"
    assert official.post(address).status_code == 403
    administrator = signed_in("administrator")
    assert administrator.post(address).status_code == 302
    founder.refresh_from_db()
    assert founder.name == "—"
    assert administrator.post(f"{LIST}999/founders/{founder.pk}/erase/").status_code == 404


def test_an_objection_is_settled_on_the_stays_page(official, auditor, there):
    address = f"/console/stays/{there.pk}/"
    assert "认定记录属实" not in text(official, address)
    assert "有争议，暂不计入" not in text(official, address)
    actions.dispute(there, reason="不在这里", **DONE)
    assert "否：有争议，暂不计入" in text(official, address)
    assert "有争议，暂不计入" in text(official, f"/console/institutions/{there.institution_id}/ventures/")
    assert "认定记录属实" in text(official, address) and "认定记录属实" not in text(auditor, address)
    assert auditor.get(f"{address}uphold/").status_code == 403
    assert official.get(f"{address}uphold/").status_code == 200
    assert official.post(f"{address}uphold/", {"reason": ""}).status_code == 422
    assert official.post(f"{address}uphold/", {"reason": "合同与用房都在"}).status_code == 302
    there.refresh_from_db()
    assert there.status == "confirmed"
    assert "认定记录属实" not in text(official, address)


def test_a_room_taken_later_says_since_when(official, life):
    its = life.stays.get(stage="incubation")
    building = rooms.premises(its.institution)
    rooms.occupy(rooms.room(building, "A0503-42"), "2014-09-01", who=("ventures.venture", life.pk), name=life.name)
    page = text(official, f"/console/ventures/{life.pk}/")
    assert re.search(r"孵化 · A0503-42[^<（]*（2014-09-01 起）", page)


def test_a_venture_that_was_sold_says_so_where_its_status_stands(official):
    sold, over = team("被买下的团队"), team("已结束的团队")
    for each in (sold, over):
        form = {"version": each.version, "exit": "acquired"}
        assert official.post(f"{LIST}{each.pk}/amend/", form).status_code == 302
    over.refresh_from_db()
    actions.cease(over, on=on("2016-01-01"), reason="", **TOLD)
    page = text(official, f"{LIST}{sold.pk}/")
    assert "存续" in page and "已被收购" in page
    rows = {row.split("<")[0]: row for row in text(official, LIST).split('class="hl-row-link"')[1:]}
    said = {name: next(row for row in rows.values() if name in row) for name in ("被买下的团队", "已结束的团队")}
    assert "已被收购" in said["被买下的团队"] and "存续" not in said["被买下的团队"]
    assert "终止" in said["已结束的团队"]


def test_when_its_owners_sold_is_told_from_that_day_on_and_found_by_it(official):
    sold, earlier, over = team("被买下的团队", founded="2012-01-01"), team("早已退出的团队"), team("终止的团队")
    form = {"version": sold.version, "founded": "2012-01-01", "exit": "listed", "exited": "2015-06"}
    assert official.post(f"{LIST}{sold.pk}/amend/", form).status_code == 302
    assert official.post(f"{LIST}{earlier.pk}/amend/", {"version": 1, "exit": "listed"}).status_code == 302
    actions.cease(over, on=on("2016-01-01"), reason="", **TOLD)
    page = text(official, f"{LIST}{sold.pk}/")
    assert page.count("已上市") >= 3 and "2015-06" in page, "status, field and time axis"
    assert "已上市" not in text(official, f"{LIST}{sold.pk}/?as_of=2015-05-31")
    assert "时间不详" in text(official, f"{LIST}{earlier.pk}/")
    assert "已上市" in text(official, f"{LIST}{sold.pk}/sheet/")
    ended = text(official, f"{LIST}{over.pk}/")
    assert "终止时间" in ended and "终止时间" not in text(official, f"{LIST}{over.pk}/?as_of=2015-12-31")

    def file(query: str) -> str:
        answer = official.get(f"{LIST}?export=csv&{query}")
        return b"".join(answer.streaming_content).decode()

    chosen = file("exit=listed&columns=name,exit,exited")
    assert "被买下的团队,已上市,2015-06" in chosen and "早已退出的团队,已上市," in chosen and "终止的团队" not in chosen
    assert file("exit=sold&columns=name").count("团队") == 2, "every way counts under the word for all of them"
    then = file("exit=listed&as_of=2015-12-31")
    assert "被买下的团队" in then and "早已退出的团队" not in then, "whether it was sold by then nobody knows"
    refused = official.post(f"{LIST}{over.pk}/amend/", {"version": 2, "exited": "2015-06"})
    assert refused.status_code == 422 and "怎样退出" in refused.content.decode()
    future = {"version": sold.version + 1, "founded": "2012-01-01", "exit": "listed", "exited": "2030"}
    assert "业务日期之后" in official.post(f"{LIST}{sold.pk}/amend/", future).content.decode()


def test_a_stay_says_who_recorded_it_how_and_who_confirmed_it(official, auditor):
    there = place("望京孵化器")
    asking, listed, alone = team("申请来的"), team("名单来的"), team("单方登记的")
    clerk = Person.objects.create(name="接待员乙")
    told = {"now": NOW, "today": TODAY}
    asked = actions.apply(asking, institution=there.pk, stage="incubation", note="想要两个工位", by=None, **told)
    admitted = actions.admit(asked, starts=on("2017-07-01"), by=clerk, role_kind="manager", **told)
    page = text(official, f"/console/stays/{admitted.pk}/")
    for word in ("接收入驻", "接待员乙", "机构负责人", "想要两个工位", "没有附文件"):
        assert word in page, word
    brought = stay(listed, there, "2016-01-01")
    run = Run.objects.create(
        target="stays", file_name="二〇一六年名册.xlsx", file_hash="0" * 64, by=clerk, uploaded_at=NOW, status="running"
    )
    entry = ledger.move(run, "finish", by=clerk, at=NOW)
    row = {"subject_kind": "ventures.stay", "subject_id": brought.pk, "outcome": "created"}
    ImportedRow.objects.create(entry=entry, place="名册!12", **row)
    page = text(auditor, f"/console/stays/{brought.pk}/")
    assert "名单《二〇一六年名册.xlsx》“名册”第 12 行" in page and "接待员乙" in page and "双方都确认的名单" in page
    claim = StayDraft(alone.pk, there.pk, "incubation", on("2016-02-01"), "机构来函", status="claimed")
    claimed = actions.claim(claim, by=clerk, role_kind="manager", **told)
    assert "只有一方这样说，还没有确认" in text(official, f"/console/stays/{claimed.pk}/")


def test_an_end_nobody_knows_is_told_as_unknown_and_counted_as_neither_there_nor_gone(official):
    first, second = place("望京孵化器"), place("酒仙桥孵化器")
    lost, moved, over, gone = team("失联团队"), team("转走团队"), team("年内离开团队"), team("离开团队")
    seen = {"evidence": date(2015, 6, 30)}
    stay(lost, first, "2014-01-01", "?", **seen)
    stay(moved, first, "2014-01-01", "?", **seen)
    stay(moved, second, "2016-01-01", "2016-12-01", stage="acceleration")
    stay(over, first, "2014-01-01", "2016")
    stay(gone, first, "2014-01-01", "2015-01-01")
    assert shown(official, "?stage=unsure") == ["失联团队"]
    assert shown(official, "?tab=outside") == ["年内离开团队", "离开团队", "转走团队"], "who came elsewhere had left"
    assert shown(official, "?stage=unsure&as_of=2016-06-01") == ["失联团队", "年内离开团队"]
    assert shown(official, "?stage=incubation&as_of=2015-06-30") == ["失联团队", "年内离开团队", "转走团队"]
    words = "是否还在“望京孵化器”孵化不详，最后见于 2015-06-30"
    assert words in text(official, f"{LIST}{lost.pk}/") and words in text(official, f"{LIST}{lost.pk}/sheet/")
    assert "不在链上" not in text(official, f"{LIST}{lost.pk}/")
    assert "现在不在链上的机构里" in text(official, f"{LIST}{moved.pk}/")
    file = b"".join(official.get(f"{LIST}?export=csv&stage=unsure").streaming_content).decode("utf-8-sig")
    assert words in file and "转走团队" not in file
    assert f'title="{words}"' in official.get(f"{LIST}?stage=unsure").content.decode()
    then = text(official, f"{LIST}{lost.pk}/?as_of=2015-01-31")
    assert "最后见于" not in then and "在“望京孵化器”孵化，已 13 个月" in then
