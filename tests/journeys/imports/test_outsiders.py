"""Stage histories as others keep them, by guessed columns: preview and run say the same true thing of every row."""

from __future__ import annotations

from collections import Counter

import pytest

from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import InstitutionStage
from hatchline.apps.ventures.models import Question, Stay, Venture
from hatchline.journeys.imports.lifefields import stay_fields
from hatchline.journeys.imports.samples import shown
from tests.journeys.imports.test_flow import NOW, bring, take

pytestmark = pytest.mark.django_db
CHINESE = """企业/团队名称,所属机构,孵化阶段,入驻日期,退出日期,退出去向,备注
北京云帆科技有限公司,望京孵化器,在孵企业,2012.3.1,2014年5月,毕业,
北京云帆科技（有限公司）,电子城加速器,加速期,2014-06,至今,,全角括号，同一家
青禾团队,望京创业苗圃,苗圃,2013年春,2013/11/30,入孵,
青禾团队,望京创业苗圃,预孵化,2014-12-01,2015-03-01,,中间有空档
蓝湾智能,望京孵化器,毕业企业,FY2011,FY2013,,
石榴网络,望京孵化器,已毕业,2010-05-06,20121231,,
石榴网络,望京孵化器,孵化期,2016/1/5,仍在孵,,毕业以后又来
两家公司,望京孵化器,孵化,2014.3.1,在孵,,
两家公司,酒仙桥孵化器,孵化,2015-01-01,,,重叠
无名团队,不存在的孵化器,孵化,2015-01-01,,,
反了公司,望京孵化器,孵化,2015-05-01,2014-05-01,,
两位公司,望京孵化器,孵化,13年5月,15年6月,迁出,
小计科技,望京孵化器,孵化,2016年3月,仍在孵,,
小计,9家,,,,,
"""
ENGLISH = """Company Name,Programme,Cohort Status,Joined On,Left On,Last Updated
Alpha Robotics Ltd,North Lab,Incubatee,03/04/2014,,31/12/2016
Alpha Robotics Limited,North Lab,Incubatee,03/04/2014,,31/12/2016
Beta Bio,North Lab,Alumni,15/01/2012,Mar 2014,
Beta Bio,South Accel,Accelerator,Q2 2014,present,
Gamma,North Lab,Pre-incubation,Summer 2013,n/a,31/12/2013
Delta,South Accel,Growth stage,12/2015,tbc,
Epsilon,North Lab,Virtual member,2015,,
Eta,North Lab,Graduate,2009,2012,
"""
PERIODS = """单位,孵化器,孵化期限,企业状态,统计截止
听雨公司,望京孵化器,2012年3月-2014年5月,毕业企业,2016-12-31
听风公司,望京孵化器,2013.1至今,在孵企业,2016-12-31
听雪公司,望京孵化器,2014/5/1～2015/5/1,退孵,2016-12-31
听涛公司,望京孵化器,2015-01-01-2016-01-01,已毕业,2016-12-31
听泉公司,望京孵化器,2015年起,在孵,2016-12-31
听松公司,多阶段机构,2013.1至今,在孵企业,2016-12-31
"""


@pytest.fixture(autouse=True)
def places(db):
    one = {"望京孵化器": ("incubation",), "多阶段机构": ("nursery", "incubation")}
    for name in (*one, "酒仙桥孵化器", "电子城加速器", "望京创业苗圃", "North Lab", "South Accel"):
        institutions.register(InstitutionDraft(name=name, stages=one.get(name, ())), by=None, now=NOW)


def fates(text: str) -> dict[int, tuple[str, str]]:
    """Row → what became of it, and the codes or first words of what was said. Again, the list changes nothing."""
    run = bring(text, target="stays")
    said = {row["number"]: outcome for outcome, rows in run.preview["samples"].items() for row in rows}
    run = take(run)
    rows = list(imports.rows(run))
    assert {row.number: row.outcome for row in rows} == said, "the preview said what became of every row"
    again = take(bring(text, target="stays"))
    assert again.counts == Counter(row.outcome if row.outcome == "rejected" else "unchanged" for row in rows)
    return {row.number: (row.outcome, " ".join(each["zh"] for each in row.problems)) for row in rows}


def known(name: str) -> list[tuple[str, ...]]:
    rows = Stay.objects.filter(venture__name=name).order_by("pk")
    return [(row.stage, row.starts.code, row.ended.code, row.end_state, row.outcome, row.status) for row in rows]


