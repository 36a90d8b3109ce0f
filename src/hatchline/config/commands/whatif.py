"""`hatchline whatif`: other figures over files of facts."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hatchline.config import factfiles
from hatchline.config.commands.evaluate import FILE, ground
from hatchline.core.rules import whatif
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.vector import TooLarge

NAMED = 20
PRINTED = 60


@click.command(name="whatif")
@click.argument("name", metavar="ID")
@click.option("--here", is_flag=True, help="Move figures over the district's own record instead of files.")
@click.option("--institutions", type=FILE, help="CSV or Parquet, as for evaluate.")
@click.option("--ventures", type=FILE, help="CSV or Parquet, as for evaluate.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of evaluation; today when not given.")
@click.option(
    "--set", "settings", multiple=True, help="NAME=15..30:1 or NAME=10,20,30 (a unit may follow); repeat for more."
)
@click.option("--against", default=None, help="Compare with this document over the same facts instead.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write one row per scenario.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
def command(
    name: str, here: bool, institutions: Path | None, ventures: Path | None, as_of: datetime | None,
    settings: tuple[str, ...], against: str | None, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Move the figures of the document ID: how many pass, who is won, who is lost, in every combination."""
    if against is not None and settings:
        raise click.UsageError("--against compares two documents as they stand: leave --set out")
    if out is not None:
        factfiles.can_be_written(out)
    document, day, population = ground(name, here, institutions, ventures, as_of)
    keys = [str(key) for key in population.keys]
    try:
        if against is not None:
            other = (factfiles.standing_document if here else factfiles.document_named)(against)
            if other.subject != document.subject:
                raise click.UsageError(f"{document.name} judges {document.subject}s, {other.name} {other.subject}s")
            if not here and other.asks_about_ventures and ventures is None:
                raise click.UsageError(f"{other.name} asks about ventures: give --ventures")
            outcomes = [whatif.compare(document, other, day, population)]
        else:
            asked = whatif.scenarios([whatif.setting(document, text) for text in settings])
            outcomes = whatif.WhatIf(document, day, population).run(asked)
    except whatif.BadSetting as error:
        raise click.UsageError(str(error)) from None
    except (TooLarge, Misuse) as error:
        raise click.ClickException(str(error)) from None
    rows = [row(outcome, keys) for outcome in outcomes]
    if out is not None:
        factfiles.write_table(out, {head: [flat(r[head]) for r in rows] for head in rows[0]})
    if as_json:
        click.echo(json.dumps({"document": document.name, "as_of": day.isoformat(), "subjects": len(keys),
                               "scenarios": rows}, ensure_ascii=False))  # fmt: skip
        return
    for r in rows[:PRINTED]:
        shown = " ".join(f"{k}={v}" for k, v in r["scenario"].items()) or (
            f"under {against}" if against else "as it stands"
        )
        click.echo(f"{shown}: {r['passes']} pass, {r['unknown']} unknown, {r['won']} won, {r['lost']} lost")
        if len(rows) == 1:
            click.echo(f"won: {named(r['winners'])}\nlost: {named(r['losers'])}")
            for criterion, passes in r["criteria"].items():
                click.echo(f"  {criterion}: {passes} met")
    if len(rows) > PRINTED:
        click.echo(f"… and {len(rows) - PRINTED} more; --out FILE writes all of them")


def row(outcome: whatif.Outcome, keys: list[str]) -> dict[str, Any]:
    """One scenario for a table: how many, who is won and who is lost, how many meet each criterion."""
    return {
        "scenario": {name: quantity.text("en") for name, quantity in outcome.scenario.items()},
        "passes": outcome.passes, "unknown": outcome.unknown, "won": outcome.won, "lost": outcome.lost,
        "winners": [keys[place] for place in outcome.winners()],
        "losers": [keys[place] for place in outcome.losers()], "criteria": outcome.by_criterion(),
    }  # fmt: skip


def named(keys: list[str]) -> str:
    """The first keys, and how many more there are."""
    more = f" and {len(keys) - NAMED} more; --out FILE writes all of them" if len(keys) > NAMED else ""
    return ", ".join(keys[:NAMED]) + more


def flat(value: Any) -> Any:
    """A cell: mappings and lists as text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
