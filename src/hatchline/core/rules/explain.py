"""One subject, every reason: a tree of findings with values, thresholds, gaps, facts and what is missing.

`explain(document, facts, …)` answers an Explanation; `ways` (its own module) adds the nearest way to pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from hatchline.core.rules import nodes
from hatchline.core.rules.bind import (
    NO_OVERRIDES,
    DocumentBinder,
    Lowering,
    overall_formula,
    parameters_of,
    touching_variants,
)
from hatchline.core.rules.documents import Criterion, Document, Mark, weakest
from hatchline.core.rules.entangle import exact
from hatchline.core.rules.gaps import Gaps, Panel, Told, is_measured, missing
from hatchline.core.rules.measure import Span, measure
from hatchline.core.rules.plan import Choose, Formula, Plan
from hatchline.core.rules.reckon import STANDS, Facts, Reckoning, judge_of
from hatchline.core.rules.texts import Text
from hatchline.core.rules.wording import Wording, fill, shown_unit
from hatchline.core.values.quantity import Quantity, Unit
from hatchline.core.values.verdict import Verdict

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: the record, the day it speaks of, and the page behind it."""

    text: str
    on: date | None = None
    link: str = ""


@dataclass(frozen=True)
class FactUsed:
    """A fact a finding stands on; `value` None is unknown. `count`: of how many ventures (None: the subject's own)."""

    name: str
    label: Text
    value: Text | None
    source: Source | None
    count: int | None = None
    unknown: int = 0


@dataclass(frozen=True)
class Part:
    """One statement inside a requirement. `kind`: compare, fact, and, or, at least.

    A comparison has `value` (None: nothing to divide by), `threshold` and `gap` (how much is missing when positive, how
    much there is to spare when negative), all in base units and shown in `unit`; `gap_top` is the gap of a ratio in the
    unit of its numerator. `uncertain` lists the ventures (places) whose unknown facts keep the value open.
    """

    kind: str
    verdict: Verdict
    text: Text
    node: nodes.Node
    parts: tuple[Part, ...] = ()
    op: str = ""
    value: Span | None = None
    threshold: Fraction | None = None
    unit: Unit | None = None
    gap: Fraction | None = None
    gap_top: Fraction | None = None
    top_unit: Unit | None = None
    uncertain: tuple[int, ...] = ()

    def shown(self, amount: Fraction | None, language: str) -> str:
        if amount is None or self.unit is None:
            return ""
        # what differs from the threshold, or from nothing, is never written as if it did not
        others = [Quantity(each, self.unit) for each in (self.threshold, Fraction(0)) if each not in (None, amount)]
        told = ""
        for places in (2, 4, 8, 16) if self.unit.name == "%" else (4, 8, 16):
            told = Quantity(amount, self.unit).text(language, places)
            if told.removeprefix("-") not in {each.text(language, places) for each in others}:
                break
        return told


@dataclass(frozen=True)
class Finding:
    """The judgement on one criterion. `sense` is our own words (释义); `mark` the least sure thing it rests on."""

    name: str
    article: str
    label: Text
    sense: Text
    verdict: Verdict
    applies: Verdict
    mark: Mark
    part: Part
    facts: tuple[FactUsed, ...]
    missing: tuple[str, ...]

    def leaves(self) -> list[Part]:
        """The comparisons and facts at the ends of the tree."""
        found, waiting = [], [self.part]
        while waiting:
            part = waiting.pop(0)
            if part.parts:
                waiting[:0] = part.parts
            else:
                found.append(part)
        return found


@dataclass(frozen=True)
class Explanation:
    document: Document
    as_of: date
    verdict: Verdict
    findings: tuple[Finding, ...]
    mark: Mark
    variants: Mapping[str, Verdict]

    def get(self, name: str) -> Finding:
        return next(f for f in self.findings if f.name == name)

    def count(self, verdict: Verdict) -> int:
        return sum(f.verdict is verdict and f.applies.possible for f in self.findings)


