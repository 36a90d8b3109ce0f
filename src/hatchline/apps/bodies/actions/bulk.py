"""Writing many rows of one table: an import of 100,000 organisations has no time for a model instance per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models

Adapter = Callable[[Any], Any]


def keys(model: type[models.Model], number: int) -> list[int]:
    """So many new keys, which nobody else will get. Must run inside the writing transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, number])
            return [row[0] for row in cursor.fetchall()]
        # the transaction is IMMEDIATE: nobody else writes until it ends, and writing raises the sequence
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + number))


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows given by column (attname); what a row does not say has its default. Their keys, in order."""
    if not rows:
        return []
    plan, defaults = _plan(model, connection.vendor), _defaults(model)
    made = keys(model, len(rows))
    quoted = ", ".join(connection.ops.quote_name(column) for column, _attname, _adapt in plan)
    places = ", ".join(["%s"] * len(plan))
    sql = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({places})"
    in_order = itemgetter(*(attname for _column, attname, _adapt in plan))
    adapted = [(place, adapt) for place, (_column, _attname, adapt) in enumerate(plan) if adapt is not None]
    values = []
    for key, row in zip(made, rows, strict=True):
        full = list(in_order({**defaults, **row, "id": key}))
        for place, adapt in adapted:
            if full[place] is not None:
                full[place] = adapt(full[place])
        values.append(full)
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
    return made


def update(model: type[models.Model], changes: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Update rows by key, each in its own columns (attnames). ``version`` goes up by one."""
    adapters = {attname: (column, adapt) for column, attname, adapt in _plan(model, connection.vendor)}
    grouped: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for pk, columns in changes:
        attnames = tuple(sorted(columns))
        values = []
        for each in attnames:
            adapt = adapters[each][1]
            values.append(columns[each] if adapt is None else adapt(columns[each]))
        grouped[attnames].append((*values, pk))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        for attnames, rows in grouped.items():
            parts = [f"{connection.ops.quote_name(adapters[each][0])} = %s" for each in attnames]
            cursor.executemany(f"UPDATE {table} SET {', '.join(parts)}, version = version + 1 WHERE id = %s", rows)


@lru_cache(maxsize=32)
def _plan(model: type[models.Model], vendor: str) -> list[tuple[str, str, Adapter | None]]:
    return [(str(field.column), field.attname, _adapter(field)) for field in model._meta.concrete_fields]


def _adapter(field: models.Field[Any, Any]) -> Adapter | None:
    """How this database wants the values of a field; None: as they are. Moments and days repeat, so they are kept."""
    if isinstance(field, models.DateTimeField | models.DateField | models.DecimalField):
        return lru_cache(maxsize=4096)(lambda value: field.get_db_prep_value(value, connection))
    return None


@lru_cache(maxsize=32)
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}
