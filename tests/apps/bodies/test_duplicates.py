"""Possible duplicates and their reasons."""

from __future__ import annotations

import csv

import pytest

from hatchline.apps.bodies import actions, queries
from hatchline.apps.bodies.drafts import OrganisationDraft
from tests.apps.bodies.conftest import NOW
from tests.realdata import real

pytestmark = pytest.mark.django_db
CODES = ("91310112087994932F", "91310116052958608G")


def register(name, **fields):
    return actions.register(OrganisationDraft(name=name, **fields), by=None, now=NOW)


def reasons(name, **fields):
    (found,) = queries.candidates([OrganisationDraft(name=name, **fields)])
    return {each.name: (each.reasons, each.is_certain) for each in found}


def test_numbers_are_certain_names_are_questions():
    register("北京启元创业服务有限公司", credit_code=CODES[0], identifiers=(("gb-coh", "0123"),))
    assert reasons("别的名字", credit_code=CODES[0].lower()) == {
        "北京启元创业服务有限公司": (("same_credit_code",), True)
    }
    assert reasons("别的名字", identifiers=(("gb-coh", "0123"),)) == {
        "北京启元创业服务有限公司": (("same_identifier",), True)
    }
    assert reasons("北京启元（创业服务）") == {"北京启元创业服务有限公司": (("same_name",), False)}
    assert reasons("毫不相干") == {}


def test_former_names_and_websites_are_signs():
    made = register("北京启元创业服务有限公司", website="https://www.qiyuan.example")
    actions.rename(made, name="北京新元服务有限公司", on=None, version=1, by=None, now=NOW)
    assert reasons("北京启元创业服务", website="qiyuan.example/about") == {
        "北京新元服务有限公司": (("former_name", "same_website"), False)
    }


def test_two_different_codes_are_two_bodies():
    register("北京启元创业服务有限公司", credit_code=CODES[0])
    assert reasons("北京启元创业服务有限公司", credit_code=CODES[1]) == {}


def test_a_host_that_many_share_is_no_sign():
    for number in range(4):
        register(f"租户{number}", website="https://platform.example")
    assert reasons("又一家", website="https://platform.example/another") == {}


def test_the_cost_does_not_grow_with_the_rows(django_assert_max_num_queries):
    drafts = [OrganisationDraft(name=f"单位{n}", website=f"https://h{n}.example") for n in range(400)]
    actions.register_many(drafts, now=NOW)
    with django_assert_max_num_queries(6):
        found = queries.candidates(drafts)
    assert [len(each) for each in found] == [1] * 400


def test_a_real_list_finds_itself_again():
    with real("uk_waifinder_orgs.csv").open(encoding="utf-8-sig", newline="") as handle:
        drafts = [
            OrganisationDraft(name=row["name"], website=row["url"]) for row in csv.DictReader(handle) if row["name"]
        ]
    actions.register_many(drafts, now=NOW)
    found = queries.candidates(drafts)
    print(f"{len(drafts)} organisations, {sum(len(each) > 1 for each in found)} with another that may be the same")
    assert all(any("same_name" in each.reasons for each in its) for its in found)
    assert not any(each.is_certain for its in found for each in its)
