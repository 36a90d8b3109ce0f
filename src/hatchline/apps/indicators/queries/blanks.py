"""A question about a day, put into SQL once and asked of many days.

To build the question anew for each month end costs more than to answer it. It is therefore built with a ``Blank`` in
the place of the day; what is reckoned from the day (the next one, the last year's end) is a blank too, and all are
filled in when the question is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)


def last_year(day: date) -> tuple[date, date]:
    """The last calendar year that was over by the day's end, half-open."""
    if isinstance(day, Blank):
        return Blank("year_begin"), Blank("year_end")
    year = (day + DAY).year
    return date(year - 1, 1, 1), date(year, 1, 1)


def last_quarters(day: date) -> list[tuple[date, date]]:
    """The last four quarters that were over by the day's end, half-open, latest first."""
    if isinstance(day, Blank):
        return [(Blank(f"quarter_begin{number}"), Blank(f"quarter_end{number}")) for number in range(4)]
    after = day + DAY
    year, quarter = after.year, (after.month - 1) // 3
    found = []
    for _step in range(4):
        end = date(year, 3 * quarter + 1, 1)
        year, quarter = (year - 1, 3) if quarter == 0 else (year, quarter - 1)
        found.append((date(year, 3 * quarter + 1, 1), end))
    return found


_REST: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "year_begin": lambda day: last_year(day)[0],
    "year_end": lambda day: last_year(day)[1],
    **{f"quarter_begin{at}": lambda day, at=at: last_quarters(day)[at][0] for at in range(4)},  # type: ignore[misc]
    **{f"quarter_end{at}": lambda day, at=at: last_quarters(day)[at][1] for at in range(4)},  # type: ignore[misc]
}
_NAMES = list(_REST)


class Blank(date):
    """A day to be filled in: ``name`` says how it is reckoned, ``off`` how many days after. No two names are equal."""

    name: str
    off: int

    def __new__(cls, name: str = "day", off: int = 0) -> Blank:
        """Stands on a day of its own, so that blanks may be sorted and told apart."""
        made = super().__new__(cls, 2 + _NAMES.index(name), 6, 15)
        made.name, made.off = name, off
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blank) and (self.name, self.off) == (other.name, other.off)

    def __hash__(self) -> int:
        return hash((self.name, self.off))

    def __add__(self, days: timedelta) -> Blank:
        return Blank(self.name, self.off + days.days)

    def __sub__(self, days: Any) -> Any:
        return Blank(self.name, self.off - days.days)

    def __str__(self) -> str:
        return f"@{self.name}@{self.off}"

    isoformat = __str__

    def on(self, day: date) -> date:
        """What it is when ``day`` is filled in."""
        return _REST[self.name](day) + timedelta(days=self.off)


def filled(params: Iterable[Any], day: date) -> tuple[Any, ...]:
    """Parameters of a question with the day filled in. SQLite's are text, PostgreSQL's are days."""
    made: list[Any] = []
    for each in params:
        if isinstance(each, Blank):
            made.append(each.on(day))
        elif isinstance(each, str) and each.startswith("@") and each.count("@") == 2:
            _, name, off = each.split("@")
            made.append(Blank(name, int(off)).on(day).isoformat() if name in _REST else each)
        else:
            made.append(each)
    return tuple(made)
