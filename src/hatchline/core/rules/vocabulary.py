"""The declared facts that documents may speak of, and how each is kept as a whole number.

Every fact is kept as an integer: money in 分, area in cm², counts in ones, yes/no as 0 and 1, a choice as its place in
the list, a date as 31 × months + days, so that the difference of two dates is a length in 1/31 of a month and
"24 months later" falls on the same day of the month. None is unknown. Each fact has a smallest and a largest value; an
unknown fact may be anything between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import Literal

from hatchline.core.rules.texts import Text, Told, nearest
from hatchline.core.values.quantity import PLAIN, TEN_THOUSANDS, Dimension, Quantity, Unit, UnitError, step, unit

Subject = Literal["institution", "venture"]
FactKind = Literal["truth", "number", "date", "choice"]
SUBJECTS: tuple[Subject, ...] = ("institution", "venture")

TRUE_WORDS = frozenset({"true", "yes", "1", "是", "有", "y", "t"})
FALSE_WORDS = frozenset({"false", "no", "0", "否", "无", "n", "f"})


def day_number(day: date) -> int:
    """A date as 31 × months + days: strictly increasing, 31 from a day to the same day of the next month."""
    return 31 * (12 * day.year + day.month - 1) + day.day - 1


def number_day(number: int) -> date:
    """The date of a day number; the 31st of a short month is its last day."""
    months, day = divmod(number, 31)
    year, month = divmod(months, 12)
    for last in range(day + 1, day - 3, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(number)


FIRST_DAY, LAST_DAY = day_number(date(1900, 1, 1)), day_number(date(2199, 12, 31))
LARGEST: dict[str, int] = {"yuan": 10**14, "m2": 10**11, "month": 31 * 2400}
LARGEST_COUNT = 10**7


class UnreadableFact(Told):
    """A value that is not of its fact's type; the sentence says what was expected."""


