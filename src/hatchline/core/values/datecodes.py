"""The stable codes of dates ("2014-06", "2014-Q2", "2014-summer") and the days they span."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

Precision = Literal[
    "day", "week", "ten_days", "month", "season", "quarter", "half", "year", "decade", "range", "open", "unknown"
]

_SEASON_MONTHS = {"spring": (3, 6), "summer": (6, 9), "autumn": (9, 12)}
_CODES = [
    ("day", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("year", re.compile(r"(\d{4})")),
    ("quarter", re.compile(r"(\d{4})-Q([1-4])")),
    ("half", re.compile(r"(\d{4})-H([12])")),
    ("ten_days", re.compile(r"(\d{4})-(\d{2})-T([123])")),
    ("week", re.compile(r"(\d{4})-W(\d{2})")),
    ("decade", re.compile(r"(\d{3})X")),
]


def span(code: str) -> tuple[Precision, date | None, date | None]:
    """(precision, first day, first day after) of a stable code. Raises ValueError or OverflowError."""
    if code == "":
        return "unknown", None, None
    if code == "..":
        return "open", None, None
    if "/" in code:
        first, _, last = code.partition("/")
        return "range", span(first)[1], span(last)[2]
    season = re.fullmatch(r"(?:(\d{4})-)?(\d{4})-(spring|summer|autumn|winter)", code)
    if season:
        year = int(season[2])
        if season[3] != "winter":
            begins, ends = _SEASON_MONTHS[season[3]]
            return "season", date(year, begins, 1), _first(year, ends)
        return "season", *(
            (date(year - 1, 12, 1), date(year, 3, 1)) if season[1] else (date(year, 1, 1), _first(year, 13))
        )
    for precision, pattern in _CODES:
        match = pattern.fullmatch(code)
        if match:
            return _coded(precision, [int(group) for group in match.groups()])
    raise ValueError(f"not a date code: {code!r}")


def _coded(precision: str, n: list[int]) -> tuple[Precision, date, date]:
    match precision:
        case "day":
            day = date(n[0], n[1], n[2])
            return "day", day, day + timedelta(days=1)
        case "month":
            return "month", date(n[0], n[1], 1), _first(n[0], n[1] + 1)
        case "quarter":
            return "quarter", date(n[0], n[1] * 3 - 2, 1), _first(n[0], n[1] * 3 + 1)
        case "half":
            return "half", date(n[0], n[1] * 6 - 5, 1), _first(n[0], n[1] * 6 + 1)
        case "ten_days":
            ends = date(n[0], n[1], n[2] * 10 + 1) if n[2] < 3 else _first(n[0], n[1] + 1)
            return "ten_days", date(n[0], n[1], n[2] * 10 - 9), ends
        case "week":
            monday = date.fromisocalendar(n[0], n[1], 1)
            return "week", monday, monday + timedelta(days=7)
        case "decade":
            return "decade", date(n[0] * 10, 1, 1), date(n[0] * 10 + 10, 1, 1)
    return "year", date(n[0], 1, 1), date(n[0] + 1, 1, 1)


def _first(year: int, month: int) -> date:
    return date(year, month, 1) if month <= 12 else date(year + 1, 1, 1)
