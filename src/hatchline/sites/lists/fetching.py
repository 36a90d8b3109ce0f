"""From a declaration and a state to rows and counts, in as few queries as can be."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.http import HttpRequest

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.search import queries as search
from hatchline.sites import days
from hatchline.sites.lists.declaration import Filter, List, Row
from hatchline.sites.lists.paging import PAGE
from hatchline.sites.lists.state import State

DEEP = 2_000  # from this row on the keys are found first, and only then the rows
WORTH_KEEPING = 2_000  # of a shorter list everything is counted anew each time
KEPT_SECONDS = 60
MOST_KEPT = 500

_kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
_lock = threading.Lock()


def remembered(key: Hashable, make: Callable[[], Any], worth: Callable[[Any], bool]) -> Any:
    """What ``make`` answers, kept in this process for a while when it was ``worth`` it.

    Keys carry the ledger's head: every verb leaves a row there, so a kept count is never older than the last verb. The
    time limit is for imports: while one runs, its rows come in many transactions between two moves.
    """
    now = time.monotonic()
    with _lock:
        found = _kept.get(key)
        if found is not None and now - found[0] < KEPT_SECONDS:
            return found[1]
    made = make()
    if worth(made):
        with _lock:
            _kept[key] = (now, made)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return made


def counted(named: dict[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of the querysets has, in one query for all."""
    parts = [
        rows.order_by()
        .annotate(_key=Value(key, CharField()))
        .values("_key")
        .annotate(_n=Count("pk"))
        .values_list("_key", "_n")
        for key, rows in named.items()
    ]
    if not parts:
        return {}
    found = dict(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    return {key: found.get(key, 0) for key in named}


def all_rows(declared: List, request: HttpRequest, state: State, *, but: str = "") -> QuerySet[Any]:
    """The rows in the state's order, neither cut nor fetched. ``but``: a filter that is left out."""
    rows = declared.rows(request)
    tab = next((tab for tab in declared.tabs if tab.key == state.tab), None)
    if tab is not None and tab.apply is not None:
        rows = tab.apply(rows, request)
    for each in declared.filters:
        value = dict(state.filters).get(each.key)
        if value and each.key != but:
            rows = _narrowed(rows, each, value, request)
    if state.q:
        rows = search.narrowed(rows, declared.kind, state.q)
    return rows.order_by(*ordering(declared, state.sort or declared.order))


def _narrowed(rows: QuerySet[Any], by: Filter, value: str, request: HttpRequest) -> QuerySet[Any]:
    if by.apply_on is not None:
        return by.apply_on(rows, value, days.asked(request))
    return rows if by.apply is None else by.apply(rows, value)


def ordering(declared: List, sort: str) -> list[Any]:
    """Order expressions; unknown values last, equal ones by key so that no row is on two pages."""
    column = declared.column(sort.lstrip("-"))
    names = column.sort if column is not None else ()
    down = sort.startswith("-")
    model_fields = [F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True) for name in names]
    return [*model_fields, "-pk" if down else "pk"]


def whole(declared: List, request: HttpRequest, head: int) -> int:
    """How many rows the role sees in all."""
    key = ("whole", declared.name, declared.scope(request), moment(declared, request), head)
    found: int = remembered(key, lambda: declared.rows(request).order_by().count(), lambda made: made > WORTH_KEEPING)
    return found


def count(declared: List, request: HttpRequest, state: State, head: int, everything: int) -> int:
    """How many rows the state has; kept where the list is long."""
    opens_narrowed = any(tab.key == "" and tab.apply is not None for tab in declared.tabs)
    if not state.is_narrowed and not state.tab and not opens_narrowed:
        return everything
    asked = (state.q, state.filters, state.tab)
    key = ("count", declared.name, declared.scope(request), moment(declared, request), *asked, head)
    found: int = remembered(
        key, lambda: all_rows(declared, request, state).order_by().count(), lambda made: everything > WORTH_KEEPING
    )
    return found


def choices(declared: List, request: HttpRequest, of: Filter, head: int, everything: int) -> Mapping[str, int] | None:
    """How many rows each choice of a filter has, among all that the role sees."""
    if of.counts is None and of.counts_on is None:
        return None

    def make() -> Mapping[str, int]:
        rows = declared.rows(request).order_by()
        if of.counts_on is not None:
            return of.counts_on(rows, days.asked(request))
        return of.counts(rows) if of.counts is not None else {}

    key = ("choices", declared.name, declared.scope(request), moment(declared, request), of.key, head)
    found: Mapping[str, int] = remembered(key, make, lambda made: everything > WORTH_KEEPING)
    return found


def page(declared: List, request: HttpRequest, state: State) -> list[Row]:
    """The rows of one page."""
    rows = all_rows(declared, request, state)
    start = (state.page - 1) * PAGE
    if start >= DEEP:
        # joins and wide rows only for the 25 that are shown
        keys = list(rows.values_list("pk", flat=True)[start : start + PAGE])
        place = {key: at for at, key in enumerate(keys)}
        found = list(declared.rows(request).order_by().filter(pk__in=keys).values("pk", *declared.fields))
        found.sort(key=lambda row: place[row["pk"]])
    else:
        found = list(rows.values("pk", *declared.fields)[start : start + PAGE])
    return _enriched(declared, found, day_of(declared, request))


def day_of(declared: List, request: HttpRequest) -> days.Asked:
    """The day its rows speak of: the one asked for, or for a list that does not travel the business date."""
    return days.asked(request) if declared.travels else days.Asked(request.today, request.today)


def chunks(declared: List, rows: QuerySet[Any], asked: days.Asked | None = None, size: int = 1_000) -> Iterator[Row]:
    """All rows for a file, a thousand at a time, as of the day asked for."""
    batch: list[Row] = []
    for row in rows.values("pk", *declared.fields).iterator(chunk_size=size):
        batch.append(row)
        if len(batch) == size:
            yield from _enriched(declared, batch, asked)
            batch = []
    yield from _enriched(declared, batch, asked)


def _enriched(declared: List, batch: list[Row], asked: days.Asked | None) -> list[Row]:
    if declared.enrich is not None and batch:
        declared.enrich(batch)
    if declared.enrich_on is not None and asked is not None and batch:
        declared.enrich_on(batch, asked)
    return batch


def moment(declared: List, request: HttpRequest) -> Hashable:
    """The days that what is kept of a list depends on."""
    return days.asked(request) if declared.travels else request.today


def head(request: HttpRequest) -> int:
    """The version of everything, asked once a request."""
    found: int | None = getattr(request, "_ledger_head", None)
    if found is None:
        found = ledger.head()
        request._ledger_head = found
    return found
