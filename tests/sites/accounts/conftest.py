"""Somebody with an account, and browsers to sign in with."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from hatchline.apps.people import actions as people

PASSWORD = "a long enough pass"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_limits_left_over(db):
    """Rate limits are kept in the shared cache; each test begins with none used."""
    cache.clear()


@pytest.fixture
def zhang(db):
    now = timezone.now()
    person = people.register("张三", by=None, now=now)
    people.make_account(person, username="zhang", password=PASSWORD, by=None, now=now)
    people.grant(person, kind="official", starts_on=date(2011, 1, 1), by=None, now=now)
    return person


@pytest.fixture
def signed_in(zhang):
    """A browser in which Zhang has signed in with the form."""
    client = Client()
    assert sign_in(client).status_code == 302
    return client


def sign_in(client: Client, username: str = "zhang", password: str = PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password} | more.pop("data", {}), **more)
