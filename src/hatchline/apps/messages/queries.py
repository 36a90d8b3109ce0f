"""Questions about a person's inbox."""

from __future__ import annotations

from typing import Any


def unread_count(person: Any) -> int:
    """How many messages the person has not read."""
    return 0
