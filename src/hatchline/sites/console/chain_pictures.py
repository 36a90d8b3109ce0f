"""The chain in pictures: how ventures flow between days as a Sankey, with its table and the flows of its last step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import STAGES
from hatchline.apps.ventures.queries import Chain, flows
from hatchline.core.chain.presence import OUTSIDE, flow, stage_on
from hatchline.core.chain.stages import ORDER, RANK, Stage
from hatchline.sites import days as travelled

YEARS = 3
DAY = timedelta(days=1)
DOWN = tuple(reversed(range(len(ORDER))))  # as a picture lists them: the park first
ENDS: tuple[int | str, ...] = (*DOWN, flows.GONE, flows.UNSURE)
TARGETS: dict[int | str, str] = {flows.GONE: "leave", flows.UNSURE: "lost"}
NURSERY, INCUBATION, ACCELERATION, PARK = (RANK[stage] for stage in Stage)


@dataclass(frozen=True)
class Step:
    """One way between the last two days: words, how many ventures went it, the list of them, its stage's colour."""

    label: str
    number: int
    href: str
    tone: str
    is_inner: bool = False  # part of the line above


@dataclass(frozen=True)
class Sankey:
    """A picture for ``ui.chart(id, "sankey", …)``: ``data``, and its table as ``columns`` and ``rows``.

    ``heads`` name the days of its columns. ``steps`` are the flows between the last two days, ``total`` the ventures
    in the chain on the last. ``unsure`` stays hold on no sure day and are in none of it.
    """

    data: dict[str, Any]
    heads: list[str]
    columns: list[str]
    rows: list[list[Any]]
    steps: list[Step]
    step_label: str
    total: int
    label: str
    sentence: str
    unsure: int
    href: str
    there: str  # the list of those in the chain on the last day

    @property
    def is_empty(self) -> bool:
        """Nobody was in the chain on any of the days."""
        return not self.data["links"]


def stage_label(rank: int) -> str:
    """The name of a stage by its rank; of what is outside."""
    return str(STAGES[rank][1]) if rank < OUTSIDE else _("链外")


def day_label(day: date) -> str:
    """2016 年末, 2017 年 6 月末, 2017 年 7 月 18 日."""
    values = {"year": day.year, "month": day.month, "day": day.day}
    if (day + DAY).day != 1:
        return day.isoformat() if _in_english() else _("%(year)s 年 %(month)s 月 %(day)s 日") % values
    if day.month == 12:
        return _("%(year)s 年末") % values
    return date_format(day, "M Y") if _in_english() else _("%(year)s 年 %(month)s 月末") % values


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


def year_ends(as_of: date, years: int = YEARS) -> list[date]:
    """So many year ends before the day, and the day."""
    last = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    ends = [date(year, 12, 31) for year in range(last - years + 1, last + 1)]
    if ends[-1] == as_of:
        return [date(last - years, 12, 31), *ends]
    return [*ends, as_of]


