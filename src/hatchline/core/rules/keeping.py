"""A population as bytes and back, for whoever keeps one: NumPy's own archive of columns, packed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from hatchline.core.rules.populations import Column, Population

OWN, MEMBERS, APART = "own ", "member ", "\n"
BEFORE = ("keys", "member_keys", "offsets")


def written(population: Population) -> bytes:
    """The same population always gives the same columns; keys hold no line break."""
    columns: dict[str, Any] = {
        "keys": _letters(population.keys),
        "member_keys": _letters(population.member_keys),
        "offsets": population.offsets,
        **{OWN + name: column for name, column in population.own.items()},
        **{MEMBERS + name: column for name, column in population.members.items()},
    }
    kept = io.BytesIO()
    np.savez_compressed(kept, **columns)
    return kept.getvalue()


def read(kept: bytes) -> Population:
    """ValueError for what is none, or not whole."""
    try:
        with np.load(io.BytesIO(kept), allow_pickle=False) as archive:
            columns: dict[str, Any] = {name: archive[name] for name in archive.files}
        keys, member_keys, offsets = (columns.pop(name) for name in BEFORE)
        found = Population(
            _words(keys),
            {name.removeprefix(OWN): column for name, column in columns.items() if name.startswith(OWN)},
            offsets,
            {name.removeprefix(MEMBERS): column for name, column in columns.items() if name.startswith(MEMBERS)},
            _words(member_keys),
        )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError) as error:
        raise ValueError(f"these are not the facts of a population: {error}") from error
    if len(found.offsets) != found.size + 1 or not _is_whole(found):
        raise ValueError("the columns of a population are not equally long")
    return found


def _is_whole(population: Population) -> bool:
    own = all(len(column) == population.size for column in population.own.values())
    return own and all(len(column) == population.member_count for column in population.members.values())


def _letters(keys: Sequence[str]) -> Column:
    return np.frombuffer(APART.join(keys).encode(), dtype=np.uint8)


def _words(letters: Column) -> list[str]:
    text = letters.tobytes().decode()
    return text.split(APART) if text else []
