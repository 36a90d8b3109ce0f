"""Work of the outbox."""

from __future__ import annotations

from datetime import datetime

from hatchline.apps.observations import actions, queries


def rebuild(*, now: datetime, picture: int) -> None:
    """Make one wide table anew; nothing to do when it was made since."""
    found = queries.picture(picture)
    if found is not None and found.is_stale:
        actions.rebuild(found, now=now)
