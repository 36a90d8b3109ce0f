"""Questions to the index. The answer is a piece of SQL that goes into a filter, so that a list is still one query."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL

from hatchline.apps.search.alike import Pair, alike, apart, pairs, told_apart
from hatchline.apps.search.asking import Asked, understand
from hatchline.apps.search.places import TABLE, floor, span

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")
__all__ = [
    "Asked",
    "Pair",
    "alike",
    "apart",
    "everything",
    "matching",
    "narrowed",
    "pairs",
    "told_apart",
    "understand",
]


def matching(kind: str, q: str | Asked) -> RawSQL:
    """The keys of the rows of this kind that match, for ``.filter(pk__in=matching(kind, q))``.

    A query without a single letter or digit matches nothing; ask ``understand(q)`` first where it should match all.
    """
    asked = understand(q) if isinstance(q, str) else q
    low, high = span(kind)
    if asked.node is None:
        return RawSQL("SELECT 0 WHERE 1 = 0", ())
    if connection.vendor == "postgresql":
        sql = f"SELECT id - %s FROM {TABLE} WHERE words @@ %s::tsquery AND id BETWEEN %s AND %s"
        return RawSQL(sql, (low, asked.node.tsquery(), low, high))
    sql = f"SELECT rowid - %s FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN %s AND %s"
    return RawSQL(sql, (low, asked.node.fts5(), low, high))


def narrowed(rows: Rows, kind: str, q: str) -> Rows:
    """``rows`` that match ``q``; all of them when ``q`` says nothing."""
    asked = understand(q)
    return rows if asked.node is None and not q.strip() else rows.filter(pk__in=matching(kind, asked))


def everything(q: str, kinds: list[str], *, limit: int = 50) -> dict[str, list[int]]:
    """The keys that match, by kind, at most ``limit`` of each, in one query; the best matches first on SQLite.

    Whether a role may see them is for the caller's ``visible_to``.
    """
    asked = understand(q)
    found: dict[str, list[int]] = {kind: [] for kind in kinds}
    if asked.node is None or not kinds:
        return found
    postgres = connection.vendor == "postgresql"
    expression = asked.node.tsquery() if postgres else asked.node.fts5()
    parts: list[str] = []
    arguments: list[int | str] = []
    for at, kind in enumerate(kinds):
        if postgres:
            part = f"SELECT {at} AS kind, id FROM {TABLE} WHERE words @@ %s::tsquery AND id BETWEEN %s AND %s LIMIT %s"
        else:
            part = (
                f"SELECT {at} AS kind, rowid AS id FROM {TABLE} WHERE {TABLE} MATCH %s "
                "AND rowid BETWEEN %s AND %s LIMIT %s"
            )
        parts.append(f"SELECT * FROM ({part}) AS part_{at}")
        arguments += [expression, *span(kind), limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), arguments)
        for at, key in cursor.fetchall():
            found[kinds[at]].append(key - floor(kinds[at]))
    return found
