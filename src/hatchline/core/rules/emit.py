"""Statements written out as lines of plain Python over whole numbers, for one subject at a time.

The lines run as they are and, compiled by Numba, as the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from hatchline.core.rules.plan import (
    All,
    Any,
    AtLeast,
    Choose,
    CountOf,
    Fixed,
    Formula,
    Highest,
    Linear,
    Not,
    OneOf,
    Plan,
    PortionTest,
    Positive,
    Quotient,
    ShareTest,
    Slot,
    Split,
    Steps,
    SumOf,
    Term,
)  # fmt: skip
from hatchline.core.rules.reckon import NO_COST
from hatchline.core.rules.vector import share_key

Aggregate = CountOf | SumOf | ShareTest | PortionTest
FIGURES = {CountOf: 2, SumOf: 2, ShareTest: 5, PortionTest: 6}


def aggregates_of(formulas: Iterable[Formula]) -> list[Aggregate]:
    """Every aggregate the statements rest on, each once; shares without what they are compared with."""
    found: dict[Aggregate, None] = {}
    waiting: list[Formula | Term] = list(formulas)
    while waiting:
        match waiting.pop():
            case ShareTest() as test:
                found[share_key(test)] = None
            case (PortionTest() | CountOf() | SumOf()) as part:
                found[part] = None
            case Positive(lin):
                waiting.extend(term for _, term in lin.terms)
            case Quotient(lin, denominator):
                waiting.extend(term for _, term in (*lin.terms, *denominator.terms))
            case Highest(items):
                waiting.extend(term for item in items for _, term in item.terms)
            case Steps(tests, _):
                waiting.extend(test for test, _ in tests)
            case Not(of):
                waiting.append(of)
            case All(items) | Any(items) | AtLeast(_, items):
                waiting.extend(items)
            case Split(_, body, branches):
                waiting.extend((body, *branches))
            case Choose(branches):
                waiting.extend(part for branch in branches for part in branch)
            case _:
                pass
    return list(found)


def formulas_of(plan: Plan) -> list[Formula]:
    return [part for j in plan.judgements for part in (j.requirement, j.applies)]


@dataclass
class Emitter:
    """Writes statements about one subject whose facts are in `v…`, between `l_v…` and `h_v…`, unknown where `u_v…`."""

    lines: list[str]
    names: dict[Slot, str]
    margin: int
    law: list[int]  # the law's figures: handed to the code, not written into it; other figures need no new machine code
    counter: list[int] = field(default_factory=lambda: [0])
    pairs: dict[Formula, tuple[str, str]] = field(default_factory=dict)
    terms: dict[Term, tuple[str, str]] = field(default_factory=dict)

    def figure(self, value: int) -> str:
        """A figure of the law, by its name in the code."""
        if abs(value) <= 1:
            return str(value)
        self.law.append(value)
        return f"k{len(self.law) - 1}"

    def say(self, line: str) -> None:
        self.lines.append("    " * self.margin + line)

    def load(self, slot: Slot, value: str, unknown: int) -> None:
        """Read one fact: its value, whether it is unknown, and between what it lies."""
        name = self.names[slot]
        self.say(f"{name} = {value}")
        self.say(f"u_{name} = {name} == {unknown}")
        self.say(f"l_{name} = {slot.smallest} if u_{name} else {name}")
        self.say(f"h_{name} = {slot.largest} if u_{name} else {name}")

    def new(self, value: str) -> str:
        self.counter[0] += 1
        name = f"t{self.counter[0]}"
        self.say(f"{name} = {value}")
        return name

    def both(self, certain: str, possible: str) -> tuple[str, str]:
        if certain == possible:
            name = self.new(certain)
            return name, name
        return self.new(certain), self.new(possible)

    def pair(self, formula: Formula) -> tuple[str, str]:
        """The names of certain and possible."""
        if formula not in self.pairs:
            self.pairs[formula] = self._pair(formula)
        return self.pairs[formula]

    def _pair(self, formula: Formula) -> tuple[str, str]:
        match formula:
            case Fixed(value):
                return str(value), str(value)
            case Positive(lin):
                low, high = self.amount(lin)
                return self.both(f"{low} >= 0", f"{high} >= 0")
            case Quotient(lin, denominator):
                below, above = self.amount(denominator), self.amount(lin)
                reach = self.amount(lin, above_zero=denominator)
                return self.both(f"({below[0]} > 0) & ({above[0]} >= 0)", f"({below[1]} > 0) & ({reach[1]} >= 0)")
            case OneOf(slot, codes):
                name = self.names[slot]
                inside = " | ".join(f"({name} == {code})" for code in codes) or "False"
                return self.both(inside, f"({inside}) | u_{name}" if codes else "False")
            case Not(of):
                certain, possible = self.pair(of)
                return self.both(f"not {possible}", f"not {certain}")
            case All(items):
                return self._joined(" & ", items)
            case Any(items):
                return self._joined(" | ", items)
            case AtLeast(count, items):
                pairs = [self.pair(item) for item in items]
                sums = [" + ".join(f"int({p[k]})" for p in pairs) for k in (0, 1)]
                return self.both(f"({sums[0]}) >= {count}", f"({sums[1]}) >= {count}")
            case Split(slot, body, branches):
                return self._split(slot, body, branches)
            case Choose(branches):
                judged = [(self.pair(guard)[1], self.pair(body)) for guard, body in branches]
                certain = " & ".join(f"((not {may}) | {holds[0]})" for may, holds in judged) or "True"
                return self.both(certain, " | ".join(f"({may} & {holds[1]})" for may, holds in judged) or "False")
        raise TypeError(formula)

    def _joined(self, joint: str, items: Sequence[Formula]) -> tuple[str, str]:
        pairs = [self.pair(item) for item in items]
        return self.both(joint.join(p[0] for p in pairs), joint.join(p[1] for p in pairs))

    def _split(self, slot: Slot, body: Formula, branches: tuple[Formula, ...]) -> tuple[str, str]:
        found = self.pair(body)
        certain, possible = self.new(found[0]), self.new(found[1])
        self.say(f"if u_{self.names[slot]}:")
        inner = self.inside()
        pairs = [inner.pair(branch) for branch in branches]
        inner.say(f"{certain} = " + " & ".join(p[0] for p in pairs))
        inner.say(f"{possible} = " + " | ".join(p[1] for p in pairs))
        return certain, possible

    def inside(self) -> Self:
        """The same one step further in: it knows what stands already, and what it adds is not known outside."""
        return replace(self, margin=self.margin + 1, pairs=dict(self.pairs), terms=dict(self.terms))

    def amount(self, lin: Linear, above_zero: Linear | None = None) -> tuple[str, str]:
        """The names of the lower and the upper bound."""
        start = self.figure(lin.constant)
        low, high = [start], [start]
        for coefficient, term in lin.terms:
            bottom, top = self.term(term)
            if above_zero is not None and len(above_zero.terms) == 1 and above_zero.terms[0][1] == term:
                bottom = f"max({bottom}, 1)"
            if coefficient < 0:
                bottom, top = top, bottom
            low.append(f"{coefficient} * {bottom}")
            high.append(f"{coefficient} * {top}")
        return self.both(" + ".join(low), " + ".join(high))

    def term(self, term: Term) -> tuple[str, str]:
        if term not in self.terms:
            self.terms[term] = self._term(term)
        return self.terms[term]

    def _term(self, term: Term) -> tuple[str, str]:
        match term:
            case Slot():
                name = self.names[term]
                return f"l_{name}", f"h_{name}"
            case Highest(items):
                pairs = [self.amount(item) for item in items]
                return self.both(*(f"max({', '.join(p[k] for p in pairs)})" for k in (0, 1)))
            case Steps(tests, otherwise):
                judged = [(self.pair(test), points) for test, points in tests]
                chosen = []
                for k in (0, 1):
                    text = str(otherwise)
                    for pair, points in reversed(judged):
                        text = f"({points} if {pair[k]} else {text})"
                    chosen.append(text)
                return self.both(*chosen)
        raise TypeError(term)


@dataclass
class SubjectEmitter(Emitter):
    """Writes statements about one institution; `places` says in which local variable an aggregate's figures begin."""

    places: Mapping[object, int] = field(default_factory=dict)

    def _term(self, term: Term) -> tuple[str, str]:
        if isinstance(term, CountOf | SumOf):
            place = self.places[term]
            return f"f{place}", f"f{place + 1}"
        return super()._term(term)

    def _pair(self, formula: Formula) -> tuple[str, str]:
        match formula:
            case ShareTest():
                return self._share(formula)
            case PortionTest(strict=strict):
                low, whole_low, high, whole_high, cost, payable = self._figures(formula, 6)
                reach = self.new(f"{high} if {whole_high} > 0 else {high} - {cost}")
                return self.both(f"({whole_low} > 0) & ({low} >= {strict})", f"({payable} > 0) & ({reach} >= {strict})")
        return super()._pair(formula)

    def _figures(self, aggregate: Aggregate, many: int) -> list[str]:
        return [f"f{self.places[aggregate] + k}" for k in range(many)]

    def _share(self, test: ShareTest) -> tuple[str, str]:
        yes_high, no_high, yes_low, no_low, certainly_in = self._figures(share_key(test), 5)
        sign, strict = test.sign, test.strict
        above, below = self.figure(test.above), self.figure(test.below)
        ends = []
        for yes, no, other in ((yes_high, no_high, no_low), (yes_low, no_low, yes_high)):
            passes = self.new(f"{sign} * ({below} * {yes} - {above} * ({yes} + {no})) >= {strict}")
            # nobody is sure to be in on this side: whoever may be makes the share 0/1 or 1/1
            alone = self.new(f"{sign} * ({'' if other == no_low else f'{below} '}- {above}) >= {strict}")
            ends.append(self.new(f"{passes} if {yes} + {no} > 0 else ({other} > 0) & {alone}"))
        best, worst = ends if sign > 0 else reversed(ends)
        return self.new(f"({certainly_in} > 0) & {worst}"), best


def starts(aggregate: Aggregate) -> list[int]:
    """The figures of nobody."""
    least = isinstance(aggregate, PortionTest)
    return [NO_COST if least and k == 4 else 0 for k in range(FIGURES[type(aggregate)])]
