"""The chain as arrays for core.chain: read as a few long texts, taken apart by NumPy, and kept up with the moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ventures.models import Application, Handover, Merge, Question, Stay, Venture
from hatchline.apps.ventures.states import EndState, Outcome, Status, StayStatus
from hatchline.core.chain.presence import OPEN, Stays, stage_on
from hatchline.core.chain.stages import ORDER, RANK, Stage

NONE = 0  # a day or a key that is not known


@dataclass(frozen=True)
class Chain:
    """Confirmed, counting stays in columns of one length, by venture. Days are ordinals (int32), 0 where there is none.

    ``stays`` holds those with at least one sure day; ``institution`` and ``field`` (0: not known) go along with it for
    filters. ``begun`` is the middle of the days a stay may have begun (where none is known, its first sure day),
    ``finished`` the middle of those it may have ended as graduated, ``last`` the last of those it may have ended.
    It may have held on the days from ``early`` up to, not including, ``late``: until its venture was elsewhere or over.
    ``unsure`` stays have no sure day and are in no count: coverage names them.
    """

    stays: Stays
    institution: NDArray[np.int64]
    field: NDArray[np.int64]
    begun: NDArray[np.int32]
    finished: NDArray[np.int32]
    last: NDArray[np.int32]
    early: NDArray[np.int32]
    late: NDArray[np.int32]
    _: KW_ONLY
    unsure: int

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """What goes along with the stays."""
        return self.institution, self.field, self.begun, self.finished, self.last, self.early, self.late

    def where(self, mask: NDArray[Any]) -> Chain:
        """The stays a mask keeps, or those at these places."""
        at = np.flatnonzero(mask) if mask.dtype == np.bool_ else mask
        return Chain(self.stays.where(at), *(column.take(at) for column in self.columns), unsure=self.unsure)

    def of(self, institutions: list[int] | None = None, technology: list[int] | None = None) -> Chain:
        """The stays in these institutions, of ventures in these fields (keys of class codes)."""
        mask = np.ones(len(self.stays), dtype=bool)
        for column, wanted in ((self.institution, institutions), (self.field, technology)):
            if wanted is not None:
                mask &= _among(column, np.array(wanted, dtype=np.int64))
        return self.where(mask)

    def begun_in(self, since: date, before: date) -> Chain:
        """The stays of ventures whose first incubation surely began in these half-open days."""
        incubated = self.stays.stage == RANK[Stage.INCUBATION]
        keys, at = np.unique(self.stays.venture[incubated], return_inverse=True)
        first = np.full(len(keys), OPEN, dtype=np.int32)
        np.minimum.at(first, at, self.stays.starts[incubated])
        wanted = keys[(first >= since.toordinal()) & (first < before.toordinal())]
        return self.where(_among(self.stays.venture, wanted))


def _among(column: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which keys are among those wanted: looked up in a table where they are not too far apart."""
    if not len(wanted) or int(wanted.min()) < 0 or int(wanted.max()) > LARGEST_TABLE:
        return np.isin(column, wanted)
    table = np.zeros(int(wanted.max()) + 2, dtype=bool)
    table[wanted] = True
    return table.take(column, mode="clip")  # whatever lies beyond falls on the last place, where nothing is wanted


LARGEST_TABLE = 10_000_000
MANY = 5000  # from so many touched ventures on everything is read anew
VENTURE, RUN = "ventures.venture", "imports.run"
OF_A_VENTURE = ("stay", "handover", "application", "question")  # rows that name theirs


@dataclass(frozen=True)
class _Kept:
    """The chain as it was at a head of the ledger.

    ``tail``: the moves near that head that were there then. ``unsure``: the ventures of stays without a sure day.
    """

    head: int
    tail: frozenset[tuple[int, datetime]]
    chain: Chain
    unsure: NDArray[np.int64]


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
    since = (found.head if found is not None else ledger.head()) - ledger.LOOK_BACK
    tail = frozenset(moves.filter(pk__gt=since).values_list("pk", "at"))
    if found is not None and found.tail == tail:
        return found.chain
    made = None
    if found is not None and found.tail <= tail:
        fresh = [pk for pk, _at in tail - found.tail]
        touched = _touched(moves.filter(pk__in=fresh)) if len(fresh) <= MANY else None
        if touched is not None and len(touched) <= MANY:
            made = _patched(found.chain, found.unsure, sorted(touched))
    if made is None:
        made = _read()
    head = max((pk for pk, _at in tail), default=0)
    near = frozenset(move for move in tail if move[0] > head - ledger.LOOK_BACK)
    _kept[name] = _Kept(head, near, *made)
    return made[0]


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


