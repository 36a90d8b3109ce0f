"""From a document to a plan: figures put in, years counted from the day, ratios multiplied out.

`bind(document, as_of)` gives the plan of the document on a day. `given` replaces parameters ("min_tenants", or
"professional.min_tenants" for a variant's figure) with other amounts; that is what "what if" does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import product
from math import lcm

from hatchline.core.rules import nodes
from hatchline.core.rules.documents import Criterion, Document, Need, ParameterDeclaration, Variant
from hatchline.core.rules.entangle import check_sum, exact, slots_of
from hatchline.core.rules.plan import (
    FALSE,
    AtLeast,
    Choose,
    CountOf,
    Exact,
    Fixed,
    Formula,
    Highest,
    Judgement,
    Linear,
    OneOf,
    Plan,
    PortionTest,
    Positive,
    Quotient,
    ShareTest,
    Slot,
    Steps,
    SumOf,
    every,
    opposite,
    some,
)  # fmt: skip
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.texts import Text
from hatchline.core.rules.vocabulary import FactDeclaration, day_number
from hatchline.core.values.quantity import Quantity, step

OVERALL = "overall"
NO_OVERRIDES: Mapping[str, Quantity] = {}
ONE = Fraction(1)


def bind(document: Document, as_of: date, given: Mapping[str, Quantity] = NO_OVERRIDES) -> Plan:
    """The plan of a document on a day. Raises Misuse when a condition over ventures cannot be judged exactly."""
    binder = DocumentBinder(document, as_of, given)
    judgements = tuple(binder.judgement(criterion) for criterion in document.criteria.values())
    return Plan(document.name, document.subject, judgements, overall_formula(document.overall))


def overall_formula(need: Need) -> Formula:
    """The decision as a statement over the criteria's verdicts, each a slot of its name."""
    items = tuple(
        Positive(Linear(-1, ((1, Slot(item, 0, 1)),))) if isinstance(item, str) else overall_formula(item)
        for item in need.items
    )
    if need.least is None or need.least == len(items):
        return every(items)
    return some(items) if need.least == 1 else AtLeast(need.least, items)


@dataclass
class DocumentBinder:
    """Binds one document on one day; equal bindings are made once. What the given figures leave alone is `base`'s."""

    document: Document
    as_of: date
    given: Mapping[str, Quantity]
    base: DocumentBinder | None = None
    _lowered: dict[frozenset[str], Lowering] = field(default_factory=dict)
    _exact: dict[Formula, Formula] = field(default_factory=dict)
    _patterns: dict[tuple[str, ...], list[tuple[frozenset[str], Formula]]] = field(default_factory=dict)

    def figures(self, variants: frozenset[str]) -> dict[str, Fraction]:
        """Parameter values, in base units, where these variants apply: first other figures, then factors."""
        document, given = self.document, self.given
        found = {name: self._value(name, p) for name, p in document.parameters.items()}
        chosen = [v for v in document.variants.values() if v.name in variants]
        for variant in chosen:
            for name, parameter in variant.values.items():
                found[name] = self._value(f"{variant.name}.{name}", parameter)
        for variant in chosen:
            factor = document.factor_of(variant, self.as_of, given)
            for name in variant.scaled:
                found[name] *= factor
        return found

    def _value(self, key: str, parameter: ParameterDeclaration) -> Fraction:
        replaced = self.given.get(key)
        if replaced is None:
            return parameter.on(self.as_of).amount
        if replaced.dimension != parameter.dimension:
            unit = nodes.words(parameter.dimension)
            raise Misuse("wrong_unit", Text(f"{key} 的单位是{unit.zh}", f"{key} is in {unit.en}"))
        return replaced.amount

    def lowering(self, variants: frozenset[str] = frozenset()) -> Lowering:
        if variants not in self._lowered:
            base = None if self.base is None else self.base.lowering(variants)
            self._lowered[variants] = Lowering(self.figures(variants), self.as_of, self._exact, base)
        return self._lowered[variants]

    def judgement(self, criterion: Criterion) -> Judgement:
        applies: Formula = Fixed(True)
        if criterion.only_in:
            applies = self.guard(self.document.variants[criterion.only_in])

        def body(variants: frozenset[str]) -> Formula:
            if criterion.only_in and criterion.only_in not in variants:
                return Fixed(True)
            return self.lowering(variants).statement(criterion.requirement, True)

        touching = touching_variants(self.document, criterion)
        requirement = self.choose(touching, body)
        return Judgement(criterion.name, exact(applies, strict=False), exact(requirement, strict=False))

    def guard(self, variant: Variant) -> Formula:
        return self.lowering().statement(variant.when, True)

    def choose(self, variants: list[Variant], body: Callable[[frozenset[str]], Formula]) -> Formula:
        """One branch per combination of the variants that make a difference."""
        branches = [(guard, body(names)) for names, guard in self.patterns(variants)]
        bodies = {formula for _, formula in branches}
        return bodies.pop() if len(bodies) == 1 else Choose(tuple(branches))

    def patterns(self, variants: list[Variant]) -> list[tuple[frozenset[str], Formula]]:
        """Every combination of variants, and the statement that just these apply."""
        if self.base is not None and all(self.guard(v) is self.base.guard(v) for v in variants):
            return self.base.patterns(variants)
        key = tuple(v.name for v in variants)
        if key not in self._patterns:
            found = []
            for pattern in product((False, True), repeat=len(variants)):
                pairs = list(zip(variants, pattern, strict=True))
                guards = (self.guard(v) if on else opposite(self.guard(v)) for v, on in pairs)
                found.append((frozenset(v.name for v, on in pairs if on), every(guards)))
            self._patterns[key] = found
        return self._patterns[key]


