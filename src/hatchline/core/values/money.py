"""Money as people write it.

`Money` is an exact amount in the main unit of its currency: yuan for CNY. Nothing is converted between currencies.
`parse` reads a cell that may hold several amounts, ranges and "undisclosed"; unknown is never zero.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from hatchline.core.values.datewords import words
from hatchline.core.values.unreadable import Unreadable

MoneyCell = object  # whatever a spreadsheet reader hands over
Kind = Literal["exact", "range", "at_least", "at_most", "unknown"]

SCALES = {
    "": 1, "元": 1, "块": 1, "yuan": 1, "十元": 10, "百元": 100, "千": 1000, "千元": 1000, "万": 10**4, "万元": 10**4,
    "萬": 10**4,
    "萬元": 10**4, "十万": 10**5, "十万元": 10**5, "百万": 10**6, "百万元": 10**6, "千万": 10**7, "千万元": 10**7,
    "亿": 10**8,
    "亿元": 10**8, "億": 10**8, "億元": 10**8, "十亿": 10**9, "十亿元": 10**9, "百亿": 10**10, "百亿元": 10**10,
    "万亿": 10**12,
    "万亿元": 10**12, "k": 1000, "thousand": 1000, "thousands": 1000, "mn": 10**6, "m": 10**6, "mm": 10**6,
    "mio": 10**6,
    "million": 10**6, "millions": 10**6, "bn": 10**9, "b": 10**9, "billion": 10**9, "billions": 10**9,
    "trillion": 10**12, "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7, "cr": 10**7,
}  # fmt: skip
CURRENCIES = {
    "¥": "", "￥": "", "元人民币": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "cn¥": "CNY", "元": "CNY",
    "yuan": "CNY", "块": "CNY",
    "us$": "USD", "usd": "USD", "$": "USD", "美元": "USD", "美金": "USD", "dollars": "USD", "u.s.$": "USD",
    "hk$": "HKD",
    "hkd": "HKD", "港元": "HKD", "港币": "HKD", "nt$": "TWD", "twd": "TWD", "新台币": "TWD", "€": "EUR", "eur": "EUR",
    "欧元": "EUR",
    "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "英镑": "GBP", "jpy": "JPY", "jp¥": "JPY", "日元": "JPY",
    "円": "JPY",
    "₩": "KRW", "krw": "KRW", "韩元": "KRW", "s$": "SGD", "sgd": "SGD", "新加坡元": "SGD", "a$": "AUD", "aud": "AUD",
    "澳元": "AUD",
    "c$": "CAD", "cad": "CAD", "加元": "CAD", "chf": "CHF", "瑞士法郎": "CHF", "₹": "INR", "inr": "INR",
    "rs.": "INR", "rs": "INR",
    "₽": "RUB",
    "rub": "RUB", "卢布": "RUB",
    "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "nzd": "NZD", "nz$": "NZD", "brl": "BRL", "r$": "BRL",
    "ils": "ILS", "₪": "ILS",
}  # fmt: skip
UNKNOWN = words(
    """- -- --- — —— – / \\ ? ？ n/a #n/a na n.a. none null nil nan tbd tba unknown undisclosed confidential private
    unspecified withheld not_disclosed not_available not_known amount_undisclosed not_specified
    未披露 未公开 未公布 未透露 不详 未知 保密 待定 待补 无 暂无 未填 未填写 未提供 不便透露 非公开
    金额未披露 金额不详 未披露金额 具体金额未披露"""
)
_UNKNOWN_WORDS = re.compile(
    r"^(?:an? )?(?:undisclosed|unknown|unspecified)(?: (?:amounts?|sums?|rounds?|funding|investment))?$"
)


@dataclass(frozen=True)
class Money:
    """An exact amount in the main unit of its currency (yuan for CNY)."""

    amount: Decimal
    currency: str = "CNY"

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are not added: no rate is known here")
        return other.amount

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


@dataclass(frozen=True)
class Part:
    """One stated amount: exact (low = high), a range, an open end (None), or unknown (both None)."""

    kind: Kind
    low: Decimal | None
    high: Decimal | None
    currency: str
    is_approximate: bool = False

    @property
    def money(self) -> Money | None:
        return Money(self.low, self.currency) if self.kind == "exact" and self.low is not None else None


@dataclass(frozen=True)
class Amounts:
    """All amounts stated in one cell, with the text as written. An empty cell has no parts and is unknown."""

    parts: tuple[Part, ...]
    text: str

    @property
    def is_unknown(self) -> bool:
        return all(part.kind == "unknown" for part in self.parts)

    @property
    def is_complete(self) -> bool:
        """Every part is an exact amount, and there is one."""
        return bool(self.parts) and all(part.kind == "exact" for part in self.parts)

    @property
    def single(self) -> Money | None:
        """The amount when the cell states exactly one and nothing else."""
        return self.parts[0].money if len(self.parts) == 1 else None

    def known(self, currency: str = "CNY") -> Money | None:
        """Sum of the exact amounts in one currency; None when there is none (never zero for unknown)."""
        found = [
            part.low
            for part in self.parts
            if part.kind == "exact" and part.currency == currency and part.low is not None
        ]
        return Money(sum(found, Decimal(0)), currency) if found else None

    def dump(self) -> dict[str, object]:
        """Plain values for JSON; `load` gives an equal object back."""
        parts = [
            [
                p.kind,
                None if p.low is None else str(p.low),
                None if p.high is None else str(p.high),
                p.currency,
                p.is_approximate,
            ]
            for p in self.parts
        ]
        return {"text": self.text, "parts": parts}

    @classmethod
    def load(cls, stored: dict[str, object]) -> Amounts:
        rows = stored["parts"]
        assert isinstance(rows, Iterable)
        parts = tuple(
            Part(kind, None if low is None else Decimal(low), None if high is None else Decimal(high), currency, about)
            for kind, low, high, currency, about in rows
        )
        return cls(parts, str(stored["text"]))


def scale_of(unit: str) -> int | None:
    """How many yuan (or dollars…) one of `unit` is; None when it is not known. Takes 万元, 千元(人民币), USD m…"""
    text = _tidy(unit).strip("()（） ")
    if text in SCALES:
        return SCALES[text]
    for mark in sorted(CURRENCIES, key=len, reverse=True):
        rest = text.replace(mark, "", 1).strip("()（） ,:：") if mark in text else None
        if rest is not None and rest in SCALES:
            return SCALES[rest]
    return None


def parse(cell: MoneyCell, *, unit: str = "元", currency: str = "CNY") -> Amounts | Unreadable:
    """Read one cell. `unit` is the unit of the column (万元), used when the cell names none; `currency` likewise."""
    scale = scale_of(unit)
    if scale is None:
        return Unreadable("money.unit_unknown", {"unit": unit[:40]}, "hint.money_unit")
    if cell is None:
        return Amounts((), "")
    if isinstance(cell, bool):
        return _not_money(str(cell))
    if isinstance(cell, int | float | Decimal):
        try:
            number = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
        except InvalidOperation:
            return _not_money(str(cell))
        if not number.is_finite() or abs(number) > Decimal("1e18"):
            return _not_money(str(cell))
        return Amounts((_exact(number * scale, currency),), str(cell))
    if not isinstance(cell, str):
        return _not_money(str(cell))
    return _parse_text(cell, scale, currency)


def _parse_text(written: str, scale: int, currency: str) -> Amounts | Unreadable:
    text = _tidy(written)
    if not text:
        return Amounts((), written)
    if len(text) > 2000:
        return _not_money(written)
    if re.fullmatch(r"\d{1,3}(?:, \d{3})+", text):  # one amount written with wide commas, or several: nobody can say
        return Unreadable("money.separators", {"value": text[:60]}, "hint.money_separators")
    parts: list[Part] = []
    for piece in _pieces(text):
        part = _part(piece, scale, currency)
        if isinstance(part, Unreadable):
            return part
        parts.append(part)
    return Amounts(tuple(parts), written)


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.replace("￥", "¥")).casefold().strip()
    for dash in "–—−‐‑－~～〜至到":
        text = text.replace(dash, "-")
    return re.sub(r"\s+", " ", text.replace("圆", "元"))


# a comma divides amounts when a space or something other than a digit follows it: "$3,000,000" is one amount
_DIVIDER = re.compile(
    r"\s*(?:[;、\n|]|,\s+|,(?=[^\d\s]))\s*|(?<=[\d元kmb])\s*[+/&]\s*(?=[$€£¥\d])|\s+and\s+|(?<=[元)])\s+(?=\d)"
)


def _pieces(text: str) -> list[str]:
    if _is_unknown(text):
        return [text]
    return [piece for piece in _DIVIDER.split(text) if piece] or [text]


def _is_unknown(text: str) -> bool:
    return text in UNKNOWN or set(text) <= {"-"} or bool(_UNKNOWN_WORDS.match(text))


_MARKS = "|".join(sorted((re.escape(mark) for mark in CURRENCIES), key=len, reverse=True))
_SCALE_WORDS = "|".join(
    sorted((re.escape(word) for word in SCALES if word not in ("", "元", "块", "yuan")), key=len, reverse=True)
)
_NUMBER = r"\d[\d,.' ]*\d|\d"
_AMOUNT = re.compile(
    rf"^(?P<sign>-)?\s*(?P<before>(?:{_MARKS})?(?:{_MARKS})?)\s*(?P<sign2>-)?(?P<number>{_NUMBER}|\.\d+)\s*(?P<scale>(?:{_SCALE_WORDS})?)\s*\.?"
    rf"(?P<rest>(?:\d[\d,.]*(?:亿|万|千)元?)*)\s*(?P<after>(?:{_MARKS})?(?:{_MARKS})?)整?$"
)
_ABOUT = re.compile(r"^(?:约|大约|近|about|around|approx\.?|approximately|ca\.?|circa|nearly)\s*|\s*(?:左右|上下)$")
# what the sum was for is no part of it: $20M Series B, 天使轮300万, $1.2m (2012)
_ROUND = (
    r"(?:pre[- ]?)?(?:seed|angel|series [a-h]\d?\+?|grant|[a-h]\d?\+?轮|种子轮?|天使轮?)(?: (?:round|funding))?|融资"
)
_FOR_WHAT = re.compile(rf"^(?:{_ROUND})[\s:]*(?=\S)|[\s,]+(?:in )?(?:{_ROUND})$|\s*[(](?:in )?(?:19|20)\d\d[)]$")
_AT_LEAST = re.compile(
    r"^(?:超过?|不低于|不少于|至少|大于|高于|>=?|≥|over|more than|at least|above)\s*|\s*(?:以上|余元?|多元|\+)$"
    r"|(?<=[万亿千])(?:余|多)(?=元)|(?<=\d)(?:余|多)(?=[万亿千])"
)
_AT_MOST = re.compile(
    r"^(?:不超过|不高于|不多于|小于|低于|至多|<=?|≤|under|less than|at most|up to|below)\s*|\s*以[下内]$"
)
_BANK = re.compile("[零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億两]+")


def _part(piece: str, scale: int, currency: str) -> Part | Unreadable:
    piece = _FOR_WHAT.sub("", _FOR_WHAT.sub("", piece))
    if _is_unknown(piece):
        return Part("unknown", None, None, currency)
    about = bool(_ABOUT.search(piece))
    text = _ABOUT.sub("", piece).strip()
    for kind, pattern in (("at_most", _AT_MOST), ("at_least", _AT_LEAST)):
        if pattern.search(text):
            read = _amount(pattern.sub("", text).strip(), scale, currency)
            if isinstance(read, Unreadable):
                return read
            low, high = (read[0], None) if kind == "at_least" else (None, read[0])
            return Part("at_least" if kind == "at_least" else "at_most", low, high, read[1], about)
    read = _amount(text, scale, currency)
    if isinstance(read, Unreadable):
        span = _range(text, scale, currency, about)
        return span or read
    return Part("exact", read[0], read[0], read[1], about)


def _range(text: str, scale: int, currency: str, about: bool) -> Part | Unreadable | None:
    cut = re.match(r"^(?P<low>[^-]*\d[^-]*?)\s*(?:-|\bto\b)\s*(?P<high>[^-]*\d[^-]*)$", text)
    if not cut:
        return None
    high_match, low_match = _AMOUNT.match(cut["high"]), _AMOUNT.match(cut["low"])
    if not high_match or not low_match:
        return None
    low_text, high_text = cut["low"], cut["high"]
    if not low_match["scale"] and not low_match["after"]:  # 100-200万元 means both in 万元
        low_text += high_match["scale"] + high_match["after"]
    if low_match["before"] and not high_match["before"] and not high_match["after"]:
        high_text = low_match["before"] + high_text
    low, high = _amount(low_text, scale, currency), _amount(high_text, scale, currency)
    if isinstance(low, Unreadable):
        return low
    if isinstance(high, Unreadable):
        return high
    if low[1] != high[1] or low[0] > high[0]:
        return Unreadable("money.range_backwards", {"value": text[:60]}, "hint.money_range")
    return Part("range", low[0], high[0], high[1], about)


def _amount(text: str, scale: int, currency: str) -> tuple[Decimal, str] | Unreadable:
    negative = bool(re.fullmatch(r"\(.*\)", text))
    text = text[1:-1].strip() if negative else text
    bank = _BANK.search(text)
    if bank and not re.search(r"\d", text):
        spoken = _chinese_number(bank[0])
        if spoken is None:
            return _not_money(text)
        text = text.replace(bank[0], str(spoken), 1)
        text = text if "元" in text or re.search(_MARKS, text) else text + "元"
    match = _AMOUNT.match(text)
    if not match:
        return _not_money(text)
    codes = {CURRENCIES[mark] or currency for mark in re.findall(_MARKS, match["before"] + " " + match["after"])}
    if re.search("元$", match["scale"]) and not codes:
        codes = {"CNY" if currency == "CNY" else currency}
    if len(codes) > 1:
        return Unreadable("money.two_currencies", {"value": text[:60]}, "hint.money_currency")
    number = _number(match["number"])
    if isinstance(number, Unreadable):
        return number
    factor: int = SCALES[match["scale"]]
    if not match["scale"]:
        if codes and scale != 1 and "元" not in match["after"]:
            return Unreadable("money.unit_unclear", {"value": text[:60]}, "hint.money_unit_unclear")
        factor = 1 if codes else scale
    total: Decimal = number * factor
    for digits, word in re.findall(r"(\d[\d,.]*)(亿|万|千)", match["rest"]):  # 1亿2000万元
        more = _number(digits)
        if isinstance(more, Unreadable) or more * SCALES[word] >= factor:
            return _not_money(text)
        total += more * SCALES[word]
    if match["sign"] or match["sign2"] or negative:
        total = -total
    plain = total.normalize()
    whole = plain.quantize(Decimal(1)) if plain == plain.to_integral_value() and abs(plain) < 10**18 else plain
    return (whole if total else Decimal(0)), codes.pop() if codes else currency


def _number(text: str) -> Decimal | Unreadable:
    """Digits with their separators. Grouping must be complete; "3,00" and "1,5" are not believed."""
    text = re.sub(r"(?<=\d)[' ](?=\d{3}(?:\D|$))", "", text)
    grouped = (
        r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,4}(?:,\d{4})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
        r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?"  # 20,00,00,000 as in India
    )
    if re.fullmatch(grouped, text):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", text):  # 1.200.000,50
        return Decimal(text.replace(".", "").replace(",", "."))
    return Unreadable("money.separators", {"value": text[:60]}, "hint.money_separators")


def _chinese_number(text: str) -> Decimal | None:
    """三百万, 叁佰万, 一亿二千万 as a number; None when the numerals do not make one."""
    plain = text.translate(str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億两〇", "一二三四五六七八九十百千万亿二零"))
    total = section = digit = 0
    for char in plain:
        if char in "零一二三四五六七八九":
            if digit:
                return None
            digit = "零一二三四五六七八九".index(char)
        elif char in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        elif char == "万":
            total += (section + digit or 1) * 10**4
            section = digit = 0
        else:
            total = (total + section + digit or 1) * 10**8
            section = digit = 0
    return Decimal(total + section + digit)


def _exact(amount: Decimal, currency: str) -> Part:
    return Part("exact", amount, amount, currency)


def _not_money(text: str) -> Unreadable:
    return Unreadable("money.not_money", {"value": text[:60]}, "hint.money_spellings")
