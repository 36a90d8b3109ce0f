"""An institution that is on record in no district is told beside the figure, never left out in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.indicators import queries as indicators
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys import reference
from tests.apps.indicators.conftest import recognise

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
TODAY = date(2017, 7, 18)


def open_in(name, code):
    place = bodies.territory(code) if code else None
    draft = InstitutionDraft(name=name, territory=place.pk if place else None, opened=PartialDate.of("2015"))
    return recognise(institutions.register(draft, by=None, now=NOW))


def test_institutions_of_no_known_district_are_told():
    list(reference.load(district="110105", now=NOW))
    open_in("望京某孵化器", "110105026")
    open_in("不知在哪的孵化器", "")
    open_in("北京某孵化器", "110000")
    open_in("海淀某孵化器", "110108")
    target = indicators.targets(bodies.territory("110105"))[0]
    found = indicators.reading(target, TODAY)
    assert found.value == 1
    assert any("2 家机构不知在哪个区" in sentence for sentence in found.missing)
