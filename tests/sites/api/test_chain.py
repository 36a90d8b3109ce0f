"""Ventures, stays, titles, values, occupancies and the chain through the API."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.observations import actions as observations
from hatchline.apps.people.models import Person
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.models import Question, Stay, Venture
from tests.apps.ventures.conftest import NOW, TODAY, TOLD, drafted, stay, team

pytestmark = pytest.mark.django_db
PERIOD = {"starts_on": "2015-01-01", "ends_before": "2016-01-01"}


@pytest.fixture(autouse=True)
def july(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def revenue():
    return observations.declare(
        code="revenue",
        name="营业收入",
        name_en="Revenue",
        subject_kind="ventures.venture",
        value_type="money",
        time_kind="flow",
        unit="元",
        sums_over=["subjects"],
        by=None,
        now=NOW,
    )


@pytest.fixture
def houses(world):
    return world["institutions"]


def test_ventures_are_listed_as_of_a_day(calls, houses):
    first, second = houses
    one, other = team("听雨科技", founded="2014-02"), team("观云科技")
    stay(one, first, "2014-07-01", "2016-01-01", outcome="graduated")
    stay(other, second, "2015-01-01")
    call = calls(RoleKind.OFFICIAL)

    def there(query: str) -> list[tuple[str, str | None]]:
        answer = call.get("/ventures" + query)
        assert answer.status_code == 200, answer.content
        return [(row["name"], row["stage"]) for row in answer.json()["items"]]

    assert there("") == [("听雨科技", None), ("观云科技", "incubation")]
    assert there("?as_of=2015-06-30") == [("听雨科技", "incubation"), ("观云科技", "incubation")]
    assert there("?stage=incubation&as_of=2014-08-01") == [("听雨科技", "incubation")]
    assert there(f"?institution={second.pk}") == [("观云科技", "incubation")]
    assert there("?q=tykj") == [("听雨科技", None)]
    assert there("?stage=park") == []
    for day in ("2017-07-19", "0.0", "1451606400", "2016-6-30", "2016-06-31", "null"):  # to come, or no day at all
        assert call.get(f"/ventures?as_of={day}").status_code == 422, day
    found = call.get(f"/ventures/{one.pk}")
    assert found.json()["founded"]["code"] == "2014-02" and found.headers["ETag"] == '"1"'
    assert found.json()["rights"] == [] and found.json()["institutions"] == []


def test_where_nobody_knows_whether_it_still_is_there(calls, houses):
    call = calls(RoleKind.OFFICIAL)
    lost, gone = team("失联团队"), team("离开团队")
    first = houses[0]
    stay(lost, first, "2014-07-01", "?", evidence=date(2015, 6, 30))
    stay(gone, first, "2014-07-01", "2015-01-01")
    (row,) = call.get("/ventures?stage=unsure").json()["items"]
    there = {"id": first.pk, "name": first.name, "stage": "incubation", "last_seen": "2015-06-30"}
    assert (row["id"], row["stage"], row["institutions"], row["perhaps"]) == (lost.pk, None, [], there)
    assert call.get(f"/ventures/{lost.pk}").json()["perhaps"] == there
    assert call.get(f"/ventures/{gone.pk}").json()["perhaps"] is None
    assert call.get("/ventures?stage=unsure&as_of=2015-06-30").json()["items"] == []
    assert call.get("/ventures?as_of=2015-06-30").json()["items"][0]["perhaps"] is None
    (period,) = call.get("/chain/flow?since=2014-12-31&until=2015-12-31").json()["flows"]
    out = {"before": "incubation", "after": None, "ventures": 2, "perhaps_there": 1}
    assert period["steps"] == [out], "one left; of the other nobody knows"


def test_a_page_of_ventures_asks_as_often_with_thirty_as_with_one(calls, houses):
    call = calls(RoleKind.OFFICIAL)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert call.get("/ventures?limit=100").status_code == 200
            assert call.get("/stays?limit=100").status_code == 200
        return len(asked)

    stay(team("第一个"), houses[0], "2015-01-01")
    cost()
    before = cost()
    for number in range(30):
        stay(team(f"第{number}个团队"), houses[0], "2015-01-01")
    assert cost() == before


def test_each_role_reaches_its_own(calls, world, houses, account_of, token_of):
    from tests.sites.api.conftest import Calls

    here, elsewhere = team("在这里"), team("在别处")
    mine, theirs = stay(here, houses[0], "2015-01-01"), stay(elsewhere, houses[1], "2015-01-01")
    account = account_of(RoleKind.MANAGER, organisation=world["operator"])
    manager = Calls(token_of(account))
    assert [row["id"] for row in manager.get("/ventures").json()["items"]] == [here.pk]
    assert [row["id"] for row in manager.get("/stays").json()["items"]] == [mine.pk]
    assert manager.get(f"/ventures/{elsewhere.pk}").status_code == 404
    assert manager.get(f"/stays/{theirs.pk}").status_code == 404
    assert manager.get(f"/ventures/{elsewhere.pk}/observations").status_code == 404
    founder = account_of(RoleKind.FOUNDER)
    actions.record_founder(
        elsewhere, person=Person.objects.get(pk=founder.person_id), name="", backgrounds=(), by=None, now=NOW
    )
    own = Calls(token_of(founder))
    assert [row["id"] for row in own.get("/ventures").json()["items"]] == [elsewhere.pk]
    assert [row["id"] for row in own.get("/stays").json()["items"]] == [theirs.pk]
    assert own.get("/chain/survival").status_code == 403
    assert calls(RoleKind.EXPERT).get("/ventures").status_code == 403


def test_what_a_venture_did_not_agree_to_is_null_and_not_empty(calls, world, houses, account_of, token_of):
    from tests.sites.api.conftest import Calls

    venture = team("来申请的团队")
    actions.apply(venture, institution=houses[0].pk, stage="incubation", **TOLD)
    manager = Calls(token_of(account_of(RoleKind.MANAGER, organisation=world["operator"])))
    found = manager.get(f"/ventures/{venture.pk}").json()
    assert found["rights"] is None and found["fundings"] is None
    assert manager.get(f"/ventures/{venture.pk}/observations").status_code == 404
    assert calls(RoleKind.OFFICIAL).get(f"/ventures/{venture.pk}").json()["rights"] == []


def test_a_venture_is_registered_once_it_is_said_to_be_new(calls, world):
    call = calls(RoleKind.OFFICIAL)
    sent = {"name": "听雨科技", "founded": "2015-03", "industry": "6510"}
    made = call("POST", "/ventures", sent)
    assert made.status_code == 201 and made.json()["industry"] == "6510"
    assert made.headers["Location"] == f"/api/ventures/{made.json()['id']}"
    again = call("POST", "/ventures", {"name": "听雨科技有限公司"})
    assert again.status_code == 409 and again.json()["candidates"] == [made.json()["id"]]
    assert Venture.objects.count() == 1
    assert call("POST", "/ventures", {"name": "听雨科技有限公司", "confirmed": True}).status_code == 201
    assert call("POST", "/ventures", {"name": "甲", "industry": "none"}).status_code == 422
    assert call("POST", "/ventures", {"name": " "}).status_code == 422
    assert calls(RoleKind.AUDITOR)("POST", "/ventures", sent).status_code == 403


def test_a_claim_that_overlaps_is_disputed_and_opens_a_question(calls, world, houses, account_of, token_of):
    from tests.sites.api.conftest import Calls

    venture = team("听雨科技")
    stay(venture, houses[1], "2015-01-01")
    manager = Calls(token_of(account_of(RoleKind.MANAGER, organisation=world["operator"])))
    sent = {"venture": venture.pk, "institution": houses[0].pk, "stage": "incubation", "starts": "2016-01"}
    made = manager("POST", "/stays", sent)
    assert made.status_code == 201 and made.json()["status"] in {"claimed", "disputed"}
    if made.json()["status"] == "disputed":
        assert Question.objects.filter(other_stay=made.json()["id"]).exists()
    wrong = manager("POST", "/stays", {**sent, "institution": houses[1].pk})
    assert wrong.status_code == 422 and wrong.json()["field"] == "institution"
    future = manager("POST", "/stays", {**sent, "starts": "2019"})
    assert future.status_code == 422 and future.json()["code"] == "in_the_future"
    early = manager("POST", "/stays", {**sent, "ended": "2015-01-01", "starts": "2016-01-01"})
    assert early.status_code == 422 and early.json()["code"] == "ends_before_it_begins"
    assert manager("POST", "/stays", {**sent, "venture": 987654}).json()["field"] == "venture"
    assert Stay.objects.count() == 2


def test_titles_are_recorded_and_stand_on_a_day(calls, world, houses):
    call = calls(RoleKind.OFFICIAL)
    sent = {
        "subject_kind": "institutions.institution",
        "subject": houses[0].pk,
        "kind": "incubator",
        "level": "municipal",
        "given": "2015-06-01",
        "ends_before": "2016-06-01",
        "document": "京科发〔2015〕1号",
        "source": "公示名单",
    }
    made = call("POST", "/titles", sent)
    assert made.status_code == 201, made.content
    assert call("POST", "/titles", sent).status_code in {409, 422}

    def standing(query: str) -> list[str]:
        return [row["state"] for row in call.get("/titles" + query).json()["items"]]

    assert standing("?as_of=2015-05-31") == []
    assert standing("?in_force=true&as_of=2016-05-31") == [made.json()["state"].replace("expired", "given")]
    assert standing("?in_force=true&as_of=2016-06-01") == []
    assert len(standing("?level=municipal")) == 1 and standing("?level=national") == []
    assert call("POST", "/titles", {**sent, "kind": "nonsense"}).json()["field"] == "kind"
    assert call("POST", "/titles", {**sent, "subject": 987654}).json()["field"] == "subject"
    assert calls(RoleKind.CENTRE)("POST", "/titles", sent).status_code == 403


def test_values_are_what_was_known_then(calls, houses, revenue):
    venture = team("听雨科技")
    stay(venture, houses[0], "2014-07-01")
    year = {"measure": "revenue", "subject": venture.pk, "starts_on": "2016-01-01", "ends_before": "2017-01-01"}
    call = calls(RoleKind.OFFICIAL)
    made = call("POST", "/observations", {**year, "value": 1250000.5, "source": "年报"})
    assert made.status_code == 201, made.content
    assert made.json()["value"] == 1250000.5
    again = call("POST", "/observations", {**year, "value": 99, "source": "年报"})
    assert again.status_code in {409, 422}
    ahead = {**year, "starts_on": "2017-01-01", "ends_before": "2018-01-01", "value": 1, "source": "年报"}
    assert call("POST", "/observations", ahead).json()["code"] == "in_the_future"
    wrong = {**year, "starts_on": "2015-01-01", "ends_before": "2016-01-01", "value": "很多", "source": "年报"}
    assert call("POST", "/observations", wrong).json()["code"] == "wrong_type"
    path = f"/ventures/{venture.pk}/observations"
    assert [row["value"] for row in call.get(path).json()] == [1250000.5]
    assert call.get(path + "?as_of=2016-06-30").json() == []
    assert call.get(path + "?known_at=2016-12-31").json() == []
    assert call("POST", "/observations", {**year, "measure": "none", "value": 1, "source": "x"}).status_code == 422
    assert [row["code"] for row in call.get("/measures").json()] == ["revenue"]


def test_the_chain_is_the_same_as_the_record(calls, houses):
    call = calls(RoleKind.OFFICIAL)
    for number in range(3):
        stay(team(f"毕业{number}"), houses[0], "2014-07-01", f"2016-0{number + 1}-01", outcome="graduated")
    stay(team("仍在"), houses[1], "2015-07-01")
    found = call.get("/chain/flow?since=2013-12-31").json()
    assert [(each["since"], each["until"]) for each in found["flows"]] == [
        ("2013-12-31", "2014-12-31"),
        ("2014-12-31", "2015-12-31"),
        ("2015-12-31", "2016-12-31"),
        ("2016-12-31", "2017-07-18"),
    ]
    steps = {(each["before"], each["after"]): each["ventures"] for each in found["flows"][0]["steps"]}
    assert steps == {(None, "incubation"): 3}
    third = {(each["before"], each["after"]): each["ventures"] for each in found["flows"][2]["steps"]}
    assert third == {("incubation", None): 3, ("incubation", "incubation"): 1}
    survival = call.get("/chain/survival").json()
    lengths, happened, left_out = queries.durations(queries.chain(), TODAY)
    assert (survival["ventures"], survival["graduated"]) == (len(lengths), int(happened.sum())) == (4, 3)
    assert survival["left_out"] == left_out == 0
    assert survival["median"] == (date(2016, 2, 1) - date(2014, 7, 1)).days
    one = call.get(f"/chain/survival?institution={houses[1].pk}").json()
    assert (one["ventures"], one["graduated"], one["median"]) == (1, 0, None)
    assert call.get("/chain/flow?since=2018-01-01").status_code == 422
    assert call.get("/chain/flow?since=1950-01-01&by=quarter").status_code == 422


def test_a_merged_records_rows_are_found_under_the_kept_one(calls, houses):
    one, other = team("听雨科技"), team("听雨科技团队")
    stay(other, houses[0], "2015-01-01")
    actions.claim(drafted(one, houses[1], "2014-07-01", "2014-12-01", stage="nursery"), **TOLD)
    actions.merge(one, other, reason="同一团队", by=None, now=NOW, today=TODAY)
    call = calls(RoleKind.OFFICIAL)
    assert call.get(f"/ventures/{other.pk}").status_code == 404
    assert call.get(f"/ventures/{one.pk}").json()["merged_ids"] == [other.pk]
    assert len(call.get(f"/stays?venture={one.pk}").json()["items"]) == 2


def test_how_and_when_owners_sold_is_told_taken_and_asked_for(calls):
    call = calls(RoleKind.OFFICIAL)
    sent = {"name": "上市的企业", "exit": "listed", "exited": "2015-06", "founded": "2012"}
    made = call("POST", "/ventures", sent)
    assert made.status_code == 201 and made.json()["exit"] == "listed" and made.json()["exited"]["code"] == "2015-06"
    assert call("POST", "/ventures", {"name": "没说怎样的", "exited": "2015-06"}).status_code == 422
    team("还在的团队")
    listed = [(row["name"], row["exit"]) for row in call.get("/ventures?exit=listed").json()["items"]]
    assert listed == [("上市的企业", "listed")]
    assert call.get("/ventures?exit=listed&as_of=2015-05-31").json()["items"] == []
    assert len(call.get("/ventures?exit=listed&as_of=2015-06-30").json()["items"]) == 1


@pytest.mark.parametrize("typed", ["已致电 13800138000 确认", "见 someone@example.org"])
@pytest.mark.parametrize(
    ("path", "field", "sent"),
    [
        ("/ventures", "source", {"name": "听雨科技"}),
        ("/stays", "source", {"venture": 1, "institution": 1, "stage": "nursery", "starts": "2015"}),
        ("/titles", "source", {"subject_kind": "ventures.venture", "subject": 1, "kind": "x", "level": "other"}),
        *(
            ("/observations", field, {"measure": "revenue", "subject": 1, "value": 1, "source": "年报"} | PERIOD)
            for field in ("source", "sure")
        ),
    ],
)
def test_a_reason_or_source_holds_no_number_or_address(calls, path, field, sent, typed):
    answer = calls(RoleKind.OFFICIAL)("POST", path, {**sent, field: typed})
    (problem,) = answer.json()["errors"]
    assert answer.status_code == 422 and problem["where"].endswith(f".{field}"), answer.content
    assert "不能含电话、证件号或邮箱" in problem["message"] and not Venture.objects.exists()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/ventures?instituton=1", "query.instituton"),
        ("/stays?as-of=2016-12-31", "query.as-of"),
        ("/titles?stage=park", "query.stage"),
        ("/occupancies?foo=", "query.foo"),
        ("/chain/flow?since=2016-01-01&until=2017-08-01", "until"),
        ("/chain/flow?since=2016-01-01&institution=999999", "institution"),
        ("/chain/survival?institution=999999", "institution"),
        ("/targets/{target}?on=2017-07-19", "on"),
    ],
)
def test_what_cannot_be_asked_is_named_and_never_answered_with_everything(calls, world, path, field):
    answer = calls(RoleKind.OFFICIAL).get(path.format(target=world["target"].code))
    told = answer.json()
    assert answer.status_code == 422, told
    assert field in {told.get("field"), *(each["where"] for each in told.get("errors", []))}
