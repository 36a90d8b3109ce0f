"""Whether parts add up to more than a limit on some day, in SQL that SQLite and PostgreSQL read alike.

A sum over days changes only where a part begins or ends and a limit only where the next one begins: it is enough to
look at the days on which a part or a limit begins.
"""

from __future__ import annotations

from typing import Any

NO_LIMIT = 2**63 - 1


def exact(amount: str, places: int, vendor: str) -> str:
    """An amount as a whole number of its smallest units: SQLite keeps decimals as binary fractions."""
    if vendor != "sqlite" or not places:
        return amount
    return f"CAST(ROUND({amount} * 1{'0' * places}) AS INTEGER)"


def above(guard: Any, model: Any, connection: Any, table: str, key: str, part: str = "") -> str:
    """Whether there is a day on which the parent ``key`` holds more than its limit.

    ``part``: the row of a part ("NEW"); only days on which it counts are looked at then.
    """
    q = connection.ops.quote_name
    limits = guard.limit_model(model)
    own, start, end = (q(guard.column(model, field)) for field in (guard.parent, guard.starts, guard.ends))
    roof_own, since, roof = (q(guard.column(limits, field)) for field in (guard.parent, guard.since, guard.limit))
    roofs = q(limits._meta.db_table)
    places, vendor = guard.scale(model), connection.vendor
    within = (
        (lambda day: f" AND {day} > {part}.{start} AND ({part}.{end} IS NULL OR {day} < {part}.{end})")
        if part
        else (lambda day: f" AND {day} IS NOT NULL")
    )
    when = guard.where(guard.when, model, connection, "t")
    days = [
        f'SELECT t.{start} AS day FROM "{table}" t WHERE t.{own} = {key} AND {when}{within(f"t.{start}")}',
        f"SELECT r.{since} FROM {roofs} r WHERE r.{roof_own} = {key}{within(f'r.{since}')}",
    ]
    if part:
        days.append(f"SELECT {part}.{start}")
    counted = guard.where(guard.when, model, connection, "c")
    amount = f"SUM({exact(f'c.{q(guard.column(model, guard.part))}', places, vendor)})"
    held = (
        f'(SELECT {amount} FROM "{table}" c WHERE c.{own} = {key} AND {counted}'
        f" AND c.{start} <= d.day AND (c.{end} IS NULL OR c.{end} > d.day))"
    )
    limit = (
        f"COALESCE((SELECT COALESCE({exact(f'l.{roof}', places, vendor)}, {NO_LIMIT}) FROM {roofs} l"
        f" WHERE l.{roof_own} = {key} AND (l.{since} IS NULL OR l.{since} <= d.day)"
        f" ORDER BY l.{since} IS NULL, l.{since} DESC LIMIT 1), 0)"
    )
    return f"EXISTS (SELECT 1 FROM ({' UNION '.join(days)}) d WHERE {held} > {limit})"
