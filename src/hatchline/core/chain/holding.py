"""What is sure of a stay whose dates are imprecise: the days it surely held, and the days it may have held.

The day a stay ended is the first day the venture was no longer there, so that a stay that ends on the day another
begins does not touch it. An end that is *open* goes on; one that is *unknown* is censored: the stay surely held up to
the last day of evidence, and nothing is claimed about later days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hatchline.core.values.dates import PartialDate

DAY = timedelta(days=1)


class EndState(StrEnum):
    """What is known of the end of a stay."""

    OPEN = "open"  # still there as far as anybody knows
    KNOWN = "known"  # ended, on a day known as exactly as its date says
    UNKNOWN = "unknown"  # nobody knows whether or when it ended


@dataclass(frozen=True)
class Span:
    """Half-open days; ``until`` None goes on for ever, ``since`` None came from for ever."""

    since: date | None
    until: date | None

    def touches(self, other: Span) -> bool:
        """Whether any day is in both."""
        return (self.until is None or other.since is None or other.since < self.until) and (
            other.until is None or self.since is None or self.since < other.until
        )


def surely(starts: PartialDate, ended: PartialDate, state: EndState, evidence: date | None) -> Span | None:
    """The days on which it surely held; None when no day is sure.

    From the last day it may have begun to the first day it may have ended. A day of evidence after the latest possible
    beginning of nothing known (``starts`` unknown) is sure by itself.
    """
    since = starts.before - DAY if starts.before is not None else evidence
    if since is None:
        return None
    if state is EndState.OPEN:
        return Span(since, None)
    if state is EndState.KNOWN and ended.earliest is not None:
        until = ended.earliest
    elif evidence is not None:
        until = evidence + DAY
    else:  # it began on some day, and was there on that day
        until = since + DAY if starts.exact is not None else since
    return Span(since, until) if since < until else None


def perhaps(starts: PartialDate, ended: PartialDate, state: EndState, evidence: date | None) -> Span:
    """The days on which it may have held, as far as anybody claims.

    From the first day it may have begun to the last day it may have ended. An unknown end is not taken for an eternal
    one: that a venture is somewhere else later is itself a sign that it had left.
    """
    since = starts.earliest if starts.earliest is not None else evidence
    if state is EndState.OPEN:
        return Span(since, None)
    if state is EndState.KNOWN and ended.before is not None:
        return Span(since, ended.before - DAY)
    latest = max(each for each in (evidence, starts.before - DAY if starts.before else None, date.min) if each)
    return Span(since, latest + DAY)
