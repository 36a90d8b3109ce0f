"""One view for every list: ``return lists.respond(request, ORGANISATIONS, "console/organisations.jinja", {...})``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from hatchline.apps.people.roles import may
from hatchline.apps.search import queries as search
from hatchline.apps.shelf import actions as shelf
from hatchline.apps.shelf import queries as shelf_queries
from hatchline.core.values.refusal import Refused
from hatchline.sites import days
from hatchline.sites.components.pictures import column as table_column
from hatchline.sites.lists import drawing, exporting, fetching
from hatchline.sites.lists.declaration import Column, List
from hatchline.sites.lists.paging import Pager
from hatchline.sites.lists.state import State, read

if TYPE_CHECKING:
    from hatchline.apps.shelf.models import SavedView

MOST_CHOSEN = 500


@dataclass
class Shown:
    """Everything the template needs. ``total`` and ``rows`` are of the state; the rest is links and words."""

    declared: List
    state: State
    path: str
    columns: list[Column]
    total: int
    all: int | None
    tabs: list[dict[str, Any]] = field(default_factory=list)
    menus: str = ""
    body: str = ""
    chips: list[tuple[Any, str]] = field(default_factory=list)
    table: list[dict[str, Any]] = field(default_factory=list)
    bulk_buttons: str = ""
    by_start: bool = False
    too_many_for_excel: bool = False
    may_save: bool = False
    current_view: SavedView | None = None
    asked: days.Asked | None = None  # the day it speaks of, of a list that travels

    @property
    def pager(self) -> Pager:
        """Where the page stands among the rows."""
        return Pager(self.state.page, self.total, lambda page: self.path + self.state.with_(page=page).query())

    @property
    def keep(self) -> list[tuple[str, str]]:
        """What a search keeps of the address."""
        return self.state.with_(q="").pairs()

    @property
    def keep_but_days(self) -> list[tuple[str, str]]:
        """What a journey to another day keeps of the address."""
        return self.state.with_(days=()).pairs()

    @property
    def chooser(self) -> list[dict[str, Any]]:
        """Every column with whether it is shown, for the column chooser."""
        return [
            {"name": column.key, "label": column.label, "shown": column in self.columns, "fixed": column.head}
            for column in self.declared.columns
        ]

    def export_href(self, form: str) -> str:
        return f"{self.path}{self.state.with_().query()}&export={form}"

    @property
    def clear_href(self) -> str:
        return self.path + self.state.with_(q="", filters=(), view="").query()


def respond(
    request: HttpRequest, declared: List, template: str, context: dict[str, Any] | None = None
) -> HttpResponseBase:
    """The page, a file of what it shows, or what a posted form asks for."""
    if request.method == "POST":
        return _posted(request, declared)
    form = request.GET.get("export", "")
    if form in exporting.TYPES:
        return export(request, declared, form)
    shown = build(request, declared)
    return render(request, template, {**(context or {}), "list": shown}, using="jinja2")


def build(request: HttpRequest, declared: List) -> Shown:
    """What the list shows for this address, role and person."""
    state, path = read(request, declared), _path(request, declared)
    person = getattr(request, "person", None)
    views = shelf_queries.views(person, declared.name) if person else []
    head = fetching.head(request)
    everything = fetching.whole(declared, request, head)
    total = fetching.count(declared, request, state, head, everything)
    state = state.with_(page=Pager(state.page, total, str).page)  # a page past the end is the last one
    columns = _columns(declared, state, views)
    shown = Shown(
        declared,
        state,
        path,
        columns,
        total,
        everything,
        by_start=bool(state.q) and search.understand(state.q).by_start,
        too_many_for_excel=total > exporting.EXCEL_ROWS,
        may_save=person is not None and _role_may(request, "lists.save_view"),
        asked=days.asked(request) if declared.travels else None,
    )
    shown.tabs = _tabs(declared, request, state, path, views, head, everything)
    shown.current_view = next((view for view in views if str(view.pk) == state.view), None)
    shown.chips = _chips(declared, request, state, path)
    shown.menus = _menus(declared, request, state, path, head, everything)
    shown.body = _body(declared, request, state, columns, head, everything) if total else ""
    shown.table = [_table_column(column, declared, state, path) for column in columns]
    offered = tuple(each for each in declared.bulk if _role_may(request, each.capability))
    shown.bulk_buttons = drawing.bulk_buttons(offered, get_language() or "")
    return shown


def export(request: HttpRequest, declared: List, form: str) -> HttpResponseBase:
    """The rows of this address as a file; ``pk`` values in the address choose some of them."""
    state = read(request, declared)
    person = getattr(request, "person", None)
    columns = _columns(declared, state, shelf_queries.views(person, declared.name) if person else [])
    rows = fetching.all_rows(declared, request, state)
    chosen = _keys(request.GET.getlist("pk"))
    if chosen:
        rows = rows.filter(pk__in=chosen)
    if form == "xlsx" and rows.order_by().count() > exporting.EXCEL_ROWS:
        messages.warning(request, _("超过 10 万行，Excel 打开会很慢，请导出 CSV，或再加一个条件。"))
        return redirect(_path(request, declared) + state.query())
    asked = fetching.day_of(declared, request)
    return exporting.answer(declared, columns, fetching.chunks(declared, rows, asked), form, asked.as_of)


def _path(request: HttpRequest, declared: List) -> str:
    return reverse(declared.route, kwargs=declared.route_kwargs(request) or None)


def _role_may(request: HttpRequest, capability: str) -> bool:
    role = getattr(request, "role", None)
    return role is not None and may(role.kind, capability)


def _columns(declared: List, state: State, views: list[SavedView]) -> list[Column]:
    keys: tuple[str, ...] | list[str] = state.columns
    if not keys and views and views[0].name == "":
        keys = declared.known(views[0].query.removeprefix("columns=").replace("%2C", ",").split(","))
    if not keys:
        keys = [column.key for column in declared.columns if column.shown or column.head]
    return [column for column in declared.columns if column.key in keys]


def _tabs(declared, request, state, path, views, head, everything) -> list[dict[str, Any]]:
    made = []
    for tab in declared.tabs:
        plain = State(tab="" if tab.apply is None else tab.key, days=state.days)
        made.append(
            {
                "label": tab.label,
                "href": path + plain.query(),
                "count": fetching.count(declared, request, plain, head, everything),
                "current": state.tab == plain.tab and not state.view,
            }
        )
    for view in views:
        if view.name:
            href = f"{path}?{view.query}&view={view.pk}" if view.query else f"{path}?view={view.pk}"
            made.append({"label": view.name, "href": href, "count": None, "current": state.view == str(view.pk)})
    return made


def _body(
    declared: List, request: HttpRequest, state: State, columns: list[Column], head: int, everything: int
) -> Markup:
    """The page's rows, drawn. Of a long list kept like its counts: who comes back soon finds it ready."""
    keys = tuple(column.key for column in columns)
    asked, moment = days.asked(request) if declared.travels else None, fetching.moment(declared, request)
    key = ("rows", declared.name, declared.scope(request), moment, state, keys, get_language(), head)
    kept: Markup = fetching.remembered(
        key,
        lambda: drawing.body(declared, columns, fetching.page(declared, request, state), asked),
        lambda made: everything > fetching.WORTH_KEEPING,
    )
    return kept


