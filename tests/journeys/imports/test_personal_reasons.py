"""A phone number in a reason of a list: told on its row by the preview and on taking in, and never a crash."""

from __future__ import annotations

import pytest

from hatchline.apps.imports import queries as imports
from hatchline.apps.ventures.models import Stay
from tests.journeys.imports.test_corrections import brought, places

pytestmark = pytest.mark.django_db
__all__ = ["places"]


def test_a_reason_with_a_phone_number_is_told_on_its_row_and_the_others_are_taken_in(places):
    head = "企业名称,孵化器,孵化阶段,入驻时间,离开时间,更正原因\n"
    row = "{}公司,望京孵化器,孵化,{},至今,{}\n"
    brought(row.format("甲", "2014-01-01", "") + row.format("乙", "2014-01-01", ""), head)
    changed = row.format("甲", "2014-03-01", "电话确认 13800138000") + row.format("乙", "2014-03-01", "凭合同更正")
    run = brought(changed, head)
    assert run.counts == {"rejected": 1, "updated": 1}
    (problem,) = imports.rows(run, "rejected").get().problems
    assert problem["code"] == "personal" and "不能含电话" in problem["zh"] and "phone" in problem["en"]
    assert "13800138000" not in str(problem)
    starts = {stay.venture.name: stay.starts.code for stay in Stay.objects.select_related("venture")}
    assert starts == {"甲公司": "2014-01-01", "乙公司": "2014-03-01"}