def test_a_chinese_list_with_other_words_gaps_and_overlaps():
    found = fates(CHINESE)
    assert Counter(outcome for outcome, _said in found.values()) == {"created": 10, "rejected": 3}
    assert [row for row, (outcome, _said) in found.items() if outcome == "rejected"] == [11, 12, 13]
    assert known("北京云帆科技有限公司") == [
        ("incubation", "2012-03-01", "2014-05", "known", "graduated", "confirmed"),
        ("acceleration", "2014-06", "", "open", "", "confirmed"),
    ]
    assert [stay[0] for stay in known("青禾团队")] == ["nursery", "nursery"]
    assert known("蓝湾智能") == [("incubation", "2011", "2013", "known", "graduated", "confirmed")]
    assert "按在孵化阶段毕业" in found[6][1] and "已经毕业；按有争议保存" in found[8][1]
    assert "重叠" in found[10][1] and not found[9][1]
    assert [stay[-1] for stay in known("石榴网络")] == ["confirmed", "disputed"], "after its graduation"
    assert [stay[-1] for stay in known("两家公司")] == ["disputed", "disputed"], "neither wins by its place in the list"
    assert sorted(Question.objects.values_list("kind", flat=True)) == ["contradiction", "overlap"]
    assert Venture.objects.filter(name="小计科技").exists()


def test_institutions_of_others_offer_stages_by_other_words():
    text = "名称,阶段\n一号苗圃,苗圃\n二号孵化器,孵化器；加速器\n三号园,园区\n"
    assert take(bring(text, target="institutions")).counts == {"created": 3}
    found = sorted(InstitutionStage.objects.filter(institution__name="二号孵化器").values_list("stage", flat=True))
    assert found == ["acceleration", "incubation"]


def test_a_preview_tells_an_open_end_in_words():
    run = bring(CHINESE, target="stays")
    row = next(row for row in run.preview["samples"]["created"] if row["number"] == 3)
    told = {
        language: [each["text"] for each in shown(row, stay_fields(), language, lambda field, code: code)]
        for language in ("zh", "en")
    }
    assert "至今" in told["zh"] and "open end" in told["en"] and ".." not in told["zh"]


def test_an_english_list_with_its_own_words_for_stages():
    found = fates(ENGLISH)
    outcomes = [outcome for outcome, _said in found.values()]
    assert outcomes == ["created", "unchanged", "created", "created", "created", "created", "rejected", "created"]
    assert "第 2 行相同" in found[3][1] and Stay.objects.filter(venture__name__startswith="Alpha").count() == 1
    assert known("Beta Bio")[0] == ("incubation", "2012-01-15", "2014-03", "known", "graduated", "confirmed")
    assert known("Gamma") == [("nursery", "2013-summer", "", "unknown", "", "confirmed")]


def test_a_list_of_one_stage_with_both_days_in_one_cell():
    found = fates(PERIODS)
    assert [outcome for outcome, _said in found.values()] == ["created"] * 5 + ["rejected"]
    assert "没有写阶段" in found[7][1] and "唯一阶段" in found[2][1]
    assert known("听雨公司") == [("incubation", "2012-03", "2014-05", "known", "graduated", "confirmed")]
    assert known("听风公司") == [("incubation", "2013-01", "", "open", "", "confirmed")]
    assert known("听雪公司")[0][1:5] == ("2014-05-01", "2015-05-01", "known", "left")
    assert known("听涛公司")[0][1:5] == ("2015-01-01", "2016-01-01", "known", "graduated")
    assert known("听泉公司")[0][1:4] == ("2015", "", "open")


def test_hundreds_of_open_ends_and_two_institutions_a_row():
    mapping = """
target: stays
columns: [{column: 企业名称, field: name}]
parts:
- constants: {stage: nursery}
  columns: [{column: 苗圃, field: institution}, {column: 苗圃入驻, field: starts}, {column: 苗圃离开, field: ended}]
- constants: {stage: incubation}
  columns:
  - {column: 孵化机构, field: institution}
  - {column: 入孵时间, field: starts}
  - {column: 毕业时间, field: ended}
  - {column: 现状, field: end_state}
"""
    rows = ["企业名称,苗圃,苗圃入驻,苗圃离开,孵化机构,入孵时间,毕业时间,现状"]
    for number in range(300):
        nursery = f"望京创业苗圃,201{number % 3},2013年{number % 9 + 1}月" if number % 2 else ",,"
        ended = "2016-06-30,毕业" if number % 5 == 0 else ",在孵" if number % 5 < 4 else ","
        rows.append(f"第{number}号公司,{nursery},望京孵化器,2014.{number % 12 + 1}.{number % 27 + 1},{ended}")
    run = take(bring("\n".join([*rows, "合计,300家,,,,,,"]), target="stays", mapping=mapping))
    assert run.counts == {"created": 450} == run.preview["counts"] and run.preview["skips"] == {"total": 1}
    ends = Counter(Stay.objects.filter(stage="incubation").values_list("end_state", "outcome"))
    assert ends == {("known", "graduated"): 60, ("open", ""): 180, ("unknown", ""): 60}
    again = bring("\n".join(rows), target="stays", mapping=mapping)
    assert again.preview["counts"] == {"unchanged": 450}
