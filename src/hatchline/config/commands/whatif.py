"""`hatchline whatif`: other figures over files of facts."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hatchline.config import factfiles
from hatchline.config.commands.evaluate import FILE, ground, more, too_large
from hatchline.config.language import in_language, said, spoken
from hatchline.core.rules import tallies, whatif
from hatchline.core.rules.nodes import SUBJECTS
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.vector import TooLarge

NAMED = 20
COUNTED = {"met": "达标", "unknown": "未知", "won": "新达标", "lost": "不再达标"}
PRINTED = 60


@click.command(name="whatif")
@click.argument("name", metavar="ID")
@click.option("--here", is_flag=True, help="Move figures over the district's own record instead of files.")
@click.option("--institutions", type=FILE, help="CSV or Parquet, as for evaluate.")
@click.option("--ventures", type=FILE, help="CSV or Parquet, as for evaluate.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of evaluation; today when not given.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    help="NAME=15..30:1 or NAME=10,20,30, a unit may follow; `rulebook show` has the names; repeat for more.",
)
@click.option("--against", default=None, help="Compare with this document over the same facts instead.")
@click.option(
    "--by",
    default=None,
    metavar="NAME",
    help="Count by group, too: territory, kind, institution or stage with --here; else a column of the subjects' file.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a row per scenario; with --by, per group and criterion.",
)
@in_language
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
def command(
    name: str, here: bool, institutions: Path | None, ventures: Path | None, as_of: datetime | None,
    settings: tuple[str, ...], against: str | None, by: str | None, out: Path | None, language: str, as_json: bool,
) -> None:  # fmt: skip
    """Move the figures of the document ID: how many pass, who is won, who is lost, in every combination."""
    if against is not None and settings:
        raise click.UsageError(
            said("--against 按两份文件的现状比较：请去掉 --set",
                 "--against compares two documents as they stand: leave --set out")
        )  # fmt: skip
    if out is not None:
        factfiles.can_be_written(out)
    document, day, population = ground(name, here, institutions, ventures, as_of, by)
    keys = [str(key) for key in population.keys]
    rows_of_groups = factfiles.groups(document, day, population, by, here, institutions, ventures) if by else None
    law: whatif.Outcome | None = None
    try:
        if against is not None:
            other = (factfiles.standing_document if here else factfiles.document_named)(against)
            if other.subject != document.subject:
                raise click.UsageError(
                    said(f"{document.name} 评价的是{SUBJECTS[document.subject].zh}，"
                         f"{other.name} 评价的是{SUBJECTS[other.subject].zh}",
                         f"{document.name} judges {document.subject}s, {other.name} {other.subject}s")
                )  # fmt: skip
            if not here and other.asks_about_ventures and ventures is None:
                raise click.UsageError(
                    said(f"{other.name} 要看企业的情况：请给出 --ventures",
                         f"{other.name} asks about ventures: give --ventures")
                )  # fmt: skip
            outcomes = [whatif.compare(document, other, day, population)]
        else:
            asked = whatif.scenarios([whatif.setting(document, text) for text in settings])
            moved = whatif.WhatIf(document, day, population)
            outcomes, law = moved.run(asked), moved.outcome({})
    except whatif.BadSetting as error:
        raise click.UsageError(error.said.get(spoken())) from None
    except Misuse as error:
        raise click.ClickException(error.said.get(spoken())) from None
    except TooLarge as error:
        raise too_large(error) from None
    groups = tallies.Groups.of(rows_of_groups) if rows_of_groups is not None else None
    rows = [row(outcome, law, keys, groups) for outcome in outcomes]
    shown = [tuple(f"{name}={value.text(language)}" for name, value in each.scenario.items()) for each in outcomes]
    if out is not None:
        factfiles.write_table(
            out, spread(rows, by) if by else {head: [flat(r[head]) for r in rows] for head in rows[0]}
        )
    if as_json:
        told = {"document": document.name, "digest": document.digest, "as_of": day.isoformat(), "subjects": len(keys)}
        click.echo(json.dumps(told | ({"by": by} if by else {}) | {"scenarios": rows}, ensure_ascii=False))
        return
    as_is = said(f"改用 {against}", f"under {against}") if against else said("按现行规定", "as it stands")
    for r, figures in zip(rows[:PRINTED], shown, strict=False):
        head = " ".join(figures) or as_is
        click.echo(
            said(f"{head}：{r['passes']} 家达标，{r['unknown']} 家未知，新达标 {r['won']} 家，不再达标 {r['lost']} 家",
                 f"{head}: {r['passes']} pass, {r['unknown']} unknown, {r['won']} won, {r['lost']} lost")
        )  # fmt: skip
        if len(rows) == 1:
            won, lost = named(r["winners"]), named(r["losers"])
            click.echo(said(f"新达标：{won}\n不再达标：{lost}", f"won: {won}\nlost: {lost}"))
            for criterion, told in r["by_criterion"].items():
                click.echo(f"  {criterion}: {counted(told)}")
        groups_told = {group: told for group, told in r.get("groups", {}).items() if happens(told)}
        for group, criteria in groups_told.items():
            shown_group = said("未知", group) if group == factfiles.UNKNOWN else group
            click.echo(f"  {by} {shown_group}: {counted(criteria[tallies.OVERALL])}")
            for criterion, told in criteria.items():
                if criterion != tallies.OVERALL and (told["won"] or told["lost"]):
                    click.echo(f"    {criterion}: {counted(told)}")
        if left_out := len(r.get("groups", {})) - len(groups_told):
            click.echo(
                said(f"  按 {by} 分的另外 {left_out} 组没有达标、未知或变化，未列出；--json 给出全部",
                     f"  {left_out} more by {by} left out: nobody met, unknown, won or lost; --json tells all")
            )  # fmt: skip
    if len(rows) > PRINTED:
        click.echo(more(len(rows) - PRINTED))


def row(
    outcome: whatif.Outcome, law: whatif.Outcome | None, keys: list[str], groups: tallies.Groups | None
) -> dict[str, Any]:
    """One scenario: how many, who is won and who is lost, the same by criterion and by group."""
    (whole,) = tallies.tallied(outcome, law, tallies.Groups.all_in_one(len(keys))).values()
    found = {
        "scenario": {name: quantity.text("en") for name, quantity in outcome.scenario.items()},
        "passes": outcome.passes, "unknown": outcome.unknown, "won": outcome.won, "lost": outcome.lost,
        "winners": [keys[place] for place in outcome.winners()],
        "losers": [keys[place] for place in outcome.losers()], "criteria": outcome.by_criterion(),
        "by_criterion": {name: vars(told) for name, told in whole.items() if name != tallies.OVERALL},
    }  # fmt: skip
    if groups is not None:
        by_group = tallies.tallied(outcome, law, groups)
        found["groups"] = {group: {name: vars(told) for name, told in by_group[group].items()} for group in by_group}
    return found


def spread(rows: list[dict[str, Any]], by: str) -> dict[str, list[Any]]:
    """A line for each scenario, group and criterion."""
    heads = ("scenario", by, "criterion", "met", "unknown", "won", "lost")
    lines = [
        (flat(r["scenario"]), group, criterion, *told.values())
        for r in rows for group, criteria in r["groups"].items() for criterion, told in criteria.items()
    ]  # fmt: skip
    return {head: [line[at] for line in lines] for at, head in enumerate(heads)}


def counted(told: dict[str, int]) -> str:
    """3 met, 1 unknown, 1 won, 0 lost."""
    return ", ".join(said(f"{COUNTED[what]} {number}", f"{number} {what}") for what, number in told.items())


def happens(criteria: dict[str, dict[str, int]]) -> bool:
    """Whether anybody of a group meets the whole or may, or is won or lost by the whole or a criterion."""
    return any(criteria[tallies.OVERALL].values()) or any(told["won"] or told["lost"] for told in criteria.values())


def named(keys: list[str]) -> str:
    """The first keys, and how many more there are."""
    shown = ", ".join(keys[:NAMED])
    return f"{shown} {more(len(keys) - NAMED)}" if len(keys) > NAMED else shown or said("没有", "nobody")


def flat(value: Any) -> Any:
    """A cell: mappings and lists as text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
