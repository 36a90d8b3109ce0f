"""The plan as one query in Ibis, for DuckDB, PostgreSQL or Spark: aggregates per institution, criteria over them.

`query(plan, …)` builds the expression; its SQL is kept by plan, columns and dialect and run as often as needed.

Tables: `institutions` with `place` and one column per fact, `ventures` with `place` (of its institution) and one
column per fact. Missing columns are unknown throughout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any as Expression

import ibis

from hatchline.core.rules.emit import FIGURES, Aggregate, formulas_of, starts
from hatchline.core.rules.generate import own_slots
from hatchline.core.rules.plan import (
    Choose,
    Fixed,
    Formula,
    Plan,
    PortionTest,
    ShareTest,
)  # fmt: skip
from hatchline.core.rules.sums import sums
from hatchline.core.rules.writer import Writer, certainly, facts, parts_of, possibly, whole, with_columns


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
