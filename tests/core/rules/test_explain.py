"""Findings: verdicts as elsewhere, values and gaps exact, what is missing, how sure, and a way that leads there."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from hatchline.core.rules.bind import bind
from hatchline.core.rules.check import resolved
from hatchline.core.rules.documents import Mark
from hatchline.core.rules.explain import Explainer, Source
from hatchline.core.rules.reckon import evaluate
from hatchline.core.rules.telling import lines, told
from hatchline.core.rules.ways import nearest_way
from hatchline.core.values.verdict import Verdict
from hatchline.rulebook import library

DOCUMENT = library().get("most-2018-300")
FIRST = DOCUMENT.cases[0]
EXPLAINER = Explainer(DOCUMENT, FIRST.as_of)


def subject(**changed):
    facts, members = resolved(FIRST)
    for name, value in changed.items():
        facts[name] = DOCUMENT.vocabulary.facts[name].encode(value)
    return facts, members


@pytest.mark.parametrize("name", sorted(library().documents))
def test_explaining_gives_the_verdicts_of_the_plain_reading(name):
    made = library().get(name)
    explainers = {}
    for case in made.cases[:12]:
        explainer = explainers.setdefault(case.as_of, Explainer(made, case.as_of))
        facts, members = resolved(case)
        found, plain = explainer.explain(facts, members), evaluate(bind(made, case.as_of), facts, members)
        assert {f.name: f.verdict for f in found.findings} == plain.criteria
        assert found.verdict is plain.overall


def test_a_value_its_threshold_and_its_gap():
    facts, members = subject(controlled_area="14260", tenant_used_area="10167")
    finding = EXPLAINER.explain(facts, members).get("N18-2b")
    [part] = finding.leaves()
    assert part.value.low == part.value.high == Fraction(10167, 14260)
    assert part.threshold == Fraction(3, 4)
    assert part.gap_top == Fraction(528)  # 0.75 × 14,260 − 10,167
    assert part.shown(part.threshold, "zh") == "75 %"


def test_an_open_share_is_told_from_end_to_end():
    facts, members = subject()
    members = [dict(member) for member in members]
    for place in (0, 1, 2):
        members[place]["was_financed"] = None
    [part] = EXPLAINER.explain(facts, members).get("N18-3b").leaves()
    assert (part.value.low, part.value.high) == (Fraction(5, 50), Fraction(8, 50))
    assert part.uncertain == (0, 1, 2)


def test_nothing_to_divide_by_has_no_value_and_is_not_met():
    facts, _members = subject()
    finding = EXPLAINER.explain(facts, []).get("N18-3b")
    assert finding.verdict is Verdict.NOT_MET
    assert finding.leaves()[0].value is None


def test_a_finding_carries_its_weakest_mark_sources_and_gaps():
    facts, members = subject(fund_cases=None)
    source = Source("资金台账", FIRST.as_of, "/funds/1")
    found = EXPLAINER.explain(facts, members, {"fund_size": source})
    assert found.get("N18-6a").mark is Mark.DERIVED  # the stay of special fields is derived
    assert found.get("N18-2a").mark is Mark.READ
    assert found.get("N18-3a").facts[0].source == source
    assert found.get("N18-3c").missing == ("fund_cases",)
    assert "10,000 平方米" in found.get("N18-2a").sense.zh
    assert found.get("N18-8").applies is Verdict.NOT_MET


def test_the_nearest_way_is_small_and_leads_there():
    facts, members = subject(tenant_used_area="7000", mentors=3, fund_cases=None)
    explanation = EXPLAINER.explain(facts, members)
    way = nearest_way(EXPLAINER, explanation, facts, members)
    assert way.leads_there
    assert [(c.kind, c.fact, c.to) for c in way.changes] == [
        ("supply", "fund_cases", 3), ("change", "mentors", 5), ("change", "tenant_used_area", 7500 * 10_000)
    ]  # fmt: skip
    assert nearest_way(EXPLAINER, EXPLAINER.explain(*subject()), *subject()) is None


def test_where_one_criterion_cannot_be_mended_the_way_mends_the_others_and_says_so():
    facts, members = subject(mentors=3, fund_cases=None)
    stuck = [dict(member) | {"was_financed": 0, "in_incubation": 0} for member in members]  # no tenants, no share
    way = nearest_way(EXPLAINER, EXPLAINER.explain(facts, stuck), facts, stuck)
    assert way is not None and not way.leads_there
    assert ("supply", "fund_cases", 3) in {(c.kind, c.fact, c.to) for c in way.changes}


def test_an_unmet_share_asks_for_as_few_ventures_as_will_do():
    facts, members = subject()
    members = [dict(member) | {"was_financed": 0} for member in members]
    way = nearest_way(EXPLAINER, EXPLAINER.explain(facts, members), facts, members)
    assert way.leads_there
    [change] = way.changes
    assert (change.kind, change.count) == ("convert", 5)


def test_the_tree_is_told_as_plain_data_and_as_lines():
    facts, members = subject(controlled_area="9000")
    explanation = EXPLAINER.explain(facts, members)
    data = told(explanation, nearest_way(EXPLAINER, explanation, facts, members))
    assert data["verdict"] == "not_met"
    assert len(data["findings"]) == len(DOCUMENT.criteria)
    text = "\n".join(lines(explanation, None, "en"))
    assert "N18-2a" in text


def test_nobody_is_told_of_a_square_centimetre():
    facts, members = subject(controlled_area="14261", tenant_used_area="10167")
    way = nearest_way(EXPLAINER, EXPLAINER.explain(facts, members), facts, members)
    [change] = [change for change in way.changes if change.fact == "tenant_used_area"]
    assert change.to == 10_696 * 10_000  # three quarters of 14,261 are 10,695.75


def test_what_hangs_on_another_unknown_is_asked_for_without_a_figure_nobody_has():
    """30 % of an unknown total at its largest is no sum to tell anybody; a day is told as a day."""
    for name, facts in (("bj-2019-support", {}), ("bj-2026-municipal", {}), ("hnte-2008-172", {})):
        document = library().get(name)
        explainer = Explainer(document, document.in_force)
        way = nearest_way(explainer, explainer.explain(facts, []), facts, [])
        told = [change.text for change in way.changes if change.kind == "supply"]
        assert told
        for text in told:
            assert not re.search(r"\d{1,3}(,\d{3}){3,}", text.zh + text.en), text
            assert not re.search(r"(不低于|不高于) \d{4}-", text.zh) and not re.search(
                r"at (most|least) \d{4}-", text.en
            )
    assert any(text.zh == "查明高新技术产品（服务）收入" for text in told)


def test_a_miss_by_a_hair_is_not_written_as_the_threshold():
    document = library().get("bj-2015-support")
    facts, members = resolved(document.cases[0])
    facts |= {"controlled_area": 10**11, "tenant_used_area": 75 * 10**9 - 1}
    explanation = Explainer(document, document.in_force).explain(facts, members)
    shown = "\n".join(lines(explanation, None, "zh"))
    assert "不低于 75 %: 74.999999999 %" in shown and "还差 0.000000001 %" in shown and "还差 0 %" not in shown


def test_money_is_told_in_the_unit_of_what_it_is_held_against_and_a_share_to_two_decimals():
    document = library().get("bj-2019-support")
    explainer = Explainer(document, document.in_force)
    facts, members = resolved(document.cases[0])
    facts |= {"total_investment": 62 * 10**6 + 1, "hardware_investment": 2 * 10**7}
    explanation = explainer.explain(facts, members)
    way = nearest_way(explainer, explanation, facts, members)
    zh, en = ("\n".join(lines(explanation, way, language)) for language in ("zh", "en"))
    assert "(total_investment): 62.000001 万元" in zh and "不低于 500 万元: 62 万元; 还差 438 万元" in zh
    assert "建设总投入由 62.000001 万元 变为 500 万元" in zh and "620,000.01 yuan" in en
    assert "不低于 30 %: 32.26 %; 富余 2.26 %" in zh


def test_a_year_is_not_said_twice():
    document = library().get("bj-2026-municipal")
    told = [each.text.zh for f in Explainer(document, document.in_force).explain({}).findings for each in f.leaves()]
    assert any("上年度首次获评" in each for each in told) and not any("上年度当年" in each for each in told)
