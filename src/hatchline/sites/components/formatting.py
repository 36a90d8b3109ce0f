"""Figures, dates and terms in the words of a language. Every function answers Markup or str and takes `language`
("zh-hans" or "en"; None is the language of the request). What is not known is shown as 未知, never as 0.

Numbers said in 万 or 亿 keep their exact value in the `title`, units are small and follow the number.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext, pgettext
from markupsafe import Markup, escape

MISSING = (None, "")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SEASONS = {1: "春", 2: "夏", 3: "秋", 4: "冬"}
SEASONS_EN = {1: "spring", 2: "summer", 3: "autumn", 4: "winter"}


def _english(language: str | None) -> bool:
    return (language or translation.get_language() or "zh-hans").startswith("en")


def _in(language: str | None) -> Any:
    return translation.override(language or translation.get_language() or "zh-hans")


def unknown(language: str | None = None, why: str = "") -> Markup:
    """未知, with the reason on hover when there is one."""
    with _in(language):
        word = gettext("未知")
    if why:
        return Markup('<span class="hl-unknown" title="{}">{}</span>').format(why, word)
    return Markup('<span class="hl-unknown">{}</span>').format(word)


def plain(value: Any, digits: int | None = None) -> str:
    """1386 → 1,386; 53.81 with digits=1 → 53.8; halves are rounded away from zero. None → ''."""
    if value in MISSING:
        return ""
    number = Decimal(str(value))
    if digits is None:
        text = f"{number:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    rounded = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded:,f}".replace("-", "−")


def _quantity(number: str, unit: str, exact: str = "", value: Any = None) -> Markup:
    tail = Markup('<span class="hl-unit">{}</span>').format(unit) if unit else Markup("")
    if not exact:
        return Markup("{}{}").format(number, tail)
    return Markup('<data value="{}" title="{}">{}{}</data>').format(value, exact, number, tail)


def number(value: Any, digits: int | None = None, unit: str = "", language: str | None = None) -> Markup:
    """A number in full with thousands separators and its unit; unknown when it is None."""
    if value in MISSING:
        return unknown(language)
    return _quantity(plain(value, digits), unit)


def scaled(value: Any, language: str | None = None) -> tuple[str, str]:
    """(number, scale word): (172.4, 亿) for 17240000000; (14,260, '') below 100,000. English: 17.24, billion."""
    amount = Decimal(str(value))
    size = abs(amount)
    if _english(language):
        steps = [(Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million")]
    else:
        steps = [(Decimal(10) ** 8, "亿"), (Decimal(10) ** 5, "万")]
    for floor, word in steps:
        if size >= floor:
            divisor = Decimal(10) ** 4 if word == "万" else floor
            small = amount / divisor
            digits = 0 if abs(small) >= 1000 else 1 if abs(small) >= 10 else 2
            text = plain(small, digits)
            return (text.rstrip("0").rstrip(".") if "." in text else text), word
    return plain(value), ""


def big(value: Any, unit: str = "", language: str | None = None) -> Markup:
    """A number as people say it: 172.4 亿, 126 万; the exact one on hover."""
    if value in MISSING:
        return unknown(language)
    figure, scale = scaled(value, language)
    joined = f"{scale} {unit}".strip() if _english(language) else f"{scale}{unit}"
    exact = f"{plain(value)} {unit}".strip() if scale else ""
    return _quantity(figure, joined, exact, value)


def in_words(value: Any, unit: str = "", language: str | None = None) -> str:
    """A number as people say it, as plain text for labels and sentences: 150 万元, 1.5 million yuan. None → ''."""
    if value in MISSING:
        return ""
    figure, scale = scaled(value, language)
    return f"{figure} {scale_and(scale, unit)}".strip()


def scale_and(scale: str, unit: str) -> str:
    """A scale word before its unit: 万元, million yuan."""
    return f"{scale} {unit}".strip() if scale.isascii() else f"{scale}{unit}"


def unit_words(unit: str) -> str:
    """The unit of a measure in the language of the request; one without a word of ours stays as it is (%, m²)."""
    words = {
        "元": gettext("元"),
        "人": gettext("人"),
        "家": gettext("家"),
        "件": pgettext("measure", "件"),
        "项": pgettext("measure", "项"),
        "个": pgettext("measure", "个"),
        "次": pgettext("measure", "次"),
        "年": pgettext("measure", "年"),
        "场": pgettext("measure", "场"),
    }
    return words.get(unit, unit)


def money(value: Any, language: str | None = None) -> Markup:
    """Yuan (a number, or a Money with `amount` in yuan and `currency`): 172.4 亿元, 3,520 元."""
    if value in MISSING:
        return unknown(language)
    currency = str(getattr(value, "currency", "CNY") or "CNY")
    amount = getattr(value, "amount", value)
    if amount in MISSING:
        return unknown(language)
    if currency == "CNY":
        return big(amount, "yuan" if _english(language) else "元", language)
    return big(amount, currency, language)


def area(value: Any, language: str | None = None) -> Markup:
    """Square metres: 14,260 ㎡."""
    return number(value, None, "㎡", language) if value not in MISSING else unknown(language)


def percent(value: Any, digits: int = 1, language: str | None = None) -> Markup:
    """A share between 0 and 1: 0.538 → 53.8 %."""
    if value in MISSING:
        return unknown(language)
    return _quantity(plain(Decimal(str(value)) * 100, digits), "%")


def counted(value: Any, unit: str, total: Any = None, language: str | None = None) -> Markup:
    """41 家, or 41 / 44 家 when `total` is given. The unit comes translated."""
    if value in MISSING:
        return unknown(language)
    if total in MISSING:
        return _quantity(plain(value), unit)
    return Markup('{}<span class="hl-unit">/ {} {}</span>').format(plain(value), plain(total), unit)


def _parts(value: Any) -> tuple[str, dt.date | None]:
    """(precision, first day) of a date, a datetime, or a PartialDate."""
    if isinstance(value, dt.datetime):
        return "day", (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if isinstance(value, dt.date):
        return "day", value
    return str(getattr(value, "precision", "text")), getattr(value, "earliest", None)


def _time(value: Any, machine: str, text: str, language: str | None) -> Markup:
    original = getattr(value, "text", "") or ""
    about = bool(getattr(value, "is_approximate", False))
    with _in(language):
        shown = gettext("约 %(date)s") % {"date": text} if about else text
        title = gettext("原文：%(text)s") % {"text": original} if original not in ("", text, machine) else ""
    if title:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, title, shown)
    return Markup('<time datetime="{}">{}</time>').format(machine, shown)


def _coarse(precision: str, first: dt.date, value: Any, english: bool) -> str:
    """The words for what is neither a day, a month nor a year: 2014 年春, 2014 年二季度, 2014 年上半年."""
    year, month = first.year, first.month
    if precision == "season":
        season = {3: 1, 6: 2, 9: 3}.get(month, 4)
        return f"{SEASONS_EN[season]} {year}" if english else f"{year} 年{SEASONS[season]}季"
    if precision == "quarter":
        quarter = (month - 1) // 3
        return f"Q{quarter + 1} {year}" if english else f"{year} 年{'一二三四'[quarter]}季度"
    if precision == "half":
        first_half = month < 7
        if english:
            return f"{'first' if first_half else 'second'} half of {year}"
        return f"{year} 年{'上' if first_half else '下'}半年"
    if precision == "decade":
        return f"{year}s" if english else f"{year} 年代"
    return getattr(value, "text", "") or getattr(value, "code", "") or str(year)


def date_table(value: Any, language: str | None = None) -> Markup:
    """2017-06-30; 2017-06 or 2017 when no more is known; the words for a season, a quarter or a half year."""
    return _date(value, language, prose=False)


def date_prose(value: Any, language: str | None = None) -> Markup:
    """2017年6月30日 (30 June 2017 in English), as far as the date is known."""
    return _date(value, language, prose=True)


def _date(value: Any, language: str | None, prose: bool) -> Markup:
    if value in MISSING:
        return unknown(language)
    precision, first = _parts(value)
    if precision == "open":
        with _in(language):
            return Markup("{}").format(gettext("至今"))
    if first is None:
        return unknown(language) if precision == "unknown" else Markup("{}").format(value)
    english = _english(language)
    machine = f"{first.year:04d}"
    if precision in ("day", "month"):
        machine += f"-{first.month:02d}" + (f"-{first.day:02d}" if precision == "day" else "")
    elif precision != "year":
        return _time(value, machine, _coarse(precision, first, value, english), language)
    if not prose:
        return _time(value, machine, machine, language)
    if english:
        words = [str(first.day)] * (precision == "day") + [_long_month(first.month)] * (precision != "year")
        return _time(value, machine, " ".join([*words, str(first.year)]), language)
    text = f"{first.year}年" + f"{first.month}月" * (precision != "year") + f"{first.day}日" * (precision == "day")
    return _time(value, machine, text, language)


def _long_month(month: int) -> str:
    return dt.date(2000, month, 1).strftime("%B")


def day_month(value: Any, language: str | None = None) -> Markup:
    """7月28日 / 28 Jul, where the year is plain from the place."""
    if value in MISSING:
        return unknown(language)
    text = f"{value.day} {MONTHS[value.month - 1]}" if _english(language) else f"{value.month}月{value.day}日"
    return _time(value, value.strftime("%Y-%m-%d"), text, language)


def moment(value: dt.datetime | None, seconds: bool = False, language: str | None = None) -> Markup:
    """2017-07-18 07:30 in the district's time zone."""
    if value in MISSING:
        return unknown(language)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _time(
        value, local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M" + (":%S" * seconds)), language
    )


