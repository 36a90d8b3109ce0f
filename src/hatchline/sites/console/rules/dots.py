"""The dots over a slider of what-if: one for each institution while they fit, beyond that one for so many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hatchline.core.rules import nearness
from hatchline.core.rules.populations import Bools
from hatchline.core.values.quantity import Quantity
from hatchline.sites.console.rules.ground import Ground, kept_with

Numbers = npt.NDArray[np.float64]
WIDTH, HEIGHT = 240, 48
SIZES = (6, 4, 3)  # across; the first at which every pile fits
LOOKS = ("met", "won", "not", "lost", "unknown")  # from the foot of a pile up
COMPARED = {">=": np.greater_equal, ">": np.greater, "<=": np.less_equal, "<": np.less, "=": np.equal}


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


def over(
    ground: Ground, name: str, law: Quantity, now: Quantity, top: float, results: Callable[[], list[str]],
    mask: Bools | None = None,
) -> Dots:  # fmt: skip
    """Everybody's value of what a figure is compared with, from 0 to ``top``; those beyond stand at the end.
    Who surely passes, or surely does not, stands at that end of what the value may be which lies nearest to the figure.

    Where no single value is compared with it, everybody stands by ``results``: a look for each institution. ``mask``:
    these alone.
    """
    asked = ground.whatif
    found = kept_with(
        ground, f"values of {name}", lambda: nearness.values(ground.document, asked.as_of, name, asked.subjects)
    )
    if found is None:
        return _in_rows(results())
    low, high, node = found
    if mask is not None:
        low, high = low[mask], high[mask]
    is_known, passes, passed = _decided(node.op, low, high, float(now.amount), float(law.amount))
    passes, passed = passes[is_known], passed[is_known]
    worse, better = (low, high) if node.op in (">=", ">", "=") else (high, low)
    known = np.where(passes, worse[is_known], better[is_known])
    looks = np.select([passes & passed, passes, ~passed], [0, 1, 2], 3)
    share = np.clip(known / top, 0.0, 1.0)
    for size in SIZES:
        across = (share * (WIDTH - size) / size).astype(np.int64)
        piles = np.bincount(across * len(LOOKS) + looks, minlength=(WIDTH // size + 1) * len(LOOKS))
        piles = piles.reshape(-1, len(LOOKS))
        tallest = int(piles.sum(axis=1).max(initial=0))
        if tallest <= HEIGHT // size:
            break
    # a pile has up to one dot more for each look it holds, since none of them may vanish
    room = HEIGHT // size
    each = 1 if tallest <= room else -(-tallest // (room - len(LOOKS) + 1))
    placed = []
    for at in np.flatnonzero(piles.sum(axis=1)):
        drawn = [its for its, many in zip(LOOKS, piles[at], strict=True) for _dot in range(-(-int(many) // each))]
        placed += [(int(at) * size + size / 2, HEIGHT - size / 2 - up * size, its) for up, its in enumerate(drawn)]
    counts = dict(zip(LOOKS, np.bincount(looks, minlength=len(LOOKS)).tolist(), strict=True))
    return _counted(placed, size, each, True, counts, len(low) - len(known))


def _decided(op: str, low: Numbers, high: Numbers, *figures: float) -> tuple[Bools, ...]:
    """Of whom it is known on which side of the first figure they are, though their value may lie anywhere from low to
    high; and who surely passes each figure."""
    holds = COMPARED[op]
    ends = [(holds(low, figure), holds(high, figure)) for figure in figures]
    is_known = ~np.isnan(low) & ~np.isnan(high)
    at_low, at_high = ends[0]
    is_known &= (low == high) if op == "=" else at_low == at_high
    return is_known, *(at_low & at_high for at_low, at_high in ends)


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
    return _counted(placed, size, each, False, counts, counts["unknown"])


def _counted(
    placed: list[tuple[float, float, str]], size: int, each: int, on_axis: bool, counts: Mapping[str, int], unknown: int
) -> Dots:
    met, missing = counts["met"] + counts["won"], counts["not"] + counts["lost"]
    return Dots(placed, size * 0.4, each, on_axis, met, missing, unknown)
