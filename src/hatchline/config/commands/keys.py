"""hatchline keys: the keys for personal data."""

from __future__ import annotations

import json

import click

from hatchline.config.cli import start_django


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the keys for personal data and how many values stand under each; `rotate` and `rewrite` change them."""
    start_django()
    if context.invoked_subcommand:
        return
    from hatchline.apps.columns import encrypted, keys

    rows = [
        {
            "purpose": purpose,
            "id": key.id,
            "algorithm": key.algorithm,
            "values": _values(key.id) if purpose == "personal" else None,
        }
        for purpose in keys.PURPOSES
        for key in keys.all_of(purpose).values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        used = f", {row['values']} values" if row["values"] is not None else ""
        click.echo(f"{row['purpose']} {row['id']}: {row['algorithm']}{used}")
    click.echo(f"{len(encrypted.columns())} encrypted columns")


def _values(key_id: str) -> int:
    from hatchline.apps.columns import encrypted

    return sum(encrypted.key_ids(model, field).get(key_id, 0) for model, field in encrypted.columns())


@command.command()
@click.option("--national", is_flag=True, help="SM4 instead of AES, for districts that must use national algorithms.")
def rotate(national: bool) -> None:
    """Add a newer key for encrypted columns. Restart every process, then run `hatchline keys rewrite`."""
    from hatchline.apps.columns import keys

    key = keys.rotate("personal", national=national)
    click.echo(
        f"{key.purpose} {key.id} ({key.algorithm}) is used for all writing once every process has been restarted"
    )


@command.command()
def rewrite() -> None:
    """Write values that stand under an older key anew with the current one. Stop and start again at will."""
    from hatchline.apps.columns import encrypted

    for model, field in encrypted.columns():
        total = 0
        while changed := encrypted.write_anew(model, field):
            total += changed
        click.echo(f"{model._meta.label}.{field}: {total} values written anew")
    click.echo("older keys may be kept apart from the server now; backups made before still need them")
