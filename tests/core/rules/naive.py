"""The language again, as plainly as it can be said: complete facts, fractions, no cleverness.

`completions` lists everything the unknown facts could be; a verdict is right when it is what all of them say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product

from hatchline.core.rules import nodes
from hatchline.core.rules.vocabulary import FactDeclaration, day_number
from hatchline.core.values.quantity import step

Facts = Mapping[str, int | None]


class Naive:
    """Evaluates nodes for one subject whose facts, and whose ventures' facts, are all known."""

    def __init__(self, facts, members, figures, as_of) -> None:
        self.facts, self.members, self.figures, self.as_of = facts, members, figures, as_of

    def member(self, facts):
        return Naive(facts, (), self.figures, self.as_of)

    def value(self, node):
        """A Fraction, or None when there is nothing to divide by."""
        match node:
            case nodes.Number(quantity):
                return quantity.amount
            case nodes.Parameter(name):
                return self.figures[name]
            case nodes.Day(number):
                return Fraction(day_number(self.as_of) if number is None else number)
            case nodes.FactOf(fact, year):
                kept = self.facts[fact.name if year is None else f"{fact.name}@{self.as_of.year + year}"]
                return Fraction(kept) / (step(fact.dimension) if fact.kind == "number" else 1)
            case nodes.Sum(left, right, sign):
                return self.value(left) + sign * self.value(right)
            case nodes.Product(left, right):
                return self.value(left) * self.value(right)
            case nodes.Ratio(left, right):
                below = self.value(right)
                return self.value(left) / below if below > 0 else None
            case nodes.Months(since, until):
                return (self.value(until) - self.value(since)) / 31
            case nodes.Years():
                return max(sum(self.value(term) for term in run) for run in node.runs())
            case nodes.Extremum(items, largest):
                return (max if largest else min)(self.value(item) for item in items)
            case nodes.Bands(of, op, steps, otherwise):
                reached = self.value(of)
                for threshold, points in steps:
                    if reached is not None and compare(reached, op, self.value(threshold)):
                        return points
                return otherwise
        inside = [m for m in map(self.member, self.members) if m.holds(node.where)]
        match node:
            case nodes.Count():
                return Fraction(len(inside))
            case nodes.Total(_, of):
                return sum((m.value(of) for m in inside), Fraction(0))
            case nodes.Share(_, also):
                return Fraction(sum(m.holds(also) for m in inside), len(inside)) if inside else None
            case nodes.Portion(_, part, whole):
                below = sum(m.value(whole) for m in inside)
                return sum(m.value(part) for m in inside) / below if below > 0 else None
            case nodes.Peak(_, of, largest):
                return (max if largest else min)(m.value(of) for m in inside) if inside else None
        raise AssertionError(node)

    def holds(self, node, positive=True) -> bool:
        """Whether it is so; `positive` False: whether its denial is so (nothing to divide by: neither is)."""
        match node:
            case nodes.Always(value):
                return value is positive
            case nodes.FactOf():
                return bool(self.value(node)) is positive
            case nodes.Defined(_, body):
                return self.holds(body, positive)
            case nodes.Negation(of):
                return self.holds(of, not positive)
            case nodes.Several(items, least):
                many = sum(self.holds(item, positive) for item in items)
                return many >= (least if positive else len(items) - least + 1)
            case nodes.Among(fact, codes):
                return (fact.fact.codes[self.facts[fact.fact.name]] in codes) is positive
            case nodes.Compare(left, op, right):
                one, other = self.value(left), self.value(right)
                return one is not None and compare(one, op, other) is positive
        raise AssertionError(node)


def compare(one, op, other) -> bool:
    return {">=": one >= other, ">": one > other, "<=": one <= other, "<": one < other, "=": one == other}[op]


def completions(facts: Facts, used: Mapping[str, FactDeclaration]) -> Iterator[dict[str, int]]:
    """Everything the unknown facts of one subject could be; `used` are its columns."""
    ranges = [
        [facts[name]] if facts.get(name) is not None else range(f.smallest, f.largest + 1) for name, f in used.items()
    ]
    for values in product(*ranges):
        yield dict(zip(used, values, strict=True))


def columns_used(node, subject: str, as_of: date) -> dict[str, FactDeclaration]:
    """The columns of a subject that a node reads, yearly ones by their year."""
    found = {}
    for part in nodes.walk(node):
        years = [part.year] if isinstance(part, nodes.FactOf) else []
        if isinstance(part, nodes.Years):
            years = list(range(part.first, part.last + 1))
        for year in years:
            if part.fact.subject == subject:
                found[part.fact.name if year is None else f"{part.fact.name}@{as_of.year + year}"] = part.fact
    return found


def truths(node, facts: Facts, members: Sequence[Facts], figures, as_of) -> set[bool]:
    """What a requirement may turn out to be, over all completions of the subject's and its ventures' unknown facts."""
    own, theirs = columns_used(node, "institution", as_of), columns_used(node, "venture", as_of)
    found: set[bool] = set()
    for complete in completions(facts, own):
        for inside in product(*(list(completions(member, theirs)) for member in members)):
            found.add(Naive(complete, inside, figures, as_of).holds(node))
            if len(found) == 2:
                return found
    return found
