"""The ladder on the desk: one's own institution, one's own venture, nobody else's."""

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
from tests.journeys.test_gather import NOW, TODAY, documents, place, tenant

pytestmark = pytest.mark.django_db
__all__ = ["documents"]


def somebody(kind: str, **where) -> Client:
    person = Person.objects.create(name=f"测试{kind}")
    Role.objects.create(person=person, kind=kind, starts_on=dt.date(2014, 1, 1), **where)
    client = Client()
    account = Account.objects.create(username=f"test-{kind}", person=person)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def own(documents):
    body = bodies.register(OrganisationDraft(name="望京运营"), by=None, now=NOW)
    draft = InstitutionDraft(name="望京孵化器", opened=parse("2012"), operator=body.pk, stages=("incubation",))
    return institutions.register(draft, by=None, now=NOW, today=TODAY)


def test_a_manager_sees_the_ladder_of_the_own_institution_alone(own):
    other = place("酒仙桥孵化器")
    manager = somebody("manager", organisation=own.operator)
    tenant(own, "早已超过", "2013-06-01")
    page = manager.get(f"/desk/institutions/{own.pk}/ladder/")
    assert page.status_code == 200
    assert "早已超过" in page.content.decode()
    assert manager.get(f"/desk/institutions/{own.pk}/rules/most-2010-680/").status_code == 200
    assert manager.get(f"/desk/institutions/{own.pk}/rules/graduation-2010/").status_code == 404
    assert manager.get(f"/desk/institutions/{other.pk}/ladder/").status_code == 404
    assert manager.get(f"/desk/institutions/{other.pk}/rules/most-2010-680/").status_code == 404


def test_nobody_but_the_founder_judges_a_venture_on_the_desk(own):
    pk = tenant(own, "听雨科技")
    manager, founder = somebody("manager", organisation=own.operator), somebody("founder")
    assert manager.get(f"/desk/ventures/{pk}/ladder/").status_code == 403  # no role of a founder
    assert founder.get(f"/desk/ventures/{pk}/ladder/").status_code == 404  # not this founder's
    assert founder.get(f"/desk/ventures/{pk}/rules/graduation-2010/").status_code == 404
