"""The plan as one query in Ibis, for DuckDB, PostgreSQL or Spark: aggregates per institution, criteria over them.

`query(plan, …)` builds the expression; its SQL is kept by plan, columns and dialect and run as often as needed. SQL's
own truth has three values and joins them as Kleene does, so a statement is one expression, NULL where it is unknown;
only where an interval can say more than a NULL are its two ends written out. Aggregates over the same ventures are
added up together, and only ventures that may be among them are looked at. Counts and sums are whole numbers of 128 bits
(or numeric), so no order of summing matters.

Tables: `institutions` with `place` and one column per fact, `ventures` with `place` (of its institution) and one
column per fact. Missing columns are unknown throughout.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any as Expression

import ibis

from hatchline.core.rules.emit import FIGURES, Aggregate, aggregates_of, formulas_of, starts
from hatchline.core.rules.generate import own_slots
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
    every,
    opposite,
    slots_of,
    some,
)  # fmt: skip
from hatchline.core.rules.reckon import NO_COST
from hatchline.core.rules.vector import share_key

Ends = tuple[Expression, Expression]  # the lower and the upper end of an amount
WIDE = "decimal(38, 0)"
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
                return self.table[slot.name].isin([whole(code) for code in codes]) if codes else ibis.literal(False)
            case Not(of):
                return ~self.truth(of)
            case All(items):
                return conjunction(self.truth(item) for item in items)
            case Any(items):
                return disjunction(self.truth(item) for item in items)
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
        facts = [whole(c) * self.table[t.name].cast("int64") for c, t in lin.terms if isinstance(t, Slot)]
        if len(facts) < len(terms):
            return by_ends
        exact = reduce(operator.add, facts)
        return ibis.coalesce(exact >= whole(-lin.constant), by_ends)

    def _bounded(self, lin: Linear, slot: Slot) -> Expression:
        """A single fact held against its bound, as it stands in its column."""
        coefficient, column = lin.terms[0][0], self.table[slot.name]
        if coefficient > 0:
            held = column >= whole(-(lin.constant // coefficient))
        else:
            held = column <= whole(lin.constant // -coefficient)
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


def among(aggregate: Aggregate) -> Formula:
    """Which ventures an aggregate is about; one that cannot be among them adds nothing to any of its figures."""
    return opposite(aggregate.out) if isinstance(aggregate, ShareTest) else aggregate.condition


def reckoned(writer: Writer, aggregate: Aggregate, wide: bool) -> list[Expression]:
    """An aggregate's figures, added up over rows of ventures that may be among those it is about."""
    everybody = writer.table.count()
    match aggregate:
        case CountOf(condition):
            return [writer.truth(condition).count(), everybody]  # it is true or unknown
        case ShareTest(out=outside, yes=yes, no=no):
            may_be, sure = [], []
            for truth in (writer.truth(yes), writer.truth(no)):
                sure.append(one(truth).sum())
                may_be.append(everybody - truth.count() + sure[-1])
            return [may_be[0], sure[1], sure[0], may_be[1], writer.truth(outside).count()]  # it is false or unknown
        case SumOf(condition, amount):
            certain, (low, high) = certainly(writer.truth(condition)), writer.amount(amount)
            ends = (ibis.least(low, whole(0)), ibis.greatest(high, whole(0)))
            return [added(ibis.ifelse(certain, low, ends[0]), wide), added(ibis.ifelse(certain, high, ends[1]), wide)]
    return portion_figures(writer, aggregate, wide)


def added(amount: Expression, wide: bool) -> Expression:
    """The sum; `wide`: cast to 38 digits first, for engines whose sums of integers stay at 64 bits (Spark)."""
    return (amount.cast(WIDE) if wide else amount).sum()


