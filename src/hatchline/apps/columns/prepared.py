"""Questions that are asked over and over with other values: composed once in a process, then only asked.

Composing a question of some size costs Django more than answering it costs the database; a page that gathers facts asks
some twenty. How many keys are meant is no part of the text (see `among`), so one text serves one key as well as all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, Lookup, QuerySet

Row = tuple[Any, ...]
Value = int | str | date | datetime | Collection[int] | None
_kept: dict[tuple[Any, ...], _Composed] = {}


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """``column__among=keys``: whole numbers, any number of them, handed over as one value."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = self.process_lhs(compiler, connection)
        listed = _handed(self.rhs, connection)
        if connection.vendor == "postgresql":
            return f"{lhs} = ANY(%s::bigint[])", [*params, listed]
        return f"{lhs} IN (SELECT value FROM json_each(%s))", [*params, listed]


def rows(compose: Callable[..., QuerySet[Any, Row]], *values: Value) -> list[Row]:
    """The rows of ``compose(*values)``, a ``values_list``; keys as a collection of whole numbers.

    ``compose`` is a function of a module that does nothing with its values but hand them to the question, of a day the
    day before and after it, too: whatever else it reckons from one is to be handed over as a value of its own, and is a
    ValueError otherwise. None is no value but another question, since it may be composed differently.
    """
    shape = (connection.vendor, compose, *(_sort_of(value) for value in values))
    composed = _kept.get(shape)
    if composed is None:
        composed = _kept[shape] = _composed(compose, values)
    with connection.cursor() as cursor:
        cursor.execute(composed.sql, [_filled(param, values) for param in composed.params])
        return composed.read(cursor.fetchall())


@dataclass(frozen=True)
class _Place:
    """Where the value at this place of the call stands in the text, or a day so many days from it."""

    at: int
    days: int = 0


def _sort_of(value: Value) -> Any:
    return Collection if isinstance(value, Collection) and not isinstance(value, str) else type(value)


def _filled(param: Any, values: Sequence[Value]) -> Any:
    if not isinstance(param, _Place):
        return param
    value: Any = values[param.at]
    return _handed(value + timedelta(days=param.days) if param.days else value, connection)


@dataclass(frozen=True)
class _Composed:
    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]

    def read(self, found: Sequence[Row]) -> list[Row]:
        """Rows as Django reads them; a value that comes again in its column is read once."""
        if not found or not self.converters:
            return list(found)
        columns: list[Iterable[Any]] = list(zip(*found, strict=True))
        for at, converters, expression in self.converters:
            known = {None: None}
            for value in set(columns[at]):
                read = value
                for convert in converters:
                    read = convert(read, expression, connection)
                known[value] = read
            columns[at] = [known[value] for value in columns[at]]
        return list(zip(*columns, strict=True))


def _composed(compose: Callable[..., QuerySet[Any, Row]], values: Sequence[Value]) -> _Composed:
    """Composed with two sets of values that nobody has: where the texts differ is where values stand."""
    (sql, first, compiler), (again, second, _compiler) = (_text(compose, values, turn) for turn in (0, 1))
    places: dict[Any, _Place] = {}
    for at, value in enumerate(values):
        nobodys = _nobodys(at, value, 0)
        for days in (-1, 0, 1) if type(value) is date else (0,):
            far = nobodys + timedelta(days=days) if days else nobodys
            places[_hashable(_handed(far, connection))] = _Place(at, days)
    params: list[Any] = []
    for one, other in zip(first, second, strict=True):
        if one == other:
            params.append(one)
        elif (place := places.get(_hashable(one))) is not None:
            params.append(place)
        else:
            raise ValueError(f"{compose.__qualname__} reckons {one!r} from a value: hand it over as one of its own")
    if sql != again:
        raise ValueError(f"{compose.__qualname__} is another question with other values")
    expressions = [expression for expression, _sql, _alias in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(expressions)
    return _Composed(sql, tuple(params), tuple((at, tuple(its), column) for at, (its, column) in converters.items()))


def _hashable(handed: Any) -> Any:
    return tuple(handed) if isinstance(handed, list) else handed


def _text(compose: Callable[..., QuerySet[Any, Row]], values: Sequence[Value], turn: int) -> tuple[str, Row, Any]:
    question = compose(*(_nobodys(at, value, turn) for at, value in enumerate(values)))
    compiler = question.query.get_compiler(question.db)
    sql, params = compiler.as_sql()
    return sql, tuple(params), compiler


def _nobodys(at: int, value: Value, turn: int) -> Any:
    """A value like this that stands in no question."""
    number = 1_234_000_000 + 100 * at + 1_000_003 * turn
    match value:
        case None:
            return None
        case datetime():
            return datetime(1234 + 4321 * turn, 1, 1, tzinfo=value.tzinfo) + timedelta(hours=at)
        case date():
            return date(1234 + 4321 * turn, 1, 1) + timedelta(days=10 * at)
        case int():
            return number
        case str():
            return f"\N{REPLACEMENT CHARACTER}{number}"
        case _:
            return (number,)


def _handed(value: Any, connection: Any) -> Any:
    """A value as the driver of this database takes it."""
    match value:
        case datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case date():
            return connection.ops.adapt_datefield_value(value)
        case None | int() | str():
            return value
        case Collection():
            return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))
    raise TypeError(f"{type(value).__name__} cannot be handed over")
