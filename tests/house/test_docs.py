"""The generated pages say what the code says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hatchline.apps.people.roles import MAY
from hatchline.sites import routes
from hatchline.sites.api import interface

ROOT = Path(__file__).resolve().parents[2]


def test_generated_pages_are_current():
    """In a process of its own: the pages are made under the software's settings, not under those of a test."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("HATCHLINE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_of_permissions_names_every_route_operation_and_capability():
    page = (ROOT / "docs" / "generated" / "permissions.md").read_text(encoding="utf-8")
    missing = [route.pattern for route in routes.all_routes() if f"`{route.pattern}`" not in page]
    missing += [path for method, path, _, _ in interface.operations() if f"`{method} /api{path}`" not in page]
    missing += [capability for capability in MAY if f"\n| {capability} |" not in page]
    assert not missing, missing
