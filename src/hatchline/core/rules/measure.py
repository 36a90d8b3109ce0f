"""How much it is: the interval of an amount or a ratio for one subject, and which ventures keep it open."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from hatchline.core.rules import nodes
from hatchline.core.rules.bind import Lowering
from hatchline.core.rules.plan import Formula, PortionTest, ShareTest
from hatchline.core.rules.reckon import Counts, Reckoning
from hatchline.core.values.quantity import Dimension, step

FIRMS: Dimension = (("firm", 1),)
MOST_TIMES = 50


class Span(NamedTuple):
    """From `low` to `high`, in base units; equal when it is known. `is_open`: nothing bounds it from above."""

    low: Fraction
    high: Fraction
    is_open: bool = False

    @property
    def is_known(self) -> bool:
        return self.low == self.high


def says_no_top(high: Fraction, low: Fraction, threshold: Fraction) -> bool:
    """Whether the upper end of a value is so far off that it is but the bound of something unknown."""
    return high > MOST_TIMES * max(low, threshold, Fraction(1, 1000))


@dataclass(frozen=True)
class Measured:
    """A span (None: nothing to divide by), of a ratio its denominator and the numerator's dimension, and the places
    of the ventures whose unknown facts keep it open."""

    span: Span | None
    below: Fraction | None = None
    top_dimension: Dimension | None = None
    uncertain: tuple[int, ...] = ()


def measure(node: nodes.Node, lowering: Lowering, reckoning: Reckoning) -> Measured:
    """The value of the left side of a comparison."""
    match node:
        case nodes.Share():
            return _share(node, lowering, reckoning)
        case nodes.Portion():
            return _portion(node, lowering, reckoning)
        case nodes.Peak():
            return _peak(node, lowering, reckoning)
        case nodes.Ratio(left, right) if node.is_ratio:
            return _ratio(left, right, lowering, reckoning)
    found = amount(node, lowering, reckoning)
    if found.is_known:
        return Measured(found)
    uncertain = {place for condition in lowering.conditions(node) for place in unsettled(condition, reckoning)}
    return Measured(found, None, None, tuple(sorted(uncertain)))


def amount(node: nodes.Node, lowering: Lowering, reckoning: Reckoning) -> Span:
    lin, many = lowering.whole(node)
    low, high = reckoning.amount(lin)
    if low == high:
        known = Fraction(low, many)
        return Span(known, known)
    is_open = any(reckoning.facts.get(name) is None for name in lowering.own_facts(node))
    return Span(Fraction(low, many), Fraction(high, many), is_open)


def _ratio(left: nodes.Node, right: nodes.Node, lowering: Lowering, reckoning: Reckoning) -> Measured:
    (tops, top_factor), (bottoms, bottom_factor) = lowering.whole(left), lowering.whole(right)
    (top_low, top_high), (least, most) = reckoning.amount(tops), reckoning.amount(bottoms)
    if top_low == top_high and least == most > 0:
        known = Fraction(top_low * bottom_factor, least * top_factor)
        return Measured(Span(known, known), Fraction(least, bottom_factor), left.dimension)
    top, bottom = amount(left, lowering, reckoning), amount(right, lowering, reckoning)
    span = ratio_span(top, bottom, 1 / step(right.dimension))
    below = bottom.low if span is not None and bottom.is_known else None
    return Measured(span, below, left.dimension)


def ratio_span(top: Span, bottom: Span, least: Fraction) -> Span | None:
    """The span of a ratio whose denominator, if it is anything, is at least `least`; None: nothing to divide by."""
    if bottom.high <= 0:
        return None
    return Span(top.low / bottom.high, top.high / max(bottom.low, least), top.is_open or bottom.low <= 0)


def _share(node: nodes.Share, lowering: Lowering, reckoning: Reckoning) -> Measured:
    test = lowering.test(node)
    assert isinstance(test, ShareTest)
    counts = reckoning.share_counts(test)
    span, certainly_in = share_span(counts), counts[-1]
    if span is not None and span.low is span.high:
        return Measured(span, Fraction(certainly_in), FIRMS)
    columns = (reckoning.over(statement) for statement in (test.out, test.yes, test.no))
    uncertain = tuple(place for place, row in enumerate(zip(*columns, strict=True)) if row.count(0) < 2)
    below = Fraction(certainly_in) if span is not None and not uncertain else None
    return Measured(span, below, FIRMS, uncertain)


def share_span(counts: Counts) -> Span | None:
    """The span of a share from its counts (see Reckoning.share_counts); None: nobody to be a share of."""
    yes_high, no_high, yes_low, no_low, certainly_in = counts
    if (yes_high, no_high, yes_high + no_high) == (yes_low, no_low, certainly_in):  # nothing about it is unknown
        share = Fraction(yes_low, certainly_in) if certainly_in else None
        return None if share is None else Span(share, share)
    high = Fraction(yes_high, yes_high + no_high) if yes_high + no_high else (Fraction(0) if no_low else None)
    low = Fraction(yes_low, yes_low + no_low) if yes_low + no_low else (Fraction(1) if yes_high else None)
    return None if high is None or low is None else Span(low, high)


def _portion(node: nodes.Portion, lowering: Lowering, reckoning: Reckoning) -> Measured:
    """Dinkelbach's iteration: the best ratio is where the best of part − ratio × whole is nothing."""
    test = lowering.test(node)
    assert isinstance(test, PortionTest)
    scale = step(node.whole.dimension) / step(node.part.dimension)
    bounds = []
    for sign in (1, -1):
        reached = _extreme_portion(test, sign, reckoning)
        if reached is None:
            return Measured(None, None, node.part.dimension)
        bounds.append(reached * scale)
    open_ = unsettled(lowering.exact(lowering.statement(node.where, True)), reckoning)
    for place, member in enumerate(reckoning.inner()):
        if member.pair(test.condition)[1] and None in (member.facts.get(s.name) for s in (test.part, test.whole)):
            open_.add(place)
    below = None
    if not open_:
        inside = [m for m in reckoning.inner() if m.pair(test.condition)[0]]
        below = Fraction(sum(m.term(test.whole)[0] for m in inside)) / step(node.whole.dimension)
    return Measured(Span(bounds[1], bounds[0]), below, node.part.dimension, tuple(sorted(open_)))


