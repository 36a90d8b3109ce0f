"""Verbs of observations: declare a measure, record values, correct them by superseding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.observations import policy, queries
from hatchline.apps.observations.models import Measure, Observation, Period, Picture, Recording, ValueType
from hatchline.apps.outbox import actions as outbox
from hatchline.core.values.refusal import Refusal, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

BATCH = 1000
CHUNK = 2000
PLACES = Decimal("0.0001")
__all__ = ["Given", "Taken", "correct", "declare", "rebuild", "record", "record_many"]


@dataclass(frozen=True, slots=True)
class Given:
    """One value as it comes: of a measure (code), about a subject (key), for the days of a period.

    ``sure``: why a figure that looks wrong is right; empty: nobody has looked.
    """

    measure: str
    subject: int
    starts_on: date
    ends_before: date
    value: Any
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one value: recorded, unchanged, question (kept nowhere yet: answer and give it again), refused."""

    outcome: str
    pk: int | None = None
    refusal: Refusal | None = None


@transaction.atomic
def declare(
    *,
    code: str,
    name: str,
    name_en: str,
    subject_kind: str,
    value_type: str,
    time_kind: str,
    by: Person | None,
    now: datetime,
    unit: str = "",
    sums_over: tuple[str, ...] = (),
    role_kind: str = "",
) -> Measure:
    """Say once what a figure is. ``subject_kind``: app.model; ``sums_over``: Over values."""
    taken = Measure.objects.filter(code=code).exists()
    require(
        policy.why_not_as("declare", role_kind)
        or policy.why_not_declare(
            code=code, value_type=value_type, unit=unit, time_kind=time_kind, sums_over=sums_over, taken=taken
        )
    )
    measure = Measure.objects.create(
        code=code.strip(),
        name=name.strip(),
        name_en=name_en.strip(),
        subject_kind=subject_kind,
        value_type=value_type,
        unit=unit,
        time_kind=time_kind,
        sums_over=list(sums_over),
    )
    ledger.move(measure, "declare", by=by, at=now, role_kind=role_kind, details={"code": code})
    return measure


