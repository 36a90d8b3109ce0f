"""hatchline reference: bring in the published reference data that comes with the package."""

from __future__ import annotations

import json

import click

from hatchline.config.cli import start_django


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(as_json: bool) -> None:
    """Load divisions, classifications and the plan's targets.

    The files come with the package (src/hatchline/reference, with their licences). Loading again changes nothing;
    a newer package brings names up to date. Nothing is deleted.
    """
    start_django()
    from django.conf import settings
    from django.utils import timezone

    from hatchline.journeys import reference

    done = {}
    for what, created, updated, unchanged in reference.load(district=settings.DISTRICT, now=timezone.now()):
        done[what] = {"created": created, "updated": updated, "unchanged": unchanged}
        if not as_json:
            click.echo(f"{what}: {created} new, {updated} changed, {unchanged} as before")
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
