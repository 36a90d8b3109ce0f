"""How near: nothing is missing exactly where the verdict may still be met, and less is missing the more there is."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hatchline.core.rules import nearness
from hatchline.core.rules.bind import bind
from hatchline.core.rules.check import resolved
from hatchline.core.rules.populations import from_rows
from hatchline.core.rules.vector import Institutions, evaluate
from hatchline.rulebook import library

DAY = library().get("most-2018-300").cases[0].as_of


@pytest.mark.parametrize("name", [each.name for each in library().documents.values() if each.subject == "institution"])
def test_nothing_is_missing_where_a_criterion_may_still_hold_and_only_there(name):
    document = library().get(name)
    for day in {case.as_of for case in document.cases}:
        cases = [case for case in document.cases if case.as_of == day]
        population = from_rows(document.vocabulary, [(str(n), *resolved(case)) for n, case in enumerate(cases)])
        subjects, plan = Institutions.of(population), bind(document, day)
        judged = evaluate(plan, population, subjects)
        short = {each.name: nearness.shortfall(each.requirement, subjects) for each in plan.judgements}
        for each in plan.judgements:
            possible = judged.criteria[each.name][1]
            assert ((short[each.name] == 0) == possible).all(), each.name
            assert (short[each.name] <= 1).all()
        far = nearness.distance(plan.overall, short, population.size)
        assert ((far == 0) == judged.overall[1]).all()


@given(st.integers(0, 12_000), st.integers(0, 12_000))
@settings(max_examples=40, deadline=None)
def test_the_more_there_is_the_less_is_missing(one, other):
    document = library().get("sample-district")
    area = document.vocabulary.facts["controlled_area"]
    rows = [(str(n), {"controlled_area": area.encode(str(value))}, []) for n, value in enumerate((one, other))]
    subjects, plan = Institutions.of(from_rows(document.vocabulary, rows)), bind(document, DAY)
    wanted = document.parameters["min_area"].on(DAY)
    judgement = next(each for each in plan.judgements if "min_area" in str(document.criteria[each.name].requirement))
    found = nearness.shortfall(judgement.requirement, subjects)
    asked = float(wanted.amount / wanted.unit.factor)
    for value, share in zip((one, other), found, strict=True):
        assert share == pytest.approx(max(0.0, 1 - value / asked), abs=1e-4)


def test_a_share_of_ventures_lacks_what_it_is_below_its_threshold():
    document = library().get("most-2018-300")
    financed, tenant = document.vocabulary.facts["was_financed"], document.cases[0]
    own, members = resolved(tenant)
    rows = []
    for many in range(6):  # how many of the first ten ventures were financed; the others were not
        theirs = [{**m, "was_financed": financed.encode(at < many)} for at, m in enumerate(members)]
        rows.append((str(many), own, theirs))
    subjects = Institutions.of(from_rows(document.vocabulary, rows))
    found = nearness.values(document, DAY, "min_financed_share", subjects)
    assert found is not None
    low, high, _node = found
    threshold = float(document.parameters["min_financed_share"].on(DAY).amount)
    name = next(key for key, each in document.criteria.items() if "min_financed_share" in str(each.requirement))
    short = nearness.shortfall(next(j for j in bind(document, DAY).judgements if j.name == name).requirement, subjects)
    assert short[0] == 1
    assert (low == high).all() and (np.diff(short) <= 0).all()
    assert short == pytest.approx(np.maximum(0, 1 - high / threshold), abs=1e-6)
