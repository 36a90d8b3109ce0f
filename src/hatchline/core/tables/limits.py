"""How much a table may hold before it is refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bytes of the file, rows and columns per sheet, rows × columns of a workbook's sheet (it is held in memory),
    characters per cell, bytes when unpacked, and the ratio of unpacked to packed bytes."""

    file_bytes: int = 200 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 1_000
    cells: int = 8_000_000
    cell_characters: int = 100_000
    unpacked_bytes: int = 800 * 1024 * 1024
    ratio: int = 200
    ratio_from_bytes: int = 20 * 1024 * 1024
    entries: int = 5_000


DEFAULT = Limits()
