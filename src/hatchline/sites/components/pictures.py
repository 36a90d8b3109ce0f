"""Where the lines of the small pictures go. Everything is SVG attributes: no style, no script, no clock.

Positions along the width are percentages (so that text keeps its size at every width); heights are pixels.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Number = int | float | Decimal


def column(
    label: Any,
    key: str = "",
    *,
    kind: str = "text",
    unit: str = "",
    sort_url: str = "",
    sorted: str = "",
    hint: str = "",
    narrow: bool = True,
    cell: Callable[[Any], Any] | None = None,
) -> dict[str, Any]:
    """A column of the `table` macro. kind: text, number, date, status, actions; sorted: "" | ascending | descending;
    narrow=False hides it on a phone; cell(row) gives the content when the macro has no caller."""
    names = ("label", "key", "kind", "unit", "sort_url", "sorted", "hint", "narrow", "cell")
    values = (label, key, kind, unit, sort_url, sorted, hint, narrow, cell)
    return dict(zip(names, values, strict=True))


def _place(value: Any, low: Any, high: Any, start: float, end: float) -> float:
    """`value` between low and high as a position between start and end, to two decimals."""
    width = float(high) - float(low)
    share = (float(value) - float(low)) / width if width else 0.5
    return round(start + share * (end - start), 2)


def _ordinal(value: Any) -> float:
    return float(value.toordinal()) if isinstance(value, dt.date) else float(value)


def _line(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{'M' if index == 0 else 'L'}{x:g} {y:g}" for index, (x, y) in enumerate(points))


@dataclass(frozen=True)
class Sparkline:
    """A path drawn in `width` × `height` units; None where a part is not there."""

    width: int
    height: int
    actual: str
    forecast: str
    band: str
    target: str
    last: tuple[float, float] | None
    end: tuple[float, float] | None
    gap: tuple[float, float, float] | None
    marks: list[float]


def sparkline(
    actual: Sequence[tuple[Any, Number]],
    *,
    forecast: Sequence[tuple[Any, Number]] = (),
    band: Sequence[tuple[Any, Number, Number]] = (),
    target: Number | Sequence[tuple[Any, Number]] | None = None,
    marks: Sequence[Any] = (),
    width: int = 196,
    height: int = 48,
) -> Sparkline:
    """A figure's path: what was, what is expected with its band, what was promised.

    Points are (day or number, value), in order; `forecast` starts where `actual` ends; `target` is a level or a path;
    `marks` are the days of the upright rules. The gap at the end is drawn when the forecast ends below the target.
    """
    goal = [] if target is None else list(target) if isinstance(target, Sequence) else []
    days = [_ordinal(item[0]) for item in [*actual, *forecast, *band, *goal]] + [_ordinal(mark) for mark in marks]
    levels = [float(value) for _, value in [*actual, *forecast, *goal]]
    levels += [float(level) for item in band for level in item[1:]]
    if target is not None and not goal:
        levels.append(float(target))
    if not days or not levels:
        return Sparkline(width, height, "", "", "", "", None, None, None, [])
    left, right, low, high = min(days), max(days), min(levels), max(levels)

    def at(day: Any, value: Any) -> tuple[float, float]:
        return _place(_ordinal(day), left, right, 4, width - 6), _place(value, low, high, height - 7, 7)

    known = [at(*point) for point in actual]
    ahead = [at(*point) for point in forecast]
    above = [at(day, top) for day, _, top in band]
    below = [at(day, bottom) for day, bottom, _ in reversed(band)]
    if goal:
        promised = [at(*point) for point in goal]
    else:
        promised = [] if target is None else [at(left, target), at(right, target)]
    end = ahead[-1] if ahead else None
    gap = None
    if end and promised and end[1] > promised[-1][1] + 0.5:
        gap = (end[0], promised[-1][1], end[1])
    return Sparkline(
        width=width,
        height=height,
        actual=_line(known),
        forecast=_line([*known[-1:], *ahead] if ahead else []),
        band=_line([*known[-1:], *above, *below]) + "Z" if band else "",
        target=_line(promised),
        last=known[-1] if known else None,
        end=end,
        gap=gap,
        marks=[_place(_ordinal(mark), left, right, 4, width - 6) for mark in marks],
    )


@dataclass(frozen=True)
class Threshold:
    """Percentages of the track's width. `solid` is known, `possible` may be added, `missing` is what lacks."""

    solid: float
    possible: tuple[float, float] | None
    missing: tuple[float, float] | None
    tick: float
    anchor: str


