"""The fused kernel: the generated loops compiled by Numba, for the ventures and then for the criteria.

Numba is an optional extra (`pip install hatchline[kernel]`); without it `available()` says no and the same figures come
from NumPy (`vector`), which is slower and gives the same verdicts.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from hatchline.core.rules.generate import (
    BLOCK,
    FIGURES,
    Aggregate,
    Source,
    aggregates_of,
    criteria_source,
    formulas_of,
    own_slots,
    source,
)
from hatchline.core.rules.plan import (
    CountOf,
    Formula,
    Highest,
    Linear,
    Plan,
    PortionTest,
    ShareTest,
    Slot,
    Steps,
    SumOf,
    slots_of,
)
from hatchline.core.rules.populations import Column, Ints, Population, missing
from hatchline.core.rules.vector import LIMIT, Institutions, Judged, TooLarge, evaluate

THREADS = 2
WORTH_SPLITTING = 200_000


def available() -> bool:
    """Whether Numba is installed."""
    return importlib.util.find_spec("numba") is not None


@lru_cache(maxsize=256)
def compiled(text: str, name: str = "run") -> Callable[..., None]:
    """The machine code of a generated function; equal texts are compiled once per process."""
    import numba

    scope: dict[str, Any] = {}
    exec(compile(text, "<plan>", "exec"), scope)
    made: Callable[..., None] = numba.njit(nogil=True, error_model="numpy")(scope[name])
    return made


@lru_cache(maxsize=256)
def _written(aggregates: tuple[Aggregate, ...], unknowns: tuple[int, ...]) -> Source:
    return source(aggregates, unknowns)


@lru_cache(maxsize=256)
def _criteria(plan: Plan, aggregates: tuple[Aggregate, ...], unknowns: tuple[int, ...]) -> Source:
    return criteria_source(plan, aggregates, unknowns)


def fill(subjects: Institutions, formulas: Iterable[Formula]) -> None:
    """Reckon the aggregates of these statements in one pass over the ventures and keep them."""
    wanted = [a for a in aggregates_of(formulas) if a not in subjects.kept]
    if not wanted:
        return
    assert subjects.population is not None
    figures, place = _figures(subjects.population, wanted), 0
    for aggregate in wanted:
        many = FIGURES[type(aggregate)]
        subjects.kept[aggregate] = tuple(figures[place : place + many])
        place += many


def _figures(population: Population, wanted: Sequence[Aggregate]) -> Ints:
    """The figures of these aggregates, a row a figure, a column an institution."""
    check_sizes(wanted, population)
    columns = [_column(population.members, slot, population.member_count) for slot in slots_of(wanted)]
    made = _written(tuple(wanted), tuple(missing(column.dtype) for column in columns))
    run, law = compiled(made.text), np.array(made.law, dtype=np.int64)
    figures = np.empty((sum(FIGURES[type(a)] for a in wanted), population.size), dtype=np.int64)

    def part(first: int, last: int) -> None:
        truths = np.empty((max(made.truths, 1), BLOCK), dtype=np.bool_)
        numbers = np.empty((max(made.numbers, 1), BLOCK), dtype=np.int64)
        run(first, last, population.offsets, *columns, law, truths, numbers, figures)

    _in_parts(part, population)
    return figures


def _in_parts(part: Callable[[int, int], None], population: Population) -> None:
    """Let a part be done for all institutions, in threads where that pays."""
    size = population.size
    if population.member_count < WORTH_SPLITTING:
        part(0, size)
        return
    cuts = np.searchsorted(population.offsets, np.linspace(0, population.member_count, THREADS + 1)[1:-1])
    bounds = [0, *(int(cut) for cut in cuts), size]
    part(0, 0)  # compile once, before the threads ask for it
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(part, a, b) for a, b in pairwise(bounds)]:
            done.result()


def _column(columns: Mapping[str, Column], slot: Slot, size: int) -> Column:
    """The column of a fact; one that nobody gave is unknown throughout."""
    found = columns.get(slot.name)
    return np.full(size, missing(np.dtype(np.int8)), dtype=np.int8) if found is None else found


def check_sizes(aggregates: Iterable[Aggregate], population: Population) -> None:
    """Raise TooLarge unless every sum of every institution fits into 64 bits."""
    most = int(np.diff(population.offsets).max(initial=0))
    for aggregate in aggregates:
        match aggregate:
            case SumOf(_, amount):
                _fits(most * _size(amount, population))
            case PortionTest():
                part, whole = (_reach(slot, population.members) for slot in (aggregate.part, aggregate.whole))
                _fits(most * (aggregate.below * part + abs(aggregate.above) * whole))
            case CountOf():
                pass


def _fits(size: int) -> None:
    if size >= LIMIT:
        raise TooLarge("a sum does not fit into 64 bits; use the duckdb engine")


def _size(lin: Linear, population: Population) -> int:
    size = abs(lin.constant)
    for coefficient, term in lin.terms:
        size += abs(coefficient) * (_reach(term, population.members) if isinstance(term, Slot) else LIMIT // 2**20)
    return size


def _reach(slot: Slot, columns: Mapping[str, Column]) -> int:
    """The largest number a fact's column can give."""
    declared = max(abs(slot.smallest), abs(slot.largest))
    column = columns.get(slot.name)
    if column is None or bool((column == missing(column.dtype)).any()):
        return declared
    return max(abs(int(column.max(initial=0))), abs(int(column.min(initial=0))))