def sankey(request: HttpRequest, as_of: date, *, found: Chain | None = None, keep: dict[str, str] | None = None) -> Any:
    """The chain by year up to the day. ``found``: the part of the chain that is drawn, the whole by default.

    ``keep`` is what narrowed that part, for the links to lists. One query when the chain is kept.
    """
    chain = queries.present_chain() if found is None else found
    ends = year_ends(as_of)
    table, lost = flow(chain.stays, ends), queries.lost(chain, ends)
    total = len(stage_on(chain.stays, as_of)[0])
    links = Links(request, keep)
    graduated, stayed = _graduated(chain, ends[-2], as_of)
    said = {
        "entered": int(table[-1, NURSERY, INCUBATION]),
        "graduated": graduated,
        "stayed": stayed,
        "share": f"{stayed / graduated:.0%}" if graduated else "",
        "year": as_of.year,
    }
    sentence = _("%(year)s 年初以来 %(entered)s 个主体由苗圃进入孵化，%(graduated)s 家企业毕业。") % said
    if (as_of.month, as_of.day) == (12, 31):
        sentence = _("%(year)s 年 %(entered)s 个主体由苗圃进入孵化，%(graduated)s 家企业毕业。") % said
    if graduated:
        sentence += _("毕业的有 %(stayed)s 家仍在链上（%(share)s）。") % said
    return Sankey(
        _drawn(table, lost, ends, links),
        [day_label(day) for day in ends],
        [_("从"), pgettext("flow", "到"), *(_("%(first)s至%(last)s") % _between(*pair) for pair in pairwise(ends))],
        _rows(table, lost),
        _steps(table[-1], int(lost[-1].sum()), ends[-2:], links, graduated, stayed),
        _("%(first)s至%(last)s的流向") % _between(*ends[-2:]),
        total,
        _("各年末之间创业主体在各阶段的流向"),
        sentence,
        chain.unsure,
        reverse("console:chain") + links.query({}, as_of),
        links.there(None, as_of),
    )


def _between(first: date, last: date) -> dict[str, str]:
    return {"first": day_label(first), "last": day_label(last)}


class Links:
    """Addresses of the lists of ventures behind each figure. ``keep``: what the chain was narrowed by."""

    def __init__(self, request: HttpRequest, keep: dict[str, str] | None = None) -> None:
        self.today, self.keep = travelled.asked(request).today, keep or {}

    def query(self, more: dict[str, str], day: date) -> str:
        """What stands behind the ``?`` on this day."""
        said = {**self.keep, **more, **({"as_of": day.isoformat()} if day != self.today else {})}
        return f"?{urlencode(said)}" if said else ""

    def there(self, rank: int | None, day: date) -> str:
        """Those at a stage on a day; at any stage without one."""
        place = "any" if rank is None else ORDER[rank].value
        return reverse("console:chain_ventures") + self.query({"to": place}, day)

    def moved(self, before: int | str, after: int | str, first: date, last: date) -> str:
        """Those that were in one place on the first day and in another on the last."""
        ways = {"from": _way(before), "to": _way(after), "since": first.isoformat()}
        return reverse("console:chain_ventures") + self.query({name: said for name, said in ways.items() if said}, last)


def _way(place: int | str) -> str:
    if isinstance(place, str):
        return place
    return "outside" if place == OUTSIDE else ORDER[place].value


def _drawn(table: Any, lost: Any, ends: list[date], links: Links) -> dict[str, Any]:
    """Nodes and links: a column a day, the park on top; below the stages whoever comes in next, left, or is lost."""
    nodes: list[dict[str, Any]] = []
    drawn: list[dict[str, Any]] = []
    for depth, day in enumerate(ends):
        before = table[depth - 1] if depth else None
        after = table[depth] if depth < len(table) else None
        for rank in DOWN:
            total = int((after[rank] if after is not None else before[:, rank]).sum())
            if total:
                nodes.append(_node(f"{ORDER[rank].value}-{depth}", stage_label(rank), total, depth, ORDER[rank].value)
                             | {"href": links.there(rank, day)})  # fmt: skip
        if after is not None and (entering := int(after[OUTSIDE].sum())):
            href = links.moved(OUTSIDE, "any", day, ends[depth + 1])
            nodes.append(_node(f"enter-{depth}", _("新入"), entering, depth, "outside") | {"href": href})
        for end, name in TARGETS.items() if depth else ():
            if number := sum(_number(table[depth - 1], lost[depth - 1], start, end) for start in DOWN):
                href = links.moved("any", end, ends[depth - 1], day)
                nodes.append(_node(f"{name}-{depth}", _to(end), number, depth, "outside") | {"href": href})
    for depth, step in enumerate(table):
        for start in (*DOWN, OUTSIDE):
            for end in ENDS:
                if number := _number(step, lost[depth], start, end):
                    drawn.append(
                        {
                            "source": f"enter-{depth}" if start == OUTSIDE else f"{ORDER[start].value}-{depth}",
                            "target": f"{TARGETS.get(end) or ORDER[int(end)].value}-{depth + 1}",
                            "value": number,
                            "kind": _kind(start, end),
                            "title": f"{_from(start)} → {_to(end)}",
                            "href": links.moved(start, end, ends[depth], ends[depth + 1]),
                        }
                    )
    return {"nodes": nodes, "links": drawn}


