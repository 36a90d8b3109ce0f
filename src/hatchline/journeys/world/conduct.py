"""What documents ask for and no list tells: how invented institutions work and what invented ventures do.

Told once, for the last whole year, as a yearly check would; a cell in twenty was left empty, and stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from math import exp
from random import Random
from typing import Any

from django.utils import timezone

from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import queries as observed
from hatchline.apps.observations.actions import Given
from hatchline.journeys.world.figures import Report
from hatchline.journeys.world.honours import Candidate
from hatchline.journeys.world.lifecycles import Life
from hatchline.journeys.world.writing import Written

SOURCE = "演示数据：%s年度核查"
EMPTY = 0.05  # share of cells nobody filled
UNCHECKED = 0.03  # share of ventures nobody asked
FIRST_STATISTICS = 2009
CERTAIN = {
    "registered_here": 0.97, "main_site_here": 0.98, "does_technology": 0.98, "listed_field": 0.95,
    "is_relocated": 0.04, "is_small_or_micro": 0.98, "merged_or_listed": 0.02, "is_resident": 0.995,
    "banned_activity": 0.002, "serious_fault": 0.006, "on_abnormal_list": 0.02,
}  # fmt: skip
OF_INSTITUTIONS = {
    "direction_clear": 0.97, "mentor_system": 0.88, "dedicated_operator": 0.95, "separate_accounting": 0.82,
    "records_kept": 0.85, "in_remote_region": 0.0,
}  # fmt: skip
PROFESSIONAL = ("precise_service", "public_platform", "professional_team")
MIDDLE_FUND = 4_200_000.0


def check(
    there: Sequence[Candidate], written: Iterable[Written], reports: Iterable[tuple[int, Report]], *, today: date
) -> int:
    """Record the check of the last whole year; how many values. Measures nobody declared are left out."""
    year = today.year - 1
    own = [given for each in there for given in _institution(each, year)]
    people = {
        pk: figure.value
        for pk, report in reports
        for figure in report.figures
        if figure.measure == "employees" and figure.starts_on == date(year, 1, 1) and figure.ends_before.year > year
    }
    theirs = [given for each in written for given in _venture(each, year, people.get(each.pk))]
    return _record("institutions.institution", own, year, today) + _record("ventures.venture", theirs, year, today)


def _record(kind: str, given: Sequence[Given], year: int, today: date) -> int:
    declared = {measure.code for measure in observed.measures(kind)}
    moment = timezone.make_aware(datetime.combine(min(date(year + 1, 3, 20), today), time(9)))
    kept = [each for each in given if each.measure in declared]
    taken = observations.record_many(kept, source=SOURCE % year, by=None, now=moment, today=today) if kept else []
    return sum(each.outcome == "recorded" for each in taken)


def _given(draw: Random, subject: int, year: int, values: dict[str, Any]) -> Iterator[Given]:
    for measure, value in values.items():
        if draw.random() >= EMPTY:
            yield Given(measure, subject, date(year, 1, 1), date(year + 1, 1, 1), value)


def _institution(each: Candidate, year: int) -> Iterator[Given]:
    if each.opened is not None and each.opened.year > year:
        return
    draw = Random(each.number * 97 + 41)
    values: dict[str, Any] = {name: draw.random() < share for name, share in OF_INSTITUTIONS.items()}
    is_professional = draw.random() < 0.15
    values["applies_as_professional"] = is_professional
    values |= {name: draw.random() < (0.8 if is_professional else 0.25) for name in PROFESSIONAL}
    fund = MIDDLE_FUND * exp(draw.gauss(0, 0.8)) * (0.4 + each.weight)
    values["fund_size"] = Decimal(round(fund, -5)).quantize(Decimal(1))
    values["fund_cases"] = max(0, round(draw.gauss(2.2 + fund / 6_000_000, 1.6)))
    since = max(FIRST_STATISTICS, each.opened.year + 1 if each.opened else year - 3)
    missed = draw.randint(0, 2) if draw.random() < 0.2 else 0
    values["statistics_years"] = max(0, year - since + 1 - missed)
    values["failed_evaluations"] = 1 if draw.random() < 0.05 else 0
    yield from _given(draw, each.key, year, values)


def _venture(each: Written, year: int, people: int | None) -> Iterator[Given]:
    life = each.life
    draw = Random(life.number * 89 + 37)
    if draw.random() < UNCHECKED or not _was_here(life, year):
        return
    values: dict[str, Any] = {name: draw.random() < share for name, share in CERTAIN.items()}
    if life.incorporated is None:
        values["registered_here"] = False
    values["in_specialism"] = draw.random() < 0.62
    if any(visit.outcome == "graduated" for visit in life.visits):
        values["graduation_upheld"] = draw.random() < 0.93
    if people is not None:
        values["tech_employees"] = max(0, min(people, round(people * draw.uniform(0.15, 0.75))))
        values["rd_employees"] = round(values["tech_employees"] * draw.uniform(0.5, 0.95))
    yield from _given(draw, each.pk, year, values)


def _was_here(life: Life, year: int) -> bool:
    """Whether it was somewhere in the chain in the year, or had graduated by then."""
    return any(
        visit.starts.year <= year and (visit.ended is None or visit.ended.year >= year or visit.outcome == "graduated")
        for visit in life.visits
    )
