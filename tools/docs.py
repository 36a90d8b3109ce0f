"""Make docs/generated from the code: permissions, moves, settings, command line and the rulebook in prose.

``--check`` writes nothing and fails on a stale page.
"""

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

from hatchline.sites import access  # noqa: E402

LANGUAGES = ("zh", "en")
HEAD = "<!-- made by `make docs`; edit the code it describes instead -->\n\n"


def permissions() -> str:
    """Every route and every operation of the API with what it asks for and who has that; every capability."""
    from hatchline.apps.people.roles import MAY, RoleKind
    from hatchline.sites import routes
    from hatchline.sites.api import interface

    kinds = list(RoleKind)

    def who(kind: str, capabilities: list[str]) -> str:
        if kind != "may":
            return {"public": "anyone", "signed_in": "any account"}.get(kind, "")
        return ", ".join(each.value for each in kinds if any(each in MAY[name] for name in capabilities))

    lines = ["# Permissions", "", "## Routes", "", "| route | address | asks for | who |", "|---|---|---|---|"]
    for route in routes.all_routes():
        declared = access.of(route.view)
        may = who(declared.kind, [declared.capability]) if declared is not None else ""
        lines.append(f"| `{route.name}` | `{route.pattern}` | {route.access} | {may} |")
    lines += ["", "## Operations of the API", "", "| operation | call | asks for | who |", "|---|---|---|---|"]
    for method, path, needs, operation in sorted(interface.operations(), key=lambda each: (each[1], each[0])):
        asked = ", ".join(needs.capabilities) or needs.kind
        may = who(needs.kind, list(needs.capabilities))
        lines.append(f"| `{operation.operation_id}` | `{method} /api{path}` | {asked} | {may} |")
    lines += [
        "",
        "## Capabilities",
        "",
        "| capability | " + " | ".join(kind.value for kind in kinds) + " |",
        "|---|" + "---|" * len(kinds),
    ]
    lines += [
        f"| {name} | " + " | ".join("●" if kind in having else "" for kind in kinds) + " |"
        for name, having in sorted(MAY.items())
    ]
    return "\n".join(lines) + "\n"


def moves() -> str:
    """Each app's table of moves, and a diagram of states for each noun."""
    parts = ["# Moves", ""]
    for path in sorted((ROOT / "src" / "hatchline" / "apps").glob("*/states.py")):
        app = path.parent.name
        table = importlib.import_module(f"hatchline.apps.{app}.states").MOVES
        parts += [f"## {app}", "", "| verb | from | to | who | event | wording |", "|---|---|---|---|---|---|"]
        nouns: dict[str, list[str]] = {}
        for each in table:
            with translation.override("zh-hans"):
                wording = str(each.wording)
            who = ", ".join(sorted(each.roles)) or "the system"
            before = ", ".join(sorted(each.sources)) or "–"
            to = {"": "–", "*": "the verb chooses"}.get(each.to, each.to)
            parts.append(f"| {each.verb} | {before} | {to} | {who} | `{each.event}` | {wording} |")
            if each.to not in ("", "*"):
                edges = nouns.setdefault(each.event.split(".")[1], [])
                edges += [f"    {source} --> {each.to}: {each.verb}" for source in sorted(each.sources) or ["[*]"]]
        for noun, edges in nouns.items():
            parts += ["", f"### States of {app}.{noun}", "", "```mermaid", "stateDiagram-v2", *edges, "```"]
        parts.append("")
    return "\n".join(parts)


def rulebook() -> str:
    """The documents of the rulebook: which there are, and where each is told in prose."""
    from hatchline import rulebook as packaged

    lines = [
        "# Rulebook",
        "",
        "What the rules say, told from the same nodes that are evaluated. Not the official text.",
    ]
    lines += ["", "| document | number | 中文 | English |", "|---|---|---|---|"]
    for name, document in sorted(packaged.library().documents.items()):
        links = " | ".join(f"[{document.title.get(tongue)}](rulebook/{name}.{tongue}.md)" for tongue in LANGUAGES)
        lines.append(f"| `{name}` | {document.number} | {links} |")
    return "\n".join(lines) + "\n"


def rulebook_pages() -> dict[str, str]:
    """One page a document and language, with the figures of its first day in force."""
    from hatchline import rulebook as packaged
    from hatchline.core.rules import prose

    return {
        f"rulebook/{name}.{tongue}.md": prose.markdown(prose.page(document, tongue))
        for name, document in packaged.library().documents.items()
        for tongue in LANGUAGES
    }


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


PAGES = {
    "permissions.md": permissions,
    "moves.md": moves,
    "settings.md": settings,
    "command-line.md": command_line,
    "rulebook.md": rulebook,
}


def pages() -> dict[str, str]:
    """Every page's name and text, as the code is now."""
    made = {name: make() for name, make in PAGES.items()} | rulebook_pages()
    return {name: HEAD + text for name, text in made.items()}


def stale(made: dict[str, str]) -> list[str]:
    """Pages that differ from the code, that are missing, or that nothing makes any more."""
    kept = {str(path.relative_to(TARGET)): path for path in TARGET.rglob("*.md")}
    changed = [name for name, text in made.items() if name not in kept or kept[name].read_text("utf-8") != text]
    return sorted([*changed, *(kept.keys() - made.keys())])


def write(made: dict[str, str]) -> None:
    """Write every page and remove what nothing makes any more."""
    for name in stale(made):
        path = TARGET / name
        if name not in made:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[name], encoding="utf-8")


def main(arguments: list[str]) -> int:
    made = pages()
    if "--check" not in arguments:
        write(made)
        return 0
    wrong = stale(made)
    if wrong:
        print(f"stale: {', '.join(wrong)}; run `make docs`")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
