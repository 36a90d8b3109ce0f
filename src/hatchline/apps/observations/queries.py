"""Questions about values. ``as_of``: true on that day; ``known_at``: by what was recorded by that moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns import prepared
from hatchline.apps.observations.models import (
    Current,
    Measure,
    Observation,
    Over,
    Period,
    Picture,
    Recording,
    ValueType,
)
from hatchline.core.values.refusal import Refusal, Refused

DAY = timedelta(days=1)
CHUNK = 500
Span = tuple[date, date]
COLUMNS: dict[str, str] = {  # where a value of each type is kept
    ValueType.INTEGER: "number", ValueType.BOOLEAN: "number", ValueType.DECIMAL: "amount", ValueType.MONEY: "amount",
    ValueType.DATE: "day", ValueType.TEXT: "words",
}  # fmt: skip
HELD = ("measure", "subject", "period", "recording", *sorted(set(COLUMNS.values())))


@dataclass(frozen=True, slots=True)
class Value:
    """One value as a page or a rule reads it. Days half-open; ``recorded_at`` the moment it became known.

    ``recording``: what it came with, where the ledger keeps the reason of a correction; ``by``: who recorded it, a
    person's key, None for the system.
    """

    pk: int
    measure: str
    subject: int
    starts_on: date
    ends_before: date
    value: Any
    source: str
    recorded_at: datetime
    recording: int = 0
    by: int | None = None


@dataclass(frozen=True)
class Total:
    """A sum over subjects: of how many values, in the measure's unit. None when nobody has a value: never zero."""

    amount: Decimal | None
    subjects: int


def measures(subject_kind: str | None = None) -> QuerySet[Measure]:
    """Declared measures, by code."""
    rows = Measure.objects.order_by("code")
    return rows if subject_kind is None else rows.filter(subject_kind=subject_kind)


def measure(code: str) -> Measure | None:
    """One measure."""
    return Measure.objects.filter(code=code).first()


def observation(pk: int) -> Observation | None:
    """One row, superseded or not."""
    return Observation.objects.select_related("measure", "period", "recording").filter(pk=pk).first()


def recorded_since(subject_kind: str, moment: datetime) -> QuerySet[Observation]:
    """Current values about subjects of a kind recorded from a moment on: what superseded another is the later one."""
    return Observation.objects.filter(
        superseded_by=None, measure__subject_kind=subject_kind, recording__recorded_at__gte=moment
    )


def _known(known_at: datetime | None) -> QuerySet[Observation]:
    rows = Observation.objects.select_related("measure", "period", "recording")
    if known_at is None:
        return rows.filter(superseded_by=None)
    later = Q(superseded_by=None) | Q(superseded_by__recording__recorded_at__gt=known_at)
    return rows.filter(later, recording__recorded_at__lte=known_at)


def values_of(
    subject_kind: str, subject: int, *, as_of: date | None = None, known_at: datetime | None = None
) -> list[Value]:
    """All values about a subject, by measure and period; with ``as_of`` those of periods that were over by the day."""
    rows = _known(known_at).filter(measure__subject_kind=subject_kind, subject=subject)
    if as_of is not None:
        rows = rows.filter(period__ends_before__lte=as_of + DAY)
    return [_read(row) for row in rows.order_by("measure__code", "period__ends_before", "period__starts_on")]


def value(code: str, subject: int, *, as_of: date, known_at: datetime | None = None) -> Value | None:
    """The value of the last period that was over by the day; None: not known."""
    rows = _known(known_at).filter(measure__code=code, subject=subject, period__ends_before__lte=as_of + DAY)
    row = rows.order_by("-period__ends_before", "-period__starts_on").first()
    return _read(row) if row is not None else None


def observed(
    subject_kind: str, yearly: Mapping[str, bool], subjects: Collection[int] | None, since: date, as_of: date,
    known_at: datetime | None = None, lasting: timedelta | None = None,
) -> Iterator[tuple[str, int, date, date, Any, str]]:  # fmt: skip
    """(code, subject, from, until, value, source) of periods begun since a day and over by another. Four queries.

    ``yearly``: the measures wanted, and whether whole calendar years alone are; of the others nothing that ended longer
    ago than ``lasting``. Measures, periods and recordings are few and read once.
    """
    called = {
        pk: (code, HELD.index(COLUMNS[kind]), kind == ValueType.BOOLEAN)
        for pk, code, kind in prepared.rows(_declared, subject_kind)
        if code in yearly
    }
    periods = {pk: (first, before) for pk, first, before in prepared.rows(_periods, since, as_of)} if called else {}
    if not periods:
        return
    by_year = [pk for pk, (code, *_how) in called.items() if yearly[code]]
    stocks = [pk for pk, (code, *_how) in called.items() if not yearly[code]]
    parts = [pk for pk, (first, before) in periods.items() if not _is_calendar_year(first, before)]
    past = [pk for pk, (_first, before) in periods.items() if lasting is not None and as_of - before > lasting]
    # of few subjects the index finds all periods at once, and looking for each of them would take longer
    which = list(periods) if subjects is None else None
    rows = prepared.rows(_held, list(called), by_year, parts, stocks, past, subjects, which, known_at)
    found = [row for row in rows if row[2] in periods]
    sources: dict[int, str] = dict(prepared.rows(_sources, list({row[3] for row in found})))
    for row in found:
        code, at, is_truth = called[row[0]]
        first, before = periods[row[2]]
        yield code, row[1], first, before, bool(row[at]) if is_truth else row[at], sources[row[3]]


