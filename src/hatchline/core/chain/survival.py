"""Time to graduate: the product-limit estimate, with Greenwood's variance and log-log intervals.

Source of the method: Kaplan & Meier 1958; intervals on the log(-log) scale (Kalbfleisch & Prentice) stay inside 0–1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z_80 = 1.2815515655446004  # normal quantile of .90: an 80 % interval
Z_95 = 1.959963984540054
LONGEST_COUNTED = 1_000_000  # of longer spells the different lengths are sorted out first


@dataclass(frozen=True)
class Curve:
    """A survival curve: at ``days`` the share still not graduated falls to ``share``, within ``low``–``high``.

    ``at_risk`` and ``events`` are those just before and on each day. ``n`` spells were read; ``censored`` had no
    event.
    """

    days: NDArray[np.int64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    n: int
    censored: int

    def median(self) -> int | None:
        """Days until half have graduated; None when fewer than half ever do."""
        return self._first(self.share)

    def median_interval(self) -> tuple[int | None, int | None]:
        """The days between which the median lies, at the level of the band (Brookmeyer & Crowley 1982).

        From the day on which the lower limit of the curve reaches a half to that of the upper limit; None: never does.
        """
        return self._first(self.low), self._first(self.high)

    def _first(self, of: NDArray[np.float64]) -> int | None:
        below = np.flatnonzero(of <= 0.5)
        return int(self.days[below[0]]) if len(below) else None

    def at(self, day: int) -> float:
        """The share not graduated after ``day`` days."""
        return self.around(day)[0]

    def around(self, day: int) -> tuple[float, float, float]:
        """The share not graduated after ``day`` days, and the limits of its band."""
        position = int(np.searchsorted(self.days, day, side="right")) - 1
        if position < 0:
            return 1.0, 1.0, 1.0
        return float(self.share[position]), float(self.low[position]), float(self.high[position])


def at_risk_after(duration: NDArray[np.int64], days: Sequence[int]) -> list[int]:
    """How many spells lasted longer than each of these days: those at risk of what happens after it."""
    ordered = np.sort(duration)
    return [len(ordered) - int(place) for place in np.searchsorted(ordered, np.array(days), side="right")]


def curve(duration: NDArray[np.int64], happened: NDArray[np.bool_], *, z: float = Z_95) -> Curve:
    """The curve of spells of ``duration`` days (> 0), each ended by the event (``happened``) or censored.

    Spells of no length raise ValueError: they were never at risk. Without any spell all arrays are empty.
    """
    if len(duration) != len(happened):
        raise ValueError("duration and happened differ in length")
    if len(duration) and int(duration.min()) <= 0:
        raise ValueError("every spell must last at least a day")
    n, censored = len(duration), int((~happened).sum())
    # counted by length: spells of days are short numbers, and counting is quicker than sorting
    longest = int(duration.max()) if n else 0
    if longest > LONGEST_COUNTED:
        days, place = np.unique(duration, return_inverse=True)
    else:
        days, place = np.arange(longest + 1, dtype=np.int64), duration
    leaving = np.bincount(place, minlength=len(days)).astype(np.int64)
    events = np.bincount(place[happened], minlength=len(days)).astype(np.int64)
    at_risk = n - (np.cumsum(leaving) - leaving)
    kept = events > 0
    days, events, at_risk = days[kept].astype(np.int64), events[kept], at_risk[kept]
    share: NDArray[np.float64] = np.cumprod(1.0 - events / at_risk).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events).astype(np.float64)))
        spread = z * np.sqrt(variance) / np.abs(np.log(share))
        low, high = share ** np.exp(spread), share ** np.exp(-spread)
    finished = ~np.isfinite(low) | ~np.isfinite(high)  # the curve has reached 0 (or every one is still there)
    low, high = np.where(finished, share, low), np.where(finished, share, high)
    return Curve(days, share, low, high, at_risk, events, n, censored)