def parameters_of(document: Document, asked: Criterion | Variant) -> set[str]:
    """Every parameter a criterion (or when a variant applies) rests on, through its definitions."""
    names, waiting = set[str](), list(asked.used)
    while waiting:
        name = waiting.pop()
        if name in document.definitions:
            waiting.extend(document.definitions[name].used)
        else:
            names.add(name)
    return names


def touching_variants(document: Document, criterion: Criterion) -> list[Variant]:
    """The variants under which a criterion reads differently."""
    used = parameters_of(document, criterion)
    return [
        v for v in document.variants.values()
        if v.name == criterion.only_in or used & (set(v.values) | set(v.scaled))
    ]  # fmt: skip


def slot(fact: FactDeclaration, year: int | None, as_of: date) -> Slot:
    """The column of a fact: NAME, or NAME@YEAR with the year counted from the day."""
    name = fact.name if year is None else f"{fact.name}@{as_of.year + year}"
    return Slot(name, fact.smallest, fact.largest)


class Lowering:
    """Nodes to plan, under one set of figures."""

    def __init__(
        self,
        figures: Mapping[str, Fraction],
        as_of: date,
        exactly: dict[Formula, Formula] | None = None,
        base: Lowering | None = None,
    ) -> None:
        self.figures, self.as_of, self.base = figures, as_of, base
        kept = {} if base is None else base.figures
        self.moved = frozenset(n for n, f in figures.items() if f is not (was := kept.get(n)) and f != was)
        self._exactly: dict[Formula, Formula] = {} if exactly is None else exactly  # equal statements are one object
        if base is not None:
            self._exactly = base._exactly
        self._rests_on: dict[int, tuple[nodes.Node, frozenset[str]]] = {}
        # by identity, which is quicker than by value; the node is kept so that its identity is not given away
        self._seen: dict[tuple[int, bool], tuple[nodes.Node, Formula]] = {}
        self.tests: dict[int, tuple[nodes.Node, Formula]] = {}
        self._wholes: dict[int, tuple[nodes.Node, tuple[Linear, int]]] = {}
        self._constants: dict[int, tuple[nodes.Node, Fraction]] = {}
        self._conditions: dict[int, tuple[nodes.Node, list[Formula]]] = {}
        self._own: dict[int, tuple[nodes.Node, list[str]]] = {}

    def exact(self, formula: Formula) -> Formula:
        """Exact for one venture; equal statements give the same object, so that looking them up is quick."""
        found = self._exactly.get(formula)
        if found is None:
            found = self._exactly[formula] = exact(formula)
        return found

    def rests_on(self, node: nodes.Node) -> frozenset[str]:
        """The parameters inside a node."""
        if id(node) not in self._rests_on:
            own = frozenset([node.name]) if isinstance(node, nodes.Parameter) else frozenset[str]()
            self._rests_on[id(node)] = (node, own.union(*(self.rests_on(child) for child in node.children)))
        return self._rests_on[id(node)][1]

    # --- amounts

    def constant(self, node: nodes.Node) -> Fraction:
        if id(node) not in self._constants:
            found = self.amount(node)
            assert not found.terms, node
            self._constants[id(node)] = (node, found.constant)
        return self._constants[id(node)][1]

    def whole(self, node: nodes.Node) -> tuple[Linear, int]:
        """An amount in whole numbers, and the factor it was multiplied with."""
        if id(node) not in self._wholes:
            self._wholes[id(node)] = (node, self.amount(node).whole())
        return self._wholes[id(node)][1]

    def amount(self, node: nodes.Node) -> Exact:
        """A linear amount in base units (dates in days numbers)."""
        match node:
            case nodes.Number(quantity):
                return Exact(quantity.amount)
            case nodes.Parameter(name):
                return Exact(self.figures[name])
            case nodes.Day(number):
                return Exact(Fraction(day_number(self.as_of) if number is None else number))
            case nodes.FactOf(fact, year):
                each = ONE / step(fact.dimension) if fact.kind == "number" else ONE
                return Exact(Fraction(0), ((each, slot(fact, year, self.as_of)),))
            case nodes.Sum(left, right, sign):
                return self.amount(left).plus(self.amount(right), Fraction(sign))
            case nodes.Product(left, right):
                if left.is_constant:
                    return self.amount(right).times(self.constant(left))
                return self.amount(left).times(self.constant(right))
            case nodes.Ratio(left, right) if right.is_constant:
                below = self.constant(right)
                if not below:
                    raise Misuse("divides_by_nothing", Text("这里的除数是 0", "a figure divided by is 0 here"))
                return self.amount(left).times(ONE / below)
            case nodes.Months(since, until):
                return self.amount(until).plus(self.amount(since), -ONE).times(Fraction(1, 31))
            case nodes.Years():
                runs = [self._added(terms) for terms in node.runs()]
                return runs[0] if len(runs) == 1 else self._highest(runs, largest=True)
            case nodes.Extremum(items, largest):
                return self._highest([self.amount(item) for item in items], largest=largest)
            case nodes.Bands():
                return self._bands(node)
            case nodes.Count(where):
                return Exact(Fraction(0), ((ONE, CountOf(self.exact(self.statement(where, True)))),))
            case nodes.Total(where, of):
                return self._total(where, of)
        raise AssertionError(node)

    def _added(self, terms: list[nodes.FactOf]) -> Exact:
        found = Exact(Fraction(0))
        for term in terms:
            found = found.plus(self.amount(term))
        return found

    def _highest(self, items: list[Exact], *, largest: bool) -> Exact:
        sign = ONE if largest else -ONE  # the least is minus the greatest of the negatives
        many = lcm(*(item.whole()[1] for item in items))
        lins = tuple(item.times(sign * many).whole()[0] for item in items)
        return Exact(Fraction(0), ((sign / many, Highest(lins)),))

    def _bands(self, node: nodes.Bands) -> Exact:
        all_points = [node.otherwise, *(points for _, points in node.steps)]
        many = 1
        for points in all_points:
            many = many * points.denominator
        tests = tuple(
            (self.statement(nodes.Compare(node.of, node.op, threshold), True), int(points * many))
            for threshold, points in node.steps
        )
        return Exact(Fraction(0), ((Fraction(1, many), Steps(tests, int(node.otherwise * many))),))

    def _total(self, where: nodes.Node, of: nodes.Node) -> Exact:
        condition = self.statement(where, True)
        lin, many = self.amount(of).whole()
        check_sum(condition, lin)
        return Exact(Fraction(0), ((Fraction(1, many), SumOf(self.exact(condition), lin)),))

    def conditions(self, node: nodes.Node) -> list[Formula]:
        """Over which ventures the counts and sums inside an amount run."""
        if id(node) not in self._conditions:
            wheres = [part.where for part in nodes.walk(node) if isinstance(part, nodes.Count | nodes.Total)]
            self._conditions[id(node)] = (node, [self.exact(self.statement(where, True)) for where in wheres])
        return self._conditions[id(node)][1]

    def own_facts(self, node: nodes.Node) -> list[str]:
        """The subject's own facts, of no year, that an amount is made of."""
        if id(node) not in self._own:
            facts = [part for part in nodes.walk(node) if isinstance(part, nodes.FactOf) and part.year is None]
            self._own[id(node)] = (node, [part.fact.name for part in facts if part.fact.subject != "venture"])
        return self._own[id(node)][1]

    # --- statements

    def statement(self, node: nodes.Node, positive: bool) -> Formula:
        """The statement, or (not positive) what its denial means: a ratio without denominator is not met either way."""
        key = (id(node), positive)
        if key not in self._seen:
            if self.base is not None and not self.moved & self.base.rests_on(node):
                return self.base.statement(node, positive)
            self._seen[key] = (node, self._statement(node, positive))
        return self._seen[key][1]

    def test(self, node: nodes.Node) -> Formula:
        """The test "at least nothing" of a share or portion, whose figures tell its value."""
        if id(node) not in self.tests:
            self.tests[id(node)] = (node, self._ratio(node, Fraction(0), 1, 0))
        return self.tests[id(node)][1]

    def _statement(self, node: nodes.Node, positive: bool) -> Formula:
        match node:
            case nodes.Always(value):
                return Fixed(value is positive)
            case nodes.FactOf(fact, year):
                held = slot(fact, year, self.as_of)
                return Positive(Linear(-1, ((1, held),)) if positive else Linear(0, ((-1, held),)))
            case nodes.Defined(_, body):
                return self.statement(body, positive)
            case nodes.Negation(of):
                return self.statement(of, not positive)
            case nodes.Several(items, least):
                return self._several(items, least, positive)
            case nodes.Among(fact, codes):
                held = slot(fact.fact, fact.year, self.as_of)
                places = [fact.fact.codes.index(code) for code in codes]
                chosen = [p for p in range(len(fact.fact.codes)) if (p in places) is positive]
                return OneOf(held, tuple(chosen))
            case nodes.Compare():
                return self._compare(node, positive)
        raise AssertionError(node)

    def _several(self, items: tuple[nodes.Node, ...], least: int, positive: bool) -> Formula:
        lowered = tuple(self.statement(item, positive) for item in items)
        count = least if positive else len(items) - least + 1
        if count == len(items):
            return every(lowered)
        return some(lowered) if count == 1 else AtLeast(count, lowered)

    def _compare(self, node: nodes.Compare, positive: bool) -> Formula:
        left, right = node.left, node.right
        if node.op == "=":
            both = [self._compare(nodes.Compare(left, op, right), positive) for op in (">=", "<=")]
            return every(both) if positive else some(both)
        op = node.op if positive else nodes.FLIPPED[node.op]
        sign, strict = (1 if op in (">=", ">") else -1), int(op in (">", "<"))
        if left.is_ratio:
            return self._ratio(left, self.constant(right), sign, strict)
        lin = self.amount(left).plus(self.amount(right), -ONE).times(Fraction(sign)).whole()[0]
        shifted = Linear(lin.constant - strict, lin.terms)
        return Positive(shifted) if shifted.terms else Fixed(shifted.constant >= 0)

    def _ratio(self, left: nodes.Node, value: Fraction, sign: int, strict: int) -> Formula:
        match left:
            case nodes.Ratio(top, bottom):
                below = self.amount(bottom)
                lin = self.amount(top).plus(below, -value).times(Fraction(sign)).whole()[0]
                return Quotient(Linear(lin.constant - strict, lin.terms), below.whole()[0])
            case nodes.Share(where, also):
                return self._share(where, also, value, sign, strict)
            case nodes.Portion(where, part, whole):
                condition = self.statement(where, True)
                tops = [term for _, term in self.amount(part).terms]
                bottoms = [term for _, term in self.amount(whole).terms]
                assert isinstance(tops[0], Slot) and isinstance(bottoms[0], Slot)
                if {tops[0], bottoms[0]} & slots_of(condition) or tops[0] == bottoms[0]:
                    raise Misuse(
                        "entangled",
                        Text("portion 的两个事实不能同时决定统计谁", "a portion's facts may not decide who is counted"),
                    )
                value *= step(part.dimension) / step(whole.dimension)
                return PortionTest(
                    self.exact(condition), tops[0], bottoms[0], value.numerator, value.denominator, sign, strict
                )
            case nodes.Peak(where, of, largest):
                return self._peak(where, of, largest, value, sign, strict)
        raise AssertionError(left)

    def _share(self, where: nodes.Node, also: nodes.Node, value: Fraction, sign: int, strict: int) -> Formula:
        base, counted = self.statement(where, True), self.statement(also, True)
        return ShareTest(
            opposite(self.exact(base)), self.exact(every((base, counted))),
            self.exact(every((base, opposite(counted)))),
            value.numerator, value.denominator, sign, strict,
        )  # fmt: skip

    def _peak(
        self, where: nodes.Node, of: nodes.Node, largest: bool, value: Fraction, sign: int, strict: int
    ) -> Formula:
        """The largest is at most x when all are; it is at least x when one is."""
        base = self.statement(where, True)
        lin = self.amount(of).plus(Exact(value), -ONE).times(Fraction(sign)).whole()[0]
        one: Formula = Positive(Linear(lin.constant - strict, lin.terms))
        out, yes, no = (
            opposite(self.exact(base)),
            self.exact(every((base, one))),
            self.exact(every((base, opposite(one)))),
        )
        if largest is (sign > 0):
            return ShareTest(out, yes, no, 0, 1, 1, 1)
        return ShareTest(out, yes, no, 1, 1, 1, 0)


__all__ = ["FALSE", "DocumentBinder", "Lowering", "bind", "overall_formula", "parameters_of", "touching_variants"]
