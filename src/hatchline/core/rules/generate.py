"""Code written from a plan: the ventures in blocks, a short loop per statement, then the criteria per institution.

The text is plain Python over whole numbers, so it runs as it is and, compiled by Numba, as the kernel. A short loop
without branches becomes vector instructions; a block is small enough to stay near the processor. Only ventures whose
unknown fact pulls both ways are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hatchline.core.rules.emit import (
    FIGURES,
    Aggregate,
    Emitter,
    SubjectEmitter,
    aggregates_of,
    formulas_of,
)
from hatchline.core.rules.plan import (
    All,
    Any,
    AtLeast,
    CountOf,
    Fixed,
    Formula,
    Not,
    Plan,
    PortionTest,
    Positive,
    ShareTest,
    Slot,
    Split,
    SumOf,
    slots_of,
)  # fmt: skip
from hatchline.core.rules.reckon import NO_COST

BLOCK = 2048  # ventures
LANE = 12  # bits that hold how many of a block; several counts are added up in one number of 64 bits
LANES = 5


@dataclass(frozen=True)
class Source:
    """A generated function: its text, the law's figures it is to be handed, and how many rows it works in."""

    text: str
    law: list[int]
    truths: int = 0
    numbers: int = 0


@dataclass
class Loops:
    """Writes the statements about a block of ventures, each as a loop that fills a row of truths or of numbers."""

    slots: list[Slot]
    unknowns: Sequence[int]
    law: list[int]
    lines: list[str] = field(default_factory=list)
    pairs: dict[Formula, tuple[str, str]] = field(default_factory=dict)
    careful: dict[Slot, None] = field(default_factory=dict)
    counter: list[int] = field(default_factory=lambda: [0])
    rows: dict[str, str] = field(default_factory=dict)  # expression over rows → the row that holds it
    truths: int = 0
    numbers: int = 0

    def __post_init__(self) -> None:
        self.names = {slot: f"v{place}" for place, slot in enumerate(self.slots)}

    def say(self, line: str, margin: int = 2) -> None:
        self.lines.append("    " * margin + line)

    def truth(self) -> str:
        self.truths += 1
        return f"b{self.truths - 1}"

    def number(self) -> str:
        self.numbers += 1
        return f"w{self.numbers - 1}"

    def row(self, expression: str) -> str:
        """The row of truths that holds an expression over rows; a new loop unless it stands already."""
        if expression in {f"b{place}[j]" for place in range(self.truths)}:
            return expression.removesuffix("[j]")
        if expression not in self.rows:
            name = self.rows[expression] = self.truth()
            self.say("for j in range(n):")
            self.say(f"{name}[j] = {expression}", 3)
        return self.rows[expression]

    def pair(self, formula: Formula) -> tuple[str, str]:
        """What stands for certain and possible within a loop: an entry of a row, or True or False."""
        if formula not in self.pairs:
            self.pairs[formula] = self._pair(formula)
        return self.pairs[formula]

    def _pair(self, formula: Formula) -> tuple[str, str]:
        match formula:
            case Fixed(value):
                return str(value), str(value)
            case Not(of):
                certain, possible = self.pair(of)
                return self.both(f"not {possible}", f"not {certain}")
            case All(items) | Any(items):
                joint = " & " if isinstance(formula, All) else " | "
                pairs = [self.pair(item) for item in items]
                return self.both(joint.join(p[0] for p in pairs), joint.join(p[1] for p in pairs))
            case AtLeast(count, items):
                pairs = [self.pair(item) for item in items]
                sums = [" + ".join(f"int({p[k]})" for p in pairs) for k in (0, 1)]
                return self.both(f"({sums[0]}) >= {count}", f"({sums[1]}) >= {count}")
            case Split(slot, body, _):
                self.careful[slot] = None  # judged again, one by one, where the fact is unknown
                return self.pair(body)
            case Positive(lin) if lin.constant == -1 and len(lin.terms) == 1 and lin.terms[0][0] == 1:
                fact = lin.terms[0][1]
                if isinstance(fact, Slot) and fact.smallest == 0 and fact.largest >= 1:
                    entry, unknown = self._value(fact)
                    above = f"({entry} == 1)" if fact.largest == 1 else f"({entry} >= 1)"
                    return self.both(f"{entry} >= 1", f"{above} | ({entry} == {unknown})")
        return self._leaf(formula)

    def both(self, certain: str, possible: str) -> tuple[str, str]:
        return f"{self.row(certain)}[j]", f"{self.row(possible)}[j]"

    def _value(self, slot: Slot) -> tuple[str, int]:
        place = self.slots.index(slot)
        return f"x{place}[j]", self.unknowns[place]

    def emitter(self, slots: Iterable[Slot], margin: int = 3) -> Emitter:
        """Inside a loop: these facts of one venture are read, and statements about it may follow."""
        inner = Emitter(self.lines, self.names, margin, self.law, self.counter)
        for slot in slots:
            inner.load(slot, *self._value(slot))
        return inner

    def _leaf(self, formula: Formula) -> tuple[str, str]:
        certain, possible = self.truth(), self.truth()
        self.say("for j in range(n):")
        inner = self.emitter(slots_of([formula]))
        names = inner.pair(formula)
        inner.say(f"{certain}[j] = {names[0]}")
        inner.say(f"{possible}[j] = {names[1]}")
        return f"{certain}[j]", f"{possible}[j]"

    def aggregate(self, aggregate: Aggregate) -> list[str]:
        """The rows whose sums per institution are the aggregate's figures."""
        match aggregate:
            case CountOf(condition):
                return [self.row(each) for each in self.pair(condition)]
            case ShareTest(out=outside, yes=yes, no=no):
                return [self.row(each) for each in share_figures(*(self.pair(part)[1] for part in (outside, yes, no)))]
            case SumOf(condition, amount):
                held, slots, many = self.pair(condition), slots_of([amount]), 2
            case PortionTest(condition, part, whole):
                held, slots, many = self.pair(condition), list(dict.fromkeys((part, whole))), 6
        found = [self.number() for _ in range(many)]
        self.say("for j in range(n):")
        inner = self.emitter(slots)
        for name, value in zip(found, number_figures(aggregate, held, inner), strict=True):
            inner.say(f"{name}[j] = {value}")
        return found


