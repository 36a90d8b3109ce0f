"""The command line. Each module of config/commands/ gives one click command (or group) named ``command``.

Exit codes: 0 done; 1 refused or something found wrong; 2 the call itself was wrong; 3 a setting is missing or wrong.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pkgutil
import sys
from typing import NoReturn

import click

from hatchline.config import commands
from hatchline.config.env import SettingProblem

WRONG_CALL = 2


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
    """Entry point: problems of settings become one clear message and exit code 3.

    With ``--json`` a wrong call and a wrong setting answer with one JSON object on stdout too, as everything else does.
    """
    as_json = "--json" in sys.argv[1:]
    try:
        code = main_group(prog_name="hatchline", standalone_mode=not as_json)
        sys.exit(code if isinstance(code, int) else 0)  # what ``ctx.exit`` asked for
    except SettingProblem as problem:
        _give_up(str(problem), 3, as_json)
    except click.ClickException as problem:  # in standalone mode click says this itself
        _give_up(problem.format_message(), problem.exit_code, as_json)
    except click.Abort:
        _give_up("aborted", 1, as_json)


def _give_up(said: str, code: int, as_json: bool) -> NoReturn:
    if as_json:
        status = "wrong_call" if code == WRONG_CALL else "failed"
        click.echo(json.dumps({"status": status, "problems": [said]}, ensure_ascii=False, indent=1))
    click.echo(said, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
