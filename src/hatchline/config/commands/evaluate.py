"""`hatchline evaluate`: a document over files of facts."""

from __future__ import annotations

import importlib.util
import json
import os
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click

from hatchline.config import factfiles
from hatchline.config.cli import start_django
from hatchline.config.language import in_language, said, spoken
from hatchline.core.rules.bind import bind
from hatchline.core.rules.documents import Document
from hatchline.core.rules.nodes import SUBJECTS
from hatchline.core.rules.plan import Plan
from hatchline.core.rules.populations import Population
from hatchline.core.rules.texts import VERDICTS, Text, nearest

# the modules that each engine needs, and the extra that brings them
ENGINES = {
    "duckdb": (("duckdb", "ibis", "pyarrow"), "analytics"),
    "kernel": (("numba",), "kernel"),
    "numpy": ((), ""),
    "postgres": (("ibis", "pyarrow"), "analytics"),
    "spark": (("ibis", "pyarrow", "pyspark"), "analytics,spark"),
}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PRINTED = 40


@click.command(name="evaluate")
@click.argument("name", metavar="ID", required=False)
@click.option("--here", is_flag=True, help="Judge the district's own record instead of files.")
@click.option("--facts-out", type=click.Path(dir_okay=False, path_type=Path), help="With --here: write its facts too.")
@click.option("--recompute", type=int, default=None, metavar="N", help="Reckon the kept evaluation N again instead.")
@click.option("--institutions", type=FILE, help="CSV or Parquet: key and facts (see `hatchline rulebook facts`).")
@click.option("--ventures", type=FILE, help="CSV or Parquet: institution (its key) and facts.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of evaluation; today when not given.")
@click.option(
    "--engine", type=click.Choice(list(ENGINES)), default=None, help="duckdb when not given and installed, else numpy."
)
@click.option("--database", default=None, help="For postgres: the address; DATABASE_URL when not given.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write one row per subject and criterion.")
@click.option("--explain", "key", default=None, help="Explain the subject with this key instead.")
@in_language
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
def command(
    name: str | None, here: bool, facts_out: Path | None, recompute: int | None, institutions: Path | None,
    ventures: Path | None, as_of: datetime | None, engine: str | None, database: str | None, out: Path | None,
    key: str | None, language: str, as_json: bool,
) -> None:  # fmt: skip
    """Judge every subject in the files under the document ID (an id or a 文号).

    Columns are the vocabulary's names, yearly facts NAME@YEAR; an empty cell or a missing column is unknown.

    With --here the subjects are the institutions or ventures of this district, by their keys on record. --recompute
    exits with 1 when a kept evaluation does not come out as it was kept.
    """
    if recompute is not None:
        reckoned_again(recompute, as_json)
        return
    if name is None:
        raise click.UsageError(
            said("请给出文件的 ID，或者 --recompute N", "give the ID of a document, or --recompute N")
        )
    if key is not None and out is not None:
        raise click.UsageError(
            said("--explain 只说明一家：请去掉 --out 或去掉 --explain",
                 "--explain prints one subject: leave --out out, or leave --explain out")
        )  # fmt: skip
    if out is not None:
        factfiles.can_be_written(out)
    engine = chosen(engine)
    if here and key is not None and facts_out is None:
        explain_here(*standing(name, institutions, ventures, as_of), key, language, as_json)
        return
    document, day, population = ground(name, here, institutions, ventures, as_of)
    if facts_out is not None:
        if not here:
            raise click.UsageError(said("--facts-out 要和 --here 一起用", "--facts-out goes with --here"))
        for path in factfiles.facts_written(document, population, facts_out):
            click.echo(said(f"事实已写入 {path}", f"facts written to {path}"), err=True)
    if key is not None:
        explain_one(document, day, population, key, language, as_json)
        return
    rows = judged_rows(document, bind(document, day), population, engine, database)
    click.echo(said(f"用 {engine} 判定", f"judged by {engine}"), err=True)
    if out is not None:
        factfiles.write_table(out, rows)
    summary = counts(document, rows)
    if as_json:
        found: dict[str, Any] = {"document": document.name, "digest": document.digest, "as_of": day.isoformat(),
                                 "engine": engine, "subjects": population.size, "counts": summary}  # fmt: skip
        if out is None:
            found["rows"] = [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for criterion, by in summary.items():
        told = (f"{VERDICTS[verdict].get(language)} {by[verdict]:7}" for verdict in VERDICTS)
        click.echo(f"{criterion:12} {' '.join(told)}")
    if out is None:
        overall = [
            (k, v) for k, c, v in zip(rows["key"], rows["criterion"], rows["verdict"], strict=True) if c == "overall"
        ]
        for subject, verdict in overall[:PRINTED]:
            click.echo(f"{subject}: {VERDICTS[verdict].get(language)}")
        if len(overall) > PRINTED:
            click.echo(more(len(overall) - PRINTED))


def more(count: int) -> str:
    """That so many are not printed."""
    return said(f"……另有 {count} 个；--out 文件 可以写出全部", f"… and {count} more; --out FILE writes all of them")


def ground(
    name: str, here: bool, institutions: Path | None, ventures: Path | None, as_of: datetime | None,
    beside: str | None = None,
) -> tuple[Document, date, Population]:  # fmt: skip
    """The document, the day and the subjects: from files, or the district's own. ``beside``: a column that need not be
    a fact."""
    if not here:
        document = factfiles.document_named(name)
        day = factfiles.day_of(as_of, document)
        return document, day, factfiles.population_of(document, institutions, ventures, beside)
    document, day = standing(name, institutions, ventures, as_of)
    return document, day, factfiles.population_here(document, day)


def standing(
    name: str, institutions: Path | None, ventures: Path | None, as_of: datetime | None
) -> tuple[Document, date]:
    """The document as it stands in the district, and the day: as given, the business date, or today."""
    if institutions or ventures:
        raise click.UsageError(
            said("--here 用的是本区自己的记录：请去掉 --institutions 和 --ventures",
                 "--here takes the district's own record: leave --institutions and --ventures out")
        )  # fmt: skip
    start_django()
    from django.conf import settings

    document = factfiles.standing_document(name)
    if as_of is None and settings.BUSINESS_DATE is not None:
        as_of = datetime.combine(settings.BUSINESS_DATE, time())
    return document, factfiles.day_of(as_of, document)


def reckoned_again(number: int, as_json: bool) -> None:
    """Compare a kept evaluation with what its kept facts come to now, as canonical JSON."""
    start_django()
    from hatchline.apps.rulebooks import judging
    from hatchline.apps.rulebooks import queries as rulebooks

    found = rulebooks.evaluation(number)
    if found is None:
        raise click.UsageError(said(f"没有编号为 {number} 的判定", f"no evaluation has the number {number}"))
    try:
        done = judging.recompute(found)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    kept, now = json.loads(found.result), json.loads(done.now)
    differs = differences(kept, now) if done.agrees else differences(judging.judgement(kept), judging.judgement(now))
    if as_json:
        told = {
            "evaluation": number, "agrees": done.agrees, "is_literal": done.is_literal, "differences": differs
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
    elif done.agrees:
        verdict, facts = VERDICTS[found.verdict], found.facts.digest[:16]
        otherwise = Text("", "") if done.is_literal else Text("；今天的措辞不同", "; it is worded otherwise today")
        click.echo(
            said(f"判定 {number} 复算一致：{verdict.zh}，事实 {facts}{otherwise.zh}",
                 f"evaluation {number} agrees: {verdict.en}, facts {facts}{otherwise.en}")
        )  # fmt: skip
    else:
        click.echo(said(f"判定 {number} 复算不一致：", f"evaluation {number} does not agree:"))
        for line in differs[:PRINTED]:
            click.echo(f"  {line}")
    if not done.agrees:
        raise SystemExit(1)


def differences(kept: Any, now: Any, path: str = "") -> list[str]:
    """Where two results differ, each with its place, what was kept and what comes out now."""
    if isinstance(kept, dict) and isinstance(now, dict):
        names = sorted({*kept, *now})
        return [line for name in names for line in differences(kept.get(name), now.get(name), f"{path}.{name}")]
    if isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        pairs = enumerate(zip(kept, now, strict=True))
        return [line for at, (a, b) in pairs for line in differences(a, b, f"{path}[{at}]")]
    return [] if kept == now else [f"{path.lstrip('.')}: {kept!r} → {now!r}"]


def judged_rows(
    document: Document, plan: Plan, population: Population, engine: str, database: str | None
) -> dict[str, list[str]]:
    """Key, criterion, verdict and whether the criterion applies; the last row of a subject is `overall`."""
    judged = run(plan, population, engine, database)
    names = [*document.criteria, "overall"]
    pairs = {**judged.criteria, "overall": judged.overall}
    rows: dict[str, list[str]] = {"key": [], "criterion": [], "verdict": [], "applies": []}
    for place, key in enumerate(population.keys):
        for name in names:
            certain, possible = pairs[name]
            rows["key"].append(str(key))
            rows["criterion"].append(name)
            rows["verdict"].append("met" if certain[place] else "unknown" if possible[place] else "not_met")
            rows["applies"].append("yes" if name == "overall" or judged.applies[name][1][place] else "no")
    return rows


def is_there(engine: str) -> bool:
    """Whether all that an engine needs is installed."""
    return all(importlib.util.find_spec(module) is not None for module in ENGINES[engine][0])


def chosen(engine: str | None) -> str:
    """The engine asked for, or else the best that is installed; a click error names the extra of a missing one."""
    if engine is None:
        return "duckdb" if is_there("duckdb") else "numpy"
    if not is_there(engine):
        there = ", ".join(filter(is_there, ENGINES))
        extra = ENGINES[engine][1]
        raise click.ClickException(
            said(f"没有安装 {engine} 引擎：请安装 hatchline[{extra}]，或改用：{there}",
                 f"--engine {engine} is not installed: install hatchline[{extra}], or use one of: {there}")
        )  # fmt: skip
    return engine


def run(plan: Plan, population: Population, engine: str, database: str | None) -> Any:
    """The verdicts by one engine that is installed; a missing address is told."""
    from hatchline.core.rules import kernel, vector
    from hatchline.core.rules.vector import TooLarge

    try:
        if engine == "numpy":
            return vector.evaluate(plan, population)
        if engine == "kernel":
            return kernel.judge(plan, population)
        from hatchline.core.rules import engines

        if engine == "duckdb":
            return engines.DuckDB(population).judge(plan)
        if engine == "postgres":
            return on_postgres(engines, plan, population, database or os.environ.get("DATABASE_URL", ""))
        return on_spark(engines, plan, population)
    except TooLarge as error:
        raise too_large(error) from None


def too_large(error: Exception) -> click.ClickException:
    """A figure that an engine's whole numbers do not hold."""
    return click.ClickException(said("有的数放不进 64 位整数：请用 duckdb 引擎", str(error)))


def on_postgres(engines: Any, plan: Plan, population: Population, address: str) -> Any:
    import psycopg

    if not address.startswith("postgres"):
        raise click.UsageError(
            said("--engine postgres 需要 --database 或 DATABASE_URL 给出 postgres 地址",
                 "--engine postgres needs --database or DATABASE_URL with a postgres address")
        )  # fmt: skip
    try:
        with psycopg.connect(address) as connection:
            return engines.PostgreSQL(population, connection).judge(plan)
    except psycopg.OperationalError as error:
        raise click.ClickException(
            said(f"连不上 PostgreSQL：{error}", f"PostgreSQL cannot be reached: {error}")
        ) from None


def on_spark(engines: Any, plan: Plan, population: Population) -> Any:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[*]").appName("hatchline").getOrCreate()
    try:
        return engines.Spark(population, session).judge(plan)
    finally:
        session.stop()


def counts(document: Document, rows: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """How many are met, not met and unknown, per criterion and overall."""
    found = {name: {"met": 0, "not_met": 0, "unknown": 0} for name in [*document.criteria, "overall"]}
    for criterion, verdict in zip(rows["criterion"], rows["verdict"], strict=True):
        found[criterion][verdict] += 1
    return found


def explain_here(document: Document, day: date, key: str, language: str, as_json: bool) -> None:
    """Print why, of one subject of the district: each fact with the record it comes from and its day."""
    from django.utils import translation

    from hatchline.core.rules import telling
    from hatchline.journeys import judge
    from hatchline.journeys.gather import INSTITUTION, VENTURE

    kind = VENTURE if document.subject == "venture" else INSTITUTION
    try:
        with translation.override("en" if language == "en" else "zh-hans"):
            its = judge.judge(kind, int(key) if key.isascii() and key.isdigit() else 0, document.name, as_of=day)
    except LookupError:
        whom = SUBJECTS[document.subject]
        raise click.UsageError(
            said(f"本区没有 key 为“{key}”的{whom.zh}", f"no {whom.en} of this district has the key {key!r}")
        ) from None
    if as_json:
        click.echo(json.dumps({"key": key} | telling.told(its.explanation, its.way), ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(telling.lines(its.explanation, its.way, language)))


def explain_one(document: Document, day: date, population: Population, key: str, language: str, as_json: bool) -> None:
    """Print why."""
    from hatchline.core.rules import telling
    from hatchline.core.rules.explain import Explainer
    from hatchline.core.rules.ways import nearest_way

    keys = [str(k) for k in population.keys]
    if key not in keys:
        hint = nearest(key, keys[:10_000])
        lacks = Text(f"没有 key 为“{key}”的对象", f"no subject has the key {key!r}")
        raise click.UsageError(lacks.hinted(hint).get(spoken()))
    facts, members = population.subject(keys.index(key))
    explainer = Explainer(document, day)
    explanation = explainer.explain(facts, members)
    way = nearest_way(explainer, explanation, facts, members)
    if as_json:
        click.echo(json.dumps({"key": key} | telling.told(explanation, way), ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(telling.lines(explanation, way, language)))
