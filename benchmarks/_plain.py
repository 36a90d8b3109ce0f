"""Flow and survival row by row in plain Python: what the arrays are compared with, in time and in every figure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

DAYS = [date(year, 12, 31) for year in range(2010, 2017)]
AS_OF = date(2017, 7, 18)
COLUMNS = ("venture", "stage", "held_from", "held_until", "outcome", "end_state", "starts_on", "starts_before",
           "ended_on", "ended_before", "institution")  # fmt: skip


def flow_by_rows(rows: list[Any], some: Collection[int] | None = None) -> list[Counter[tuple[str, str]]]:
    """The flow between the days, stay by stay: what NumPy is compared with. ``some``: in these institutions alone."""
    rank = {"nursery": 0, "incubation": 1, "acceleration": 2, "park": 3}
    pictures: list[dict[int, str]] = [{} for _day in DAYS]
    for venture, stage, since, until, *_rest, institution in rows:
        if some is not None and institution not in some:
            continue
        for picture, day in zip(pictures, DAYS, strict=True):
            if since <= day and (until is None or until > day):
                there = picture.get(venture)
                if there is None or rank[stage] > rank[there]:
                    picture[venture] = stage
    return [
        Counter((before.get(each, "out"), after.get(each, "out")) for each in before.keys() | after.keys())
        for before, after in pairwise(pictures)
    ]


def middle(first: date, before: date) -> date:
    """The middle of the days of an imprecise date: it is one of those from ``first`` to the day ahead of ``before``."""
    return first + timedelta(days=((before - first).days - 1) // 2)


def survival_by_rows(rows: list[Any], some: Collection[int] | None = None) -> list[tuple[int, float, float, float]]:
    """The product-limit estimate with its band, venture by venture: days, share, low, high."""
    tomorrow = AS_OF + timedelta(days=1)
    first: dict[int, date] = {}
    there: dict[int, date] = {}
    graduated: dict[int, date] = {}
    for venture, stage, since, until, outcome, state, starts_on, starts_before, ended_on, ended_before, place in rows:
        if stage != "incubation" or since > AS_OF or (some is not None and place not in some):
            continue
        begun = since if starts_on is None else middle(starts_on, starts_before)
        if venture not in first or begun < first[venture]:
            first[venture] = begun
        if outcome == "graduated" and state == "known" and ended_on is not None:
            over = middle(ended_on, ended_before)
            if over <= AS_OF:
                graduated[venture] = max(graduated.get(venture, over), over)
        end = tomorrow if until is None or until > AS_OF else until
        if venture not in there or end > there[venture]:
            there[venture] = end
    leaving: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    at_risk = 0
    for venture, begun in first.items():
        over = graduated.get(venture)
        length = ((there[venture] if over is None else over) - begun).days
        if length > 0:
            entry = leaving[length]
            entry[0] += 1
            entry[1] += over is not None
            at_risk += 1
    share, variance, curve = 1.0, 0.0, []
    for length in sorted(leaving):
        left, events = leaving[length]
        if events:
            share *= 1 - events / at_risk
            low = high = share
            if 0 < share < 1 and at_risk > events:
                variance += events / (at_risk * (at_risk - events))
                spread = 1.959963984540054 * math.sqrt(variance) / abs(math.log(share))
                low, high = share ** math.exp(spread), share ** math.exp(-spread)
            curve.append((length, share, low, high))
        at_risk -= left
    return curve


def check(table: Any, plain_table: Any, estimate: Any, plain_curve: Any) -> None:
    """The arrays and the rows give the same answer, figure by figure; else nothing is measured."""
    words = ["nursery", "incubation", "acceleration", "park", "out"]
    for step, counted in enumerate(plain_table):
        found = {(one, other): int(table[step, i, j]) for i, one in enumerate(words) for j, other in enumerate(words)}
        assert {way: number for way, number in found.items() if number} == dict(counted), "the two flows differ"
    assert estimate.days.tolist() == [each[0] for each in plain_curve], "the two curves fall on different days"
    for at, column in enumerate((estimate.share, estimate.low, estimate.high), 1):
        worst = max(abs(ours - each[at]) for ours, each in zip(column.tolist(), plain_curve, strict=True))
        assert worst < 1e-9, f"the two curves differ by {worst}"
