"""Guards as SQLite triggers."""

from __future__ import annotations

from typing import Any

from hatchline.apps.guards import daily
from hatchline.apps.guards.daily import exact

Made = tuple[str, str, str, tuple[str, ...], str]  # the fields of a Piece


def pieces(guard: Any, model: Any, connection: Any, table: str) -> list[Made]:
    """The triggers of a guard as (kind, name, table, statements, text)."""
    made = {
        "Frozen": _frozen,
        "AppendOnly": _frozen,
        "NoOverlap": _no_overlap,
        "Balanced": _balanced,
        "NeverAbove": _never_above,
    }[type(guard).__name__](guard, model, connection, table)
    found: list[Made] = []
    for suffix, on, when_clause, body in made:
        name = f"guard_{guard.name}_{suffix}"
        timing = "AFTER" if suffix.startswith(("after", "limit")) else "BEFORE"
        event = {
            "update": "UPDATE",
            "after_update": "UPDATE",
            "delete": "DELETE",
            "replace": "INSERT",
            "after_insert": "INSERT",
            "limit": "UPDATE",
            "limit_insert": "INSERT",
            "limit_delete": "DELETE",
        }[suffix]
        head = f'CREATE TRIGGER "{name}" {timing} {event} ON "{on}" FOR EACH ROW'
        sql = f"{head}{f' WHEN {when_clause}' if when_clause else ''} BEGIN {body}; END"
        found.append(("trigger", name, on, (sql,), sql))
    return found


def drop(piece: Any) -> str:
    """The statement that takes a piece down."""
    return f'DROP TRIGGER IF EXISTS "{piece.name}"'


def overlap(one: str, other: str, start: str, end: str) -> str:
    """Whether the periods of two rows share a moment; open ends are NULL. The same words on PostgreSQL."""
    return (
        f"({one}.{start} IS NULL OR {other}.{end} IS NULL OR {one}.{start} < {other}.{end})"
        f" AND ({other}.{start} IS NULL OR {one}.{end} IS NULL OR {other}.{start} < {one}.{end})"
    )


def exact_sum(amount: str, places: int, vendor: str) -> str:
    """The sum of amounts, in the unit of ``exact``."""
    return f"SUM({exact(amount, places, vendor)})"


def _raise(guard: Any, where: str = "") -> str:
    return f"SELECT RAISE(ABORT, 'guard:{guard.name}'){f' WHERE {where}' if where else ''}"


def _frozen(guard: Any, model: Any, connection: Any, table: str) -> list[tuple[str, str, str, str]]:
    q = connection.ops.quote_name
    when = guard.where(guard.when, model, connection, "OLD") if guard.when is not None else ""
    held = guard.held_columns(model)
    touched = " OR ".join(f"OLD.{q(column)} IS NOT NEW.{q(column)}" for column in held)
    update_when = " AND ".join(part for part in (when, f"({touched})" if touched else "") if part)
    made = [("update", table, update_when, _raise(guard))]
    if not guard.may_delete:
        made.append(("delete", table, when, _raise(guard)))
        # INSERT OR REPLACE deletes the row in its way without firing delete triggers on a foreign connection
        ways = [[guard.column(model, "pk")], *_unique_columns(guard, model)]
        same = " OR ".join("(" + " AND ".join(f"t.{q(c)} = NEW.{q(c)}" for c in way) + ")" for way in ways)
        still = f" AND {guard.where(guard.when, model, connection, 't')}" if guard.when is not None else ""
        made.append(("replace", table, "", _raise(guard, f'EXISTS (SELECT 1 FROM "{table}" t WHERE ({same}){still})')))
    return made


def _unique_columns(guard: Any, model: Any) -> list[list[str]]:
    options = model._meta
    ways = [[field.column] for field in options.local_concrete_fields if field.unique and not field.primary_key]
    ways += [[guard.column(model, name) for name in names] for names in options.unique_together]
    ways += [
        [guard.column(model, name) for name in constraint.fields]
        for constraint in options.constraints
        if getattr(constraint, "fields", None) and getattr(constraint, "condition", None) is None
    ]
    return ways


def _no_overlap(guard: Any, model: Any, connection: Any, table: str) -> list[tuple[str, str, str, str]]:
    q = connection.ops.quote_name
    pk, start, end = (q(guard.column(model, name)) for name in ("pk", guard.starts, guard.ends))
    same = " AND ".join(f"o.{q(guard.column(model, key))} = NEW.{q(guard.column(model, key))}" for key in guard.keys)
    forwards = [
        f"({row}.{start} IS NULL OR {row}.{end} IS NULL OR {row}.{start} < {row}.{end})" for row in ("NEW", "o")
    ]
    clash = (
        f'EXISTS (SELECT 1 FROM "{table}" o WHERE {same} AND o.{pk} <> NEW.{pk} AND {overlap("o", "NEW", start, end)}'
        # the keys alone choose the index: an index on the condition's columns would go through the rows of all keys
        f" AND {forwards[1]} AND CASE WHEN {guard.where(guard.condition, model, connection, 'o')} THEN 1 ELSE 0 END)"
    )
    when = f"{forwards[0]} AND {guard.where(guard.condition, model, connection, 'NEW')}"
    return [(suffix, table, when, _raise(guard, clash)) for suffix in ("after_insert", "after_update")]


def _balanced(guard: Any, model: Any, connection: Any, table: str) -> list[tuple[str, str, str, str]]:
    q = connection.ops.quote_name
    parent, places = guard.parent_model(model), guard.scale(model)
    key, parent_key = q(guard.column(model, guard.parent)), q(guard.column(parent, "pk"))
    total = exact_sum(f"c.{q(guard.column(model, guard.part))}", places, "sqlite")
    limit = exact(f"p.{q(guard.column(parent, guard.limit))}", places, "sqlite")

    def above(of: str) -> str:
        counted = guard.where(guard.when, model, connection, "c")
        parts = f'SELECT {total} FROM "{table}" c WHERE c.{key} = {of} AND {counted}'
        return f"({parts}) > (SELECT {limit} FROM {q(parent._meta.db_table)} p WHERE p.{parent_key} = {of})"

    return [
        ("after_insert", table, "", _raise(guard, above(f"NEW.{key}"))),
        ("after_update", table, "", _raise(guard, above(f"NEW.{key}"))),
        ("limit", parent._meta.db_table, "", _raise(guard, above(f"NEW.{parent_key}"))),
    ]


def _never_above(guard: Any, model: Any, connection: Any, table: str) -> list[tuple[str, str, str, str]]:
    q = connection.ops.quote_name
    limits = guard.limit_model(model)
    key, roof_key = q(guard.column(model, guard.parent)), q(guard.column(limits, guard.parent))
    part = _raise(guard, daily.above(guard, model, connection, table, f"NEW.{key}", "NEW"))
    new, old = (daily.above(guard, model, connection, table, f"{row}.{roof_key}") for row in ("NEW", "OLD"))
    return [
        ("after_insert", table, "", part),
        ("after_update", table, "", part),
        ("limit_insert", limits._meta.db_table, "", _raise(guard, new)),
        ("limit", limits._meta.db_table, "", _raise(guard, f"{new} OR {old}")),
        ("limit_delete", limits._meta.db_table, "", _raise(guard, old)),
    ]
