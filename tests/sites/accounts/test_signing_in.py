"""Signing in: the form, the way back, locks, demonstration accounts, open sign-ins."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import actions as people
from hatchline.apps.people import queries
from hatchline.apps.people.models import Account
from hatchline.sites.accounts.devices import described
from tests.sites.accounts.conftest import LOGIN, PASSWORD, sign_in

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def test_one_signs_in_whatever_the_case_of_the_name(zhang):
    client = Client()
    response = sign_in(client, "ZHANG")
    assert (response.status_code, response.headers["Location"]) == (302, "/go/")
    assert client.get("/go/").headers["Location"] == "/console/"


def test_the_way_back_is_kept_and_leads_nowhere_else(zhang):
    asked = Client().get("/console/?a=1&b=二")
    assert asked.status_code == 302
    form = Client().get(asked.headers["Location"])
    assert 'name="next" value="/console/?a=1&amp;b=' in text(form)
    back = sign_in(Client(), data={"next": "/console/?a=1&b=2"})
    assert back.headers["Location"] == "/console/?a=1&b=2"
    away = sign_in(Client(), data={"next": "https://elsewhere.example/"})
    assert away.headers["Location"] == "/go/"


def test_a_form_posted_after_the_sign_in_expired_leads_back_to_the_page_it_stood_on(zhang):
    """The browser keeps what was typed (frontend/js/drafts.js); the server keeps the way back."""
    for referer, back in (
        ("http://testserver/accounts/profile/?a=1", "/accounts/profile/%3Fa%3D1"),
        ("https://elsewhere.example/accounts/profile/", "/accounts/profile/contacts/"),
    ):
        response = Client().post("/accounts/profile/contacts/", {"kind": "mobile"}, headers={"Referer": referer})
        assert (response.status_code, response.headers["Location"]) == (302, f"{LOGIN}?next={back}")


def test_a_wrong_password_says_so_without_saying_which_was_wrong(zhang):
    known, unknown = sign_in(Client(), password="wrong"), sign_in(Client(), "nobody-here", "wrong")
    assert known.status_code == unknown.status_code == 200
    assert "用户名或密码不对" in text(known) and "用户名或密码不对" in text(unknown)
    assert 'value="wrong"' not in text(known)


def lock(username: str = "zhang"):
    responses = [sign_in(Client(), username, f"wrong {number}") for number in range(settings.AXES_FAILURE_LIMIT)]
    return responses[-1]


@pytest.mark.parametrize("other", ["ZHANG.KIM.LIS", "zhang.kım.lis", "zhang.kim.liſ", " zhang.kim.lis "])
def test_letters_that_a_database_takes_for_the_same_share_the_tries(zhang, other):
    """PostgreSQL's UPPER(ı) is I: whoever spells a name in three ways must not have three times the tries."""
    Account.objects.filter(username="zhang").update(username="zhang.kim.lis")
    for _number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), other, "wrong")
    assert sign_in(Client(), "zhang.kim.lis", PASSWORD).status_code == 429
    account = Account.objects.get(username="zhang.kim.lis")
    [row] = queries.accounts(today=timezone.localdate(), now=timezone.now())
    assert row["locked"]
    people.unlock(account, by=None, now=timezone.now())
    assert sign_in(Client(), "zhang.kim.lis", PASSWORD).status_code == 302


def test_a_name_is_locked_after_failures_for_everyone_with_any_case(zhang):
    last = lock("Zhang")
    assert last.status_code == 429
    assert "账号暂时锁定" in text(last) and "<time" in text(last)
    assert 0 < int(last.headers["Retry-After"]) <= settings.AXES_COOLOFF_TIME * 3600
    right = sign_in(Client(), "zhang", PASSWORD)
    assert right.status_code == 429
    assert sign_in(Client(), "zhang", PASSWORD, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_the_lock_opens_after_its_pause_and_trying_on_does_not_prolong_it(zhang):
    lock()
    opens = AccessAttempt.objects.get().attempt_time
    assert sign_in(Client(), password="wrong again").status_code == 429
    assert AccessAttempt.objects.get().attempt_time == opens
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME, seconds=1))
    assert sign_in(Client()).status_code == 302


def test_an_administrator_opens_it_earlier(zhang):
    lock()
    people.unlock(zhang.account, by=None, now=timezone.now())
    assert sign_in(Client()).status_code == 302


def test_a_lock_of_one_name_leaves_others_alone(zhang):
    other = people.register("李四", by=None, now=timezone.now())
    people.make_account(other, username="li", password=PASSWORD, by=None, now=timezone.now())
    lock()
    assert sign_in(Client(), "li").status_code == 302


ANOTHER_WORKER = """
import django
django.setup()
from django.conf import settings
from django.db import connection
settings.ALLOWED_HOSTS = ["*"]
connection.settings_dict["NAME"] = {name!r}
from django.test import Client
print(Client().post("/accounts/login/", {{"login": "zhang", "password": {password!r}}}).status_code)
"""


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_the_lock(zhang):
    """Workers share the count through the database: what one locked, the other refuses, and opens after an unlock."""

    def elsewhere() -> str:
        script = ANOTHER_WORKER.format(name=str(connection.settings_dict["NAME"]), password=PASSWORD)
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=dict(os.environ)
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    lock()
    connection.close()
    assert elsewhere() == "429"
    people.unlock(zhang.account, by=None, now=timezone.now())
    connection.close()
    assert elsewhere() == "302"


