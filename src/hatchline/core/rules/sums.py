"""What a plan asks of all ventures, added up per institution by one query for each kind of venture asked about.

Only ventures that may be among those asked about are looked at. Counts and sums are whole numbers of 128 bits (or
numeric), so no order of summing matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any as Expression

import ibis

from hatchline.core.rules.emit import Aggregate, aggregates_of, formulas_of
from hatchline.core.rules.plan import (
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
    opposite,
    slots_of,
)  # fmt: skip
from hatchline.core.rules.reckon import NO_COST
from hatchline.core.rules.writer import Writer, certainly, facts, one, parts_of, possibly, whole, with_columns

WIDE = "decimal(38, 0)"


def sums(plan: Plan, venture_columns: Iterable[str], *, wide: bool = False) -> list[tuple[list[Aggregate], Expression]]:
    """Aggregates over the same ventures, and the query that adds them up over the table `ventures`: `owner`, f0, f1, …,
    a row for each institution that has any of them."""
    ventures, alike = asked(plan, venture_columns)
    return [(aggregates, added_up(ventures, condition, aggregates, wide)) for condition, aggregates in alike.items()]


def asked(plan: Plan, venture_columns: Iterable[str]) -> tuple[Expression, dict[Formula, list[Aggregate]]]:
    """The table of ventures with every fact a plan asks for, and its aggregates by which ventures they are about."""
    wanted = aggregates_of(formulas_of(plan))
    alike: dict[Formula, list[Aggregate]] = {}
    for aggregate in wanted:
        alike.setdefault(among(aggregate), []).append(aggregate)
    return facts("ventures", tuple(dict.fromkeys(venture_columns)), slots_of(wanted)), alike


def among(aggregate: Aggregate) -> Formula:
    """Which ventures an aggregate is about; one that cannot be among them adds nothing to any of its figures."""
    return opposite(aggregate.out) if isinstance(aggregate, ShareTest) else aggregate.condition


def added_up(ventures: Expression, condition: Formula, aggregates: Sequence[Aggregate], wide: bool) -> Expression:
    """The figures per institution (`owner`) of aggregates over ventures that may meet a condition."""
    writer = Writer(ventures)
    writer = replace(writer, table=ventures.filter(may_meet(writer, condition)), _truths={})
    roots = roots_of(aggregates)
    for level, formulas in enumerate([*shared(roots), roots]):
        writer = with_columns(writer, [formula for formula in formulas if formula not in writer.named], f"s{level}_")
    figures = [figure for aggregate in aggregates for figure in reckoned(writer, aggregate, wide)]
    named = {f"f{place}": figure for place, figure in enumerate(figures)}
    return writer.table.group_by(owner=writer.table["place"]).agg(**named)


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
