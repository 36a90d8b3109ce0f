"""Ventures and stays from lists: what became of every row, and nothing lost on the way."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError

from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import Institution
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.models import Funding, Question, Stay, Venture
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.journeys.imports import flow, lives, stays
from tests.journeys.imports.test_flow import NOW, bring, outcomes, take
from tests.realdata import real

pytestmark = pytest.mark.django_db

MAPPINGS = Path(__file__).parents[3] / "mappings"
STAYS = "企业名称,孵化器,孵化阶段,入驻时间,离开时间,去向,统计时间\n"


@pytest.fixture
def places(db):
    names = ("望京孵化器", "酒仙桥孵化器", "电子城加速器")
    return [institutions.register(InstitutionDraft(name=name), by=None, now=NOW) for name in names]


def test_an_american_list_of_ventures():
    """688 rows with free-text money and 537 without a founding year. Its licence: tests only."""
    path = real("yc_2005_2014_startups.csv")
    mapping = (MAPPINGS / "yc_2005_2014_startups.yaml").read_text(encoding="utf-8")
    run = take(bring(path.read_bytes(), target="ventures", mapping=mapping, name=path.name))
    for row in imports.rows(run):
        said = "; ".join(problem["zh"] for problem in row.problems)
        alike = "; ".join(candidate["label"] for candidate in row.candidates)
        print(f"{row.number} {row.outcome} {row.label} {said} {alike}".rstrip())
    print(run.counts)
    assert sum(run.counts.values()) == 688 == imports.rows(run).count()
    assert run.counts["created"] >= 640 and run.counts["created"] == Venture.objects.count()
    assert all(row.candidates for row in imports.rows(run, "question"))
    assert Venture.objects.filter(founded_on=None).count() >= 500
    curebit = Venture.objects.get(name="Curebit")
    assert [(each.amount, each.currency) for each in curebit.fundings.order_by("pk")] == [
        (1200000, "USD"),
        (None, "USD"),
    ]
    assert "Winter 2011" in curebit.summary and "E-Commerce" in curebit.summary
    assert Funding.objects.filter(amount=0).count() == 0
    again = take(bring(path.read_bytes(), target="ventures", mapping=mapping, name=path.name))
    assert again.counts["unchanged"] >= run.counts["created"] and "created" not in again.counts


def test_a_company_of_a_list_becomes_a_legal_body_too():
    text = (
        "企业名称,统一社会信用代码,成立时间,网站\n北京听雨科技有限公司,911100000000000049,2014年6月,\n听风团队,,2015,\n"
    )
    first = bring(text, target="ventures")
    assert Venture.objects.count() == 0
    run = take(first)
    if run.counts.get("created") != 2:
        print([(row.outcome, row.problems) for row in imports.rows(run)])
    assert run.counts == {"created": 2}
    company = Venture.objects.get(name="北京听雨科技有限公司")
    assert company.legal_person.credit_code == "911100000000000049" and company.incorporated.code == "2014-06"
    assert Venture.objects.get(name="听风团队").legal_person is None
    assert take(bring(text, target="ventures")).counts == {"unchanged": 2}
    other = take(bring("公司名称,信用代码,简介\n听雨公司,911100000000000049,做传感器\n", target="ventures"))
    assert other.counts == {"updated": 1}


def test_life_cycles_of_others_are_taken_in_with_all_checks(places):
    rows = [
        "甲公司,望京孵化器,孵化,2012-03-01,2014-03-01,毕业,",
        "甲公司,电子城加速器,加速器,2014年3月,至今,,",
        "甲公司,酒仙桥孵化器,在孵,2015-01-01,至今,,",  # after its graduation
        "乙公司,望京孵化器,孵化,2013,,,2016-12-31",  # nobody knows whether it ended
        "丙公司,望京孵化器,孵化,2014-01-01,至今,,",
        "丙公司,酒仙桥孵化器,孵化,2015-01-01,至今,,",  # overlaps
        "丁公司,望京孵化器,孵化,2015-01-01,2014-01-01,,",
        "丁公司,没有的孵化器,孵化,2015-01-01,,,",
        "丁公司,望京孵化器,学前班,2015-01-01,,,",
        "丁公司,望京孵化器,孵化,2016-05,2016-09,迁出,",
        "丁公司,望京孵化器,孵化,2016-05,2016-09,迁出,",  # the same again
    ]
    text = STAYS + "\n".join(rows) + "\n"
    run = take(bring(text, target="stays"))
    made, rejected = "created", "rejected"
    assert outcomes(run) == [made, made, made, made, made, made, rejected, rejected, rejected, made, "unchanged"]
    codes = [row.problems[0]["code"] for row in imports.rows(run, "rejected")]
    assert codes[1] == "no_such_institution" and all(codes)
    assert Counter(Stay.objects.values_list("status", flat=True)) == {"confirmed": 4, "disputed": 3}
    assert sorted(Question.objects.values_list("kind", flat=True)) == ["contradiction", "overlap"]
    assert Venture.objects.count() == 4
    unknown = Stay.objects.get(venture__name="乙公司")
    assert (unknown.end_state, unknown.held_until) == ("unknown", date(2017, 1, 1))
    assert queries.present("incubation", date(2016, 12, 31)).get().venture.name == "乙公司"
    assert queries.graduates(date(2017, 1, 1)).get().name == "甲公司"
    assert take(bring(text, target="stays")).counts == {"unchanged": 8, "rejected": 3}


def test_a_later_list_says_that_a_stay_ended(places):
    take(bring(STAYS + "甲公司,望京孵化器,孵化,2013-01-01,,,2014-12-31\n", target="stays", name="2014.csv"))
    seen = take(bring(STAYS + "甲公司,望京孵化器,孵化,2013-01-01,,,2015-12-31\n", target="stays", name="2015.csv"))
    assert seen.counts == {"updated": 1} and Stay.objects.get().held_until == date(2016, 1, 1)
    ended = take(bring(STAYS + "甲公司,望京孵化器,孵化,2013-01-01,2016-06-01,毕业,\n", target="stays", name="2016.csv"))
    stay = Stay.objects.get()
    assert ended.counts == {"updated": 1} and (stay.outcome, stay.held_until) == ("graduated", date(2016, 6, 1))


def test_a_later_list_that_makes_two_stays_overlap_disputes_and_asks(places):
    rows = "甲公司,望京孵化器,孵化,2014-01-01,,,2014-12-31\n甲公司,酒仙桥孵化器,孵化,2015-06-01,至今,,\n"
    take(bring(STAYS + rows, target="stays", name="2014.csv"))
    assert not Question.objects.exists()
    later = bring(STAYS + "甲公司,望京孵化器,孵化,2014-01-01,2016-03-01,迁出,\n", target="stays", name="2016.csv")
    assert "重叠" in later.preview["samples"]["updated"][0]["problems"][0]["zh"]
    assert take(later).counts == {"updated": 1}
    there, other = Stay.objects.order_by("pk")
    assert (there.status, there.ended.code, other.status) == ("disputed", "2016-03-01", "confirmed")
    question = Question.objects.get()
    assert (question.kind, question.asked.count()) == ("overlap", 2)


def test_a_list_that_contradicts_the_end_on_record_asks_and_corrects_when_told(places):
    row = "甲公司,望京孵化器,孵化,2014-01-01,2015-01-01,迁出,\n"
    take(bring(STAYS + row, target="stays"))
    # the same list with another day changes nothing and says so
    again = take(bring(STAYS + row.replace("2015-01-01", "2016-01-01"), target="stays"))
    assert again.counts == {"unchanged": 1} and "2015-01-01" in imports.told(again)[0].problems[0]["zh"]
    # of two lists nobody knows which is right
    text = STAYS.replace("企业名称", "公司名称") + row.replace("迁出", "毕业").replace("2015-01-01", "2016-01-01")
    other = take(bring(text, target="stays", name="b.csv"))
    assert other.counts == {"question": 1}
    (asked,) = imports.rows(other, "question")
    assert "离开时间" in asked.candidates[0]["reasons"][0]["zh"]
    flow.answer(asked, "new", by=None, now=NOW)
    stay = Stay.objects.get()
    assert (stay.ended.code, stay.outcome, stay.held_until) == ("2016-01-01", "graduated", date(2016, 1, 1))
    assert take(bring(text, target="stays", name="b.csv")).counts == {"unchanged": 1}


def test_an_end_known_less_exactly_is_no_contradiction(places):
    take(bring(STAYS + "甲公司,望京孵化器,孵化,2014-01-01,2015-01-01,迁出,\n", target="stays"))
    text = STAYS.replace("企业名称", "公司名称") + "甲公司,望京孵化器,孵化,2014-01-01,2015年,,\n"
    run = take(bring(text, target="stays", name="b.csv"))
    assert run.counts == {"unchanged": 1} and not imports.told(run)


def test_two_rows_of_one_stay_with_different_ends_are_not_both_taken(places):
    row = "甲公司,望京孵化器,孵化,2014-01-01,2015-01-01,迁出,\n"
    run = bring(STAYS + row + row.replace("2015-01-01", "2016-01-01"), target="stays")
    assert run.preview["counts"] == {"created": 1, "question": 1}
    assert take(run).counts == {"created": 1, "question": 1}
    assert Stay.objects.get().ended.code == "2015-01-01"


def test_what_was_withdrawn_does_not_come_back_by_itself(places):
    row = "甲公司,望京孵化器,孵化,2014-01-01,至今,,\n"
    take(bring(STAYS + row, target="stays"))
    actions.withdraw(Stay.objects.get(), reason="登记错了", by=None, now=NOW)
    assert take(bring(STAYS + row, target="stays")).counts == {"unchanged": 1}
    run = take(bring(STAYS.replace("企业名称", "公司名称") + row, target="stays", name="b.csv"))
    (asked,) = imports.rows(run, "question")
    assert "撤回" in asked.candidates[0]["reasons"][0]["zh"]
    flow.answer(asked, str(asked.candidates[0]["id"]), by=None, now=NOW)
    assert Stay.objects.get().status == "withdrawn"
    other = take(bring(STAYS.replace("企业名称", "公司") + row, target="stays", name="c.csv"))
    flow.answer(imports.rows(other, "question")[0], "new", by=None, now=NOW)
    assert sorted(Stay.objects.values_list("status", flat=True)) == ["confirmed", "withdrawn"]


def test_a_venture_of_the_future_or_older_than_its_company_is_refused(db):
    head = "企业名称,统一社会信用代码,创立时间,注册时间\n"
    run = take(bring(head + "未来公司,,2090年,\n早产公司,911100000000000049,2015,2012\n", target="ventures"))
    assert run.counts == {"rejected": 2} and not Venture.objects.exists()
    codes = [row.problems[0]["code"] for row in imports.rows(run)]
    assert codes[0] == "in_the_future" and codes[1] in {"before_it_existed", "date.before_start"}


def test_a_list_that_says_a_venture_ceased_ends_its_stays_or_says_why_it_cannot(places):
    code = "911100000000000049"
    head = "企业名称,统一社会信用代码,终止时间\n"
    take(bring(head + f"甲公司,{code},\n", target="ventures"))
    take(bring(STAYS + "甲公司,望京孵化器,孵化,2014-01-01,至今,,\n", target="stays"))
    early = take(bring(head + f"甲公司,{code},2013-05-01\n", target="ventures"))
    assert early.counts == {"rejected": 1} == early.preview["counts"], "the preview asks what the verb will"
    (row,) = imports.rows(early)
    assert row.problems[0]["code"] == "stay_outside_its_life" and "望京孵化器" in row.problems[0]["zh"]
    assert Venture.objects.get().status == "active" and Stay.objects.get().end_state == "open"
    assert take(bring(head + f"甲公司,{code},2016-05-01\n", target="ventures")).counts == {"updated": 1}
    stay = Stay.objects.get()
    assert (stay.ended.code, stay.outcome, stay.venture.status) == ("2016-05-01", "closed", "ceased")


def test_a_code_that_one_venture_holds_and_a_name_of_another_is_a_question(db):
    code = "911100000000000049"
    head = "企业名称,统一社会信用代码\n"
    take(bring(head + f"甲公司,{code}\n乙团队,\n", target="ventures"))
    run = take(bring(head.replace("企业名称", "公司名称") + f"乙团队,{code}\n", target="ventures", name="b.csv"))
    assert run.counts == {"question": 1}
    (row,) = imports.rows(run, "question")
    assert {each["label"] for each in row.candidates} == {"甲公司", "乙团队"}
    team = Venture.objects.get(name="乙团队")
    for choice in ("new", str(team.pk)):
        with pytest.raises(Refused, match="登记"):
            flow.answer(row, choice, by=None, now=NOW)
    team.refresh_from_db()
    assert team.legal_person is None and Venture.objects.count() == 2
    flow.answer(row, str(Venture.objects.get(name="甲公司").pk), by=None, now=NOW)
    assert Venture.objects.count() == 2


def test_stays_before_the_venture_or_in_a_closed_institution_are_refused_with_their_row(places):
    take(bring("企业名称,成立时间\n甲公司,2015\n", target="ventures"))
    institutions.close(places[1], on=PartialDate.of("2014"), version=places[1].version, by=None, now=NOW)
    rows = "甲公司,望京孵化器,孵化,2014-02-01,至今,,\n甲公司,酒仙桥孵化器,孵化,2016-02-01,至今,,\n"
    run = take(bring(STAYS + rows + "甲公司,望京孵化器,孵化,2027-02-01,至今,,\n", target="stays"))
    codes = [row.problems[0]["code"] for row in imports.rows(run, "rejected")]
    assert codes == ["before_it_existed", "institution_closed", "in_the_future"]
    assert not Stay.objects.exists()


EXITS = {
    "Exited": "unsaid", "已退出": "unsaid", "Acquired": "acquired", "被收购": "acquired",
    "IPO": "listed", "上市": "listed",
    "Dead": "", "Closed": "", "Operating": "", "存续": "",
}  # fmt: skip


@pytest.mark.parametrize("word", EXITS)
def test_words_for_how_it_went_become_its_status_or_its_exit(word):
    take(bring(f"企业名称,状态\n听雨团队,{word}\n", target="ventures"))
    venture = Venture.objects.get()
    ended = word in {"Dead", "Closed"}
    assert (venture.status, venture.exit) == ("ceased" if ended else "active", EXITS[word])
    assert venture.summary == ""


def test_an_exit_that_a_later_list_tells_is_written_and_not_taken_back():
    text = "企业名称,状态\n听雨团队,%s\n"
    take(bring(text % "Operating", target="ventures"))
    assert take(bring(text % "Acquired", target="ventures")).counts == {"updated": 1}
    assert Venture.objects.get().exit == "acquired"
    take(bring(text % "Operating", target="ventures"))
    assert Venture.objects.get().exit == "acquired", "a company that operates may have been sold"


def test_a_guess_on_a_real_list_keeps_every_blank_year_blank_and_every_exit():
    rows = list(csv.DictReader(io.StringIO(real("yc_2005_2014_startups.csv").read_text(encoding="utf-8-sig"))))
    run = bring(real("yc_2005_2014_startups.csv").read_bytes(), target="ventures", name="yc.csv")
    taken = take(run)
    founded = {row["Company"].strip() for row in rows if row["Year Founded"]}
    exited = {row["Company"].strip() for row in rows if row["Satus"] == "Exited"}
    with_year = set(Venture.objects.exclude(founded_on=None).values_list("name", flat=True))
    sold = set(Venture.objects.exclude(exit="").values_list("name", flat=True))
    assert with_year <= founded and len(with_year) > 100
    assert sold <= exited and len(sold) > 50
    made = set(Venture.objects.values_list("name", flat=True))
    assert exited & made == sold and founded & made == with_year
    assert taken.preview["skipped"] == 0
    assert all(not row["borrowed"] for kept in taken.preview["samples"].values() for row in kept)


def test_a_long_list_of_categories_does_not_reject_a_venture():
    words = ", ".join(["Internet of Things"] * 20)
    run = take(bring(f'企业名称,行业分类\n听雨团队,"{words}"\n', target="ventures"))
    assert run.counts == {"created": 1} and words in Venture.objects.get().summary


def test_a_total_is_no_venture():
    run = take(bring("序号,企业名称,注册资本\n1,听雨团队,100\n2,听风团队,200\n合计,6家,300\n", target="ventures"))
    assert run.counts == {"created": 2} and run.preview["skips"] == {"total": 1}
    assert run.preview["passed"] == [{"sheet": "CSV", "number": 4, "why": "total", "text": "合计 6家 300"}]


@pytest.mark.parametrize("is_refused", [True, False], ids=["refused", "forbidden by the database"])
def test_a_row_that_fails_when_it_is_written_takes_no_other_row_with_it(places, monkeypatch, is_refused):
    """New ventures, institutions and stays of its chunk are rolled back with it, and made once it is set aside."""
    take(bring(STAYS + "甲公司,望京孵化器,孵化,2013-01-01,,,2014-12-31\n", target="stays", name="2014.csv"))

    def fails(*_args, **_more):
        raise Refused(Refusal("no_more", "刚被撤回")) if is_refused else IntegrityError("overlap")

    monkeypatch.setattr(stays.ventures, "amend_stays", fails)
    text = (
        STAYS.replace("统计时间", "统计时间,没有的机构先登记")
        + "新公司,新孵化器,孵化,2015-01-01,至今,,,是\n新公司,新加速器,加速器,2014-01-01,2014-12-31,迁出,,是\n"
        + "甲公司,望京孵化器,孵化,2013-01-01,2015-06-01,毕业,,\n另一家,新孵化器,孵化,2015-03-01,至今,,,是\n"
    )
    run = take(bring(text, target="stays", name="2015.csv"))
    assert outcomes(run) == ["created", "created", "rejected", "created"]
    made = [int(row.subject_id) for row in imports.rows(run, "created")]
    found = Stay.objects.filter(pk__in=made).values_list("venture__name", "institution__name")
    assert sorted(found) == sorted([("新公司", "新孵化器"), ("新公司", "新加速器"), ("另一家", "新孵化器")])
    assert Venture.objects.count() == 3 and Institution.objects.filter(name="新孵化器").count() == 1
    assert Stay.objects.get(venture__name="甲公司").ended.code == ""


def test_legal_bodies_that_were_rolled_back_are_made_again(monkeypatch):
    text = "企业名称,统一社会信用代码\n北京听雨科技有限公司,911100000000000049\n"
    register_many, calls = lives.ventures.register_many, []

    def fails_once(*args, **more):
        calls.append(1)
        if len(calls) == 1:
            raise IntegrityError("somebody was quicker")
        return register_many(*args, **more)

    monkeypatch.setattr(lives.ventures, "register_many", fails_once)
    run = take(bring(text + "听风团队,\n", target="ventures"))
    assert run.counts == {"created": 2} and len(calls) == 3
    assert Venture.objects.get(name="北京听雨科技有限公司").legal_person.credit_code == "911100000000000049"
