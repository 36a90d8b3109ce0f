"""What a plan counts among ventures, for DuckDB: up to four counts in one number of 64 bits, so that it adds up less.

A venture weighs 1 where it may be among those counted, and SURE more where it is certain to be. For a further statement
about them it weighs the same again where that is known, and HELD times as much more where it holds. Only ventures that
are not ruled out by a single fact are looked at.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any as Expression

import ibis

from hatchline.core.rules.emit import FIGURES, Aggregate
from hatchline.core.rules.engines import MOST_PACKED
from hatchline.core.rules.plan import TRUE, All, CountOf, Formula, Plan, Positive, ShareTest, Slot, every, opposite
from hatchline.core.rules.populations import Column
from hatchline.core.rules.sums import WIDE, added_up, asked
from hatchline.core.rules.writer import Writer, bounded, whole, with_columns

WIDTH = MOST_PACKED.bit_length()  # of a count
SURE = 2**WIDTH
HELD = SURE**2


@dataclass(frozen=True)
class Sums:
    """DuckDB's SQL for aggregates over the same ventures, each figure a number of 64 bits.

    `counted`: what each aggregate counts, where the columns are counts packed together; otherwise they are the figures.
    """

    aggregates: Sequence[Aggregate]
    sql: str
    counted: Mapping[Aggregate, Formula] | None = None

    def figures(self, rows: Mapping[str, Column]) -> list[list[Column]]:
        """Per aggregate its figures, for each row that the query answers."""
        if self.counted is not None:
            return unpacked(rows, self.counted)
        columns = iter([values for name, values in rows.items() if name != "owner"])
        return [[next(columns) for _ in range(FIGURES[type(aggregate)])] for aggregate in self.aggregates]


def duckdb_sums(plan: Plan, venture_columns: Sequence[str], pack: bool) -> list[Sums]:
    """The queries for a plan's aggregates; a sum that 64 bits do not hold fails when it is run. `pack`: no institution
    has more ventures than fit."""
    ventures, alike = asked(plan, venture_columns)
    found = []
    for condition, aggregates in alike.items():
        counted = {aggregate: more for aggregate in aggregates if (more := further(aggregate, condition)) is not None}
        if pack and len(counted) == len(aggregates):
            found.append(Sums(aggregates, narrow_sql(counted_up(ventures, condition, rests_of(counted))), counted))
        else:
            found.append(Sums(aggregates, narrow_sql(added_up(ventures, condition, aggregates, wide=False))))
    return found


def narrow_sql(summed: Expression) -> str:
    """DuckDB's SQL of sums as 64-bit numbers, each NULL as nothing added; a sum that is larger fails."""
    narrow = summed.select("owner", **{
        name: summed[name].cast(WIDE).cast("int64") for name in summed.columns if name != "owner"
    })  # fmt: skip
    return str(ibis.to_sql(narrow, dialect="duckdb", pretty=False))


def rests_of(counted: Mapping[Aggregate, Formula]) -> list[Formula]:
    """The statements counted among those who meet the condition, each once."""
    return [more for more in dict.fromkeys(counted.values()) if more != TRUE]


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


def counted_up(ventures: Expression, condition: Formula, rests: Sequence[Formula]) -> Expression:
    """Per institution (`owner`) the packed counts: w of those who meet the condition, r0, r1, … of those among them who
    also meet each statement."""
    items = joined_in(condition)
    single = [item for item in items if isinstance(item, Positive) and _single(item)]
    possible = [at_best(ventures, item) for item in single]
    settled = [item for item in single if undecided(item)]  # true or unknown of every venture that is left
    left = every(item for item in items if item not in settled)
    writer = with_columns(Writer(ventures.filter(possible) if possible else ventures), [left, *rests], "s")
    sure: Expression = whole(SURE + 1)
    if settled:
        known = reduce(operator.and_, (writer.table[slot_of(item).name] for item in settled))
        sure = ibis.ifelse(known.isnull(), whole(1), sure)
    held = writer.truth(left)
    table = writer.table.mutate(weight=(held.cast("int64") * sure).fill_null(whole(1)))
    sums = {"w": table.weight}
    for place, rest in enumerate(rests):
        sums[f"r{place}"] = table.weight * (table[writer.named[rest]].cast("int64") * whole(HELD) + whole(1))
    added = {name: each.sum().fill_null(whole(0)) for name, each in sums.items()}  # NULL: known of nobody
    return table.group_by(owner=table["place"]).agg(**added)


def unpacked(rows: Mapping[str, Column], counted: Mapping[Aggregate, Formula]) -> list[list[Column]]:
    """The figures of each aggregate from packed counts."""
    rests = rests_of(counted)
    may, sure = rows["w"] & MOST_PACKED, rows["w"] >> WIDTH
    found = []
    for aggregate, more in counted.items():
        if isinstance(aggregate, CountOf):
            found.append([sure, may])
        elif more == TRUE:
            found.append([may, 0 * may, sure, 0 * may, sure])
        else:
            packed = rows[f"r{rests.index(more)}"]
            known, known_sure, yes, yes_sure = (packed >> (WIDTH * place) & MOST_PACKED for place in range(4))
            found.append([yes + may - known, known_sure - yes_sure, yes_sure, may - yes, sure])
    return found


def joined_in(condition: Formula) -> list[Formula]:
    """The statements that a condition joins, those inside joined ones too."""
    if isinstance(condition, All):
        return [item for part in condition.items for item in joined_in(part)]
    return [condition]


def _single(test: Positive) -> bool:
    return len(test.lin.terms) == 1 and isinstance(test.lin.terms[0][1], Slot)


def slot_of(test: Positive) -> Slot:
    slot = test.lin.terms[0][1]
    assert isinstance(slot, Slot)
    return slot


def undecided(test: Positive) -> bool:
    """Whether a fact that is unknown leaves the test open."""
    (coefficient, _), slot = test.lin.terms[0], slot_of(test)
    return len({test.lin.constant + coefficient * end >= 0 for end in (slot.smallest, slot.largest)}) == 2


def at_best(ventures: Expression, test: Positive) -> Expression:
    """Where a test of a single fact is possible: unknown, the fact is what passes it soonest."""
    (coefficient, _), slot = test.lin.terms[0], slot_of(test)
    fact = ventures[slot.name].fill_null(whole(slot.largest if coefficient > 0 else slot.smallest))
    return bounded(test.lin.constant, coefficient, fact)
