"""Amounts and dates: figures, facts, and what can be reckoned from them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hatchline.core.rules.nodes.base import MONTH, POINT, Kind, Node, Op, need, need_amount, same_subject, words
from hatchline.core.rules.problems import Misuse
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
        if self.fact.is_yearly and self.year is None:
            raise Misuse("needs_year", f"{self.fact.name} is yearly: write {self.fact.name}@-1 for last year")
        if not self.fact.is_yearly and self.year is not None:
            raise Misuse("no_year", f"{self.fact.name} is not yearly")
        if self.year is not None and self.year > 0:
            raise Misuse("future_year", f"{self.fact.name}@{self.year} lies in the future")

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
        need_amount(self.left, "a term")
        need_amount(self.right, "a term")
        same_subject(self.left, self.right)
        if self.left.dimension != self.right.dimension:
            raise Misuse(
                "wrong_unit", f"{words(self.left.dimension)} and {words(self.right.dimension)} cannot be added"
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
        need_amount(self.left, "a factor")
        need_amount(self.right, "a factor")
        if not (self.left.is_constant or self.right.is_constant):
            raise Misuse("not_linear", "one side of a multiplication must be a parameter or a number")

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
        need_amount(self.left, "a numerator")
        need_amount(self.right, "a denominator")
        if isinstance(self.right, Number) and not self.right.quantity.amount:
            raise Misuse("divides_by_nothing", "nothing can be divided by 0")
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
        need(self.since, "date", "the first date")
        need(self.until, "date", "the second date")

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
            raise Misuse("no_year", f"{self.fact.name} is not a yearly amount")
        if not self.first <= self.last <= 0:
            raise Misuse("bad_years", f"@{self.first}..{self.last} is not a run of past years")
        if self.run is not None and not 1 <= self.run <= self.last - self.first + 1:
            raise Misuse("bad_years", f"{self.run} years do not fit into @{self.first}..{self.last}")

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
            raise Misuse("too_few", "greatest and least need at least two amounts")
        for item in self.items:
            need_amount(item, "an amount")
            if item.dimension != self.items[0].dimension:
                raise Misuse(
                    "wrong_unit", f"{words(self.items[0].dimension)} and {words(item.dimension)} cannot be compared"
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
        need(self.of, "number", "what is put into bands")
        if self.op == "=" or not self.steps:
            raise Misuse("bad_bands", "bands need thresholds with >=, >, <= or <")
        for threshold, _points in self.steps:
            if not threshold.is_constant or threshold.dimension != self.of.dimension:
                raise Misuse("wrong_unit", f"a band's threshold must be a constant in {words(self.of.dimension)}")
        points = [points for _threshold, points in self.steps] + [self.otherwise]
        if points != sorted(points, reverse=True):
            raise Misuse("bad_bands", "bands must fall from the best to the worst")

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