def clock_note() -> str:
    """Beside moments, where the district stands on a business date: that they are of the real clock. "" elsewhere."""
    day: dt.date | None = settings.BUSINESS_DATE
    if day is None:
        return ""
    return gettext("时刻按真实时钟记，与业务日期 %(day)s 无关。") % {"day": day.isoformat()}


def span(start: Any, end: Any, language: str | None = None, open_word: str | None = None) -> Markup:
    """2015-06-18 至 2017-06-30; an open end is 至今 unless another word is given."""
    with _in(language):
        until = Markup("{}").format(open_word or gettext("至今")) if end in MISSING else date_table(end, language)
        if end in MISSING:
            return Markup('<span class="hl-nowrap">{} {}</span>').format(date_table(start, language), until)
        joiner = gettext("至")
    return Markup('<span class="hl-nowrap">{} {} {}</span>').format(date_table(start, language), joiner, until)


def remaining(days: int | None, working: bool = True, language: str | None = None) -> str:
    """The clock in words: 剩 3 个工作日, 今日到期, 逾期 1 天; no days at all is 无期限."""
    with _in(language):
        if days is None:
            return gettext("无期限")
        if days == 0:
            return gettext("今日到期")
        if days < 0:
            return ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", -days) % {"days": -days}
        if working:
            return ngettext("剩 %(days)s 个工作日", "剩 %(days)s 个工作日", days) % {"days": days}
        return ngettext("剩 %(days)s 天", "剩 %(days)s 天", days) % {"days": days}


