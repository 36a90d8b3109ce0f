"""Choosing language and theme leads back to where one was, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from hatchline.apps.people.models import Account, Person, Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/go/language/", "/go/theme/"])
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/targets/?kind=a", "/targets/?kind=a"),
        ("", "/"),
        ("//elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("portal", "portal"),  # a word is an address too, not the name of a route
        ("home", "home"),
        ("²", "%C2%B2"),
    ],
)
def test_the_way_back_is_one_of_ours(address, wanted, reached):
    sent = Client().post(address, {"next": wanted, "theme": "dark", "language": "en"})
    assert (sent.status_code, sent.headers["Location"]) == (302, reached)


def test_what_another_of_ones_roles_sees_is_a_step_away(client):
    person = Person.objects.create(name="两处负责人")
    since = {"person": person, "starts_on": date(2014, 1, 1)}
    first, second = (Role.objects.create(kind=kind, **since) for kind in ("manager", "official"))
    account = Account.objects.create(username="two-roles", person=person)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = client.get("/console/quality/")
    assert refused.status_code == 403 and f'name="role" value="{second.pk}"' in refused.content.decode()
    sent = client.post("/go/role/", {"role": second.pk, "next": "/console/quality/"})
    assert sent.headers["Location"] == "/console/quality/" and client.get("/console/quality/").status_code == 200
    missing = client.get("/console/stays/999999/").content.decode()
    assert f'name="role" value="{first.pk}"' in missing and 'value="/console/stays/999999/"' in missing
    assert client.post("/go/role/", {"role": first.pk, "next": "//elsewhere.example"}).headers["Location"] == "/go/"