def _from(rank: int) -> str:
    return _("新入") if rank == OUTSIDE else stage_label(rank)


def _to(end: int | str) -> str:
    if isinstance(end, str):
        return _("离开链条") if end == flows.GONE else _("是否还在不详")
    return stage_label(end)


def _number(step: Any, lost: Any, start: int, end: int | str) -> int:
    """How many went this way; of those outside, the ones who left apart from those of whom nobody knows."""
    if not isinstance(end, str):
        return int(step[start, end])
    unknown = int(lost[start]) if start != OUTSIDE else 0
    return unknown if end == flows.UNSURE else int(step[start, OUTSIDE]) - unknown


def _node(name: str, title: str, total: int, depth: int, stage: str) -> dict[str, Any]:
    return {"name": name, "title": title, "total": total, "depth": depth, "stage": stage}


def _kind(start: int, end: int | str) -> str:
    if start == OUTSIDE:
        return "enter"
    if isinstance(end, str):
        return "leave"
    return "stay" if start == end else "up"


def _rows(table: Any, lost: Any) -> list[list[Any]]:
    """A row a way that anybody went, a column a step."""
    made = []
    for start in (*DOWN, OUTSIDE):
        for end in ENDS:
            numbers = [_number(*each, start, end) for each in zip(table, lost, strict=True)]
            if any(numbers):
                made.append([_from(start), _to(end), *numbers])
    return made


def _steps(step: Any, lost: int, ends: list[date], links: Links, graduated: int, stayed: int) -> list[Step]:
    first, last = ends

    def way(start: int, end: int, tone: str) -> Step:
        label = f"{stage_label(start)} → {stage_label(end)}"
        return Step(label, int(step[start, end]), links.moved(start, end, first, last), tone)

    return [
        way(NURSERY, INCUBATION, "nursery"),
        way(INCUBATION, ACCELERATION, "incubation"),
        way(INCUBATION, PARK, "incubation"),
        way(ACCELERATION, PARK, "acceleration"),
        Step(
            _("新进入链条"), int(step[OUTSIDE].sum()), links.moved(OUTSIDE, "any", first, last), "outside"
        ),
        Step(
            _("离开链条"), int(step[:, OUTSIDE].sum()) - lost, links.moved("any", flows.GONE, first, last), "outside"
        ),
        Step(_("是否还在不详"), lost, links.moved("any", flows.UNSURE, first, last), "outside"),
        Step(_("毕业"), graduated, links.moved("graduated", "", first, last), "park"),
        Step(_("其中仍在链上"), stayed, links.moved("graduated", "any", first, last), "", is_inner=True),
    ]  # fmt: skip


def graduated_between(chain: Chain, first: date, last: date) -> Any:
    """Keys of ventures whose incubation stay surely ended as graduated after the first day, up to the last."""
    mask = chain.stays.graduated & (chain.stays.stage == INCUBATION) & (chain.last != 0)
    over = chain.last
    mask &= (over > first.toordinal()) & (over <= last.toordinal())
    return np.unique(chain.stays.venture[mask])


def _graduated(chain: Chain, first: date, last: date) -> tuple[int, int]:
    """How many graduated between the days, and how many of those are in the chain on the last."""
    keys = graduated_between(chain, first, last)
    there, _stages = stage_on(chain.stays, last)
    return len(keys), int(np.isin(keys, there).sum())
