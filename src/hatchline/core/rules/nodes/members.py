"""Amounts over the ventures of an institution."""

from __future__ import annotations

from dataclasses import dataclass

from hatchline.core.rules.nodes.amounts import FactOf
from hatchline.core.rules.nodes.base import FIRM, Node, need, need_amount
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.texts import Text
from hatchline.core.rules.vocabulary import Subject
from hatchline.core.values.quantity import Dimension, multiply


@dataclass(frozen=True)
class Aggregate(Node):
    """Something about those ventures of the institution for which `where` holds."""

    where: Node

    def __post_init__(self) -> None:
        need(self.where, "truth", Text("条件", "the condition"))
        for child in self.children:
            if child.subject == "institution":
                raise Misuse(
                    "mixed_subjects",
                    Text("统计企业时只能用企业的事实", "over ventures only facts of a venture can be used"),
                )

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
        need_amount(self.of, Text("相加的量", "what is summed"))

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
        need(self.also, "truth", Text("第二个条件", "the second condition"))

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
                raise Misuse(
                    "wrong_type",
                    Text("portion 的两边都是一个不会为负的数值事实",
                         "a portion is of one fact in another, neither negative"),
                )  # fmt: skip

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
        need_amount(self.of, Text("比较的量", "what is compared"))

    @property
    def dimension(self) -> Dimension:
        return self.of.dimension

    @property
    def is_ratio(self) -> bool:
        return True

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.where, self.of)
