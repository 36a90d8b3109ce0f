"""Statements about the rows of a table as expressions of Ibis, for DuckDB, PostgreSQL or Spark.

SQL's own truth has three values and joins them as Kleene does, so a statement is one expression, NULL where it is
unknown; only where an interval can say more than a NULL are its two ends written out.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any as Expression

import ibis

from hatchline.core.rules.emit import Aggregate
from hatchline.core.rules.plan import (
    All,
    Any,
    AtLeast,
    Choose,
    Fixed,
    Formula,
    Highest,
    Linear,
    Not,
    OneOf,
    PortionTest,
    Positive,
    Quotient,
    ShareTest,
    Slot,
    Split,
    Steps,
    Term,
    every,
    slots_of,
    some,
)  # fmt: skip
from hatchline.core.rules.vector import share_key

Ends = tuple[Expression, Expression]  # the lower and the upper end of an amount
LONG = 3  # facts: a statement of more is worth asking about last
FACT = "int32"  # columns may be narrower than what is reckoned from them: an amount is made wide before it is used


def whole(value: int) -> Expression:
    """A literal with its type: DuckDB would read a long one as DECIMAL."""
    return ibis.literal(value, type="int64")


def one(statement: Expression) -> Expression:
    """1 where it holds, 0 elsewhere; PostgreSQL casts no truth to a number."""
    return ibis.ifelse(statement, whole(1), whole(0))


def conjunction(items: Iterable[Expression]) -> Expression:
    return reduce(operator.and_, items)


def disjunction(items: Iterable[Expression]) -> Expression:
    return reduce(operator.or_, items)


def three(certain: Expression, possible: Expression) -> Expression:
    """True where certain, false where not possible, NULL between; neither is ever NULL itself."""
    return ibis.cases((certain, ibis.literal(True)), (~possible, ibis.literal(False)), else_=ibis.null("boolean"))


def certainly(truth: Expression) -> Expression:
    return truth.fill_null(ibis.literal(False))


def possibly(truth: Expression) -> Expression:
    return truth.fill_null(ibis.literal(True))


@dataclass
class Writer:
    """Statements about the rows of a table, each one expression: true, false, or NULL where it is unknown.

    `figures` and `named`: the columns that hold an aggregate's figures, or a statement.
    """

    table: Expression
    figures: Mapping[Aggregate, Sequence[str]] = field(default_factory=dict)
    named: Mapping[Formula, str] = field(default_factory=dict)
    _truths: dict[Formula, Expression] = field(default_factory=dict)

    def truth(self, formula: Formula) -> Expression:
        if formula in self.named:
            return self.table[self.named[formula]]
        if formula not in self._truths:
            self._truths[formula] = self._truth(formula)
        return self._truths[formula]

    def figures_of(self, aggregate: Aggregate) -> list[Expression]:
        return [self.table[name] for name in self.figures[aggregate]]

    def _truth(self, formula: Formula) -> Expression:
        match formula:
            case Fixed(value):
                return ibis.literal(value)
            case Positive(lin):
                return self._positive(lin)
            case Quotient(lin, denominator):
                below, above = self.amount(denominator), self.amount(lin)
                reach = self.amount(lin, above_zero=denominator)
                certain = (below[0] > whole(0)) & (above[0] >= whole(0))
                return three(certain, (below[1] > whole(0)) & (reach[1] >= whole(0)))
            case OneOf(slot, codes):
                return self._one_of(self.table[slot.name], sorted(codes))
            case Not(of):
                return ~self.truth(of)
            case All(items):
                return self._in_turn(items, conjunction, lambda cheap: (~cheap, ibis.literal(False)))
            case Any(items):
                return self._in_turn(items, disjunction, lambda cheap: (cheap, ibis.literal(True)))
            case AtLeast(count, items):
                truths = [self.truth(item) for item in items]
                sure, may = (reduce(operator.add, (one(end(t)) for t in truths)) for end in (certainly, possibly))
                return three(sure >= whole(count), may >= whole(count))
            case Split(slot, body, branches):
                closer = three(certainly(self.truth(every(branches))), possibly(self.truth(some(branches))))
                return ibis.ifelse(self.table[slot.name].isnull(), closer, self.truth(body))
            case Choose(branches):
                return self._choose([(self.truth(guard), self.truth(body)) for guard, body in branches])
            case ShareTest():
                return self._share(formula)
            case PortionTest():
                return self._portion(formula)

    def _in_turn(
        self, items: Sequence[Formula], joined: Callable[[Iterable[Expression]], Expression],
        settled: Callable[[Expression], tuple[Expression, Expression]],
    ) -> Expression:  # fmt: skip
        """Statements joined, those of many facts looked at only where the others do not settle it."""
        long = [item for item in items if len(slots_of([item])) > LONG]
        short = [self.truth(item) for item in items if item not in long]
        everything = joined([*short, *(self.truth(item) for item in long)])
        if not short or not long:
            return everything
        return ibis.cases(settled(joined(short)), else_=everything)

    @staticmethod
    def _one_of(fact: Expression, codes: Sequence[int]) -> Expression:
        """Codes in a row are quicker as a stretch."""
        if codes and codes[-1] - codes[0] == len(codes) - 1:
            return (fact >= whole(codes[0])) & (fact <= whole(codes[-1]))
        return fact.isin([whole(code) for code in codes]) if codes else ibis.literal(False)

    def _choose(self, branches: Sequence[tuple[Expression, Expression]]) -> Expression:
        """Where a guard is sure, its body; where none is, what all that may apply agree on."""
        agreed = three(
            certainly(conjunction(~guard | body for guard, body in branches)),
            possibly(disjunction(guard & body for guard, body in branches)),
        )
        return ibis.cases(*branches, else_=agreed)

    # --- amounts

    def _positive(self, lin: Linear) -> Expression:
        terms = [term for _, term in lin.terms]
        if not terms:
            return ibis.literal(lin.constant >= 0)
        if len(terms) == 1 and isinstance(slot := terms[0], Slot):
            return self._bounded(lin, slot)
        for place, (coefficient, term) in enumerate(lin.terms):
            if isinstance(term, Highest):  # the greatest reaches a bound where one of them does
                rest = (*lin.terms[:place], *lin.terms[place + 1 :])
                each = [
                    Linear(lin.constant + coefficient * item.constant,
                           (*((coefficient * c, t) for c, t in item.terms), *rest))
                    for item in term.items
                ]  # fmt: skip
                return (disjunction if coefficient > 0 else conjunction)(self._positive(item) for item in each)
        low, high = self.amount(lin)
        by_ends = three(low >= whole(0), high >= whole(0))
        facts = [(c, self.table[t.name].cast("int64")) for c, t in lin.terms if isinstance(t, Slot)]
        if len(facts) < len(terms):
            return by_ends
        sides = [whole(lin.constant), whole(0)]  # what pulls up on the left, what pulls down on the right
        for coefficient, fact in facts:
            many = abs(coefficient)
            sides[coefficient < 0] += fact if many == 1 else whole(many) * fact
        return ibis.coalesce(sides[0] >= sides[1], by_ends)

    def _bounded(self, lin: Linear, slot: Slot) -> Expression:
        """A single fact held against its bound, as it stands in its column."""
        coefficient = lin.terms[0][0]
        held = bounded(lin.constant, coefficient, self.table[slot.name])
        ends = {lin.constant + coefficient * end >= 0 for end in (slot.smallest, slot.largest)}
        return held if len(ends) == 2 else held.fill_null(ibis.literal(ends.pop()))

    def amount(self, lin: Linear, above_zero: Linear | None = None) -> Ends:
        found: list[list[Expression]] = [[], []]
        for coefficient, term in lin.terms:
            ends = list(self.term(term))
            if above_zero is not None and len(above_zero.terms) == 1 and above_zero.terms[0][1] == term:
                ends[0] = ibis.greatest(ends[0], whole(1))
            if coefficient < 0:
                ends.reverse()
            for k in (0, 1):
                found[k].append(ends[k] if coefficient == 1 else whole(coefficient) * ends[k])
        if lin.constant or not lin.terms:
            for side in found:
                side.append(whole(lin.constant))
        return reduce(operator.add, found[0]), reduce(operator.add, found[1])

    def term(self, term: Term) -> Ends:
        match term:
            case Slot():
                return self.slot(term)
            case Highest(items):
                bounds = [self.amount(item) for item in items]
                return ibis.greatest(*(b[0] for b in bounds)), ibis.greatest(*(b[1] for b in bounds))
            case Steps(tests, otherwise):
                low = high = whole(otherwise)
                for test, points in reversed(tests):
                    truth = self.truth(test)
                    low = ibis.ifelse(certainly(truth), whole(points), low)
                    high = ibis.ifelse(possibly(truth), whole(points), high)
                return low, high
        low, high = self.figures_of(term)
        return low, high

    def slot(self, slot: Slot) -> Ends:
        column = self.table[slot.name].cast("int64")
        return column.fill_null(whole(slot.smallest)), column.fill_null(whole(slot.largest))

    # --- over ventures

    def _share(self, test: ShareTest) -> Expression:
        yes_high, no_high, yes_low, no_low, certainly_in = self.figures_of(share_key(test))
        sign, above, below = whole(test.sign), whole(test.above), whole(test.below)
        strict = whole(test.strict)

        def passes(yes: Expression, no: Expression) -> Expression:
            return ((yes + no) > whole(0)) & (sign * (below * yes - above * (yes + no)) >= strict)

        nothing, everything = (
            test.sign * -test.above >= test.strict,
            test.sign * (test.below - test.above) >= test.strict,
        )
        highest = passes(yes_high, no_high) | (
            ((yes_high + no_high) == whole(0)) & (no_low > whole(0)) & ibis.literal(nothing)
        )
        lowest = passes(yes_low, no_low) | (
            ((yes_low + no_low) == whole(0)) & (yes_high > whole(0)) & ibis.literal(everything)
        )
        best, worst = (highest, lowest) if test.sign > 0 else (lowest, highest)
        return three((certainly_in > whole(0)) & worst, best)

    def _portion(self, test: PortionTest) -> Expression:
        total_low, whole_low, total_high, whole_high, cost, payable = self.figures_of(test)
        reach = ibis.ifelse(whole_high > whole(0), total_high, total_high - cost)
        return three((whole_low > whole(0)) & (total_low >= whole(test.strict)),
                     (payable > whole(0)) & (reach >= whole(test.strict)))  # fmt: skip


def bounded(constant: int, coefficient: int, fact: Expression) -> Expression:
    """constant + coefficient × fact ≥ 0, with the fact alone on its side."""
    if coefficient > 0:
        return fact >= whole(-(constant // coefficient))
    return fact <= whole(constant // -coefficient)


def facts(name: str, columns: Sequence[str], asked: Iterable[Slot]) -> Expression:
    """A table of facts; those that are asked for and have no column are unknown."""
    missing = [slot.name for slot in asked if slot.name not in columns]
    return ibis.table({"place": "int64"} | dict.fromkeys(columns, FACT), name=name).mutate(
        **{column: ibis.null(FACT) for column in missing}
    )


def with_columns(writer: Writer, formulas: Sequence[Formula], stem: str) -> Writer:
    """The same table with these statements as columns, so that each is written and reckoned once."""
    if not formulas:
        return writer
    names = {formula: f"{stem}{place}" for place, formula in enumerate(formulas)}
    wider = writer.table.mutate(**{name: writer.truth(formula) for formula, name in names.items()})
    return replace(writer, table=wider, named={**writer.named, **names}, _truths={})


def parts_of(formula: Formula) -> list[Formula]:
    """The statements directly inside one."""
    match formula:
        case Not(of):
            return [of]
        case All(items) | Any(items) | AtLeast(_, items):
            return list(items)
        case Split(_, body, branches):
            return [body, *branches]
        case Positive(lin) | Quotient(lin, _):
            return [test for _, term in lin.terms if isinstance(term, Steps) for test, _ in term.tests]
    return []
