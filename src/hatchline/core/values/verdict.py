"""Met, not met, or unknown: Kleene's three values, and nothing between them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What may be said of a requirement given what is known.

    MET: true however the unknown facts turn out. NOT_MET: false however they turn out. UNKNOWN: it depends on them.
    """

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, certain: bool, possible: bool) -> Verdict:
        """The verdict of a statement that is true in all completions (`certain`) or in some (`possible`)."""
        if certain:
            return cls.MET
        return cls.UNKNOWN if possible else cls.NOT_MET

    @property
    def certain(self) -> bool:
        return self is Verdict.MET

    @property
    def possible(self) -> bool:
        return self is not Verdict.NOT_MET


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's and; nothing to meet is met."""
    found = list(verdicts)
    return Verdict.of(all(v.certain for v in found), all(v.possible for v in found))


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's or; no alternative is not met."""
    found = list(verdicts)
    return Verdict.of(any(v.certain for v in found), any(v.possible for v in found))


def at_least(count: int, verdicts: Iterable[Verdict]) -> Verdict:
    """At least `count` of them are met."""
    found = list(verdicts)
    return Verdict.of(sum(v.certain for v in found) >= count, sum(v.possible for v in found) >= count)
