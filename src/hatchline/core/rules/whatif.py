"""What if: other figures, thousands of combinations, over the whole population, in one go.

Only what a figure touches is reckoned again, and each distinct setting of it once: a criterion's verdicts are kept as
bits, and a scenario is a few "and"s of bits. Aggregates over ventures are kept as long as no figure inside them moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import reduce
from itertools import product
from math import prod

import numpy as np
import numpy.typing as npt

from hatchline.core.rules import kernel
from hatchline.core.rules.bind import DocumentBinder, overall_formula, parameters_of
from hatchline.core.rules.documents import Document, ParameterDeclaration
from hatchline.core.rules.plan import All, Any, Fixed, Formula, Positive, Slot, every, slots_of
from hatchline.core.rules.populations import Bools, Population
from hatchline.core.rules.texts import Text, Told, nearest
from hatchline.core.rules.vector import Columns, Institutions
from hatchline.core.values.quantity import Quantity, UnitError, written

Bits = npt.NDArray[np.uint8]
Packed = tuple[Bits, Bits]
Scenario = Mapping[str, Quantity]
MOST_SCENARIOS = 1_000_000
BITS_AT_ONCE = 2**27
RANGE = re.compile(r"^\s*(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)\s*(?::\s*([\d.]+))?\s*(\D*)$")


class BadSetting(Told):
    """A setting that cannot be read; the sentence says what was expected and offers the nearest parameter."""


def declared(document: Document) -> dict[str, ParameterDeclaration]:
    """The figures that can be moved: parameters, and a variant's own as VARIANT.NAME."""
    found = dict(document.parameters)
    for variant in document.variants.values():
        found |= {f"{variant.name}.{name}": parameter for name, parameter in variant.values.items()}
    return found


def setting(document: Document, text: str) -> tuple[str, list[Quantity]]:
    """Read NAME=15..30:1 (a range with its step) or NAME=10,20,30; a unit may follow, else the parameter's own."""
    name, equals, values = text.partition("=")
    name = name.strip()
    known = declared(document)
    if not equals or not values.strip():
        raise BadSetting(
            Text(f"“{text}”没有写值：写成 NAME=15..30:1 或 NAME=10,20,30",
                 f"{text!r} says no value: write NAME=15..30:1 or NAME=10,20,30")
        )  # fmt: skip
    if name not in known:
        hint = nearest(name, known)
        said = Text(f"{document.name} 没有叫“{name}”的参数", f"no parameter of {document.name} is called {name!r}")
        raise BadSetting(said.hinted(hint))
    own = known[name].values[-1][1].unit
    found = RANGE.match(values)
    numbers: list[str]
    unit = ""
    if found:
        first, last, step_ = Fraction(found[1]), Fraction(found[2]), Fraction(found[3] or 1)
        if step_ <= 0 or last < first:
            raise BadSetting(
                Text(f"“{values}”不是范围：写成 低..高:步长，步长大于 0",
                     f"{values!r} is not a range: write LOW..HIGH:STEP, with a step above 0")
            )  # fmt: skip
        if (last - first) / step_ >= MOST_SCENARIOS:
            raise BadSetting(
                Text(f"“{values}”超过 {MOST_SCENARIOS:,} 个值：请加大步长",
                     f"{values!r} has more than {MOST_SCENARIOS:,} values: take a larger step")
            )  # fmt: skip
        count = int((last - first) / step_) + 1
        numbers = [written(first + step_ * k, 10).replace(",", "") for k in range(count)]
        unit = found[4].strip()
    else:
        numbers = [part.strip() for part in values.split(",")]
    try:
        quantities = [_quantity(number, unit or own.name, known[name]) for number in numbers]
    except UnitError as error:
        known_unit = Text(own.zh or "不带单位的数", own.name if own.name != "plain" else "a plain number")
        raise BadSetting(
            Text(f"{name}：“{error}”不是以{known_unit.zh}计的数",
                 f"{name}: {str(error)!r} is not an amount in {known_unit.en}")
        ) from None  # fmt: skip
    return name, quantities


def _quantity(number: str, unit: str, parameter: ParameterDeclaration) -> Quantity:
    bare = re.fullmatch(r"-?[\d.]+", number) is not None
    found = Quantity.parse(f"{number} {unit}" if bare else number)
    if found.dimension != parameter.dimension:
        raise UnitError(number)
    return found


