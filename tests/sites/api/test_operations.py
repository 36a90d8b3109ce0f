"""What the operations answer: reading, writing with versions, pages, problems."""

from __future__ import annotations

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import Organisation
from hatchline.apps.people.roles import RoleKind
from tests.sites.api.conftest import Calls

pytestmark = pytest.mark.django_db
LARGE = [
    str(2**63),
    str(2**64 + 1),
    "9" * 400,
    "-1",
    "0",
    "1.5",
    "x",
    "%00",
    "1%00",
    "😀",
    "%F0%9F%98%80",
    "%ff",
    "null",
]
TEXTS = [
    "%00",
    "a%00b",
    "😀" * 40,
    "%ff%fe",
    "'; DROP TABLE x;--",
    "%25",
    "_",
    "a" * 5000,
    "%ED%A0%80",
    "\\",
    "望京%0A",
]


def test_places_classes_and_areas_are_read(calls, world):
    call = calls(RoleKind.FOUNDER)
    rows = call.get("/territories?under=110105&level=4").json()["items"]
    assert [row["code"] for row in rows] == ["110105019", "110105026"]
    assert call.get("/territories/11").json()["name"] == "北京市"
    assert call.get("/territories?q=望京").json()["items"][0]["parent"] == "110105"
    assert call.get("/areas/electronics").json()["divisions"][0]["name"] == "酒仙桥街道"
    assert call.get("/areas/electronics?on=2009-12-31").json()["divisions"] == []
    assert call.get("/classifications").json()[0]["code"] == "gbt4754-2017"
    assert call.get("/classifications/gbt4754-2017/codes?under=I65").json()["items"][0]["name"] == "软件开发"
    assert call.get("/territories/110105/key-industries").json()[0]["code"] == "I65"
    assert call.get("/territories/110105/key-industries?on=2015-01-01").json() == []


def test_a_target_says_its_value_its_coverage_and_its_rows(calls, world):
    call = calls(RoleKind.AUDITOR)
    assert [each["code"] for each in call.get("/targets").json()] == ["institutions-2017"]
    reading = call.get("/targets/institutions-2017").json()
    assert (reading["value"], reading["target"], reading["verdict"]) == (2, 20, "not_met")
    assert reading["coverage"] == {"rows": 2, "decided": 2, "undecided": 0}
    rows = call.get("/targets/institutions-2017/rows?limit=1").json()
    again = call.get(f"/targets/institutions-2017/rows?limit=1&cursor={rows['next']}").json()
    assert {rows["items"][0]["id"], again["items"][0]["id"]} == {each.pk for each in world["institutions"]}
    assert again["next"] is None
    assert call.get("/targets/institutions-2017?on=2010-01-01").json()["value"] == 0


