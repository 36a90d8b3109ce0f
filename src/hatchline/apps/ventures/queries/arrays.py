"""The chain as arrays for core.chain: one query, numbers reckoned by the database, read by NumPy."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ventures.models import Application, Handover, Merge, Question, Stay, Venture
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

    def begun_in(self, since: date, before: date) -> Chain:
        """The stays of ventures whose first incubation surely began in these half-open days."""
        incubated = self.stays.stage == RANK[Stage.INCUBATION]
        keys, at = np.unique(self.stays.venture[incubated], return_inverse=True)
        first = np.full(len(keys), OPEN, dtype=np.int32)
        np.minimum.at(first, at, self.stays.starts[incubated])
        wanted = keys[(first >= since.toordinal()) & (first < before.toordinal())]
        return self.where(np.isin(self.stays.venture, wanted))


LOOK_BACK = 200  # moves before the head that another transaction may still commit
MANY = 5000  # from so many touched ventures on everything is read anew
VENTURE, RUN = "ventures.venture", "imports.run"
OF_A_VENTURE = ("stay", "handover", "application", "question")  # rows that name theirs


@dataclass(frozen=True)
class _Kept:
    """The rows as they were at a head of the ledger; ``tail``: the moves near that head that were there then."""

    head: int
    tail: frozenset[tuple[int, datetime]]
    table: NDArray[np.int64]
    chain: Chain


_kept: dict[str, _Kept] = {}  # by database


def present_chain() -> Chain:
    """The chain as ``chain()`` reads it, kept in this process: after a move only the ventures it touched are read anew.

    A page asks this one, whatever its filter; it costs one query while nothing is written. Do not change the arrays.
    Inside a transaction the rows are read anew, since what it wrote may yet be undone.
    """
    if connection.in_atomic_block:
        return chain()
    name = str(connection.settings_dict["NAME"])
    found = _kept.get(name)
    moves = ledger.entries().order_by()
    since = (found.head if found is not None else ledger.head()) - LOOK_BACK
    tail = frozenset(moves.filter(pk__gt=since).values_list("pk", "at"))
    if found is not None and found.tail == tail:
        return found.chain
    table = None
    if found is not None and found.tail <= tail:
        fresh = [pk for pk, _at in tail - found.tail]
        touched = _touched(moves.filter(pk__in=fresh)) if len(fresh) <= MANY else None
        if touched is not None and len(touched) <= MANY:
            table = _patched(found.table, sorted(touched))
    if table is None:
        table = _read()
    head = max((pk for pk, _at in tail), default=0)
    near = frozenset(move for move in tail if move[0] > head - LOOK_BACK)
    made = _kept[name] = _Kept(head, near, table, _chain(table))
    return made.chain


def _touched(moves: Any) -> set[int] | None:
    """The ventures whose stays these moves may have changed; None: nobody can say, read everything."""
    rows: dict[str, set[int]] = defaultdict(set)
    for kind, key in moves.values_list("subject_kind", "subject_id"):
        app, _dot, name = kind.partition(".")
        if kind == VENTURE or (app == "ventures" and name in OF_A_VENTURE):
            rows[name].add(int(key))
        elif kind == RUN:
            _rows_of_run(key, rows)
        elif app in {"ventures", "imports"}:
            return None
        if sum(map(len, rows.values())) > MANY:
            return None
    found = set(rows["venture"])
    for model in (Stay, Handover, Application, Question):
        keys = rows[model._meta.model_name or ""]
        if keys:
            found.update(model._default_manager.filter(pk__in=keys).values_list("venture", flat=True))
    merged = Merge.objects.filter(Q(kept__in=found) | Q(gone__in=found)).values_list("kept", "gone")
    return found.union(*merged)


def _rows_of_run(key: str, rows: dict[str, set[int]]) -> None:
    """What a run of an import changed: its rows are written under one move of it."""
    for move in ledger.history(RUN, key):
        changed = ledger.rows_of(move).filter(subject_kind__in=[VENTURE, "ventures.stay"])
        for kind, pk in changed.exclude(outcome="unchanged").values_list("subject_kind", "subject_id")[: MANY + 1]:
            if pk:
                rows[kind.partition(".")[2]].add(int(pk))


def _patched(table: NDArray[np.int64], ventures: list[int]) -> NDArray[np.int64]:
    """The rows with those of these ventures read anew."""
    if not ventures:
        return table
    others = table[:, ~np.isin(table[0], np.array(ventures, dtype=np.int64))]
    return _by_venture(np.concatenate((others, _read(ventures)), axis=1))


def chain() -> Chain:
    """All confirmed, counting stays, by venture. An unknown end is censored at the last evidence."""
    return _chain(_read())


def _chain(table: NDArray[np.int64]) -> Chain:
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


def _by_venture(table: NDArray[np.int64]) -> NDArray[np.int64]:
    return table[:, np.argsort(table[0], kind="stable")]


def _read(ventures: list[int] | None = None) -> NDArray[np.int64]:
    """Twelve columns of whole numbers, one row a stay, by venture: the database writes them as one text."""
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
    if ventures is not None:
        sql += f" AND s.venture_id IN ({', '.join(['%s'] * len(ventures))})"
    with connection.cursor() as cursor:
        cursor.execute(sql, [StayStatus.CONFIRMED.value, *(ventures or ())])
        text = cursor.fetchone()[0] or ""
    found = np.fromstring(text, dtype=np.int64, sep=" ") if text else np.zeros(0, dtype=np.int64)
    return _by_venture(found.reshape(-1, len(numbers)).T)


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
    today, stays = as_of.toordinal(), found.stays
    here = np.flatnonzero((stays.stage == RANK[Stage.INCUBATION]) & (stays.starts <= today))
    if not len(here):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), 0
    key = stays.venture[here]
    if bool((key[1:] < key[:-1]).any()):  # a chain comes by venture; another order is put right
        here = here[np.argsort(key, kind="stable")]
        key = stays.venture[here]
    begins = (found.first[here] + found.first_before[here] - 1) >> 1
    unknown = np.flatnonzero(found.first[here] == NONE)  # nobody knows from when: from the first sure day
    begins[unknown] = stays.starts[here[unknown]]
    middle = (found.last[here] + found.last_before[here] - 1) >> 1
    happened = stays.graduated[here] & stays.known_end[here] & (middle <= today)
    ends = np.where(happened, middle, np.minimum(stays.ends[here], today + 1))
    at = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))  # where each venture's stays begin
    first = np.minimum.reduceat(begins, at)
    graduated = np.logical_or.reduceat(happened, at)
    ends[np.repeat(graduated, np.diff(np.append(at, len(key)))) & ~happened] = 0
    length = np.maximum.reduceat(ends, at) - first
    good = length > 0
    return length[good], graduated[good], int((~good).sum())
