"""hatchline world: an invented district to look at, or many invented organisations to measure with."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from hatchline.config.cli import start_django


@click.command()
@click.option("--institutions", default=44, show_default=True, help="How many institutions to invent.")
@click.option("--organisations", default=0, show_default=True, help="Besides, bring a crowd of companies up to this.")
@click.option("--ventures", default=0, show_default=True, help="Besides, bring the ventures up to this, with stays.")
@click.option("--seed", default=2014, show_default=True, help="The same seed makes the same district.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(institutions: int, organisations: int, ventures: int, seed: int, as_json: bool) -> None:
    """Invent a district: institutions, ventures and their lives, premises, people with accounts, ties, messages.

    Up to 44 institutions it is the district of the demonstration; more of them, and more ventures, are added in bulk
    for measuring. Running it again adds what is missing and nothing twice.

    Only where HATCHLINE_DEMONSTRATION=1: every figure is invented and pages say so. A district that stands already is
    left as it is. The accounts and their password are written to HATCHLINE_HOME/demonstration.txt.
    """
    start_django()
    from django.conf import settings
    from django.utils import timezone

    from hatchline.apps.indicators import actions as indicators
    from hatchline.journeys import reference, world

    if not settings.DEMONSTRATION:
        click.echo("this district is not marked as a demonstration: set HATCHLINE_DEMONSTRATION=1 first", err=True)
        sys.exit(1)
    now = timezone.now()
    today = settings.BUSINESS_DATE or timezone.localdate()
    done: dict[str, Any] = {"built": False, "institutions": 0}
    for _what in reference.load(district=settings.DISTRICT, now=now):
        pass
    if not world.stands():
        made = world.build(
            district=settings.DISTRICT, count=min(institutions, world.FULL), seed=seed, now=now, today=today
        )
        path = world.write_accounts(made, settings.HOME)
        done |= {"built": True, "institutions": made.institutions, "accounts": str(path)}

    def progress(what: str, number: int) -> None:
        if not as_json:
            click.echo(f"\r{number} {what}", nl=False, err=True)

    common: dict[str, Any] = {"district": settings.DISTRICT, "seed": seed, "now": now, "progress": progress}
    if institutions > world.FULL:
        done["institutions_added"] = world.add_institutions(institutions, **common)
    if ventures:
        done["ventures_added"], done["stays_added"] = world.add_ventures(ventures, today=today, **common)
    if organisations:
        done["organisations_added"] = world.add_organisations(
            organisations,
            district=settings.DISTRICT,
            seed=seed,
            now=now,
            progress=None if as_json else lambda number: click.echo(f"\r{number} organisations", nl=False, err=True),
        )
    done["figures_kept"] = 0
    while kept := indicators.keep(today=today, now=now):
        done["figures_kept"] += kept
        progress("figures kept", done["figures_kept"])
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
        return
    if done["built"]:
        click.echo(f"{done['institutions']} institutions invented; accounts in {done['accounts']}")
    else:
        click.echo("the district stands already; left as it is")
    for what in ("institutions", "ventures", "stays", "organisations"):
        if f"{what}_added" in done:
            click.echo(f"{done[f'{what}_added']} {what} added")
