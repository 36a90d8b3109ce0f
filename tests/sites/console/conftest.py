"""An official signed in, and a few rows to look at."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.people.models import Account, Person, Role
from hatchline.core.values.dates import parse

NOW = dt.datetime(2017, 7, 18, 1, tzinfo=dt.UTC)


def somebody(kind: str) -> Account:
    """A new account in one role everywhere."""
    person = Person.objects.create(name=f"测试{kind}")
    Role.objects.create(person=person, kind=kind, starts_on=dt.date(2014, 1, 1))
    return Account.objects.create(username=f"test-{kind}", person=person)


def signed_in(kind: str) -> Client:
    client = Client()
    client.force_login(somebody(kind), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def official(db) -> Client:
    return signed_in("official")


@pytest.fixture
def auditor(db) -> Client:
    return signed_in("auditor")


def organisation(name: str, **fields):
    return bodies.register(OrganisationDraft(name=name, **fields), by=None, now=NOW)


def institution(name: str, opened: str = "2014-05", **fields):
    draft = InstitutionDraft(name=name, opened=parse(opened) if opened else None, **fields)
    return institutions.register(draft, by=None, now=NOW, today=NOW.date())


@pytest.fixture
def first(db):
    return institution("望京孵化器", "2010", kinds=("incubator",), stages=("incubation",))


@pytest.fixture
def second(db):
    return institution("酒仙桥孵化器", "2010", kinds=("incubator",), stages=("incubation",))
