"""The outlook for one figure: its mean step goes on, and its steps scatter as they did so far.

Random walk with drift (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 5.2), for days that need not be
evenly apart. With values v0 … vn on days t0 … tn, T = tn - t0:

    drift      b = (vn - v0) / T                          a day
    scatter    s² = Σ (Δvi - b·Δti)² / Δti / (n - 1)      of a day's step
    in h days  vn + b·h, with variance s²·h·(1 + h / T)   the second part: b itself is an estimate

The 80 % band takes Student's t with n - 1 degrees of freedom. A figure that counts and never moved would look certain;
its scatter is therefore at least that of one step of one unit in the whole time. A running total never falls, a
count is never below zero, a share stays within 0–100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

FEWEST = 4  # values that an outlook needs
# Student's t, the quantile of .90, by degrees of freedom from 1 on; beyond: the normal quantile
_T_80 = (
    3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341,
    1.337, 1.333, 1.330, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310,
)  # fmt: skip
_NORMAL_80 = 1.2816


@dataclass(frozen=True)
class Ahead:
    """What is expected on a day, and the band that holds it four times in five. In the figure's own unit."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Outlook:
    """``path``: month ends up to the day asked for, which is last. ``values``: how many it was reckoned from."""

    path: tuple[Ahead, ...]
    values: int
    since: date

    @property
    def end(self) -> Ahead:
        """The day asked for."""
        return self.path[-1]

    def reaches(self, wanted: float, *, upwards: bool = True) -> date | None:
        """The first of its days on which the expected value has reached ``wanted``; None: not by the end."""
        for each in self.path:
            if each.value >= wanted if upwards else each.value <= wanted:
                return each.day
        return None


@dataclass(frozen=True)
class TooLittle:
    """Nothing may be said. ``why``: few (known values), short (it looks farther ahead than back), past (it is over)."""

    why: str
    values: int


def outlook(
    known: Sequence[tuple[date, float]],
    until: date,
    *,
    least: float | None = 0.0,
    most: float | None = None,
    never_falls: bool = False,
    counts: bool = True,
) -> Outlook | TooLittle:
    """The outlook for ``until`` from known values by day, oldest first; unknown days are left out by the caller.

    ``least``/``most`` bound the figure; ``never_falls``: a running total; ``counts``: it goes in whole units.
    ValueError when days do not ascend.
    """
    if any(after[0] <= before[0] for before, after in pairwise(known)):
        raise ValueError("days must ascend")
    if len(known) < FEWEST:
        return TooLittle("few", len(known))
    (first, begin), (last, now) = known[0], known[-1]
    span, ahead = (last - first).days, (until - last).days
    if ahead <= 0:
        return TooLittle("past", len(known))
    if ahead > span:
        return TooLittle("short", len(known))
    steps = len(known) - 1
    drift = (now - begin) / span
    squares = sum(
        ((after[1] - before[1]) - drift * (after[0] - before[0]).days) ** 2 / (after[0] - before[0]).days
        for before, after in pairwise(known)
    )
    scatter = squares / (steps - 1)
    if counts:
        scatter = max(scatter, 1 / span)
    width = _T_80[steps - 2] if steps - 2 < len(_T_80) else _NORMAL_80
    floor = now if never_falls and (least is None or now > least) else least

    def on(day: date) -> Ahead:
        h = (day - last).days
        middle, spread = now + drift * h, width * sqrt(scatter * h * (1 + h / span))
        return Ahead(day, *(_within(each, floor, most) for each in (middle, middle - spread, middle + spread)))

    return Outlook(tuple(on(day) for day in _month_ends(last, until)), len(known), first)


def _within(value: float, least: float | None, most: float | None) -> float:
    if least is not None and value < least:
        return least
    return most if most is not None and value > most else value


def _month_ends(after: date, until: date) -> list[date]:
    """The month ends after a day and before another, and that other."""
    found: list[date] = []
    first = after.replace(day=1)
    while True:
        first = (first + timedelta(days=32)).replace(day=1)
        end = first - timedelta(days=1)
        if end >= until:
            return [*found, until]
        if end > after:
            found.append(end)
