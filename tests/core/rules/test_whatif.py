"""What if: every scenario gives what evaluating with its figures gives; settings are read or refused with a reason."""

from __future__ import annotations

from fractions import Fraction

import pytest

pytest.importorskip("numpy")

from hatchline import rulebook
from hatchline.core.rules import vector
from hatchline.core.rules.bind import bind
from hatchline.core.rules.check import resolved
from hatchline.core.rules.populations import from_rows
from hatchline.core.rules.whatif import BadSetting, WhatIf, compare, scenarios, setting
from hatchline.rulebook import library

DOCUMENT = library().get("most-2018-300")
DAY = DOCUMENT.cases[0].as_of
CASES = [case for case in DOCUMENT.cases if case.as_of == DAY]
POPULATION = from_rows(DOCUMENT.vocabulary, [(str(n), *resolved(case)) for n, case in enumerate(CASES)])


def test_every_scenario_agrees_with_evaluating_it():
    asked = scenarios(
        [
            setting(DOCUMENT, "min_tenants=30..60:15"),
            setting(DOCUMENT, "max_stay=24,48"),
            setting(DOCUMENT, "professional.min_graduates=10,16"),
            setting(DOCUMENT, "remote_factor=50,80"),
        ]
    )
    assert len(asked) == 3 * 2 * 2 * 2
    before = vector.evaluate(bind(DOCUMENT, DAY), POPULATION).overall[0]
    for outcome in WhatIf(DOCUMENT, DAY, POPULATION, fused=False).run(asked):
        met, possible = vector.evaluate(bind(DOCUMENT, DAY, outcome.scenario), POPULATION).overall
        assert outcome.passes == met.sum()
        assert outcome.unknown == (possible & ~met).sum()
        assert outcome.winners() == [int(n) for n in (met & ~before).nonzero()[0]]
        assert outcome.losers() == [int(n) for n in (before & ~met).nonzero()[0]]


def test_counts_by_criterion_and_territory():
    outcome = WhatIf(DOCUMENT, DAY, POPULATION, fused=False).outcome(dict([first("min_area=1")]))
    plain = vector.evaluate(bind(DOCUMENT, DAY, outcome.scenario), POPULATION)
    assert outcome.by_criterion() == {name: int(pair[0].sum()) for name, pair in plain.criteria.items()}
    groups = ["east" if n % 2 else "west" for n in range(POPULATION.size)]
    assert sum(passes for passes, _, _ in outcome.by_group(groups).values()) == outcome.passes
    assert outcome.won == sum(won for _, won, _ in outcome.by_group(groups).values())


def first(text):
    name, values = setting(DOCUMENT, text)
    return name, values[0]


def test_two_documents_over_the_same_facts():
    other = library().get("sample-district")
    outcome = compare(DOCUMENT, other, DAY, POPULATION)
    assert outcome.passes == vector.evaluate(bind(other, DAY), POPULATION).overall[0].sum()


def test_settings_are_in_the_parameters_own_unit_or_in_one_that_fits():
    assert [q.amount for q in setting(DOCUMENT, "min_fund=400..500:50")[1]] == [4_000_000, 4_500_000, 5_000_000]
    assert setting(DOCUMENT, "min_used_share=70")[1][0].amount == Fraction(7, 10)
    assert setting(DOCUMENT, "min_fund=3000000 元")[1][0].amount == 3_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("min_tenant=3", "min_tenants"),
        ("min_fund=3 平方米", "not an amount in wanyuan"),
        ("min_fund", "no value"),
        ("min_fund=0..10000000:1", "more than 1,000,000"),
        ("min_fund=9..3:1", "range"),
        ("min_fund=x", "x"),
    ],
)
def test_a_setting_that_cannot_be_read_says_why(text, told):
    with pytest.raises(BadSetting, match=told):
        setting(DOCUMENT, text)


def test_a_figure_inside_who_counts_for_a_variant_moves_the_criteria_it_touches():
    """The variant asks a definition, the definition a figure: moving it may change who the variant applies to."""
    from hatchline.core.rules.load import load_document

    text = dict(rulebook.sources()[1])["rulebook/documents/most-2018-300.yaml"]
    text = text.replace("when: applies_as_professional", "when: count(ventures where tenant) >= 1 家")
    made = load_document(text, DOCUMENT.vocabulary)
    for outcome in WhatIf(made, DAY, POPULATION, fused=False).run(scenarios([setting(made, "max_stay=0,6,48")])):
        plain = vector.evaluate(bind(made, DAY, outcome.scenario), POPULATION)
        assert outcome.by_criterion() == {name: int(pair[0].sum()) for name, pair in plain.criteria.items()}