def portion_figures(writer: Writer, test: PortionTest, wide: bool) -> list[Expression]:
    nothing = whole(0)
    certain = certainly(writer.truth(test.condition))
    part, of = writer.slot(test.part), writer.slot(test.whole)
    up, down = test.sign * test.below, test.sign * test.above
    best_part, worst_part = (part[1], part[0]) if up > 0 else (part[0], part[1])
    best_whole, worst_whole = (of[0], of[1]) if down > 0 else (of[1], of[0])
    low = whole(up) * worst_part - whole(down) * worst_whole
    high = whole(up) * best_part - whole(down) * best_whole
    taken = certain | (high >= nothing)
    gain = ibis.ifelse(taken, high, nothing)
    payable = of[1] > nothing
    cost = gain - (whole(up) * best_part - whole(down) * ibis.greatest(whole(1), best_whole))
    return [
        added(ibis.ifelse(certain, low, ibis.least(nothing, low)), wide),
        added(ibis.ifelse(certain, of[0], nothing), wide), added(gain, wide),
        added(ibis.ifelse(taken, best_whole, nothing), wide),
        ibis.ifelse(payable, cost, whole(NO_COST)).min(), one(payable).sum(),
    ]  # fmt: skip


@dataclass(frozen=True)
class Query:
    """The expression of a plan. Its rows: place, and per criterion c (certain), p (possible), a (may apply)."""

    expression: Expression
    names: tuple[str, ...]

    def sql(self, dialect: str = "duckdb") -> str:
        return str(ibis.to_sql(self.expression, dialect=dialect, pretty=False))


def query(
    plan: Plan, institution_columns: Iterable[str], venture_columns: Iterable[str], *, wide_sums: bool = False
) -> Query:
    """The one query of a plan over the tables `institutions` and `ventures` with these fact columns."""
    table = facts("institutions", tuple(dict.fromkeys(institution_columns)), own_slots(plan))
    places: dict[Aggregate, list[str]] = {}
    for aggregates, summed in sums(plan, venture_columns, wide=wide_sums):
        made = sum(map(len, places.values()))
        first = [start for aggregate in aggregates for start in starts(aggregate)]
        names = [f"f{made + k}" for k in range(len(first))]
        named = summed.select("owner", **{name: summed[f"f{k}"] for k, name in enumerate(names)})
        joined = table.left_join(named, table.place == named.owner)
        filled = {name: joined[name].fill_null(whole(start)) for name, start in zip(names, first, strict=True)}
        table = joined.select(table, **filled)
        for aggregate in aggregates:
            places[aggregate] = [names.pop(0) for _ in range(FIGURES[type(aggregate)])]
    writer = own_layer(Writer(table, places), formulas_of(plan))
    shown: dict[str, Expression] = {"place": writer.table["place"]}
    for index, judgement in enumerate(plan.judgements):
        truth = writer.truth(judgement.requirement)
        shown[f"c{index}"], shown[f"p{index}"] = certainly(truth), possibly(truth)
        shown[f"a{index}"] = possibly(writer.truth(judgement.applies))
    return Query(writer.table.select(**shown), tuple(j.name for j in plan.judgements))


def sums(plan: Plan, venture_columns: Iterable[str], *, wide: bool = False) -> list[tuple[list[Aggregate], Expression]]:
    """Aggregates over the same ventures, and the query that adds them up over the table `ventures`: `owner`, f0, f1, …,
    a row for each institution that has any of them."""
    wanted = aggregates_of(formulas_of(plan))
    ventures = facts("ventures", tuple(dict.fromkeys(venture_columns)), slots_of(wanted))
    alike: dict[Formula, list[Aggregate]] = {}
    for aggregate in wanted:
        alike.setdefault(among(aggregate), []).append(aggregate)
    return [(aggregates, added_up(ventures, condition, aggregates, wide)) for condition, aggregates in alike.items()]


def narrow_sql(summed: Expression) -> str:
    """DuckDB's SQL of sums as 64-bit numbers, each NULL as nothing added; a sum that is larger fails."""
    narrow = summed.select("owner", **{name: summed[name].cast("int64") for name in summed.columns if name != "owner"})
    return str(ibis.to_sql(narrow, dialect="duckdb", pretty=False))


def facts(name: str, columns: Sequence[str], asked: Iterable[Slot]) -> Expression:
    """A table of facts; those that are asked for and have no column are unknown."""
    missing = [slot.name for slot in asked if slot.name not in columns]
    return ibis.table({"place": "int64"} | dict.fromkeys(columns, FACT), name=name).mutate(
        **{column: ibis.null(FACT) for column in missing}
    )