def scenarios(settings: Iterable[tuple[str, Sequence[Quantity]]]) -> list[dict[str, Quantity]]:
    """Every combination of the settings."""
    listed = list(settings)
    twice = [name for place, (name, _) in enumerate(listed) if name in [n for n, _ in listed[:place]]]
    if twice:
        raise BadSetting(
            Text(f"{twice[0]} 写了两次：请把各个值写在一个列表里",
                 f"{twice[0]} is set twice: write all its values in one list")
        )  # fmt: skip
    many = prod(len(values) for _, values in listed)
    if many > MOST_SCENARIOS:
        raise BadSetting(
            Text(
                f"{many:,} 个方案超过上限 {MOST_SCENARIOS:,} 个", f"{many:,} scenarios are more than {MOST_SCENARIOS:,}"
            )
        )
    names = [name for name, _ in listed]
    return [dict(zip(names, values, strict=True)) for values in product(*(values for _, values in listed))]


def pack(pair: tuple[Bools, Bools]) -> Packed:
    return np.packbits(pair[0]), np.packbits(pair[1])


def count(bits: Bits) -> int:
    return int(np.bitwise_count(bits).sum())


@dataclass(frozen=True)
class Outcome:
    """One scenario: who passes now, against the law as it stands. Bits are one per subject, in their order."""

    scenario: Scenario
    met: Bits
    possible: Bits
    before: Bits
    criteria: Mapping[str, Packed]
    size: int

    @property
    def passes(self) -> int:
        return count(self.met)

    @property
    def unknown(self) -> int:
        return count(self.possible & ~self.met)

    @property
    def won(self) -> int:
        return count(self.met & ~self.before)

    @property
    def lost(self) -> int:
        return count(self.before & ~self.met)

    def who(self, bits: Bits) -> list[int]:
        """The places of those whose bit is set."""
        return [int(place) for place in np.flatnonzero(np.unpackbits(bits, count=self.size))]

    def winners(self) -> list[int]:
        return self.who(self.met & ~self.before)

    def losers(self) -> list[int]:
        return self.who(self.before & ~self.met)

    def by_criterion(self) -> dict[str, int]:
        """How many meet each criterion."""
        return {name: count(met) for name, (met, _) in self.criteria.items()}

    def by_group(self, groups: Sequence[str]) -> dict[str, tuple[int, int, int]]:
        """Per territory (one name per subject): how many pass, are won, are lost."""
        names, places = np.unique(np.asarray(groups), return_inverse=True)
        columns = [
            np.bincount(places, weights=np.unpackbits(bits, count=self.size), minlength=len(names))
            for bits in (self.met, self.met & ~self.before, self.before & ~self.met)
        ]
        return {str(name): (int(columns[0][k]), int(columns[1][k]), int(columns[2][k])) for k, name in enumerate(names)}