def test_an_organisation_is_registered_and_amended_with_its_version(calls, world):
    call = calls(RoleKind.CENTRE)
    sent = {
        "name": "新登记单位",
        "territory": "110105026",
        "founded": "2014-06",
        "types": ["company"],
        "industry": "6510",
        "names": [{"kind": "short", "name": "新登"}],
        "latitude": 39.99,
        "longitude": 116.48,
    }
    response = call("POST", "/organisations", sent)
    assert response.status_code == 201, response.content.decode()
    made = response.json()
    assert response.headers["Location"] == f"/api/organisations/{made['id']}"
    assert made["founded"]["before"] == "2014-07-01"
    assert (made["latitude"], made["industry"], made["names"]) == (39.99, "6510", sent["names"])

    read = call.get(f"/organisations/{made['id']}")
    assert read.headers["ETag"] == '"1"'
    missing = call("PATCH", f"/organisations/{made['id']}", {"address": "望京东路"})
    assert (missing.status_code, missing.json()["code"]) == (428, "version_needed")
    amended = call("PATCH", f"/organisations/{made['id']}", {"address": "望京东路"}, If_Match='"1"')
    assert amended.status_code == 200
    assert amended.headers["ETag"] == '"2"'
    assert amended.json()["industry"] == "6510"

    late = call("PATCH", f"/organisations/{made['id']}", {"address": "酒仙桥路"}, If_Match='"1"')
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert late.json()["conflicts"]["address"]["theirs"] == "望京东路"
    assert late.json()["version"] == 2


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"name": "  "}, 422, "no_name"),
        ({"name": "甲", "colour": "red"}, 422, "invalid"),
        ({"name": "甲", "territory": "999999"}, 422, "invalid"),
        ({"name": "甲", "industry": "Z9"}, 422, "invalid"),
        ({"name": "甲", "types": ["circus"]}, 422, "unknown_type"),
        ({"name": "甲", "credit_code": "123"}, 422, "malformed_credit_code"),
        ({"name": "甲", "founded": "3013-45"}, 422, "invalid"),
        ({"name": "甲", "founded": "2016", "closed": "2014"}, 422, "ends_before_it_begins"),
        ({"name": "甲\u0000"}, 422, "invalid"),
        ({"name": "甲\ud800"}, 422, "invalid"),
        ({"name": "甲", "latitude": 1e400}, 422, "invalid"),
        ({"name": "甲", "latitude": 91}, 422, "invalid"),
        ({"name": 7}, 422, "invalid"),
        ([], 422, "invalid"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(calls, world, sent, status, code):
    response = calls(RoleKind.OFFICIAL)("POST", "/organisations", sent)
    assert (response.status_code, response.json()["code"]) == (status, code), response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"\x00", b"[" * 20_000, b"1e999", b'{"name": NaN}'])
def test_a_body_that_is_no_json_is_unreadable(calls, world, body):
    response = calls(RoleKind.OFFICIAL)("POST", "/organisations", body)
    assert response.status_code in {400, 422}, response.content
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_credit_code_has_one_owner(calls, world):
    call = calls(RoleKind.OFFICIAL)
    sent = {"name": "甲", "credit_code": "91110105MA00000000"}
    first = call("POST", "/organisations", sent)
    assert first.status_code == 201
    second = call("POST", "/organisations", {**sent, "name": "乙"})
    assert (second.status_code, second.json()["code"]) == (409, "code_taken")
    assert second.json()["organisation"] == first.json()["id"]


def test_an_institution_is_registered_and_its_manager_amends_what_is_theirs(calls, world):
    official = calls(RoleKind.OFFICIAL)
    sent = {"name": "新孵化器", "operator": world["operator"].pk, "kinds": ["incubator"], "opened": "2016"}
    made = official("POST", "/institutions", sent)
    assert made.status_code == 201, made.content.decode()
    key = made.json()["id"]
    manager = calls(RoleKind.MANAGER, world["operator"])
    assert manager("POST", "/institutions", sent).status_code == 403
    tag = manager.get(f"/institutions/{key}").headers["ETag"]
    amended = manager("PATCH", f"/institutions/{key}", {"website": "https://example.org"}, If_Match=tag)
    assert amended.status_code == 200
    assert amended.json()["website"] == "https://example.org"
    refused = manager("PATCH", f"/institutions/{key}", {"name": "改名"}, If_Match=amended.headers["ETag"])
    assert (refused.status_code, refused.json()["code"]) == (403, "for_the_authority")
    unknown = official("PATCH", f"/institutions/{key}", {"operator": 987654321}, If_Match=amended.headers["ETag"])
    assert (unknown.status_code, unknown.json()["field"]) == (422, "operator")


def test_pages_neither_repeat_nor_lose_rows_while_others_come(calls, world, django_assert_max_num_queries):
    from django.utils import timezone

    def add(number):
        bodies.register(OrganisationDraft(name=f"单位{number:03}"), by=None, now=timezone.now())

    for number in range(0, 40, 2):
        add(number)
    there = set(Organisation.objects.values_list("pk", flat=True))
    call = calls(RoleKind.OFFICIAL)
    for sort in ("id", "name"):
        seen, cursor, odd = [], "", 1
        while cursor is not None:
            with django_assert_max_num_queries(16):
                answer = call.get(f"/organisations?sort={sort}&limit=4&cursor={cursor}").json()
            seen += [row["id"] for row in answer["items"]]
            cursor = answer["next"]
            add(odd if sort == "id" else odd + 1000)  # comes before, between and after what was read
            odd += 7
        assert len(seen) == len(set(seen))
        assert there <= set(seen)


