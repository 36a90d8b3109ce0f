"""The second factor: set up with a QR code, asked for at sign-in, recovery codes, reset by an administrator."""

from __future__ import annotations

import base64
import html
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client
from django.utils import timezone

from hatchline.apps.people import actions as people
from tests.sites.accounts.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def secret(signed_in):
    """Zhang's TOTP secret, set up through the pages."""
    signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = html.unescape(signed_in.get("/accounts/2fa/totp/activate/").content.decode())
    svg = base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1]).decode()
    assert svg.startswith("<?xml") and "script" not in svg
    found = re.search(r"<dd>([A-Z2-7]{32})</dd>", page)[1]
    wrong = signed_in.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200 and "验证码不对" in wrong.content.decode()
    done = signed_in.post("/accounts/2fa/totp/activate/", {"code": code_for(found)})
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    from django.core.cache import cache

    cache.clear()  # a code is good for one use; the next sign-in of the test happens in the same half minute
    return found


def recovery_codes(client) -> list[str]:
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    return re.findall(r"<li>(\w{8})</li>", page)


def test_the_code_is_asked_for_after_the_password(secret):
    client = Client()
    first = sign_in(client, data={"next": "/accounts/profile/"})
    assert first.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/accounts/profile/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200 and "验证码不对" in wrong.content.decode()
    right = client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert (right.status_code, right.headers["Location"]) == (302, "/accounts/profile/")
    assert client.get("/accounts/profile/").status_code == 200


def test_a_recovery_code_works_once(secret, signed_in):
    codes = recovery_codes(signed_in)
    assert len(codes) == 10
    for opens in (True, False):
        client = Client()
        sign_in(client)
        answer = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert (answer.status_code == 302) is opens
    assert len(recovery_codes(signed_in)) == 9


def test_secrets_are_encrypted_at_rest(secret, signed_in):
    codes = recovery_codes(signed_in)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert "k1:" in kept
    assert secret not in kept and not any(code in kept for code in codes)


def test_changing_it_asks_for_the_password_again(zhang, client):
    client.force_login(zhang.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked.status_code == 302 and "/accounts/reauthenticate/" in asked.headers["Location"]
    page = client.get(asked.headers["Location"]).content.decode()
    assert "确认是您本人" in page
    wrong = client.post(asked.headers["Location"], {"password": "wrong"})
    assert wrong.status_code == 200 and "密码不对" in wrong.content.decode()
    right = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    assert right.headers["Location"] == "/accounts/2fa/totp/activate/"


def test_it_can_be_switched_off_by_its_owner(secret, signed_in):
    assert "关闭后" in signed_in.get("/accounts/2fa/totp/deactivate/").content.decode()
    assert signed_in.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert "未开启" in signed_in.get("/accounts/2fa/").content.decode()
    assert sign_in(Client()).headers["Location"] == "/go/"


def test_new_recovery_codes_replace_the_old(secret, signed_in):
    old = recovery_codes(signed_in)
    assert "会立即作废" in signed_in.get("/accounts/2fa/recovery-codes/generate/").content.decode()
    signed_in.post("/accounts/2fa/recovery-codes/generate/")
    new = recovery_codes(signed_in)
    assert len(new) == 10 and not set(old) & set(new)
    download = signed_in.get("/accounts/2fa/recovery-codes/download/")
    assert download.content.decode().split() == new
    assert "attachment" in download.headers["Content-Disposition"]


def test_an_administrator_resets_it_and_ends_what_is_open(secret, signed_in, zhang):
    people.reset_second_factor(zhang.account, by=None, now=timezone.now())
    assert signed_in.get("/accounts/profile/").status_code == 302
    assert sign_in(Client()).headers["Location"] == "/go/"


def test_guessing_codes_is_slowed(secret):
    client = Client()
    sign_in(client)
    answers = [client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"}) for number in range(8)]
    assert "验证码不对" in answers[0].content.decode()
    assert "尝试得太频繁" in answers[-1].content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)}).status_code == 200
