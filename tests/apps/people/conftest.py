"""Persons and places to try the verbs on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import Coverage, FunctionalArea, Organisation, Territory
from hatchline.apps.people import actions as people

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def division(code: str, name: str, parent: Territory | None = None) -> Territory:
    return Territory.objects.create(
        code=code, prefix=code, name=name, path_name=name, level=4 if parent else 3, parent=parent
    )


def body(name: str, territory: Territory) -> Organisation:
    return bodies.register(OrganisationDraft(name=name, territory=territory.pk), by=None, now=NOW)


@pytest.fixture
def district(db):
    return division("990105", "测试区")


@pytest.fixture
def street(district):
    return division("990105038", "测试街道", district)


@pytest.fixture
def elsewhere(db):
    return division("990106", "邻区")


@pytest.fixture
def area(street):
    made = FunctionalArea.objects.create(code="test-core", name="测试功能区")
    Coverage.objects.create(area=made, territory=street, starts_on=date(2020, 1, 1))
    return made


@pytest.fixture
def incubator(street):
    return body("测试孵化器有限公司", street)


@pytest.fixture
def company(street):
    return body("测试科技有限公司", street)


@pytest.fixture
def far_company(elsewhere):
    return body("邻区科技有限公司", elsewhere)


@pytest.fixture
def zhang(db):
    return people.register("张三", name_en="Zhang San", by=None, now=NOW)


@pytest.fixture
def li(db):
    return people.register("李四", by=None, now=NOW)


@pytest.fixture
def admin(db):
    person = people.register("管理员", by=None, now=NOW)
    people.make_account(person, username="admin", password="a long enough pass", by=None, now=NOW)
    people.grant(person, kind="administrator", starts_on=date(2020, 1, 1), by=None, now=NOW)
    return person
