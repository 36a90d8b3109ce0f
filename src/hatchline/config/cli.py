"""The command line. Each module of config/commands/ gives one click command (or group) named ``command``.

Exit codes: 0 done; 1 refused or something found wrong; 2 the call itself was wrong; 3 a setting is missing or wrong.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys

import click

from hatchline.config import commands
from hatchline.config.env import SettingProblem


class Loaded(click.Group):
    """A group that imports a command only when it is asked for; Django starts only for those that need it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(
            module.name.replace("_", "-").removesuffix("-") for module in pkgutil.iter_modules(commands.__path__)
        )

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        stem = name.replace("-", "_")
        for module in (stem, f"{stem}_"):  # import_ is the module of `hatchline import`
            if importlib.util.find_spec(f"hatchline.config.commands.{module}"):
                found = importlib.import_module(f"hatchline.config.commands.{module}").command
                assert isinstance(found, click.Command)
                return found
        return None


@click.group(cls=Loaded, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="hatchline")
def main_group() -> None:
    """Hatchline 孵链: a district's technology-business incubation system.

    Settings come from the environment or a file .env in this folder (`hatchline settings` lists them).
    Exit codes: 0 done, 1 refused or something found wrong, 2 wrong call, 3 a setting missing or wrong.
    """


def start_django() -> None:
    """Set Django up, for commands that need tables."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatchline.config.settings")
    django.setup()


def main() -> None:
    """Entry point: problems of settings become one clear message and exit code 3."""
    try:
        main_group(prog_name="hatchline")
    except SettingProblem as problem:
        click.echo(str(problem), err=True)
        sys.exit(3)


if __name__ == "__main__":
    main()
