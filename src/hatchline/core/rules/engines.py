"""Run a plan's query where the data is: DuckDB in this process, a PostgreSQL connection, or a Spark session.

A connection is handed in (or, for DuckDB, made in memory); nothing here knows an address. SQL is written once per
document, day and shape of the tables, and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hatchline.core.rules.emit import starts
from hatchline.core.rules.plan import Plan
from hatchline.core.rules.populations import Bools, Column, Population, missing
from hatchline.core.rules.vector import Institutions, Judged, Pair, TooLarge, combine, evaluate

if TYPE_CHECKING:
    from hatchline.core.rules.packed import Sums

MOST_PACKED = 2**15 - 1  # ventures of one institution whose counts fit into a quarter of a number


def arrow_table(columns: Mapping[str, Column], place: Column) -> Any:
    """Columns of whole numbers as an Arrow table with nulls for the unknown; `place` is the subject's number."""
    import pyarrow as pa

    found = {"place": pa.array(place.astype(np.int32))}
    for name, values in columns.items():
        found[name] = pa.array(values, mask=values == missing(values.dtype))
    return pa.table(found)


def tables(population: Population) -> tuple[Any, Any]:
    """The two tables a query reads, as Arrow."""
    owners = np.repeat(np.arange(population.size, dtype=np.int32), np.diff(population.offsets))
    return arrow_table(population.own, np.arange(population.size)), arrow_table(population.members, owners)


@lru_cache(maxsize=256)
def written(plan: Plan, own: tuple[str, ...], theirs: tuple[str, ...], dialect: str) -> tuple[str, tuple[str, ...]]:
    """The SQL of a plan for tables of these columns; building it costs far more than running it on a small district."""
    from hatchline.core.rules import columnar

    made = columnar.query(plan, own, theirs, wide_sums=dialect == "pyspark")
    return made.sql(dialect), made.names


@lru_cache(maxsize=256)
def written_sums(plan: Plan, theirs: tuple[str, ...], pack: bool) -> list[Sums]:
    """DuckDB's queries for the figures of a plan's aggregates."""
    from hatchline.core.rules.packed import duckdb_sums

    return duckdb_sums(plan, theirs, pack)


def judged(plan: Plan, names: tuple[str, ...], columns: Mapping[str, Any], size: int) -> Judged:
    """The rows of a query, in the order of their places, as verdicts."""
    order = np.argsort(np.asarray(columns["place"]))

    def column(name: str) -> Bools:
        return np.asarray(columns[name]).astype(bool)[order]

    criteria: dict[str, Pair] = {}
    applies: dict[str, Pair] = {}
    for index, name in enumerate(names):
        criteria[name] = column(f"c{index}"), column(f"p{index}")
        may = column(f"a{index}")
        applies[name] = may, may
    return Judged(criteria, applies, combine(plan.overall, criteria, size))


class DuckDB:
    """A population resident in DuckDB. `connection` is made in memory when none is given."""

    def __init__(self, population: Population, connection: Any | None = None) -> None:
        import duckdb

        self.population = population
        self.packs = int(np.diff(population.offsets).max(initial=0)) <= MOST_PACKED
        self.prepared: dict[str, str] = {}  # a query as DuckDB planned it: planning takes longer than most runs
        self.connection = connection or duckdb.connect(config={"threads": 2})
        self.connection.execute("SET perfect_ht_threshold = 20")
        own, theirs = tables(population)
        for name, table in (("institutions", own), ("ventures", theirs)):
            self.connection.register("incoming", table)
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
            self.connection.unregister("incoming")

    def judge(self, plan: Plan) -> Judged:
        """Judge everybody: DuckDB adds up the ventures, and the criteria are judged from its figures."""
        import duckdb

        subjects = Institutions.of(self.population)
        try:
            for summed in written_sums(plan, tuple(self.population.members), self.packs):
                self.fill(subjects, summed, self.columns(summed.sql))
            return evaluate(plan, self.population, subjects)
        except (TooLarge, duckdb.ConversionException, duckdb.OutOfRangeException):  # 64 bits are not enough
            return self.judge_whole(plan)

    def judge_whole(self, plan: Plan) -> Judged:
        """Judge everybody in the one query, which reckons with 128 bits."""
        sql, names = written(plan, tuple(self.population.own), tuple(self.population.members), "duckdb")
        return judged(plan, names, self.columns(sql), self.population.size)

    def fill(self, subjects: Institutions, summed: Sums, rows: Mapping[str, Any]) -> None:
        """Keep the figures of aggregates, in the order of the institutions; those without a row have none."""
        for aggregate, found in zip(summed.aggregates, summed.figures(rows), strict=True):
            figures = [np.full(self.population.size, start, dtype=np.int64) for start in starts(aggregate)]
            for figure, values in zip(figures, found, strict=True):
                figure[rows["owner"]] = values
            subjects.kept[aggregate] = tuple(figures)

    def columns(self, sql: str) -> Mapping[str, Any]:
        """What a query answers, by column."""
        if sql not in self.prepared:
            self.prepared[sql] = f"plan_{len(self.prepared)}"
            self.connection.execute(f"PREPARE {self.prepared[sql]} AS {sql}")
        found: Mapping[str, Any] = self.connection.execute(f"EXECUTE {self.prepared[sql]}").fetchnumpy()
        return found


class PostgreSQL:
    """A population in temporary tables of a psycopg connection."""

    def __init__(self, population: Population, connection: Any) -> None:
        self.population, self.connection = population, connection
        own, theirs = tables(population)
        for name, table in (("institutions", own), ("ventures", theirs)):
            columns = ", ".join(f'"{column}" bigint' for column in table.column_names)
            with connection.cursor() as cursor:
                cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{name}"')
                cursor.execute(f'CREATE TEMPORARY TABLE "{name}" ({columns})')
                with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                    for row in zip(*(table.column(c).to_pylist() for c in table.column_names), strict=True):
                        copy.write_row(row)
                cursor.execute(f'ANALYZE "{name}"')

    def judge(self, plan: Plan) -> Judged:
        """Judge everybody."""
        sql, names = written(plan, tuple(self.population.own), tuple(self.population.members), "postgres")
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            heads = [column.name for column in cursor.description]
            rows = cursor.fetchall()
        columns = dict(zip(heads, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(heads, ())
        return judged(plan, names, columns, self.population.size)


class Spark:
    """A population in views of a Spark session (optional extra `spark`)."""

    def __init__(self, population: Population, session: Any) -> None:
        self.population, self.session = population, session
        for name, table in zip(("institutions", "ventures"), tables(population), strict=True):
            session.createDataFrame(table).cache().createOrReplaceTempView(name)

    def judge(self, plan: Plan) -> Judged:
        """Judge everybody."""
        sql, names = written(plan, tuple(self.population.own), tuple(self.population.members), "pyspark")
        rows = self.session.sql(sql).toArrow()
        columns = {name: rows.column(name).to_numpy(zero_copy_only=False) for name in rows.column_names}
        return judged(plan, names, columns, self.population.size)
