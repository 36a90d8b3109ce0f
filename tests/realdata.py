"""Real files that may not be kept in the repository. They are found through HATCHLINE_TEST_DATA."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def real(name: str) -> Path:
    """The path of a real file. Without the folder the test counts as not run; under CI that is a failure."""
    folder = os.environ.get("HATCHLINE_TEST_DATA", "")
    path = Path(folder) / name if folder else None
    if path is not None and path.is_file():
        return path
    reason = f"{name} not run: HATCHLINE_TEST_DATA " + ("has no such file" if folder else "is not set")
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
