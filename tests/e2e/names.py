"""Chinese words of ours: every msgid of every catalogue."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[2] / "src" / "hatchline"


@cache
def catalogue() -> frozenset[str]:
    """All msgids, plural forms apart."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                found.update(each for each in ids if each)
    return frozenset(found)
