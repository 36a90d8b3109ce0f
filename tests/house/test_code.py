"""Rules about the code itself that no ready-made tool holds."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Model

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
    """Another app, a journey or a site asks through queries and actions. Words (choices) and types may be imported."""
    offenders = []
    for path in MODULES:
        parts = path.relative_to(SOURCE).parts
        own = f"hatchline.apps.{parts[1]}." if parts[0] == "apps" else "-"
        for node in _imports_at_run_time(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module or ""
            if re.fullmatch(r"hatchline\.apps\.\w+\.models(\..+)?", module) and not module.startswith(own):
                tables = [alias.name for alias in node.names if not _is_a_word(module, alias.name)]
                if tables:
                    offenders.append(f"{named(path)}:{node.lineno} {module} {tables}")
    assert not offenders, "\n".join(offenders)


def _imports_at_run_time(tree: ast.Module) -> list[ast.ImportFrom]:
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node not in typing]


def _is_a_word(module: str, name: str) -> bool:
    """Whether a name of a models module is a list of choices or a constant, not a table."""
    found = getattr(importlib.import_module(module), name)
    return not (isinstance(found, type) and issubclass(found, Model))


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


@pytest.mark.django_db
def test_migrations_make_the_tables_of_the_models():
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_what_the_code_reads_is_packed():
    """A wheel holds what pyproject.toml's patterns find beside a package's modules; a new kind of file needs one."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = declared["tool"]["setuptools"]["package-data"]
    packed = set()
    for package in (path.parent for path in SOURCE.rglob("__init__.py")):
        name = ".".join(package.relative_to(SOURCE.parent).parts)
        for pattern in [*patterns["*"], *patterns.get(name, [])]:
            packed |= {path for path in package.glob(pattern) if path.is_file()}
    wanted = {path for path in SOURCE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    left_out = {path for path in wanted - packed if path.name not in {"README.md", ".keep"}}
    assert packed
    assert not left_out, sorted(map(named, left_out))


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
