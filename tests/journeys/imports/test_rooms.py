"""Lists of premises, rooms and who uses them: what became of every row, nothing twice, nothing too large."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.premises import actions, queries
from hatchline.apps.premises.models import Occupancy, Premises, Space
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.core.values.dates import parse
from tests.journeys.imports.test_flow import NOW, bring, outcomes, take

pytestmark = pytest.mark.django_db
TODAY = date(2017, 7, 18)
PREMISES = "场地名称,孵化机构,总面积,权属,开始使用,闲置改造,街道\n"
ROOMS = "孵化机构,场地名称,房间编号,楼层,用途,面积,工位数,形式\n"
USES = "孵化机构,场地名称,房间编号,使用者,使用者类别,使用面积,工位数,用作,开始使用,退房时间,统计时间\n"


@pytest.fixture
def home(db):
    return institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=NOW)


def problems(run) -> list[str]:
    return [problem["code"] for row in imports.rows(run) for problem in row.problems if problem["severity"] == "error"]


def test_premises(home):
    rows = "B 座,望京孵化器,5000,租赁,2012年3月,是,\nC 座,望京孵化器,,自有,,,\nD 座,没有的机构,100,自有,,,\n"
    run = take(bring(PREMISES + rows, target="premises"))
    assert run.counts == {"created": 2, "rejected": 1} and problems(run) == ["no_such_institution"]
    made = Premises.objects.get(name="B 座")
    assert (made.area, made.tenure, made.converted_from_idle) == (5000, "leased", True)
    assert made.starts.code == "2012-03"
    assert Premises.objects.get(name="C 座").area is None
    assert take(bring(PREMISES + rows, target="premises")).counts == {"unchanged": 2, "rejected": 1}
    later = take(bring(PREMISES.replace("总面积", "建筑面积") + "C座,望京孵化器,800,,,,\n", target="premises"))
    assert later.counts == {"updated": 1} and Premises.objects.get(name__startswith="C").area == 800


def test_rooms_bring_their_premises(home):
    rows = (
        "望京孵化器,B 座,301,3,孵化用房,100,,房间\n"
        "望京孵化器,B 座,302,3,公共服务,60,,\n"
        "望京孵化器,B 座,大厅,1,孵化用房,200,30,开放工位区\n"
        "望京孵化器,B 座,303,3,孵化用房,-5,,\n"
    )
    run = take(bring(ROOMS + rows, target="spaces"))
    assert run.counts == {"created": 3, "rejected": 1}
    assert Premises.objects.count() == 1 and Space.objects.count() == 3
    assert queries.area_by_use(home.pk, TODAY) == {"incubation": 300, "public_service": 60}
    assert take(bring(ROOMS + rows, target="spaces")).counts["unchanged"] == 3
    assert Space.objects.count() == 3


@pytest.fixture
def rooms(home):
    rows = "望京孵化器,B 座,301,3,孵化用房,100,,\n望京孵化器,B 座,大厅,1,孵化用房,200,3,开放工位区\n"
    take(bring(ROOMS + rows, target="spaces"))
    ventures.register(VentureDraft(name="听雨科技团队"), by=None, now=NOW, today=TODAY)
    ventures.register(VentureDraft(name="听风科技团队"), by=None, now=NOW, today=TODAY)
    bodies.register(OrganisationDraft(name="北京物业服务有限公司"), by=None, now=NOW)


ROWS = (
    "望京孵化器,B 座,301,听雨科技团队,,60,,研发,2015-03-01,,2016-12-31\n"
    "望京孵化器,,301,北京物业服务有限公司,其他单位,30,,,2015年6月,至今,\n"
    "望京孵化器,B 座,大厅,公共会议,公共使用,50,,会议室,2014,2016-01-01,\n"
)


def test_who_uses_what(rooms, home):
    run = take(bring(USES + ROWS, target="occupancies"))
    assert run.counts == {"created": 3}, [row.problems for row in imports.rows(run)]
    team = Occupancy.objects.get(name="听雨科技团队")
    assert (team.who_kind, team.end_state, team.held_until) == ("ventures.venture", "unknown", date(2017, 1, 1))
    other = Occupancy.objects.get(name="北京物业服务有限公司")
    assert (other.who_kind, other.end_state, other.held_from) == ("bodies.organisation", "open", date(2015, 6, 30))
    common = Occupancy.objects.get(name="公共会议")
    assert (common.who_kind, common.who_id, common.purpose) == ("", None, "会议室")
    assert queries.free_area(home.pk, date(2016, 6, 1)) == 10 + 200


def test_the_same_list_again_changes_nothing_and_a_later_one_adds_the_end(rooms):
    take(bring(USES + ROWS, target="occupancies"))
    assert take(bring(USES + ROWS, target="occupancies")).counts == {"unchanged": 3}
    other_columns = "房号," + USES.replace("房间编号,", "")
    row = "301,望京孵化器,B 座,听雨科技团队,,60,,研发,2015-03-01,2017-02-01,\n"
    assert take(bring(other_columns + row, target="occupancies")).counts == {"updated": 1}
    assert Occupancy.objects.get(name="听雨科技团队").ended.exact == date(2017, 2, 1)
    assert Occupancy.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("望京孵化器,B 座,301,听雨科技团队,,101,,,2015-03-01,至今,\n", "too_large"),
        ("望京孵化器,B 座,大厅,听雨科技团队,,10,4,,2015-03-01,至今,\n", "too_many_desks"),
        ("望京孵化器,B 座,305,听雨科技团队,,10,,,2015-03-01,至今,\n", "no_such_space"),
        ("望京孵化器,Z 座,301,听雨科技团队,,10,,,2015-03-01,至今,\n", "no_such_premises"),
        ("望京孵化器,B 座,301,无名公司,,10,,,2015-03-01,至今,\n", "no_such_occupant"),
        ("别家孵化器,B 座,301,听雨科技团队,,10,,,2015-03-01,至今,\n", "no_such_institution"),
        ("望京孵化器,B 座,301,听雨科技团队,,10,,,2027-03-01,至今,\n", "in_the_future"),
        ("望京孵化器,B 座,301,听雨科技团队,,60,,,2015-03-01,2014-01-01,\n", ""),
    ],
)
def test_bad_rows_say_why_and_leave_nothing(rooms, row, code):
    run = take(bring(USES + row, target="occupancies"))
    assert run.counts == {"rejected": 1} and not Occupancy.objects.exists()
    assert problems(run) and (not code or code in problems(run))


def test_rows_that_do_not_fit_together_are_told_in_the_preview_and_refused(rooms):
    two = (
        "望京孵化器,B 座,301,听雨科技团队,,60,,,2015-03-01,至今,\n"
        "望京孵化器,B 座,301,听风科技团队,,60,,,2016-03-01,至今,\n"
        "望京孵化器,B 座,301,听风科技团队,,40,,,2014-03-01,至今,\n"
    )
    run = bring(USES + two, target="occupancies")
    assert run.preview["counts"] == {"created": 2, "rejected": 1}
    run = take(run)
    assert outcomes(run) == ["created", "rejected", "created"] and problems(run) == ["too_large"]
    assert "2016-03-01" in next(row for row in imports.rows(run, "rejected")).problems[0]["zh"]


def test_a_room_taken_meanwhile_is_refused_and_the_others_go_in(rooms, home):
    run = bring(USES + ROWS, target="occupancies")
    space = Space.objects.get(code="301")
    actions.occupy(queries_draft(space), by=None, now=NOW, today=TODAY)  # after the preview
    run = take(run)
    assert run.counts["rejected"] >= 1 and Occupancy.objects.filter(space=space).count() < 3
    assert Occupancy.objects.filter(name="公共会议").exists()


def queries_draft(space):
    from hatchline.apps.premises.drafts import OccupancyDraft

    return OccupancyDraft(space.pk, "库房", parse("2014-01-01"), "现场", area=space.extents.get().area)


def test_a_preview_refuses_an_end_before_the_beginning_on_record(rooms):
    head = "名单内编号," + USES
    row = "1,望京孵化器,B 座,301,听雨科技团队,,50,,办公,{},{},\n"
    assert take(bring(head + row.format("2015-01-01", ""), target="occupancies")).counts == {"created": 1}
    run = bring(head + row.format("", "2012-01-01"), target="occupancies")
    assert run.preview["counts"] == {"rejected": 1}
    assert take(run).counts == {"rejected": 1} and problems(run) == ["ends_before_it_begins"]
