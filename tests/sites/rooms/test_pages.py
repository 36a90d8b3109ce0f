"""Premises, rooms, occupancies and idle property as people see and record them, in console and desk."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.premises import actions, queries
from hatchline.apps.premises.drafts import IdleDraft
from hatchline.apps.premises.models import IdleProperty, Occupancy, Premises, Space
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from tests.apps.premises.conftest import NOW, TODAY, TOLD, occupy, on, place, premises, room

pytestmark = pytest.mark.django_db


def signed_in(kind: str, organisation=None) -> Client:
    person = Person.objects.create(name=f"测试{kind}")
    Role.objects.create(person=person, kind=kind, organisation=organisation, starts_on=dt.date(2011, 1, 1))
    client = Client()
    account = Account.objects.create(username=f"test-{kind}-{person.pk}", person=person)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def day(settings):
    settings.TODAY = TODAY


@pytest.fixture
def operator(db):
    return bodies.register(OrganisationDraft(name="望京孵化有限公司"), by=None, now=NOW)


@pytest.fixture
def home(operator):
    return place(operator=operator.pk)


@pytest.fixture
def building(home):
    return premises(home, area=Decimal("1000"), tenure="leased", starts="2012-01-01")


@pytest.fixture
def team(home):
    made = ventures.register(VentureDraft(name="听雨科技团队"), by=None, now=NOW, today=TODAY)
    draft = StayDraft(made.pk, home.pk, "incubation", on("2015-01-01"), source="名册")
    ventures.claim(draft, by=None, now=NOW, today=TODAY)
    return made


@pytest.fixture
def official():
    return signed_in("official")


@pytest.fixture
def manager(operator):
    return signed_in("manager", operator)


def body(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_list_tells_area_use_and_what_is_free(official, building, team):
    occupy(room(building, "301", "100"), area="60", who=("ventures.venture", team.pk), name="旧名")
    shown = body(official.get("/console/premises/"))
    assert "望京科技园 B 座" in shown and "望京孵化器" in shown and "1,000" in shown
    assert "60" in shown and "40" in shown
    past = body(official.get("/console/premises/?as_of=2011-06-30"))
    assert "望京科技园 B 座" not in past
    csv = b"".join(official.get("/console/premises/?export=csv").streaming_content)
    assert "望京科技园 B 座".encode() in csv


def test_the_list_costs_the_same_for_one_and_thirty(official, home):
    def queries_of() -> int:
        official.get("/console/premises/")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            body(official.get("/console/premises/"))
        return len(caught)

    room(premises(home, name="场地 0"))
    few = queries_of()
    for number in range(1, 30):
        occupy(room(premises(home, name=f"场地 {number}")))
    assert queries_of() <= few + 1 <= 32


def test_a_page_shows_rooms_by_use_who_is_in_and_what_is_free(official, building, team):
    occupy(room(building, "301", "100"), area="60", who=("ventures.venture", team.pk), name="旧名")
    room(building, "大厅", "80", use="public_service")
    shown = body(official.get(f"/console/premises/{building.pk}/"))
    assert "听雨科技团队" in shown and f"/console/ventures/{team.pk}/" in shown and "旧名" not in shown
    assert "公共服务" in shown and "孵化用房" in shown
    before = body(official.get(f"/console/premises/{building.pk}/?as_of=2015-06-30"))
    assert "听雨科技团队" not in before


def test_an_official_registers_premises_a_room_and_a_use(official, home, team):
    sent = {
        "name": "C 座", "institution": home.pk, "area": "500", "tenure": "owned", "starts": "2016-3", "ended": "",
        "owner": "", "territory": "", "address": "", "source": "产权证", "version": "",
    }  # fmt: skip
    assert official.post("/console/premises/register/", sent).status_code == 302
    made = Premises.objects.get()
    assert (made.area, made.tenure, made.starts.code) == (500, "owned", "2016-03")
    space = {"code": "301", "kind": "room", "floor": "3", "use": "incubation", "area": "50", "desks": "", "since": ""}
    assert official.post(f"/console/premises/{made.pk}/spaces/", space).status_code == 302
    again = official.post(f"/console/premises/{made.pk}/spaces/", space)
    assert again.status_code == 422 and "已经有编号" in again.content.decode()
    space = Space.objects.get()
    use = {"who": f"v{team.pk}", "organisation": "", "purpose": "研发", "area": "60", "desks": "", "starts": "2016-6-1",
           "ended": "", "source": "租约"}  # fmt: skip
    large = official.post(f"/console/spaces/{space.pk}/occupy/", use)
    assert large.status_code == 422 and "只剩 50" in large.content.decode() and 'value="60"' in large.content.decode()
    assert official.post(f"/console/spaces/{space.pk}/occupy/", {**use, "area": "45"}).status_code == 302
    made = Occupancy.objects.get()
    assert (made.who_kind, made.who_id, made.name) == ("ventures.venture", team.pk, "听雨科技团队")
    assert "听雨科技团队" in body(official.get(f"/console/spaces/{space.pk}/"))
    smaller = official.post(f"/console/spaces/{space.pk}/resize/", {"since": "2017-1-1", "area": "40", "use": "office"})
    assert smaller.status_code == 422 and "45" in smaller.content.decode()
    assert official.post(f"/console/occupancies/{made.pk}/move-out/", {"on": "2017-05"}).status_code == 302
    made.refresh_from_db()
    assert made.ended.code == "2017-05"
    wrong = {**use, "who": "organisation", "area": "45"}
    assert "请填写单位名称或代码" in official.post(f"/console/occupancies/{made.pk}/correct/", wrong).content.decode()
    assert official.post(f"/console/occupancies/{made.pk}/correct/", {**wrong, "who": "common"}).status_code == 302
    assert official.post(f"/console/occupancies/{made.pk}/strike/", {"reason": "重复"}).status_code == 302
    assert not queries.occupancies().exists()
    assert "重复" in body(official.get(f"/console/spaces/{space.pk}/"))


def test_somebody_elses_save_is_not_lost(official, building):
    page = f"/console/premises/{building.pk}/amend/"
    sent = {"version": "1", "name": "B 座", "institution": building.institution_id, "area": "900", "tenure": "leased"}
    actions.amend(building, version=1, name="B 栋", by=None, now=NOW)
    answer = official.post(page, sent)
    assert answer.status_code == 409 and "B 栋" in answer.content.decode() and "900" in answer.content.decode()


def test_a_manager_keeps_own_premises_and_sees_no_others(manager, building, home, team):
    other = room(premises(place("别家孵化器"), name="别家场地"), "1")
    shown = body(manager.get("/desk/premises/"))
    assert "望京科技园 B 座" in shown and "别家场地" not in shown
    assert manager.get(f"/desk/premises/{other.premises_id}/").status_code == 404
    assert manager.get(f"/desk/spaces/{other.pk}/").status_code == 404
    assert manager.post(f"/desk/spaces/{other.pk}/occupy/", {}).status_code == 404
    its = occupy(other, area="5")
    assert manager.post(f"/desk/occupancies/{its.pk}/strike/", {"reason": "试"}).status_code == 404
    space = {"code": "301", "kind": "room", "use": "incubation", "area": "50"}
    assert manager.post(f"/desk/premises/{building.pk}/spaces/", space).status_code == 302
    mine = Space.objects.get(code="301")
    form = body(manager.get(f"/desk/spaces/{mine.pk}/occupy/"))
    assert "听雨科技团队" in form
    use = {"who": f"v{team.pk}", "area": "20", "starts": "2016", "source": "租约"}
    assert manager.post(f"/desk/spaces/{mine.pk}/occupy/", use).status_code == 302
    assert "听雨科技团队" in body(manager.get(f"/desk/premises/{building.pk}/"))
    taken = manager.post("/desk/premises/register/", {"name": "X", "institution": other.premises.institution_id})
    assert taken.status_code == 422 and not Premises.objects.filter(name="X").exists()


def test_an_auditor_reads_and_records_nothing(building):
    auditor = signed_in("auditor")
    shown = body(auditor.get(f"/console/premises/{building.pk}/"))
    assert "/amend/" not in shown
    assert auditor.post(f"/console/premises/{building.pk}/amend/", {}).status_code == 403
    assert auditor.get("/console/idle/").status_code == 200
    assert signed_in("founder").get("/desk/premises/").status_code == 403


def test_idle_property_goes_step_by_step_to_premises(official, home):
    found = {"name": "老厂房", "source": "街道摸排", "area": "3000", "found": "2016-3"}
    assert official.post("/console/idle/register/", found).status_code == 302
    row = IdleProperty.objects.get()
    page = f"/console/idle/{row.pk}/"
    assert "登记踏勘结果" in body(official.get(page))
    assert official.post(f"{page}survey/", {"on": "2016-5-1", "note": "结构完好"}).status_code == 302
    early = official.post(f"{page}start-converting/", {"on": "2016-6-1"})
    assert early.status_code == 422 and "已踏勘" in early.content.decode()
    assert official.post(f"{page}negotiate/", {"on": "2016-6-1"}).status_code == 302
    shown = body(official.get("/console/idle/"))
    assert "老厂房" in shown and "开始改造" in shown
    assert "老厂房" not in body(official.get("/console/idle/?tab=found"))
    made = official.post(f"{page}convert/", {
        "on": "2017-2-1", "name": "厂房空间", "institution": home.pk, "area": "2800", "tenure": "leased",
    })  # fmt: skip
    assert made.status_code == 302
    assert Premises.objects.get().converted_from_idle
    assert "闲置改造" in body(official.get(made["Location"]))
    assert "厂房空间" in body(official.get(page))


def test_an_officer_keeps_idle_property_but_does_not_convert_it():
    officer = signed_in("officer")
    row = actions.negotiate(actions.find(IdleDraft("仓库", "来函"), **TOLD), on=TODAY, **TOLD)
    assert officer.post(f"/console/idle/{row.pk}/convert/", {"on": "2017-7-18"}).status_code == 403
    dropped = officer.post(f"/console/idle/{row.pk}/drop/", {"on": "2017-7-18", "reason": "消防不合格"})
    assert dropped.status_code == 302
    assert "消防不合格" in body(officer.get(f"/console/idle/{row.pk}/"))


def test_in_english(official, building):
    room(building)
    official.cookies["django_language"] = "en"
    for address in ("/console/premises/", f"/console/premises/{building.pk}/", "/console/idle/"):
        shown = body(official.get(address))
        assert "场地</" not in shown and "面积" not in shown
