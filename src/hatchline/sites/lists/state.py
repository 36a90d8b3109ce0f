"""A list's address, read and written. What cannot be understood in it is left out, never an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from hatchline.sites import days
from hatchline.sites.lists.declaration import List

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class State:
    """What is asked of a list: search words, filters in force (key, value), tab, order, page, columns, saved view, and
    the days it speaks of (name, ISO day) where those are not today."""

    q: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    tab: str = ""
    sort: str = ""
    page: int = 1
    columns: tuple[str, ...] = ()
    view: str = ""
    days: tuple[tuple[str, str], ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """As name and value, in a fixed order; what is as always is left out."""
        made = [("tab", self.tab), ("q", self.q), *self.filters, ("sort", self.sort), *self.days, ("view", self.view)]
        if self.page > 1:
            made.append(("page", str(self.page)))
        if self.columns:
            made.append(("columns", ",".join(self.columns)))
        return [(name, value) for name, value in made if value]

    def query(self) -> str:
        """``?q=…&kind=…``, or "?" when there is nothing to say."""
        return "?" + urlencode(self.pairs())

    def with_(self, **changes: Any) -> State:
        """The same with changes, from its first page on."""
        return replace(self, **{"page": 1, **changes})

    def with_filter(self, key: str, value: str) -> State:
        """The same with this filter at another value; "" takes it away."""
        others = tuple(pair for pair in self.filters if pair[0] != key)
        return self.with_(filters=(*others, (key, value)) if value else others)

    def opening(self, key: str) -> str:
        """The address with this filter open at its end, for a value to be put there."""
        rest = self.with_filter(key, "").query()
        return f"{rest}&{key}=" if len(rest) > 1 else f"?{key}="

    @property
    def is_narrowed(self) -> bool:
        """Whether search or a filter is in force."""
        return bool(self.q or self.filters)


def read(request: HttpRequest, declared: List) -> State:
    """The state that the address asks for."""
    given = request.GET
    filters = []
    for each in declared.filters:
        value = given.get(each.key, "")
        if value and any(str(choice.value) == value for choice in each.choices(request)):
            filters.append((each.key, value))
    sort = given.get("sort", "")
    column = declared.column(sort.lstrip("-"))
    page = given.get("page", "")
    return State(
        q=given.get("q", "").strip()[:LONGEST_SEARCH] if declared.kind else "",
        filters=tuple(filters),
        tab=given.get("tab", "") if any(tab.key == given.get("tab") for tab in declared.tabs) else "",
        sort=sort if column is not None and column.sort and sort != declared.order else "",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 and int(page) > 0 else 1,
        columns=tuple(declared.known(given["columns"].split(","))) if given.get("columns") else (),
        view=given.get("view", "") if given.get("view", "").isdigit() else "",
        days=_days(request, declared),
    )


def _days(request: HttpRequest, declared: List) -> tuple[tuple[str, str], ...]:
    """The days in the address, of a list that can travel."""
    if not declared.travels:
        return ()
    found = days.asked(request).query
    return tuple((name, day) for name, day in found.items() if declared.knows or name != "known_at")