def _declared(subject_kind: str) -> QuerySet[Any, Any]:
    return Measure.objects.filter(subject_kind=subject_kind).values_list("pk", "code", "value_type")


def _periods(since: date, as_of: date) -> QuerySet[Any, Any]:
    spans = Period.objects.filter(starts_on__gte=since, ends_before__lte=as_of + DAY)
    return spans.values_list("pk", "starts_on", "ends_before")


def _held(
    measures: Collection[int], by_year: Collection[int], parts: Collection[int], stocks: Collection[int],
    past: Collection[int], subjects: Collection[int] | None, periods: Collection[int] | None, known_at: datetime | None,
) -> QuerySet[Any, Any]:  # fmt: skip
    rows = _known(known_at).select_related(None).filter(measure__among=measures)
    rows = rows.exclude(measure__among=by_year, period__among=parts)
    rows = rows.exclude(measure__among=stocks, period__among=past)
    if subjects is not None:
        rows = rows.filter(subject__among=subjects)
    if periods is not None:
        rows = rows.filter(period__among=periods)
    return rows.values_list(*HELD)


def _sources(recordings: Collection[int]) -> QuerySet[Any, Any]:
    return Recording.objects.filter(pk__among=recordings).values_list("pk", "source")


def _is_calendar_year(starts_on: date, ends_before: date) -> bool:
    return starts_on == date(starts_on.year, 1, 1) and ends_before == date(starts_on.year + 1, 1, 1)


def superseded(subject_kind: str, subjects: Collection[int]) -> list[Value]:
    """What was recorded about these and corrected since, oldest first. One query."""
    rows = Observation.objects.select_related("measure", "period", "recording").exclude(superseded_by=None)
    return [_read(row) for row in rows.filter(measure__subject_kind=subject_kind, subject__in=subjects).order_by("pk")]


def history(code: str, subject: int, starts_on: date, ends_before: date) -> list[Value]:
    """Every value ever recorded for one period, oldest first: the last is the current one."""
    rows = Observation.objects.select_related("measure", "period", "recording").filter(
        measure__code=code, subject=subject, period__starts_on=starts_on, period__ends_before=ends_before
    )
    return [_read(row) for row in rows.order_by("pk")]


def total(
    code: str,
    starts_on: date,
    ends_before: date,
    *,
    subjects: Collection[int] | QuerySet[Any] | None = None,
    known_at: datetime | None = None,
) -> Total:
    """The sum over subjects for one period. Refused for a measure that is not declared to be summed over subjects."""
    found = Measure.objects.get(code=code)
    if Over.SUBJECTS not in found.sums_over:
        raise Refused(Refusal("not_summable", _("“%(name)s”不能在各主体之间合计。") % {"name": found.name}))
    rows = _known(known_at).filter(measure=found, period__starts_on=starts_on, period__ends_before=ends_before)
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
    column = "number" if found.value_type == ValueType.INTEGER else "amount"
    reckoned = rows.aggregate(total=Sum(column), n=Count("subject", distinct=True))
    amount = reckoned["total"]
    return Total(None if amount is None else Decimal(amount), reckoned["n"])


def current(code: str) -> QuerySet[Observation]:
    """The rows of one measure that nothing has superseded, for a larger question to narrow or to sum."""
    return Observation.objects.filter(measure__code=code, superseded_by=None)


def picture(pk: int) -> Picture | None:
    """The state of one wide table."""
    return Picture.objects.filter(pk=pk).first()


def picture_of(subject_kind: str, starts_on: date, ends_before: date) -> Picture | None:
    """The wide table of a subject kind and period: its moment, its rows, whether something came since."""
    return Picture.objects.filter(
        subject_kind=subject_kind, period__starts_on=starts_on, period__ends_before=ends_before
    ).first()


def lines(of: Picture) -> QuerySet[Current]:
    """The rows of a wide table: subject and ``values`` {measure code: value}."""
    return Current.objects.filter(picture=of).order_by("subject")


def counted() -> dict[str, int]:
    """Rows of the tables that grow, for the diagnosis and the benchmark."""
    tables = (Measure, Period, Recording, Observation, Picture, Current)
    return {each._meta.model_name or "": each._default_manager.count() for each in tables}


def _read(row: Observation) -> Value:
    return Value(
        row.pk,
        row.measure.code,
        row.subject,
        row.period.starts_on,
        row.period.ends_before,
        held(row.measure, row),
        row.recording.source,
        row.recording.recorded_at,
        row.recording_id,
        row.recording.by_id,
    )


def held(of: Measure, row: Observation) -> Any:
    """The value in the column of its type."""
    match of.value_type:
        case ValueType.BOOLEAN:
            return bool(row.number)
        case ValueType.INTEGER:
            return row.number
        case ValueType.DECIMAL | ValueType.MONEY:
            return row.amount
        case ValueType.DATE:
            return row.day
    return row.words


