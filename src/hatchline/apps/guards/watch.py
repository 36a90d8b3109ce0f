"""Which guards are declared, which stand in the database, and putting them up and taking them down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps as current_apps
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connections, models, transaction

from hatchline.apps.guards import postgres, sqlite
from hatchline.apps.guards.constraints import PREFIX, Guard, Piece


class Violated(IntegrityError):
    """A statement would have broken a guard. ``guard`` is its name; the text is fit for a reader."""

    def __init__(self, guard: str) -> None:
        self.guard = guard
        found = next((each for _model, each in declared() if each.name == guard), None)
        super().__init__(str(found.get_violation_error_message()) if found else guard)


@dataclass(frozen=True)
class Missing:
    """A piece of a declared guard that is not in the database as it should be: absent, changed or disabled."""

    guard: str
    table: str
    piece: str
    why: str


def declared(app_label: str = "") -> list[tuple[type[models.Model], Guard]]:
    """All guards with their models, or those of one app."""
    return [
        (model, constraint)
        for model in current_apps.get_models(include_auto_created=True)
        if not app_label or model._meta.app_label == app_label
        for constraint in model._meta.constraints
        if isinstance(constraint, Guard) and model._meta.managed
    ]


def missing(connection: Any) -> list[Missing]:
    """Pieces of declared guards that do not stand in this database; [] when all is well."""
    standing = _standing(connection)
    found = []
    for model, guard in declared():
        for piece in guard.pieces(model, connection):
            why = _why_missing(piece, standing.get((piece.kind, piece.table, piece.name)))
            if why:
                found.append(Missing(guard.name, piece.table, piece.name, why))
    return found


def refuse_when_missing(connection: Any) -> None:
    """For start-up: ImproperlyConfigured when a declared guard is absent, saying how to mend it."""
    absent = missing(connection)
    if absent:
        names = ", ".join(f"{each.guard} on {each.table} ({each.why})" for each in absent[:5])
        more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""
        raise ImproperlyConfigured(
            f"The database no longer holds what it promises: {names}{more}. Nothing is served until "
            "`hatchline doctor --mend` has put it right."
        )


def broken(connection: Any) -> dict[str, int]:
    """Guards with rows they would not have let in (changed while they were down) and how many; {} when all is well."""
    found = {}
    for model, guard in declared():
        sql = guard.broken_sql(model, connection)
        if sql:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS wrong")
                (count,) = cursor.fetchone()
            if count:
                found[guard.name] = count
    return found


def put_up(connection: Any, app_label: str = "") -> list[str]:
    """Put up every declared guard (of one app) whose table is there; those standing are made anew. Their names."""
    with connection.cursor() as cursor:
        tables = {
            name: {column.name for column in connection.introspection.get_table_description(cursor, name)}
            for name in {model._meta.db_table for model, _guard in declared(app_label)}
            & set(connection.introspection.table_names(cursor))
        }
        names = []
        with transaction.atomic(using=connection.alias):
            _settle_deferred(cursor, connection)
            for model, guard in declared(app_label):
                columns = {field.column for field in model._meta.local_concrete_fields}
                if not columns <= tables.get(model._meta.db_table, set()):
                    continue  # migrated backwards: a later migration puts it up
                for piece in guard.pieces(model, connection):
                    _put_up(cursor, connection, piece)
                names.append(guard.name)
    return names


def _put_up(cursor: Any, connection: Any, piece: Piece) -> None:
    if piece.kind == "constraint":
        if ("constraint", piece.table, piece.name) in _standing(connection):
            return  # making an exclusion constraint anew means reading the whole table
        cursor.execute(postgres.EXTENSION)
    else:
        cursor.execute(sqlite.drop(piece) if connection.vendor == "sqlite" else postgres.drop(piece))
    for statement in piece.create:
        cursor.execute(statement)


def take_down(connection: Any) -> None:
    """Take down every trigger of ours, declared or left over. Exclusion constraints stay: no rebuild loses them."""
    with connection.cursor() as cursor, transaction.atomic(using=connection.alias):
        _settle_deferred(cursor, connection)
        for kind, table, name in _standing(connection):
            if kind == "trigger":
                suffix = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{suffix}')


def _settle_deferred(cursor: Any, connection: Any) -> None:
    """PostgreSQL alters no table that a deferred foreign key has still to look at: have it look now."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def lowered(connection: Any) -> Iterator[None]:
    """For migrations of data: triggers are down inside, and up again whatever happens."""
    take_down(connection)
    try:
        yield
    finally:
        put_up(connection)


# What signals call


def before_migration(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Triggers that speak of two tables stop SQLite from renaming either, so all come down before tables change."""
    if plan and sender.name == "hatchline.apps.guards":
        take_down(connections[using])


def after_migration(sender: Any, using: str, **kwargs: Any) -> None:
    """Put up the guards of the app that was migrated."""
    if any(True for _each in declared(sender.label)):
        put_up(connections[using], sender.label)


def translate_violations(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Have every statement on a new connection raise Violated instead of a bare IntegrityError."""
    if _named not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _named)


def _named(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    try:
        return execute(sql, params, many, context)
    except Violated:
        raise
    except IntegrityError as error:
        name = _guard_of(error)
        if name is None:
            raise
        raise Violated(name) from error


def _guard_of(error: IntegrityError) -> str | None:
    said = re.search(r"guard:(\w+)", str(error))
    if said:
        return said[1]
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(error.__cause__, "sqlstate", None) == "23P01" and diagnosis is not None:
        return str(diagnosis.constraint_name)
    return None


# What stands


def _standing(connection: Any) -> dict[tuple[str, str, str], tuple[str, bool]]:
    """(kind, table, name) → (definition, whether it fires always)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {
                ("trigger", table, name): (sql, True)
                for table, name, sql in cursor.fetchall()
                if name.startswith(PREFIX)
            }
        cursor.execute(
            "SELECT 'trigger', c.relname, t.tgname, p.prosrc, t.tgenabled = 'A' FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND n.nspname = ANY (current_schemas(false))"
            " UNION ALL SELECT 'constraint', c.relname, x.conname, '', TRUE FROM pg_constraint x"
            " JOIN pg_class c ON c.oid = x.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE x.contype = 'x' AND n.nspname = ANY (current_schemas(false))"
        )
        return {
            (kind, table, name): (text, fires)
            for kind, table, name, text, fires in cursor.fetchall()
            if kind == "constraint" or name.startswith(PREFIX)
        }


def _why_missing(piece: Piece, found: tuple[str, bool] | None) -> str:
    if found is None:
        return "absent"
    text, fires_always = found
    if not fires_always:
        return "disabled"
    if piece.kind == "trigger" and _same_words(text) != _same_words(piece.text):
        return "changed"
    return ""


def _same_words(sql: str) -> str:
    return " ".join(sql.replace("IF NOT EXISTS ", "", 1).split())
