"""Statements: comparisons, choices, definitions, and what joins them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hatchline.core.rules.nodes.amounts import FactOf
from hatchline.core.rules.nodes.base import KINDS, Node, Op, need, same_subject, words
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.texts import Text
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
            one, other = KINDS[left.kind], KINDS[right.kind]
            raise Misuse(
                "wrong_type",
                Text(f"{one.zh}不能和{other.zh}比较", f"a {one.en} cannot be compared with a {other.en}"),
            )
        if left.dimension != right.dimension:
            one, other = words(left.dimension), words(right.dimension)
            raise Misuse(
                "wrong_unit",
                Text(f"左边的单位是{one.zh}，右边是{other.zh}，不能比较",
                     f"{one.en} cannot be compared with {other.en}"),
            )  # fmt: skip
        same_subject(left, right)
        if right.is_ratio or (left.is_ratio and not right.is_constant):
            raise Misuse(
                "ratio_inside",
                Text("比例要写在左边，右边是参数或数",
                     "a ratio stands on the left and is compared with a parameter or a number"),
            )  # fmt: skip
        if left.is_ratio and self.op == "=":
            raise Misuse("ratio_equal", Text("比例不能用 = 比较", "a ratio cannot be compared with ="))

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Among(Statement):
    """A choice is one of several."""

    fact: FactOf
    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        need(self.fact, "choice", Text("in 的左边", "the left side of 'in'"))
        for code in self.codes:
            if code not in self.fact.fact.codes:
                name, codes = self.fact.fact.name, ", ".join(self.fact.fact.codes)
                raise Misuse(
                    "unknown_choice", Text(f"{name} 没有选项“{code}”", f"{code!r} is no choice of {name}"),
                    Text(f"可以写 {codes}", f"one of {codes}"),
                )  # fmt: skip

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.fact,)


@dataclass(frozen=True)
class Defined(Statement):
    """A definition of the document, by name (who is a tenant)."""

    name: str
    body: Node

    def __post_init__(self) -> None:
        need(self.body, "truth", Text("定义", "a definition"))

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.body,)


@dataclass(frozen=True)
class Negation(Statement):
    of: Node

    def __post_init__(self) -> None:
        need(self.of, "truth", Text("not 后面", "what 'not' stands before"))

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
            need(item, "truth", Text("每一项", "each alternative"))
        if not 1 <= self.least <= len(self.items):
            many = len(self.items)
            raise Misuse(
                "bad_count",
                Text(f"{many} 项里不能要求至少 {self.least} 项", f"at least {self.least} of {many} makes no sense"),
            )
        same_subject(*self.items)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    @property
    def word(self) -> Literal["and", "or", "at least"]:
        if self.least == len(self.items):
            return "and"
        return "or" if self.least == 1 else "at least"
