"""Every operation states its access and keeps it; tokens have the rights of their holder, today."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hatchline.apps.people.models import Role
from hatchline.apps.people.roles import MAY, RoleKind
from hatchline.apps.tokens import actions as tokens
from hatchline.apps.tokens.models import ApiToken
from hatchline.sites.api import interface
from tests.sites.api.conftest import Calls

pytestmark = pytest.mark.django_db
BODIES = {"POST": {"name": ""}, "PATCH": {}}


def every_call():
    """(method, address of something that is not there, what it asks)."""
    for method, path, needs, _operation in interface.operations():
        yield method, re.sub(r"{pk}", "987654321", re.sub(r"{code}", "none", path)), needs


def test_there_are_operations_and_each_states_its_access():
    found = list(every_call())
    assert len(found) >= 20
    for method, path, needs in found:
        assert needs.kind in {"public", "signed_in", "may"}, (method, path)
        assert needs.kind != "may" or needs.capabilities, (method, path)


@pytest.mark.parametrize("kind", list(RoleKind), ids=str)
def test_roles_reach_only_what_they_may(kind, calls):
    call, wrong = calls(kind), []
    for method, path, needs in every_call():
        status = call(method, path, BODIES.get(method), If_Match='"1"').status_code
        allowed = needs.kind != "may" or any(kind in MAY[each] for each in needs.capabilities)
        if status >= 500 or (status == 403) == allowed or status == 401:
            wrong.append(f"{method} {path}: {status} for {kind}")
    assert not wrong, wrong


def test_without_a_token_everything_asks_for_one(world):
    for method, path, needs in every_call():
        response = Calls()(method, path, BODIES.get(method))
        assert needs.kind == "public" or response.status_code == 401, path
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_account_without_a_role_may_only_ask_who_it_is(account_of):
    client = Client()
    client.force_login(account_of(None), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/me").json()["role"] is None
    assert client.get("/api/institutions").status_code == 403


@pytest.mark.parametrize("given", ["Bearer hl_wrong", "Bearer ", "hl_x", "Basic aaa", "Bearer " + "x" * 5000])
def test_a_wrong_token_is_wrong(world, given):
    response = Calls().get("/me", Authorization=given)
    assert response.status_code == 401
    assert response.json()["code"] == "bad_token"


def test_a_token_ends_with_its_term_its_revocation_its_role_and_its_account(account_of, token_of):
    def status(secret):
        return Calls(secret).get("/me").status_code

    account = account_of(RoleKind.OFFICIAL)
    now = timezone.now()

    expired = token_of(account)
    assert status(expired) == 200
    ApiToken.objects.update(made_at=now - timedelta(days=40), expires_at=now - timedelta(seconds=1))
    assert status(expired) == 401

    revoked = token_of(account)
    assert status(revoked) == 200
    tokens.revoke(ApiToken.objects.order_by("-pk").first(), by=account.person, now=now)
    assert status(revoked) == 401

    lasting = token_of(account)
    assert status(lasting) == 200
    account.is_active = False
    account.save(update_fields=["is_active"])
    assert status(lasting) == 401
    account.is_active = True
    account.save(update_fields=["is_active"])
    assert status(lasting) == 200
    Role.objects.filter(person=account.person).update(ends_before=timezone.localdate())
    assert status(lasting) == 401


def test_the_secret_is_not_kept(account_of, token_of):
    secret = token_of(account_of(RoleKind.OFFICIAL))
    token = ApiToken.objects.get()
    assert secret not in str(token.__dict__)
    assert len(token.beginning) < 12


def test_a_token_acts_in_its_own_role_whatever_others_its_holder_has(account_of, token_of, world):
    account = account_of(RoleKind.MANAGER)
    secret = token_of(account)
    Role.objects.create(person=account.person, kind=RoleKind.OFFICIAL, starts_on="2011-01-01")
    assert Calls(secret).get("/targets").status_code == 403
    assert Calls(secret).get("/me").json()["role"]["kind"] == "manager"


def test_objects_of_others_are_not_there(calls, world):
    own, foreign = world["institutions"]
    manager = calls(RoleKind.MANAGER, world["operator"])
    assert [each["id"] for each in manager.get("/institutions").json()["items"]] == [own.pk]
    assert manager.get(f"/institutions/{own.pk}").status_code == 200
    assert manager.get(f"/institutions/{foreign.pk}").status_code == 404
    assert manager("PATCH", f"/institutions/{foreign.pk}", {"website": "x.cn"}, If_Match='"1"').status_code == 404
    assert manager.get(f"/organisations/{world['other'].pk}").status_code == 404


def test_messages_of_others_are_not_there(calls, account_of, token_of, told):
    reader, other = account_of(RoleKind.OFFICIAL), account_of(RoleKind.ADMINISTRATOR)
    message = told(reader.person)
    mine, theirs = Calls(token_of(reader)), Calls(token_of(other))
    assert theirs.get(f"/messages/{message.pk}").status_code == 404
    assert theirs("POST", f"/messages/{message.pk}/read").status_code == 404
    assert mine.get("/me").json()["unread"] == 1
    assert mine("POST", f"/messages/{message.pk}/read").json()["read_at"] is not None
    assert mine.get("/messages?unread=true").json()["items"] == []


def test_a_session_reads_from_our_own_pages_and_never_writes(account_of, world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account_of(RoleKind.OFFICIAL), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/institutions").status_code == 200
    assert client.get("/api/institutions", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert client.get("/api/institutions", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 401
    response = client.post("/api/organisations", {"name": "新单位"}, content_type="application/json")
    assert response.status_code == 403
    assert response.json()["code"] == "token_needed"
