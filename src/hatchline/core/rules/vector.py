"""The plan over a population with NumPy: every statement a pair of columns, every aggregate kept per institution.

Whole numbers throughout. Before anything is multiplied, the largest number that could come out is reckoned; if it does
not fit into 64 bits, TooLarge is raised rather than a wrong verdict given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hatchline.core.rules.plan import (
    All,
    Any,
    AtLeast,
    Choose,
    CountOf,
    Fixed,
    Formula,
    Highest,
    Linear,
    Not,
    OneOf,
    Plan,
    PortionTest,
    Positive,
    Quotient,
    ShareTest,
    Slot,
    Split,
    Steps,
    SumOf,
    Term,
    slots_of,
)  # fmt: skip
from hatchline.core.rules.populations import Bools, Column, Ints, Population, missing
from hatchline.core.rules.reckon import NO_COST

Pair = tuple[Bools, Bools]
Interval = tuple[Ints, Ints]
LIMIT = 2**62


class TooLarge(OverflowError):
    """A sum or product does not fit into 64 bits; the columnar engine (DuckDB) reckons with 128."""


def fits(*sizes: int) -> None:
    if sum(sizes) >= LIMIT:
        raise TooLarge("a figure does not fit into 64 bits; use the duckdb engine")


def largest(values: Ints) -> int:
    return max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))


@dataclass
class Columns:
    """Evaluates statements about `size` subjects from their columns."""

    columns: Mapping[str, Column]
    size: int
    _pairs: dict[Formula, Pair] = field(default_factory=dict)
    _slots: dict[Slot, tuple[Ints, Ints]] = field(default_factory=dict)

    def pair(self, formula: Formula) -> Pair:
        found = self._pairs.get(formula)
        if found is None:
            found = self._pairs[formula] = self._pair(formula)
        return found

    def full(self, value: bool) -> Bools:
        return np.full(self.size, value)

    def _pair(self, formula: Formula) -> Pair:
        match formula:
            case Fixed(value):
                return self.full(value), self.full(value)
            case Positive(lin):
                return self._positive(lin)
            case Quotient(lin, denominator):
                below = self.amount(denominator)
                return ((below[0] > 0) & (self.amount(lin)[0] >= 0),
                        (below[1] > 0) & (self.amount(lin, above_zero=denominator)[1] >= 0))  # fmt: skip
            case OneOf(slot, codes):
                column = self.columns.get(slot.name)
                if column is None:
                    return self.full(False), self.full(bool(codes))
                inside = np.isin(column, codes)
                return inside, inside | ((column == missing(column.dtype)) & bool(codes))
            case Not(of):
                certain, possible = self.pair(of)
                return ~possible, ~certain
            case All(items):
                pairs = [self.pair(item) for item in items]
                return np.logical_and.reduce([p[0] for p in pairs]), np.logical_and.reduce([p[1] for p in pairs])
            case Any(items):
                pairs = [self.pair(item) for item in items]
                return np.logical_or.reduce([p[0] for p in pairs]), np.logical_or.reduce([p[1] for p in pairs])
            case AtLeast(count, items):
                pairs = [self.pair(item) for item in items]
                return (np.sum([p[0] for p in pairs], axis=0) >= count, np.sum([p[1] for p in pairs], axis=0) >= count)
            case Split(slot, body, branches):
                return self._split(slot, body, branches)
            case Choose(branches):
                certain, possible = self.full(True), self.full(False)
                for guard, body in branches:
                    may, holds = self.pair(guard)[1], self.pair(body)
                    certain &= ~may | holds[0]
                    possible |= may & holds[1]
                return certain, possible
            case ShareTest() | PortionTest():
                return self.members_test(formula)

    def _positive(self, lin: Linear) -> Pair:
        """A single fact is held against its bound as it stands, in its column's own type; the unknown is the least."""
        slot = lin.terms[0][1] if len(lin.terms) == 1 else None
        if not isinstance(slot, Slot) or slot.name not in self.columns:
            low, high = self.amount(lin)
            return low >= 0, high >= 0
        column = self.columns[slot.name]
        coefficient, limits = lin.terms[0][0], np.iinfo(column.dtype)
        unknown = column == limits.min
        bound = -(lin.constant // coefficient) if coefficient > 0 else lin.constant // -coefficient
        if bound > limits.max or bound <= limits.min:
            holds = self.full((bound <= limits.min) == (coefficient > 0)) & ~unknown
        else:
            holds = (column >= bound) & ~unknown if coefficient > 0 else (column <= bound) & ~unknown
        ends = [lin.constant + coefficient * end for end in (slot.smallest, slot.largest)]
        return holds | (unknown if min(ends) >= 0 else False), holds | (unknown if max(ends) >= 0 else False)

    def _split(self, slot: Slot, body: Formula, branches: tuple[Formula, ...]) -> Pair:
        certain, possible = self.pair(body)
        unknown = self.is_unknown(slot)
        if not unknown.any():
            return certain, possible
        rows = np.flatnonzero(unknown)  # the few rows that need a closer look are looked at by themselves
        needed = {each.name for each in slots_of(branches)} & self.columns.keys()
        part = Columns({name: self.columns[name][rows] for name in needed}, len(rows))
        pairs = [part.pair(branch) for branch in branches]
        certain, possible = certain.copy(), possible.copy()
        certain[rows] = np.logical_and.reduce([p[0] for p in pairs])
        possible[rows] = np.logical_or.reduce([p[1] for p in pairs])
        return certain, possible

    def members_test(self, formula: ShareTest | PortionTest) -> Pair:
        raise TypeError("a venture has no ventures")

    def is_unknown(self, slot: Slot) -> Bools:
        column = self.columns.get(slot.name)
        return self.full(True) if column is None else column == missing(column.dtype)

    # --- amounts

    def amount(self, lin: Linear, above_zero: Linear | None = None) -> Interval:
        low = np.full(self.size, lin.constant, dtype=np.int64)
        high = low.copy()
        sizes = [abs(lin.constant)]
        for coefficient, term in lin.terms:
            bottom, top = self.term(term)
            if above_zero is not None and len(above_zero.terms) == 1 and above_zero.terms[0][1] == term:
                bottom = np.maximum(bottom, 1)
            sizes.append(abs(coefficient) * max(largest(bottom), largest(top)))
            fits(*sizes)
            if coefficient < 0:
                bottom, top = top, bottom
            low += coefficient * bottom
            high += coefficient * top
        return low, high

    def term(self, term: Term) -> Interval:
        match term:
            case Slot():
                return self.slot(term)
            case Highest(items):
                intervals = [self.amount(item) for item in items]
                return (
                    np.maximum.reduce([low for low, _ in intervals]),
                    np.maximum.reduce([high for _, high in intervals]),
                )
            case Steps(tests, otherwise):
                low = high = np.full(self.size, otherwise, dtype=np.int64)
                for test, points in reversed(tests):
                    certain, possible = self.pair(test)
                    low, high = np.where(certain, points, low), np.where(possible, points, high)
                return low, high
        return self.members_term(term)

    def members_term(self, term: CountOf | SumOf) -> Interval:
        raise TypeError("a venture has no ventures")

    def slot(self, slot: Slot) -> Interval:
        found = self._slots.get(slot)
        if found is None:
            column = self.columns.get(slot.name)
            if column is None:
                found = (np.full(self.size, slot.smallest, np.int64), np.full(self.size, slot.largest, np.int64))
            else:
                unknown = column == missing(column.dtype)
                wide = column.astype(np.int64)
                if unknown.any():
                    found = np.where(unknown, slot.smallest, wide), np.where(unknown, slot.largest, wide)
                else:
                    found = wide, wide
            self._slots[slot] = found
        return found


@dataclass
class Institutions(Columns):
    """Subjects with ventures; aggregates are reckoned once and kept."""

    population: Population | None = None
    kept: dict[Term | Formula, tuple[Ints, ...]] = field(default_factory=dict)
    _members: Columns | None = None

    @classmethod
    def of(cls, population: Population) -> Institutions:
        return cls(population.own, population.size, population=population)

    @property
    def inside(self) -> Columns:
        assert self.population is not None
        if self._members is None:
            self._members = Columns(self.population.members, self.population.member_count)
        return self._members

    def _split(self, slot: Slot, body: Formula, branches: tuple[Formula, ...]) -> Pair:
        """As for ventures, but with aggregates in the branches every institution is judged."""
        certain, possible = self.pair(body)
        unknown = self.is_unknown(slot)
        pairs = [self.pair(branch) for branch in branches]
        return (np.where(unknown, np.logical_and.reduce([p[0] for p in pairs]), certain),
                np.where(unknown, np.logical_or.reduce([p[1] for p in pairs]), possible))  # fmt: skip

    def added(self, values: Ints | Bools) -> Ints:
        """The sum of a member column per institution."""
        assert self.population is not None
        offsets = self.population.offsets
        if values.dtype != np.bool_:
            most = int((offsets[1:] - offsets[:-1]).max(initial=0))
            fits(most * largest(values.astype(np.int64)))
        found = np.zeros(self.size, dtype=np.int64)
        some = np.flatnonzero(offsets[1:] > offsets[:-1])  # reduceat knows no empty stretch
        if len(some):
            narrow = values.dtype == np.bool_
            found[some] = np.add.reduceat(
                values.view(np.uint8) if narrow else values, offsets[some], dtype=np.int32 if narrow else np.int64
            )
        return found

    def least(self, values: Ints) -> Ints:
        """The smallest of a member column per institution, NO_COST of nobody."""
        assert self.population is not None
        offsets = self.population.offsets
        found = np.full(self.size, NO_COST, dtype=np.int64)
        some = np.flatnonzero(offsets[1:] > offsets[:-1])
        if len(some):
            found[some] = np.minimum.reduceat(values, offsets[some])
        return found

    def keep(self, part: Term | Formula) -> tuple[Ints, ...]:
        """The kept figures of an aggregate."""
        found = self.kept.get(part)
        if found is None:
            found = self.kept[part] = self._figures(part)
        return found

    def _figures(self, part: Term | Formula) -> tuple[Ints, ...]:
        inside = self.inside
        match part:
            case CountOf(condition):
                certain, possible = inside.pair(condition)
                return self.added(certain), self.added(possible)
            case SumOf(condition, amount):
                certain, possible = inside.pair(condition)
                low, high = inside.amount(amount)
                return (self.added(np.where(certain, low, np.where(possible, np.minimum(low, 0), 0))),
                        self.added(np.where(certain, high, np.where(possible, np.maximum(high, 0), 0))))  # fmt: skip
            case ShareTest(out, yes, no):
                may_out, may_yes, may_no = inside.pair(out)[1], inside.pair(yes)[1], inside.pair(no)[1]
                return (self.added(may_yes), self.added(~may_yes & ~may_out), self.added(~may_no & ~may_out),
                        self.added(may_no), self.added(~may_out))  # fmt: skip
            case PortionTest():
                return self._portion(part)
        raise AssertionError(part)

    def _portion(self, test: PortionTest) -> tuple[Ints, ...]:
        inside = self.inside
        certain, possible = inside.pair(test.condition)
        part, whole = inside.slot(test.part), inside.slot(test.whole)
        up, down = test.sign * test.below, test.sign * test.above
        fits(abs(up) * largest(part[1]), abs(down) * largest(whole[1]))
        best_part, worst_part = (part[1], part[0]) if up > 0 else (part[0], part[1])
        best_whole, worst_whole = (whole[0], whole[1]) if down > 0 else (whole[1], whole[0])
        low, high = up * worst_part - down * worst_whole, up * best_part - down * best_whole
        taken = certain | (possible & (high >= 0))
        gain = np.where(taken, high, 0)
        cost = gain - (up * best_part - down * np.maximum(1, best_whole))
        payable = possible & (whole[1] > 0)
        return (
            self.added(np.where(certain, low, np.where(possible, np.minimum(0, low), 0))),
            self.added(np.where(certain, whole[0], 0)), self.added(gain), self.added(np.where(taken, best_whole, 0)),
            self.least(np.where(payable, cost, NO_COST)), self.added(payable),
        )  # fmt: skip

    def members_term(self, term: CountOf | SumOf) -> Interval:
        low, high = self.keep(term)
        return low, high

    def members_test(self, formula: ShareTest | PortionTest) -> Pair:
        figures = self.keep(share_key(formula) if isinstance(formula, ShareTest) else formula)
        if isinstance(formula, PortionTest):
            total_low, whole_low, total_high, whole_high, cost, payable = figures
            reach = np.where(whole_high > 0, total_high, total_high - cost)
            return (whole_low > 0) & (total_low >= formula.strict), (payable > 0) & (reach >= formula.strict)
        yes_high, no_high, yes_low, no_low, certainly_in = figures
        sign, above, below = formula.sign, formula.above, formula.below
        fits(below * largest(yes_high), above * largest(yes_high + no_high + yes_low + no_low))

        def passes(yes: Ints, all_: Ints) -> Bools:
            return (all_ > 0) & (sign * (below * yes - above * all_) >= formula.strict)

        highest = passes(yes_high, yes_high + no_high)
        lowest = passes(yes_low, yes_low + no_low)
        nothing = sign * -above >= formula.strict  # a share of 0/1
        everything = sign * (below - above) >= formula.strict  # a share of 1/1
        highest |= (yes_high + no_high == 0) & (no_low > 0) & nothing
        lowest |= (yes_low + no_low == 0) & (yes_high > 0) & everything
        best, worst = (highest, lowest) if sign > 0 else (lowest, highest)
        return (certainly_in > 0) & worst, best


def share_key(test: ShareTest) -> ShareTest:
    """Shares of the same members are kept once, whatever they are compared with."""
    return ShareTest(test.out, test.yes, test.no, 0, 1, 1, 0)


@dataclass(frozen=True)
class Judged:
    """The verdicts of a plan over a population, as pairs of columns."""

    criteria: Mapping[str, Pair]
    applies: Mapping[str, Pair]
    overall: Pair


def evaluate(plan: Plan, population: Population, subjects: Institutions | None = None) -> Judged:
    """Judge everybody. `subjects` keeps aggregates between calls over the same population."""
    subjects = subjects or Institutions.of(population)
    criteria = {j.name: subjects.pair(j.requirement) for j in plan.judgements}
    applies = {j.name: subjects.pair(j.applies) for j in plan.judgements}
    return Judged(criteria, applies, combine(plan.overall, criteria, population.size))


def combine(overall: Formula, criteria: Mapping[str, Pair], size: int) -> Pair:
    """The decision from the criteria's verdicts, by Kleene's logic."""
    columns: dict[str, Column] = {}
    for name, (certain, possible) in criteria.items():
        columns[name] = np.where(certain, 1, np.where(possible, missing(np.dtype(np.int8)), 0)).astype(np.int8)
    return Columns(columns, size).pair(overall)