def share_figures(may_out: str, may_yes: str, may_no: str) -> list[str]:
    """What one venture adds to the five figures of a share."""
    return [
        f"{may_yes}",
        f"(not {may_yes}) & (not {may_out})",
        f"(not {may_no}) & (not {may_out})",
        f"{may_no}",
        f"not {may_out}",
    ]


def number_figures(aggregate: SumOf | PortionTest, held: tuple[str, str], out: Emitter) -> list[str]:
    """What one venture adds to the figures of a sum (2) or of a portion (6; the fifth is a minimum)."""
    certain, possible = held
    if isinstance(aggregate, SumOf):
        low, high = out.amount(aggregate.amount)
        return [
            f"({low} if {certain} else min({low}, 0)) if {possible} else 0",
            f"({high} if {certain} else max({high}, 0)) if {possible} else 0",
        ]
    part, whole = out.term(aggregate.part), out.term(aggregate.whole)
    up, down = aggregate.sign * aggregate.below, aggregate.sign * aggregate.above
    best_part, worst_part = (part[1], part[0]) if up > 0 else (part[0], part[1])
    best_whole, worst_whole = (whole[0], whole[1]) if down > 0 else (whole[1], whole[0])
    times, less = out.figure(up), out.figure(down)
    low = out.new(f"{times} * {worst_part} - {less} * {worst_whole}")
    high = out.new(f"{times} * {best_part} - {less} * {best_whole}")
    taken = out.new(f"{certain} | ({possible} & ({high} >= 0))")
    gain = out.new(f"{high} if {taken} else 0")
    payable = out.new(f"{possible} & ({whole[1]} > 0)")
    cost = out.new(f"{gain} - ({times} * {best_part} - {less} * max(1, {best_whole}))")
    return [
        f"({low} if {certain} else min({low}, 0)) if {possible} else 0",
        f"{whole[0]} if {certain} else 0",
        gain,
        f"{best_whole} if {taken} else 0",
        f"{cost} if {payable} else {NO_COST}",
        f"1 if {payable} else 0",
    ]


