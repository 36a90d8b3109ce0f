"""How a target stands, in words and a small picture: the same on every site, from one reading."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from hatchline.apps.indicators import definitions
from hatchline.apps.indicators.queries import Beside, Reading
from hatchline.core.outlook import Outlook
from hatchline.sites.components import formatting, pictures

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
UPWARDS = {">=", ">"}
YEARS_TOLD = 4  # over a path, so that they stand apart
UNITS = {
    "家": gettext_lazy("家"),
    "亿元": gettext_lazy("亿元"),
    "元": gettext_lazy("元"),
    "%": "%",
    "人": gettext_lazy("人"),
}


@dataclass(frozen=True)
class Standing:
    """A target as a row of the figure ledger. ``level`` and ``verdict``: the gap; ``note``: what it rests on.

    ``expected``: whether the outlook reaches the target by its day (None: nobody can say); ``met``: it is reached now;
    ``pending``: how many month ends of its path are being reckoned.
    """

    reading: Reading
    code: str
    name: str
    value: str | None
    unit: str
    goal: str
    goal_unit: str
    coverage: str
    line: Any
    forecast: str | None
    forecast_range: str
    level: str
    verdict: str
    note: str
    short_note: str
    met: bool
    expected: bool | None
    href: str = ""
    pending: int = 0


def in_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def named(reading: Reading) -> str:
    """The measure's name in the reader's language."""
    measure = reading.target.measure
    return measure.name_en if in_english() and measure.name_en else measure.name


def unit_of(reading: Reading) -> str:
    """The unit in the reader's language; English counts things without a measure word."""
    if reading.unit == "家" and in_english():
        return ""
    return str(UNITS.get(reading.unit, reading.unit))


def amount(reading: Reading, value: Any) -> tuple[str, str]:
    """A value of the measure as people say it: (172.4, 亿元), (1,386, 家), (53.8, %)."""
    unit = unit_of(reading)
    if reading.unit == "%":
        return formatting.plain(value, 1), unit
    figure, scale = formatting.scaled(value)
    return figure, (f"{scale} {unit}" if scale.isascii() else f"{scale}{unit}").strip()


def said(reading: Reading, value: Any) -> str:
    """A value with its unit, in a sentence."""
    return " ".join(part for part in amount(reading, value) if part)


def apart(reading: Reading, value: Any) -> str:
    """A difference between two values with its unit: of shares in percentage points."""
    if reading.unit == "%":
        return _("%(number)s 个百分点") % {"number": formatting.plain(value, 1)}
    return said(reading, value)


def standing(reading: Reading, *, href: str = "", width: int = 196) -> Standing:
    """A reading in words and a picture; ``href`` is the page of the target."""
    target, found = reading.target, reading.outlook
    goal, goal_unit = amount(reading, target.value)
    value, unit = amount(reading, reading.value) if reading.value is not None else (None, unit_of(reading))
    expected = _reaches(reading, found.end.value) if isinstance(found, Outlook) else None
    level, verdict, note = _gap(reading, expected)
    forecast, span = _ahead(reading)
    return Standing(
        reading,
        target.code,
        named(reading),
        value,
        unit,
        f"{SIGNS[target.operator]} {goal}",
        goal_unit,
        _coverage(reading),
        path(reading, width=width),
        forecast,
        span,
        level,
        verdict,
        note,
        note if reading.value is not None else _lacking(reading),
        reading.verdict == "met" and reading.value is not None,
        expected,
        href,
        len(reading.pending),
    )


def path(reading: Reading, *, width: int = 196, height: int = 48) -> Any:
    """The small picture: what was, what is expected with its band, what was promised. None: nothing to draw."""
    known = [(day, value) for day, value in reading.trend if value is not None]
    if len(known) < 2:
        return None
    last, found = reading.trend[-1][0], reading.outlook
    ahead = [each for each in found.path if each.day > last] if isinstance(found, Outlook) else []
    marks = [day for day, _value in reading.trend if (day.month, day.day) == (12, 31)]
    return pictures.sparkline(
        known,
        forecast=[(each.day, each.value) for each in ahead],
        band=[(each.day, each.low, each.high) for each in ahead],
        target=reading.target.value,
        marks=marks,
        width=width,
        height=height,
    )


