"""The nodes of the expression language: frozen, typed, and checked when they are made.

A node that makes no sense cannot exist: comparing a percentage with an area, counting ventures by a fact of an
institution, or a division where only amounts are allowed raises `Misuse` on construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.vocabulary import FactDeclaration, Subject
from hatchline.core.values.quantity import PLAIN, Dimension, Quantity, multiply

Kind = Literal["truth", "number", "date", "choice"]
Op = Literal[">=", ">", "<=", "<", "="]
FIRM: Dimension = (("firm", 1),)
MONTH: Dimension = (("month", 1),)
POINT: Dimension = (("point", 1),)
FLIPPED: dict[Op, Op] = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


def words(dimension: Dimension) -> str:
    """A dimension for a message: "firm/m2", "%" for a plain ratio."""
    if dimension == PLAIN:
        return "a plain number or %"
    top = "·".join(base for base, power in dimension if power > 0) or "1"
    bottom = "·".join(base for base, power in dimension if power < 0)
    return f"{top}/{bottom}" if bottom else top


@dataclass(frozen=True)
class Node:
    """`kind` and `dimension` are the type; `subject` whom its facts are about (None: nobody, a constant)."""

    @property
    def kind(self) -> Kind:
        raise NotImplementedError

    @property
    def dimension(self) -> Dimension:
        return PLAIN

    @property
    def subject(self) -> Subject | None:
        return None

    @property
    def is_ratio(self) -> bool:
        """Whether it has a denominator that may be zero."""
        return False

    @property
    def is_constant(self) -> bool:
        """Whether it depends on parameters and the date alone."""
        return all(child.is_constant for child in self.children)

    @property
    def children(self) -> tuple[Node, ...]:
        return ()


def _same_subject(*nodes: Node) -> Subject | None:
    subjects = {node.subject for node in nodes} - {None}
    if len(subjects) > 1:
        raise Misuse("mixed_subjects", "facts of an institution and of a venture cannot be mixed here")
    return subjects.pop() if subjects else None


def _need(node: Node, kind: Kind, what: str) -> None:
    if node.kind != kind:
        raise Misuse("wrong_type", f"{what} must be a {kind}, not a {node.kind}")


def _need_amount(node: Node, what: str) -> None:
    _need(node, "number", what)
    if node.is_ratio:
        raise Misuse("ratio_inside", f"{what} may not be a ratio: a ratio can only be compared or put into bands")


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
        _need_amount(self.left, "a term")
        _need_amount(self.right, "a term")
        _same_subject(self.left, self.right)
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
        return _same_subject(self.left, self.right)

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Product(Node):
    """An amount times a constant."""

    left: Node
    right: Node

    def __post_init__(self) -> None:
        _need_amount(self.left, "a factor")
        _need_amount(self.right, "a factor")
        if not (self.left.is_constant or self.right.is_constant):
            raise Misuse("not_linear", "one side of a multiplication must be a parameter or a number")

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return multiply(self.left.dimension, self.right.dimension)

    @property
    def subject(self) -> Subject | None:
        return _same_subject(self.left, self.right)

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Ratio(Node):
    """left / right. With a denominator of zero it has no value, and no comparison with it is met."""

    left: Node
    right: Node

    def __post_init__(self) -> None:
        _need_amount(self.left, "a numerator")
        _need_amount(self.right, "a denominator")
        _same_subject(self.left, self.right)

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return multiply(self.left.dimension, self.right.dimension, -1)

    @property
    def subject(self) -> Subject | None:
        return _same_subject(self.left, self.right)

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
        _need(self.since, "date", "the first date")
        _need(self.until, "date", "the second date")

    kind = "number"

    @property
    def dimension(self) -> Dimension:
        return MONTH

    @property
    def subject(self) -> Subject | None:
        return _same_subject(self.since, self.until)

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
            _need_amount(item, "an amount")
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
        return _same_subject(*self.items)

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
        _need(self.of, "number", "what is put into bands")
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


# --- over the ventures of an institution ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Aggregate(Node):
    """Something about those ventures of the institution for which `where` holds."""

    where: Node

    def __post_init__(self) -> None:
        _need(self.where, "truth", "the condition")
        for child in self.children:
            if child.subject == "institution":
                raise Misuse("mixed_subjects", "over ventures only facts of a venture can be used")

    kind = "number"

    @property
    def subject(self) -> Subject | None:
        return "institution"

    @property
    def is_constant(self) -> bool:
        return False

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.where,)


@dataclass(frozen=True)
class Count(Aggregate):
    @property
    def dimension(self) -> Dimension:
        return FIRM


@dataclass(frozen=True)
class Total(Aggregate):
    """The sum of `of` over those ventures."""

    of: Node

    def __post_init__(self) -> None:
        super().__post_init__()
        _need_amount(self.of, "what is summed")

    @property
    def dimension(self) -> Dimension:
        return self.of.dimension

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.where, self.of)


@dataclass(frozen=True)
class Share(Aggregate):
    """How many of those ventures also meet `also`, divided by how many they are."""

    also: Node

    def __post_init__(self) -> None:
        super().__post_init__()
        _need(self.also, "truth", "the second condition")

    @property
    def is_ratio(self) -> bool:
        return True

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.where, self.also)


@dataclass(frozen=True)
class Portion(Aggregate):
    """The sum of `part` over those ventures divided by the sum of `whole`."""

    part: Node
    whole: Node

    def __post_init__(self) -> None:
        super().__post_init__()
        for side in (self.part, self.whole):
            if not isinstance(side, FactOf) or side.kind != "number" or side.fact.smallest < 0:
                raise Misuse("wrong_type", "a portion is of one fact in another, neither negative")

    @property
    def dimension(self) -> Dimension:
        return multiply(self.part.dimension, self.whole.dimension, -1)

    @property
    def is_ratio(self) -> bool:
        return True

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.where, self.part, self.whole)


@dataclass(frozen=True)
class Peak(Aggregate):
    """The largest (or smallest) `of` among those ventures; of nobody it has no value."""

    of: Node
    largest: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        _need_amount(self.of, "what is compared")

    @property
    def dimension(self) -> Dimension:
        return self.of.dimension

    @property
    def is_ratio(self) -> bool:
        return True

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.where, self.of)


# --- statements ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement(Node):
    kind = "truth"

    @property
    def subject(self) -> Subject | None:
        return _same_subject(*self.children)


@dataclass(frozen=True)
class Always(Statement):
    value: bool


@dataclass(frozen=True)
class Compare(Statement):
    left: Node
    op: Op
    right: Node

    def __post_init__(self) -> None:
        left, right = self.left, self.right
        if left.kind not in ("number", "date") or left.kind != right.kind:
            raise Misuse("wrong_type", f"a {left.kind} cannot be compared with a {right.kind}")
        if left.dimension != right.dimension:
            raise Misuse("wrong_unit", f"{words(left.dimension)} cannot be compared with {words(right.dimension)}")
        _same_subject(left, right)
        if right.is_ratio or (left.is_ratio and not right.is_constant):
            raise Misuse("ratio_inside", "a ratio stands on the left and is compared with a parameter or a number")
        if left.is_ratio and self.op == "=":
            raise Misuse("ratio_equal", "a ratio cannot be compared with =")

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Among(Statement):
    """A choice is one of several."""

    fact: FactOf
    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        _need(self.fact, "choice", "the left side of 'in'")
        for code in self.codes:
            if code not in self.fact.fact.codes:
                raise Misuse("unknown_choice", f"{code!r} is no choice of {self.fact.fact.name}",
                             f"one of {', '.join(self.fact.fact.codes)}")  # fmt: skip

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.fact,)


@dataclass(frozen=True)
class Defined(Statement):
    """A definition of the document, by name (who is a tenant)."""

    name: str
    body: Node

    def __post_init__(self) -> None:
        _need(self.body, "truth", "a definition")

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.body,)


@dataclass(frozen=True)
class Negation(Statement):
    of: Node

    def __post_init__(self) -> None:
        _need(self.of, "truth", "what 'not' stands before")

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Several(Statement):
    """At least `least` of the items; all of them is "and", one of them is "or"."""

    items: tuple[Node, ...]
    least: int

    def __post_init__(self) -> None:
        for item in self.items:
            _need(item, "truth", "each alternative")
        if not 1 <= self.least <= len(self.items):
            raise Misuse("bad_count", f"at least {self.least} of {len(self.items)} makes no sense")
        _same_subject(*self.items)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    @property
    def word(self) -> Literal["and", "or", "at least"]:
        if self.least == len(self.items):
            return "and"
        return "or" if self.least == 1 else "at least"


def walk(node: Node) -> list[Node]:
    """The node and everything beneath it, definitions opened."""
    found = [node]
    for child in node.children:
        found.extend(walk(child))
    return found
