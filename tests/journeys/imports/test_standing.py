"""Titles, staff, mentors and ties from lists: what became of every row, and the same list again changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as teams
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import Institution, Mentor, Qualification, Staff
from hatchline.apps.people.models import Person, Tie
from hatchline.apps.titles import queries
from hatchline.apps.titles.models import Title
from hatchline.apps.ventures.models import Venture
from hatchline.journeys import reference
from tests.journeys.imports.test_flow import NOW, bring, outcomes, take
from tests.realdata import real

pytestmark = pytest.mark.django_db
MAPPINGS = Path(__file__).parents[3] / "mappings"


@pytest.fixture
def places(db):
    names = ("望京孵化器", "酒仙桥孵化器", "电子城加速器")
    return [institutions.register(InstitutionDraft(name=name), by=None, now=NOW) for name in names]


def told(run) -> dict[int, str]:
    """Row → what was said of it."""
    return {row.number: "; ".join(problem["zh"] for problem in row.problems) for row in imports.rows(run)}


def test_public_notices_as_titles():
    """37 rows: kinds, levels and documents become titles; institutions that are no record yet become one.

    Three of them are of years after the day of this import, which no title may be.
    """
    list(reference.load(district="110105", now=NOW))
    path = real("cn_institutions_named.csv")
    mapping = (MAPPINGS / "cn_institutions_named_titles.yaml").read_text(encoding="utf-8")
    run = take(bring(path.read_bytes(), target="titles", mapping=mapping, name=path.name))
    said = told(run)
    for row in imports.rows(run):
        print(f"{row.number} {row.outcome} {row.label} {said[row.number]}".rstrip())
    print(run.counts)
    assert run.counts == {"created": 34, "rejected": 3} and Title.objects.count() == 34
    assert all("在业务日期之后" in said[row.number] for row in imports.rows(run, "rejected"))
    assert Institution.objects.count() == 34
    space = Institution.objects.get(name="洪泰创新空间")
    assert space.territory.name == "朝阳区" and space.seen_open_on == date(2016, 12, 31)
    title = queries.about("institutions.institution", space.pk).get()
    assert (title.kind, title.level, title.given_text) == ("makerspace", "national", "2016")
    assert queries.highest_levels("institutions.institution", [space.pk], date(2017, 1, 1)) == {space.pk: "national"}
    assert queries.highest_levels("institutions.institution", [space.pk], date(2016, 7, 1)) == {}
    assert Title.objects.get(level="other").kind == "returnee_park" and "没有写级别" in said[38]
    assert "按这一行新登记" in said[2]
    again = take(bring(path.read_bytes(), target="titles", mapping=mapping, name=path.name))
    assert again.counts == {"unchanged": 34, "rejected": 3}
    assert Title.objects.count() == 34 == Institution.objects.count()
    copy = take(bring(path.read_bytes(), target="titles", mapping=mapping, name="另一份.csv"))
    assert copy.counts == {"unchanged": 34, "rejected": 3} and Title.objects.count() == 34


def test_titles_of_institutions_and_ventures_on_record(places):
    text = (
        "获得单位,获得单位是,资质,级别,文号,授予时间,有效期至\n"
        "望京孵化器,孵化机构,科技企业孵化器,市级,京科发〔2015〕1号,2015年6月,\n"
        "没有这家孵化器,孵化机构,科技企业孵化器,市级,,2015,\n"
        "没有这家企业,企业,高新技术企业,国家级,,2015,\n"
        "望京孵化器,孵化机构,科技企业孵化器,国家级,,2090,\n"
        "酒仙桥孵化器,孵化机构,众创空间,区级,,,2018-12-31\n"
    )
    run = take(bring(text, target="titles"))
    assert outcomes(run) == ["created", "rejected", "rejected", "rejected", "created"]
    said = told(run)
    assert "没有找到孵化机构" in said[3] and "没有找到创业主体" in said[4] and "业务日期之后" in said[5]
    assert "在任何一天都不计入" in said[6]
    second = Title.objects.get(subject_id=places[1].pk)
    assert second.ends_before == date(2019, 1, 1)
    more = text.splitlines()[0] + ",证书编号,撤销日期,撤销原因\n"
    more += "望京孵化器,孵化机构,科技企业孵化器,市级,京科发〔2015〕1号,2015年6月,,A-1,2016-05-01,复核不合格\n"
    assert outcomes(take(bring(more, target="titles", name="撤销.csv"))) == ["updated"]
    first = Title.objects.get(subject_id=places[0].pk)
    assert (first.status, first.withdrawn_on, first.number) == ("withdrawn", date(2016, 5, 1), "A-1")


def test_a_list_may_register_the_firms_it_names():
    mapping = """hatchline_mapping: 1
