"""The chain as arrays for core.chain: one query, numbers reckoned by the database, read by NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ventures.models import Stay, Venture
from hatchline.apps.ventures.states import EndState, Outcome, StayStatus
from hatchline.core.chain.presence import OPEN, Stays
from hatchline.core.chain.stages import ORDER, RANK, Stage

NONE = 0  # a day or a key that is not known


@dataclass(frozen=True)
class Chain:
    """Confirmed, counting stays in columns of one length. Days are ordinals, 0 where there is none.

    ``stays`` holds those with at least one sure day; ``institution`` and ``field`` (0: not known) go along with it for
    filters. ``first``/``first_before`` are the days a stay may have begun, ``last``/``last_before`` those it may have
    ended. ``unsure`` stays have no sure day and are in no count: coverage names them.
    """

    stays: Stays
    institution: NDArray[np.int64]
    field: NDArray[np.int64]
    first: NDArray[np.int64]
    first_before: NDArray[np.int64]
    last: NDArray[np.int64]
    last_before: NDArray[np.int64]
    unsure: int

    def where(self, mask: NDArray[np.bool_]) -> Chain:
        """The stays a mask keeps."""
        columns = (self.institution, self.field, self.first, self.first_before, self.last, self.last_before)
        institution, field, first, first_before, last, last_before = (column[mask] for column in columns)
        stays = self.stays.where(mask)
        return Chain(stays, institution, field, first, first_before, last, last_before, self.unsure)

    def of(self, institutions: list[int] | None = None, technology: list[int] | None = None) -> Chain:
        """The stays in these institutions, of ventures in these fields (keys of class codes)."""
        mask = np.ones(len(self.stays), dtype=bool)
        if institutions is not None:
            mask &= np.isin(self.institution, institutions)
        if technology is not None:
            mask &= np.isin(self.field, technology)
        return self.where(mask)


_kept: dict[str, tuple[Any, Chain]] = {}  # database → head of the ledger and its moment, the chain as it was then


def present_chain() -> Chain:
    """The chain as ``chain()`` reads it, kept in this process until anything is written: every verb leaves a move.

    A page asks this one: whatever its filter, the rows are read once. Do not change the arrays. Inside a transaction
    the rows are read anew, since what it wrote may yet be undone.
    """
    if connection.in_atomic_block:
        return chain()
    version = ledger.head(), ledger.last_moment()
    name = str(connection.settings_dict["NAME"])
    found = _kept.get(name)
    if found is None or found[0] != version:
        found = _kept[name] = version, chain()
    return found[1]


def chain() -> Chain:
    """All confirmed, counting stays. An unknown end is censored at the last evidence."""
    table = _read()
    sure = table[2] != NONE
    venture, stage, since, until, graduated, known_end, *rest = (column[sure] for column in table)
    stays = Stays(
        venture,
        stage.astype(np.int8),
        since.astype(np.int32),
        np.where(until == NONE, OPEN, until).astype(np.int32),
        known_end.astype(bool),
        graduated.astype(bool),
    )
    institution, field, first, first_before, last, last_before = rest
    return Chain(stays, institution, field, first, first_before, last, last_before, int((~sure).sum()))


def _read() -> NDArray[np.int64]:
    """Twelve columns of whole numbers, one row a stay: the database writes them as one text, NumPy reads it."""
    numbers = [
        "s.venture_id",
        "CASE s.stage " + " ".join(f"WHEN '{each.value}' THEN {RANK[each]}" for each in ORDER) + " END",
        _ordinal("s.held_from"),
        _ordinal("s.held_until"),
        f"CASE WHEN s.outcome = '{Outcome.GRADUATED.value}' THEN 1 ELSE 0 END",
        f"CASE WHEN s.end_state = '{EndState.KNOWN.value}' AND s.ended_on IS NOT NULL THEN 1 ELSE 0 END",
        "s.institution_id",
        "COALESCE(v.field_id, 0)",
        *(_ordinal(f"s.{column}") for column in ("starts_on", "starts_before", "ended_on", "ended_before")),
    ]
    line = " || ' ' || ".join(f"({number})" for number in numbers)
    together = f"string_agg({line}, ' ')" if connection.vendor == "postgresql" else f"group_concat({line}, ' ')"
    sql = (
        f"SELECT {together} FROM {Stay._meta.db_table} s JOIN {Venture._meta.db_table} v ON v.id = s.venture_id"
        " WHERE s.status = %s AND s.counts"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [StayStatus.CONFIRMED.value])
        text = cursor.fetchone()[0] or ""
    found = np.fromstring(text, dtype=np.int64, sep=" ") if text else np.zeros(0, dtype=np.int64)
    return found.reshape(-1, len(numbers)).T.copy()


def _ordinal(column: str) -> str:
    """A day as ``date.toordinal`` counts it; 0 for none."""
    if connection.vendor == "postgresql":
        return f"COALESCE({column} - DATE '0001-01-01' + 1, 0)"
    return f"COALESCE(CAST(julianday({column}) - 1721424.5 AS INTEGER), 0)"


def durations(found: Chain, as_of: date) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
    """Days in incubation of each venture until it graduated (True), or as long as it is known to have been there.

    From the middle of the days its first incubation stay may have begun, to the middle of those it may have graduated;
    else to its last sure day, no later than ``as_of``. Third: ventures left out, since no length is known of them.
    """
    today = as_of.toordinal()
    incubated = found.where((found.stays.stage == RANK[Stage.INCUBATION]) & (found.stays.starts <= today))
    stays = incubated.stays
    begins = np.where(incubated.first != NONE, (incubated.first + incubated.first_before - 1) // 2, stays.starts)
    middle = (incubated.last + incubated.last_before - 1) // 2
    happened = stays.graduated & stays.known_end & (middle <= today)
    ends = np.where(happened, middle, np.minimum(stays.ends.astype(np.int64), today + 1))
    ventures, place = np.unique(stays.venture, return_inverse=True)
    first = np.full(len(ventures), np.iinfo(np.int64).max)
    np.minimum.at(first, place, begins)
    graduated = np.zeros(len(ventures), dtype=bool)
    graduated[place[happened]] = True
    seen = np.zeros(len(ventures), dtype=np.int64)
    np.maximum.at(seen, place, np.where(graduated[place] & ~happened, 0, ends))
    length = seen - first
    good = length > 0
    return length[good], graduated[good], int((~good).sum())
