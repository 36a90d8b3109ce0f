"""An institution with premises and rooms, and what makes an occupancy in one line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.premises import actions
from hatchline.apps.premises.drafts import OccupancyDraft, PremisesDraft, SpaceDraft
from hatchline.core.values.dates import PartialDate, parse

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
TODAY = date(2017, 7, 18)
DONE = {"by": None, "now": NOW}
TOLD = {**DONE, "today": TODAY}


def on(text: str) -> PartialDate:
    found = parse(text)
    assert isinstance(found, PartialDate)
    return found


def place(name: str = "望京孵化器", **more):
    return institutions.register(InstitutionDraft(name=name, opened=on("2010"), **more), **DONE)


def premises(institution=None, name: str = "望京科技园 B 座", **more):
    more = {key: on(value) if key in {"starts", "ended"} else value for key, value in more.items()}
    draft = PremisesDraft(name=name, institution=institution.pk if institution else None, **more)
    return actions.register(draft, **DONE)


def room(its, code: str = "301", area: str | None = "100", **more):
    draft = SpaceDraft(code=code, area=Decimal(area) if area else None, **more)
    return actions.add_space(its, draft, **DONE)


def drafted(space, starts="2016-01-01", ended="", area: str | None = "40", **more) -> OccupancyDraft:
    """Used by common use unless ``who`` (kind, key) says otherwise; ``ended`` "": still; "?": nobody knows."""
    who_kind, who_id = more.pop("who", ("", None))
    state = {"": "open", "?": "unknown"}.get(ended, "known")
    return OccupancyDraft(
        space=space.pk,
        name=more.pop("name", "会议室"),
        starts=on(starts) if starts else PartialDate.unknown(),
        source="房间表",
        who_kind=who_kind,
        who_id=who_id,
        area=Decimal(area) if area else None,
        ended=on(ended) if state == "known" else PartialDate.unknown(),
        end_state=state,
        **more,
    )


def occupy(space, *args, **more):
    return actions.occupy(drafted(space, *args, **more), **TOLD)


@pytest.fixture
def institution(db):
    return place()


@pytest.fixture
def building(institution):
    return premises(institution, area=Decimal("1000"), tenure="leased", starts="2012-01-01")
