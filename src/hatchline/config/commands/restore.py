"""hatchline restore: a district out of its backup."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from hatchline.config.cli import start_django


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--force", is_flag=True, help="Move aside what is there (PostgreSQL: replace the tables) instead of refusing."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(file: Path, force: bool, as_json: bool) -> None:
    """Bring the backup FILE into an empty home: database and stored files, each compared with its digest first.

    Stop the server and all workers before. Keys are not in a backup: copy them into HATCHLINE_KEYS, then run
    `hatchline up` and `hatchline doctor --all --backup FILE`. Exit code 1 when nothing was restored.
    """
    start_django()
    from django.conf import settings
    from django.utils import timezone

    from hatchline.apps.columns import keys
    from hatchline.config import backups

    try:
        done = backups.restore(file, force=force, now=timezone.now())
    except backups.BackupProblem as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    keys.forget()
    absent = [purpose for purpose in keys.PURPOSES if not keys.all_of(purpose)]
    if as_json:
        row = {**done.__dict__, "keys_to_bring": absent, "keys_folder": str(settings.KEYS)}
        click.echo(json.dumps(row, ensure_ascii=False, indent=1))
        return
    click.echo(
        f"restored the backup of {done.made_at}: database and {done.files} files, sealed head {done.head or 'none'}"
    )
    for path in done.moved_aside:
        click.echo(f"what was there before is at {path}")
    if absent:
        click.echo(f"Bring the keys ({', '.join(absent)}) of this district into {settings.KEYS} before `hatchline up`.")
    click.echo(f"Then: hatchline up --no-serve && hatchline doctor --all --backup {file}")
