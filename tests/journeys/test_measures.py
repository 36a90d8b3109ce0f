"""The measures that come with the package: declared once, and named as the vocabulary of the documents names them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from hatchline import rulebook
from hatchline.apps.observations import queries
from hatchline.journeys import reference
from hatchline.reference import loading

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
OURS = {"taxes_paid", "financing"}  # reported, and named by no document yet
TYPES = {"number": {"money", "integer", "decimal"}, "truth": {"boolean"}}
UNITS = {"yuan": "元", "person": "人", "item": "件", "m2": "m²", "event": "场", "case": "个", "firm": "家"}
UNITS |= {"year": "年", None: ""}


@pytest.mark.django_db
def test_measures_are_declared_once():
    done = {what: (created, there) for what, created, _updated, there in reference.load(district="110105", now=NOW)}
    number = len(list(loading.rows(loading.MEASURES)))
    assert done[loading.MEASURES] == (number, 0)
    again = {what: (created, there) for what, created, _updated, there in reference.load(district="110105", now=NOW)}
    assert again[loading.MEASURES] == (0, number)
    revenue = queries.measure("revenue")
    assert (revenue.unit, revenue.time_kind, revenue.sums_over) == ("元", "flow", ["subjects", "periods"])


def test_facts_of_the_documents_can_come_from_them():
    words = yaml.safe_load(rulebook.sources()[0][1])
    for row in loading.rows(loading.MEASURES):
        if row["code"] in OURS:
            continue
        fact = words[row["code"]]
        assert row["subject"].startswith(fact["subject"]) or row["subject"].split(".")[1] == fact["subject"], row
        assert row["value_type"] in TYPES[fact["type"]], row
        assert UNITS[fact.get("unit")] == row["unit"] or (fact["unit"], row["unit"]) == ("event", "次"), row
        assert not fact.get("yearly") or row["time_kind"] == "flow" or row["value_type"] == "money", row
