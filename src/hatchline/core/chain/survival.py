"""Time to graduate: the product-limit estimate, with Greenwood's variance and log-log intervals.

Source of the method: Kaplan & Meier 1958; intervals on the log(-log) scale (Kalbfleisch & Prentice) stay inside 0–1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z_80 = 1.2815515655446004  # normal quantile of .90: an 80 % interval
Z_95 = 1.959963984540054


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
        below = np.flatnonzero(self.share <= 0.5)
        return int(self.days[below[0]]) if len(below) else None

    def at(self, day: int) -> float:
        """The share not graduated after ``day`` days."""
        position = int(np.searchsorted(self.days, day, side="right")) - 1
        return 1.0 if position < 0 else float(self.share[position])


def curve(duration: NDArray[np.int64], happened: NDArray[np.bool_], *, z: float = Z_95) -> Curve:
    """The curve of spells of ``duration`` days (> 0), each ended by the event (``happened``) or censored.

    Spells of no length raise ValueError: they were never at risk. Without any spell all arrays are empty.
    """
    if len(duration) != len(happened):
        raise ValueError("duration and happened differ in length")
    if len(duration) and int(duration.min()) <= 0:
        raise ValueError("every spell must last at least a day")
    n, censored = len(duration), int((~happened).sum())
    days, place = np.unique(duration, return_inverse=True)
    events = np.bincount(place, weights=happened, minlength=len(days)).astype(np.int64)
    leaving = np.bincount(place, minlength=len(days)).astype(np.int64)
    at_risk = n - np.concatenate(([0], np.cumsum(leaving)[:-1])).astype(np.int64) if len(days) else events
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
