"""Rules about the code itself that no ready-made tool holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hatchline"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
CLOCK = {("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("date", "today")}
CLOCK |= {("datetime", "now"), ("datetime", "utcnow"), ("time", "time")}
FORBIDDEN_IN_TEMPLATES = [
    (r"\sstyle\s*=", "style attribute"),
    (r"<style", "style element"),
    (r"\son[a-z]+\s*=\s*[\"']", "event attribute"),
    (r"\|\s*safe\b", "|safe"),
]
MAY_READ_THE_CLOCK = ("sites", "config")


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_the_clock_is_read_only_at_the_edges():
    offenders = []
    for path in MODULES:
        parts = path.relative_to(SOURCE).parts
        if parts[0] in MAY_READ_THE_CLOCK or path.stem == "tasks":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and (node.value.id, node.attr) in CLOCK
            ):
                offenders.append(f"{named(path)}:{node.lineno} {node.value.id}.{node.attr}")
    assert not offenders, offenders


def test_tables_are_private_to_their_app():
    """Another app, a journey or a site asks through queries and actions; only migrations and admin see tables."""
    graph = grimp.build_graph("hatchline")
    offenders = []
    for module in sorted(graph.modules):
        match = re.fullmatch(r"hatchline\.apps\.(\w+)\.models(\..+)?", module)
        if not match:
            continue
        owner = f"hatchline.apps.{match[1]}"
        for importer in sorted(graph.find_modules_that_directly_import(module)):
            if not importer.startswith(owner + ".") and importer != owner:
                details = graph.get_import_details(importer=importer, imported=module)
                lines = [detail["line_contents"] for detail in details]
                offenders.append(f"{importer}: {lines}")
    allowed = [each for each in offenders if _only_for_types(each.split(":")[0])]
    assert not sorted(set(offenders) - set(allowed)), sorted(set(offenders) - set(allowed))


def _only_for_types(module: str) -> bool:
    """Whether every import of another app's models in this module stands under TYPE_CHECKING."""
    path = SOURCE / Path(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    own = ".".join(module.split(".")[:3])
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    return all(
        node in guarded
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and re.fullmatch(r"hatchline\.apps\.\w+\.models(\..+)?", node.module or "")
        and not (node.module or "").startswith(own + ".")
    )


@pytest.mark.parametrize("folder", ["apps", "sites", "journeys", "core"])
def test_source_files_stay_readable(folder):
    too_long = [
        f"{named(path)}: {count} lines"
        for path in (SOURCE / folder).rglob("*.py")
        if "migrations" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > 600
    ]
    assert not too_long, too_long


def test_templates_have_no_inline_style_script_or_safe():
    offenders = []
    for path in SOURCE.rglob("templates/**/*"):
        if path.suffix not in {".jinja", ".html"}:
            continue
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        for pattern, what in FORBIDDEN_IN_TEMPLATES:
            offenders += [f"{named(path)}: {what}" for _ in re.findall(pattern, text)]
        for tag in re.findall(r"<script\b([^>]*)>", text):
            if "src=" not in tag and "application/json" not in tag:
                offenders.append(f"{named(path)}: inline script")
    assert not offenders, offenders


def test_every_app_tells_what_it_owns():
    apps = [path.parent for path in (SOURCE / "apps").glob("*/__init__.py")]
    assert apps
    missing = [app.name for app in apps if not (app / "README.md").is_file()]
    assert not missing, f"no README.md in {missing}"


def test_every_move_has_event_wording_and_known_roles():
    import importlib

    from hatchline.apps.people.roles import RoleKind

    tables = sorted((SOURCE / "apps").glob("*/states.py"))
    assert tables
    wrong = []
    for path in tables:
        app = path.parent.name
        for move in importlib.import_module(f"hatchline.apps.{app}.states").MOVES:
            if not re.fullmatch(rf"{app}\.[a-z_]+\.[a-z_]+", move.event):
                wrong.append(f"{app}.{move.verb}: event {move.event!r}")
            if not str(move.wording).strip():
                wrong.append(f"{app}.{move.verb}: no wording")
            if move.roles - set(RoleKind):
                wrong.append(f"{app}.{move.verb}: roles {sorted(move.roles)}")
    assert not wrong, wrong


def test_nothing_names_a_machine_or_a_registry():
    """Absolute paths of a machine and index addresses do not belong into what everyone installs."""
    listed = [
        path
        for folder in ("src", "tests", "tools", "benchmarks", "docs", "frontend", "requirements")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    ]
    listed += [
        ROOT / name
        for name in ("Makefile", "README.md", "pyproject.toml", "package.json", "package-lock.json", ".npmrc")
    ]
    pattern = re.compile(r"(?<![\w.-])/(?:work|root|home)/[\w.-]+/|pypi\.org|registry\.npmjs|--(?:extra-)?index-url")
    offenders = []
    for path in listed:
        if (
            path.suffix in {".pyc", ".mo", ".png", ".sqlite3", ".xlsx", ".xls", ".ods"}
            or "built" in path.parts
            or path == Path(__file__)
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        offenders += [f"{path.relative_to(ROOT)}: {found}" for found in pattern.findall(text)]
    assert not offenders, offenders
