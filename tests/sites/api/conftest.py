"""A small district, its people, and their tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import (
    ClassCode,
    Classification,
    Coverage,
    FunctionalArea,
    KeyIndustry,
    Territory,
)
from hatchline.apps.indicators.models import Definition, Measure, Target
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.messages import actions as messages
from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.people.roles import PLACES, RoleKind
from hatchline.apps.tokens import actions as tokens
from hatchline.core.values.dates import PartialDate

PASSWORD = "a long enough password"


class Calls:
    """A client that calls with a token (None: with none)."""

    def __init__(self, token: str | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        options: dict[str, Any] = {"headers": given}
        if body is not None:
            options |= {
                "data": body if isinstance(body, bytes) else json.dumps(body),
                "content_type": "application/json",
            }
        return self.client.generic(method, f"/api{path}", options.pop("data", b""), **options)

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """Two sub-districts, an area, a classification, an organisation, two institutions, a target."""
    city = Territory.objects.create(code="110000", prefix="11", name="北京市", path_name="北京市", level=1)
    county = Territory.objects.create(
        code="110105", prefix="110105", name="朝阳区", path_name="北京市朝阳区", level=3, parent=city
    )
    streets = [
        Territory.objects.create(
            code=code, prefix=code, name=name, path_name=f"北京市朝阳区{name}", level=4, parent=county
        )
        for code, name in (("110105026", "望京街道"), ("110105019", "酒仙桥街道"))
    ]
    area = FunctionalArea.objects.create(code="electronics", name="电子城功能区", is_invented=True)
    Coverage.objects.create(area=area, territory=streets[1], starts_on=date(2010, 1, 1))
    edition = Classification.objects.create(
        code="gbt4754-2017", name="国民经济行业分类", family="gbt4754", edition="2017"
    )
    software = ClassCode.objects.create(classification=edition, code="I65", name="软件和信息技术服务业", level=2)
    ClassCode.objects.create(classification=edition, code="6510", name="软件开发", level=4, parent=software)
    KeyIndustry.objects.create(
        territory=county, name="新一代信息技术", class_code=software, starts_on=date(2016, 1, 1), is_invented=True
    )
    now = timezone.now()
    operator, other = (
        bodies.register(OrganisationDraft(name=name, territory=streets[0].pk, types=("operator",)), by=None, now=now)
        for name in ("望京测试孵化器有限公司", "酒仙桥测试创业服务有限公司")
    )
    houses = [
        institutions.register(
            InstitutionDraft(
                name=name,
                operator=body.pk,
                territory=street.pk,
                kinds=("incubator",),
                stages=("incubation",),
                opened=PartialDate.of("2014-06"),
            ),
            by=None,
            now=now,
        )
        for name, body, street in (
            ("望京测试孵化器", operator, streets[0]),
            ("酒仙桥测试孵化器", other, streets[1]),
        )
    ]
    measure = Measure.objects.create(code="institutions", name="孵化机构", name_en="Institutions", unit="家")
    Definition.objects.create(
        measure=measure,
        content={"subject": "institution", "open": True, "kinds": [], "stages": [], "territory": "target"},
        starts_on=date(2010, 1, 1),
        recorded_at=now,
    )
    target = Target.objects.create(
        code="institutions-2017",
        measure=measure,
        territory=county,
        operator=">=",
        value=Decimal(20),
        due_on=date(2017, 12, 31),
        document="朝科文〔2014〕27号",
    )
    return {"county": county, "streets": streets, "area": area, "operator": operator, "other": other,
            "institutions": houses, "target": target}  # fmt: skip


@pytest.fixture
def account_of(world: dict[str, Any]) -> Callable[..., Account]:
    """``account_of(kind, organisation=…)``: someone with this one role (None: none)."""
    made = 0

    def make(kind: str | None, organisation: Any = None) -> Account:
        nonlocal made
        made += 1
        person = Person.objects.create(name=f"某人{made}")
        account = Account.objects.create_user(f"someone-{made}", PASSWORD, person=person)
        if kind is not None:
            if organisation is None and PLACES[RoleKind(kind)][0] == "organisation":
                organisation = world["operator"]
            Role.objects.create(person=person, kind=kind, organisation=organisation, starts_on=date(2011, 1, 1))
        return account

    return make


@pytest.fixture
def token_of() -> Callable[[Account], str]:
    """A token for the account's first role."""

    def make(account: Account) -> str:
        _token, secret = tokens.make(
            account.person,
            role=account.person.roles.first(),
            name="测试",
            days=30,
            by=account.person,
            now=timezone.now(),
            today=timezone.localdate(),
        )
        return secret

    return make


@pytest.fixture
def calls(account_of: Callable[..., Account], token_of: Callable[[Account], str]) -> Callable[..., Calls]:
    """``calls(kind)``: calls with a token of such a role."""

    def make(kind: str | None = RoleKind.OFFICIAL, organisation: Any = None) -> Calls:
        return Calls(token_of(account_of(kind, organisation)) if kind is not None else None)

    return make


@pytest.fixture
def told() -> Callable[..., Any]:
    """Send someone a message."""

    def send(person: Person, text: str = "一条消息") -> Any:
        return messages.send(to=person, kind="messages.test", text=text, now=timezone.now())

    return send
