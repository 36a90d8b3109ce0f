"""The fused kernel: the generated loop compiled by Numba, figures kept for the criteria.

Numba is an optional extra (`pip install hatchline[kernel]`); without it `available()` says no and the same figures come
from NumPy (`vector`), which is slower and gives the same verdicts.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from hatchline.core.rules.generate import FIGURES, Aggregate, aggregates_of, formulas_of, slots_of, source
from hatchline.core.rules.plan import CountOf, Formula, Linear, Plan, PortionTest, Slot, SumOf
from hatchline.core.rules.populations import Column, Population, missing
from hatchline.core.rules.vector import LIMIT, Institutions, Judged, TooLarge, evaluate

THREADS = 2
WORTH_SPLITTING = 200_000


def available() -> bool:
    """Whether Numba is installed."""
    return importlib.util.find_spec("numba") is not None


@lru_cache(maxsize=256)
def compiled(text: str) -> Callable[..., None]:
    """The machine code of a generated function; equal texts are compiled once per process."""
    import numba

    scope: dict[str, Any] = {}
    exec(compile(text, "<plan>", "exec"), scope)
    made: Callable[..., None] = numba.njit(nogil=True, error_model="numpy")(scope["run"])
    return made


def fill(subjects: Institutions, formulas: Iterable[Formula]) -> None:
    """Reckon the aggregates of these statements in one pass over the ventures and keep them."""
    population = subjects.population
    assert population is not None
    wanted = [a for a in aggregates_of(formulas) if a not in subjects.kept]
    if not wanted:
        return
    check_sizes(wanted, population)
    columns = [_column(population, slot) for slot in slots_of(wanted)]
    text, law = source(wanted, [missing(column.dtype) for column in columns])
    run = compiled(text)
    figures = np.empty((sum(FIGURES[type(a)] for a in wanted), population.size), dtype=np.int64)
    _run(run, population, [*columns, np.array(law, dtype=np.int64)], figures)
    place = 0
    for aggregate in wanted:
        many = FIGURES[type(aggregate)]
        subjects.kept[aggregate] = tuple(figures[place : place + many])
        place += many


def _run(run: Callable[..., None], population: Population, columns: Sequence[Column], figures: Any) -> None:
    size, offsets = population.size, population.offsets
    if population.member_count < WORTH_SPLITTING:
        run(0, size, offsets, *columns, figures)
        return
    cuts = np.searchsorted(offsets, np.linspace(0, population.member_count, THREADS + 1)[1:-1])
    bounds = [0, *(int(cut) for cut in cuts), size]
    run(0, 0, offsets, *columns, figures)  # compile once, before the threads ask for it
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(run, a, b, offsets, *columns, figures) for a, b in pairwise(bounds)]:
            done.result()


def _column(population: Population, slot: Slot) -> Column:
    """The column of a fact; one that nobody gave is unknown throughout."""
    found = population.members.get(slot.name)
    if found is None:
        return np.broadcast_to(np.int8(missing(np.dtype(np.int8))), (population.member_count,))
    return found


def check_sizes(aggregates: Iterable[Aggregate], population: Population) -> None:
    """Raise TooLarge unless every sum of every institution fits into 64 bits."""
    most = int(np.diff(population.offsets).max(initial=0))
    for aggregate in aggregates:
        match aggregate:
            case SumOf(_, amount):
                _fits(most * _size(amount, population))
            case PortionTest():
                part, whole = _reach(aggregate.part, population), _reach(aggregate.whole, population)
                _fits(most * (aggregate.below * part + abs(aggregate.above) * whole))
            case CountOf():
                pass


def _fits(size: int) -> None:
    if size >= LIMIT:
        raise TooLarge("a sum does not fit into 64 bits; use the duckdb engine")


def _size(lin: Linear, population: Population) -> int:
    size = abs(lin.constant)
    for coefficient, term in lin.terms:
        size += abs(coefficient) * (_reach(term, population) if isinstance(term, Slot) else LIMIT // 2**20)
    return size


def _reach(slot: Slot, population: Population) -> int:
    """The largest number a fact's column can give."""
    declared = max(abs(slot.smallest), abs(slot.largest))
    column = population.members.get(slot.name)
    if column is None or bool((column == missing(column.dtype)).any()):
        return declared
    return max(abs(int(column.max(initial=0))), abs(int(column.min(initial=0))))


def judge(plan: Plan, population: Population, subjects: Institutions | None = None) -> Judged:
    """Judge everybody: aggregates by the kernel, criteria over them by NumPy."""
    subjects = subjects or Institutions.of(population)
    if population.members or population.member_count:
        fill(subjects, formulas_of(plan))
    return evaluate(plan, population, subjects)