target: titles
constants: {register: 是, holder: venture, kind: high_tech, level: national}
columns:
- {column: 企业, field: name}
- {column: 年, field: given}
- {column: 证号, field: number}
"""
    text = "企业,年,证号\n听雨科技,2015,GR1\n听雨科技,2016,GR2\n望风科技,2016,GR3\n"
    run = take(bring(text, target="titles", mapping=mapping))
    assert outcomes(run) == ["created"] * 3
    assert Venture.objects.count() == 2 and Title.objects.count() == 3
    assert queries.about("ventures.venture", Venture.objects.get(name="听雨科技").pk).count() == 2


def test_staff_with_several_qualifications(places):
    text = (
        "孵化机构,姓名,岗位,学历,入职时间,离职时间,资格类别,证书名称,发证时间\n"
        "望京孵化器,林一,管理人员,本科,2014年3月,,从业人员培训,初级,2015\n"
        "望京孵化器,林一,管理人员,本科,2014年3月,,律师,,2010\n"
        "望京孵化器,林二,服务人员,,2015,2016-05,,,\n"
        "没有这家,林三,服务人员,,,,,,\n"
        "酒仙桥孵化器,林四,,,,,,,\n"
        "酒仙桥孵化器,林五,管理人员,,2016,2015,,,\n"
    )
    run = take(bring(text, target="staff"))
    assert outcomes(run) == ["created", "created", "created", "rejected", "created", "rejected"]
    assert Staff.objects.count() == 3 and Qualification.objects.count() == 2
    found = teams.teams([place.pk for place in places], date(2016, 1, 1))
    first = found[places[0].pk]
    assert (first.staff, first.managers, first.college_managers, first.trained_managers) == (2, 1, 1, 1)
    assert first.service_staff == 1 and first.experience_unknown == 2 and first.mentors is None
    assert teams.teams([places[0].pk], date(2017, 1, 1))[places[0].pk].staff == 1
    assert places[2].pk not in found  # nobody was recorded: unknown, not none
    assert "没有写岗位" in told(run)[6]
    assert take(bring(text, target="staff")).counts == {"unchanged": 4, "rejected": 2}
    left = "孵化机构,姓名,岗位,离职时间\n望京孵化器,林一,管理人员,2017-01\n"
    assert outcomes(take(bring(left, target="staff", name="离职.csv"))) == ["updated"]
    assert Staff.objects.get(name="林一").ends_text == "2017-01" and Staff.objects.count() == 3


def test_mentors_appointed_from_and_until(places):
    text = (
        "聘任机构,导师姓名,工作单位,辅导领域,聘任时间,聘期至\n"
        "望京孵化器,周一,启元基金,融资,2015-01-01,2017-01-01\n"
        "望京孵化器,周一,启元基金,融资,2017-03-01,\n"
        "酒仙桥孵化器,周一,启元基金,融资,2015-01-01,\n"
    )
    run = take(bring(text, target="mentors"))
    assert outcomes(run) == ["created"] * 3 and Mentor.objects.count() == 3
    numbers = {
        day: teams.teams([places[0].pk], day)[places[0].pk].mentors
        for day in (date(2016, 6, 1), date(2017, 2, 1), date(2017, 6, 1))
    }
    assert list(numbers.values()) == [1, 0, 1]
    assert take(bring(text, target="mentors")).counts == {"unchanged": 3}


def test_ties_of_persons_and_bodies():
    body = bodies.register(OrganisationDraft(name="听雨科技有限公司"), by=None, now=NOW)
    bodies.register(OrganisationDraft(name="启元投资有限公司"), by=None, now=NOW)
    text = (
        "单位,关联人,关系,持股比例,起始时间,来源\n"
        "听雨科技有限公司,周一,股东,60,2015-03,工商登记\n"
        "听雨科技有限公司,周一,法定代表人,,2015-03,工商登记\n"
        "听雨科技有限公司,启元投资有限公司,股东,40,2016,工商登记\n"
        "听雨科技有限公司,启元投资有限公司,法定代表人,,,工商登记\n"
        "没有这家单位,周一,股东,10,,工商登记\n"
        "听雨科技有限公司,周二,顾问,5,,本人申报\n"
    )
    run = take(bring(text, target="ties"))
    assert outcomes(run) == ["created", "created", "created", "rejected", "rejected", "rejected"]
    assert Person.objects.filter(name="周一").count() == 1 and Tie.objects.filter(organisation=body).count() == 3
    assert Tie.objects.get(holder__name="启元投资有限公司").share == 40
    assert take(bring(text, target="ties")).counts == {"unchanged": 3, "rejected": 3}
    assert Tie.objects.count() == 3
    ended = "单位,关联人,关系,终止时间\n听雨科技有限公司,周一,法定代表人,2017-02\n"
    assert outcomes(take(bring(ended, target="ties", name="变更.csv"))) == ["updated"]
    assert Tie.objects.get(kind="legal_representative").ends_text == "2017-02"