def own_layer(writer: Writer, formulas: Iterable[Formula]) -> Writer:
    """Tests over ventures, then what variants choose between, as columns: each written once however many ask."""
    tests: dict[Formula, None] = {}
    choices: dict[Formula, None] = {}
    waiting: list[Formula] = list(formulas)
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, ShareTest | PortionTest):
            tests[formula] = None
        elif isinstance(formula, Choose):
            parts = [part for branch in formula.branches for part in branch]
            choices |= dict.fromkeys(part for part in parts if not isinstance(part, Fixed))
            waiting.extend(parts)
        else:
            waiting.extend(parts_of(formula))
    writer = with_columns(writer, list(tests), "m")
    return with_columns(writer, [choice for choice in choices if choice not in tests], "g")


def with_columns(writer: Writer, formulas: Sequence[Formula], stem: str) -> Writer:
    """The same table with these statements as columns, so that each is written and reckoned once."""
    if not formulas:
        return writer
    names = {formula: f"{stem}{place}" for place, formula in enumerate(formulas)}
    wider = writer.table.mutate(**{name: writer.truth(formula) for formula, name in names.items()})
    return replace(writer, table=wider, named={**writer.named, **names}, _truths={})


def added_up(ventures: Expression, condition: Formula, aggregates: Sequence[Aggregate], wide: bool) -> Expression:
    """The figures per institution (`owner`) of aggregates over ventures that may meet a condition."""
    writer = Writer(ventures)
    writer = Writer(ventures.filter(may_meet(writer, condition)))
    roots = roots_of(aggregates)
    for level, formulas in enumerate([*shared(roots), roots]):
        writer = with_columns(writer, [formula for formula in formulas if formula not in writer.named], f"s{level}_")
    figures = [figure for aggregate in aggregates for figure in reckoned(writer, aggregate, wide)]
    named = {f"f{place}": figure for place, figure in enumerate(figures)}
    return writer.table.group_by(owner=writer.table["place"]).agg(**named)


def may_meet(writer: Writer, formula: Formula) -> list[Expression]:
    """Conditions that all hold exactly where the statement is possible."""
    match formula:
        case All(items):
            return [condition for item in items for condition in may_meet(writer, item)]
        case Positive(Linear(_, ((_, Slot()),))):  # a comparison: quicker so than through COALESCE
            return [~writer.truth(formula).identical_to(ibis.literal(False))]
    return [possibly(writer.truth(formula))]


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


def roots_of(aggregates: Iterable[Aggregate]) -> list[Formula]:
    """The statements about a venture that aggregates ask for, each once."""
    found: dict[Formula, None] = {}
    for aggregate in aggregates:
        if isinstance(aggregate, ShareTest):
            found |= dict.fromkeys((aggregate.out, aggregate.yes, aggregate.no))
        else:
            found[aggregate.condition] = None
    return list(found)


def shared(roots: Sequence[Formula]) -> list[list[Formula]]:
    """Composite statements with two or more users, those inside others first."""
    users = dict.fromkeys(roots, 1)
    waiting = list(roots)
    seen = set()
    while waiting:
        formula = waiting.pop()
        if formula in seen:
            continue
        seen.add(formula)
        for part in parts_of(formula):
            users[part] = users.get(part, 0) + 1
            waiting.append(part)
    chosen = {f for f, many in users.items() if many > 1 and isinstance(f, All | Any | AtLeast | Split)}
    depths: dict[Formula, int] = {}

    def depth(formula: Formula) -> int:
        """How many levels of chosen statements lie inside, this one included."""
        if formula not in depths:
            inside = max((depth(part) for part in parts_of(formula)), default=0)
            depths[formula] = inside + (formula in chosen)
        return depths[formula]

    levels: dict[int, list[Formula]] = {}
    for formula in users:
        if formula in chosen:
            levels.setdefault(depth(formula), []).append(formula)
    return [levels[level] for level in sorted(levels)]