@transaction.atomic
def record(
    given: Given, *, source: str, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Observation:
    """Record one value. Refused when another one is on record for that period: correct it instead."""
    require(policy.why_not_as("record", role_kind))
    (taken,) = _take([given], source=source, by=by, now=now, today=today, role_kind=role_kind)
    require(taken.refusal)
    assert taken.pk is not None
    return Observation.objects.get(pk=taken.pk)


@transaction.atomic
def record_many(
    given: Sequence[Given], *, source: str, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> list[Taken]:
    """Record many values under one recording and one move; what became of each, in order."""
    require(policy.why_not_as("record", role_kind))
    return _take(given, source=source, by=by, now=now, today=today, role_kind=role_kind)


@transaction.atomic
def correct(
    observation: Observation,
    *,
    value: Any,
    reason: str,
    source: str,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
    sure: str = "",
) -> Observation:
    """The value was wrong: a new row supersedes it. What was known before stays readable by ``known_at``.

    ``sure``: why a figure that, beside the year before, looks as if it were in another unit is right.
    """
    old = Observation.objects.select_for_update(of=("self",)).select_related("measure", "period").get(pk=observation.pk)
    require(
        policy.why_not_correct(reason=reason, is_current=old.superseded_by_id is None, role_kind=role_kind)
        or policy.why_not_source(source)
        or policy.why_not_value(old.measure, value)
    )
    if not sure.strip():
        require(policy.why_doubtful(old.measure, value, queries.value_a_year_before(old)))
    recording = Recording.objects.create(source=source.strip(), recorded_at=now, by=by)
    Observation.objects.filter(pk=old.pk).update(superseded_by=old.pk)  # makes room for the one to come
    new = Observation(measure=old.measure, subject=old.subject, period=old.period, recording=recording)
    for column, kept in columns_of(old.measure, value).items():
        setattr(new, column, kept)
    new.save(force_insert=True)
    Observation.objects.filter(pk=old.pk).update(superseded_by=new.pk)
    details = {"measure": old.measure.code, "was": old.pk, "now": new.pk, "reason": reason.strip()}
    ledger.move(recording, "correct", by=by, at=now, role_kind=role_kind, details=details)
    _pictures({(old.measure.subject_kind, old.period_id)}, now)
    return new


def columns_of(measure: Measure, value: Any) -> dict[str, Any]:
    """The column that holds a value of this measure."""
    match measure.value_type:
        case ValueType.INTEGER | ValueType.BOOLEAN:
            return {"number": int(value)}
        case ValueType.DECIMAL | ValueType.MONEY:
            return {"amount": Decimal(value).quantize(PLACES)}
        case ValueType.DATE:
            return {"day": value}
    return {"words": value.strip()}


def _take(
    given: Sequence[Given], *, source: str, by: Person | None, now: datetime, today: date, role_kind: str
) -> list[Taken]:
    require(policy.why_not_source(source))
    recording = Recording.objects.create(source=source.strip(), recorded_at=now, by=by)
    measures = {each.code: each for each in Measure.objects.filter(code__in={each.measure for each in given})}
    answers: list[Taken] = []
    touched: set[tuple[str, int]] = set()
    for start in range(0, len(given), CHUNK):
        answers += _some(given[start : start + CHUNK], measures, recording, today, touched)
    counted = {name: sum(each.outcome == name for each in answers) for name in ("recorded", "question", "refused")}
    ledger.move(recording, "record", by=by, at=now, role_kind=role_kind, details=counted)
    _pictures(touched, now)
    return answers


def _some(
    given: Sequence[Given],
    measures: dict[str, Measure],
    recording: Recording,
    today: date,
    touched: set[tuple[str, int]],
) -> list[Taken]:
    periods = queries.periods({(each.starts_on, each.ends_before) for each in given if _is_ordered(each)})
    for span in {(each.starts_on, each.ends_before) for each in given if _is_ordered(each)} - periods.keys():
        periods[span] = Period.objects.get_or_create(starts_on=span[0], ends_before=span[1])[0].pk
    subjects = {each.subject for each in given}
    present = queries.current_values(measures.values(), subjects, set(periods.values()))
    before = queries.current_values(measures.values(), subjects, queries.year_before(periods))
    earlier = {periods[span]: pk for span, pk in queries.years_back(periods).items()}
    rows: list[Observation] = []
    answers: list[tuple[str, Observation | int | None, Refusal | None]] = []
    for each in given:
        measure = measures.get(each.measure)
        if measure is None:
            answers.append(("refused", None, queries.no_such_measure(each.measure)))
            continue
        refusal = policy.why_not_period(each.starts_on, each.ends_before, today) or policy.why_not_value(
            measure, each.value
        )
        if refusal is not None:
            answers.append(("refused", None, refusal))
            continue
        period = periods[each.starts_on, each.ends_before]
        key = measure.pk, each.subject, period
        columns = columns_of(measure, each.value)
        kept = next(iter(columns.values()))
        if key in present:
            pk, there = present[key]
            same = there == kept
            answers.append(("unchanged", pk, None) if same else ("question", pk, queries.differs(measure, there, kept)))
            continue
        last = before.get((measure.pk, each.subject, earlier.get(period, 0)), (0, None))[1]
        doubt = None if each.sure.strip() else policy.why_doubtful(measure, kept, last)
        if doubt is not None:
            answers.append(("question", None, doubt))
            continue
        row = Observation(
            measure_id=measure.pk, subject=each.subject, period_id=period, recording_id=recording.pk, **columns
        )
        rows.append(row)
        present[key] = (0, kept)
        touched.add((measure.subject_kind, period))
        answers.append(("recorded", row, None))
    Observation.objects.bulk_create(rows, batch_size=BATCH)
    return [
        Taken(outcome, row.pk if isinstance(row, Observation) else row or None, refusal)
        for outcome, row, refusal in answers
    ]


def _is_ordered(each: Given) -> bool:
    return each.starts_on < each.ends_before


def _pictures(touched: set[tuple[str, int]], now: datetime) -> None:
    """The wide tables these values belong to are out of date; the outbox makes them anew."""
    for kind, period in sorted(touched):
        picture, _is_new = Picture.objects.update_or_create(
            subject_kind=kind, period_id=period, defaults={"is_stale": True}
        )
        outbox.add("observations.rebuild", now=now, once_key=f"picture:{picture.pk}", picture=picture.pk)


@transaction.atomic
def rebuild(picture: Picture, *, now: datetime) -> Picture:
    """Make the wide table of one subject kind and period anew from the current values. Safe to repeat."""
    picture = Picture.objects.select_for_update().get(pk=picture.pk)
    picture.lines.all().delete()
    picture.rows = queries.write_lines(picture)
    picture.made_at, picture.is_stale = now, False
    picture.save(update_fields=["rows", "made_at", "is_stale"])
    return picture
