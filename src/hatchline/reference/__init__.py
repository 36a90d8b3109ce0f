"""Published reference data that comes with the package. LICENCES.md says where each file is from."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def file(name: str) -> Path:
    """A packaged file."""
    return FOLDER / name


def tiles_of(district: str) -> Path | None:
    """The packaged tile map of a district, if there is one."""
    path = FOLDER / f"tiles_{district}.csv"
    return path if path.is_file() else None
