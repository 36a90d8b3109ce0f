"""hatchline settings: every setting, its value or default and what it is for."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from hatchline.config.env import SETTINGS, file_values

SECRET = ("SECRET", "DATABASE_URL", "EMAIL_URL")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(as_json: bool) -> None:
    """List every setting with its value, default and purpose. Secrets are shown as set or not."""
    given = {**file_values(Path.cwd() / ".env"), **os.environ}
    rows = {}
    for setting in SETTINGS:
        value = given.get(setting.name)
        if value and any(word in setting.name for word in SECRET):
            value = "(set)"
        rows[setting.name] = {"value": value, "default": setting.default, "purpose": setting.purpose}
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for name, row in rows.items():
        shown = (
            row["value"]
            if row["value"] is not None
            else f"default {row['default']!r}"
            if row["default"] is not None
            else "NOT SET"
        )
        click.echo(f"{name} = {shown}\n    {row['purpose']}")
