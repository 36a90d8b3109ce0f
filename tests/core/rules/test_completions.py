"""Every verdict against all completions of what is unknown."""

from __future__ import annotations

from datetime import date
from math import prod

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hatchline.core.rules.bind import bind
from hatchline.core.rules.entangle import exact
from hatchline.core.rules.plan import All, Linear, Positive, Slot
from hatchline.core.rules.plan import Any as AnyOf
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.reckon import Reckoning, evaluate
from hatchline.core.values.verdict import Verdict
from tests.core.rules.generated import (
    FACTS,
    MEMBERS,
    aggregate_comparisons,
    document,
    own_comparisons,
    requirements,
)  # fmt: skip
from tests.core.rules.naive import columns_used, truths

DAY = date(2020, 6, 30)
TRIES = settings(max_examples=120, deadline=None)


def bound(text):
    made = document(text)
    try:
        return made, bind(made, DAY)
    except Misuse as misuse:
        assert misuse.code == "entangled"
        assume(False)
        raise


def is_small(node, facts, members) -> bool:
    """Whether all completions can be tried."""
    own, theirs = columns_used(node, "institution", DAY), columns_used(node, "venture", DAY)
    sizes = [
        fact.largest - fact.smallest + 1
        for holder, used in [(facts, own), *((member, theirs) for member in members)]
        for name, fact in used.items() if holder.get(name) is None
    ]  # fmt: skip
    return prod(sizes) <= 4000


def truth_of(text, facts, members):
    made, plan = bound(text)
    node = made.criteria["C0"].requirement
    assume(is_small(node, facts, members))
    found = evaluate(plan, facts, members).criteria["C0"]
    figures = {name: parameter.on(DAY).amount for name, parameter in made.parameters.items()}
    return found, truths(node, facts, members, figures, DAY)


@TRIES
@given(aggregate_comparisons(), MEMBERS)
def test_an_aggregate_is_unknown_only_where_completions_differ(text, members):
    found, possible = truth_of(text, {}, members)
    assert found is Verdict.of(possible == {True}, True in possible), text


@TRIES
@given(own_comparisons(), FACTS, MEMBERS)
def test_own_facts_are_judged_exactly(text, facts, members):
    found, possible = truth_of(text, facts, members)
    assert found is Verdict.of(possible == {True}, True in possible), text


@TRIES
@given(requirements(), FACTS, MEMBERS)
def test_a_verdict_is_never_wrong(text, facts, members):
    found, possible = truth_of(text, facts, members)
    if found is not Verdict.UNKNOWN:
        assert possible == {found is Verdict.MET}, text


@TRIES
@given(requirements(), FACTS, MEMBERS, st.data())
def test_forgetting_a_fact_never_helps(text, facts, members, data):
    _made, plan = bound(text)
    before = evaluate(plan, facts, members).criteria["C0"]
    holders = [facts, *members]
    place = data.draw(st.integers(0, len(holders) - 1))
    name = data.draw(st.sampled_from(sorted(holders[place])))
    holders[place] = {**holders[place], name: None}
    after = evaluate(plan, holders[0], holders[1:]).criteria["C0"]
    assert after in (before, Verdict.UNKNOWN), text


def test_two_groups_of_facts_that_pull_both_ways_are_each_looked_at():
    """Apart from each other, and each with all its statements together."""
    a, b = Slot("a", 0, 20), Slot("b", 0, 20)

    def least(slot, bound):
        return Positive(Linear(-bound, ((1, slot),)))

    def most(slot, bound):
        return Positive(Linear(bound, ((-1, slot),)))

    for one, other in ((a, b), (b, a)):
        never = All((least(one, 3), least(other, 2), most(other, 5), most(one, 1)))
        assert Reckoning({}).pair(exact(never)) == (False, False)
        assert Reckoning({}).pair(exact(All(never.items[1:] + never.items[:1]))) == (False, False)
        always = AnyOf((most(one, 3), most(other, 1), least(one, 2), least(other, 7)))
        assert Reckoning({}).pair(exact(always)) == (True, True)
        assert Reckoning({}).pair(exact(AnyOf(always.items[1:] + always.items[:1]))) == (True, True)
    open_ = All((least(a, 1), least(b, 2), most(a, 3), most(b, 5)))
    assert Reckoning({}).pair(exact(open_)) == (False, True)