def urgency(days: int | None) -> str:
    """bad (overdue or at most 2 days), warn (at most 3), or neutral: the clock's status."""
    if days is None or days > 3:
        return "neutral"
    return "warn" if days == 3 else "bad"


def file_size(size: int | None, language: str | None = None) -> str:
    """Bytes as B, KB, MB or GB of 1024."""
    if size is None:
        return str(unknown(language).striptags())
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"


def yes_no(value: bool | None, language: str | None = None) -> Markup:
    """是, 否, or 未知."""
    if value is None:
        return unknown(language)
    with _in(language):
        return Markup("{}").format(gettext("是") if value else gettext("否"))


def lead(text: Any) -> Markup:
    """`**27** 家机构` → the figure between the stars in the accent colour; `!!1 项!!` in the colour of a shortfall."""
    safe = str(escape(text))  # leaves Markup, which is what gettext answers in templates, as it is
    safe = re.sub(r"\*\*(.+?)\*\*", r'<em class="hl-lead">\1</em>', safe)
    safe = re.sub(r"!!(.+?)!!", r'<em class="hl-lead hl-lead-bad">\1</em>', safe)
    return Markup(safe)


def listed(values: Iterable[Any], limit: int = 3, language: str | None = None) -> Markup:
    """A、B、C 等 7 项 (A, B, C and 4 more)."""
    everything = [escape(value) for value in values]
    shown = everything[:limit]
    with _in(language):
        text = Markup(", " if _english(language) else "、").join(shown)
        if len(everything) > limit:
            rest = {"count": len(everything), "more": len(everything) - limit}
            text += Markup(" ") + escape(gettext("等 %(count)s 项") % rest)
    return text


def person(who: Any, language: str | None = None) -> str:
    """A person's name in the reader's language, as far as it is known."""
    return str((_english(language) and who.name_en) or who)


def source_words(source: str) -> str:
    """Where a figure came from: our own short codes in words, anything else as it was written."""
    words = {"list": gettext("导入的名单"), "institution": gettext("机构填报"), "founder": gettext("创始人填报")}
    return words.get(source, source)


def clauses(said: Iterable[Any], language: str | None = None) -> str:
    """Sentences without their stops, one after another: A；B (A; B)."""
    return ("; " if _english(language) else "；").join(map(str, said))


def masked(value: str | None, keep_start: int = 3, keep_end: int = 2) -> str:
    """138••••••78: a few characters at either end; short values are hidden whole."""
    text = value or ""
    if len(text) <= keep_start + keep_end + 1:
        return "•" * len(text)
    return text[:keep_start] + "•" * (len(text) - keep_start - keep_end) + text[len(text) - keep_end :]


class Loose:
    """A mapping or an object whose missing names are None: macros take dicts with only the keys that matter."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __getitem__(self, name: str) -> Any:
        if isinstance(self._inner, Mapping):
            return self._inner.get(name)
        return getattr(self._inner, name, None)


def loosely(items: Iterable[Any]) -> list[Loose]:
    """Each of the items as a Loose."""
    return [Loose(item) for item in items]


def data_json(value: Any) -> Markup:
    """JSON that may stand inside a script block: no `<`, `>`, `&` or quotes of attributes; decimals become numbers."""

    def other(item: Any) -> Any:
        if isinstance(item, Decimal):
            return float(item)
        if isinstance(item, dt.date):
            return item.isoformat()
        return str(item)

    text = json.dumps(value, ensure_ascii=False, default=other, separators=(",", ":"))
    for character, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")):
        text = text.replace(character, code)
    return Markup(text)
