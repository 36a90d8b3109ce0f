"""hatchline doctor: what is wrong, and how to put it right."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from hatchline.config.cli import start_django

SIGNS = {"ok": "ok     ", "note": "note   ", "warning": "WARNING", "fault": "FAULT  "}


@click.command()
@click.option("--mend", is_flag=True, help="Put right what can be put right without losing anything, then look again.")
@click.option("--all", "every_file", is_flag=True, help="Reckon the digest of every stored file, not of a sample.")
@click.option(
    "--head", "heads", multiple=True, metavar="NUMBER:DIGEST", help="A sealed head from a printed daily slip."
)
@click.option(
    "--backup",
    "backups",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A backup whose sealed head the ledger must still hold.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(mend: bool, every_file: bool, heads: tuple[str, ...], backups: tuple[Path, ...], as_json: bool) -> None:
    """Look at everything the district stands on: settings, database, migrations, guards, keys, disk, outbox, ledger,
    files, accounts, front end and clock. Each fault says how it is mended.

    Exit code 0 when there is no fault (warnings and notes do not count), 1 when there is one, 2 for a wrong call.
    """
    start_django()
    from django.utils import timezone

    from hatchline.config import backups as kept
    from hatchline.config import diagnosis

    wanted = list(heads)
    for path in backups:
        try:
            head = kept.read_manifest(path)["sealed_head"]
        except kept.BackupProblem as problem:
            raise click.BadParameter(str(problem), param_hint="--backup") from problem
        if head:
            wanted.append(head)
    for head in wanted:
        number, _sign, digest = head.partition(":")
        if not number.strip().isdecimal() or len(digest.replace(" ", "")) < 16:
            raise click.BadParameter(f"write NUMBER:DIGEST as on the slip, found {head!r}", param_hint="--head")
    mended = diagnosis.mend() if mend else []
    findings = diagnosis.examine(diagnosis.Wishes(now=timezone.now(), every_file=every_file, heads=tuple(wanted)))
    if as_json:
        click.echo(json.dumps(diagnosis.as_json(findings, mended), ensure_ascii=False, indent=1))
    else:
        for sentence in mended:
            click.echo(f"mended   {sentence}")
        for each in findings:
            click.echo(f"{SIGNS[each.state]}  {each.check}: {each.text}")
            if each.remedy and each.state in {"warning", "fault"}:
                click.echo(f"         → {each.remedy}")
    sys.exit(1 if diagnosis.worst(findings) == diagnosis.FAULT else 0)
