"""hatchline world: an invented district to look at, or many invented organisations to measure with."""

from __future__ import annotations

import json
import sys

import click

from hatchline.config.cli import start_django


@click.command()
@click.option("--institutions", default=44, show_default=True, help="How many institutions to invent.")
@click.option("--organisations", default=0, show_default=True, help="Besides, bring a crowd of companies up to this.")
@click.option("--seed", default=2014, show_default=True, help="The same seed makes the same district.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(institutions: int, organisations: int, seed: int, as_json: bool) -> None:
    """Invent a district: institutions, bodies, areas, people with accounts, ties, messages.

    Only where HATCHLINE_DEMONSTRATION=1: every figure is invented and pages say so. A district that stands already is
    left as it is. The accounts and their password are written to HATCHLINE_HOME/demonstration.txt.
    """
    start_django()
    from django.conf import settings
    from django.utils import timezone

    from hatchline.journeys import reference, world

    if not settings.DEMONSTRATION:
        click.echo("this district is not marked as a demonstration: set HATCHLINE_DEMONSTRATION=1 first", err=True)
        sys.exit(1)
    now = timezone.now()
    today = settings.BUSINESS_DATE or timezone.localdate()
    done: dict[str, object] = {"built": False, "institutions": 0, "organisations_added": 0}
    for _what in reference.load(district=settings.DISTRICT, now=now):
        pass
    if not world.stands():
        made = world.build(district=settings.DISTRICT, count=institutions, seed=seed, now=now, today=today)
        path = world.write_accounts(made, settings.HOME)
        done |= {"built": True, "institutions": made.institutions, "accounts": str(path)}
    if organisations:
        done["organisations_added"] = world.add_organisations(
            organisations,
            district=settings.DISTRICT,
            seed=seed,
            now=now,
            progress=None if as_json else lambda number: click.echo(f"\r{number} organisations", nl=False, err=True),
        )
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
        return
    if done["built"]:
        click.echo(f"{done['institutions']} institutions invented; accounts in {done['accounts']}")
    else:
        click.echo("the district stands already; left as it is")
    if organisations:
        click.echo(f"{done['organisations_added']} organisations added")
