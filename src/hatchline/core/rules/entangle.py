"""Make statements exact for one subject: no fact may pull both ways without being looked at value by value.

Interval arithmetic with Kleene logic is exact when every unknown fact pulls a statement in one direction only: then all
of them can be at their worst at once. Where a fact pulls both ways ("entered at most 24 months after founding and at
most 48 months ago"), the statement is split over the values of that fact at which anything changes; those values may
depend on other facts.
"""

from __future__ import annotations

from hatchline.core.rules.plan import (
    FALSE,
    TRUE,
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
    Positive,
    Quotient,
    Slot,
    Split,
    Steps,
    SumOf,
    Term,
    every,
    opposite,
    some,
)  # fmt: skip
from hatchline.core.rules.problems import Misuse
from hatchline.core.rules.texts import Text

SMALL = 12
MOST_BRANCHES = 400

# A pull: its direction, and the two neighbouring values of the fact between which the statement changes (None: there is
# no such place, or it is no whole number).
Pull = tuple[object, tuple[Linear, Linear] | None]


def exact(formula: Formula, *, strict: bool = True) -> Formula:
    """The same statement, exact in the unknown facts of one subject.

    With `strict` a statement that cannot be made exact raises Misuse; otherwise it is left as it is, and may answer
    unknown where a closer look would know more.
    """
    return _exact(formula, frozenset(), strict, [0])


def _exact(formula: Formula, settled: frozenset[Slot], strict: bool, made: list[int]) -> Formula:
    found: dict[Slot, list[Pull]] = {}
    _pulls(formula, 1, found)
    for slot, pulls in found.items():
        if slot in settled or len({direction for direction, _ in pulls}) == 1:
            continue
        if isinstance(formula, All | Any):
            apart, closer = _parted(formula.items, slot)
            if apart:  # independent of the split, so no part of it; the split stays one for many statements
                together = every if isinstance(formula, All) else some
                return together(_exact(together(part), settled, strict, made) for part in (apart, closer))
        values = _values(slot, pulls)
        made[0] += len(values or ())
        if values is None or made[0] > MOST_BRANCHES:
            if strict:
                raise Misuse(
                    "entangled",
                    Text(f"{slot.name} 变大既会让这个条件成立、又会让它不成立，无法准确判定；请只拿它和参数比较",
                         f"{slot.name} pulls this condition both ways; compare it with parameters only"),
                )  # fmt: skip
            return _exact(formula, settled | {slot}, strict, made)
        branches = {_exact(substitute(formula, slot, value), settled, strict, made): None for value in values}
        return Split(slot, _exact(formula, settled | {slot}, strict, made), tuple(branches))
    return formula


def _parted(items: tuple[Formula, ...], slot: Slot) -> tuple[list[Formula], list[Formula]]:
    """The items that share no fact with those that turn on this one, directly or through others; and the rest."""
    apart, closer, reached = list(items), list[Formula](), {slot}
    while near := [item for item in apart if reached & slots_of(item)]:
        closer += near
        apart = [item for item in apart if item not in near]
        reached = reached.union(*(slots_of(item) for item in near))
    return apart, [item for item in items if item in closer]


def _values(slot: Slot, pulls: list[Pull]) -> list[Linear] | None:
    """The values of an unknown fact that can make a difference: one at least from every stretch between two changes."""
    sets = [direction[1] for direction, _ in pulls if isinstance(direction, tuple) and direction[0] == "in"]
    if len(sets) == len(pulls):  # one choice from every group that the statement does not tell apart
        alike = {tuple(code in codes for codes in sets): code for code in range(slot.smallest, slot.largest + 1)}
        return [Linear(code) for code in alike.values()]
    if slot.largest - slot.smallest <= SMALL:
        return [Linear(value) for value in range(slot.smallest, slot.largest + 1)]
    places = [place for _, place in pulls]
    if any(place is None for place in places):
        return None
    found: dict[Linear, None] = {}
    for place in places:
        for near in place or ():
            if near.terms or slot.smallest <= near.constant <= slot.largest:
                found[near] = None
    return list(found) or [Linear(slot.smallest)]


def _pulls(formula: Formula, sign: int, found: dict[Slot, list[Pull]]) -> None:
    """Add how each fact pulls a statement. A statement's own pulls are kept with it: parts are shared by many."""
    known: dict[int, tuple[tuple[Slot, Pull], ...]] = formula.__dict__.setdefault("_pulls", {})
    if sign not in known:
        own: dict[Slot, list[Pull]] = {}
        _look(formula, sign, own)
        known[sign] = tuple((slot, pull) for slot, pulls in own.items() for pull in pulls)
    for slot, pull in known[sign]:
        found.setdefault(slot, []).append(pull)


def _look(formula: Formula, sign: int, found: dict[Slot, list[Pull]]) -> None:
    match formula:
        case Positive(lin):
            _pulls_of_amount(lin, sign, found, is_whole=True)
        case Quotient(lin, denominator):
            below = single(denominator)
            for coefficient, term in lin.terms:
                if term != below:
                    _pulls_of_amount(Linear(0, ((coefficient, term),)), sign, found, is_whole=False)
            if below is not None:  # pulls its own ratio both ways, which engines know; but not together with others
                found.setdefault(below, []).append(((formula, sign), None))
            else:
                _pulls_of_amount(denominator, sign, found, is_whole=False)
        case OneOf(slot, codes):
            found.setdefault(slot, []).append((("in", codes, sign), None))
        case Not(of):
            _pulls(of, -sign, found)
        case All(items) | Any(items) | AtLeast(_, items):
            for item in items:
                _pulls(item, sign, found)
        case Choose(branches):
            for guard, body in branches:
                _pulls(guard, 1, found)
                _pulls(guard, -1, found)
                _pulls(body, sign, found)
        case _:
            pass