def years(readings: Iterable[Reading]) -> list[tuple[float, str]]:
    """The year ends over the paths, of the longest series and what is looked ahead to: (place in per cent, year)."""
    longest = max(readings, key=lambda each: len(each.series), default=None)
    if longest is None or len(longest.series) < 2:
        return []
    first, last = longest.series[0][0], longest.series[-1][0]
    if isinstance(longest.outlook, Outlook):
        last = max(last, longest.outlook.end.day)
    ends = [day for year in range(first.year, last.year + 1) if first <= (day := date(year, 12, 31)) <= last]
    step = -(-len(ends) // YEARS_TOLD)
    return [(round(100 * (day - first) / (last - first), 1), str(day.year)) for day in ends[::-1][::step][::-1]]


def still_reckoned(readings: Iterable[Reading]) -> str:
    """Which month ends nobody kept yet: the worker's chore of every minute is about to; "" when none is missing."""
    days = sorted({day for each in readings for day in each.pending})
    if not days:
        return ""
    sentence = ngettext(
        "正在计算 %(number)s 个月末的数（%(first)s 至 %(last)s）：算完之前路径有缺，不作预测。稍后再打开本页。",
        "正在计算 %(number)s 个月末的数（%(first)s 至 %(last)s）：算完之前路径有缺，不作预测。稍后再打开本页。",
        len(days),
    )
    return sentence % {"number": len(days), "first": days[0].isoformat(), "last": days[-1].isoformat()}


def summary(shown: Iterable[Standing]) -> dict[str, int]:
    """How many are met, how many are expected to be by their day, how many are not, of how many nobody can say."""
    every = list(shown)
    known = [each for each in every if each.value is not None]
    return {
        "all": len(every),
        "met": sum(each.met for each in known),
        "expected": sum(each.met if each.expected is None else each.expected for each in known),
        "foretold": sum(each.expected is not None for each in known),
        "not_met": sum(each.reading.verdict == "not_met" for each in known),
        "unknown": len(every) - len(known) + sum(each.reading.verdict == "unknown" for each in known),
    }


def falling_short(shown: Iterable[Standing]) -> list[Standing]:
    """The targets that are expected to fall short, first the one that lacks the greatest share of itself."""

    def share(each: Standing) -> Decimal:
        whole = each.reading.target.value
        return abs(_shortfall(each.reading)) / whole if whole else Decimal(0)

    return sorted((each for each in shown if each.expected is False), key=share, reverse=True)


def short_by(of: Standing) -> str:
    """What it is expected to fall short by, with its unit."""
    return apart(of.reading, abs(_shortfall(of.reading)))


def beside_words(reading: Reading, each: Beside) -> tuple[str, str, str]:
    """A figure beside the value: (what it is, the figure or "", its coverage)."""
    label = str(definitions.BESIDE[each.code])
    coverage = _("%(known)s / %(rows)s 家已报") % {"known": plain(each.known), "rows": plain(each.rows)}
    return label, "" if each.value is None else said(reading, each.value), coverage


def period_words(reading: Reading) -> str:
    """The period a sum is of: 2016 年, or from day to day. "" for what is no sum."""
    if reading.period is None:
        return ""
    begin, end = reading.period
    if (begin.month, begin.day) == (1, 1) and end == date(begin.year + 1, 1, 1):
        return _("%(year)s 年全年") % {"year": begin.year}
    return _("%(first)s 至 %(last)s") % {"first": begin.isoformat(), "last": (end - timedelta(days=1)).isoformat()}


def plain(number: Any) -> str:
    """A whole number with its separators."""
    return formatting.plain(number)


def _holds(reading: Reading, value: Any) -> bool:
    wanted = reading.target.value
    number = Decimal(str(value))
    return {">=": number >= wanted, ">": number > wanted, "<=": number <= wanted, "<": number < wanted}[
        reading.target.operator
    ]


def _rounded(reading: Reading, value: float) -> Decimal:
    """An expected value in the figure's own steps: whole units of what is counted."""
    return Decimal(round(value)) if _counts(reading) else Decimal(str(round(value, 1)))


def _reaches(reading: Reading, value: float) -> bool:
    return _holds(reading, _rounded(reading, value))


def _shortfall(reading: Reading) -> Decimal:
    found = reading.outlook
    assert isinstance(found, Outlook)
    return _missing(reading, _rounded(reading, found.end.value))


def _missing(reading: Reading, value: Any) -> Decimal:
    """What is between a value and holding; zero or less where it holds. What is counted goes in whole units, so that
    762 of more than 800 are 39 short."""
    wanted = Decimal(reading.target.value)
    if _counts(reading):  # the least, or the most, whole number that holds
        least, most = math.ceil(wanted), math.floor(wanted)
        wanted = Decimal({">=": least, ">": most + 1, "<=": most, "<": least - 1}[reading.target.operator])
    number = Decimal(str(value))
    return wanted - number if reading.target.operator in UPWARDS else number - wanted


def _counts(reading: Reading) -> bool:
    return reading.meaning is not None and reading.meaning.reckon == "count"


def _ahead(reading: Reading) -> tuple[str | None, str]:
    """The expected value on the target's day and its 80 % band."""
    found = reading.outlook
    if not isinstance(found, Outlook):
        return None, ""
    low, high = (amount(reading, _rounded(reading, value))[0] for value in (found.end.low, found.end.high))
    return amount(reading, _rounded(reading, found.end.value))[0], f"{low}–{high}" if low != high else low


def why_no_outlook(reading: Reading) -> str:
    """Why nothing is foretold; "" when something is."""
    found = reading.outlook
    if reading.pending:
        count = len(reading.pending)
        return ngettext("正在计算 %(count)s 个月末的数", "正在计算 %(count)s 个月末的数", count) % {"count": count}
    if found is None or isinstance(found, Outlook):
        return ""
    return {
        "few": _("只有 %(number)s 个时点的数，太少，不能预测") % {"number": found.values},
        "short": _("已有数据的时间比要预测的还短，不能预测"),
        "past": _("期限已过"),
    }[found.why]


def _coverage(reading: Reading) -> str:
    if reading.coverage is None:
        return _("没有来源")
    numbers = {"decided": plain(reading.coverage.decided), "rows": plain(reading.coverage.rows)}
    if reading.meaning is not None and reading.meaning.reckon == "sum":
        return _("%(period)s，%(rows)s 家已报 %(decided)s 家") % {**numbers, "period": period_words(reading)}
    if reading.meaning is not None and reading.meaning.reckon == "share":
        return _("%(rows)s 家中 %(decided)s 家情况已知") % numbers
    if reading.subject == "institution":
        if reading.coverage.undecided:
            return _("%(rows)s 家机构，%(decided)s 家可判定") % numbers
        return _("%(rows)s 家机构，全部可判定") % numbers
    if reading.coverage.undecided:
        return _("%(rows)s 家企业，%(decided)s 家可判定") % numbers
    return _("%(rows)s 家企业，全部可判定") % numbers


def _gap(reading: Reading, expected: bool | None) -> tuple[str, str, str]:
    """(level, verdict, note). What is not known well enough to be decided says so, whatever is foretold."""
    level, verdict, note = _told(reading, expected)
    if level != "unknown" and reading.verdict == "unknown":
        note = formatting.clauses(each for each in (_("还不能断定"), note) if each)
    return level, verdict, note


def _told(reading: Reading, expected: bool | None) -> tuple[str, str, str]:
    target = reading.target
    if reading.value is None:
        return "unknown", _("未知"), formatting.clauses(reading.missing)
    gap = _missing(reading, reading.value)
    if reading.verdict == "met":
        beyond = abs(reading.value - target.value)
        over = apart(reading, beyond) if beyond else ""
        return "ok", _("已达成"), _("超出 %(amount)s") % {"amount": over} if over else ""
    if gap <= 0 and _holds(reading, reading.value):
        return "unknown", _("还不能断定"), formatting.clauses(reading.missing)
    short = apart(reading, max(gap, Decimal(0)))
    if expected is False:
        lacking = apart(reading, abs(_shortfall(reading)))
        verdict = _("到期预计仍差 %(amount)s") % {"amount": lacking}
        return "bad", verdict, _("现差 %(amount)s") % {"amount": short}
    verdict = _("还差 %(amount)s") % {"amount": short}
    if expected:
        return "warn", verdict, _when(reading)
    return "warn", verdict, why_no_outlook(reading) or _("期限 %(day)s") % {"day": target.due_on.isoformat()}


def _when(reading: Reading) -> str:
    """When the outlook reaches the target, and how sure that is."""
    found = reading.outlook
    assert isinstance(found, Outlook)
    upwards = reading.target.operator in UPWARDS
    if not _reaches(reading, found.end.low if upwards else found.end.high):
        return _("预计刚好越过，还说不准")
    day = found.reaches(float(reading.target.value), upwards=upwards) or found.end.day
    return _("预计 %(year)s 年 %(month)s 月越过") % {"year": day.year, "month": day.month}


def _lacking(reading: Reading) -> str:
    count = len(reading.missing)
    return ngettext("缺 %(count)s 类数据", "缺 %(count)s 类数据", count) % {"count": count}