def source(aggregates: Sequence[Aggregate], unknowns: Sequence[int]) -> Source:
    """The function `run(first, last, offsets, columns…, k, truths, numbers, figures)` that fills figures[f, i] for
    institutions first..last. `truths` and `numbers` are rows of one block to work in.

    `unknowns` are the numbers that stand for unknown, in the order of the slots.
    """
    slots, law = slots_of(aggregates), list[int]()
    loops = Loops(slots, unknowns, law)
    rows = [loops.aggregate(each) for each in aggregates]
    again = _one_by_one(aggregates, loops, rows) if loops.careful else []
    added = _added_up(aggregates, rows, loops)
    columns = "".join(f"c{place}, " for place in range(len(slots)))
    lines = [f"def run(first, last, offsets, {columns}k, truths, numbers, figures):"]
    lines += [f"    k{place} = k[{place}]" for place in range(len(law))]
    lines += [f"    b{place} = truths[{place}]" for place in range(loops.truths)]
    lines += [f"    w{place} = numbers[{place}]" for place in range(loops.numbers)]
    lines += ["    for i in range(first, last):"]
    start = [0] * sum(map(len, rows))
    for place in _minima(aggregates):
        start[place] = NO_COST
    lines += [f"        figures[{place}, i] = {value}" for place, value in enumerate(start)] or ["        pass"]
    lines += [
        "    i = first",
        f"    for begin in range(offsets[first], offsets[last], {BLOCK}):",
        f"        n = min({BLOCK}, offsets[last] - begin)",
    ]
    lines += [f"        x{place} = c{place}[begin : begin + n]" for place in range(len(slots))]
    lines += loops.lines + again + added
    return Source("\n".join(lines) + "\n", law, loops.truths, loops.numbers)


def _one_by_one(aggregates: Sequence[Aggregate], loops: Loops, rows: Sequence[Sequence[str]]) -> list[str]:
    """Ventures with an unknown fact that pulls both ways, judged with all its values; the rows are overwritten."""
    checks = " | ".join("({} == {})".format(*loops._value(slot)) for slot in loops.careful)
    inner_loops = Loops(loops.slots, loops.unknowns, loops.law, counter=loops.counter)
    inner_loops.say("for j in range(n):")
    inner_loops.say(f"if {checks}:", 3)
    out = inner_loops.emitter(loops.slots, 4)
    for aggregate, names in zip(aggregates, rows, strict=True):
        match aggregate:
            case CountOf(condition):
                values = list(out.pair(condition))
            case ShareTest(out=outside, yes=yes, no=no):
                values = share_figures(*(out.pair(part)[1] for part in (outside, yes, no)))
            case _:
                values = number_figures(aggregate, out.pair(aggregate.condition), out)
        for name, value in zip(names, values, strict=True):
            out.say(f"{name}[j] = {value}")
    return inner_loops.lines


def _minima(aggregates: Sequence[Aggregate]) -> list[int]:
    """The places of the figures that are the smallest instead of the sum."""
    found, place = [], 0
    for aggregate in aggregates:
        if isinstance(aggregate, PortionTest):
            found.append(place + 4)
        place += FIGURES[type(aggregate)]
    return found