@dataclass
class WhatIf:
    """A document on a day over a population, ready to be asked. Keeps what does not change between questions.

    ``touching``: of each criterion the names of the figures that can move it.
    """

    document: Document
    as_of: date
    population: Population
    fused: bool = field(default_factory=kernel.available)

    def __post_init__(self) -> None:
        self.subjects = Institutions.of(self.population)
        self.binder = DocumentBinder(self.document, self.as_of, {})
        self._judged: dict[tuple[str, tuple[tuple[str, Fraction], ...]], Packed] = {}
        self._overall = overall_formula(self.document.overall)
        self.touching = {name: self._names(name) for name in self.document.criteria}
        self._before = self.outcome({}).met

    def _names(self, criterion: str) -> frozenset[str]:
        """Every figure that can move a criterion."""
        document = self.document
        used = parameters_of(document, document.criteria[criterion])
        names = set(used)
        only_in = document.criteria[criterion].only_in
        for variant in document.variants.values():
            touched = used & (set(variant.values) | set(variant.scaled))
            if touched or variant.name == only_in:
                names |= {f"{variant.name}.{name}" for name in variant.values if name in used}
                names |= parameters_of(document, variant)
                if variant.factor:
                    names.add(variant.factor)
        return frozenset(names)

    def criterion(self, name: str, scenario: Scenario) -> Packed:
        """The verdicts on a criterion, reckoned once for each setting of the figures that move it."""
        given = {key: value for key, value in scenario.items() if key in self.touching[name]}
        key = (name, tuple(sorted((n, q.amount) for n, q in given.items())))
        if key not in self._judged:
            binder = DocumentBinder(self.document, self.as_of, given, self.binder) if given else self.binder
            judgement = binder.judgement(self.document.criteria[name])
            self._prepare([judgement.requirement])
            self._judged[key] = pack(self.subjects.pair(judgement.requirement))
            self.subjects._pairs.clear()  # verdicts are kept as bits; figures of aggregates stay
        return self._judged[key]

    def _prepare(self, formulas: Sequence[Formula]) -> None:
        if self.fused and self.population.member_count:
            kernel.fill(self.subjects, formulas)

    def outcome(self, scenario: Scenario) -> Outcome:
        """One scenario."""
        return self.run([scenario])[0]

    def run(self, asked: Iterable[Scenario]) -> list[Outcome]:
        """Many scenarios, each from the kept bits of its criteria; what no scenario moves is decided once."""
        asked = list(asked)
        names = frozenset(name for scenario in asked for name in scenario)
        moved = {criterion for criterion, touching in self.touching.items() if touching & names}
        still = {name: self.criterion(name, {}) for name in self.document.criteria if name not in moved}
        whole, size = self._overall, self.population.size
        parts = whole.items if isinstance(whole, All) else (whole,)
        settled = [part for part in parts if not moved & {slot.name for slot in slots_of([part])}]
        common = decide(every(settled), still, size)
        rest = every(part for part in parts if part not in settled)
        found = list[Outcome]()
        each = max(1, BITS_AT_ONCE // max(1, size))
        for first in range(0, len(asked), each):
            found += self._together(asked[first : first + each], moved, still, rest, common)
        return found

    def _together(
        self, asked: Sequence[Scenario], moved: set[str], still: Mapping[str, Packed], rest: Formula, common: Packed
    ) -> list[Outcome]:
        """Some scenarios at once: the bits of what moves, a row a scenario, and the decision over the rows."""
        size, many = self.population.size, len(asked)
        rows = {name: self._rows(name, asked) for name in self.document.criteria if name in moved}
        quick = bitwise(rest, {**still, **rows}, size)
        if quick is None:
            each = [{**still, **{name: (p[0][k], p[1][k]) for name, p in rows.items()}} for k in range(many)]
            apart = [decide(rest, criteria, size) for criteria in each]
            quick = np.stack([pair[0] for pair in apart]), np.stack([pair[1] for pair in apart])
        met, possible = (
            np.broadcast_to(side & each, (many, len(each))) for side, each in zip(quick, common, strict=True)
        )
        before = getattr(self, "_before", met[0])
        kept = {name: still.get(name, common) for name in self.document.criteria}  # in the document's order
        return [
            Outcome(
                scenario, met[k], possible[k], before,
                kept | {name: (pair[0][k], pair[1][k]) for name, pair in rows.items()}, size,
            )
            for k, scenario in enumerate(asked)
        ]  # fmt: skip

    def _rows(self, name: str, asked: Sequence[Scenario]) -> Packed:
        """The bits of a criterion, a row a scenario; each distinct setting is reckoned once."""
        moving = sorted({figure for scenario in asked for figure in scenario} & self.touching[name])
        places: dict[tuple[int, ...], int] = {}  # by identity: a setting's amounts are shared by its scenarios
        found, index = list[Packed](), np.empty(len(asked), dtype=np.intp)
        for k, scenario in enumerate(asked):
            key = tuple([id(scenario.get(figure)) for figure in moving])
            place = places.get(key)
            if place is None:
                place = places[key] = len(found)
                found.append(self.criterion(name, scenario))
            index[k] = place
        return np.stack([pair[0] for pair in found])[index], np.stack([pair[1] for pair in found])[index]


def bitwise(overall: Formula, criteria: Mapping[str, Packed], size: int) -> Packed | None:
    """The decision from the criteria's bits, or from rows of bits; None where more than "and" and "or" is asked."""

    def bits(formula: Formula) -> Packed | None:
        match formula:
            case Positive(lin) if lin.constant == -1 and len(lin.terms) == 1:
                term = lin.terms[0][1]
                assert isinstance(term, Slot)
                return criteria[term.name]
            case Fixed(value):
                return pack((np.full(size, value), np.full(size, value)))
            case All(items):
                return joined(items, np.bitwise_and)
            case Any(items):
                return joined(items, np.bitwise_or)
        return None

    def joined(items: Sequence[Formula], operation: Callable[[Bits, Bits], Bits]) -> Packed | None:
        parts = [bits(item) for item in items]
        if any(part is None for part in parts):
            return None
        found = [part for part in parts if part is not None]
        return reduce(operation, (p[0] for p in found)), reduce(operation, (p[1] for p in found))

    return bits(overall)


def decide(overall: Formula, criteria: Mapping[str, Packed], size: int) -> Packed:
    """The decision from the criteria's bits; what is neither "and" nor "or" on columns."""
    quick = bitwise(overall, criteria, size)
    if quick is not None:
        return quick
    unpacked = {
        name: tuple(np.unpackbits(part, count=size).astype(bool) for part in pair) for name, pair in criteria.items()
    }
    columns = {
        name: np.where(met, 1, np.where(possible, -128, 0)).astype(np.int8)
        for name, (met, possible) in unpacked.items()
    }
    return pack(Columns(columns, size).pair(overall))


def compare(one: Document, other: Document, as_of: date, population: Population) -> Outcome:
    """Two documents over the same facts: the other's outcome, with the first as what was before."""
    first, second = WhatIf(one, as_of, population), WhatIf(other, as_of, population).outcome({})
    return Outcome({}, second.met, second.possible, first.outcome({}).met, second.criteria, population.size)
