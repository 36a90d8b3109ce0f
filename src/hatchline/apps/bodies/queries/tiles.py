"""The district's schematic map: where each sub-district's tile stands."""

from __future__ import annotations

import csv
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from hatchline import reference

log = logging.getLogger(__name__)
COLUMNS = ("code", "name", "short", "column", "row")


@dataclass(frozen=True)
class Tile:
    """One sub-district on the map: ``column`` and ``row`` count from 0 at the upper left."""

    code: str
    name: str
    short: str
    column: int
    row: int


def tiles() -> list[Tile]:
    """The tiles of settings.TILES, else of the packaged file of settings.DISTRICT, else none.

    A file that cannot be read is told to the log and gives none: pages do without a map.
    """
    path = Path(settings.TILES) if settings.TILES else reference.tiles_of(settings.DISTRICT)
    if path is None:
        return []
    try:
        return list(_read(path, path.stat().st_mtime_ns))
    except (OSError, KeyError, TypeError, ValueError) as problem:
        log.warning("the tile map %s cannot be read (%s): it needs columns %s", path, problem, ",".join(COLUMNS))
        return []


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> tuple[Tile, ...]:
    """``changed`` makes an edited file be read again."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return tuple(
            Tile(row["code"], row["name"], row["short"], int(row["column"]), int(row["row"]))
            for row in csv.DictReader(handle)
        )