def _chips(declared: List, request: HttpRequest, state: State, path: str) -> list[tuple[str, str]]:
    """The filters in force, each with the address without it."""
    made, chosen = [], dict(state.filters)
    for each in declared.filters:
        value = chosen.get(each.key)
        if value:
            label = next(choice.label for choice in each.choices(request) if str(choice.value) == value)
            made.append((f"{each.label}{_('：')}{label}", path + state.with_filter(each.key, "").query()))
    return made


def _menus(declared: List, request: HttpRequest, state: State, path: str, head: int, everything: int) -> Markup:
    """The filters not in force with their choices. Kept like the counts that they show."""

    def draw() -> Markup:
        drawn, chosen = [], dict(state.filters)
        for each in declared.filters:
            if each.key in chosen:
                continue
            sizes = fetching.choices(declared, request, each, head, everything)
            opening = path + state.opening(each.key)
            options = [
                {
                    "label": choice.label,
                    "href": opening + quote(str(choice.value)),
                    "count": None if sizes is None else sizes.get(str(choice.value), 0),
                }
                for choice in each.choices(request)
            ]
            if options:
                drawn.append(drawing.menu(each.label, options))
        return Markup("").join(drawn)

    scope, at = declared.scope(request), state.with_(page=1)
    key = ("menus", declared.name, scope, fetching.moment(declared, request), path, at, get_language(), head)
    kept: Markup = fetching.remembered(key, draw, lambda made: everything > fetching.WORTH_KEEPING)
    return kept