def judge(plan: Plan, population: Population, subjects: Institutions | None = None) -> Judged:
    """Judge everybody. What `subjects` keeps is used again, and the criteria are then left to NumPy.

    Raises TooLarge when a figure does not fit into 64 bits.
    """
    formulas = formulas_of(plan)
    if subjects is not None or not _surely_fit(formulas, population):
        subjects = subjects or Institutions.of(population)
        fill(subjects, formulas)
        return evaluate(plan, population, subjects)
    wanted = aggregates_of(formulas)
    figures = _figures(population, wanted)
    columns = [_column(population.own, slot, population.size) for slot in own_slots(plan)]
    made = _criteria(plan, tuple(wanted), tuple(missing(column.dtype) for column in columns))
    run, law = compiled(made.text, "judge"), np.array(made.law, dtype=np.int64)
    verdicts = np.empty((4 * len(plan.judgements) + 2, population.size), dtype=np.bool_)
    _in_parts(lambda first, last: run(first, last, *columns, law, figures, verdicts), population)
    pairs = [(verdicts[row], verdicts[row + 1]) for row in range(0, len(verdicts), 2)]
    names, many = [each.name for each in plan.judgements], len(plan.judgements)
    return Judged(dict(zip(names, pairs[:many], strict=True)), dict(zip(names, pairs[many:-1], strict=True)), pairs[-1])


def _surely_fit(formulas: Iterable[Formula], population: Population) -> bool:
    """Whether every comparison fits into 64 bits whatever the figures of the aggregates come to."""
    most = int(np.diff(population.offsets).max(initial=0))
    waiting: list[object] = list(formulas)
    seen: set[object] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(part)
            continue
        if not hasattr(part, "__dataclass_fields__") or part in seen:
            continue
        seen.add(part)
        if isinstance(part, ShareTest):
            if (part.below + 4 * abs(part.above)) * most >= LIMIT:
                return False
        elif isinstance(part, Linear) and _most(part, population, most) >= LIMIT:
            return False
        if not isinstance(part, CountOf | SumOf | ShareTest | PortionTest):
            waiting.extend(getattr(part, name) for name in part.__dataclass_fields__)
    return True


def _most(lin: Linear, population: Population, most: int) -> int:
    """The largest number a comparison of one institution can come to."""
    size = abs(lin.constant)
    for coefficient, term in lin.terms:
        match term:
            case Slot():
                size += abs(coefficient) * _reach(term, population.own)
            case CountOf():
                size += abs(coefficient) * most
            case SumOf(_, amount):
                size += abs(coefficient) * most * _size(amount, population)
            case Steps(tests, otherwise):
                size += abs(coefficient) * max(abs(otherwise), *(abs(points) for _, points in tests))
            case Highest(items):
                size += abs(coefficient) * max(_most(item, population, most) for item in items)
    return size
