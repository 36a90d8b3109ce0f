"""Where a row stands in the index: one big number from its kind and its key."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

ROOM = 40  # bits of the key
TABLE = "search_words"


@lru_cache(maxsize=256)
def floor(kind: str) -> int:
    """The number of a kind's key 0. Kinds are labels such as bodies.organisation; the number comes from the name, so
    it is the same in every process and after every restore."""
    return (crc32(kind.encode()) & 0x3FFFFF) << ROOM


def span(kind: str) -> tuple[int, int]:
    """The first and last number of a kind."""
    low = floor(kind)
    return low, low + (1 << ROOM) - 1


def number(kind: str, pk: int) -> int:
    """The number of one row."""
    return floor(kind) + int(pk)