def _extreme_portion(test: PortionTest, sign: int, reckoning: Reckoning) -> Fraction | None:
    ratio: Fraction | None = None
    options = []
    for member in reckoning.inner():
        certain, possible = member.pair(test.condition)
        if possible:
            options.append((certain, member.term(test.part), member.term(test.whole)))
    if not any(whole[1] > 0 for _, _, whole in options):
        return None
    certain, part, whole = max(options, key=lambda option: option[2][1])
    ratio = Fraction(part[1] if sign > 0 else part[0], max(1, whole[0]) if sign > 0 else whole[1])
    while True:
        tops = bottoms = 0
        spare: tuple[Fraction, int, int] | None = None  # the cheapest way to have a denominator at all
        for certain, part, whole in options:
            best_part = part[1] if sign > 0 else part[0]
            best_whole = whole[0] if sign > 0 else whole[1]
            gain = sign * (best_part - ratio * best_whole)
            if certain or gain > 0:
                tops, bottoms = tops + best_part, bottoms + best_whole
            if whole[1] > 0:
                least = max(1, best_whole)
                cost = (gain if certain or gain > 0 else Fraction(0)) - sign * (best_part - ratio * least)
                add = (best_part, least) if not (certain or gain > 0) else (0, least - best_whole)
                if spare is None or cost < spare[0]:
                    spare = (cost, *add)
        if bottoms == 0 and spare is not None:
            tops, bottoms = tops + spare[1], bottoms + spare[2]
        better = Fraction(tops, bottoms)
        if sign * (better - ratio) <= 0:
            return ratio
        ratio = better


def _peak(node: nodes.Peak, lowering: Lowering, reckoning: Reckoning) -> Measured:
    where = lowering.exact(lowering.statement(node.where, True))
    lin, many = lowering.whole(node.of)
    sign = 1 if node.largest else -1
    certain_ends, possible_ends, all_lows = [], [], []
    for member in reckoning.inner():
        certain, possible = member.pair(where)
        if possible:
            low, high = member.amount(lin)
            worst, best = (low, high) if sign > 0 else (high, low)
            possible_ends.append(sign * best)
            all_lows.append(sign * worst)
            if certain:
                certain_ends.append(sign * worst)
    if not possible_ends:
        return Measured(None)
    near = max(certain_ends) if certain_ends else min(all_lows)
    near_end, far_end = sorted((Fraction(sign * near, many), Fraction(sign * max(possible_ends), many)))
    return Measured(
        Span(near_end, far_end),
        None,
        None,
        tuple(sorted(unsettled(lowering.exact(lowering.statement(node.where, True)), reckoning))),
    )


def unsettled(condition: Formula, reckoning: Reckoning) -> set[int]:
    """The places of the ventures of which it is unknown whether they meet a condition."""
    return {place for place, value in enumerate(reckoning.over(condition)) if value == 1}
