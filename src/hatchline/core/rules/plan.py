"""The plan: a bound document as whole numbers. Every reading evaluates this and nothing else.

Amounts are linear: a constant and integer multiples of terms. A statement is `lin >= 0` or is made of such statements.
Evaluated, an amount is an interval and a statement a pair: *certain* (true in every completion of the unknown facts)
and *possible* (true in some). All nodes are frozen and hashable, so that equal parts are reckoned once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import TypeAlias, TypeVar, dataclass_transform

Node = TypeVar("Node")


@dataclass_transform(frozen_default=True)
def node(kind: type[Node]) -> type[Node]:
    """A frozen dataclass that reckons its hash once: plans are deep, and every engine looks parts up by value."""
    made = dataclass(frozen=True)(kind)
    reckoned: Callable[[object], int] = made.__hash__

    def hashed(self: object) -> int:
        known = self.__dict__.get("_hash")
        if known is None:
            known = self.__dict__["_hash"] = reckoned(self)
        return int(known)

    made.__hash__ = hashed  # type: ignore[method-assign]
    return made


@node
class Slot:
    """A fact of the subject (column NAME or NAME@YEAR) with the bounds of what it may be when unknown."""

    name: str
    smallest: int
    largest: int


@node
class Linear:
    """constant + Σ coefficient × term."""

    constant: int
    terms: tuple[tuple[int, Term], ...] = ()

    def negated(self, shift: int = 0) -> Linear:
        return Linear(shift - self.constant, tuple((-c, t) for c, t in self.terms))


@node
class CountOf:
    """How many members meet the condition."""

    condition: Formula


@node
class SumOf:
    """The sum of an amount over the members that meet the condition."""

    condition: Formula
    amount: Linear


@node
class Highest:
    """The largest of several amounts."""

    items: tuple[Linear, ...]


@node
class Steps:
    """The points of the first test that holds; points fall from test to test."""

    tests: tuple[tuple[Formula, int], ...]
    otherwise: int


Term: TypeAlias = Slot | CountOf | SumOf | Highest | Steps


@node
class Fixed:
    value: bool


@node
class Positive:
    """lin >= 0."""

    lin: Linear


@node
class Quotient:
    """lin >= 0 and denominator > 0: a ratio compared by cross-multiplication; no denominator, not met."""

    lin: Linear
    denominator: Linear


@node
class OneOf:
    """A choice is among the codes; `codes` are places in the fact's list, `every` how many there are."""

    slot: Slot
    codes: tuple[int, ...]


@node
class Not:
    """The complement: true exactly where the other is false."""

    of: Formula


@node
class All:
    items: tuple[Formula, ...]


@node
class Any:
    items: tuple[Formula, ...]


@node
class AtLeast:
    count: int
    items: tuple[Formula, ...]


@node
class ShareTest:
    """sign × (below × yes − above × all) ≥ strict, and there is somebody: a share of members against above/below.

    `yes`: in and counted; `no`: in and not counted; `out`: not in. Each is exact for one member by itself.
    """

    out: Formula
    yes: Formula
    no: Formula
    above: int
    below: int
    sign: int
    strict: int


@node
class PortionTest:
    """sign × (below × Σ part − above × Σ whole) ≥ strict over the members meeting `condition`, and Σ whole > 0."""

    condition: Formula
    part: Slot
    whole: Slot
    above: int
    below: int
    sign: int
    strict: int


@node
class Split:
    """A statement in which one fact pulls both ways. Known: `body`. Unknown: judged at every value of the fact that
    could make a difference, each put into the statement (`branches`)."""

    slot: Slot
    body: Formula
    branches: tuple[Formula, ...]


@node
class Choose:
    """What holds depends on which case applies; the guards exclude each other and cover everything."""

    branches: tuple[tuple[Formula, Formula], ...]


Formula: TypeAlias = (
    Fixed | Positive | Quotient | OneOf | Not | All | Any | AtLeast | ShareTest | PortionTest | Split | Choose
)
TRUE, FALSE = Fixed(True), Fixed(False)


def every(items: Iterable[Formula]) -> Formula:
    """All of them, with what is certain left out."""
    kept = tuple(item for item in items if item != TRUE)
    if FALSE in kept:
        return FALSE
    return TRUE if not kept else kept[0] if len(kept) == 1 else All(kept)


def some(items: Iterable[Formula]) -> Formula:
    kept = tuple(item for item in items if item != FALSE)
    if TRUE in kept:
        return TRUE
    return FALSE if not kept else kept[0] if len(kept) == 1 else Any(kept)


def opposite(formula: Formula) -> Formula:
    if isinstance(formula, Fixed):
        return Fixed(not formula.value)
    return formula.of if isinstance(formula, Not) else Not(formula)


@node
class Exact:
    """A linear amount with fractions, before it is made whole."""

    constant: Fraction
    terms: tuple[tuple[Fraction, Term], ...] = ()

    def plus(self, other: Exact, factor: Fraction = Fraction(1)) -> Exact:
        found: dict[Term, Fraction] = {term: c for c, term in self.terms}
        for c, term in other.terms:
            found[term] = found.get(term, Fraction(0)) + c * factor
        kept = tuple((c, term) for term, c in found.items() if c)
        return Exact(self.constant + factor * other.constant, kept)

    def times(self, factor: Fraction) -> Exact:
        return Exact(Fraction(0)).plus(self, factor)

    def whole(self) -> tuple[Linear, int]:
        """The smallest whole-number multiple, and the factor it was multiplied with."""
        parts = [self.constant, *(c for c, _ in self.terms)]
        many = 1
        for part in parts:
            many = many * part.denominator // gcd(many, part.denominator)
        lin = Linear(int(self.constant * many), tuple((int(c * many), term) for c, term in self.terms))
        return lin, many


@node
class Judgement:
    """One criterion of a plan: when it applies, what it requires (already true where it does not apply)."""

    name: str
    applies: Formula
    requirement: Formula


@node
class Plan:
    """A document bound to a day: its criteria and the statement over them that decides the whole."""

    document: str
    subject: str
    judgements: tuple[Judgement, ...]
    overall: Formula  # over Slots named after criteria, each 0 or 1


def slots_of(parts: Iterable[object], skip: tuple[type, ...] = ()) -> list[Slot]:
    """The facts that these statements and amounts use, by name; parts of the skipped kinds are not looked into."""
    found: dict[Slot, None] = {}
    seen: set[object] = set()
    waiting: list[object] = list(parts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Slot):
            found[part] = None
        elif isinstance(part, skip):
            continue
        elif isinstance(part, tuple):
            waiting.extend(part)
        elif hasattr(part, "__dataclass_fields__") and part not in seen:
            seen.add(part)
            waiting.extend(getattr(part, name) for name in part.__dataclass_fields__)
    return sorted(found, key=lambda slot: slot.name)
