"""Every route states its access, and keeps it: all routes are walked with every role and with none."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.people.roles import MAY, RoleKind
from hatchline.sites import access, routes

pytestmark = pytest.mark.django_db

PLACEHOLDER = {
    "int": "987654321",
    "str": "none",
    "slug": "none",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "none",
}


def ours() -> list[routes.Route]:
    return [route for route in routes.all_routes() if access.of(route.view) is not None]


def address(route: routes.Route) -> str:
    """The route's address with an object that is not there."""
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda match: PLACEHOLDER.get(match[1] or "str", "none"), route.pattern)
    filled = re.sub(r"\(\?P<\w+>[^)]*\)", "none", filled)
    return filled.replace("^", "").replace("$", "").replace("\\Z", "")


def client_of(kind: RoleKind | None) -> Client:
    person = Person.objects.create(name="某人")
    account = Account.objects.create_user(f"someone-{kind}", "a long enough password", person=person)
    if kind is not None:
        Role.objects.create(person=person, kind=kind, starts_on=date(2011, 1, 1))
    client = Client(raise_request_exception=True)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_every_route_states_its_access():
    silent = [f"{route.name or '?'} {route.pattern}" for route in routes.all_routes() if route.access is None]
    assert not silent, f"routes without stated access: {silent}"
    assert len(get_resolver().url_patterns) > 3
    assert len(ours()) > 5


def test_reference_tables_are_only_read():
    """Even by an account that may do everything: a change there would leave no line in the ledger."""
    account = Account.objects.create_user("all", "a long enough password", is_staff=True, is_superuser=True)
    request = RequestFactory().get("/reference/")
    request.user = account
    assert admin.site._registry
    for table, shown in admin.site._registry.items():
        may = [shown.has_add_permission, shown.has_change_permission, shown.has_delete_permission]
        assert not any(each(request) for each in may), table


@pytest.mark.parametrize("kind", [None, *RoleKind], ids=lambda kind: str(kind))
def test_roles_reach_only_what_they_may(kind):
    client = client_of(kind)
    wrong = []
    for route in ours():
        stated = access.of(route.view)
        status = client.get(address(route)).status_code
        allowed = stated.kind in {"public", "signed_in"} or (kind is not None and kind in MAY[stated.capability])
        if status >= 500:
            wrong.append(f"{route.name} {status}")
        if allowed and status in {401, 403}:
            wrong.append(f"{route.name} should be open to {kind}, answered {status}")
        if not allowed and status != 403:
            wrong.append(f"{route.name} should be closed to {kind}, answered {status}")
    assert not wrong, wrong


def test_without_an_account_only_public_routes_answer():
    client = Client()
    wrong = []
    for route in ours():
        response = client.get(address(route))
        if access.of(route.view).kind == "public":
            if response.status_code in {401, 403} or response.status_code >= 500:
                wrong.append(f"{route.name} is public, answered {response.status_code}")
        elif response.status_code != 302 or "/accounts/login/" not in response.headers.get("Location", ""):
            wrong.append(f"{route.name} must ask to sign in, answered {response.status_code}")
    assert not wrong, wrong


def test_an_expired_sign_in_tells_the_page_instead_of_replacing_it():
    for route in ours():
        if access.of(route.view).kind == "may":
            response = Client().get(address(route), headers={"HX-Request": "true"})
            assert response.status_code == 401, route.name
            assert response.headers["HX-Trigger"] == "sign-in-expired"


def test_a_role_that_ended_opens_nothing():
    person = Person.objects.create(name="离任者")
    account = Account.objects.create_user("former", "a long enough password", person=person)
    today = timezone.localdate()
    Role.objects.create(person=person, kind=RoleKind.OFFICIAL, starts_on=date(2011, 1, 1), ends_before=today)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/console/").status_code == 403
