"""hatchline import: take a list in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from hatchline.config.cli import start_django

OUTCOMES = ("created", "updated", "unchanged", "rejected", "question")
SKIPS = {
    "blank": ("空行", "blank"),
    "header_again": ("重复的表头", "the header again"),
    "sub_header": ("分组标题", "headings of groups"),
    "total": ("合计行", "totals"),
    "note": ("附注和落款", "notes and signatures"),
    "skip_rows": ("映射的 skip_rows", "skip_rows of the mapping"),
    "when": ("不合映射的 when", "not what `when` of the mapping asks for"),
    "no_part": ("没有一个 parts 有内容", "none of the mapping's parts is filled"),
}


@click.command(name="import")
@click.argument("target", metavar="TARGET")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "-m",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Mapping (YAML): which column goes to which field; without it one is guessed and shown.",
)
@click.option("--guess", "only_guess", is_flag=True, help="Print the guessed mapping as YAML and stop.")
@click.option("--fields", "only_fields", is_flag=True, help="Print the fields that TARGET takes and stop; no FILE.")
@click.option("--dry-run", is_flag=True, help="Say what would become of every row; write no record.")
@click.option("--all-or-nothing", is_flag=True, help="Take nothing in when any row is rejected.")
@click.option(
    "--bad-rows",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write rejected rows, cells marked, to this .xlsx.",
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the sentences."
)
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object: counts and every row that was not plainly taken in."
)
def command(
    target: str,
    file: Path | None,
    mapping: Path | None,
    only_guess: bool,
    only_fields: bool,
    dry_run: bool,
    all_or_nothing: bool,
    bad_rows: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Take a list in as TARGET.

    \b
    TARGET is one of:
      organisations  institutions  ventures      stays
      fundings       titles        premises      spaces
      occupancies    observations  staff         mentors
      ties

    FILE is CSV in any common encoding and delimiter, XLSX, XLS or ODS. Each row ends as created, updated, unchanged,
    rejected (with sheet, row, column, reason and advice) or question (a possible duplicate, to be answered in the
    console). The same file again changes nothing; a killed import is carried on by calling it again.

    \b
    hatchline import stays --fields                                which fields a mapping may fill
    hatchline import institutions list.xlsx --guess > list.yaml    a mapping to begin with
    hatchline import institutions list.xlsx -m list.yaml --dry-run  what would become of every row
    hatchline import institutions list.xlsx -m list.yaml --bad-rows bad.xlsx

    Exit code 0: every row was taken in, was there already, or is a question. 1: rows were rejected, or the file or
    the mapping cannot be used. 2: wrong call. 3: a setting is missing.
    """
    start_django()
    from django.db import DatabaseError
    from django.utils import timezone

    from hatchline.core.values.refusal import Refused
    from hatchline.journeys.imports import flow, mending

    if target not in flow.TARGETS:
        raise click.BadParameter(f"{target!r} is none of: {', '.join(flow.TARGETS)}", param_hint="TARGET")
    if only_fields:
        _fields(target, lang, as_json)
        return
    if file is None:
        raise click.MissingParameter(param_hint="FILE", param_type="argument")
    try:
        with file.open("rb") as handle:
            run = flow.upload(handle, name=file.name, target=target, by=None, now=timezone.now())
        text = mapping.read_text(encoding="utf-8") if mapping else _guessed(flow.look(run).proposal, only_guess)
        if only_guess:
            click.echo(text, nl=False)
            flow.imports.abandon(run, by=None, now=timezone.now())
            return
        if not mapping and not as_json:
            click.echo(f"no --mapping given; guessed:\n{text}", err=True)
        flow.map_columns(run, text, by=None, now=timezone.now())
        run.refresh_from_db()
        tick = _progress(file, as_json)
        earlier = None if dry_run else flow.unfinished_like(run)
        if earlier is not None:
            click.echo(f"run {earlier.pk} of this file was not finished: going on after row {earlier.cursor}", err=True)
            flow.abandon_for(run, earlier, now=timezone.now())
            run = flow.take_in(earlier, now=timezone.now(), tick=tick)
        else:
            run = flow.preview(run, only_good_rows=not all_or_nothing, by=None, now=timezone.now(), tick=tick)
            if not dry_run:
                run = flow.start(
                    run, only_good_rows=not all_or_nothing, by=None, now=timezone.now(), in_background=False
                )
                run = flow.take_in(run, now=timezone.now(), tick=tick)
        if bad_rows is not None:
            bad_rows.write_bytes(mending.bad_rows(run, language=lang).getvalue())
    except (Refused, *flow.Unreadable) as error:
        _fail(error, lang, as_json)
    except UnicodeDecodeError:
        _fail(ValueError(f"{mapping} is not UTF-8 text; save it as UTF-8"), lang, as_json)
    except DatabaseError as error:
        advice = "Rows that are in stay in; call again to go on."
        if not _is_ready():
            advice = (
                "This home has no district yet, or one of an older version: `hatchline up --no-serve` makes it ready."
            )
        _fail(ValueError(f"the database refused: {error}. {advice}"), lang, as_json)
    except OSError as error:
        _fail(ValueError(f"{error.filename or file}: {error.strerror}"), lang, as_json)
    _report(run, dry_run, lang, as_json)