def _patched(old: Chain, unsure: NDArray[np.int64], ventures: list[int]) -> tuple[Chain, NDArray[np.int64]]:
    """The chain with the stays of these ventures read anew, and the ventures of those without a sure day."""
    if not ventures:
        return old, unsure
    keys = np.array(ventures, dtype=np.int64)
    fresh, now_unsure = _read(ventures)
    others = ~_among(old.stays.venture, keys)
    still_unsure = np.concatenate((unsure[~np.isin(unsure, keys)], now_unsure))
    columns = [
        np.concatenate((column[others], added))
        for column, added in zip(
            (*old.stays.columns, *old.columns), (*fresh.stays.columns, *fresh.columns), strict=True
        )
    ]
    return _chain(columns, len(still_unsure)), still_unsure


def _chain(columns: list[NDArray[Any]], unsure: int) -> Chain:
    """The columns of stays and what goes along, brought into the order of ventures."""
    order = np.argsort(columns[0], kind="stable")
    ordered = [column[order] for column in columns]
    return Chain(Stays(*ordered[:6]), *ordered[6:], unsure=unsure)


def chain() -> Chain:
    """All confirmed, counting stays, by venture. An unknown end is censored at the last evidence."""
    return _read()[0]


DAYS = ("held_from", "held_until", "starts_on", "starts_before", "ended_on", "ended_before", "evidence_on")
NO_DAY = "0000-12-31"  # the day before the first one: its ordinal is NONE
IS_GRADUATED, IS_KNOWN, IS_OVER, IS_LOST = 4, 8, 16, 32  # beside the rank of the stage in one number


