"""What every node has: a type, whom it is about, what is beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.texts import Text
from hatchline.core.rules.vocabulary import Subject
from hatchline.core.values.quantity import PLAIN, UNITS, Dimension

Kind = Literal["truth", "number", "date", "choice"]
Op = Literal[">=", ">", "<=", "<", "="]
FIRM: Dimension = (("firm", 1),)
MONTH: Dimension = (("month", 1),)
POINT: Dimension = (("point", 1),)
FLIPPED: dict[Op, Op] = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


KINDS = {
    "truth": Text("条件", "condition"), "number": Text("数", "number"), "date": Text("日期", "date"),
    "choice": Text("选项", "choice"),
}  # fmt: skip
SUBJECTS = {"institution": Text("孵化机构", "institution"), "venture": Text("企业", "venture")}


def words(dimension: Dimension) -> Text:
    """A dimension for a message: "家/平方米" and "firm/m2", "%" for a plain ratio."""
    if dimension == PLAIN:
        return Text("不带单位的数或 %", "a plain number or %")

    def written(names: dict[str, str]) -> str:
        top = "·".join(names[base] for base, power in dimension if power > 0) or "1"
        bottom = "·".join(names[base] for base, power in dimension if power < 0)
        return f"{top}/{bottom}" if bottom else top

    bases = [base for base, _power in dimension]
    return Text(written({base: UNITS[base].zh for base in bases}), written({base: base for base in bases}))


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
        raise Misuse(
            "mixed_subjects",
            Text(
                "这里不能把机构的事实和企业的事实混在一起",
                "facts of an institution and of a venture cannot be mixed here",
            ),
        )
    return subjects.pop() if subjects else None


def need(node: Node, kind: Kind, what: Text) -> None:
    if node.kind != kind:
        wanted, found = KINDS[kind], KINDS[node.kind]
        raise Misuse(
            "wrong_type",
            Text(f"{what.zh}必须是{wanted.zh}，不能是{found.zh}", f"{what.en} must be a {wanted.en}, not a {found.en}"),
        )


def need_amount(node: Node, what: Text) -> None:
    need(node, "number", what)
    if node.is_ratio:
        raise Misuse(
            "ratio_inside",
            Text(f"{what.zh}不能是比例：比例只能拿来比较或分档",
                 f"{what.en} may not be a ratio: a ratio can only be compared or put into bands"),
        )  # fmt: skip


def walk(node: Node) -> list[Node]:
    """The node and everything beneath it, definitions opened."""
    found = [node]
    for child in node.children:
        found.extend(walk(child))
    return found
