"""What invented ventures report: yearly figures, six quarters, rights by quarter, and what nobody reported.

Sums are in yuan. Revenue is heavy-tailed: a few ventures earn most of it, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random
from typing import Any

from hatchline.journeys.world.lifecycles import Life

FIRST_YEAR = 2011
RIGHTS_BY_QUARTER_SINCE = 2014  # or the share of those known would leap each time a year's figures come in
SEASON = (0.21, 0.245, 0.25, 0.295)
MIDDLE, SPREAD = 1_320_000.0, 1.62  # median revenue in the first full year, and how far the logarithms spread
LARGEST = 2.3  # deviations
GROWTH = (0.42, 0.30, 0.22, 0.16, 0.12, 0.09)  # of the logarithm, by whole years since incorporation
UNREPORTED = {2011: 0.22, 2012: 0.19, 2013: 0.15, 2014: 0.12, 2015: 0.08}  # share of ventures
LATELY_UNREPORTED = 0.035
INVENTIVE, RIGHTS_A_YEAR, FIRST_RIGHT_AFTER = 0.785, 0.76, 150  # share of ventures, rights, days
RIGHT_KINDS = (("software", 0.52), ("utility", 0.19), ("invention", 0.17), ("design", 0.10), ("ic_layout", 0.02))
YEARS_VALID = {"utility": 10, "design": 10, "invention": 20, "ic_layout": 10}


@dataclass(frozen=True, slots=True)
class RightPlan:
    """A right: applied for, granted, until when it holds (None: no end is known)."""

    kind: str
    applied: date
    granted: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported value: measure, first day, first day after, the value, and when it was reported."""

    measure: str
    starts_on: date
    ends_before: date
    value: Any
    reported_on: date


@dataclass(frozen=True, slots=True)
class Report:
    """All that a venture ever reported. ``is_silent``: nobody asked it, so that even its rights are unknown."""

    figures: tuple[Figure, ...]
    rights: tuple[RightPlan, ...]
    is_silent: bool


def years(life: Life, today: date) -> Iterator[int]:
    """Years in which it was a company somewhere in the chain."""
    if life.incorporated is None:
        return
    for year in range(max(FIRST_YEAR, life.incorporated.year), today.year + 1):
        if any(each.starts.year <= year and (each.ended or today).year >= year for each in life.visits):
            yield year


def revenue(life: Life, today: date) -> dict[int, float]:
    """Revenue of each year, yuan, of a company from its first year on."""
    draw = Random(life.number * 53 + 17)
    if life.incorporated is None:
        return {}
    quality = min(draw.gauss(0, SPREAD), LARGEST * SPREAD)  # the largest do not stay in an incubator
    made, logarithm = {}, quality
    starts_late = draw.random() < 0.35
    for age, year in enumerate(range(life.incorporated.year, today.year + 1)):
        part = (date(year + 1, 1, 1) - life.incorporated).days / 365 if age == 0 else 1.0
        noise = draw.gauss(0, 0.22)
        made[year] = 0.0 if age == 0 and starts_late else MIDDLE * exp(logarithm + noise) * part
        logarithm += GROWTH[min(age, len(GROWTH) - 1)] * (1 + 0.25 * quality / SPREAD)
    return made


def rights(life: Life, today: date) -> tuple[RightPlan, ...]:
    """What was granted to it up to the day."""
    draw = Random(life.number * 59 + 19)
    if life.incorporated is None or draw.random() > INVENTIVE:
        return ()
    end = life.ceased or today
    made: list[RightPlan] = []
    day = life.incorporated + timedelta(days=int(FIRST_RIGHT_AFTER * (0.5 + draw.random())))
    while True:
        day += timedelta(days=int(draw.expovariate(RIGHTS_A_YEAR) * 365) + 1)
        if day > end:
            return tuple(made)
        kind = draw.choices([name for name, _share in RIGHT_KINDS], [share for _name, share in RIGHT_KINDS])[0]
        waited = {"invention": 900, "software": 60}.get(kind, 250)
        applied = max(life.incorporated, day - timedelta(days=int(waited * (0.6 + 0.8 * draw.random()))))
        lasts = YEARS_VALID.get(kind)
        until = date(applied.year + lasts, applied.month, min(applied.day, 28)) if lasts else None
        if until and draw.random() < 0.03:  # nobody paid the fee
            until = min(until, date(day.year + 2, day.month, min(day.day, 28)))
        made.append(RightPlan(kind, applied, day, until))


