"""Writing the rows of a chunk without a model instance each. The same statements serve SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from hatchline.apps.imports.models import Row, SourceKey

ROW = ("run_id", "sheet", "number", "part", "outcome", "key", "subject_id", "label", "problems", "candidates", "answer")
KEY = ("target", "source", "key", "subject_id", "content")


def plain(value: Sequence[Any]) -> str:
    """A JSON column's text; most are empty."""
    return json.dumps(value, ensure_ascii=False) if value else "[]"


def insert_rows(rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows in the order of ``ROW``; the two JSON columns as text (``plain``)."""
    with connection.cursor() as cursor:
        cursor.executemany(_insert(Row, ROW), list(rows))


def keep_keys(rows: Iterable[tuple[Any, ...]]) -> None:
    """Keys in the order of ``KEY``; one that is there gets the new record and content."""
    made = list(rows)
    if not made:
        return
    settled = ", ".join(f"{each} = excluded.{each}" for each in ("subject_id", "content"))
    sql = f"{_insert(SourceKey, KEY)} ON CONFLICT (target, source, key) DO UPDATE SET {settled}"
    with connection.cursor() as cursor:
        cursor.executemany(sql, made)


def _insert(model: Any, columns: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    names, places = ", ".join(quote(each) for each in columns), ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"
