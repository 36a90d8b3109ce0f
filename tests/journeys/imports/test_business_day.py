"""The day against which a list's dates are held."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.journeys.imports.lives import business_day

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("chosen", "expected"), [(date(2017, 7, 18), date(2017, 7, 18)), (None, date(2026, 3, 2))])
def test_a_chosen_business_date_goes_before_the_day_of_the_last_entry(settings, chosen, expected):
    settings.BUSINESS_DATE = chosen
    institutions.register(InstitutionDraft(name="望京孵化器"), by=None, now=datetime(2026, 3, 2, 4, tzinfo=UTC))
    assert business_day() == expected
