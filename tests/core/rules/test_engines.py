"""All readings give the same verdicts, on documents and facts made up with unknowns."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from hatchline.core.rules.bind import bind
from hatchline.core.rules.populations import from_rows
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.reckon import Reckoning, evaluate
from hatchline.core.values.verdict import Verdict
from hatchline.rulebook import library
from tests.core.rules.generated import FACTS, MEMBERS, OVERALLS, WORDS, document, requirements

pytest.importorskip("numpy")
DAY = date(2020, 6, 30)
GENERATED = 60
SUBJECTS = st.lists(st.tuples(FACTS, MEMBERS), min_size=1, max_size=6)


DOCUMENTS = st.tuples(st.lists(requirements(), min_size=1, max_size=4), st.booleans(), OVERALLS)


def planned(drawn):
    texts, variants, overall = drawn
    try:
        return bind(document(*texts, variants=variants, overall=overall), DAY)
    except Misuse:
        assume(False)
        raise


def expected(plan, subjects):
    found = []
    for facts, members in subjects:
        verdicts = evaluate(plan, facts, members)
        found.append({**verdicts.criteria, "overall": verdicts.overall})
    return found


def from_pairs(judged, size):
    pairs = {**judged.criteria, "overall": judged.overall}
    return [{name: Verdict.of(bool(c[i]), bool(p[i])) for name, (c, p) in pairs.items()} for i in range(size)]


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, SUBJECTS)
def test_columns_agree_with_the_scalar_reading(drawn, subjects):
    from hatchline.core.rules import vector

    plan = planned(drawn)
    population = from_rows(WORDS, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
    assert from_pairs(vector.evaluate(plan, population), len(subjects)) == expected(plan, subjects)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, SUBJECTS)
def test_the_generated_loop_agrees_uncompiled(drawn, subjects):
    """The very text that the kernel compiles, run as Python."""
    import numpy as np

    from hatchline.core.rules import generate, kernel, vector

    plan = planned(drawn)
    population = from_rows(WORDS, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
    institutions = vector.Institutions.of(population)
    wanted = generate.aggregates_of(generate.formulas_of(plan))
    many = population.member_count
    columns = [kernel._column(population.members, slot, many) for slot in generate.slots_of(wanted)]
    made = generate.source(wanted, [kernel.missing(column.dtype) for column in columns])
    scope = {}
    exec(made.text, scope)
    figures = np.zeros((sum(generate.FIGURES[type(a)] for a in wanted), population.size), dtype=np.int64)
    rows = [[[0] * many for _ in range(count)] for count in (made.truths, made.numbers)]
    listed = [column.tolist() for column in columns]
    scope["run"](0, population.size, population.offsets.tolist(), *listed, made.law, *rows, figures)
    place = 0
    for aggregate in wanted:
        many = generate.FIGURES[type(aggregate)]
        institutions.kept[aggregate] = tuple(figures[place : place + many])
        place += many
    assert from_pairs(vector.evaluate(plan, population, institutions), len(subjects)) == expected(plan, subjects)


@settings(max_examples=5, deadline=None)
@given(DOCUMENTS, SUBJECTS)
def test_the_kernel_agrees_with_the_scalar_reading(drawn, subjects):
    from hatchline.core.rules import kernel

    if not kernel.available():
        pytest.skip("the kernel is an optional extra")
    plan = planned(drawn)
    population = from_rows(WORDS, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
    assert from_pairs(kernel.judge(plan, population), len(subjects)) == expected(plan, subjects)


def case_subjects(made):
    """The cases of a document, one day at a time."""
    from hatchline.core.rules.check import resolved

    days = {}
    for case in made.cases:
        days.setdefault(case.as_of, []).append(resolved(case))
    return days


@pytest.mark.parametrize("name", sorted(library().documents))
def test_columns_agree_on_every_case(name):
    from hatchline.core.rules import vector

    made = library().get(name)
    for day, subjects in case_subjects(made).items():
        plan = bind(made, day)
        population = from_rows(library().vocabulary, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
        assert from_pairs(vector.evaluate(plan, population), len(subjects)) == expected(plan, subjects)


@pytest.mark.parametrize("name", ["most-2018-300", "most-2010-680"])
def test_the_kernel_agrees_on_every_case(name):
    from hatchline.core.rules import kernel

    if not kernel.available():
        pytest.skip("the kernel is an optional extra")
    made = library().get(name)
    day, subjects = next(iter(case_subjects(made).items()))
    plan = bind(made, day)
    population = from_rows(library().vocabulary, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
    assert from_pairs(kernel.judge(plan, population), len(subjects)) == expected(plan, subjects)


@settings(max_examples=20, deadline=None)
@given(DOCUMENTS, SUBJECTS)
def test_duckdb_agrees_with_the_scalar_reading(drawn, subjects):
    pytest.importorskip("ibis")
    from hatchline.core.rules.engines import DuckDB

    plan = planned(drawn)
    population = from_rows(WORDS, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
    resident = DuckDB(population)
    assert from_pairs(resident.judge(plan), len(subjects)) == expected(plan, subjects)
    resident.packs = False  # as where an institution has too many ventures to count four times in one number
    assert from_pairs(resident.judge(plan), len(subjects)) == expected(plan, subjects)
    assert from_pairs(resident.judge_whole(plan), len(subjects)) == expected(plan, subjects)


@pytest.mark.parametrize("many", [32_767, 32_768])
def test_counts_fit_up_to_the_largest_that_are_packed(many):
    pytest.importorskip("ibis")
    from hatchline.core.rules import vector
    from hatchline.core.rules.engines import DuckDB

    plan = bind(library().get("most-2018-300"), date(2020, 6, 30))
    one = {"in_incubation": 1, "does_technology": 1, "registered_here": 1, "main_site_here": 1, "valid_rights": 1,
           "founded_on": 750_500, "entered_on": 750_500, "field": 9}  # fmt: skip
    population = from_rows(library().vocabulary, [("1", {}, [one] * many)])
    resident = DuckDB(population)
    assert resident.packs == (many <= 32_767)
    found, expected = resident.judge(plan).criteria, vector.evaluate(plan, population).criteria
    for name, pair in expected.items():
        assert [end.tolist() for end in found[name]] == [end.tolist() for end in pair], name


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, SUBJECTS)
def test_explaining_agrees_with_the_scalar_reading(drawn, subjects):
    from hatchline.core.rules.explain import Explainer

    plan = planned(drawn)
    texts, variants, overall = drawn
    explainer = Explainer(document(*texts, variants=variants, overall=overall), DAY)
    found = []
    for facts, members in subjects:
        told = explainer.explain(facts, members)
        found.append({**{f.name: f.verdict for f in told.findings}, "overall": told.verdict})
    assert found == expected(plan, subjects)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, SUBJECTS)
def test_statements_written_out_agree_with_reading_them_node_by_node(drawn, subjects):
    plan = planned(drawn)
    for facts, members in subjects:
        plain, found = Reckoning(facts, members), evaluate(plan, facts, members)
        assert found.criteria == {j.name: plain.verdict(j.requirement) for j in plan.judgements}
        assert found.applies == {j.name: plain.verdict(j.applies) for j in plan.judgements}


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, SUBJECTS)
def test_gaps_alone_are_those_of_the_explanation(drawn, subjects):
    from hatchline.core.rules.explain import Explainer

    planned(drawn)
    texts, variants, overall = drawn
    explainer = Explainer(document(*texts, variants=variants, overall=overall), DAY)
    for facts, members in subjects:
        told, alone = explainer.explain(facts, members), explainer.gaps(facts, members)
        assert alone.overall is told.verdict
        for finding in told.findings:
            compared = [part for part in finding.leaves() if part.kind == "compare"]
            assert [(p.verdict, p.value, p.threshold, p.gap) for p in compared] == [
                (g.verdict, g.value, g.threshold, g.gap) for g in alone.comparisons.get(finding.name, [])
            ]


def generated(count):
    """The same few made-up documents and populations every time, for engines that are slow to start."""
    drawn = []

    @settings(max_examples=count, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(DOCUMENTS, SUBJECTS)
    def take(one, subjects):
        drawn.append((planned(one), subjects))

    take()
    return drawn


def test_postgresql_agrees_with_the_scalar_reading():
    import os

    address = os.environ.get("HATCHLINE_TEST_DATABASE_URL", "")
    if not address.startswith("postgres"):
        pytest.skip("no PostgreSQL here")
    import psycopg

    from hatchline.core.rules.engines import PostgreSQL

    with psycopg.connect(address) as connection:
        for plan, subjects in generated(GENERATED):
            population = from_rows(WORDS, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
            assert from_pairs(PostgreSQL(population, connection).judge(plan), len(subjects)) == expected(plan, subjects)


@pytest.mark.parametrize("name", sorted(library().documents))
def test_duckdb_agrees_on_every_case(name):
    pytest.importorskip("ibis")
    from hatchline.core.rules.engines import DuckDB

    made = library().get(name)
    day, subjects = next(iter(case_subjects(made).items()))
    plan = bind(made, day)
    rows = [(str(i), f, m) for i, (f, m) in enumerate(subjects)]
    population = from_rows(library().vocabulary, rows, made.subject)
    resident = DuckDB(population)
    assert from_pairs(resident.judge(plan), len(subjects)) == expected(plan, subjects)
    assert from_pairs(resident.judge_whole(plan), len(subjects)) == expected(plan, subjects)


def test_what_does_not_fit_into_64_bits_is_left_to_the_whole_query(monkeypatch):
    pytest.importorskip("ibis")
    from hatchline.core.rules import engines, vector

    made = library().get("most-2018-300")
    day, subjects = next(iter(case_subjects(made).items()))
    plan = bind(made, day)
    population = from_rows(library().vocabulary, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
    resident, whole = engines.DuckDB(population), []
    monkeypatch.setattr(vector, "LIMIT", 1)
    with pytest.raises(vector.TooLarge):
        vector.evaluate(plan, population)
    monkeypatch.setattr(resident, "judge_whole", lambda plan: whole.append(engines.DuckDB.judge_whole(resident, plan)))
    resident.judge(plan)
    assert from_pairs(whole[0], len(subjects)) == expected(plan, subjects)


def test_a_sum_in_duckdb_is_whole_or_refused():
    ibis, duckdb = pytest.importorskip("ibis"), pytest.importorskip("duckdb")
    from hatchline.core.rules.packed import narrow_sql

    table = ibis.table({"owner": "int64", "amount": "int64"}, name="t")
    sql = narrow_sql(table.group_by("owner").agg(f0=table.amount.sum()))
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE t AS SELECT 0 AS owner, unnest([{2**53}, 1]) AS amount")
    (found,) = connection.execute(sql).fetchnumpy()["f0"]
    assert found == 2**53 + 1 and found.dtype == "int64"
    connection.execute(f"INSERT INTO t VALUES (0, {2**63 - 1})")
    with pytest.raises(duckdb.ConversionException):
        connection.execute(sql).fetchnumpy()


@pytest.mark.parametrize("name", ["most-2018-300", "most-2010-680", "miit-2025-131", "sample-district"])
def test_postgresql_agrees_on_every_case(name):
    """With the server whose address is in HATCHLINE_TEST_DATABASE_URL (tests/postgres.py starts one)."""
    import os

    pytest.importorskip("ibis")
    address = os.environ.get("HATCHLINE_TEST_DATABASE_URL", "")
    if not address.startswith("postgres"):
        pytest.skip("no PostgreSQL here")
    import psycopg

    from hatchline.core.rules.engines import PostgreSQL

    made = library().get(name)
    day, subjects = next(iter(case_subjects(made).items()))
    plan = bind(made, day)
    population = from_rows(library().vocabulary, [(str(i), f, m) for i, (f, m) in enumerate(subjects)], made.subject)
    with psycopg.connect(address) as connection:
        assert from_pairs(PostgreSQL(population, connection).judge(plan), len(subjects)) == expected(plan, subjects)


@pytest.mark.long
def test_spark_agrees_on_every_case():
    """With the optional extra `spark` and Java; starting a session takes seconds, and each new query one more."""
    sql = pytest.importorskip("pyspark.sql")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    from hatchline.core.rules.engines import Spark

    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        for name in ("sample-district", "most-2018-300"):
            made = library().get(name)
            day, subjects = next(iter(case_subjects(made).items()))
            plan = bind(made, day)
            rows = [(str(i), f, m) for i, (f, m) in enumerate(subjects)]
            population = from_rows(library().vocabulary, rows, made.subject)
            assert from_pairs(Spark(population, session).judge(plan), len(subjects)) == expected(plan, subjects)
        for plan, subjects in generated(8):
            population = from_rows(WORDS, [(str(i), f, m) for i, (f, m) in enumerate(subjects)])
            assert from_pairs(Spark(population, session).judge(plan), len(subjects)) == expected(plan, subjects)
    finally:
        session.stop()