def test_a_flood_from_one_address_is_slowed_whatever_names_it_tries(db):
    answers = [sign_in(Client(), f"name{number}", "wrong") for number in range(40)]
    assert "尝试得太频繁" in text(answers[-1]) or answers[-1].status_code == 429
    assert answers[0].status_code == 200 and "尝试得太频繁" not in text(answers[0])


# Demonstration accounts


@pytest.fixture
def demonstration(db):
    person = people.register("演示官员", by=None, now=timezone.now())
    people.make_account(person, username="demo", password="demo", is_demonstration=True, by=None, now=timezone.now())
    return person


@pytest.mark.parametrize(
    ("where", "opens"),
    [
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}, True),
        ({"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}, True),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_HOST": "localhost"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "hatchline.example"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost.example"}, False),
    ],
)
def test_a_demonstration_account_opens_on_loopback_alone(demonstration, where, opens):
    client = Client()
    response = sign_in(client, "demo", "demo", **where)
    assert response.status_code == (302 if opens else 403)
    assert (settings.SESSION_COOKIE_NAME in client.cookies) or not opens
    if not opens:
        assert "演示账号只能在本机使用" in text(response)
        assert client.get("/accounts/profile/", **where).status_code == 302


def test_an_ordinary_account_opens_from_anywhere(zhang):
    assert sign_in(Client(), REMOTE_ADDR="203.0.113.9", HTTP_HOST="hatchline.example").status_code == 302


# Open sign-ins


def test_open_sign_ins_are_listed_and_ended(signed_in, zhang):
    other = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU) AppleWebKit Safari/604"})
    sign_in(other)
    page = text(signed_in.get("/accounts/sign-ins/"))
    assert "Safari · iOS" in page and "正在使用" in page
    keys = [part.split('"')[0] for part in page.split('name="end" value="')[1:]]
    (one,) = [key for key in keys if key != "others"]
    assert other.get("/accounts/profile/").status_code == 200
    signed_in.post("/accounts/sign-ins/", {"end": one})
    assert other.get("/accounts/profile/").status_code == 302
    assert signed_in.get("/accounts/profile/").status_code == 200
    assert ledger.about(zhang.account).first().event == "people.account.sign_ins_ended"


def test_one_cannot_end_the_sign_ins_of_others(signed_in, db):
    li = people.register("李四", by=None, now=timezone.now())
    people.make_account(li, username="li", password=PASSWORD, by=None, now=timezone.now())
    theirs = Client()
    sign_in(theirs, "li")
    from allauth.usersessions.models import UserSession

    signed_in.post("/accounts/sign-ins/", {"end": str(UserSession.objects.get(user=li.account).pk)})
    signed_in.post("/accounts/sign-ins/", {"end": "others"})
    assert theirs.get("/accounts/profile/").status_code == 200


def test_all_others_are_ended_at_once_and_by_a_new_password(signed_in):
    others = [Client(), Client()]
    for client in others:
        sign_in(client)
    signed_in.post("/accounts/sign-ins/", {"end": "others"})
    assert {client.get("/accounts/profile/").status_code for client in others} == {302}
    sign_in(others[0])
    new = "quite another pass"
    changed = signed_in.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert (changed.status_code, changed.headers["Location"]) == (302, "/accounts/profile/")
    assert others[0].get("/accounts/profile/").status_code == 302
    assert signed_in.get("/accounts/profile/").status_code == 200
    assert sign_in(Client(), password=new).status_code == 302
    assert sign_in(Client()).status_code == 200


def test_a_deactivated_account_is_out_at_once_and_told_why(signed_in, zhang):
    admin = people.register("管理员", by=None, now=timezone.now())
    people.deactivate(zhang.account, by=admin, now=timezone.now(), today=timezone.localdate())
    assert signed_in.get("/accounts/profile/").status_code == 302
    response = sign_in(Client())
    assert not queries.account_named("zhang").is_active
    assert response.status_code in {200, 302}
    assert settings.SESSION_COOKIE_NAME not in response.cookies or response.headers.get("Location", "").endswith(
        "/inactive/"
    )


def test_signing_out_asks_first_and_ends_the_sign_in(signed_in):
    assert "要退出吗" in text(signed_in.get("/accounts/logout/"))
    assert signed_in.get("/accounts/profile/").status_code == 200
    assert signed_in.post("/accounts/logout/").status_code == 302
    assert signed_in.get("/accounts/profile/").status_code == 302


def test_what_is_not_offered_is_not_there(zhang, signed_in):
    for path in (
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/password/reset/",
        "/accounts/password/set/",
        "/accounts/3rdparty/",
        "/accounts/social/connections/",
        "/accounts/2fa/webauthn/",
        "/accounts/login/code/",
    ):
        assert signed_in.get(path).status_code == 404, path
    sign_up = Client().get("/accounts/signup/")
    assert sign_up.status_code == 200 and "<form" not in text(sign_up).split("<main")[1]
    assert Client().post("/accounts/signup/", {"username": "x", "password1": "y"}).status_code in {200, 405}
    assert queries.account_named("x") is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8", "WeChat · Android"),
        ("curl/8", "未知浏览器 · 未知系统"),
    ],
)
def test_browsers_are_told_apart(agent, name):
    assert described(agent) == name
