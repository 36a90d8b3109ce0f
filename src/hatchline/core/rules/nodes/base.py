"""What every node has: a type, whom it is about, what is beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.vocabulary import Subject
from hatchline.core.values.quantity import PLAIN, Dimension

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


def same_subject(*nodes: Node) -> Subject | None:
    subjects = {node.subject for node in nodes} - {None}
    if len(subjects) > 1:
        raise Misuse("mixed_subjects", "facts of an institution and of a venture cannot be mixed here")
    return subjects.pop() if subjects else None


def need(node: Node, kind: Kind, what: str) -> None:
    if node.kind != kind:
        raise Misuse("wrong_type", f"{what} must be a {kind}, not a {node.kind}")


def need_amount(node: Node, what: str) -> None:
    need(node, "number", what)
    if node.is_ratio:
        raise Misuse("ratio_inside", f"{what} may not be a ratio: a ratio can only be compared or put into bands")


def walk(node: Node) -> list[Node]:
    """The node and everything beneath it, definitions opened."""
    found = [node]
    for child in node.children:
        found.extend(walk(child))
    return found