def threshold_bar(
    value: Number | None,
    threshold: Number,
    *,
    possible: Number | None = None,
    at_most: bool = False,
    maximum: Number | None = None,
) -> Threshold:
    """A value against its threshold. `value` None draws no known part; `possible` is the highest it may turn out.

    `at_most` is for ceilings: what exceeds them is the missing part. `maximum` is the right end (100 for percentages).
    """
    known = max(float(value), 0.0) if value is not None else 0.0
    most = max(known, float(possible or 0), float(threshold))
    right = float(maximum) if maximum is not None and float(maximum) >= most else most * 1.27 or 1.0
    solid, tick = _place(known, 0, right, 0, 100), _place(threshold, 0, right, 0, 100)
    missing = None
    if value is not None and not at_most and possible is None and known < float(threshold):
        missing = (solid, round(tick - solid, 2))
    if value is not None and at_most and known > float(threshold):
        missing = (tick, round(solid - tick, 2))
    reach = None
    if possible is not None:
        reach = (solid, round(max(_place(possible, 0, right, 0, 100) - solid, 0), 2))
    anchor = "start" if tick < 16 else "end" if tick > 84 else "middle"
    return Threshold(solid, reach, missing, tick, anchor)


@dataclass
class Mark:
    """One thing on a lane: a bar (width > 0) or a moment. Positions in percent, `row` counts from 0."""

    x: float
    width: float
    row: int
    label: str
    note: str
    kind: str
    href: str
    flip: bool
    first: str
    last: str


@dataclass
class Lane:
    """A titled strip of the timeline, `top` and `height` in pixels."""

    title: str
    marks: list[Mark]
    top: int
    height: int
    shape: str


@dataclass
class Timeline:
    """Lanes under one time axis; `years` are (position, label), `today` a position or None."""

    lanes: list[Lane]
    years: list[tuple[float, str]]
    today: float | None
    height: int
    rows: list[tuple[str, Mark]] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, Mark]]:
        """The same from the first day to the last, for a page too narrow for an axis."""
        return sorted(self.rows, key=lambda row: row[1].first)


def _width_of(text: str) -> float:
    """Roughly the width of a label in pixels at 12 px."""
    return sum(12 if ord(character) > 0x2E7F else 6.6 for character in text)


def timeline(
    start: dt.date, end: dt.date, lanes: Sequence[Mapping[str, Any]], *, today: dt.date | None = None, room: int = 940
) -> Timeline:
    """Lay out lanes between two days (half-open).

    A lane is {"title", "shape": "names" | "stays" | "events", "items": [...]}, an item {"start", "end" (None is still),
    "label", "note", "kind", "href"}. kind of a stay: nursery, incubation, acceleration, park, outside (dashed: does not
    count); of an event: plain, ok. `room` is the plot's narrowest width in pixels, for keeping labels apart.
    """

    def at(day: dt.date) -> float:
        return min(max(_place(day.toordinal(), start.toordinal(), end.toordinal(), 0, 100), 0), 100)

    laid, top, listing, now = [], 26, [], at(today) if today else None
    for lane in lanes:
        shape = lane.get("shape", "events")
        taken: list[float] = []
        marks = []
        for item in sorted(lane["items"], key=lambda each: each["start"]):
            until = item.get("end") or (today or end)
            x = at(item["start"])
            width = 0.0 if shape == "events" else max(round(at(until) - x, 2), 0.4)
            label, note = str(item.get("label", "")), str(item.get("note", ""))
            wide = max(_width_of(label), _width_of(note) * 11 / 12) + (18 if shape == "events" else 4)
            left, line = x / 100 * room, room if now is None or x > now else now / 100 * room
            flip = left + wide > room or (left + wide > line and left > wide)  # no label stands on the line of today
            begins = left - (wide if flip else 0)
            ends = max(begins + wide, (x + width) / 100 * room) if shape != "events" else begins + wide
            row = next((index for index, right in enumerate(taken) if right <= begins + 1), len(taken))
            taken[row : row + 1] = [ends]
            first, last = item["start"].isoformat(), item["end"].isoformat() if item.get("end") else ""
            kind = str(item.get("kind", "plain"))
            mark = Mark(x, width, row, label, note, kind, str(item.get("href", "")), flip, first, last)
            marks.append(mark)
            listing.append((str(lane["title"]), mark))
        step = {"names": 30, "stays": 48, "events": 38}[shape]
        height = step * max(len(taken), 1) + 8
        laid.append(Lane(str(lane["title"]), marks, top, height, shape))
        top += height
    years = [
        (at(dt.date(year, 1, 1)), str(year))
        for year in range(start.year, end.year + 1)
        if start <= dt.date(year, 1, 1) < end
    ]
    if today:  # the word for today stands where a year's number would be
        years = [(x, label if not -6.5 < x - (now or 0) < 7 else "") for x, label in years]
    return Timeline(laid, years, now, top, listing)


