"""The chain in figures: how many moved in each year or quarter, and how long it takes to graduate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from hatchline.apps.institutions.models import Kind
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.queries import Chain, flows
from hatchline.core.chain.presence import OUTSIDE, flow
from hatchline.core.chain.survival import Curve, at_risk_after, curve
from hatchline.sites.console import chain_part, chain_pictures
from hatchline.sites.console.chain_pictures import ACCELERATION, DOWN, INCUBATION, NURSERY, PARK, Links

DAY = timedelta(days=1)
MONTH = 365.2425 / 12
STEP = 3  # months between the points of a curve
LONGEST = 120  # months
FEWEST = 5  # a curve is drawn as long as so many are at risk
MOST_PANELS = 12  # groups drawn side by side
MARKS = (12, 24, 36, 48, 60)  # months told in the table


def period_ends(as_of: date, step: str, number: int) -> list[date]:
    """The ends of the last years or quarters before the day, and the day: one more than there are periods."""
    ends = [as_of]
    first = date(as_of.year, 1 if step == "year" else (as_of.month - 1) // 3 * 3 + 1, 1)
    while len(ends) <= number:
        last = first - DAY
        ends.append(last)
        first = date(last.year, 1 if step == "year" else last.month - 2, 1)
    return sorted(ends)


def period_label(first: date, last: date, step: str) -> str:
    """2016 年, 2016 年二季度, and the part of one that is under way: 2017 年至 7 月 18 日."""
    values = {"year": last.year, "quarter": (last.month + 2) // 3, "day": last.isoformat()}
    is_over = (last + DAY).day == 1 and (last.month == 12 if step == "year" else last.month % 3 == 0)
    if step == "year":
        return _("%(year)s 年") % values if is_over else _("%(year)s 年，至 %(day)s") % values
    return (
        _("%(year)s 年第 %(quarter)s 季度") % values
        if is_over
        else (_("%(year)s 年第 %(quarter)s 季度，至 %(day)s") % values)
    )


@dataclass(frozen=True)
class Figure:
    """A number of ventures and the list of them."""

    number: int
    href: str


@dataclass(frozen=True)
class FlowTable:
    """``heads``: the names of the figures; ``rows``: a period each, the latest first."""

    heads: list[str]
    rows: list[tuple[str, list[Figure]]]


def flow_table(chain: Chain, as_of: date, step: str, links: Links) -> FlowTable:
    """What happened in each of the last years (6) or quarters (12), and how many were at each stage at the end."""
    ends = period_ends(as_of, step, 6 if step == "year" else 12)
    table, lost = flow(chain.stays, ends), queries.lost(chain, ends).sum(axis=1)
    ways = [(NURSERY, INCUBATION), (INCUBATION, ACCELERATION), (INCUBATION, PARK), (ACCELERATION, PARK)]
    heads = [_("新进入链条"), *(f"{_short(start)} → {_short(end)}" for start, end in ways)]
    heads += [
        _("毕业"),
        _("离开链条"),
        _("是否还在不详"),
        *(_("期末%(stage)s") % {"stage": _short(rank)} for rank in DOWN),
    ]
    rows = []
    for at in reversed(range(len(table))):
        first, last, moved = ends[at], ends[at + 1], table[at]
        graduated = len(chain_pictures.graduated_between(chain, first, last))
        figures = [
            Figure(int(moved[OUTSIDE].sum()), links.moved(OUTSIDE, "any", first, last)),
            *(Figure(int(moved[way]), links.moved(*way, first, last)) for way in ways),
            Figure(graduated, links.moved("graduated", "", first, last)),
            Figure(int(moved[:, OUTSIDE].sum() - lost[at]), links.moved("any", flows.GONE, first, last)),
            Figure(int(lost[at]), links.moved("any", flows.UNSURE, first, last)),
            *(Figure(int(moved[:, rank].sum()), links.there(rank, last)) for rank in DOWN),
        ]
        rows.append((period_label(first + DAY, last, step), figures))
    return FlowTable(heads, rows)


def _short(rank: int) -> str:
    return chain_pictures.stage_label(rank)


@dataclass(frozen=True)
class Group:
    """The time to graduate of a part: its curve, who was at risk after each of ``MARKS``, who is left out."""

    name: str
    curve: Curve
    at_risk: list[int]
    left_out: int
    href: str = ""

    @property
    def n(self) -> int:
        return self.curve.n

    @property
    def graduated(self) -> int:
        return self.curve.n - self.curve.censored

    @property
    def median(self) -> float | None:
        """In months."""
        found = self.curve.median()
        return None if found is None else found / MONTH

    @property
    def median_between(self) -> str:
        """The interval of the median in months, as words."""
        low, high = self.curve.median_interval()
        if low is None:
            return ""
        said = {"low": f"{low / MONTH:.0f}", "high": "" if high is None else f"{high / MONTH:.0f}"}
        return _("%(low)s–%(high)s") % said if high is not None else _("%(low)s 以上") % said

    def by(self, month: int) -> tuple[float, float, float] | None:
        """The share that has graduated after so many months, and its limits; None when nobody was at risk by then."""
        if not self.n or not self.at_risk_at(month):
            return None
        share, low, high = self.curve.around(round(month * MONTH))
        return 1 - share, 1 - high, 1 - low

    def at_risk_at(self, month: int) -> int:
        return self.at_risk[MARKS.index(month)] if month in MARKS else 0


def group(name: str, chain: Chain, as_of: date, href: str = "") -> Group:
    """The time to graduate of these stays."""
    duration, happened, left_out = queries.durations(chain, as_of)
    at_risk = at_risk_after(duration, [round(month * MONTH) for month in MARKS])
    return Group(name, curve(duration, happened), at_risk, left_out, href)


def groups(chain: Chain, as_of: date, by: str, here: Any) -> list[Group]:
    """Curves side by side: by kind of institution, field of technology, or institution; those with the most spells.

    An institution of two kinds is in both. ``here(**changes)`` is the address narrowed to one of them.
    """
    made: list[Group] = []
    if by == "kind":
        for kind, pks in chain_part.kinds_in(chain).items():
            made.append(group(str(Kind(kind).label), chain.of(pks), as_of, here(kind=kind, by="")))
    elif by == "field":
        names = dict(chain_part.top_fields())
        for code, keys in chain_part.keys_by_field(list(names)).items():
            made.append(group(names[code], chain.of(None, keys), as_of, here(field=code, by="")))
        unknown = chain.where(chain.field == 0)
        made.append(group(_("技术领域不详"), unknown, as_of))
    elif by == "institution":
        incubated = chain.institution[chain.stays.stage == INCUBATION]
        there, numbers = np.unique(incubated, return_counts=True)
        most = [int(there[at]) for at in np.argsort(-numbers, kind="stable")[:MOST_PANELS]]
        called = chain_part.institution_names(most)
        for pk in most:
            made.append(group(called.get(pk, str(pk)), chain.of([pk]), as_of, here(institution=pk, kind="", by="")))
    return sorted((each for each in made if each.n), key=lambda each: -each.n)


def drawn(whole: Group) -> tuple[dict[str, Any], list[str], list[list[Any]]]:
    """The data of a line chart and its table: months and the share graduated by then with its limits, in per cent."""
    months = list(range(0, min(LONGEST, _last_month(whole)) + 1, STEP))
    values, band = _points(whole, months, 0), _band(whole, months)
    series = [{"name": whole.name, "values": values, "kind": "actual", "step": True, "band": band}]
    data = {"categories": [str(month) for month in months], "unit": "%", "min": 0, "max": 100, "series": series}
    columns = [_("月"), _("已毕业，百分比"), _("下限"), _("上限")]
    rows = [[str(each), value, *(edge or (None, None))] for each, value, edge in zip(months, values, band, strict=True)]
    return data, columns, rows


@dataclass(frozen=True)
class Panel:
    """A group's own small picture in viewBox units: its curve with its interval, the curve of all behind it."""

    group: Group
    line: str
    band: str
    behind: str


