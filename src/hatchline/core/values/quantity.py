"""Numbers with their units, exactly: amounts are fractions of base units, so nothing is ever rounded on the way.

A unit is a power product of bases (money, area, time, persons, firms, …) and a factor: 万元 is 10,000 yuan, "firms per
1000 m2" is 1/1000 of a firm per square metre. Two amounts may be compared only when their bases agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

Dimension = tuple[tuple[str, int], ...]
PLAIN: Dimension = ()

# One step of the integers in which facts of a base are kept: 分 for money, cm² for area, 1/31 of a month for time
# (so that a month's days keep their order), whole ones for everything that is counted.
STEPS: dict[str, int] = {"yuan": 100, "m2": 10_000, "month": 31}


class UnitError(ValueError):
    """A unit nobody declared, or two that do not go together."""


@dataclass(frozen=True)
class Unit:
    """A name, its bases and how many of them one is; `zh` and `en` are what a reader sees."""

    name: str
    dimension: Dimension
    factor: Fraction
    zh: str
    en: str


def _unit(name: str, base: str | None, factor: int | Fraction, zh: str, en: str) -> Unit:
    return Unit(name, ((base, 1),) if base else PLAIN, Fraction(factor), zh, en)


_DECLARED = (
    _unit("yuan", "yuan", 1, "元", "yuan"),
    _unit("qianyuan", "yuan", 1_000, "千元", "thousand yuan"),
    _unit("wanyuan", "yuan", 10_000, "万元", "×10⁴ yuan"),
    _unit("yiyuan", "yuan", 100_000_000, "亿元", "×10⁸ yuan"),
    _unit("m2", "m2", 1, "平方米", "m²"),
    _unit("month", "month", 1, "个月", "months"),
    _unit("year", "month", 12, "年", "years"),
    _unit("person", "person", 1, "人", "persons"),
    _unit("firm", "firm", 1, "家", "firms"),
    _unit("case", "case", 1, "个", "cases"),
    _unit("item", "item", 1, "项", "items"),
    _unit("event", "event", 1, "次", "times"),
    _unit("desk", "desk", 1, "个工位", "desks"),
    _unit("point", "point", 1, "分", "points"),
    _unit("%", None, Fraction(1, 100), "%", "%"),
    _unit("plain", None, 1, "", ""),
)
TEN_THOUSANDS = frozenset({"wanyuan", "yiyuan"})  # English does not count by them: their amounts are told in yuan
UNITS: dict[str, Unit] = {u.name: u for u in _DECLARED}
ALIASES: dict[str, str] = {
    "元": "yuan", "千元": "qianyuan", "万元": "wanyuan", "亿元": "yiyuan", "平方米": "m2", "m²": "m2", "㎡": "m2",
    "月": "month", "个月": "month", "months": "month", "年": "year", "years": "year",
    "人": "person", "persons": "person",
    "家": "firm", "firms": "firm", "个": "case", "cases": "case", "项": "item", "items": "item", "次": "event",
    "events": "event", "times": "event", "工位": "desk", "desks": "desk", "分": "point", "points": "point",
}  # fmt: skip

_AMOUNT = re.compile(r"^\s*(-?[\d,]*\.?\d+)\s*(.*?)\s*$")
_PER = re.compile(r"^\s*([\d,]*\.?\d+)?\s*(.+?)\s*$")


def multiply(a: Dimension, b: Dimension, sign: int = 1) -> Dimension:
    """The bases of a product (`sign` 1) or a quotient (`sign` -1)."""
    powers = dict(a)
    for base, power in b:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


@lru_cache(maxsize=1024)
def unit(name: str) -> Unit:
    """The unit called `name` ("m2", "万元", "firm/1000 m2"). Raises UnitError for one nobody declared."""
    name = name.strip()
    top, slash, bottom = name.partition("/")
    if not slash:
        found = UNITS.get(ALIASES.get(name, name))
        if found is None:
            raise UnitError(name)
        return found
    read = _PER.match(bottom)
    if not read:
        raise UnitError(name)
    above, below = unit(top), unit(read[2])
    many = Fraction(read[1].replace(",", "")) if read[1] else Fraction(1)
    shown = f"{many.numerator:,} " if many != 1 else ""
    return Unit(
        name,
        multiply(above.dimension, below.dimension, -1),
        above.factor / (many * below.factor),
        f"{above.zh}/{shown}{below.zh}",
        f"{above.en} per {shown}{below.en}",
    )


@lru_cache(maxsize=256)
def step(dimension: Dimension) -> Fraction:
    """How many integer steps one base unit of this dimension is kept in."""
    result = Fraction(1)
    for base, power in dimension:
        result *= Fraction(STEPS.get(base, 1)) ** power
    return result


def written(value: Fraction, places: int = 4) -> str:
    """A fraction as a person writes it: thousands separated, at most `places` decimals, no trailing zeros."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    shown = f"{Decimal(value.numerator) / Decimal(value.denominator):,.{places}f}"
    return shown.rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Quantity:
    """`amount` in base units (yuan, m², months, persons, …) and the unit it was written in."""

    amount: Fraction
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """Read "500 万元", "75 %", "1 person/10 firm". Raises UnitError when it is not a number with a known unit."""
        read = _AMOUNT.match(str(text))
        if not read:
            raise UnitError(f"not a number with a unit: {text!r}")
        found = unit(read[2]) if read[2] else UNITS["plain"]
        return cls(Fraction(read[1].replace(",", "")) * found.factor, found)

    @property
    def dimension(self) -> Dimension:
        return self.unit.dimension

    @property
    def steps(self) -> Fraction:
        """In the integer steps facts of this dimension are kept in; whole for every amount a fact may have."""
        return self.amount * step(self.dimension)

    def scaled(self, factor: Fraction) -> Quantity:
        return Quantity(self.amount * factor, self.unit)

    def text(self, language: str = "zh", places: int = 4) -> str:
        """As written in its own unit: "10,000 平方米", "75 %", with so many decimals at most."""
        unit = UNITS["yuan"] if language == "en" and self.unit.name in TEN_THOUSANDS else self.unit
        name = unit.en if language == "en" else unit.zh
        shown = written(self.amount / unit.factor, places)
        if language == "en" and shown == "1":
            head, per, rest = name.partition(" per ")
            name = f"{head.removesuffix('s')}{per}{rest}"
        return f"{shown} {name}".strip()
