"""What the worker does for the ledger, again and again."""

from __future__ import annotations

from datetime import datetime

from hatchline.apps.ledger import sealing

EVERY = {"seal": 10, "seal_thoroughly": 3600}  # seconds


def seal(*, now: datetime) -> None:
    """Seal what was committed since the last time."""
    sealing.seal(now=now)


def seal_thoroughly(*, now: datetime) -> None:
    """The same, looking for rows that were committed very late."""
    sealing.seal(now=now, thorough=True)
