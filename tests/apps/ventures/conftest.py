"""A nursery, two incubators, an accelerator and a park, and what makes ventures and stays in one line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ventures import actions
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.core.values.dates import PartialDate, parse

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
TODAY = date(2017, 7, 18)
DONE = {"by": None, "now": NOW}
TOLD = {**DONE, "today": TODAY}
UNKNOWN = PartialDate.unknown()


def on(text: str) -> PartialDate:
    found = parse(text)
    assert isinstance(found, PartialDate)
    return found


def place(name: str, opened: str = "2010", closed: str = "", **more):
    draft = InstitutionDraft(name=name, opened=on(opened), closed=on(closed) if closed else None, **more)
    return institutions.register(draft, by=None, now=NOW)


def team(name: str = "听雨科技团队", **fields):
    made = {key: on(value) if key in {"founded", "incorporated", "ceased"} else value for key, value in fields.items()}
    return actions.register(VentureDraft(name=name, **made), **TOLD)


def body(name: str = "北京听雨科技有限公司", code: str = ""):
    return bodies.register(OrganisationDraft(name=name, credit_code=code), by=None, now=NOW)


def drafted(venture, institution, starts, ended="", stage="incubation", **more) -> StayDraft:
    """A stay; ``ended`` "": still there, "?": nobody knows."""
    state = {"": "open", "?": "unknown"}.get(ended, "known")
    more.setdefault("outcome", "left" if state == "known" else "")
    return StayDraft(
        venture=venture.pk,
        institution=institution.pk,
        stage=stage,
        starts=on(starts),
        ended=on(ended) if state == "known" else UNKNOWN,
        end_state=state,
        source="名册",
        **more,
    )


def stay(venture, institution, starts, ended="", stage="incubation", **more):
    return actions.claim(drafted(venture, institution, starts, ended, stage, **more), **TOLD)


@pytest.fixture
def nursery(db):
    return place("望京创业苗圃")


@pytest.fixture
def first(db):
    return place("望京孵化器")


@pytest.fixture
def second(db):
    return place("酒仙桥孵化器")


@pytest.fixture
def accelerator(db):
    return place("电子城加速器")


@pytest.fixture
def park(db):
    return place("电子城产业园")
