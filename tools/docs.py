"""Make docs/generated from the code: permissions, moves, settings, command line. ``--check`` fails on a stale page."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "generated"

os.environ.setdefault("HATCHLINE_SECRET_KEY", "for documentation alone, nothing is ever signed with it")
os.environ.setdefault("HATCHLINE_HOME", tempfile.mkdtemp(prefix="hatchline-docs-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatchline.config.settings")
for name in ("HATCHLINE_DEMONSTRATION", "HATCHLINE_TODAY"):
    os.environ[name] = ""  # the pages describe the software, not this district

import django  # noqa: E402

django.setup()

from django.utils import translation  # noqa: E402

HEAD = "<!-- made by `make docs`; edit the code it describes instead -->\n\n"


def permissions() -> str:
    """Every route and API operation with what it asks for, and every capability with who has it."""
    from hatchline.apps.people.roles import MAY, RoleKind
    from hatchline.sites import routes

    kinds = list(RoleKind)
    lines = ["# Permissions", "", "## Routes", "", "| route | address | access |", "|---|---|---|"]
    lines += [f"| `{route.name}` | `{route.pattern}` | {route.access} |" for route in routes.all_routes()]
    lines += [
        "",
        "## Capabilities",
        "",
        "| capability | " + " | ".join(kind.value for kind in kinds) + " |",
        "|---|" + "---|" * len(kinds),
    ]
    lines += [
        f"| {name} | " + " | ".join("●" if kind in who else "" for kind in kinds) + " |"
        for name, who in sorted(MAY.items())
    ]
    return "\n".join(lines) + "\n"


def moves() -> str:
    """Each app's table of moves, and its diagram of states."""
    parts = ["# Moves", ""]
    for path in sorted((ROOT / "src" / "hatchline" / "apps").glob("*/states.py")):
        app = path.parent.name
        table = importlib.import_module(f"hatchline.apps.{app}.states").MOVES
        parts += [f"## {app}", "", "| verb | from | to | who | event | wording |", "|---|---|---|---|---|---|"]
        for each in table:
            with translation.override("zh-hans"):
                wording = str(each.wording)
            who = ", ".join(sorted(each.roles)) or "the system"
            before = ", ".join(sorted(each.sources)) or "–"
            parts.append(f"| {each.verb} | {before} | {each.to or '–'} | {who} | `{each.event}` | {wording} |")
        edges = [
            f"    {source} --> {each.to}: {each.verb}"
            for each in table
            if each.to not in ("", "*")
            for source in sorted(each.sources) or ["[*]"]
        ]
        if edges:
            parts += ["", "```mermaid", "stateDiagram-v2", *edges, "```"]
        parts.append("")
    return "\n".join(parts)


def settings() -> str:
    """Every setting."""
    from hatchline.config.env import SETTINGS

    lines = ["# Settings", "", "| name | default | purpose |", "|---|---|---|"]
    for each in SETTINGS:
        default = "must be given" if each.default is None else f"`{each.default}`" if each.default else "–"
        lines.append(f"| `{each.name}` | {default} | {each.purpose} |")
    return "\n".join(lines) + "\n"


def command_line() -> str:
    """The help of every command."""
    import click

    from hatchline.config.cli import main_group

    parts = ["# Command line", ""]

    def tell(command: click.Command, words: list[str]) -> None:
        context = click.Context(command, info_name=" ".join(words), max_content_width=100)
        parts.extend([f"## {' '.join(words)}", "", "```", command.get_help(context), "```", ""])
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                if found is not None:
                    tell(found, [*words, name])

    tell(main_group, ["hatchline"])
    return "\n".join(parts)


PAGES = {"permissions.md": permissions, "moves.md": moves, "settings.md": settings, "command-line.md": command_line}


def main(arguments: list[str]) -> int:
    stale = []
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        text = HEAD + make()
        path = TARGET / name
        if "--check" in arguments:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"stale: {', '.join(stale)}; run `make docs`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
