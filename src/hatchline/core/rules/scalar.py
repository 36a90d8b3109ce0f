"""Statements written out as Python expressions, to judge one subject and its few ventures at once.

A row all of whose facts are known takes a short way; for the others each statement is written twice, as what is certain
and as what is possible. `and` and `or` leave off where the outcome is clear. The verdict on a statement is a number:
2 certain, 1 possible, 0 neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any as Anything

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

OverMembers = CountOf | SumOf | ShareTest | PortionTest
Row = Sequence[int | None]
KNOWN, CERTAIN, POSSIBLE = 0, 1, 2  # the three ways to write a statement
MARGIN = " " * 12


@dataclass
class Writer:
    """Writes the lines for a row of facts `v…` and what is known of its ventures, from `a…` up to `z…`."""

    slots: dict[Slot, int] = field(default_factory=dict)
    outer: dict[OverMembers, int] = field(default_factory=dict)
    lines: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))  # the short way, the careful one
    made: dict[Formula, str] = field(default_factory=dict)
    written: dict[tuple[Formula, int], str] = field(default_factory=dict)

    def keep(self, formula: Formula) -> str:
        """The number of the local variables (k…, c…, p…) that hold a statement."""
        if formula not in self.made:
            known, certain, possible = (self.text(formula, way) for way in (KNOWN, CERTAIN, POSSIBLE))
            name = str(len(self.made))
            self.lines[0].append(f"{MARGIN}k{name} = {known}")
            self.lines[1].append(f"{MARGIN}c{name} = {certain}")
            self.lines[1].append(f"{MARGIN}p{name} = {possible}")
            self.made[formula] = name
        return self.made[formula]

    def text(self, formula: Formula, way: int) -> str:
        if formula in self.made:
            return "kcp"[way] + self.made[formula]
        if (formula, way) not in self.written:
            self.written[formula, way] = self._text(formula, way)
        return self.written[formula, way]

    def _text(self, formula: Formula, way: int) -> str:
        match formula:
            case Fixed(value):
                return str(value)
            case Positive(Linear(constant, ((coefficient, Slot() as slot),))):
                return self._bounded(constant, coefficient, slot, way)
            case Positive(lin):
                return f"({self.amount(lin, way)} >= 0)"
            case Quotient(lin, denominator):
                above_zero = denominator if way == POSSIBLE else None
                return f"({self.amount(denominator, way)} > 0 and {self.amount(lin, way, above_zero)} >= 0)"
            case OneOf(slot, codes):
                inside = f"({self.value(slot)} in {codes!r})"
                return f"({self.value(slot)} is None or {inside})" if way == POSSIBLE and codes else inside
            case Not(of):
                return f"(not {self.text(of, (KNOWN, POSSIBLE, CERTAIN)[way])})"
            case All(items):
                return "(" + (" and ".join(self.text(item, way) for item in items) or "True") + ")"
            case Any(items):
                return "(" + (" or ".join(self.text(item, way) for item in items) or "False") + ")"
            case AtLeast(count, items):
                return "(" + " + ".join(f"bool({self.text(item, way)})" for item in items) + f" >= {count})"
            case Split(slot, body, branches):
                if way == KNOWN:
                    return self.text(body, way)
                joint = " and " if way == CERTAIN else " or "
                closer = joint.join(self.text(branch, way) for branch in branches)
                return f"(({closer}) if {self.value(slot)} is None else {self.text(body, way)})"
            case Choose(branches):
                may = POSSIBLE if way else KNOWN
                pairs = [(self.text(guard, may), self.text(body, way)) for guard, body in branches]
                if way == CERTAIN:
                    return "(" + " and ".join(f"(not {guard} or {body})" for guard, body in pairs) + ")"
                return "(" + " or ".join(f"({guard} and {body})" for guard, body in pairs) + ")"
            case ShareTest() | PortionTest():
                return self.over_members(formula)[way == POSSIBLE]

    def value(self, slot: Slot) -> str:
        return f"v{self.slots.setdefault(slot, len(self.slots))}"

    def over_members(self, part: OverMembers) -> tuple[str, str]:
        place = self.outer.setdefault(part, len(self.outer))
        return f"a{place}", f"z{place}"

    def _bounded(self, constant: int, coefficient: int, slot: Slot, way: int) -> str:
        """A single fact held against its bound."""
        value = self.value(slot)
        held = (
            f"{value} >= {-(constant // coefficient)}" if coefficient > 0 else f"{value} <= {constant // -coefficient}"
        )
        if way == KNOWN:
            return f"({held})"
        ends = [constant + coefficient * end >= 0 for end in (slot.smallest, slot.largest)]
        passes = all(ends) if way == CERTAIN else any(ends)
        return f"({value} is None or {held})" if passes else f"({value} is not None and {held})"

    def amount(self, lin: Linear, way: int, above_zero: Linear | None = None) -> str:
        """The amount, or its lower (certain) or upper (possible) end."""
        parts = [str(lin.constant)] if lin.constant or not lin.terms else []
        for coefficient, term in lin.terms:
            end = self.end(term, way if coefficient > 0 else (KNOWN, POSSIBLE, CERTAIN)[way])
            if coefficient < 0 and above_zero is not None and [t for _, t in above_zero.terms] == [term]:
                end = f"max({end}, 1)"
            parts.append(end if coefficient == 1 else f"{coefficient} * {end}")
        return "(" + " + ".join(parts) + ")"

    def end(self, term: Term, way: int) -> str:
        match term:
            case Slot(_, smallest, largest):
                value = self.value(term)
                unknown = smallest if way == CERTAIN else largest
                return value if way == KNOWN else f"({unknown} if {value} is None else {value})"
            case Highest(items):
                return "max(" + ", ".join(self.amount(item, way) for item in items) + ")"
            case Steps(tests, otherwise):
                chosen = str(otherwise)
                for test, points in reversed(tests):
                    chosen = f"({points} if {self.text(test, way)} else {chosen})"
                return chosen
        return self.over_members(term)[way == POSSIBLE]


@dataclass(frozen=True)
class Statements:
    """Statements ready to be judged. `slots`: the facts of a row, in order; `outer`: what is told of its ventures.

    `run(rows, outer, is_open)` answers a list a row: how each statement stands, then the two ends of each amount.
    `is_open`: something told of the ventures is not certain.
    """

    formulas: tuple[Formula, ...]
    slots: tuple[Slot, ...]
    outer: tuple[OverMembers, ...]
    run: Callable[[Iterable[Row], Sequence[tuple[Anything, Anything]], bool], list[list[int]]]

    def rows(self, facts: Sequence[Anything]) -> list[Row]:
        """Rows of facts from mappings by name; what is not there is unknown."""
        names = [slot.name for slot in self.slots]
        if len(names) < 2:
            return [[each.get(name) for name in names] for each in facts]
        taken = itemgetter(*names)
        try:
            return [taken(each) for each in facts]
        except KeyError:  # not every fact is there
            return [tuple(map(each.get, names)) for each in facts]


@lru_cache(maxsize=512)
def statements(formulas: tuple[Formula, ...], amounts: tuple[Linear, ...] = ()) -> Statements:
    """Write these statements and amounts; composite parts with several users are reckoned once a row."""
    writer = Writer()
    for formula in used_often(formulas):
        writer.keep(formula)
    names = [writer.keep(formula) for formula in formulas]
    known = [f"2 * k{name}" for name in names]
    unsure = [f"c{name} + p{name}" for name in names]
    for amount in amounts:
        known += [writer.amount(amount, KNOWN)] * 2
        unsure += [writer.amount(amount, CERTAIN), writer.amount(amount, POSSIBLE)]
    facts = "".join(f"v{place}, " for place in range(len(writer.slots)))
    given = [f"a{place}, z{place}" for place in range(len(writer.outer))]
    lines = ["def run(rows, given, is_open):"]
    if given:
        lines.append(f"    ({'), ('.join(given)}){',' if len(given) == 1 else ''} = given")
    lines += ["    found = []", "    for row in rows:", f"        {facts or '_'}= row" if facts else "        pass"]
    lines += ["        if is_open or None in row:", *writer.lines[1], f"{MARGIN}found.append([{', '.join(unsure)}])"]
    lines += ["        else:", *writer.lines[0], f"{MARGIN}found.append([{', '.join(known)}])", "    return found"]
    scope: dict[str, Anything] = {}
    exec(compile("\n".join(lines), "<plan>", "exec"), scope)
    return Statements(formulas, tuple(writer.slots), tuple(writer.outer), scope["run"])


def used_often(formulas: Iterable[Formula]) -> list[Formula]:
    """Composite statements with two or more users, those inside others first."""
    users: dict[Formula, int] = {}
    ordered: dict[Formula, None] = {}

    def look(formula: Formula) -> None:
        users[formula] = users.get(formula, 0) + 1
        if users[formula] > 1:
            return
        for part in parts_of(formula):
            look(part)
        ordered[formula] = None

    for formula in formulas:
        look(formula)
    return [
        f for f in ordered if users[f] > 1 and not isinstance(f, Fixed | Positive | OneOf | ShareTest | PortionTest)
    ]


def parts_of(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Not(of):
            return (of,)
        case All(items) | Any(items) | AtLeast(_, items):
            return items
        case Split(_, body, branches):
            return (body, *branches)
        case Choose(branches):
            return tuple(part for branch in branches for part in branch)
    return ()