@dataclass(frozen=True)
class FactDeclaration:
    """A fact: its name, whom it is about, its type, its unit as shown, and its meaning in both languages.

    `effort` orders the ways to change it (small is easy); 0 means nobody can change it (a date of founding).
    """

    name: str
    subject: Subject
    kind: FactKind
    unit: Unit
    zh: str
    en: str
    is_yearly: bool = False
    choices: tuple[tuple[str, str, str], ...] = ()
    smallest: int = 0
    largest: int = 1
    effort: int = 5

    @property
    def dimension(self) -> Dimension:
        return self.unit.dimension

    @cached_property
    def scale(self) -> tuple[int, int]:
        """What a bare number is multiplied with and divided by to be kept."""
        return (self.unit.factor * step(self.dimension)).as_integer_ratio()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _zh, _en in self.choices)

    def label(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    def encode(self, value: object) -> int | None:
        """The whole number a value is kept as; None (or empty text) stays unknown. Raises UnreadableFact."""
        if value is None or (isinstance(value, str) and not value.strip()) or value != value:
            return None
        kept = _ENCODERS[self.kind](self, value)
        if not self.smallest <= kept <= self.largest:
            zh, en = ((self.text(self.smallest, lang), self.text(self.largest, lang)) for lang in ("zh", "en"))
            raise UnreadableFact(
                Text(f"“{value}”不在 {zh[0]} 到 {zh[1]} 之间", f"{value} lies outside {en[0]} to {en[1]}")
            )
        return kept

    def decode(self, kept: int | None) -> object:
        """The value of a whole number: bool, code, date, or Fraction in the base unit; None when unknown."""
        if kept is None:
            return None
        if self.kind == "truth":
            return bool(kept)
        if self.kind == "choice":
            return self.codes[kept]
        if self.kind == "date":
            return number_day(kept)
        return Fraction(kept) / step(self.dimension)

    def text(self, kept: int | None, language: str = "zh", like: Unit | None = None) -> str:
        """As a reader sees it, with its unit.

        ``like``: the unit of what it is held against: money is told in it, to the 分, unless it is next to nothing.
        """
        if kept is None:
            return "unknown" if language == "en" else "未知"
        if self.kind == "truth":
            return (("no", "yes") if language == "en" else ("否", "是"))[kept]
        if self.kind == "choice":
            return self.choices[kept][2 if language == "en" else 1]
        if self.kind == "date":
            return number_day(kept).isoformat()
        amount = Fraction(kept) / step(self.dimension)
        if like is not None and like.name in TEN_THOUSANDS and abs(amount) * 100 >= like.factor:
            return Quantity(amount, like).text(language, 10)
        return Quantity(amount, self.unit).text(language)

    def both(self, kept: int, like: Unit | None = None) -> Text:
        """``text`` in both languages."""
        return Text(self.text(kept, "zh", like), self.text(kept, "en", like))


def _truth(_fact: FactDeclaration, value: object) -> int:
    if isinstance(value, bool):
        return int(value)
    word = str(value).strip().lower().removesuffix(".0")
    if word in TRUE_WORDS:
        return 1
    if word in FALSE_WORDS:
        return 0
    raise UnreadableFact(Text(f"“{value}”不是“是”或“否”", f"{value!r} is not yes or no"))


def _choice(fact: FactDeclaration, value: object) -> int:
    word = str(value).strip()
    for place, names in enumerate(fact.choices):
        if word in names:
            return place
    codes = ", ".join(fact.codes)
    raise UnreadableFact(Text(f"“{value}”不是选项，可以写 {codes}", f"{value!r} is none of {codes}"))


def _date(_fact: FactDeclaration, value: object) -> int:
    if isinstance(value, datetime):
        return day_number(value.date())
    if isinstance(value, date):
        return day_number(value)
    try:
        return day_number(date.fromisoformat(str(value).strip()[:10]))
    except ValueError as error:
        raise UnreadableFact(
            Text(f"“{value}”不是 2018-12-31 这样的日期", f"{value!r} is not a date like 2018-12-31")
        ) from error


def _number(fact: FactDeclaration, value: object) -> int:
    if isinstance(value, bool):
        raise UnreadableFact(Text(f"“{value}”不是数", f"{value!r} is not a number"))
    try:  # a bare number is in the fact's own unit
        bare = value if isinstance(value, int | Decimal) else Decimal(str(value).strip().replace(",", ""))
        above, below = bare.as_integer_ratio()
        times, by = fact.scale
        kept, rest = divmod(above * times, below * by)
    except (InvalidOperation, ValueError, OverflowError):
        try:
            read = Quantity.parse(str(value))
        except UnitError as error:
            raise UnreadableFact(Text(f"“{value}”不是数", f"{value!r} is not a number")) from error
        if read.dimension != fact.dimension:
            raise UnreadableFact(
                Text(f"“{value}”的单位不是{fact.unit.zh or '无'}", f"{value!r} is not in {fact.unit.name}")
            ) from None
        whole = read.amount * step(fact.dimension)
        kept, rest = divmod(whole.numerator, whole.denominator)
    if rest:
        finest = _finest(fact.dimension)
        raise UnreadableFact(
            Text(f"“{value}”比这个事实记录的精度更细（{finest.zh}）",
                 f"{value} is finer than this fact is kept ({finest.en})")
        )  # fmt: skip
    return kept


def _finest(dimension: Dimension) -> Text:
    if dimension == (("yuan", 1),):
        return Text("0.01 元", "0.01 yuan")
    return Text("0.0001 平方米", "0.0001 m²") if dimension == (("m2", 1),) else Text("整数", "whole numbers")


_ENCODERS = {"truth": _truth, "choice": _choice, "date": _date, "number": _number}


@dataclass(frozen=True)
class Vocabulary:
    """All facts by name."""

    facts: Mapping[str, FactDeclaration]

    def __iter__(self) -> Iterator[FactDeclaration]:
        return iter(self.facts.values())

    def __contains__(self, name: object) -> bool:
        return name in self.facts

    def of(self, subject: Subject) -> list[FactDeclaration]:
        return [fact for fact in self if fact.subject == subject]

    def column(self, name: str, subject: Subject) -> FactDeclaration:
        """The fact of a column NAME or NAME@YEAR. Raises UnreadableFact, offering the nearest name."""
        stem, at, year = name.partition("@")
        fact = self.facts.get(stem)
        if fact is None or fact.subject != subject:
            hint = nearest(stem, [f.name for f in self.of(subject)])
            whose = Text("孵化机构", "an institution") if subject == "institution" else Text("企业", "a venture")
            said = Text(f"{whose.zh}没有叫“{stem}”的事实", f"no fact of {whose.en} is called {stem!r}")
            raise UnreadableFact(said.hinted(hint))
        if fact.is_yearly and not at:
            raise UnreadableFact(
                Text(f"{stem} 按年度记：写 {stem}@年份，如 {stem}@2025", f"{stem} is yearly: write {stem}@YEAR")
            )
        if at and not fact.is_yearly:
            raise UnreadableFact(Text(f"{stem} 不分年度", f"{stem} is not yearly"))
        if at and not (year.isdigit() and len(year) == 4):
            raise UnreadableFact(Text(f"{name} 的 @ 后面不是四位年份", f"{name!r} has no year of four digits after @"))
        return fact


def declare(name: str, raw: Mapping[str, object]) -> FactDeclaration:
    """A fact from its entry in vocabulary.yaml. Raises ValueError or KeyError naming what is wrong."""
    known = {"subject", "type", "unit", "zh", "en", "yearly", "choices", "smallest", "largest", "effort"}
    if strange := set(raw) - known:
        raise ValueError(f"unknown entry {sorted(strange)[0]!r}")
    subject: Subject = "venture" if raw["subject"] == "venture" else "institution"
    if raw["subject"] != subject:
        raise ValueError(f"subject {raw['subject']!r} is neither institution nor venture")
    kinds: dict[object, FactKind] = {"truth": "truth", "number": "number", "date": "date", "choice": "choice"}
    kind = kinds.get(raw["type"])
    if kind is None:
        raise ValueError(f"type {raw['type']!r} is none of {', '.join(_ENCODERS)}")
    shown = unit(str(raw.get("unit", "plain")))
    if (kind == "number") != ("unit" in raw):
        raise ValueError("a number needs a unit, and only a number has one")
    listed = raw.get("choices", {})
    assert isinstance(listed, Mapping)
    choices = tuple((str(code), str(pair["zh"]), str(pair["en"])) for code, pair in listed.items())
    smallest, largest = _bounds(kind, shown.dimension, len(choices))
    if "smallest" in raw:
        smallest = int(Quantity.parse(str(raw["smallest"])).steps)
    if "largest" in raw:
        largest = int(Quantity.parse(str(raw["largest"])).steps)
    return FactDeclaration(
        name, subject, kind, shown, str(raw["zh"]), str(raw["en"]),
        bool(raw.get("yearly", False)), choices, smallest, largest, int(str(raw.get("effort", 5))),
    )  # fmt: skip


def _bounds(kind: str, dimension: Dimension, choices: int) -> tuple[int, int]:
    if kind == "truth":
        return 0, 1
    if kind == "choice":
        return 0, choices - 1
    if kind == "date":
        return FIRST_DAY, LAST_DAY
    base = dimension[0][0] if dimension != PLAIN else ""
    return 0, LARGEST.get(base, LARGEST_COUNT)