def single(denominator: Linear) -> Slot | None:
    """The one fact a denominator consists of, if it does."""
    if len(denominator.terms) == 1 and denominator.constant == 0 and isinstance(denominator.terms[0][1], Slot):
        return denominator.terms[0][1]
    return None


def _pulls_of_amount(lin: Linear, sign: int, found: dict[Slot, list[Pull]], *, is_whole: bool) -> None:
    for coefficient, term in lin.terms:
        pull = sign if coefficient > 0 else -sign
        if isinstance(term, Slot):
            place = _place(lin, coefficient, term) if is_whole else None
            found.setdefault(term, []).append((pull, place))
        elif isinstance(term, Highest):
            for item in term.items:
                _pulls_of_amount(item, pull, found, is_whole=False)
        elif isinstance(term, Steps):
            for test, _points in term.tests:
                _pulls(test, pull, found)


def _place(lin: Linear, coefficient: int, slot: Slot) -> tuple[Linear, Linear] | None:
    """The last value of the slot on one side of `lin >= 0` and the first on the other, in terms of the other facts."""
    others = [(c, term) for c, term in lin.terms if term != slot]
    if not others:
        last = (-lin.constant - 1) // coefficient if coefficient > 0 else lin.constant // -coefficient
        return Linear(last), Linear(last + 1)
    if abs(coefficient) != 1 or not all(isinstance(term, Slot) for _, term in others):
        return None
    edge = tuple((-coefficient * c, term) for c, term in others)  # the first value that passes, or the last
    constant = -coefficient * lin.constant
    return Linear(constant - coefficient, edge), Linear(constant, edge)


def substitute(formula: Formula, slot: Slot, value: Linear) -> Formula:
    """The statement with an amount put in place of a fact."""
    if slot not in slots_of(formula):
        return formula
    match formula:
        case Positive(lin):
            put = _put(lin, slot, value)
            return Positive(put) if put.terms else Fixed(put.constant >= 0)
        case Quotient(lin, denominator):
            return Quotient(_put(lin, slot, value), _put(denominator, slot, value))
        case OneOf(of, codes) if of == slot:
            return Fixed(value.constant in codes)
        case Not(of):
            return opposite(substitute(of, slot, value))
        case All(items):
            return every(substitute(item, slot, value) for item in items)
        case Any(items):
            return some(substitute(item, slot, value) for item in items)
        case AtLeast(count, items):
            return AtLeast(count, tuple(substitute(item, slot, value) for item in items))
        case Choose(branches):
            left = [(substitute(guard, slot, value), substitute(body, slot, value)) for guard, body in branches]
            sure = next((body for guard, body in left if guard == TRUE), None)
            return sure or Choose(tuple(branch for branch in left if branch[0] != FALSE))
        case _:
            return formula


def _put(lin: Linear, slot: Slot, value: Linear) -> Linear:
    constant, terms = lin.constant, dict[Term, int]()
    for coefficient, term in lin.terms:
        if term == slot:
            constant += coefficient * value.constant
            for c, other in value.terms:
                terms[other] = terms.get(other, 0) + coefficient * c
        else:
            if isinstance(term, Highest):
                term = Highest(tuple(_put(item, slot, value) for item in term.items))
            elif isinstance(term, Steps):
                term = Steps(tuple((substitute(t, slot, value), points) for t, points in term.tests), term.otherwise)
            terms[term] = terms.get(term, 0) + coefficient
    return Linear(constant, tuple((c, term) for term, c in terms.items() if c))


def slots_of(formula: Formula) -> frozenset[Slot]:
    """The facts a statement about one subject uses; kept with it."""
    known: frozenset[Slot] | None = formula.__dict__.get("_slots")
    if known is None:
        found: dict[Slot, list[Pull]] = {}
        _pulls(formula, 1, found)
        known = formula.__dict__["_slots"] = frozenset(found) | _denominators(formula)
    return known


def _denominators(formula: Formula) -> frozenset[Slot]:
    match formula:
        case Quotient(_, denominator):
            return frozenset(term for _, term in denominator.terms if isinstance(term, Slot))
        case Not(of):
            return _denominators(of)
        case All(items) | Any(items) | AtLeast(_, items):
            return frozenset[Slot]().union(*(_denominators(item) for item in items))
        case Choose(branches):
            return frozenset[Slot]().union(*(_denominators(part) for branch in branches for part in branch))
        case _:
            return frozenset()


def check_sum(condition: Formula, amount: Linear) -> None:
    """A sum is exact when what is summed and who is summed over are unknown independently, or grow together."""
    pulls: dict[Slot, list[Pull]] = {}
    _pulls(condition, 1, pulls)
    for coefficient, term in amount.terms:
        if isinstance(term, Slot) and term in pulls:
            together = coefficient > 0 and term.smallest >= 0 and all(d == 1 for d, _ in pulls[term])
            if not together:
                raise Misuse(
                    "entangled",
                    Text(f"{term.name} 既决定统计谁、又是要加的数，无法准确判定",
                         f"{term.name} decides both who is summed over and what is summed"),
                )  # fmt: skip
    if any(isinstance(term, CountOf | SumOf) for _, term in amount.terms):
        raise Misuse("entangled", Text("统计出来的量不能再逐家相加", "an aggregate cannot be summed"))