@pytest.mark.parametrize("cursor", ["x", "%00", "a:b:c", "😀", "a" * 900, "eyJ4IjoxfQ:1abcde:xxxxxxxx"])
def test_a_cursor_that_is_not_ours_is_refused(calls, world, cursor):
    response = calls(RoleKind.OFFICIAL).get(f"/organisations?cursor={cursor}")
    assert response.status_code in {400, 422}
    assert response.json()["code"] in {"bad_cursor", "invalid"}


def test_a_cursor_belongs_to_its_query(calls, world):
    call = calls(RoleKind.OFFICIAL)
    cursor = call.get("/organisations?limit=1").json()["next"]
    assert call.get(f"/organisations?limit=1&cursor={cursor}").status_code == 200
    for other in (f"/organisations?limit=1&status=active&cursor={cursor}", f"/institutions?cursor={cursor}"):
        assert call.get(other).json()["code"] == "bad_cursor"


def test_problems_of_addresses_and_methods(calls, world):
    call = calls(RoleKind.OFFICIAL)
    for path in ("/nothing", "/organisations/", "/institutions/1/x"):
        response = call.get(path)
        assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json"), path
    for method in ("DELETE", "PUT", "OPTIONS", "TRACE"):
        response = call(method, "/organisations")
        assert response.status_code == 405
        assert response.json()["code"] == "wrong_method"
        assert "GET" in response.headers["Allow"]


def test_our_own_faults_are_problems_too(calls, world, monkeypatch):
    from hatchline.sites.api import targets

    monkeypatch.setattr(targets.indicators, "targets", lambda *_: 1 / 0)
    response = calls(RoleKind.OFFICIAL).get("/targets")
    assert (response.status_code, response.json()["code"]) == (500, "failed")
    assert "ZeroDivision" not in response.content.decode()


def parameters():
    from hatchline.sites.api.interface import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            for each in described["parameters"]:
                if each["in"] in {"path", "query"}:
                    yield method, path, each["name"], each["in"]


def test_no_parameter_breaks_anything(calls, world):
    """NUL bytes, numbers beyond 64 bits, emoji, broken UTF-8 in every parameter of every operation."""
    call, wrong, count = calls(RoleKind.ADMINISTRATOR), [], 0
    for method, path, name, place in parameters():
        filled = path.removeprefix("/api").replace("{" + name + "}", "@").replace("{pk}", "1").replace("{code}", "11")
        for value in LARGE + TEXTS:
            if count % 400 == 399:
                call = calls(RoleKind.ADMINISTRATOR)  # below the limit of calls
            count += 1
            address = filled.replace("@", value.replace("\\", "%5C")) if place == "path" else f"{filled}?{name}={value}"
            response = call(method.upper(), address, {} if method in {"post", "patch"} else None, If_Match='"1"')
            if response.status_code >= 500:
                wrong.append(f"{method} {address}: {response.status_code}")
            elif response.status_code >= 400 and response.headers["Content-Type"] != "application/problem+json":
                wrong.append(f"{method} {address}: {response.headers['Content-Type']}")
    assert count > 300
    assert not wrong, wrong[:20]


def test_the_description_and_its_page_need_no_account(world):
    described = Calls().get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert (
        described["paths"]["/api/institutions/{pk}"]["patch"]["x-access"]
        == "institutions.amend | institutions.amend_own"
    )
    assert "Problem" in described["components"]["schemas"]
    page = Calls().get("/docs/").content.decode()
    assert "/api/institutions/{pk}" in page
    assert "https://" not in page.split("</head>")[0]


def test_problems_speak_the_readers_language(world):
    assert Calls().get("/me?lang=en").json()["title"] == "A token is needed"
    assert Calls().get("/me").json()["title"] == "需要令牌"
