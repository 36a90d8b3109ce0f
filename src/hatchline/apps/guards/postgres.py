"""Guards on PostgreSQL: an exclusion constraint where there is one for it, else triggers that always fire."""

from __future__ import annotations

from typing import Any

from django.db import models

from hatchline.apps.guards import daily

Made = tuple[str, str, str, tuple[str, ...], str]  # the fields of a Piece

EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"


def pieces(guard: Any, model: Any, connection: Any, table: str) -> list[Made]:
    """The constraint or triggers of a guard as (kind, name, table, statements, text)."""
    make = {
        "Frozen": _frozen,
        "AppendOnly": _frozen,
        "NoOverlap": _no_overlap,
        "Balanced": _balanced,
        "NeverAbove": _never_above,
    }
    made: list[Made] = make[type(guard).__name__](guard, model, connection, table)
    return made


def drop(piece: Any) -> str:
    """The statement that takes a piece down."""
    if piece.kind == "constraint":
        return f'ALTER TABLE "{piece.table}" DROP CONSTRAINT IF EXISTS "{piece.name}"'
    return f'DROP TRIGGER IF EXISTS "{piece.name}" ON "{piece.table}"'


def _no_overlap(guard: Any, model: Any, connection: Any, table: str) -> list[Made]:
    q = connection.ops.quote_name
    start, end = q(guard.column(model, guard.starts)), q(guard.column(model, guard.ends))
    kind = "tstzrange" if isinstance(model._meta.get_field(guard.starts), models.DateTimeField) else "daterange"
    keys = ", ".join(f"{q(guard.column(model, key))} WITH =" for key in guard.keys)
    # a period that ends before it starts is an error of the range type: let it be empty, as it is on SQLite
    period = f"(CASE WHEN {end} < {start} THEN 'empty'::{kind} ELSE {kind}({start}, {end}, '[)') END)"
    where = f" WHERE {guard.where(guard.condition, model, connection, '')}" if guard.condition is not None else ""
    text = f'CONSTRAINT "{guard.name}" EXCLUDE USING gist ({keys}, {period} WITH &&){where}'
    return [("constraint", guard.name, table, (f'ALTER TABLE "{table}" ADD {text}',), text)]


def _trigger(guard: Any, table: str, suffix: str, events: str, each: str, body: str) -> Made:
    name = f"guard_{guard.name}_{suffix}"
    text = f"BEGIN {body} END"
    statements = (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $guard${text}$guard$',
        f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        f'CREATE TRIGGER "{name}" {events} ON "{table}" FOR EACH {each} EXECUTE FUNCTION "{name}"()',
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
    )
    return ("trigger", name, table, statements, text)


def _raise(guard: Any) -> str:
    return f"RAISE EXCEPTION 'guard:{guard.name}' USING ERRCODE = '23514', CONSTRAINT = '{guard.name}';"


def _frozen(guard: Any, model: Any, connection: Any, table: str) -> list[Made]:
    q = connection.ops.quote_name
    held = guard.held_columns(model)
    touched = (
        f"({' OR '.join(f'OLD.{q(column)} IS DISTINCT FROM NEW.{q(column)}' for column in held)})" if held else "TRUE"
    )
    when = guard.where(guard.when, model, connection, "OLD")
    made = [
        _trigger(
            guard,
            table,
            "update",
            "BEFORE UPDATE",
            "ROW",
            f"IF {when} AND {touched} THEN {_raise(guard)} END IF; RETURN NEW;",
        )
    ]
    if not guard.may_delete:
        made.append(
            _trigger(
                guard, table, "delete", "BEFORE DELETE", "ROW", f"IF {when} THEN {_raise(guard)} END IF; RETURN OLD;"
            )
        )
        some = f'EXISTS (SELECT 1 FROM "{table}" t WHERE {guard.where(guard.when, model, connection, "t")})'
        whole = some if guard.when is not None else "TRUE"
        made.append(
            _trigger(
                guard,
                table,
                "truncate",
                "BEFORE TRUNCATE",
                "STATEMENT",
                f"IF {whole} THEN {_raise(guard)} END IF; RETURN NULL;",
            )
        )
    return made


def _balanced(guard: Any, model: Any, connection: Any, table: str) -> list[Made]:
    q = connection.ops.quote_name
    parent = guard.parent_model(model)
    key, parent_key = q(guard.column(model, guard.parent)), q(guard.column(parent, "pk"))
    limit, parents = q(guard.column(parent, guard.limit)), q(parent._meta.db_table)
    total = f'(SELECT SUM(c.{q(guard.column(model, guard.part))}) FROM "{table}" c WHERE c.{key} = '
    tail = f" AND {guard.where(guard.when, model, connection, 'c')})"
    # the parent's row is locked first, so that two transactions adding parts are counted one after the other
    lock = f"PERFORM 1 FROM {parents} WHERE {parent_key} = NEW.{key} FOR NO KEY UPDATE;"
    above = f"{total}NEW.{key}{tail} > (SELECT {limit} FROM {parents} WHERE {parent_key} = NEW.{key})"
    lowered = f"{total}NEW.{parent_key}{tail} > NEW.{limit}"
    return [
        _trigger(
            guard,
            table,
            "part",
            "AFTER INSERT OR UPDATE",
            "ROW",
            f"{lock} IF {above} THEN {_raise(guard)} END IF; RETURN NEW;",
        ),
        _trigger(
            guard,
            parent._meta.db_table,
            "limit",
            "AFTER UPDATE",
            "ROW",
            f"IF {lowered} THEN {_raise(guard)} END IF; RETURN NEW;",
        ),
    ]


def _never_above(guard: Any, model: Any, connection: Any, table: str) -> list[Made]:
    q = connection.ops.quote_name
    parent, limits = guard.parent_model(model), guard.limit_model(model)
    key, roof_key = q(guard.column(model, guard.parent)), q(guard.column(limits, guard.parent))
    parents, parent_key = q(parent._meta.db_table), q(guard.column(parent, "pk"))

    def check(row: str, own: str, part: str = "") -> str:
        # the parent's row is locked first, so that two transactions adding parts are counted one after the other
        lock = f"PERFORM 1 FROM {parents} WHERE {parent_key} = {row}.{own} FOR NO KEY UPDATE;"
        above = daily.above(guard, model, connection, table, f"{row}.{own}", part)
        return f"{lock} IF {above} THEN {_raise(guard)} END IF;"

    roofs = limits._meta.db_table
    new, old = check("NEW", roof_key), check("OLD", roof_key)
    part = f"{check('NEW', key, 'NEW')} RETURN NEW;"
    return [
        _trigger(guard, table, "part", "AFTER INSERT OR UPDATE", "ROW", part),
        _trigger(guard, roofs, "limit_insert", "AFTER INSERT", "ROW", f"{new} RETURN NEW;"),
        _trigger(guard, roofs, "limit", "AFTER UPDATE", "ROW", f"{new} {old} RETURN NEW;"),
        _trigger(guard, roofs, "limit_delete", "AFTER DELETE", "ROW", f"{old} RETURN OLD;"),
    ]
