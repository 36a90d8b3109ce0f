"""Statements: comparisons, choices, definitions, and what joins them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hatchline.core.rules.nodes.amounts import FactOf
from hatchline.core.rules.nodes.base import Node, Op, need, same_subject, words
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.vocabulary import Subject


@dataclass(frozen=True)
class Statement(Node):
    kind = "truth"

    @property
    def subject(self) -> Subject | None:
        return same_subject(*self.children)


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
        same_subject(left, right)
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
        need(self.fact, "choice", "the left side of 'in'")
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
        need(self.body, "truth", "a definition")

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.body,)


@dataclass(frozen=True)
class Negation(Statement):
    of: Node

    def __post_init__(self) -> None:
        need(self.of, "truth", "what 'not' stands before")

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
            need(item, "truth", "each alternative")
        if not 1 <= self.least <= len(self.items):
            raise Misuse("bad_count", f"at least {self.least} of {len(self.items)} makes no sense")
        same_subject(*self.items)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    @property
    def word(self) -> Literal["and", "or", "at least"]:
        if self.least == len(self.items):
            return "and"
        return "or" if self.least == 1 else "at least"
