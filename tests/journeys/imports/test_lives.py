"""Ventures and stays from lists: what became of every row, and nothing lost on the way."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import Funding, Question, Stay, Venture
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
    assert Counter(Stay.objects.values_list("status", flat=True)) == {"confirmed": 5, "disputed": 2}
    assert sorted(Question.objects.values_list("kind", flat=True)) == ["contradiction", "overlap"]
    assert Venture.objects.count() == 4
    unknown = Stay.objects.get(venture__name="乙公司")
    assert (unknown.end_state, unknown.held_until) == ("unknown", date(2017, 1, 1))
    assert queries.present("incubation", date(2016, 12, 31)).count() == 2
    assert queries.graduates(date(2017, 1, 1)).get().name == "甲公司"
    assert take(bring(text, target="stays")).counts == {"unchanged": 8, "rejected": 3}


def test_a_later_list_says_that_a_stay_ended(places):
    take(bring(STAYS + "甲公司,望京孵化器,孵化,2013-01-01,,,2014-12-31\n", target="stays", name="2014.csv"))
    seen = take(bring(STAYS + "甲公司,望京孵化器,孵化,2013-01-01,,,2015-12-31\n", target="stays", name="2015.csv"))
    assert seen.counts == {"updated": 1} and Stay.objects.get().held_until == date(2016, 1, 1)
    ended = take(bring(STAYS + "甲公司,望京孵化器,孵化,2013-01-01,2016-06-01,毕业,\n", target="stays", name="2016.csv"))
    stay = Stay.objects.get()
    assert ended.counts == {"updated": 1} and (stay.outcome, stay.held_until) == ("graduated", date(2016, 6, 1))