# for recording many


def periods(spans: Collection[Span]) -> dict[Span, int]:
    """Keys of the periods there are."""
    if not spans:
        return {}
    firsts = {starts_on for starts_on, _ends in spans}
    rows = Period.objects.filter(starts_on__in=firsts).values_list("starts_on", "ends_before", "pk")
    return {(starts_on, ends): pk for starts_on, ends, pk in rows if (starts_on, ends) in spans}


def back(day: date) -> date:
    """The same day a year before; the last of February for its 29th."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def on(day: date) -> date:
    """The same day a year after; the last of February for its 29th."""
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def years_back(spans: Mapping[Span, int]) -> dict[Span, int]:
    """For each span the key of the period a year before it, where that is on record."""
    found = periods({(back(starts), back(ends)) for starts, ends in spans})
    pairs = {span: found.get((back(span[0]), back(span[1]))) for span in spans}
    return {span: pk for span, pk in pairs.items() if pk is not None}


def year_before(spans: Mapping[Span, int]) -> set[int]:
    """Keys of the periods a year before these."""
    return set(years_back(spans).values())


def value_a_year_before(row: Observation) -> Any:
    """The current value of the same measure and subject in the period a year before; None: not on record."""
    span = row.period.starts_on, row.period.ends_before
    earlier = year_before({span: row.period_id})
    found = current_values([row.measure], [row.subject], earlier)
    return next((value for _pk, value in found.values()), None)


def current_values(
    of: Iterable[Measure], subjects: Collection[int], in_periods: Collection[int]
) -> dict[tuple[int, int, int], tuple[int, Any]]:
    """(measure, subject, period) → key and value of the current rows. A query for every 500 subjects."""
    wanted = {each.pk: each for each in of}
    made: dict[tuple[int, int, int], tuple[int, Any]] = {}
    if not wanted or not in_periods:
        return made
    ordered = sorted(subjects)
    for start in range(0, len(ordered), CHUNK):
        rows = Observation.objects.filter(
            subject__in=ordered[start : start + CHUNK],
            measure__in=list(wanted),
            period__in=list(in_periods),
            superseded_by=None,
        )
        for row in rows.values_list("pk", "measure_id", "subject", "period_id", "number", "amount", "words", "day"):
            made[row[1], row[2], row[3]] = row[0], next(each for each in row[4:] if each is not None)
    return made


def no_such_measure(code: str) -> Refusal:
    """A value of something that was never declared."""
    return Refusal("no_such_measure", _("没有登记过指标“%(code)s”。") % {"code": code}, field="measure")


def differs(of: Measure, there: Any, given: Any) -> Refusal:
    """Another value is on record."""
    params = {"measure": of.name, "there": _with_unit(of, there), "given": _with_unit(of, given)}
    return Refusal(
        "differs_from_record",
        _("“%(measure)s”这一期已登记为 %(there)s，这里是 %(given)s。") % params,
        _("如果原来的数有误，请写明理由更正，原数会保留。"),
        field="value",
    )


def _with_unit(of: Measure, value: Any) -> str:
    """4,180,000 元: a number with its separators and unit; what is no number as it is."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(value)
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {of.unit}".strip()


def write_lines(of: Picture) -> int:
    """Fill an empty wide table from the current values, inside the database; how many rows."""
    postgres = connection.vendor == "postgresql"
    if postgres:
        whole = "CASE WHEN m.value_type = 'boolean' THEN to_jsonb(o.number <> 0) ELSE to_jsonb(o.number) END"
        others = "to_jsonb(COALESCE(o.amount::text, o.words, o.day::text))"
        values = f"jsonb_object_agg(m.code, CASE WHEN o.number IS NOT NULL THEN {whole} ELSE {others} END)"
    else:
        whole = (
            "CASE WHEN m.value_type = 'boolean' THEN json(CASE o.number WHEN 0 THEN 'false' ELSE 'true' END)"
            " WHEN o.number IS NOT NULL THEN o.number"
        )
        others = "COALESCE(CASE WHEN o.amount IS NOT NULL THEN printf('%%.4f', o.amount) END, o.words, o.day)"
        values = f"json_group_object(m.code, {whole} ELSE {others} END)"
    sql = (
        f'INSERT INTO {Current._meta.db_table} (picture_id, subject, "values")'
        f" SELECT %s, o.subject, {values} FROM {Observation._meta.db_table} o"
        f" JOIN {Measure._meta.db_table} m ON m.id = o.measure_id"
        " WHERE o.period_id = %s AND o.superseded_by_id IS NULL AND m.subject_kind = %s GROUP BY o.subject"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [of.pk, of.period_id, of.subject_kind])
        return int(cursor.rowcount)


def subjects_of(pks: Collection[int]) -> list[tuple[int, str, int]]:
    """Of whom these observations are: (observation, kind of subject, its key). One query."""
    return list(Observation.objects.filter(pk__in=pks).values_list("pk", "measure__subject_kind", "subject"))
