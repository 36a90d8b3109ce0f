"""What a plan asks of all ventures, added up per institution by one query for each kind of venture asked about.

Only ventures that may be among those asked about are looked at. Counts and sums are whole numbers of 128 bits (or
numeric), so no order of summing matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any as Expression

import ibis

from hatchline.core.rules.emit import Aggregate, aggregates_of, formulas_of
from hatchline.core.rules.plan import (
    TRUE,
    All,
    Any,
    AtLeast,
    CountOf,
    Formula,
    Linear,
    Plan,
    PortionTest,
    Positive,
    ShareTest,
    Slot,
    Split,
    SumOf,
    every,
    opposite,
    slots_of,
)  # fmt: skip
from hatchline.core.rules.reckon import NO_COST
from hatchline.core.rules.writer import Writer, certainly, facts, one, parts_of, possibly, whole, with_columns

WIDE = "decimal(38, 0)"
SURE = 2**32  # what a row weighs more where it is certain that it counts


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


def among(aggregate: Aggregate) -> Formula:
    """Which ventures an aggregate is about; one that cannot be among them adds nothing to any of its figures."""
    return opposite(aggregate.out) if isinstance(aggregate, ShareTest) else aggregate.condition


def added_up(ventures: Expression, condition: Formula, aggregates: Sequence[Aggregate], wide: bool) -> Expression:
    """The figures per institution (`owner`) of aggregates over ventures that may meet a condition."""
    writer = Writer(ventures)
    counted = {aggregate: further(aggregate, condition) for aggregate in aggregates}
    if None not in counted.values():
        possible = quick(writer, condition)
        kept = ventures.filter(possible) if possible else ventures
        return counted_up(Writer(kept), condition, counted)
    writer = replace(writer, table=ventures.filter(may_meet(writer, condition)), _truths={})
    roots = roots_of(aggregates)
    for level, formulas in enumerate([*shared(roots), roots]):
        writer = with_columns(writer, [formula for formula in formulas if formula not in writer.named], f"s{level}_")
    figures = [figure for aggregate in aggregates for figure in reckoned(writer, aggregate, wide)]
    named = {f"f{place}": figure for place, figure in enumerate(figures)}
    return writer.table.group_by(owner=writer.table["place"]).agg(**named)


def further(aggregate: Aggregate, condition: Formula) -> Formula | None:
    """What is counted among those who meet the condition: everybody (TRUE), or those who also meet a statement; None
    where it is no count of such a kind."""
    if isinstance(aggregate, CountOf):
        return TRUE
    if not isinstance(aggregate, ShareTest):
        return None
    yes, no = (_beside(part, condition) for part in (aggregate.yes, aggregate.no))
    return yes if yes is not None and no is not None and opposite(yes) == no else None


def _beside(formula: Formula, condition: Formula) -> Formula | None:
    """The rest of a statement that is a condition and something more."""
    if condition == TRUE:
        return formula
    if isinstance(formula, All) and condition in formula.items:
        return every(item for item in formula.items if item != condition)
    return None


def counted_up(writer: Writer, condition: Formula, counted: Mapping[Aggregate, Formula | None]) -> Expression:
    """Counts and shares of rows of which a condition may be false too, two counts in one number: a row weighs 1 where
    the condition is possible, and SURE more where it is certain."""
    rests = list(dict.fromkeys(rest for rest in counted.values() if rest is not None and rest != TRUE))
    roots = [condition, *rests]
    for level, formulas in enumerate([*shared(roots), roots]):
        writer = with_columns(writer, [formula for formula in formulas if formula not in writer.named], f"s{level}_")
    truth = writer.truth(condition)
    weight = ibis.cases((truth, whole(SURE + 1)), (truth.isnull(), whole(1)), else_=whole(0))
    table = writer.table.mutate(weight=weight)
    sums = {"w": table.weight.sum()}
    for place, rest in enumerate(rests):
        held = table[writer.named[rest]]
        sums[f"t{place}"] = ibis.ifelse(held, table.weight, whole(0)).sum()
        sums[f"n{place}"] = ibis.ifelse(held.isnull(), table.weight, whole(0)).sum()
    summed = table.group_by(owner=table["place"]).agg(**sums)
    may = {name: summed[name].cast("int64") & whole(SURE - 1) for name in sums}
    sure = {name: ((summed[name].cast("int64") - may[name]) / whole(SURE)).cast("int64") for name in sums}
    figures: list[Expression] = []
    for aggregate, more in counted.items():
        if isinstance(aggregate, CountOf) or more is None:
            figures += [sure["w"], may["w"]]
        elif more == TRUE:
            figures += [may["w"], whole(0), sure["w"], whole(0), sure["w"]]
        else:
            yes, open_ = f"t{rests.index(more)}", f"n{rests.index(more)}"
            figures += [may[yes] + may[open_], sure["w"] - sure[yes] - sure[open_], sure[yes], may["w"] - may[yes],
                        sure["w"]]  # fmt: skip
    return summed.select("owner", **{f"f{place}": figure for place, figure in enumerate(figures)})


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


def may_meet(writer: Writer, formula: Formula) -> list[Expression]:
    """Conditions that all hold exactly where the statement is possible."""
    match formula:
        case All(items):
            return [condition for item in items for condition in may_meet(writer, item)]
        case Positive(Linear(_, ((_, Slot()),))):  # a comparison: quicker so than through COALESCE
            return [~writer.truth(formula).identical_to(ibis.literal(False))]
    return [possibly(writer.truth(formula))]


def quick(writer: Writer, formula: Formula) -> list[Expression]:
    """Of the conditions that hold where a statement is possible, those on a single fact."""
    if isinstance(formula, All):
        return [condition for item in formula.items for condition in quick(writer, item)]
    return may_meet(writer, formula) if isinstance(formula, Positive) and len(formula.lin.terms) == 1 else []


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
