"""Pages by cursor: the last row's keys, signed. Rows that come or go between two calls repeat or lose no other row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Q, QuerySet
from ninja import Schema

from hatchline.sites.api.problems import Problem

SALT = "hatchline.api.cursor"
T = TypeVar("T")


class Page(Schema, Generic[T]):
    """Some rows, and the cursor of those after them (null: these were the last)."""

    items: list[T]
    next: str | None = None


def fingerprint(name: str, filters: dict[str, Any]) -> str:
    """What a cursor belongs to: an operation with its filters."""
    text = json.dumps([name, filters], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def read(cursor: str, belongs_to: str, keys: Sequence[str]) -> list[Any]:
    """The keys in a cursor; a Problem when it is not one of ours or of another query."""
    try:
        owner, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        raise Problem("bad_cursor") from None
    if owner != belongs_to or len(values) != len(keys):
        raise Problem("bad_cursor")
    return list(values)


def after(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows whose keys come after these, in ascending order of all keys."""
    found = Q()
    for place, key in enumerate(keys):
        same = {keys[before]: values[before] for before in range(place)}
        found |= Q(**same, **{f"{key}__gt": values[place]})
    return found


def page(
    rows: QuerySet[Any],
    shown: Callable[[Any], Any],
    *,
    name: str,
    keys: Sequence[str] = ("pk",),
    limit: int,
    cursor: str | None,
    **filters: Any,
) -> dict[str, Any]:
    """One page of ``rows`` by ``keys`` (columns that together are unique; text or whole numbers)."""
    belongs_to = fingerprint(name, {**filters, "keys": list(keys)})
    rows = rows.order_by(*keys)
    if cursor:
        rows = rows.filter(after(keys, read(cursor, belongs_to, keys)))
    found = list(rows[: limit + 1])
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = signing.dumps([belongs_to, [getattr(last, key) for key in keys]], salt=SALT)
    return {"items": [shown(row) for row in found[:limit]], "next": following}
