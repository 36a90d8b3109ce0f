"""A nursery, an incubator, an accelerator and a park with their managers, and a founder; each with a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.core.values.dates import PartialDate

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
TODAY = date(2017, 7, 18)
DONE: dict[str, Any] = {"by": None, "now": NOW}
TOLD: dict[str, Any] = {**DONE, "today": TODAY}


@dataclass
class Someone:
    person: Person
    role: Role
    client: Client

    def get(self, address: str, **more: Any) -> Any:
        return self.client.get(address, **more)

    def post(self, address: str, **data: Any) -> Any:
        return self.client.post(address, data)


def someone(kind: str, organisation: Any = None, name: str = "王经理") -> Someone:
    person = Person.objects.create(name=name)
    account = Account.objects.create_user(f"{kind}-{person.pk}", "a long enough password", person=person)
    role = Role.objects.create(person=person, kind=kind, organisation=organisation, starts_on=date(2011, 1, 1))
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Someone(person, role, client)


@dataclass
class Place:
    institution: Any
    operator: Any
    manager: Someone


def place(name: str, stage: str) -> Place:
    operator = bodies.register(OrganisationDraft(name=f"{name}运营公司"), **DONE)
    draft = InstitutionDraft(
        name=name, operator=operator.pk, stages=(stage,), opened=PartialDate.of("2010-01-01"), territory=None
    )
    made = institutions.register(draft, by=None, now=NOW, today=TODAY)
    return Place(made, operator, someone(RoleKind.MANAGER, operator, f"{name}经理"))


def founder(name: str = "江一帆") -> Someone:
    return someone(RoleKind.FOUNDER, None, name)


def venture(name: str, who: Someone | None = None) -> Any:
    made = ventures.register(VentureDraft(name=name, source="test"), **TOLD)
    if who is not None:
        ventures.record_founder(made, person=who.person, **DONE)
    return made


def stay(its: Any, where: Place, starts: str, stage: str = "incubation", **more: Any) -> Any:
    draft = StayDraft(its.pk, where.institution.pk, stage, PartialDate.of(starts), "test", **more)
    return ventures.claim(draft, **TOLD)
