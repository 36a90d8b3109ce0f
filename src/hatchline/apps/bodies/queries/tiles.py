"""The district's schematic map: where each sub-district's tile stands."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from hatchline import reference


@dataclass(frozen=True)
class Tile:
    """One sub-district on the map: ``column`` and ``row`` count from 0 at the upper left."""

    code: str
    name: str
    short: str
    column: int
    row: int


def tiles() -> list[Tile]:
    """The tiles of settings.TILES, else of the packaged file of settings.DISTRICT, else none."""
    path = Path(settings.TILES) if settings.TILES else reference.tiles_of(settings.DISTRICT)
    return list(_read(path, path.stat().st_mtime_ns)) if path is not None and path.is_file() else []


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> tuple[Tile, ...]:
    """``changed`` makes an edited file be read again."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return tuple(
            Tile(row["code"], row["name"], row["short"], int(row["column"]), int(row["row"]))
            for row in csv.DictReader(handle)
        )