def _added_up(aggregates: Sequence[Aggregate], rows: Sequence[Sequence[str]], loops: Loops) -> list[str]:
    """The block's rows added to the figures of the institutions that it belongs to. Each row is added up once."""
    figures = [row for names in rows for row in names]
    least = {figures[place] for place in _minima(aggregates)}
    kinds = list(dict.fromkeys(figures))
    counts, numbers = [row for row in kinds if row.startswith("b")], [row for row in kinds if row.startswith("w")]
    lines, value = list[str](), dict[str, str]()
    for first in range(0, len(counts), LANES):
        word, together = loops.number(), counts[first : first + LANES]
        lines.append("for j in range(n):")
        lines.append(f"    {word}[j] = " + " | ".join(f"int({b}[j]) << {LANE * k}" for k, b in enumerate(together)))
        numbers.append(word)
        value |= {b: f"(s_{word} >> {LANE * k}) & {2**LANE - 1}" for k, b in enumerate(together)}
    lines += ["while i < last:"]
    lines += ["    a = max(offsets[i], begin) - begin", "    z = min(offsets[i + 1], begin + n) - begin"]
    lines += [f"    s_{row} = {NO_COST if row in least else 0}" for row in numbers]
    lines += ["    for j in range(a, z):"]
    lines += [
        f"        s_{row} = min(s_{row}, {row}[j])" if row in least else f"        s_{row} += {row}[j]"
        for row in numbers
    ] or ["        pass"]
    for place, row in enumerate(figures):
        old = f"figures[{place}, i]"
        added = value.get(row, f"s_{row}")
        lines.append(f"    {old} = min({old}, {added})" if row in least else f"    {old} += {added}")
    lines += ["    if offsets[i + 1] >= begin + n:", "        break", "    i += 1"]
    return ["        " + line for line in lines]


def criteria_source(plan: Plan, aggregates: Sequence[Aggregate], unknowns: Sequence[int]) -> Source:
    """The function `judge(first, last, columns…, k, figures, verdicts)` that fills, for institutions first..last, the
    rows of `verdicts`: certain and possible of each criterion's requirement, of its applying, and of the decision.

    The columns are those of `own_slots(plan)`, `unknowns` their numbers for unknown.
    """
    slots, law, lines = own_slots(plan), list[int](), list[str]()
    places, place = dict[object, int](), 0
    for aggregate in aggregates:
        places[aggregate] = place
        place += FIGURES[type(aggregate)]
    names = {slot: f"v{index}" for index, slot in enumerate(slots)}
    out = SubjectEmitter(lines, names, 2, law, places=places)
    for index in range(place):
        out.say(f"f{index} = figures[{index}, i]")
    for index, slot in enumerate(slots):
        out.load(slot, f"c{index}[i]", unknowns[index])
    pairs = [out.pair(each.requirement) for each in plan.judgements] + [out.pair(j.applies) for j in plan.judgements]
    whole = Emitter(lines, {}, 2, law, out.counter)
    for slot in slots_of([plan.overall]):
        index = next(place for place, judgement in enumerate(plan.judgements) if judgement.name == slot.name)
        certain, possible = pairs[index]
        whole.names[slot] = f"q{index}"
        for line in (f"l_q{index} = int({certain})", f"h_q{index} = int({possible})"):
            whole.say(line)
        whole.say(f"q{index} = l_q{index}")
        whole.say(f"u_q{index} = l_q{index} != h_q{index}")
    for row, pair in enumerate([*pairs, whole.pair(plan.overall)]):
        out.say(f"verdicts[{2 * row}, i] = {pair[0]}")
        out.say(f"verdicts[{2 * row + 1}, i] = {pair[1]}")
    columns = "".join(f"c{place}, " for place in range(len(slots)))
    head = [f"def judge(first, last, {columns}k, figures, verdicts):"]
    head += [f"    k{place} = k[{place}]" for place in range(len(law))]
    return Source("\n".join([*head, "    for i in range(first, last):", *lines]) + "\n", law)


def own_slots(plan: Plan) -> list[Slot]:
    """The facts of the subject itself that a plan uses."""
    return slots_of(formulas_of(plan), skip=(CountOf, SumOf, ShareTest, PortionTest))


__all__ = [
    "BLOCK",
    "FIGURES",
    "Aggregate",
    "Source",
    "aggregates_of",
    "criteria_source",
    "formulas_of",
    "own_slots",
    "source",
]
