"""A team becomes the company with a code."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.ventures import queries
from hatchline.core.values.refusal import Refused
from hatchline.journeys import chain
from tests.apps.ventures.conftest import TOLD, on, team

pytestmark = pytest.mark.django_db
CODE = "911100000000000049"


def test_a_company_that_is_no_record_becomes_one():
    venture = chain.incorporate(team(), name="北京听雨科技有限公司", credit_code=CODE, on=on("2016-05-03"), **TOLD)
    assert venture.legal_person.credit_code == CODE and venture.name == "北京听雨科技有限公司"
    assert [each.name for each in queries.venture(venture.pk).names.all()] == ["听雨科技团队"]


def test_a_code_that_another_venture_holds_writes_nothing():
    chain.incorporate(team(), name="北京听雨科技有限公司", credit_code=CODE, on=on("2016-05-03"), **TOLD)
    other = team("听风团队")
    with pytest.raises(Refused) as caught:
        chain.incorporate(other, name="另一名称", credit_code=CODE, on=on("2017-01-01"), **TOLD)
    assert caught.value.refusal.code == "code_held_by_another"
    assert bodies.organisations().count() == 1


def test_a_malformed_code_writes_nothing():
    venture = team()
    with pytest.raises(Refused) as caught:
        chain.incorporate(venture, name="听雨公司", credit_code="123", on=on("2016-05-03"), **TOLD)
    assert caught.value.refusal.code == "malformed_credit_code" and bodies.organisations().count() == 0


def test_it_goes_on_as_another_company():
    venture = chain.incorporate(team(), name="甲公司", credit_code=CODE, on=on("2014-05-03"), **TOLD)
    venture = chain.change_legal_person(
        venture, name="乙公司", credit_code="", on=date(2016, 1, 1), reason="重组", **TOLD
    )
    assert venture.legal_person.name == "乙公司" and venture.legal_periods.count() == 2