def _is_ready() -> bool:
    """Whether the database has every table that this version knows."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _fields(target: str, lang: str, as_json: bool) -> None:
    """Every field of a target: its name, what it is called, its type, whether it is required, its codes."""
    from hatchline.journeys.imports import flow

    told = []
    for one in flow.TARGETS[target].fields():
        kind = {"money": "money, yuan", "area": "area, m2"}.get(one.type, one.type)
        told.append({
            "field": one.name, "label": (one.zh if lang == "zh" else one.en) or one.name, "type": kind,
            "required": one.required, "several": one.many, "codes": list(one.choices),
        })  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each in told:
        marks = ["required"] * bool(each["required"]) + ["several"] * bool(each["several"])
        codes = f": {' | '.join(each['codes'])}" if each["codes"] else ""
        click.echo(f"{each['field']:<22} {each['label']}  ({', '.join([str(each['type']), *marks])}){codes}")


def _guessed(proposal: Any, is_only_shown: bool) -> str:
    """The mapping proposed; one that knows no column is good for nothing but being shown."""
    from hatchline.core.tables.problems import Problem, UnableToReadTable

    if not proposal.mapping.rules and not is_only_shown:
        headers = ", ".join(each.header for each in proposal.columns)[:300]
        raise UnableToReadTable(Problem("file.no_known_column", {"headers": headers}, hint="hint.write_mapping"))
    return str(proposal.mapping.to_yaml())


def _progress(file: Path, quiet: bool) -> Any:
    if quiet or not sys.stderr.isatty():
        return None
    return lambda done: click.echo(f"\r{file.name}: {done}", nl=False, err=True)


def _fail(error: Any, lang: str, as_json: bool) -> NoReturn:
    problems = getattr(error, "problems", None)
    lines = [problem.full(lang) for problem in problems] if problems else [str(error)]
    if as_json:
        click.echo(json.dumps({"status": "failed", "problems": lines}, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(lines), err=True)
    sys.exit(1)


def _report(run: Any, dry_run: bool, lang: str, as_json: bool) -> None:
    from hatchline.journeys.imports import flow

    counts = {outcome: (run.preview["counts"] if dry_run else run.counts).get(outcome, 0) for outcome in OUTCOMES}
    rows = flow.told_rows(run, is_preview=dry_run)
    status = "previewed" if dry_run else run.status
    if as_json:
        told = {
            "run": run.pk,
            "status": status,
            "counts": counts,
            "skipped": run.preview.get("skipped", 0),
            "skips": run.preview.get("skips", {}),
            "warnings": run.preview.get("warnings", []),
            "rows": rows,
        }
        if run.problem:
            told["problem"] = run.problem
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            place = f"{row['sheet']} " if row["sheet"] else ""
            click.echo(f"{row['outcome']:>9}  {place}{row['number']}  {row['label']}")
            for problem in row["problems"]:
                header = f"{problem['column']} {problem['header']}: ".lstrip() if problem.get("header") else ""
                click.echo(f"           {header}{problem[lang]} {problem.get(f'hint_{lang}', '')}".rstrip())
            for candidate in row["candidates"]:
                why = ", ".join(reason[lang] for reason in candidate["reasons"])
                days = candidate.get("days", {}).get(lang, "")
                click.echo(f"           ? {candidate['label']}{days and f' · {days}'} ({why})")
        for outcome in ("rejected", "question") if dry_run else ():
            more = counts[outcome] - sum(row["outcome"] == outcome for row in rows)
            if more > 0:
                words = (
                    f"另有 {more} 行没有列出；--bad-rows 写出全部",
                    f"{more} more are not shown; --bad-rows writes all",
                )
                click.echo(
                    f"{outcome:>9}  … {words[lang != 'zh']}" if outcome == "rejected" else f"{outcome:>9}  … +{more}"
                )
        if run.problem:
            click.echo(run.problem[lang], err=True)
        for warning in run.preview.get("warnings", []):
            column = f"{warning['column']} {warning['header']}: ".lstrip() if warning["column"] else ""
            click.echo(f"  warning  {column}{warning[lang]} {warning[f'hint_{lang}']}")
        if run.preview.get("skipped"):
            why = (f"{SKIPS[each][lang != 'zh']} {number}" for each, number in run.preview.get("skips", {}).items())
            passed = ("不是记录、没有导入的行", "rows that are no records")[lang != "zh"]
            click.echo(f"{passed}: {run.preview['skipped']} ({', '.join(why)})")
        click.echo("  ".join(f"{outcome} {number}" for outcome, number in counts.items()))
    if counts["rejected"] or run.problem:
        sys.exit(1)
