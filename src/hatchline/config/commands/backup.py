"""hatchline backup: the whole district in one file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from hatchline.config.cli import start_django


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(file: Path, as_json: bool) -> None:
    """Write database, stored files and a manifest with their digests and the ledger's sealed head to FILE.

    It may run while people work: the database is copied as it is at one moment (pg_dump on PostgreSQL). FILE ending in
    .gz is compressed. The keys for personal data are never inside: keep a copy of HATCHLINE_KEYS elsewhere, apart from
    the backups. Exit code 1 when no backup was made, or when stored files were found altered.
    """
    start_django()
    from django.conf import settings
    from django.utils import timezone

    from hatchline.config import backups

    try:
        made = backups.make(file, now=timezone.now())
    except backups.BackupProblem as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    if as_json:
        row = {
            "file": str(made.path),
            "size": made.size,
            "files": made.files,
            "sealed_head": made.head,
            "altered": made.altered,
        }
        click.echo(json.dumps(row, ensure_ascii=False, indent=1))
    else:
        click.echo(
            f"{made.path}: {made.size:,} bytes, database and {made.files} files, sealed head {made.head or 'none yet'}"
        )
        for path in made.altered:
            click.echo(f"ALTERED since it was stored: {path}")
        click.echo(
            f"The keys in {settings.KEYS} are not inside. Without them personal data cannot be read: keep a copy apart."
        )
    sys.exit(1 if made.altered else 0)