def _table_column(column: Column, declared: List, state: State, path: str) -> dict[str, Any]:
    sorted_by = state.sort or declared.order
    up, down = sorted_by == column.key, sorted_by == f"-{column.key}"
    turned = f"-{column.key}" if up else column.key
    return table_column(
        column.label,
        column.key,
        kind=column.kind,
        unit=column.unit,
        hint=column.hint,
        narrow=column.narrow,
        sort_url=path + state.with_(sort="" if turned == declared.order else turned).query() if column.sort else "",
        sorted="ascending" if up else "descending" if down else "",
    )


def _keys(given: list[str]) -> list[int]:
    return [int(key) for key in given[:MOST_CHOSEN] if key.isascii() and key.isdigit() and len(key) < 19]


def _posted(request: HttpRequest, declared: List) -> HttpResponseBase:
    what = request.POST.get("list_action", "")
    back = _path(request, declared) + (("?" + request.POST["back"].lstrip("?")) if request.POST.get("back") else "")
    if what.startswith("bulk:"):
        return _bulk(request, declared, what.removeprefix("bulk:"), back)
    if request.person is None or not _role_may(request, "lists.save_view"):
        raise PermissionDenied(_("您当前的角色不能保存视图。"))
    if what == "columns":
        shelf.choose_columns(request.person, declared.name, declared.known(request.POST.getlist("columns")))
    elif what == "drop_view" and _keys([request.POST.get("view", "")]):
        name = shelf.drop_view(request.person, int(request.POST["view"]))
        if name:
            messages.success(request, _("已删除视图“%(name)s”。") % {"name": name})
        back = _path(request, declared)
    elif what == "save_view":
        query = request.POST.get("query", "").lstrip("?")
        try:
            view = shelf.save_view(request.person, declared.name, name=request.POST.get("name", ""), query=query)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已存为视图“%(name)s”，只有您看得到。") % {"name": view.name})
            back = f"{_path(request, declared)}?{query}&view={view.pk}" if query else f"{back}?view={view.pk}"
    return redirect(back)


def _asked_back(request: HttpRequest, declared: List) -> days.Asked | None:
    """The day of the page from which a form was posted."""
    if not declared.travels:
        return None
    request.GET = QueryDict(request.POST.get("back", "").lstrip("?"))
    return days.asked(request)


def _bulk(request: HttpRequest, declared: List, key: str, back: str) -> HttpResponseBase:
    chosen = _keys(request.POST.getlist("pk"))
    if key in {"csv", "xlsx"}:
        asked = _asked_back(request, declared)
        rows = fetching.all_rows(declared, request, State()).filter(pk__in=chosen)
        columns = _columns(
            declared, State(), shelf_queries.views(request.person, declared.name) if request.person else []
        )
        day = asked.as_of if asked else request.today
        return exporting.answer(
            declared, columns, fetching.chunks(declared, rows, asked or fetching.day_of(declared, request)), key, day
        )
    action = next((each for each in declared.bulk if each.key == key), None)
    if action is None or not _role_may(request, action.capability):
        raise PermissionDenied(_("您当前的角色不能这样做。"))
    rows = declared.rows(request).filter(pk__in=chosen)
    try:
        messages.success(request, action.run(rows, request))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(back)
