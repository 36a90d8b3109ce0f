"""What other figures do, counted: by criterion, and by any groups that the subjects fall into."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from hatchline.core.rules.populations import Bools, Ints
from hatchline.core.rules.whatif import Bits, Outcome

OVERALL = "overall"


@dataclass(frozen=True)
class Tally:
    """How many subjects meet a criterion or the whole, leave it open, are won and are lost against what was before."""

    met: int
    unknown: int
    won: int
    lost: int


@dataclass(frozen=True)
class Groups:
    """Named groups of subjects. ``places`` and ``ids`` say, pair by pair, which subject is in which group.

    A subject may be in several groups, or in none; ``size`` counts them all.
    """

    names: tuple[str, ...]
    places: Ints
    ids: Ints
    size: int

    @classmethod
    def of(cls, rows: Sequence[Collection[str]]) -> Groups:
        """From the groups of each subject, in the subjects' order."""
        names = tuple(sorted({name for row in rows for name in row}))
        number = {name: at for at, name in enumerate(names)}
        places = np.repeat(np.arange(len(rows), dtype=np.int64), [len(row) for row in rows])
        ids = np.fromiter((number[name] for row in rows for name in row), dtype=np.int64, count=len(places))
        return cls(names, places, ids, len(rows))

    @classmethod
    def all_in_one(cls, size: int) -> Groups:
        """Everybody in one group without a name."""
        return cls(("",), np.arange(size, dtype=np.int64), np.zeros(size, dtype=np.int64), size)

    def count(self, truths: Bools) -> Ints:
        """Of each group, of how many subjects it is true."""
        return np.bincount(self.ids[truths[self.places]], minlength=len(self.names)).astype(np.int64)


def tallied(outcome: Outcome, law: Outcome | None, groups: Groups) -> dict[str, dict[str, Tally]]:
    """By group: the whole under OVERALL, then each criterion.

    ``law``: the outcome under the law as it stands, for what is won and lost by criterion. None where two documents are
    compared, whose criteria are not the same: then a criterion wins and loses nobody.
    """
    size = outcome.size

    def truths(bits: Bits) -> Bools:
        return np.unpackbits(bits, count=size).astype(bool)

    parts = {OVERALL: (outcome.met, outcome.possible, outcome.before)}
    for name, (met, possible) in outcome.criteria.items():
        parts[name] = (met, possible, met if law is None else law.criteria[name][0])
    found: dict[str, dict[str, Tally]] = {name: {} for name in groups.names}
    for name, (met, possible, before) in parts.items():
        columns = (met, possible & ~met, met & ~before, before & ~met)
        counted = [groups.count(truths(column)) for column in columns]
        for at, group in enumerate(groups.names):
            found[group][name] = Tally(*(int(column[at]) for column in counted))
    return found