@dataclass
class Explainer:
    """A document bound to a day, ready to explain any number of subjects."""

    document: Document
    as_of: date
    given: Mapping[str, Quantity] = field(default_factory=lambda: NO_OVERRIDES)

    def __post_init__(self) -> None:
        self.binder = DocumentBinder(self.document, self.as_of, self.given)
        judgements = tuple(self.binder.judgement(c) for c in self.document.criteria.values())
        self.plan = Plan(self.document.name, self.document.subject, judgements, overall_formula(self.document.overall))
        self._guards = {v.name: exact(self.binder.guard(v), strict=False) for v in self.document.variants.values()}
        self._formulas: dict[tuple[int, int], tuple[nodes.Node, Formula]] = {}  # by identity; the node is kept
        self._wordings: dict[frozenset[str], tuple[Mapping[str, Quantity], Wording, Wording]] = {}
        self._texts: dict[tuple[frozenset[str], int], tuple[nodes.Node, Text]] = {}
        self._senses: dict[tuple[str, frozenset[str]], Text] = {}
        self._asked = {c.name: facts_of(c.requirement) for c in self.document.criteria.values()}
        self.units = self.units_held_against()
        self._touching = {
            c.name: frozenset(v.name for v in touching_variants(self.document, c))
            for c in self.document.criteria.values()
        }
        self.judge = judge_of(self.plan)
        self._told_guards = Told(self.judge, list(self._guards.values()))
        self._panels: dict[frozenset[str], Panel] = {}
        self._marks: dict[tuple[str, frozenset[str]], Mark] = {}

    def explain(
        self,
        facts: Facts,
        members: Sequence[Facts] = (),
        sources: Mapping[str, Source] | None = None,
        reckoning: Reckoning | None = None,
    ) -> Explanation:
        """Every criterion with its reasons. `facts` as kept (see vocabulary), `sources` by the fact's column."""
        if reckoning is None:
            reckoning = Reckoning(facts, members)
            reckoning.judge(self.plan)
        applying = self.applying(reckoning)
        chosen = frozenset(name for name, verdict in applying.items() if verdict is Verdict.MET)
        findings, verdicts = [], {}
        for judgement in self.plan.judgements:
            criterion = self.document.criteria[judgement.name]
            verdict = verdicts[judgement.name] = reckoning.verdict(judgement.requirement)
            variants = chosen & self._touching[criterion.name]
            lowering = self.binder.lowering(variants)
            part = self.part(criterion.requirement, lowering, variants, reckoning)
            used = self.facts_used(criterion, reckoning, sources or {})
            findings.append(
                Finding(
                    criterion.name,
                    criterion.article,
                    criterion.label,
                    self.sense(criterion, variants),
                    verdict,
                    reckoning.verdict(judgement.applies),
                    self.mark(criterion, variants),
                    part,
                    used,
                    tuple(f.name for f in used if f.value is None or f.unknown),
                )
            )
        asked = [f.mark for f in findings if f.applies.possible]
        return Explanation(
            self.document, self.as_of, self.judge.whole(verdicts), tuple(findings), weakest(asked), applying
        )

    def applying(self, reckoning: Reckoning) -> dict[str, Verdict]:
        """Whether each variant applies."""
        return {name: reckoning.verdict(guard) for name, guard in self._guards.items()}

    def gaps(self, facts: Facts, members: Sequence[Facts] = ()) -> Gaps:
        """Verdicts, values and gaps alone: what `explain` tells in figures, without its words and facts."""
        judge, reckoning = self.judge, Reckoning(facts, members)
        judged = judge.judged(reckoning)
        guards = self._told_guards.run(judged, reckoning)
        chosen = frozenset(name for name, value in zip(self._guards, guards, strict=True) if STANDS[value].certain)
        if chosen not in self._panels:
            self._panels[chosen] = self.panel(chosen)
        return Gaps(*judge.verdicts(judged), self._panels[chosen].read(judged, reckoning))

    # --- pieces

    def panel(self, chosen: frozenset[str]) -> Panel:
        """The comparisons inside the criteria, from left to right, as they read where these variants apply."""
        panel = Panel(self.judge)
        for name, criterion in self.document.criteria.items():
            lowering = self.binder.lowering(chosen & self._touching[name])
            waiting: list[nodes.Node] = [criterion.requirement]
            while waiting:
                node = waiting.pop(0)
                if isinstance(node, nodes.Several | nodes.Defined):
                    waiting[:0] = node.items if isinstance(node, nodes.Several) else (node.body,)
                elif is_measured(node):
                    panel.add(name, node, self.formula(node, lowering), lowering)
        return panel

    def words(self, variants: frozenset[str]) -> tuple[Mapping[str, Quantity], Wording, Wording]:
        """The figures that hold for these variants, and the wording of nodes with them."""
        if variants not in self._wordings:
            amounts = self.binder.figures(variants)
            units = {name: p.on(self.as_of).unit for name, p in self.document.parameters.items()}
            figures = {name: Quantity(amount, units[name]) for name, amount in amounts.items()}
            self._wordings[variants] = (
                figures, Wording(self.document, figures, "zh"), Wording(self.document, figures, "en")
            )  # fmt: skip
        return self._wordings[variants]

    def text(self, node: nodes.Node, variants: frozenset[str]) -> Text:
        key = (variants, id(node))
        if key not in self._texts:
            _figures, zh, en = self.words(variants)
            self._texts[key] = (node, Text(zh.text(node), en.text(node)))
        return self._texts[key][1]

    def sense(self, criterion: Criterion, variants: frozenset[str]) -> Text:
        key = (criterion.name, variants)
        if key not in self._senses:
            figures = self.words(variants)[0]
            self._senses[key] = Text(*(fill(criterion.text.get(lang), figures, lang) for lang in LANGUAGES))
        return self._senses[key]

    def formula(self, node: nodes.Node, lowering: Lowering) -> Formula:
        key = (id(lowering), id(node))
        if key not in self._formulas:
            self._formulas[key] = (node, exact(lowering.statement(node, True), strict=False))
        return self._formulas[key][1]

    def part(self, node: nodes.Node, lowering: Lowering, variants: frozenset[str], reckoning: Reckoning) -> Part:
        verdict = reckoning.verdict(self.formula(node, lowering))
        text = self.text(node, variants)
        if isinstance(node, nodes.Several):
            parts = tuple(self.part(item, lowering, variants, reckoning) for item in node.items)
            return Part(node.word, verdict, text, node, parts)
        if isinstance(node, nodes.Defined):
            inner = self.part(node.body, lowering, variants, reckoning)
            return Part("and", verdict, text, node, (inner,))
        if is_measured(node):
            return self.comparison(node, lowering, variants, reckoning, verdict)
        return Part("fact", verdict, text, node)

    def comparison(
        self, node: nodes.Compare, lowering: Lowering, variants: frozenset[str], reckoning: Reckoning, verdict: Verdict
    ) -> Part:
        threshold, found = lowering.constant(node.right), measure(node.left, lowering, reckoning)
        gap = None if found.span is None else missing(node.op, found.span, threshold, verdict)
        gap_top = None if gap is None or found.below is None else gap * found.below
        figures, _zh, _en = self.words(variants)
        like = figures.get(node.right.name) if isinstance(node.right, nodes.Parameter) else None
        if isinstance(node.right, nodes.Number):
            like = node.right.quantity
        top_unit = shown_unit(found.top_dimension) if found.top_dimension else None
        return Part(
            "compare", verdict, self.text(node, variants), node, (), node.op, found.span, threshold,
            shown_unit(node.left.dimension, like), gap, gap_top, top_unit, found.uncertain,
        )  # fmt: skip

    def facts_used(
        self, criterion: Criterion, reckoning: Reckoning, sources: Mapping[str, Source]
    ) -> tuple[FactUsed, ...]:
        found: dict[str, FactUsed] = {}
        for fact, years in self._asked[criterion.name]:
            for year in years:
                name = fact.name if year is None else f"{fact.name}@{self.as_of.year + year}"
                label = Text(fact.zh, fact.en)
                if fact.subject == "venture" and self.document.subject == "institution":
                    unknown = reckoning.unknown_of(name)
                    shown = Text("", "")
                    found[name] = FactUsed(name, label, shown, sources.get(name), len(reckoning.members), unknown)
                else:
                    kept = reckoning.facts.get(name)
                    like = self.units.get(fact.name)
                    text = None if kept is None else fact.both(kept, like)
                    found[name] = FactUsed(name, label, text, sources.get(name))
        return tuple(found.values())

    def units_held_against(self) -> dict[str, Unit]:
        """The smallest unit of the figures each fact is held against, by the fact's name: money is told in it."""
        found: dict[str, Unit] = {}
        for node in (part for each in self.document.criteria.values() for part in nodes.walk(each.requirement)):
            if isinstance(node, nodes.Compare) and isinstance(right := node.right, nodes.Number | nodes.Parameter):
                parameters = self.document.parameters
                held = right.quantity if isinstance(right, nodes.Number) else parameters[right.name].on(self.as_of)
                for fact, _years in facts_of(node.left):
                    if fact.dimension == held.dimension:
                        units = (held.unit, found.get(fact.name, held.unit))
                        found[fact.name] = min(units, key=lambda unit: unit.factor)
        return found

    def mark(self, criterion: Criterion, variants: frozenset[str]) -> Mark:
        """The least sure of the criterion, its figures, its definitions and the variants that apply."""
        key = (criterion.name, variants)
        if key not in self._marks:
            self._marks[key] = self._mark(criterion, variants)
        return self._marks[key]

    def _mark(self, criterion: Criterion, variants: frozenset[str]) -> Mark:
        document = self.document
        marks = [criterion.mark]
        waiting = list(criterion.used)
        while waiting:
            name = waiting.pop()
            if name in document.definitions:
                marks.append(document.definitions[name].mark)
                waiting.extend(document.definitions[name].used)
        figures = parameters_of(document, criterion)
        for variant in (document.variants[name] for name in variants):
            marks.append(variant.mark)
            marks.extend(p.mark for name, p in variant.values.items() if name in figures)
            if variant.factor and figures & set(variant.scaled):
                marks.append(document.parameters[variant.factor].mark)
            figures -= set(variant.values)
        marks.extend(document.parameters[name].mark for name in figures if name not in self.given)
        return weakest(marks)


def facts_of(node: nodes.Node) -> list[tuple[nodes.FactDeclaration, tuple[int | None, ...]]]:
    """The facts a node uses, each with the years it is asked for."""
    found: dict[str, tuple[nodes.FactDeclaration, dict[int | None, None]]] = {}
    for part in nodes.walk(node):
        if isinstance(part, nodes.FactOf):
            found.setdefault(part.fact.name, (part.fact, {}))[1][part.year] = None
        elif isinstance(part, nodes.Years):
            years = found.setdefault(part.fact.name, (part.fact, {}))[1]
            years.update(dict.fromkeys(range(part.first, part.last + 1)))
    return [(fact, tuple(years)) for fact, years in found.values()]


def explain(
    document: Document, as_of: date, facts: Facts, members: Sequence[Facts] = (),
    sources: Mapping[str, Source] | None = None, given: Mapping[str, Quantity] = NO_OVERRIDES,
) -> Explanation:  # fmt: skip
    """Explain one subject. For many subjects under one document and day, keep an Explainer."""
    return Explainer(document, as_of, given).explain(facts, members, sources)


__all__ = ["Choose", "Explainer", "Explanation", "FactUsed", "Finding", "Part", "Source", "Span", "explain", "facts_of"]
