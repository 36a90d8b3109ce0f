"""Dates as people write them: a date keeps how exact it is and what was written.

`parse` reads a cell; it answers a PartialDate or an Unreadable and never raises on any text. Nothing is guessed:
03/04/2014 needs an order, 14-06-05 needs a century, 2 月 30 日 is refused.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MINYEAR, UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal

from hatchline.core.values.datecodes import Precision, span
from hatchline.core.values.datewords import MONTHS, OPEN, SEASON_NAMES, UNKNOWN, tidy
from hatchline.core.values.unreadable import Unreadable

Order = Literal["ymd", "dmy", "mdy"]
DateCell = str | int | float | date | datetime | time | timedelta | None

YEARS = (1000, 2100)
_COMPACT_YEARS = (1800, 2100)  # 140605 must not become May 1406
_CLOCK = timezone(timedelta(hours=8))  # midnight from California to Beijing falls on its own day here
_SECONDS = (1_000_000_000, 1_800_000_000)  # September 2001 to January 2027; no other spelling has such numbers
_SERIALS = {1900: (date(1899, 12, 30), 10959, 73415), 1904: (date(1904, 1, 1), 9497, 71953)}


@dataclass(frozen=True)
class PartialDate:
    """A date with its precision.

    `earliest` is the first day it may be, `before` the first day it cannot be any more (half-open); both are None when
    the precision is unknown (不详) or open (至今). `code` is the stable form ("2014-Q2"), `text` what was written.
    "Winter 2014" may lie at either end of the year, so it claims the year and no more; "Winter 2013/14" claims
    December to February.
    """

    code: str
    precision: Precision
    earliest: date | None
    before: date | None
    text: str
    is_approximate: bool = False

    @classmethod
    def of(cls, code: str, text: str | None = None) -> PartialDate:
        """Build from a stable code. Raises ValueError when the code is not one."""
        about = code.endswith("~")
        precision, earliest, before = span(code.removesuffix("~"))
        return cls(code, precision, earliest, before, code if text is None else text, about)

    @classmethod
    def unknown(cls, text: str = "") -> PartialDate:
        return cls("", "unknown", None, None, text)

    @property
    def is_known(self) -> bool:
        return self.earliest is not None

    @property
    def exact(self) -> date | None:
        """The day itself, or None when the date is less exact than a day."""
        return self.earliest if self.precision == "day" and not self.is_approximate else None

    def dump(self) -> str:
        """One line that `load` turns back into an equal date: the code, a bar, the text as written."""
        return f"{self.code}|{self.text}"

    @classmethod
    def load(cls, stored: str) -> PartialDate:
        code, _, text = stored.partition("|")
        return cls.of(code, text)

    def is_surely_before(self, other: PartialDate) -> bool:
        """True only if every day this may be lies before every day the other may be."""
        return self.before is not None and other.earliest is not None and self.before <= other.earliest

    def __str__(self) -> str:
        return self.code or self.text


def parse(
    cell: DateCell,
    *,
    order: Order = "ymd",
    excel_epoch: Literal[1900, 1904] = 1900,
    years: tuple[int, int] = YEARS,
    year: int | None = None,
    pivot: int | None = None,
) -> PartialDate | Unreadable:
    """Read one cell.

    `order` is what 03/04/2014 means: "ymd" says nothing about it and makes it a problem. `years` bounds what is
    believed. `year` completes texts without one (上半年, 6月5日). `pivot` is the last year that a two-digit year
    may mean (2029: 14 → 2014, 98 → 1998); without it two-digit years are a problem.
    """
    if cell is None:
        return PartialDate.unknown("")
    if isinstance(cell, datetime):
        return _bounded(cell.date().isoformat(), cell.isoformat(sep=" "), years)
    if isinstance(cell, date):
        return _bounded(cell.isoformat(), cell.isoformat(), years)
    if isinstance(cell, bool | time | timedelta):
        return _not_a_date(str(cell))
    if isinstance(cell, int | float):
        return _from_number(cell, excel_epoch, years)
    return _parse_text(cell, order, excel_epoch, years, year, pivot)


@lru_cache(maxsize=4096)
def _parse_text(
    text: str, order: Order, epoch: Literal[1900, 1904], years: tuple[int, int], year: int | None, pivot: int | None
) -> PartialDate | Unreadable:
    if len(text) > 200:
        return Unreadable("date.not_a_date", {"value": text[:60] + "…"}, "hint.date_spellings")
    written = text.strip()
    if not written or written.casefold() in UNKNOWN:
        return PartialDate.unknown(text)
    found = _Reading(order, epoch, years, year, pivot).code(written)
    if isinstance(found, Unreadable):
        return found
    return _bounded(found, text, years)


def _from_number(number: int | float, epoch: Literal[1900, 1904], years: tuple[int, int]) -> PartialDate | Unreadable:
    text = repr(number)
    if isinstance(number, float):
        if number != number or abs(number) > 1e13:
            return _not_a_date(text)
        if number.is_integer():
            number = int(number)
            text = str(number)
        elif years[0] <= number < years[1] + 1:
            return _from_decimal_year(text, years)
    found = _Reading("ymd", epoch, years, None, None).code(text)
    return found if isinstance(found, Unreadable) else _bounded(found, text, years)


def _from_decimal_year(text: str, years: tuple[int, int]) -> PartialDate | Unreadable:
    """2014.6 typed into a spreadsheet is June; 2014.1 may have been 2014.10 before the spreadsheet cut its zero."""
    whole, _, fraction = text.partition(".")
    if fraction == "1":
        return Unreadable("date.month_cut", {"value": text}, "hint.date_month_cut")
    if len(fraction) > 2:
        return _not_a_date(text)
    code = _month(int(whole), int(fraction))
    return code if isinstance(code, Unreadable) else _bounded(code, text, years)


def _bounded(code: str, text: str, years: tuple[int, int]) -> PartialDate | Unreadable:
    try:
        found = PartialDate.of(code, text)
    except (ValueError, OverflowError):
        return _not_a_date(text)
    if found.earliest is None or found.before is None:
        return found
    for year in (found.earliest.year, (found.before - timedelta(days=1)).year):
        if not years[0] <= year <= years[1]:
            return _bad_year(year, years)
    return found


def _bad_year(year: int, years: tuple[int, int]) -> Unreadable:
    return Unreadable(
        "date.year_out_of_range", {"year": year, "lowest": years[0], "highest": years[1]}, "hint.date_year"
    )


def _not_a_date(text: str) -> Unreadable:
    return Unreadable("date.not_a_date", {"value": text[:60]}, "hint.date_spellings")


def _month(year: int, month: int) -> str | Unreadable:
    if not 1 <= month <= 12:
        return Unreadable("date.no_such_month", {"month": month}, "hint.date_month")
    return f"{year:04d}-{month:02d}"


def _day(year: int, month: int, day: int) -> str | Unreadable:
    code = _month(year, month)
    if isinstance(code, Unreadable):
        return code
    last = monthrange(year, month)[1] if MINYEAR <= year <= 9999 else 31
    if not 1 <= day <= last:
        return Unreadable(
            "date.no_such_day", {"year": year, "month": month, "day": day, "last": last}, "hint.date_check_day"
        )
    return f"{code}-{day:02d}"


_Y = r"(?P<y>\d{4})"
_SEASON = "|".join(sorted(SEASON_NAMES, key=len, reverse=True))
_NAME = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_ORD = r"(?:st|nd|rd|th|er|º|\.)?"

# (what it is, pattern over the tidied text); the first that matches wins
_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    (kind, re.compile(rf"^{pattern}$"))
    for kind, pattern in [
        ("year", rf"{_Y}\s*(?:年度?)?(?:年?(?:初|底|末|中))?"),
        ("fiscal", rf"(?:fy|fiscal(?: year)?|financial year)[\s-]*(?:{_Y}|'?(?P<yy>\d{{2}}))"),
        ("fiscal", rf"{_Y}\s*(?:财年|财政年度|会计年度|fy|fiscal year)"),
        ("fiscal", rf"(?:fy|fiscal(?: year)?|financial year)[\s-]*{_Y}\s*[-/]\s*(?P<z>\d{{4}}|\d{{2}})"),
        ("day", rf"{_Y}\s*[-/.年\s]\s*(?P<m>\d{{1,2}})\s*[-/.月\s]\s*(?P<d>\d{{1,2}})\s*[日号]?\.?"),
        ("ten_days", rf"{_Y}\s*[-/.年]\s*(?P<m>\d{{1,2}})月(?P<t>[上中下])旬"),
        ("month", rf"{_Y}\s*[-/.年\s]\s*(?P<m>\d{{1,2}})\s*(?:月份?|[-/.])?(?:初|底|末|中)?"),
        ("day", r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
        ("compact_month", r"(?P<y>\d{4})(?P<m>\d{2})"),
        ("serial", r"(?P<n>\d{5})(?:\.\d+)?"),
        ("moment", r"(?P<n>\d{10})(?P<milli>\d{3})?(?:\.\d+)?"),
        ("ordered", rf"(?P<a>\d{{1,2}})\s*[-/.\s]\s*(?P<b>\d{{1,2}})\s*[-/.\s]\s*{_Y}"),
        ("month", rf"(?P<m>\d{{1,2}})\s*[-/.]\s*{_Y}"),
        ("short", r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*'?(?P<c>\d{1,2})"),
        ("short_cn", r"'?(?P<yy>\d{2})年(?P<rest>.*)"),
        ("month", rf"(?P<name>{_NAME})\.?[\s,/-]*(?:of |de |del )?\s*{_Y}"),
        ("day", rf"(?P<name>{_NAME})\.?[\s,-]*(?P<d>\d{{1,2}}){_ORD}[\s,/-]+{_Y}"),
        ("day", rf"(?:the )?(?P<d>\d{{1,2}}){_ORD}[\s,/-]*(?:of |de )?(?P<name>{_NAME})\.?[\s,/-]*(?:de |del )?{_Y}"),
        ("day", rf"{_Y}[\s,/-]*(?P<name>{_NAME})\.?[\s,/-]*(?P<d>\d{{1,2}}){_ORD}"),
        ("month", rf"{_Y}[\s,/-]*(?P<name>{_NAME})\.?"),
        ("short_name", rf"(?:(?P<d>\d{{1,2}})[\s-]*)?(?P<name>{_NAME})\.?[\s,-]*'?(?P<yy>\d{{2}})"),
        ("no_year", rf"(?:(?:{_NAME})\.?\s*(?:\d{{1,2}}{_ORD})?|\d{{1,2}}{_ORD}\s*(?:of )?(?:{_NAME}))"),
        ("winter", r"(?:winter)[\s,-]*(?:of )?(?P<y>\d{4})\s*[-/]\s*(?P<z>\d{4}|\d{2})"),
        ("winter", r"(?P<y>\d{4})年?\s*[-/]\s*(?P<z>\d{4}|\d{2})年?\s*冬[季天]?"),
        ("season", rf"(?P<s>{_SEASON})[\s,-]*(?:of )?(?:'?(?P<yy>\d{{2}})|{_Y})"),
        ("season", rf"{_Y}\s*[-年]?\s*(?P<s>spring|summer|autumn|fall|winter|[春夏秋冬])[季天]?"),
        ("quarter", rf"{_Y}\s*[-/年度]*\s*第?q?(?P<q>\d)季度?"),
        ("quarter", rf"{_Y}[-\s/年]*q(?P<q>\d)"),
        ("quarter", rf"(?:q(?P<q>\d)|(?P<q2>\d)q)[\s,/-]*(?:of )?{_Y}"),
        ("quarter", rf"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th) quarter[\s,]*(?:of )?{_Y}"),
        ("half", rf"{_Y}[-年度\s]*(?P<h>[上下])半年度?"),
        ("half", rf"{_Y}[-\s/年]*h(?P<h>\d)"),
        ("half", rf"h(?P<h>\d)[\s,/-]*{_Y}"),
        ("half", rf"(?P<nth>first|second|1st|2nd) half[\s,]*(?:of )?{_Y}"),
        ("week", rf"{_Y}-?w(?P<w>\d{{2}})(?:-?(?P<d>[1-7]))?"),
        ("decade", r"(?:the )?(?P<x>\d{3})0(?:'?s|年代)"),
        ("century", r"(?P<c>\d{2})世纪(?P<x>\d)0年代"),
        ("range", r"(?P<from>.*\d.*?)\s*(?:~|至|到|\bto\b|\buntil\b|--|/)\s*(?P<to>.*\d.*)"),
        ("range", r"(?P<from>\d{4}年?(?:\d{1,2}月)?)\s*-\s*(?P<to>\d{4}年?(?:\d{1,2}月)?)"),
        ("range", r"(?P<from>\d{4}[./年]\d{1,2}月?)\s*-\s*(?P<to>(?:\d{4}[./年])?\d{1,2}月?)"),
        ("no_year", r"(?:\d{1,2}月(?:\d{1,2}[日号]?)?(?:[上中下]旬)?|[上下]半年|第?\d季度|[春夏秋冬][季天]?)"),
    ]
]
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "上": 1, "下": 2}
_ABOUT = re.compile(
    r"^(?:约|大约|大概|circa|ca\.?|c\.|about|around|approx\.?|approximately|~)\s*(?=\S)|(?<=\S)\s*(?:左右|前后)$"
)


@dataclass(frozen=True)
class _Reading:
    order: Order
    epoch: Literal[1900, 1904]
    years: tuple[int, int]
    year: int | None
    pivot: int | None

    def code(self, written: str) -> str | Unreadable:
        text = tidy(written)
        if text is None:
            return Unreadable("date.lunar", {"value": written[:60]}, "hint.date_lunar")
        if text in OPEN:
            return ".."
        about = _ABOUT.search(text)
        if about:
            text = _ABOUT.sub("", text).strip()
        for kind, pattern in _PATTERNS:
            match = pattern.match(text)
            if match:
                parts = {name: value for name, value in match.groupdict().items() if value is not None}
                found = self._found(kind, parts, text)
                if found is not None:
                    return found if isinstance(found, Unreadable) or not about else found.removesuffix("~") + "~"
        return _not_a_date(written)

    def _found(self, kind: str, parts: dict[str, str], text: str) -> str | Unreadable | None:
        number = {key: int(value) for key, value in parts.items() if value.isdecimal()}
        year = number.get("y", 0)
        if "y" in number and not self.years[0] <= year <= self.years[1]:
            return _bad_year(year, self.years)
        month = MONTHS[parts["name"]] if "name" in parts else number.get("m", 0)
        match kind:
            case "year":
                return f"{year:04d}"
            case "fiscal":  # where a year of accounts begins nobody says: the year it is named by
                full = year or (2000 + number["yy"] if number["yy"] < 70 else 1900 + number["yy"])
                if "z" not in parts:
                    return f"{full:04d}"
                ends = number["z"] if number["z"] > 99 else full // 100 * 100 + number["z"]
                return f"{full:04d}/{ends:04d}" if ends == full + 1 else _not_a_date(text)
            case "month":
                return _month(year, month)
            case "compact_month":
                if not _COMPACT_YEARS[0] <= year <= _COMPACT_YEARS[1]:
                    return Unreadable("date.compact_unclear", {"value": text}, "hint.date_compact")
                return _month(year, month)
            case "day":
                return _day(year, month, number["d"])
            case "ten_days":
                code = _month(year, month)
                return code if isinstance(code, Unreadable) else f"{code}-T{'上中下'.index(parts['t']) + 1}"
            case "serial":
                start, lowest, highest = _SERIALS[self.epoch]
                if not lowest <= number["n"] <= highest:
                    return Unreadable("date.serial_out_of_range", {"value": text}, "hint.date_serial")
                return (start + timedelta(days=number["n"])).isoformat()
            case "moment":  # seconds or milliseconds since 1970, as databases write them
                if not _SECONDS[0] <= number["n"] < _SECONDS[1]:
                    return None
                return datetime.fromtimestamp(number["n"], UTC).astimezone(_CLOCK).date().isoformat()
            case "ordered":
                return self._ordered(year, number["a"], number["b"], text)
            case "short":
                return self._short(number["a"], number["b"], number["c"], text)
            case "short_cn":
                return self._two_digit(parts["yy"], text, lambda y: self.code(f"{y}年{parts['rest']}"))
            case "short_name":
                if "d" in number:
                    return self._two_digit(parts["yy"], text, lambda y: _day(y, month, number["d"]))
                return self._two_digit(parts["yy"], text, lambda y: _month(y, month))
            case "no_year":
                if self.year is None:
                    return Unreadable("date.no_year", {"value": text}, "hint.date_no_year")
                joint = "年" if re.match(r"[\d上下第春夏秋冬]", text) and not re.search("[a-z]", text) else " "
                return _Reading(self.order, self.epoch, self.years, None, self.pivot).code(f"{self.year}{joint}{text}")
            case "winter":
                ends = int(parts["z"]) if len(parts["z"]) == 4 else year // 100 * 100 + int(parts["z"])
                if ends % 100 == 0 and len(parts["z"]) == 2:
                    ends = year + 1 if (year + 1) % 100 == 0 else ends
                return f"{year}-{ends}-winter" if ends == year + 1 else _not_a_date(text)
            case "season":
                full = year or (2000 + number["yy"] if number["yy"] < 70 else 1900 + number["yy"])
                return f"{full:04d}-{SEASON_NAMES[parts['s']]}"
            case "quarter":
                quarter = number.get("q") or number.get("q2") or _NTH.get(parts.get("nth", ""), 0)
                if not 1 <= quarter <= 4:
                    return Unreadable("date.no_such_quarter", {"value": text}, "hint.date_quarter")
                return f"{year:04d}-Q{quarter}"
            case "half":
                half = _NTH.get(parts.get("nth") or parts["h"], 0) or number.get("h", 0)
                return f"{year:04d}-H{half}" if half in (1, 2) else _not_a_date(text)
            case "week":
                try:
                    first = date.fromisocalendar(year, number["w"], number.get("d", 1))
                except ValueError:
                    return _not_a_date(text)
                return first.isoformat() if "d" in number else f"{year:04d}-W{number['w']:02d}"
            case "decade":
                return f"{parts['x']}X"
            case "century":
                return f"{number['c'] - 1}{parts['x']}X"
            case "range":
                return self._range(parts["from"], parts["to"], text)
        return None

    def _ordered(self, year: int, a: int, b: int, text: str) -> str | Unreadable:
        if self.order == "dmy":
            return _day(year, b, a)
        if self.order == "mdy":
            return _day(year, a, b)
        if a == b or a > 12 >= b:
            return _day(year, b, a)
        if b > 12 >= a:
            return _day(year, a, b)
        if a > 12:
            return _not_a_date(text)
        return Unreadable("date.order_unclear", {"value": text}, "hint.date_order")

    def _short(self, a: int, b: int, c: int, text: str) -> str | Unreadable:
        if self.pivot is None:
            return Unreadable("date.two_digit_year", {"value": text}, "hint.date_two_digit_year")
        if self.order == "ymd":
            return _day(self._full(a), b, c)
        return self._ordered(self._full(c), a, b, text)

    def _two_digit(self, digits: str, text: str, build: object) -> str | Unreadable:
        if self.pivot is None:
            return Unreadable("date.two_digit_year", {"value": text}, "hint.date_two_digit_year")
        assert callable(build)
        found: str | Unreadable = build(self._full(int(digits)))
        return found

    def _full(self, two: int) -> int:
        pivot = self.pivot or 0
        year = pivot // 100 * 100 + two
        return year if year <= pivot else year - 100

    def _range(self, first: str, last: str, text: str) -> str | Unreadable | None:
        start = self.code(first)
        if isinstance(start, Unreadable):
            return start if start.code != "date.not_a_date" else None
        begun = span(start.removesuffix("~"))
        year = begun[1].year if begun[1] else self.year
        if re.fullmatch(r"\d{1,2}", last) and begun[0] == "month":
            last += "月"
        end = _Reading(self.order, self.epoch, self.years, year, self.pivot).code(last)
        if isinstance(end, Unreadable):
            return end if end.code != "date.not_a_date" else None
        ended = span(end.removesuffix("~"))
        if "range" in (begun[0], ended[0]) or begun[1] is None or ended[2] is None:
            return _not_a_date(text)
        if ended[2] <= begun[1]:
            return Unreadable("date.range_backwards", {"value": text}, "hint.date_range")
        return f"{start.removesuffix('~')}/{end.removesuffix('~')}"
