"""The plan of the district, a few institutions in it, and lives of ventures in one line each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hatchline.apps.indicators import actions, queries
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.observations import actions as observations
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures.states import Status
from hatchline.core.values.dates import PartialDate
from hatchline.journeys import reference
from tests.apps.bodies.conftest import NOW, TODAY, divisions  # noqa: F401
from tests.apps.ventures.conftest import body, on, stay, team

VENTURE, INSTITUTION = "ventures.venture", "institutions.institution"


@pytest.fixture
def plan(divisions):  # noqa: F811
    reference._load_targets("110105", NOW)
    return {each.code: each for each in queries.targets("110105")}


def read(code: str, day: date = TODAY, **more):
    return queries.reading(queries.target(f"{code}-2017"), day, **more)


def keep() -> None:
    """What the worker does every minute, until it has nothing left to do."""
    while actions.keep(today=TODAY, now=NOW):
        pass


def place(name: str, divisions, opened: str = "2010", code: str = "110105026", closed: str = ""):  # noqa: F811
    draft = InstitutionDraft(
        name=name,
        kinds=("incubator",),
        territory=divisions[code] if code else None,
        opened=on(opened) if opened else None,
        closed=on(closed) if closed else None,
    )
    return institutions.register(draft, by=None, now=NOW)


def recognise(institution, level: str = "district", given: str = "2012-05-01", **more):
    return titles.record(
        subject_kind=INSTITUTION,
        subject_id=institution.pk,
        kind=more.pop("kind", "incubator"),
        level=level,
        given=on(given) if given else PartialDate.unknown(),
        source="测试文件",
        today=TODAY,
        by=None,
        now=NOW,
        **more,
    )


def company(
    name: str, institution=None, starts: str = "2013-01-01", ended: str = "", incorporated="2012-06-01", **more
):
    venture = team(name, incorporated=incorporated) if incorporated else team(name)
    assert venture.status == Status.ACTIVE
    if institution is not None:
        stay(venture, institution, starts, ended, **more)
    return venture


def declare(code: str, value_type: str = "money", unit: str = "元", time_kind: str = "flow") -> None:
    observations.declare(
        code=code,
        name={"revenue": "营业收入", "valid_rights": "拥有有效知识产权数"}[code],
        name_en=code,
        subject_kind=VENTURE,
        value_type=value_type,
        time_kind=time_kind,
        unit=unit,
        sums_over=("subjects",),
        by=None,
        now=NOW,
    )


def tell(code: str, venture, value, starts_on: date = date(2016, 1, 1), ends_before: date = date(2017, 1, 1)):
    given = observations.Given(code, venture.pk, starts_on, ends_before, value)
    return observations.record(given, source="年报", by=None, now=NOW, today=TODAY)


def money(amount: int) -> Decimal:
    return Decimal(amount)


__all__ = [
    "INSTITUTION",
    "VENTURE",
    "body",
    "company",
    "declare",
    "keep",
    "money",
    "place",
    "read",
    "recognise",
    "tell",
]
