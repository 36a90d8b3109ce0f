"""Figures of many definitions on many days, out of one question to the database.

Every figure stands on a few numbers (how many surely, how many perhaps, a sum, whether there is any record at all).
``asked`` names them as querysets, ``ask`` has the database answer all of them at once, ``figure`` makes the figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from hatchline.apps.indicators.definitions import Definition
from hatchline.apps.indicators.queries import blanks, population
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.observations import queries as observations
from hatchline.apps.titles import queries as titles
from hatchline.apps.ventures import queries as ventures
from hatchline.core.chain.stages import Stage

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory

AT_ONCE = 150  # numbers in one question
Numbers = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Part:
    """One number: how many rows (``count``), whether any (``any``), or the ``sum`` of the values' columns."""

    rows: Any
    kind: str = "count"


@dataclass(frozen=True)
class Beside:
    """A figure shown beside another. ``rows``: subjects considered, ``known``: those with a value."""

    code: str
    value: Decimal | None
    rows: int
    known: int


@dataclass(frozen=True)
class Figure:
    """What the numbers say. ``value`` None: unknown. The truth lies within ``at_least``–``at_most`` (None: no bound).

    ``rows`` were looked at; of ``undecided`` it cannot be told whether they belong, of ``untold`` what their value is;
    ``unplaced`` institutions are on record in no district. ``on_record``: whether there is anything to count from.
    """

    value: Decimal | None
    at_least: Decimal
    at_most: Decimal | None
    rows: int
    undecided: int = 0
    untold: int = 0
    unplaced: int = 0
    on_record: bool = True
    beside: tuple[Beside, ...] = field(default=())


def asked(meaning: Definition, above: Territory | str, day: date) -> dict[str, Part]:
    """The numbers that a definition's figure on a day stands on."""
    if meaning.subject == "institution":
        return _of_institutions(meaning, above, day)
    if meaning.reckon == "sum":
        return _of_sums(meaning, above, day)
    found = population.members(meaning, above, day)
    parts = {"sure": Part(found.rows.values("pk")), "record": Part(_stays_on_record(meaning, above), "any")}
    if meaning.reckon == "share":
        yes, no = population.having(meaning, found.rows, day)
        parts |= {"yes": Part(yes.values("pk")), "no": Part(no.values("pk"))}
    return parts | {"maybe": Part(found.maybe.values("pk"))}


def _of_institutions(meaning: Definition, above: Territory | str, day: date) -> dict[str, Part]:
    found = population.members(meaning, above, day)
    record: Any = institutions.registered(above)
    if meaning.recognised:
        given = (titles.in_force(day) | population.perhaps_recognised(meaning, day)).filter(
            subject_kind=population.INSTITUTION
        )
        record = record.filter(pk__in=given.values("subject_id"))
    parts = {"sure": Part(found.rows.values("pk")), "maybe": Part(found.maybe.values("pk"))}
    parts["record"] = Part(record.values("pk"), "any")
    return parts | {"unplaced": Part(population.unplaced(meaning, above, day).values("pk"))}


def _stays_on_record(meaning: Definition, above: Territory | str) -> Any:
    stage = {} if meaning.who == "present" else {"stays__stage": Stage.INCUBATION.value}
    return ventures.ventures().order_by().filter(stays__institution__in=population.here(above), **stage).values("pk")


def _of_sums(meaning: Definition, above: Territory | str, day: date) -> dict[str, Part]:
    parts = _one_sum("", meaning, above, day, meaning.period)
    parts["record"] = Part(observations.current(meaning.measure).values("pk"), "any")
    end = _period_end(meaning.period, day)
    parts["maybe"] = Part(population.members(meaning, above, end - population.DAY).maybe.values("pk"))
    for code in meaning.beside:
        if code == "graduates_here":
            rows = population.graduates_here(above, end - population.DAY)
            parts |= _sum_of(f"{code}.", rows, meaning.measure, day, meaning.period)
        elif code != meaning.period:
            parts |= _one_sum(f"{code}.", meaning, above, day, code)
    return parts


def _period_end(period: str, day: date) -> date:
    return blanks.last_year(day)[1] if period == "calendar_year" else blanks.last_quarters(day)[0][1]


def _one_sum(prefix: str, meaning: Definition, above: Territory | str, day: date, period: str) -> dict[str, Part]:
    rows = population.members(meaning, above, _period_end(period, day) - population.DAY).rows
    return _sum_of(prefix, rows, meaning.measure, day, period)


def _sum_of(prefix: str, rows: Any, code: str, day: date, period: str) -> dict[str, Part]:
    """Rows, and for each period that is summed the sum and how many told it."""
    spans = [blanks.last_year(day)] if period == "calendar_year" else blanks.last_quarters(day)
    parts = {f"{prefix}sure": Part(rows.values("pk"))}
    for place, (starts_on, ends_before) in enumerate(spans):
        told = observations.current(code).filter(
            period__starts_on=starts_on, period__ends_before=ends_before, subject__in=rows.values("pk")
        )
        parts[f"{prefix}sum{place}"] = Part(told.values("amount", "number"), "sum")
        parts[f"{prefix}known{place}"] = Part(told.values("pk"))
    return parts


