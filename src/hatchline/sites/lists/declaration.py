"""What a list is, said once. Rows are dicts (``queryset.values(*fields)``): fetched in one query, frozen in effect.

ORGANISATIONS = List(
    name="console.organisations", route="console:organisations", label=_("单位"), unit=_("家"),
    rows=lambda request: bodies.visible_to(request.role), fields=("id", "name", "territory__name"),
    columns=(Column("name", _("名称"), sort=("name",), head=True), Column("territory__name", _("街道、地区"))),
    kind="bodies.organisation", order="name", href=lambda row: …,
)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from markupsafe import Markup

from hatchline.sites.days import Asked

Row = dict[str, Any]
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Column:
    """One column.

    ``key`` names it in the address and is the row's key unless ``show`` is given; ``show(row)`` is what stands in the
    cell (text or Markup, None: unknown), ``export(row)`` the plain value in a file. ``sort``: the expressions to order
    by, upwards; none: it cannot be sorted. ``blank`` is shown in place of None (default: 未知).
    """

    key: str
    label: Any
    show: Callable[[Row], Any] | None = None
    export: Callable[[Row], Any] | None = None
    sort: tuple[str, ...] = ()
    kind: str = "text"  # text, number, date, status
    unit: Any = ""
    hint: Any = ""
    head: bool = False  # names the row and links to it; cannot be hidden
    shown: bool = True  # before anybody chose
    narrow: bool = True  # also on a phone
    quiet: bool = False
    blank: Any = None

    @cached_property
    def attributes(self) -> Markup:
        """The class of its cells."""
        names = [
            "hl-num" if self.kind == "number" else "",
            "hl-nowrap" if self.kind in ("date", "status") else "",
            "hl-2" if self.quiet else "",
            "" if self.narrow else "hl-not-phone",
        ]
        said = " ".join(name for name in names if name)
        return Markup(' class="{}"').format(said) if said else Markup("")

    def value(self, row: Row) -> Any:
        """What stands in the cell."""
        return self.show(row) if self.show is not None else row[self.key]

    def exported(self, row: Row) -> Any:
        """What stands in a file's cell."""
        if self.export is not None:
            return self.export(row)
        value = row[self.key] if self.show is None else self.show(row)
        return getattr(value, "striptags", lambda: value)()


@dataclass(frozen=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: Any


@dataclass(frozen=True)
class Filter:
    """A filter in the address: ``?key=value``.

    ``choices(request)`` are those offered; another value in the address is taken for none. ``apply(rows, value)``
    narrows. ``counts(rows)`` answers value → how many, in one query over the rows the role sees. Of a list that travels
    ``apply_on(rows, value, asked)`` and ``counts_on(rows, asked)`` do the same for what depends on the day.
    """

    key: str
    label: Any
    choices: Callable[[HttpRequest], Sequence[Choice]]
    apply: Callable[[Rows, str], Rows] | None = None
    counts: Callable[[Rows], Mapping[str, int]] | None = None
    apply_on: Callable[[Rows, str, Asked], Rows] | None = None
    counts_on: Callable[[Rows, Asked], Mapping[str, int]] | None = None


@dataclass(frozen=True)
class Tab:
    """A view that the list itself offers."""

    key: str
    label: Any
    apply: Callable[[Rows, HttpRequest], Rows] | None = None


@dataclass(frozen=True)
class Bulk:
    """Something done to the chosen rows. ``run(rows, request)`` answers the sentence that says what happened."""

    key: str
    label: Any
    capability: str
    run: Callable[[Rows, HttpRequest], Any]
    icon: str = ""


def everyone_alike(request: HttpRequest) -> Hashable:
    """A scope: the rows a role sees depend on the role alone."""
    role = getattr(request, "role", None)
    return role.pk if role is not None else None


@dataclass(frozen=True)
class List:
    """A list. ``scope(request)`` names what its rows depend on besides the address: counts are kept apart by it.

    ``travels``: its rows answer for any day. ``rows(request)`` then asks ``days.asked(request).as_of``, the control is
    shown beside the filters, and the day stays in every link, file and saved view; a row's link is led to that day.
    """

    name: str
    route: str
    label: Any
    unit: Any
    rows: Callable[[HttpRequest], Rows]
    fields: tuple[str, ...]
    columns: tuple[Column, ...]
    order: str
    href: Callable[[Row], str] | None = None
    code: Callable[[Row], str] | None = None
    kind: str = ""  # of the search index; "": no search box
    filters: tuple[Filter, ...] = ()
    tabs: tuple[Tab, ...] = ()
    bulk: tuple[Bulk, ...] = ()
    enrich: Callable[[list[Row]], None] | None = None  # one more query for a page: what a join would multiply
    enrich_on: Callable[[list[Row], Asked], None] | None = None  # the same, for what depends on the day
    travels: bool = False
    knows: bool = False  # with ``travels``: known_at means something here too
    scope: Callable[[HttpRequest], Hashable] = everyone_alike
    hint: Any = ""
    empty_title: Any = ""
    empty_text: Any = ""
    file_name: str = "list"
    note: Any = ""  # said at the foot
    wide: bool = True
    route_kwargs: Callable[[HttpRequest], dict[str, Any]] = field(default=lambda request: {})

    def column(self, key: str) -> Column | None:
        """The column of this key."""
        return next((column for column in self.columns if column.key == key), None)

    def known(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that are columns, in the list's order; the naming column always."""
        wanted = set(keys)
        return [column.key for column in self.columns if column.head or column.key in wanted]
