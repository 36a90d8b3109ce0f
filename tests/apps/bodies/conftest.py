"""A small district, and the packaged reference data once for those tests that want all of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hatchline.apps.bodies import actions
from hatchline.apps.bodies import queries as places
from hatchline.reference import loading

NOW = datetime(2017, 7, 18, 2, 0, tzinfo=UTC)
TODAY = date(2017, 7, 18)
DIVISIONS = [
    ("110000", "北京市"),
    ("110100", "市辖区"),
    ("110105", "朝阳区"),
    ("110108", "海淀区"),
    ("110105026", "望京街道"),
    ("110105032", "来广营地区"),
    ("110108015", "中关村街道"),
    ("210000", "辽宁省"),
    ("211300", "朝阳市"),
    ("211302", "双塔区"),
]


@pytest.fixture
def divisions(db):
    actions.load_territories(DIVISIONS, source="测试", now=NOW)
    return places.territory_keys()


@pytest.fixture
def everything(db):
    """All packaged divisions."""
    for filename, source in loading.TERRITORIES:
        actions.load_territories(((row["code"], row["name"]) for row in loading.rows(filename)), source=source, now=NOW)