def _read(ventures: list[int] | None = None) -> tuple[Chain, NDArray[np.int64]]:
    """The chain (of these ventures) as it is now, and the ventures of stays without a sure day.

    The database writes each column as one text, in the order of the rows as they come: no object is made for a value.
    Fields of technology are written by themselves, so that no venture has to be looked up for a stay.
    """
    ranks = " ".join(f"WHEN '{each.value}' THEN {RANK[each]}" for each in ORDER)
    numbers = [
        "s.venture_id",
        "s.institution_id",
        f"CASE s.stage {ranks} END"
        f" + CASE WHEN s.outcome = '{Outcome.GRADUATED.value}' THEN {IS_GRADUATED} ELSE 0 END"
        f" + CASE WHEN s.end_state = '{EndState.KNOWN.value}' AND s.ended_on IS NOT NULL THEN {IS_KNOWN} ELSE 0 END"
        f" + CASE s.end_state WHEN '{EndState.KNOWN.value}' THEN {IS_OVER}"
        f" WHEN '{EndState.UNKNOWN.value}' THEN {IS_LOST} ELSE 0 END",
    ]
    together = "string_agg(CAST({} AS text), '{}')" if connection.vendor == "postgresql" else "group_concat({}, '{}')"
    texts = [together.format(each, " ") for each in numbers]
    texts += [together.format(f"COALESCE(CAST(s.{day} AS text), '{NO_DAY}')", "") for day in DAYS]
    these = "" if ventures is None else f" AND {{}} IN ({', '.join(['%s'] * len(ventures))})"
    pairs = together.format("v.id || ' ' || v.field_id", " ")
    fields = f"SELECT {pairs} FROM {Venture._meta.db_table} v WHERE v.field_id IS NOT NULL{these.format('v.id')}"
    sql = (
        f"SELECT ({fields}), {', '.join(texts)} FROM {Stay._meta.db_table} s"
        f" WHERE s.status = %s AND s.counts{these.format('s.venture_id')}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(ventures or ()), StayStatus.CONFIRMED.value, *(ventures or ())])
        field_of, *found = (text or "" for text in cursor.fetchone())
        ended_on = together.format(f"COALESCE(CAST(v.ceased_on AS text), '{NO_DAY}')", "")
        cursor.execute(
            f"SELECT {together.format('v.id', ' ')}, {ended_on}"
            f" FROM {Venture._meta.db_table} v WHERE v.status = %s{these.format('v.id')}",
            [Status.CEASED.value, *(ventures or ())],
        )
        ceased, ceased_on = (text or "" for text in cursor.fetchone())
    venture, institution, marks = (_numbers(text) for text in found[: len(numbers)])
    since, until, first, first_before, ended, ended_before, seen = (_ordinals(text) for text in found[len(numbers) :])
    late = np.where((marks & IS_OVER).astype(bool) & (ended_before != NONE), ended_before - 1, OPEN)
    late = _until_elsewhere(late, np.flatnonzero(marks & IS_LOST), venture, seen, first, first_before)
    over = _looked_up(venture, np.column_stack((_numbers(ceased), np.maximum(_ordinals(ceased_on), 1))))
    late = np.where(over == NONE, late, np.minimum(late, over)).astype(np.int32)
    known_end, graduated = (marks & IS_KNOWN).astype(bool), (marks & IS_GRADUATED).astype(bool)
    columns: list[NDArray[Any]] = [
        venture,
        (marks % IS_GRADUATED).astype(np.int8),
        since,
        np.where(until == NONE, OPEN, until),
        known_end,
        graduated,
        institution,
        _looked_up(venture, _numbers(field_of).reshape(-1, 2)),
        np.where(first == NONE, since, _middle(first, first_before)),
        np.where(graduated & known_end, _middle(ended, ended_before), NONE).astype(np.int32),
        np.where(ended_before == NONE, NONE, ended_before - 1).astype(np.int32),
        first,
        late,
    ]
    sure, unsure = np.flatnonzero(since != NONE), venture[since == NONE]
    return _chain([column[sure] for column in columns], len(unsure)), unsure


def _until_elsewhere(
    late: NDArray[np.int32],
    lost: NDArray[np.int64],
    venture: NDArray[np.int64],
    seen: NDArray[np.int32],
    first: NDArray[np.int32],
    first_before: NDArray[np.int32],
) -> NDArray[np.int32]:
    """An end nobody knows is past once the venture surely began elsewhere since it was seen (as ``days.unsure``)."""
    dated = np.flatnonzero((first != NONE) & _among(venture, venture[lost]))
    dated = dated[np.argsort(venture[dated], kind="stable")]
    left, right = (np.searchsorted(venture[dated], venture[lost], side) for side in ("left", "right"))
    number = right - left
    one = np.repeat(lost, number)
    other = dated[np.arange(number.sum()) + np.repeat(left - np.cumsum(number) + number, number)]
    after = np.where(seen[one] != NONE, seen[one] + 1, np.where(first_before[one] != NONE, first_before[one], OPEN))
    moved = first[other] >= after
    np.minimum.at(late, one[moved], first_before[other][moved] - 1)
    return late


def lost(found: Chain, days: Sequence[date]) -> NDArray[np.int64]:
    """How many ventures, by the stage they were at, are surely at none on the next day, though perhaps still at one.

    Shape (len(days) - 1, 4). They are among those that ``flow`` counts as outside: nobody knows whether they left.
    """
    result = np.zeros((max(0, len(days) - 1), len(ORDER)), dtype=np.int64)
    for step, (before, after) in enumerate(pairwise(days)):
        keys, stages = stage_on(found.stays, before)
        perhaps = found.stays.venture[(found.early <= after.toordinal()) & (found.late > after.toordinal())]
        sure, _stages = stage_on(found.stays, after)
        away = np.isin(keys, sure, invert=True, assume_unique=True)
        result[step] = np.bincount(stages[away][np.isin(keys[away], perhaps)], minlength=len(ORDER))
    return result


def _numbers(text: str) -> NDArray[np.int64]:
    return np.fromstring(text, dtype=np.int64, sep=" ") if text else np.zeros(0, dtype=np.int64)


def _ordinals(text: str) -> NDArray[np.int32]:
    """Days written one after the other, as ``date.toordinal`` counts them."""
    days = np.frombuffer(text.encode("ascii"), dtype=f"S{len(NO_DAY)}").astype("datetime64[D]")
    return (days.astype(np.int64) + date(1970, 1, 1).toordinal()).astype(np.int32)


def _middle(first: NDArray[np.int32], before: NDArray[np.int32]) -> NDArray[np.int32]:
    """The middle of half-open days."""
    return (first + before - 1) >> 1


def _looked_up(keys: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """What stands beside each key in the pairs (key, value); ``NONE`` where nothing does."""
    if not len(pairs):
        return np.full(len(keys), NONE, dtype=np.int64)
    pairs = pairs[np.argsort(pairs[:, 0])]
    at = np.minimum(np.searchsorted(pairs[:, 0], keys), len(pairs) - 1)
    return np.where(pairs[at, 0] == keys, pairs[at, 1], NONE)


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
    begins, finished = found.begun[here], found.finished[here]
    until = np.minimum(stays.ends[here], today + 1)
    at = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))  # where each venture's stays begin
    size = np.diff(at, append=len(key))
    begun = _best(np.minimum, begins, at, size)
    graduated_on = _best(np.maximum, np.where(finished <= today, finished, NONE), at, size)
    graduated = graduated_on != NONE
    length = (np.where(graduated, graduated_on, _best(np.maximum, until, at, size)) - begun).astype(np.int64)
    good = length > 0
    return length[good], graduated[good], int((~good).sum())


def _best(of: np.ufunc, column: NDArray[np.int32], at: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int32]:
    """The least or greatest of each group: ``size`` rows from ``at``. Most groups are of a row or two."""
    found, step, longer = column[at], 1, np.flatnonzero(size > 1)
    while len(longer):
        found[longer] = of(found[longer], column[at[longer] + step])
        step += 1
        longer = longer[size[longer] > step]
    return found