@dataclass(frozen=True)
class Bar:
    """One bar: x and width in percent, y and height in pixels; None of them when the value is unknown."""

    x: float
    width: float
    y: float
    height: float
    label: str
    value: Any
    last: bool


def bars(
    points: Sequence[tuple[str, Number | None]], *, line: Number | None = None, height: int = 60
) -> dict[str, Any]:
    """Bars of a small multiple: {"bars": [...], "line": y or None, "height": pixels}. An unknown value has no bar."""
    top = max([float(value) for _, value in points if value is not None] + [float(line or 0), 0.0]) or 1.0
    slot = 100 / max(len(points), 1)
    drawn = []
    for index, (label, value) in enumerate(points):
        tall = 0.0 if value is None else round(max(float(value), 0) / top * (height - 4), 2)
        x, wide = round(index * slot + slot * 0.24, 2), round(slot * 0.52, 2)
        drawn.append(Bar(x, wide, round(height - tall, 2), tall, label, value, index == len(points) - 1))
    return {
        "bars": drawn,
        "line": None if line is None else round(height - float(line) / top * (height - 4), 2),
        "height": height,
        "slot": slot,
    }


@dataclass(frozen=True)
class Tile:
    """One sub-district: column and row count from 0; step 0 (nothing) to 4."""

    code: str
    name: str
    short: str
    x: int
    y: int
    value: Any
    step: int
    href: str
    selected: bool


def even_steps(values: Iterable[Number | None]) -> list[int]:
    """Where the second, third and fourth blue begin, each with about as many tiles; few values have their own."""
    told = sorted(int(value) for value in values if value)
    if not told or told[-1] <= 6:
        return [2, 3, 4]
    found: list[int] = []
    for share in (0.25, 0.5, 0.75):
        found.append(max(told[int(len(told) * share)], (found[-1] if found else 1) + 1))
    return found


def tiles(
    layout: Sequence[Mapping[str, Any]],
    values: Mapping[str, Number | None],
    *,
    steps: Sequence[Number] = (),
    href: Callable[[str], str] | None = None,
    selected: Iterable[str] = (),
) -> dict[str, Any]:
    """Lay out a tile file (rows with code, name, short, column, row; numbers may be text).

    `values` by code; `steps` are the lower bounds of steps 2, 3 and 4 (by default a quarter, half and three quarters of
    the greatest); `href(code)` makes a tile a link. Answers {"tiles", "columns", "rows", "width", "height", "legend"}.
    """
    greatest = max([float(value) for value in values.values() if value is not None] or [0.0])
    bounds = [float(step) for step in steps] or [float(round(greatest * share)) or 1.0 for share in (0.25, 0.5, 0.75)]
    chosen = set(selected)
    drawn = []
    for row in layout:
        code, value = str(row["code"]), values.get(str(row["code"]))
        step = 0 if not value else 1 + sum(float(value) >= bound for bound in bounds)
        x, y = int(row["column"]), int(row["row"])
        link = href(code) if href else ""
        drawn.append(Tile(code, row["name"], row["short"], x * 40, y * 34, value, step, link, code in chosen))
    columns = max((int(row["column"]) for row in layout), default=-1) + 1
    rows = max((int(row["row"]) for row in layout), default=-1) + 1
    pairs = [(1.0, bounds[0] - 1), (bounds[0], bounds[1] - 1), (bounds[1], bounds[2] - 1)]
    edges = [f"{low:g}" if low >= high else f"{low:g}–{high:g}" for low, high in pairs] + [bounds[2]]
    return {
        "tiles": drawn,
        "columns": columns,
        "rows": rows,
        "width": columns * 40 - 4,
        "height": rows * 34 - 4,
        "legend": edges,
    }