@dataclass(frozen=True)
class Question:
    """A number as SQL. ``sql`` "": there can be no rows."""

    sql: str
    params: tuple[Any, ...]
    kind: str


def put(part: Part) -> Question:
    """The number as SQL, with whatever blanks it has."""
    try:
        sql, params = part.rows.query.sql_with_params()
    except EmptyResultSet:
        return Question("", (), part.kind)
    return Question(_number(part.kind, sql), tuple(params), part.kind)


def ask(questions: Sequence[Question]) -> list[Decimal | None]:
    """The numbers in their order, ``AT_ONCE`` in one question; the same number asked twice is reckoned once."""
    place: dict[Question, int] = {}
    for each in questions:
        if each.sql:
            place.setdefault(each, len(place))
    answers: list[Any] = []
    different = list(place)
    with connection.cursor() as cursor:
        for start in range(0, len(different), AT_ONCE):
            some = different[start : start + AT_ONCE]
            cursor.execute("SELECT " + ", ".join(each.sql for each in some), [p for each in some for p in each.params])
            answers += cursor.fetchone()
    found = [None if answer is None else Decimal(str(answer)) for answer in answers]
    nothing = {"sum": None}
    return [found[place[each]] if each.sql else nothing.get(each.kind, Decimal(0)) for each in questions]


def _number(kind: str, sql: str) -> str:
    match kind:
        case "any":
            return f"(SELECT CASE WHEN EXISTS ({sql}) THEN 1 ELSE 0 END)"
        case "sum":
            return f"(SELECT SUM(COALESCE(amount, number)) FROM ({sql}) AS told)"
    return f"(SELECT COUNT(*) FROM ({sql}) AS counted)"


def figure(meaning: Definition, numbers: Numbers) -> Figure:
    """The figure that these numbers make."""
    whole = {name: int(value or 0) for name, value in numbers.items() if not name.rpartition(".")[2].startswith("sum")}
    on_record = bool(whole["record"])
    if meaning.reckon == "sum" and meaning.subject == "venture":
        return _sum(meaning, numbers, whole, on_record)
    sure, maybe = whole["sure"], whole.get("maybe", 0)
    if meaning.reckon == "share" and meaning.subject == "venture":
        return _share(whole, sure, maybe, on_record)
    value = Decimal(sure)
    known = on_record and not (sure == 0 and maybe)  # nothing is known to belong: unknown, not zero
    return Figure(
        value if known else None,
        value,
        Decimal(sure + maybe) if on_record else None,
        sure + maybe,
        undecided=maybe,
        unplaced=whole.get("unplaced", 0),
        on_record=on_record,
    )


def _share(whole: Mapping[str, int], sure: int, maybe: int, on_record: bool) -> Figure:
    yes, known = whole["yes"], whole["yes"] + whole["no"]
    untold = sure - known
    everyone = sure + maybe
    low = _percent(yes, everyone)
    high = _percent(yes + untold + maybe, everyone)
    return Figure(
        _percent(yes, known) if known and on_record else None,
        low or Decimal(0),
        high,
        sure,
        undecided=maybe,
        untold=untold,
        on_record=on_record,
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return None if not whole else (Decimal(part) * 100 / whole).quantize(Decimal("0.01"))


def _sum(meaning: Definition, numbers: Numbers, whole: Mapping[str, int], on_record: bool) -> Figure:
    total, known = _total("", numbers, whole)
    rows, maybe = whole["sure"], whole.get("maybe", 0)
    beside = []
    for code in meaning.beside:
        if f"{code}.sure" in whole:
            amount, told = _total(f"{code}.", numbers, whole)
            beside.append(Beside(code, amount, whole[f"{code}.sure"], told))
    complete = total is not None and known == rows and not maybe
    return Figure(
        total if on_record else None,
        total or Decimal(0),
        total if complete else None,
        rows,
        undecided=maybe,
        untold=rows - known,
        on_record=on_record,
        beside=tuple(beside),
    )


def _total(prefix: str, numbers: Numbers, whole: Mapping[str, int]) -> tuple[Decimal | None, int]:
    """The sum over its periods, and how many told the period that fewest told. None when nobody told one of them."""
    places = [name for name in numbers if name.startswith(f"{prefix}sum")]
    sums = [numbers[name] for name in places]
    known = min((whole[name.replace("sum", "known")] for name in places), default=0)
    told = [each for each in sums if each is not None]
    return (sum(told, Decimal(0)) if len(told) == len(sums) and told else None), known
