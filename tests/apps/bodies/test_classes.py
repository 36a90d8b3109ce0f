"""Classifications and key industries."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline.apps.bodies import actions, queries
from hatchline.apps.bodies.models import ClassCode
from hatchline.reference import loading
from tests.apps.bodies.conftest import NOW


@pytest.fixture
def editions(db):
    for edition in loading.EDITIONS:
        rows = [(row["code"], row["name"], row["parent"], int(row["level"])) for row in loading.rows(edition.filename)]
        actions.load_classification(
            edition.code,
            rows,
            name=edition.name,
            name_en=edition.name_en,
            family=edition.family,
            edition=edition.edition,
            source=edition.source,
            now=NOW,
        )


def test_all_editions_are_there_with_their_trees(editions):
    counts = {each.code: ClassCode.objects.filter(classification__code=each.code).count() for each in loading.EDITIONS}
    assert counts == {"gbt4754-2011": 1424, "gbt4754-2017": 1971, "hightech-2016": 314, "strategic-2018": 49}
    assert not ClassCode.objects.filter(parent=None, level__gt=1).exists()


def test_codes_are_found_with_and_without_their_letter(editions):
    keys = queries.class_keys("gbt4754-2017")
    assert keys["I6511"] == keys["6511"]


def test_the_way_between_editions(editions, django_assert_num_queries):
    with django_assert_num_queries(2):
        steps = queries.crosswalk("gbt4754-2011", "gbt4754-2017")
    assert steps["A0111"].status == "same"
    assert sum(step.status == "gone" for step in steps.values()) == 188


def test_only_a_code_of_the_same_number_and_name_is_carried_over(editions):
    older = {code.code: code for code in ClassCode.objects.filter(classification__code="gbt4754-2011")}
    assert queries.in_edition(older["A0111"], "gbt4754-2017").name == "稻谷种植"
    assert queries.in_edition(older["A0511"], "gbt4754-2017") is None  # renamed: a person must choose


def test_key_industries_are_a_dated_list(editions, divisions):
    district = queries.territory("110105")
    code = ClassCode.objects.get(pk=queries.class_keys("gbt4754-2017")["I65"])
    listed = actions.list_key_industry(
        district, name="信息服务", class_code=code, starts_on=date(2014, 1, 1), document="〔2014〕1号", by=None, now=NOW
    )
    assert [each.name for each in queries.key_industries(district, date(2015, 1, 1))] == ["信息服务"]
    actions.end_key_industry(listed, ends_before=date(2016, 1, 1), by=None, now=NOW)
    assert list(queries.key_industries(district, date(2016, 1, 1))) == []
    assert list(queries.key_industries(district, date(2013, 1, 1))) == []
