"""The dots over a slider of what-if: one for each institution while they fit, beyond that one for so many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hatchline.core.rules import nearness
from hatchline.core.values.quantity import Quantity
from hatchline.sites.console.rules.ground import Ground

WIDTH, HEIGHT = 240, 48
SIZES = (6, 4, 3)  # across; the first at which every pile fits
LOOKS = ("met", "won", "not", "lost", "unknown")  # from the foot of a pile up


@dataclass(frozen=True)
class Dots:
    """``placed``: (x, y, look). ``stands_for``: institutions a dot. ``on_axis``: they stand where their value is.

    ``met``, ``missing`` and ``unknown`` count institutions, not dots.
    """

    placed: list[tuple[float, float, str]]
    radius: float
    stands_for: int
    on_axis: bool
    met: int
    missing: int
    unknown: int


def over(ground: Ground, name: str, law: Quantity, now: Quantity, top: float, results: Callable[[], list[str]]) -> Dots:
    """Everybody's value of what a figure is compared with, from 0 to ``top``; those beyond stand at the end.

    Where no single value is compared with it, everybody stands by ``results``: a look for each institution.
    """
    found = nearness.values(ground.document, ground.whatif.as_of, name, ground.whatif.subjects)
    if found is None:
        return _in_rows(results())
    low, high, node = found
    sign = 1 if node.op in (">=", ">", "=") else -1
    known = low[(low == high) & ~np.isnan(low)]

    def holds(value: float, figure: Quantity) -> bool:
        ahead = sign * (value - float(figure.amount))
        return bool(ahead > 0 or (ahead == 0 and "=" in node.op))

    told = [(min(1.0, max(0.0, value / top)), look(holds(value, now), holds(value, law))) for value in known]
    for size in SIZES:
        piles: Counter[tuple[int, str]] = Counter((int(share * (WIDTH - size) / size), its) for share, its in told)
        tallest = max((sum(piles[at, its] for its in LOOKS) for at, _its in piles), default=0)
        if tallest <= HEIGHT // size:
            break
    # a pile has up to one dot more for each look it holds, since none of them may vanish
    room = HEIGHT // size
    each = 1 if tallest <= room else -(-tallest // (room - len(LOOKS) + 1))
    placed, heights = [], Counter[int]()
    for at, its in sorted(piles, key=lambda pile: (pile[0], LOOKS.index(pile[1]))):
        for _dot in range(-(-piles[at, its] // each)):
            placed.append((at * size + size / 2, HEIGHT - size / 2 - heights[at] * size, its))
            heights[at] += 1
    return _counted(placed, size, each, True, [its for _share, its in told], len(low) - len(known))


def look(passes: bool, passed: bool) -> str:
    """By whether it holds under these figures and whether it did under the law."""
    return ("met" if passes else "not") if passes is passed else ("won" if passes else "lost")


def _in_rows(results: list[str]) -> Dots:
    """By result alone, from the left."""
    for size in SIZES:
        across, room = WIDTH // size, HEIGHT // size
        if len(results) <= across * room:
            break
    each = 1 if len(results) <= across * room else -(-len(results) // (across * room - len(LOOKS)))
    counts = Counter(results)
    drawn = [its for its in LOOKS for _dot in range(-(-counts[its] // each))]
    placed = [
        (at % across * size + size / 2, HEIGHT - size / 2 - at // across * size, its) for at, its in enumerate(drawn)
    ]
    return _counted(placed, size, each, False, [its for its in results if its != "unknown"], counts["unknown"])


def _counted(
    placed: list[tuple[float, float, str]], size: int, each: int, on_axis: bool, looks: list[str], unknown: int
) -> Dots:
    met = sum(its in ("met", "won") for its in looks)
    return Dots(placed, size * 0.4, each, on_axis, met, len(looks) - met, unknown)
