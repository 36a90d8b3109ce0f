"""The kinds of guard. Each is a constraint in ``Meta.constraints``; sqlite.py and postgres.py say it to a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement
from django.db.models import F, Q
from django.db.models.sql.query import Query
from django.utils.translation import gettext_lazy as _

from hatchline.apps.guards import daily, postgres, sqlite

PREFIX = "guard_"
LONGEST_NAME = 45  # PostgreSQL cuts names at 63; ours carry the prefix and a suffix


@dataclass(frozen=True)
class Piece:
    """One object in the database that a guard is made of.

    ``kind`` is trigger or constraint, ``table`` where it hangs, ``create`` the statements that make it and ``text`` the
    part of its definition that the database keeps and that must still read the same ("": only presence counts).
    """

    kind: str
    name: str
    table: str
    create: tuple[str, ...]
    text: str = ""


class Raising(Statement):
    """A statement of a schema editor that is worded when it runs, when its table has its last name."""

    def __init__(self, guard: Guard, model: type[models.Model], connection: Any, name: str) -> None:
        self.guard, self.model, self.connection, self.name = guard, model, connection, name
        self.table = model._meta.db_table
        self.parts = {}

    def references_table(self, table: str) -> bool:
        return table == self.table

    def references_column(self, table: str, column: str) -> bool:
        return False

    def references_index(self, table: str, index: str) -> bool:
        return False

    def rename_table_references(self, old_table: str, new_table: str) -> None:
        if self.table == old_table:
            self.table = new_table

    def rename_column_references(self, table: str, old_column: str, new_column: str) -> None:
        return None

    def __str__(self) -> str:
        pieces = self.guard.pieces(self.model, self.connection, self.table)
        piece = next(each for each in pieces if each.name == self.name)
        sql = ";\n".join(piece.create)
        return (
            sql.replace("CREATE TRIGGER ", "CREATE TRIGGER IF NOT EXISTS ", 1) if _is_sqlite(self.connection) else sql
        )

    def __repr__(self) -> str:
        return f"<raising {self.name} on {self.table}>"


def _is_sqlite(connection: Any) -> bool:
    return bool(connection.vendor == "sqlite")


class Guard(models.BaseConstraint):
    """What the kinds share. A guard's name is unique in the whole database."""

    own_table_alone = True  # False: its triggers speak of two tables and are put up only after all migrations
    options: tuple[str, ...] = ()

    def __init__(self, *, name: str, **kwargs: Any) -> None:
        if len(name) > LONGEST_NAME:
            raise ValueError(f"a guard's name has at most {LONGEST_NAME} characters: {name!r}")
        super().__init__(name=name, **kwargs)

    def pieces(self, model: type[models.Model], connection: Any, table: str = "") -> list[Piece]:
        """The database objects that make the guard; ``table`` when it is not yet called what the model says."""
        if connection.vendor not in {"sqlite", "postgresql"}:
            raise NotImplementedError(f"no guards for {connection.vendor}")
        dialect = sqlite if _is_sqlite(connection) else postgres
        return [Piece(*each) for each in dialect.pieces(self, model, connection, table or model._meta.db_table)]

    def broken_sql(self, model: type[models.Model], connection: Any) -> str:
        """A query that answers a row for each thing in the table the guard would not have let in; "": none."""
        return ""

    # what Django's schema editors ask for

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        inline = None
        for piece in self.pieces(model, schema_editor.connection):
            if piece.kind == "constraint":
                self._prepare(schema_editor)
                inline = piece.text
            elif self.own_table_alone:
                schema_editor.deferred_sql.append(Raising(self, model, schema_editor.connection, piece.name))
        return inline

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if not self.own_table_alone:
            return None
        self._prepare(schema_editor)
        statements = [sql for piece in self.pieces(model, schema_editor.connection) for sql in piece.create]
        return ";\n".join(statements)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        dialect = sqlite if _is_sqlite(schema_editor.connection) else postgres
        return ";\n".join(dialect.drop(piece) for piece in self.pieces(model, schema_editor.connection))

    def _prepare(self, schema_editor: Any) -> None:
        if isinstance(self, NoOverlap) and not _is_sqlite(schema_editor.connection):
            schema_editor.execute(postgres.EXTENSION, params=None)

    def validate(
        self, model: Any, instance: Any, exclude: Iterable[str] | None = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        """Forms hear of it from the database unless a kind can tell earlier."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        path = path.replace("hatchline.apps.guards.constraints", "hatchline.apps.guards")
        kwargs |= {option: getattr(self, option) for option in self.options if getattr(self, option) not in (None, [])}
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guard) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    # words for sqlite.py and postgres.py

    def column(self, model: type[models.Model], field: str) -> str:
        """The column of a field, by the field's name."""
        found: Any = model._meta.pk if field == "pk" else model._meta.get_field(field)
        return str(found.column)

    def where(self, condition: Q | None, model: type[models.Model], connection: Any, of: str) -> str:
        """``condition`` as SQL about the row called ``of`` ("" for unqualified columns); TRUE when there is none."""
        if condition is None:
            return "1 = 1"
        query = Query(model, alias_cols=bool(of))
        sql, params = query.build_where(condition).as_sql(query.get_compiler(connection=connection), connection)
        connection.ensure_connection()
        editor = connection.SchemaEditorClass(connection)
        sql %= tuple(editor.quote_value(value) for value in params)
        if "%" in sql:
            raise ValueError(f"guard {self.name}: a condition cannot contain a per cent sign")
        # while SQLite rebuilds a table its model is called new__…, but some columns still remember the table's own name
        for table in (model._meta.db_table, model._meta.db_table.removeprefix("new__")):
            sql = sql.replace(f"{connection.ops.quote_name(table)}.", f"{of}.")
        return f"({sql})"


class Frozen(Guard):
    """Rows that satisfy ``when`` can no longer be deleted or changed, but for the fields in ``may_update``.

    ``when`` looks at the row as it was before the statement; None: every row from the start.
    """

    default_violation_error_message = _("这条记录已经定稿，不能修改或删除。")
    options: tuple[str, ...] = ("when", "may_update", "may_delete")

    def __init__(
        self,
        *,
        name: str,
        when: Q | None = None,
        may_update: Iterable[str] = (),
        may_delete: bool = False,
        **kwargs: Any,
    ) -> None:
        self.when, self.may_update, self.may_delete = when, sorted(may_update), may_delete or None
        super().__init__(name=name, **kwargs)

    def held_columns(self, model: type[models.Model]) -> list[str]:
        """Columns that may not change; [] means the row may not be touched at all."""
        free = {self.column(model, field) for field in self.may_update}
        columns = [str(field.column) for field in model._meta.local_concrete_fields]
        return [column for column in columns if column not in free] if free else []


class AppendOnly(Frozen):
    """Rows can be added and read. Nothing on the connection can change, replace, delete or truncate them."""

    default_violation_error_message = _("这类记录只能增加，不能修改或删除。")
    options = ("may_update", "may_delete")

    def __init__(self, *, name: str, may_update: Iterable[str] = (), may_delete: bool = False, **kwargs: Any) -> None:
        super().__init__(name=name, may_update=may_update, may_delete=may_delete, **kwargs)


class NoOverlap(Guard):
    """Rows with equal ``keys`` that satisfy ``condition`` never share a moment of their half-open periods.

    An empty end goes on for ever, an empty start came from for ever; a row with an empty key clashes with none. A
    period that ends before it starts clashes with none either: forbid it with ``ordered``.
    """

    default_violation_error_message = _("时间段与已有记录重叠。")
    options = ("keys", "starts", "ends", "condition")

    def __init__(
        self,
        *,
        name: str,
        keys: Iterable[str],
        starts: str = "starts_on",
        ends: str = "ends_before",
        condition: Q | None = None,
        **kwargs: Any,
    ) -> None:
        self.keys, self.starts, self.ends, self.condition = list(keys), starts, ends, condition
        if not self.keys:
            raise ValueError("NoOverlap needs at least one key")
        super().__init__(name=name, **kwargs)

    def broken_sql(self, model: type[models.Model], connection: Any) -> str:
        q = connection.ops.quote_name
        table, pk = q(model._meta.db_table), q(self.column(model, "pk"))
        same = " AND ".join(f"a.{q(self.column(model, key))} = b.{q(self.column(model, key))}" for key in self.keys)
        start, end = q(self.column(model, self.starts)), q(self.column(model, self.ends))
        right = " AND ".join(
            f"({row}.{start} IS NULL OR {row}.{end} IS NULL OR {row}.{start} < {row}.{end})" for row in "ab"
        )
        clash = sqlite.overlap("a", "b", start, end)
        return (
            f"SELECT a.{pk} FROM {table} a JOIN {table} b ON {same} AND a.{pk} < b.{pk} AND {clash}"
            f" WHERE {right} AND {self.where(self.condition, model, connection, 'a')}"
            f" AND {self.where(self.condition, model, connection, 'b')}"
        )

    def validate(
        self, model: Any, instance: Any, exclude: Iterable[str] | None = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        if exclude and {*self.keys, self.starts, self.ends} & set(exclude):
            return
        row = instance._get_field_expression_map(model._meta)
        if self.condition is not None and not self.condition.check(row, using=using):
            return
        keys = {key: getattr(instance, model._meta.get_field(key).attname) for key in self.keys}
        if None in keys.values():
            return
        start, end = getattr(instance, self.starts), getattr(instance, self.ends)
        if start is not None and end is not None and end <= start:
            return
        others = model._default_manager.using(using).filter(self.condition or Q(), **keys).exclude(pk=instance.pk)
        if end is not None:
            others = others.filter(Q(**{f"{self.starts}__isnull": True}) | Q(**{f"{self.starts}__lt": end}))
        if start is not None:
            others = others.filter(Q(**{f"{self.ends}__isnull": True}) | Q(**{f"{self.ends}__gt": start}))
        ordered_ones = Q(**{f"{self.starts}__isnull": True}) | Q(**{f"{self.ends}__isnull": True})
        if others.filter(ordered_ones | Q(**{f"{self.ends}__gt": F(self.starts)})).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


class Balanced(Guard):
    """The sum of ``part`` over a parent's rows that satisfy ``when`` never exceeds the parent's ``limit``.

    It stands in the part's model: ``Balanced(name="award_fits", part="amount", parent="programme", limit="budget")``.
    An empty limit is none. Amounts are added exactly, in the smallest unit the columns keep.
    """

    default_violation_error_message = _("各项合计超过了上限。")
    own_table_alone = False
    options = ("part", "parent", "limit", "when")

    def __init__(self, *, name: str, part: str, parent: str, limit: str, when: Q | None = None, **kwargs: Any) -> None:
        self.part, self.parent, self.limit, self.when = part, parent, limit, when
        super().__init__(name=name, **kwargs)

    def scale(self, model: type[models.Model]) -> int:
        """How many decimal places the amounts have."""
        limit = self.parent_model(model)._meta.get_field(self.limit)
        return max(getattr(field, "decimal_places", 0) or 0 for field in (model._meta.get_field(self.part), limit))

    def parent_model(self, model: type[models.Model]) -> type[models.Model]:
        return model._meta.get_field(self.parent).related_model  # type: ignore[return-value]

    def broken_sql(self, model: type[models.Model], connection: Any) -> str:
        q = connection.ops.quote_name
        parent = self.parent_model(model)
        total = sqlite.exact_sum(f"c.{q(self.column(model, self.part))}", self.scale(model), connection.vendor)
        key, roof = q(self.column(parent, "pk")), q(self.column(parent, self.limit))
        limit = sqlite.exact(f"p.{roof}", self.scale(model), connection.vendor)
        return (
            f"SELECT p.{key} FROM {q(parent._meta.db_table)} p JOIN {q(model._meta.db_table)} c"
            f" ON c.{q(self.column(model, self.parent))} = p.{key}"
            f" WHERE {self.where(self.when, model, connection, 'c')}"
            f" GROUP BY p.{key}, p.{roof} HAVING {total} > {limit}"
        )


class NeverAbove(Guard):
    """On no day do the ``part``s of one parent, added up, exceed the limit that holds for the parent on that day.

    It stands in the part's model, whose rows count on their half-open days ``starts``–``ends`` (an empty start: on no
    day; an empty end: for ever) while they satisfy ``when``. Limits are rows of the model ``limits`` (``app.Model``,
    with the same field ``parent``): each holds from its day ``since`` (empty: from ever) until the next one does. An
    empty limit is none; before the first limit nothing fits. ``NeverAbove(name="room_holds", part="area",
    parent="room", starts="held_from", ends="held_until", limits="premises.Extent", limit="area")``.
    """

    default_violation_error_message = _("有的日子合计超过了当天的上限。")
    own_table_alone = False
    options = ("part", "parent", "starts", "ends", "limits", "limit", "since", "when")

    def __init__(
        self,
        *,
        name: str,
        part: str,
        parent: str,
        limits: str,
        limit: str,
        starts: str = "starts_on",
        ends: str = "ends_before",
        since: str = "starts_on",
        when: Q | None = None,
        **kwargs: Any,
    ) -> None:
        self.part, self.parent, self.starts, self.ends = part, parent, starts, ends
        self.limits, self.limit, self.since, self.when = limits, limit, since, when
        super().__init__(name=name, **kwargs)

    def limit_model(self, model: type[models.Model]) -> type[models.Model]:
        # a table that SQLite rebuilds stands in a registry of its own; its parent stands where the others do
        return self.parent_model(model)._meta.apps.get_model(self.limits)

    def parent_model(self, model: type[models.Model]) -> type[models.Model]:
        return model._meta.get_field(self.parent).related_model  # type: ignore[return-value]

    def scale(self, model: type[models.Model]) -> int:
        """How many decimal places the amounts have."""
        limit = self.limit_model(model)._meta.get_field(self.limit)
        return max(getattr(field, "decimal_places", 0) or 0 for field in (model._meta.get_field(self.part), limit))

    def broken_sql(self, model: type[models.Model], connection: Any) -> str:
        q = connection.ops.quote_name
        parent = self.parent_model(model)
        key = f"p.{q(self.column(parent, 'pk'))}"
        above = daily.above(self, model, connection, model._meta.db_table, key)
        return f"SELECT {key} FROM {q(parent._meta.db_table)} p WHERE {above}"


def ordered(name: str, starts: str = "starts_on", ends: str = "ends_before") -> models.CheckConstraint:
    """An ordinary check that a period ends after it starts; an open start or end is fine."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{starts}__isnull": True}) | Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": F(starts)}),
        violation_error_message=_("结束日期必须晚于开始日期。"),
    )
