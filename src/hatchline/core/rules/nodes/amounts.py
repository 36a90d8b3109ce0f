"""Amounts and dates: figures, facts, and what can be reckoned from them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hatchline.core.rules.nodes.base import MONTH, POINT, Kind, Node, Op, need, need_amount, same_subject, words
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.texts import Text
from hatchline.core.rules.vocabulary import FactDeclaration, Subject
from hatchline.core.values.quantity import Dimension, Quantity, multiply


@dataclass(frozen=True)
class Number(Node):
    quantity: Quantity

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return self.quantity.dimension


@dataclass(frozen=True)
class Day(Node):
    """A date; `number` None is the day of evaluation."""

    number: int | None

    kind = "date"


@dataclass(frozen=True)
class Parameter(Node):
    """A parameter of the document by name; its value is known when the plan is made."""

    name: str
    of: Dimension

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return self.of


@dataclass(frozen=True)
class FactOf(Node):
    """A fact of the subject; `year` counts from the year of evaluation (-1: last year), only for yearly facts."""

    fact: FactDeclaration
    year: int | None = None

    def __post_init__(self) -> None:
        name = self.fact.name
        if self.fact.is_yearly and self.year is None:
            raise Misuse(
                "needs_year",
                Text(f"{name} 按年度记：写 {name}@-1 表示上一年", f"{name} is yearly: write {name}@-1 for last year"),
            )
        if not self.fact.is_yearly and self.year is not None:
            raise Misuse("no_year", Text(f"{name} 不分年度", f"{name} is not yearly"))
        if self.year is not None and self.year > 0:
            raise Misuse(
                "future_year", Text(f"{name}@{self.year} 在评价日之后", f"{name}@{self.year} lies in the future")
            )

    @property
    def kind(self) -> Kind:
        return self.fact.kind

    @property
    def dimension(self) -> Dimension:
        return self.fact.dimension

    @property
    def subject(self) -> Subject | None:
        return self.fact.subject

    @property
    def is_constant(self) -> bool:
        return False


@dataclass(frozen=True)
class Sum(Node):
    """left + right, or left - right."""

    left: Node
    right: Node
    sign: Literal[1, -1] = 1

    def __post_init__(self) -> None:
        need_amount(self.left, Text("加减的一项", "a term"))
        need_amount(self.right, Text("加减的一项", "a term"))
        same_subject(self.left, self.right)
        if self.left.dimension != self.right.dimension:
            one, other = words(self.left.dimension), words(self.right.dimension)
            raise Misuse(
                "wrong_unit",
                Text(f"{one.zh} 和 {other.zh} 不能相加减", f"{one.en} and {other.en} cannot be added"),
            )

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return self.left.dimension

    @property
    def subject(self) -> Subject | None:
        return same_subject(self.left, self.right)

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Product(Node):
    """An amount times a constant."""

    left: Node
    right: Node

    def __post_init__(self) -> None:
        need_amount(self.left, Text("相乘的一项", "a factor"))
        need_amount(self.right, Text("相乘的一项", "a factor"))
        if not (self.left.is_constant or self.right.is_constant):
            raise Misuse(
                "not_linear",
                Text("相乘的两边必须有一边是参数或数",
                     "one side of a multiplication must be a parameter or a number"),
            )  # fmt: skip

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return multiply(self.left.dimension, self.right.dimension)

    @property
    def subject(self) -> Subject | None:
        return same_subject(self.left, self.right)

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Ratio(Node):
    """left / right. With a denominator of zero it has no value, and no comparison with it is met."""

    left: Node
    right: Node

    def __post_init__(self) -> None:
        need_amount(self.left, Text("分子", "a numerator"))
        need_amount(self.right, Text("分母", "a denominator"))
        if isinstance(self.right, Number) and not self.right.quantity.amount:
            raise Misuse("divides_by_nothing", Text("不能除以 0", "nothing can be divided by 0"))
        same_subject(self.left, self.right)

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return multiply(self.left.dimension, self.right.dimension, -1)

    @property
    def subject(self) -> Subject | None:
        return same_subject(self.left, self.right)

    @property
    def is_ratio(self) -> bool:
        return not self.right.is_constant

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Months(Node):
    """The time from one date to another, exact to the day."""

    since: Node
    until: Node

    def __post_init__(self) -> None:
        need(self.since, "date", Text("前一个日期", "the first date"))
        need(self.until, "date", Text("后一个日期", "the second date"))

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return MONTH

    @property
    def subject(self) -> Subject | None:
        return same_subject(self.since, self.until)

    @property
    def is_constant(self) -> bool:
        return self.since.is_constant and self.until.is_constant

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.since, self.until)


@dataclass(frozen=True)
class Years(Node):
    """A yearly amount over the years `first`..`last`: all of them added, or the best `run` consecutive years."""

    fact: FactDeclaration
    first: int
    last: int
    run: int | None = None

    def __post_init__(self) -> None:
        if not self.fact.is_yearly or self.fact.kind != "number":
            raise Misuse(
                "no_year", Text(f"{self.fact.name} 不是按年度记的数", f"{self.fact.name} is not a yearly amount")
            )
        years = f"@{self.first}..{self.last}"
        if not self.first <= self.last <= 0:
            raise Misuse("bad_years", Text(f"{years} 不是过去连续的年度", f"{years} is not a run of past years"))
        if self.run is not None and not 1 <= self.run <= self.last - self.first + 1:
            raise Misuse(
                "bad_years", Text(f"{years} 里放不下 {self.run} 年", f"{self.run} years do not fit into {years}")
            )

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return self.fact.dimension

    @property
    def subject(self) -> Subject | None:
        return self.fact.subject

    @property
    def is_constant(self) -> bool:
        return False

    def runs(self) -> list[list[FactOf]]:
        """The sums it chooses the largest of, each as its terms."""
        length = self.run or self.last - self.first + 1
        starts = range(self.first, self.last - length + 2)
        return [[FactOf(self.fact, year) for year in range(start, start + length)] for start in starts]


@dataclass(frozen=True)
class Extremum(Node):
    """The largest or the smallest of several amounts."""

    items: tuple[Node, ...]
    largest: bool

    def __post_init__(self) -> None:
        if len(self.items) < 2:
            raise Misuse(
                "too_few",
                Text("greatest 和 least 至少要两项", "greatest and least need at least two amounts"),
            )
        for item in self.items:
            need_amount(item, Text("每一项", "an amount"))
            if item.dimension != self.items[0].dimension:
                one, other = words(self.items[0].dimension), words(item.dimension)
                raise Misuse(
                    "wrong_unit",
                    Text(f"{one.zh} 和 {other.zh} 不能比较", f"{one.en} and {other.en} cannot be compared"),
                )

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return self.items[0].dimension

    @property
    def subject(self) -> Subject | None:
        return same_subject(*self.items)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True)
class Bands(Node):
    """Points by band: the first threshold that `of` reaches (or stays under) gives its points."""

    of: Node
    op: Op
    steps: tuple[tuple[Node, Fraction], ...]
    otherwise: Fraction

    def __post_init__(self) -> None:
        need(self.of, "number", Text("分档的量", "what is put into bands"))
        if self.op == "=" or not self.steps:
            raise Misuse(
                "bad_bands",
                Text("分档要用 >=、>、<= 或 < 写出各档界限", "bands need thresholds with >=, >, <= or <"),
            )
        for threshold, _points in self.steps:
            if not threshold.is_constant or threshold.dimension != self.of.dimension:
                unit = words(self.of.dimension)
                raise Misuse(
                    "wrong_unit",
                    Text(f"每一档的界限必须是固定的数，单位是{unit.zh}",
                         f"a band's threshold must be a constant in {unit.en}"),
                )  # fmt: skip
        points = [points for _threshold, points in self.steps] + [self.otherwise]
        if points != sorted(points, reverse=True):
            raise Misuse("bad_bands", Text("各档要从高分写到低分", "bands must fall from the best to the worst"))

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return POINT

    @property
    def subject(self) -> Subject | None:
        return self.of.subject

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.of, *(threshold for threshold, _ in self.steps))
