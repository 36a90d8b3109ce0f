"""The plan as one query in Ibis, for DuckDB, PostgreSQL or Spark: aggregates per institution, criteria over them.

`query(plan, …)` builds the expression; its SQL is kept by plan, columns and dialect and run as often as needed.
Ventures all of whose facts are known take a short way without intervals; the others the careful one; both meet in the
sum per institution. Counts and sums are whole numbers of 128 bits (or numeric), so no order of summing matters.

Tables: `institutions` with `place` and one column per fact, `ventures` with `place` (of its institution) and one
column per fact. Missing columns are unknown throughout.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any as Expression

import ibis

from hatchline.core.rules.generate import FIGURES, Aggregate, aggregates_of, formulas_of, slots_of
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
)  # fmt: skip
from hatchline.core.rules.reckon import NO_COST
from hatchline.core.rules.vector import share_key

Pair = tuple[Expression, Expression]
WIDE = "decimal(38, 0)"


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


@dataclass
class Writer:
    """Statements about the rows of a table. `known`: every fact of these rows is known."""

    table: Expression
    columns: frozenset[str]
    known: bool = False
    figures: Mapping[Aggregate, Sequence[Expression]] = field(default_factory=dict)
    _pairs: dict[Formula, Pair] = field(default_factory=dict)

    def pair(self, formula: Formula) -> Pair:
        if formula not in self._pairs:
            self._pairs[formula] = self._pair(formula)
        return self._pairs[formula]

    def both(self, make: Callable[[int], Expression]) -> Pair:
        first = make(0)
        return first, first if self.known else make(1)

    def _pair(self, formula: Formula) -> Pair:
        match formula:
            case Fixed(value):
                return ibis.literal(value), ibis.literal(value)
            case Positive(lin):
                bounds = self.amount(lin)
                return self.both(lambda k: bounds[k] >= whole(0))
            case Quotient(lin, denominator):
                below, above = self.amount(denominator), self.amount(lin)
                reach = self.amount(lin, above_zero=denominator)
                return self.both(lambda k: (below[k] > whole(0)) & ((above[0] if k == 0 else reach[1]) >= whole(0)))
            case OneOf(slot, codes):
                return self._one_of(slot, codes)
            case Not(of):
                certain, possible = self.pair(of)
                return self.both(lambda k: ~possible if k == 0 else ~certain)
            case All(items):
                pairs = [self.pair(item) for item in items]
                return self.both(lambda k: conjunction(p[k] for p in pairs))
            case Any(items):
                pairs = [self.pair(item) for item in items]
                return self.both(lambda k: disjunction(p[k] for p in pairs))
            case AtLeast(count, items):
                pairs = [self.pair(item) for item in items]
                return self.both(lambda k: reduce(operator.add, (one(p[k]) for p in pairs)) >= whole(count))
            case Split(slot, body, branches):
                return self._split(slot, body, branches)
            case Choose(branches):
                chosen = [(self.pair(guard), self.pair(inner)) for guard, inner in branches]
                return (conjunction(~guard[1] | inner[0] for guard, inner in chosen),
                        disjunction(guard[1] & inner[1] for guard, inner in chosen))  # fmt: skip
            case ShareTest():
                return self._share(formula)
            case PortionTest():
                return self._portion(formula)

    def _one_of(self, slot: Slot, codes: tuple[int, ...]) -> Pair:
        if slot.name not in self.columns:
            return ibis.literal(False), ibis.literal(bool(codes))
        column = self.table[slot.name]
        inside = disjunction(column == whole(code) for code in codes) if codes else ibis.literal(False)
        if self.known:
            return inside, inside
        return (inside & column.notnull()).fill_null(False), (
            column.isnull() & ibis.literal(bool(codes))
        ) | inside.fill_null(False)

    def _split(self, slot: Slot, body: Formula, branches: tuple[Formula, ...]) -> Pair:
        certain, possible = self.pair(body)
        if self.known:
            return certain, possible
        pairs = [self.pair(branch) for branch in branches]
        closer = conjunction(p[0] for p in pairs), disjunction(p[1] for p in pairs)
        if slot.name not in self.columns:
            return closer
        unknown = self.table[slot.name].isnull()
        return ibis.ifelse(unknown, closer[0], certain), ibis.ifelse(unknown, closer[1], possible)

    # --- amounts

    def amount(self, lin: Linear, above_zero: Linear | None = None) -> Pair:
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
            found[0].append(whole(lin.constant))
            found[1].append(whole(lin.constant))
        return self.both(lambda k: reduce(operator.add, found[k]))

    def term(self, term: Term) -> Pair:
        match term:
            case Slot():
                return self.slot(term)
            case Highest(items):
                bounds = [self.amount(item) for item in items]
                return self.both(lambda k: ibis.greatest(*(b[k] for b in bounds)))
            case Steps(tests, otherwise):
                pairs = [(self.pair(test), points) for test, points in tests]

                def points_of(k: int) -> Expression:
                    found = whole(otherwise)
                    for pair, points in reversed(pairs):
                        found = ibis.ifelse(pair[k], whole(points), found)
                    return found

                return self.both(points_of)
        figures = self.figures[term]
        return figures[0], figures[1]

    def slot(self, slot: Slot) -> Pair:
        if slot.name not in self.columns:
            return whole(slot.smallest), whole(slot.largest)
        column = self.table[slot.name].cast("int64")
        if self.known:
            return column, column
        return column.fill_null(whole(slot.smallest)), column.fill_null(whole(slot.largest))

    # --- over ventures

    def _share(self, test: ShareTest) -> Pair:
        yes_high, no_high, yes_low, no_low, certainly_in = self.figures[share_key(test)]
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
        return (certainly_in > whole(0)) & worst, best

    def _portion(self, test: PortionTest) -> Pair:
        total_low, whole_low, total_high, whole_high, cost, payable = self.figures[test]
        reach = ibis.ifelse(whole_high > whole(0), total_high, total_high - cost)
        return ((whole_low > whole(0)) & (total_low >= whole(test.strict)),
                (payable > whole(0)) & (reach >= whole(test.strict)))  # fmt: skip


def members_figures(writer: Writer, aggregate: Aggregate) -> list[tuple[str, Expression]]:
    """What is added up (or, "min", taken the least of) over the ventures of an institution."""

    def counted(expression: Expression) -> tuple[str, Expression]:
        return "count", one(expression)

    match aggregate:
        case CountOf(condition):
            return [counted(part) for part in writer.pair(condition)]
        case SumOf(condition, amount):
            certain, possible = writer.pair(condition)
            low, high = writer.amount(amount)
            nothing = whole(0)
            return [
                ("sum", ibis.ifelse(certain, low, ibis.ifelse(possible, ibis.least(low, nothing), nothing))),
                ("sum", ibis.ifelse(certain, high, ibis.ifelse(possible, ibis.greatest(high, nothing), nothing))),
            ]
        case ShareTest(out=outside, yes=yes, no=no):
            may_out, may_yes, may_no = (writer.pair(part)[1] for part in (outside, yes, no))
            return [counted(part) for part in (may_yes, ~may_yes & ~may_out, ~may_no & ~may_out, may_no, ~may_out)]
    return _portion_figures(writer, aggregate)


def _portion_figures(writer: Writer, test: PortionTest) -> list[tuple[str, Expression]]:
    nothing = whole(0)
    certain, possible = writer.pair(test.condition)
    part, of = writer.slot(test.part), writer.slot(test.whole)
    up, down = test.sign * test.below, test.sign * test.above
    best_part, worst_part = (part[1], part[0]) if up > 0 else (part[0], part[1])
    best_whole, worst_whole = (of[0], of[1]) if down > 0 else (of[1], of[0])
    low = whole(up) * worst_part - whole(down) * worst_whole
    high = whole(up) * best_part - whole(down) * best_whole
    taken = certain | (possible & (high >= nothing))
    gain = ibis.ifelse(taken, high, nothing)
    payable = possible & (of[1] > nothing)
    cost = gain - (whole(up) * best_part - whole(down) * ibis.greatest(whole(1), best_whole))
    return [
        ("sum", ibis.ifelse(certain, low, ibis.ifelse(possible, ibis.least(nothing, low), nothing))),
        ("sum", ibis.ifelse(certain, of[0], nothing)), ("sum", gain),
        ("sum", ibis.ifelse(taken, best_whole, nothing)),
        ("min", ibis.ifelse(payable, cost, whole(NO_COST))), ("count", one(payable)),
    ]  # fmt: skip


@dataclass(frozen=True)
class Query:
    """The expression of a plan. Its rows: place, and per criterion (and "overall") c_NAME, p_NAME, a_NAME."""

    expression: Expression
    names: tuple[str, ...]

    def sql(self, dialect: str = "duckdb") -> str:
        return str(ibis.to_sql(self.expression, dialect=dialect))


def query(
    plan: Plan, institution_columns: Iterable[str], venture_columns: Iterable[str], *, wide_sums: bool = False
) -> Query:
    """The one query of a plan over the tables `institutions` and `ventures` with these fact columns.

    `wide_sums`: cast to 38 digits before summing, for engines whose sums of integers stay at 64 bits (Spark).
    """
    own, theirs = tuple(dict.fromkeys(institution_columns)), tuple(dict.fromkeys(venture_columns))
    institutions = ibis.table({"place": "int64"} | dict.fromkeys(own, "int64"), name="institutions")
    ventures = ibis.table({"place": "int64"} | dict.fromkeys(theirs, "int64"), name="ventures")
    wanted = aggregates_of(formulas_of(plan))
    figures: dict[Aggregate, Sequence[Expression]] = {}
    table = institutions
    if wanted:
        added = _aggregated(ventures, theirs, wanted, wide_sums)
        joined = institutions.left_join(added, institutions.place == added.owner)
        filled = {
            f"f{place}": joined[f"f{place}"].fill_null(whole(start))
            for place, (_kind, start) in enumerate(_kinds(wanted))
        }
        table, place = joined.select(institutions, **filled), 0
        for aggregate in wanted:
            figures[aggregate] = [table[f"f{place + k}"] for k in range(FIGURES[type(aggregate)])]
            place += len(figures[aggregate])
    table, writer = own_layer(table, frozenset(own), figures, formulas_of(plan))
    shown: dict[str, Expression] = {"place": table["place"]}
    for index, judgement in enumerate(plan.judgements):
        certain, possible = writer.pair(judgement.requirement)
        shown[f"c{index}"], shown[f"p{index}"] = certain, possible
        shown[f"a{index}"] = writer.pair(judgement.applies)[1]
    return Query(table.select(**shown), tuple(j.name for j in plan.judgements))


def own_layer(
    table: Expression, columns: frozenset[str], figures: Mapping[Aggregate, Sequence[Expression]],
    formulas: Iterable[Formula],
) -> tuple[Expression, Writer]:  # fmt: skip
    """The tests over ventures as columns of their own, each reckoned once however many criteria and variants ask."""
    first = Writer(table, columns, figures=figures)
    tests: dict[Formula, None] = {}
    waiting: list[Formula] = list(formulas)
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, ShareTest | PortionTest):
            tests[formula] = None
        elif isinstance(formula, Choose):
            waiting.extend(part for branch in formula.branches for part in branch)
        else:
            waiting.extend(parts_of(formula, False))
    if not tests:
        return table, first
    named: dict[str, Expression] = {}
    for place, test in enumerate(tests):
        named[f"c_{place}"], named[f"p_{place}"] = first.pair(test)
    wider = table.mutate(**named)
    pairs = {test: (wider[f"c_{place}"], wider[f"p_{place}"]) for place, test in enumerate(tests)}
    again = {aggregate: [wider[c.get_name()] for c in columns_] for aggregate, columns_ in figures.items()}
    return wider, Writer(wider, columns, figures=again, _pairs=dict(pairs))


def _aggregated(ventures: Expression, columns: tuple[str, ...], wanted: Sequence[Aggregate], wide: bool) -> Expression:
    """Every figure per institution: the rows known through and through, and the others, added up together."""
    used = [slot.name for slot in slots_of(wanted)]
    present = [name for name in used if name in columns]
    parts = []
    if len(present) == len(used):
        everything = conjunction(ventures[name].notnull() for name in present) if present else ibis.literal(True)
        known = ventures.filter(everything) if present else ventures
        parts.append(_summed(known, Writer(known, frozenset(columns), known=True), wanted, wide))
        if present:
            rest = ventures.filter(~everything)
            parts.append(_summed(rest, Writer(rest, frozenset(columns)), wanted, wide))
    else:
        parts.append(_summed(ventures, Writer(ventures, frozenset(columns)), wanted, wide))
    if len(parts) == 1:
        return parts[0]
    both = ibis.union(*parts)
    again = {}
    for place, (kind, _start) in enumerate(_kinds(wanted)):
        column = both[f"f{place}"]
        again[f"f{place}"] = column.min() if kind == "min" else column.sum()
    return both.group_by("owner").agg(**again)


def _kinds(wanted: Sequence[Aggregate]) -> list[tuple[str, int]]:
    kinds = []
    for aggregate in wanted:
        for k in range(FIGURES[type(aggregate)]):
            kinds.append(("min", NO_COST) if isinstance(aggregate, PortionTest) and k == 4 else ("sum", 0))
    return kinds


def _summed(table: Expression, writer: Writer, wanted: Sequence[Aggregate], wide: bool) -> Expression:
    table, writer = layered(table, writer, wanted)
    parts = [part for aggregate in wanted for part in members_figures(writer, aggregate)]
    named = {f"f{place}": expression for place, (_kind, expression) in enumerate(parts)}
    projected = table.select(owner=table["place"], **named)
    summed = {}
    for place, (kind, _expression) in enumerate(parts):
        column = projected[f"f{place}"]
        if kind == "min":
            summed[f"f{place}"] = column.min()
        else:
            summed[f"f{place}"] = column.cast(WIDE).sum() if kind == "sum" and wide else column.sum()
    return projected.group_by("owner").agg(**summed)


def layered(table: Expression, writer: Writer, wanted: Sequence[Aggregate]) -> tuple[Expression, Writer]:
    """Statements used more than once become columns, level by level, so that each is written and reckoned once."""
    levels = shared(wanted, writer.known)
    pairs: dict[Formula, Pair] = {}
    made = 0
    for formulas in levels:
        level = Writer(table, writer.columns, writer.known, _pairs=dict(pairs))
        named: dict[str, Expression] = {}
        names: dict[Formula, tuple[str, str]] = {}
        for formula in formulas:
            certain, possible = level.pair(formula)
            names[formula] = (f"s{made}", f"s{made}" if writer.known else f"q{made}")
            named[names[formula][0]] = certain
            named[names[formula][1]] = certain if writer.known else possible
            made += 1
        table = table.mutate(**named)
        names_so_far = {f: (c.get_name(), p.get_name()) for f, (c, p) in pairs.items()} | names
        pairs = {formula: (table[c], table[p]) for formula, (c, p) in names_so_far.items()}
    return table, Writer(table, writer.columns, writer.known, _pairs=dict(pairs))


def parts_of(formula: Formula, known: bool) -> list[Formula]:
    """The statements directly inside one; of rows known through and through, a split is its body."""
    match formula:
        case Not(of):
            return [of]
        case All(items) | Any(items) | AtLeast(_, items):
            return list(items)
        case Split(_, body, branches):
            return [body] if known else [body, *branches]
        case Positive(lin) | Quotient(lin, _):
            return [test for _, term in lin.terms if isinstance(term, Steps) for test, _ in term.tests]
    return []


def shared(wanted: Sequence[Aggregate], known: bool) -> list[list[Formula]]:
    """Composite statements with two or more users, those inside others first."""
    users: dict[Formula, int] = {}
    roots: list[Formula] = []
    for aggregate in wanted:
        match aggregate:
            case CountOf(condition) | SumOf(condition, _) | PortionTest(condition):
                roots.append(condition)
            case ShareTest(out, yes, no):
                roots.extend((out, yes, no))
    waiting = list(roots)
    for root in roots:
        users[root] = users.get(root, 0) + 1
    seen = set()
    while waiting:
        formula = waiting.pop()
        if formula in seen:
            continue
        seen.add(formula)
        for part in parts_of(formula, known):
            users[part] = users.get(part, 0) + 1
            waiting.append(part)
    chosen = {f for f, many in users.items() if many > 1 and isinstance(f, All | Any | AtLeast | Split)}
    depths: dict[Formula, int] = {}

    def depth(formula: Formula) -> int:
        """How many levels of chosen statements lie inside, this one included."""
        if formula not in depths:
            inside = max((depth(part) for part in parts_of(formula, known)), default=0)
            depths[formula] = inside + (formula in chosen)
        return depths[formula]

    levels: dict[int, list[Formula]] = {}
    for formula in users:
        if formula in chosen:
            levels.setdefault(depth(formula), []).append(formula)
    return [levels[level] for level in sorted(levels)]
