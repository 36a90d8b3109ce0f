"""One subject in figures: its verdicts, and of each comparison the value and the gap, all written out beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeGuard

from hatchline.core.rules import nodes, scalar
from hatchline.core.rules.bind import Lowering
from hatchline.core.rules.measure import Span, measure, ratio_span, share_span
from hatchline.core.rules.plan import Formula, Linear, PortionTest, ShareTest
from hatchline.core.rules.reckon import STANDS, Judge, Judged, Places, Reckoning
from hatchline.core.values.quantity import step
from hatchline.core.values.verdict import Verdict


class Gap(NamedTuple):
    """One comparison in figures, in base units: between what its value lies, what is asked, and what is missing."""

    node: nodes.Compare
    verdict: Verdict
    value: Span | None
    threshold: Fraction
    gap: Fraction | None


class Gaps(NamedTuple):
    """A subject's verdicts, overall and by criterion, and the comparisons of each criterion in figures."""

    overall: Verdict
    criteria: Mapping[str, Verdict]
    comparisons: Mapping[str, Sequence[Gap]]


class Told:
    """Statements about the subject, which take what is told of its ventures from a judge, as far as he told it."""

    def __init__(self, judge: Judge, formulas: Sequence[Formula], amounts: Sequence[Linear] = ()) -> None:
        self.statements = scalar.statements(tuple(formulas), tuple(amounts))
        places = {part: place for place, (part, _) in enumerate(judge.told)}
        self.outer = [(part, places.get(part)) for part in self.statements.outer]

    def run(self, judged: Judged, reckoning: Reckoning) -> list[int]:
        """How each statement stands, then the two ends of each amount."""
        given, is_open = [], False
        for part, place in self.outer:
            low: int
            high: int
            if place is not None:
                low, high = judged.given[place]
            else:
                low, high = reckoning.pair(part) if isinstance(part, ShareTest | PortionTest) else reckoning.term(part)
            given.append((low, high))
            is_open = is_open or low != high
        return self.statements.run(self.statements.rows([reckoning.facts]), given, is_open)[0]


@dataclass(frozen=True)
class Amount:
    """Where an amount's ends are, and the factor it was multiplied with to be whole."""

    place: int
    factor: int
    facts: Sequence[str]  # the subject's own; one that is unknown leaves the amount open

    def read(self, ends: Sequence[int], judged: Judged, reckoning: Reckoning) -> Span:
        low, high = ends[self.place], ends[self.place + 1]
        if low == high:
            known = Fraction(low, self.factor)
            return Span(known, known)
        is_open = any(reckoning.facts.get(name) is None for name in self.facts)
        return Span(Fraction(low, self.factor), Fraction(high, self.factor), is_open)


@dataclass(frozen=True)
class Quotient:
    """A ratio of two amounts."""

    top: Amount
    bottom: Amount
    least: Fraction  # the smallest the denominator is when it is anything at all

    def read(self, ends: Sequence[int], judged: Judged, reckoning: Reckoning) -> Span | None:
        top, bottom = ends[self.top.place], ends[self.bottom.place]
        if top == ends[self.top.place + 1] and bottom == ends[self.bottom.place + 1] and bottom > 0:
            known = Fraction(top * self.bottom.factor, bottom * self.top.factor)
            return Span(known, known)
        above, below = (side.read(ends, judged, reckoning) for side in (self.top, self.bottom))
        return ratio_span(above, below, self.least)


@dataclass(frozen=True)
class Share:
    """A share of the ventures, from its counts."""

    places: Places

    def read(self, ends: Sequence[int], judged: Judged, reckoning: Reckoning) -> Span | None:
        return share_span(judged.counts[self.places])


@dataclass(frozen=True)
class Other:
    """Any other value, measured from the ventures themselves."""

    node: nodes.Node
    lowering: Lowering

    def read(self, ends: Sequence[int], judged: Judged, reckoning: Reckoning) -> Span | None:
        return measure(self.node, self.lowering, reckoning).span


class Panel:
    """The comparisons of a document's criteria as they read under certain variants, for one subject at a time."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.shares = {three: places for places, three in judge.shares.items()}
        self.formulas: list[Formula] = []
        self.amounts: list[Linear] = []
        self.leaves: list[tuple[str, nodes.Compare, Fraction, Amount | Quotient | Share | Other]] = []

    def add(self, criterion: str, node: nodes.Compare, formula: Formula, lowering: Lowering) -> None:
        """One more comparison; all of them before the first reading."""
        self.formulas.append(formula)
        self.leaves.append((criterion, node, lowering.constant(node.right), self.reader(node.left, lowering)))

    def reader(self, node: nodes.Node, lowering: Lowering) -> Amount | Quotient | Share | Other:
        match node:
            case nodes.Share():
                test = lowering.test(node)
                assert isinstance(test, ShareTest)
                places = self.shares.get((test.out, test.yes, test.no))
                return Other(node, lowering) if places is None else Share(places)
            case nodes.Portion() | nodes.Peak():
                return Other(node, lowering)
            case nodes.Ratio(left, right) if node.is_ratio:
                least = 1 / step(right.dimension)
                return Quotient(self.amount(left, lowering), self.amount(right, lowering), least)
        return self.amount(node, lowering)

    def amount(self, node: nodes.Node, lowering: Lowering) -> Amount:
        lin, factor = lowering.whole(node)
        self.amounts.append(lin)
        return Amount(2 * len(self.amounts) - 2, factor, lowering.own_facts(node))

    @cached_property
    def told(self) -> Told:
        return Told(self.judge, self.formulas, self.amounts)

    def read(self, judged: Judged, reckoning: Reckoning) -> dict[str, list[Gap]]:
        """The comparisons in figures, by criterion."""
        values = self.told.run(judged, reckoning)
        ends = values[len(self.leaves) :]
        found: dict[str, list[Gap]] = {}
        for value, (criterion, node, threshold, reader) in zip(values, self.leaves, strict=False):
            verdict, span = STANDS[value], reader.read(ends, judged, reckoning)
            gap = None if span is None else missing(node.op, span, threshold, verdict)
            found.setdefault(criterion, []).append(Gap(node, verdict, span, threshold, gap))
        return found


def missing(op: str, span: Span, threshold: Fraction, verdict: Verdict) -> Fraction:
    """The gap: how much is missing when positive, how much there is to spare when negative.

    To spare is counted from the worse end of the value; missing from the better one, which what is unknown may reach.
    """
    if op in (">=", ">", "="):
        return threshold - (span.high if verdict is Verdict.NOT_MET else span.low)
    return (span.low if verdict is Verdict.NOT_MET else span.high) - threshold


def is_measured(node: nodes.Node) -> TypeGuard[nodes.Compare]:
    """Whether a statement holds an amount against a figure, so that it has a value and a gap."""
    return isinstance(node, nodes.Compare) and node.right.is_constant and node.left.kind == "number"
