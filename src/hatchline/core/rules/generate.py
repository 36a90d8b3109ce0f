"""Code written from a plan: one loop over the ventures that reckons every aggregate of a document at once.

The text is plain Python over whole numbers, so it runs as it is and, compiled by Numba, as the kernel. A venture all of
whose facts are known takes a short way without intervals; the others take the careful one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
    """Writes statements about one venture. `known`: all facts are known, lower and upper bounds are the same."""

    known: bool
    lines: list[str]
    names: dict[Slot, str]
    margin: int = 2
    counter: list[int] = field(default_factory=lambda: [0])
    pairs: dict[Formula, tuple[str, str]] = field(default_factory=dict)
    terms: dict[Term, tuple[str, str]] = field(default_factory=dict)
    figures: list[int] = field(default_factory=list)

    def figure(self, value: int) -> str:
        """A figure of the law: handed to the loop, not written into it; other figures need no new machine code."""
        if abs(value) <= 1:
            return str(value)
        self.figures.append(value)
        return f"k[{len(self.figures) - 1}]"

    def say(self, line: str) -> None:
        self.lines.append("    " * self.margin + line)

    def new(self, value: str) -> str:
        self.counter[0] += 1
        name = f"t{self.counter[0]}"
        self.say(f"{name} = {value}")
        return name

    def both(self, certain: str, possible: str) -> tuple[str, str]:
        if self.known or certain == possible:
            name = self.new(certain)
            return name, name
        return self.new(certain), self.new(possible)

    def pair(self, formula: Formula) -> tuple[str, str]:
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
        raise TypeError(formula)

    def _joined(self, joint: str, items: Sequence[Formula]) -> tuple[str, str]:
        pairs = [self.pair(item) for item in items]
        return self.both(joint.join(p[0] for p in pairs), joint.join(p[1] for p in pairs))

    def _split(self, slot: Slot, body: Formula, branches: tuple[Formula, ...]) -> tuple[str, str]:
        certain, possible = self.pair(body)
        if self.known:
            return certain, possible
        certain, possible = self.new(certain), self.new(possible)
        self.say(f"if u_{self.names[slot]}:")
        inner = Emitter(
            False,
            self.lines,
            self.names,
            self.margin + 1,
            self.counter,
            dict(self.pairs),
            dict(self.terms),
            self.figures,
        )
        pairs = [inner.pair(branch) for branch in branches]
        inner.say(f"{certain} = " + " & ".join(p[0] for p in pairs))
        inner.say(f"{possible} = " + " | ".join(p[1] for p in pairs))
        return certain, possible

    def amount(self, lin: Linear, above_zero: Linear | None = None) -> tuple[str, str]:
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
        if self.known:
            name = self.new(" + ".join(low))
            return name, name
        return self.new(" + ".join(low)), self.new(" + ".join(high))

    def term(self, term: Term) -> tuple[str, str]:
        if term not in self.terms:
            self.terms[term] = self._term(term)
        return self.terms[term]

    def _term(self, term: Term) -> tuple[str, str]:
        match term:
            case Slot():
                name = self.names[term]
                return (name, name) if self.known else (f"l_{name}", f"h_{name}")
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


def slots_of(aggregates: Iterable[Aggregate]) -> list[Slot]:
    """The facts of a venture that the aggregates use."""
    found: dict[Slot, None] = {}
    seen: set[object] = set()
    waiting: list[object] = list(aggregates)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Slot):
            found[part] = None
        elif isinstance(part, tuple):
            waiting.extend(part)
        elif hasattr(part, "__dataclass_fields__") and part not in seen:
            seen.add(part)
            waiting.extend(getattr(part, name) for name in part.__dataclass_fields__)
    return sorted(found, key=lambda slot: slot.name)


def source(aggregates: Sequence[Aggregate], unknowns: Sequence[int]) -> tuple[str, list[int]]:
    """The function `run(first, last, offsets, columns…, k, figures)` that fills figures[f, i] for institutions
    first..last, and the list k of the law's figures that it is to be handed.

    `unknowns` are the numbers that stand for unknown, in the order of the slots.
    """
    slots = slots_of(aggregates)
    names = {slot: f"v{index}" for index, slot in enumerate(slots)}
    width = sum(FIGURES[type(a)] for a in aggregates)
    arguments = ", ".join(f"c{index}" for index in range(len(slots)))
    lines = [
        f"def run(first, last, offsets, {arguments + ', ' if slots else ''}k, figures):",
        "    for i in range(first, last):",
    ]
    for place, start in _starts(aggregates, width):
        lines.append(f"        f{place} = {start}")
    lines.append("        for j in range(offsets[i], offsets[i + 1]):")
    for index, slot in enumerate(slots):
        lines.append(f"            {names[slot]} = c{index}[j]")
        lines.append(f"            u_{names[slot]} = {names[slot]} == {unknowns[index]}")
    doubtful = " | ".join(f"u_{name}" for name in names.values()) or "False"
    lines.append(f"            if not ({doubtful}):")
    law: list[int] = []
    counter = [0]
    _body(aggregates, Emitter(True, lines, names, 4, counter, figures=law))
    lines.append("            else:")
    for slot, name in names.items():
        lines.append(f"                l_{name} = {slot.smallest} if u_{name} else {name}")
        lines.append(f"                h_{name} = {slot.largest} if u_{name} else {name}")
    _body(aggregates, Emitter(False, lines, names, 4, counter, figures=law))
    lines.extend(f"        figures[{place}, i] = f{place}" for place in range(width))
    return "\n".join(lines) + "\n", law


def _starts(aggregates: Sequence[Aggregate], width: int) -> list[tuple[int, int]]:
    starts = [0] * width
    place = 0
    for aggregate in aggregates:
        if isinstance(aggregate, PortionTest):
            starts[place + 4] = NO_COST
        place += FIGURES[type(aggregate)]
    return list(enumerate(starts))


def _body(aggregates: Sequence[Aggregate], out: Emitter) -> None:
    """Add one venture to every aggregate."""
    out.say("pass")
    place = 0
    for aggregate in aggregates:
        f = [f"f{place + k}" for k in range(FIGURES[type(aggregate)])]
        match aggregate:
            case CountOf(condition):
                certain, possible = out.pair(condition)
                out.say(f"{f[0]} += {certain}")
                out.say(f"{f[1]} += {possible}")
            case SumOf(condition, amount):
                certain, possible = out.pair(condition)
                low, high = out.amount(amount)
                out.say(f"if {possible}:")
                out.say(f"    {f[0]} += {low} if {certain} else min({low}, 0)")
                out.say(f"    {f[1]} += {high} if {certain} else max({high}, 0)")
            case ShareTest(out=outside, yes=yes, no=no):
                may_out, may_yes, may_no = (out.pair(part)[1] for part in (outside, yes, no))
                out.say(f"{f[0]} += {may_yes}")
                out.say(f"{f[1]} += (not {may_yes}) & (not {may_out})")
                out.say(f"{f[2]} += (not {may_no}) & (not {may_out})")
                out.say(f"{f[3]} += {may_no}")
                out.say(f"{f[4]} += not {may_out}")
            case PortionTest():
                _portion(aggregate, out, f)
        place += len(f)


def _portion(test: PortionTest, out: Emitter, f: list[str]) -> None:
    certain, possible = out.pair(test.condition)
    part, whole = out.term(test.part), out.term(test.whole)
    up, down = test.sign * test.below, test.sign * test.above
    best_part, worst_part = (part[1], part[0]) if up > 0 else (part[0], part[1])
    best_whole, worst_whole = (whole[0], whole[1]) if down > 0 else (whole[1], whole[0])
    out.say(f"if {possible}:")
    inner = Emitter(out.known, out.lines, out.names, out.margin + 1, out.counter, figures=out.figures)
    times, less = out.figure(up), out.figure(down)
    low = inner.new(f"{times} * {worst_part} - {less} * {worst_whole}")
    high = inner.new(f"{times} * {best_part} - {less} * {best_whole}")
    inner.say(f"{f[0]} += {low} if {certain} else min({low}, 0)")
    inner.say(f"{f[1]} += {whole[0]} if {certain} else 0")
    taken = inner.new(f"{certain} | ({high} >= 0)")
    inner.say(f"{f[2]} += {high} if {taken} else 0")
    inner.say(f"{f[3]} += {best_whole} if {taken} else 0")
    inner.say(f"if {whole[1]} > 0:")
    inner.say(f"    {f[5]} += 1")
    with_whole = f"({times} * {best_part} - {less} * max(1, {best_whole}))"
    inner.say(f"    {f[4]} = min({f[4]}, ({high} if {taken} else 0) - {with_whole})")
