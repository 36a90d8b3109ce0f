"""The pages of people on the console: who sees them, what is masked, and what is done there."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import actions as people
from hatchline.apps.people import queries
from tests.apps.people.conftest import body, division

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass"
PHONE = "13800138000"


def client_for(kind: str, name: str = "", **places) -> Client:
    now = timezone.now()
    person = people.register(name or f"某{kind}", by=None, now=now)
    account = people.make_account(person, username=f"{kind}-{person.pk}", password=PASSWORD, by=None, now=now)
    people.grant(person, kind=kind, starts_on=date(2011, 1, 1), by=None, now=now, **places)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.person = person
    return client


@pytest.fixture
def admin(db) -> Client:
    return client_for("administrator", "管理员")


@pytest.fixture
def zhang(db):
    person = people.register("张三", name_en="Zhang San", by=None, now=timezone.now())
    people.set_contact(person, kind="mobile", value=PHONE, by=None, now=timezone.now())
    return person


@pytest.fixture
def company(db):
    return body("测试科技有限公司", division("990105", "测试区"))


def text(response) -> str:
    return response.content.decode()


def at(person, *parts: object) -> str:
    return "/console/people/" + "/".join(str(part) for part in (person.pk, *parts)) + "/"


def test_the_list_shows_names_and_roles_and_is_searched_and_filtered(admin, zhang):
    page = text(admin.get("/console/people/"))
    assert "张三" in page and "系统管理员" in page
    assert PHONE not in page
    found = text(admin.get("/console/people/", {"q": "张三"}))
    assert f"/console/people/{zhang.pk}/" in found and f"/console/people/{admin.person.pk}/" not in found
    only = text(admin.get("/console/people/", {"role": "administrator"}))
    assert f"/console/people/{zhang.pk}/" not in only and f"/console/people/{admin.person.pk}/" in only


def test_a_person_out_of_reach_is_not_there(zhang, company):
    elsewhere = body("邻区科技有限公司", division("990106", "邻区"))
    people.grant(zhang, kind="staff", organisation=elsewhere, starts_on=date(2011, 1, 1), by=None, now=timezone.now())
    official = client_for("official", territory=company.territory)
    assert official.get(at(zhang)).status_code == 404
    assert official.post(at(zhang, "contacts"), {"contact-kind": "mobile"}).status_code == 404
    assert client_for("official").get(at(zhang)).status_code == 200


def test_a_contact_is_masked_and_each_look_is_in_the_ledger(admin, zhang):
    contact = queries.contacts_of(zhang)[0]
    assert PHONE not in text(admin.get(at(zhang)))
    before = ledger.about(zhang).count()
    whole = admin.post(at(zhang, "contacts", contact.pk))
    part = admin.post(at(zhang, "contacts", contact.pk), headers={"HX-Request": "true"})
    assert PHONE in text(whole) and PHONE in text(part) and "<html" not in text(part)
    assert "no-store" in part.headers["Cache-Control"]
    assert ledger.about(zhang).count() == before + 2
    entry = ledger.about(zhang).first()
    assert (entry.event, entry.by_id, entry.role_kind) == (
        "people.person.looked",
        admin.person.pk,
        "administrator",
    )
    assert admin.get(at(zhang, "contacts", contact.pk)).status_code == 405


def test_an_auditor_looks_and_changes_nothing(zhang):
    auditor = client_for("auditor")
    page = text(auditor.get(at(zhang)))
    assert "张三" in page and "<form" not in page.split("<main")[1].split("</main")[0]
    before = ledger.head()
    contact = queries.contacts_of(zhang)[0]
    for parts in (
        ("roles",),
        ("ties",),
        ("contacts",),
        ("contacts", contact.pk),
        ("identities",),
        ("export",),
        ("erase",),
        ("activity",),
    ):
        assert auditor.post(at(zhang, *parts), {"name": "张三"}).status_code == 403, parts
    assert ledger.head() == before


def test_an_invitation_from_the_page_opens_an_account(admin, zhang, company):
    posted = {"kind": "manager", "organisation": company.name, "starts_on": "2020-01-01", "how": "invite"}
    page = text(admin.post(at(zhang, "roles"), posted))
    link = re.search(r"http://testserver(/accounts/invitation/[\w-]+/)", page)[1]
    assert link not in text(admin.get(at(zhang)))
    invited = Client()
    shown = text(invited.get(link))
    assert "张三" in shown and "机构负责人 · 测试科技有限公司" in shown
    wrong = invited.post(link, {"username": "zhang", "password": PASSWORD, "again": "another pass"})
    assert wrong.status_code == 422 and "两次输入的密码不一样" in text(wrong)
    assert PASSWORD not in text(wrong)
    weak = invited.post(link, {"username": "zhang", "password": "12345678901", "again": "12345678901"})
    assert weak.status_code == 422 and queries.account_named("zhang") is None
    done = invited.post(link, {"username": "zhang", "password": PASSWORD, "again": PASSWORD})
    assert (done.status_code, done.headers["Location"]) == (302, "/go/")
    assert invited.get("/go/").headers["Location"] == "/desk/"
    assert Client().get(link).status_code == 410
    assert Client().get("/accounts/invitation/not-a-token/").status_code == 404


def test_who_has_an_account_accepts_signed_in(admin, zhang, company):
    account = people.make_account(zhang, username="zhang", password=PASSWORD, by=None, now=timezone.now())
    posted = {"kind": "expert", "starts_on": "2020-01-01", "how": "invite"}
    link = re.search(r"(/accounts/invitation/[\w-]+/)", text(admin.post(at(zhang, "roles"), posted)))[1]
    assert f"/accounts/login/?next={link}" in text(Client().get(link))
    assert Client().post(link, {"username": "x", "password": PASSWORD, "again": PASSWORD}).status_code == 422
    assert text(admin.get(link)).count("另一个人") == 1
    theirs = Client()
    theirs.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert theirs.post(link).status_code == 302
    assert [role.kind for role in queries.roles_of_person(zhang)] == ["expert"]


def test_roles_are_granted_and_ended(admin, zhang, company):
    people.make_account(zhang, username="zhang", password=PASSWORD, by=None, now=timezone.now())
    posted = {"kind": "staff", "organisation": company.name, "starts_on": "2020-01-01", "how": "grant"}
    assert admin.post(at(zhang, "roles"), posted).status_code == 302
    twice = admin.post(at(zhang, "roles"), posted)
    assert twice.status_code == 422 and "已有同一角色" in text(twice) and "2020-01-01" in text(twice)
    missing = admin.post(at(zhang, "roles"), posted | {"organisation": "没有这家公司"})
    assert missing.status_code == 422 and "没有找到这家单位" in text(missing)
    (role,) = queries.roles_of_person(zhang)
    admin.post(at(zhang, "roles", role.pk, "end"))
    assert queries.roles_of_person(zhang, today=timezone.localdate()) == []


def test_the_last_administrator_is_told_why_not(admin):
    (role,) = queries.roles_of_person(admin.person)
    page = text(admin.post(at(admin.person, "roles", role.pk, "end"), follow=True))
    assert "最后一位系统管理员" in page
    assert queries.roles_of_person(admin.person, today=timezone.localdate()) == [role]


def test_ties_are_recorded_with_dates_as_known_and_ended(admin, zhang, company):
    posted = {
        "organisation": company.name,
        "kind": "shareholder",
        "share": "30",
        "starts": "2014年6月",
        "source": "工商登记",
        "visibility": "parties",
    }
    assert admin.post(at(zhang, "ties"), posted).status_code == 302
    page = text(admin.get(at(zhang)))
    assert "测试科技有限公司" in page and "30" in page
    over = admin.post(at(zhang, "ties"), posted | {"share": "130"})
    assert over.status_code == 422 and "0 到 100" in text(over)
    tie = queries.ties_of(zhang, queries.roles_of_person(admin.person)[0], today=timezone.localdate())[0]
    assert tie.starts.text == "2014年6月"
    admin.post(at(zhang, "ties", tie.pk, "end"))
    tie.refresh_from_db()
    assert tie.ends_on == date(2017, 7, 18)


def test_likely_duplicates_are_shown(admin, zhang):
    other = people.register("张山", by=None, now=timezone.now())
    people.set_contact(other, kind="mobile", value="138-0013-8000", by=None, now=timezone.now())
    assert "联系方式相同" in text(admin.get(at(zhang)))


def test_a_persons_data_is_handed_out_and_erased(admin, zhang):
    archive = zipfile.ZipFile(io.BytesIO(admin.post(at(zhang, "export")).content))
    held = json.loads(archive.read("person.json"))
    assert held["contacts"][0]["value"] == PHONE and "加盐摘要" in archive.read("README.txt").decode()
    wrong = text(admin.post(at(zhang, "erase"), {"name": "李四"}, follow=True))
    assert "没有删除" in wrong and queries.contacts_of(zhang)
    done = text(admin.post(at(zhang, "erase"), {"name": "张三"}, follow=True))
    assert "（个人信息已删除）" in done and not queries.contacts_of(zhang)
    assert admin.get("/console/people/").status_code == 200


def test_an_account_is_deactivated_and_opened_again(admin, zhang):
    account = people.make_account(zhang, username="zhang", password=PASSWORD, by=None, now=timezone.now())
    admin.post(at(zhang, "activity"), {"active": "no"})
    account.refresh_from_db()
    assert not account.is_active
    admin.post(at(zhang, "activity"), {"active": "yes"})
    account.refresh_from_db()
    assert account.is_active
    own = text(admin.post(at(admin.person, "activity"), {"active": "no"}, follow=True))
    assert "不能停用自己的账号" in own


def test_my_own_page_masks_exports_and_keeps_contacts(zhang):
    me = client_for("founder", "王五")
    page = text(me.get("/accounts/profile/"))
    assert "王五" in page and "创业者" in page
    bad = me.post("/accounts/profile/contacts/", {"kind": "email", "value": "not one"})
    assert bad.status_code == 422 and "名称@域名" in text(bad) and "not one" in text(bad)
    assert me.post("/accounts/profile/contacts/", {"kind": "mobile", "value": PHONE}).status_code == 302
    (contact,) = queries.contacts_of(me.person)
    assert PHONE not in text(me.get("/accounts/profile/"))
    assert PHONE in text(me.post(f"/accounts/profile/contacts/{contact.pk}/"))
    theirs = queries.contacts_of(zhang)[0]
    assert me.post(f"/accounts/profile/contacts/{theirs.pk}/").status_code == 404
    assert me.post(f"/accounts/profile/contacts/{theirs.pk}/remove/").status_code == 404
    archive = zipfile.ZipFile(io.BytesIO(me.post("/accounts/profile/export/").content))
    assert json.loads(archive.read("person.json"))["person"]["name"] == "王五"
    me.post(f"/accounts/profile/contacts/{contact.pk}/remove/")
    assert not queries.contacts_of(me.person)