def report(life: Life, today: date, silent: frozenset[int]) -> Report:
    """What it reported. ``silent``: places of institutions that have not handed in the last figures."""
    draw = Random(life.number * 61 + 23)
    is_silent = draw.random() < 0.03
    its = rights(life, today)
    if is_silent or life.incorporated is None:
        return Report((), () if is_silent else its, is_silent)
    money, made = revenue(life, today), list[Figure]()
    head = 3 + draw.expovariate(1 / 3.4)  # people, before revenue brings more
    for year in years(life, today):
        place = next((v.place for v in reversed(life.visits) if v.starts.year <= year), -1)
        is_late = year >= today.year - 1 and place in silent
        if draw.random() < UNREPORTED.get(year, LATELY_UNREPORTED) or is_late:
            continue
        if year < today.year:
            made += _of_year(year, money[year], head, its, draw)
        if year >= today.year - 1:
            made += _of_quarters(year, money[year], head, life, today, draw)
        if year >= RIGHTS_BY_QUARTER_SINCE:
            made += _rights_by_quarter(year, its, life, today)
    return Report(tuple(made), its, False)


def _people(head: float, money: float) -> int:
    return max(1, round(head + float((money / 260_000) ** 0.62)))


def _of_year(year: int, money: float, head: float, its: Sequence[RightPlan], draw: Random) -> Iterator[Figure]:
    starts, ends = date(year, 1, 1), date(year + 1, 1, 1)
    told = date(year + 1, 2, 8 + draw.randrange(16))
    people = _people(head, money)
    spent = money * draw.uniform(0.02, 0.14) + people * 28_000 * draw.random()
    figures: dict[str, Any] = {
        "revenue": _yuan(money),
        "rd_spending": _yuan(spent),
        "employees": people,
        "college_employees": min(people, round(people * draw.uniform(0.55, 0.98))),
        "valid_rights": _valid(its, ends),
        "total_assets": _yuan(money * draw.uniform(0.5, 1.6) + 300_000),
    }
    for measure, value in figures.items():
        if draw.random() > 0.01:  # a cell that stayed empty
            yield Figure(measure, starts, ends, value, told)


def _valid(its: Sequence[RightPlan], ends: date) -> int:
    return sum(each.granted < ends and (each.valid_until is None or each.valid_until >= ends) for each in its)


def _quarters(year: int, life: Life, today: date) -> Iterator[tuple[int, date, date]]:
    """The quarters that are over, at whose end it was somewhere in the chain: number, first day, first day after."""
    for quarter in (1, 2, 3, 4):
        ends = date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
        if ends <= today and any(
            each.starts < ends and (each.ended is None or each.ended >= ends) for each in life.visits
        ):
            yield quarter, date(year, 3 * quarter - 2, 1), ends


def _rights_by_quarter(year: int, its: Sequence[RightPlan], life: Life, today: date) -> Iterator[Figure]:
    for _quarter, starts, ends in _quarters(year, life, today):
        yield Figure("valid_rights", starts, ends, _valid(its, ends), min(ends + timedelta(days=10), today))


def _of_quarters(year: int, money: float, head: float, life: Life, today: date, draw: Random) -> Iterator[Figure]:
    for quarter, starts, ends in _quarters(year, life, today):
        if draw.random() < 0.015:
            continue
        told = min(ends + timedelta(days=6 + draw.randrange(8)), today)
        yield Figure("revenue", starts, ends, _yuan(money * SEASON[quarter - 1]), told)
        yield Figure("employees", starts, ends, _people(head, money), told)


def _yuan(amount: float) -> Decimal:
    return Decimal(round(amount, -2)).quantize(Decimal(1))


def batches(reports: Iterable[tuple[int, Report]]) -> dict[tuple[date, date, date], list[tuple[int, Figure]]]:
    """Figures by the period they are about and the month they came in: one recording each."""
    made: dict[tuple[date, date, date], list[tuple[int, Figure]]] = {}
    for pk, each in reports:
        for figure in each.figures:
            moment = figure.reported_on.replace(day=25 if figure.starts_on.month == 1 and _is_year(figure) else 14)
            made.setdefault((moment, figure.starts_on, figure.ends_before), []).append((pk, figure))
    return dict(sorted(made.items()))


def _is_year(figure: Figure) -> bool:
    return figure.ends_before.year > figure.starts_on.year and figure.starts_on.month == 1