@dataclass(frozen=True)
class Panels:
    """Groups side by side on the same axes.

    ``months``: (position, month) of the upright rules; ``half``: where 50 % is; ``columns`` and ``rows``: their table.
    """

    width: int
    height: int
    months: list[tuple[float, int]]
    half: float
    panels: list[Panel]
    columns: list[str]
    rows: list[list[Any]]


def panels(whole: Group, parts: list[Group], *, width: int = 240, height: int = 112) -> Panels | None:
    """A small picture for each of the largest groups, so that every interval can be seen. None without groups."""
    shown = parts[:MOST_PANELS]
    last = min(LONGEST, max((_last_month(each) for each in (whole, *shown)), default=0))
    if not shown or not last:
        return None
    months = list(range(0, last + 1, STEP))

    def x(month: float) -> float:
        return round(width * month / months[-1], 1)

    def y(share: float) -> float:
        return round(height - 16 - (height - 22) * share / 100, 1)

    def stairs(values: Sequence[float | None]) -> list[str]:
        """The corners of a curve that stays level between its points."""
        told = [(month, value) for month, value in zip(months, values, strict=True) if value is not None]
        corners = [f"{x(month)} {y(value)}" for month, value in told[:1]]
        for (_before, level), (month, value) in pairwise(told):
            corners += [f"{x(month)} {y(level)}", f"{x(month)} {y(value)}"]
        return corners

    def path(corners: list[str]) -> str:
        return "M" + "L".join(corners) if corners else ""

    behind = path(stairs(_points(whole, months, 0)))
    made = []
    for each in shown:
        edge = stairs(_points(each, months, 2)) + stairs(_points(each, months, 1))[::-1]
        made.append(Panel(each, path(stairs(_points(each, months, 0))), f"{path(edge)}Z" if edge else "", behind))
    lines = [_points(each, months, 0) for each in (whole, *shown)]
    columns = [_("月"), whole.name, *(each.name for each in shown)]
    rows = [[str(month), *(line[at] for line in lines)] for at, month in enumerate(months)]
    return Panels(width, height, [(x(month), month) for month in range(24, months[-1], 24)], y(50), made, columns, rows)


def _last_month(each: Group) -> int:
    """The last point at which enough are still at risk for the curve to mean anything."""
    enough = each.curve.days[each.curve.at_risk >= FEWEST]
    return int(enough[-1] / MONTH) + STEP if len(enough) else 0


def _points(each: Group, months: list[int], which: int) -> list[float | None]:
    last = _last_month(each)
    return [
        round(100 * (1 - each.curve.around(round(month * MONTH))[which]), 1) if month <= last else None
        for month in months
    ]


def _band(each: Group, months: list[int]) -> list[list[float] | None]:
    pairs = zip(_points(each, months, 2), _points(each, months, 1), strict=True)
    return [None if low is None or high is None else [low, high] for low, high in pairs]
