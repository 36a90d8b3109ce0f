"""The top bar's search: everything the role may see, by kind. At most two queries a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import may
from hatchline.apps.premises import queries as premises
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.search import queries as search
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.models import TitleKind
from hatchline.apps.titles.states import Level
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.states import Status
from hatchline.sites import access
from hatchline.sites.console import history, marks

EACH = 20
Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of record that is looked through.

    ``rows``: those the role sees; ``told`` turns fields into name, what it is beside it, and more words, for a page of
    them at once; ``href`` leads to the record; ``listing`` is the route of its list, "" where that has no search.
    """

    kind: str
    label: Any
    capability: str
    rows: Callable[[HttpRequest], Any]
    fields: tuple[str, ...]
    told: Callable[[list[Row]], list[tuple[Any, Any, Any]]]
    href: Callable[[Row], str]
    order: str = "name"
    listing: str = ""


def _in_language(row: Row) -> Any:
    """The English name for English readers, where there is one."""
    return row.get("name_en") if (get_language() or "").startswith("en") and row.get("name_en") else row["name"]


def _body(row: Row) -> str:
    """Its legal body, by the name when that is another one than its own, else by the code."""
    name, code = row["legal_person__name"] or "", row["legal_person__credit_code"] or ""
    return name if name != row["name"] else code


def _of_ventures(rows: list[Row]) -> list[tuple[Any, Any, Any]]:
    places = ventures.quality.places_of([row["pk"] for row in rows])
    return [
        (
            row["name"],
            marks.joined([name for _pk, name in places.get(row["pk"], [])]) or _("不在任何机构"),
            _body(row) or marks.label(Status(row["status"])),
        )
        for row in rows
    ]


def _of_titles(rows: list[Row]) -> list[tuple[Any, Any, Any]]:
    names = titles.subject_names((row["subject_kind"], row["subject_id"]) for row in rows)
    return [
        (
            row["name"] or marks.label(TitleKind(row["kind"])),
            names.get((row["subject_kind"], row["subject_id"])),
            marks.joined(filter(None, [marks.label(Level(row["level"])), row["document"], row["number"]])),
        )
        for row in rows
    ]


def _place(name: str, more: str) -> Callable[[list[Row]], list[tuple[Any, Any, Any]]]:
    return lambda rows: [(_in_language(row), row[name] or None, row[more] or None) for row in rows]


def _page_of(route: str) -> Callable[[Row], str]:
    return lambda row: reverse(route, args=[row["pk"]])


KINDS = (
    Kind(
        "ventures.venture",
        gettext_lazy("创业主体"),
        "ventures.list",
        lambda request: ventures.visible_to(request.role),
        ("name", "status", "legal_person__name", "legal_person__credit_code"),
        _of_ventures,
        _page_of("console:venture"),
        listing="console:ventures",
    ),
    Kind(
        "institutions.institution",
        gettext_lazy("孵化机构"),
        "institutions.list",
        lambda request: institutions.visible_to(request.role, request.today),
        ("name", "name_en", "territory__name", "address"),
        _place("territory__name", "address"),
        _page_of("console:institution"),
        listing="console:institutions",
    ),
    Kind(
        "bodies.organisation",
        gettext_lazy("单位"),
        "organisations.list",
        lambda request: bodies.visible_to(request.role),
        ("name", "territory__name", "address"),
        _place("territory__name", "address"),
        _page_of("console:organisation"),
        listing="console:organisations",
    ),
    Kind(
        "titles.title",
        gettext_lazy("资质"),
        "ventures.list",
        lambda request: titles.visible_to(request.role, request.today),
        ("kind", "level", "name", "document", "number", "subject_kind", "subject_id"),
        _of_titles,
        lambda row: reverse(history.PAGES[row["subject_kind"]], args=[row["subject_id"]]),
        order="pk",
    ),
    Kind(
        "premises.premises",
        gettext_lazy("场地"),
        "premises.list",
        lambda request: premises.visible_to(request.role, request.today),
        ("name", "institution__name", "address"),
        _place("institution__name", "address"),
        _page_of("console:premises_page"),
        listing="console:premises",
    ),
    Kind(
        "premises.idleproperty",
        gettext_lazy("闲置存量房产"),
        "premises.list",
        lambda request: premises.idle_visible_to(request.role, request.today),
        ("name", "territory__name", "address"),
        _place("territory__name", "address"),
        _page_of("console:idle_page"),
        listing="console:idle",
    ),
    Kind(
        "people.person",
        gettext_lazy("人员"),
        "people.list",
        lambda request: people.visible_to(request.role, today=request.today),
        ("name", "name_en"),
        lambda rows: [(_in_language(row), None, None) for row in rows],
        _page_of("console:person"),
        listing="console:people",
    ),
)


@access.may("console.enter")
def everything(request: HttpRequest) -> HttpResponse:
    """What matches, by kind; each group says how many more its list has."""
    q = request.GET.get("q", "").strip()[:100]
    asked = search.understand(q)
    groups = []
    if asked.node is not None:
        groups = [_group(each, request, q) for each in KINDS if may(request.role.kind, each.capability)]
        if may(request.role.kind, "rules.evaluate"):
            groups.append(_documents(q))
    context = {"q": q, "groups": groups, "by_start": asked.by_start, "total": sum(each["count"] for each in groups)}
    return render(request, "console/search.jinja", context, using="jinja2")


def _group(kind: Kind, request: HttpRequest, q: str) -> dict[str, Any]:
    rows = kind.rows(request).select_related(None).prefetch_related(None)
    matching = search.narrowed(rows, kind.kind, q)
    found = list(matching.order_by(*dict.fromkeys([kind.order, "pk"])).values("pk", *kind.fields)[: EACH + 1])
    count = len(found) if len(found) <= EACH else matching.count()
    shown = found[:EACH]
    told = kind.told(shown) if shown else []
    return {
        "label": kind.label,
        "rows": [
            {"name": name, "what": what, "more": more, "href": kind.href(row)}
            for row, (name, what, more) in zip(shown, told, strict=True)
        ],
        "count": count,
        "href": reverse(kind.listing) if kind.listing else "",
        "q": q,
    }


def _documents(q: str) -> dict[str, Any]:
    """The rulebook's documents, a few dozen: by name, title or number."""
    words = q.casefold().split()
    rows = []
    for edition in rulebooks.editions():
        said = f"{edition.name} {edition.number} {edition.title} {edition.title_en}"
        if all(word in said.casefold() for word in words):
            name = edition.title_en if (get_language() or "").startswith("en") and edition.title_en else edition.title
            href = reverse("console:document", args=[edition.name])
            rows.append({"name": name or edition.name, "what": edition.number, "more": None, "href": href})
    return {
        "label": _("规则库文件"),
        "rows": rows[:EACH],
        "count": len(rows),
        "href": reverse("console:documents"),
        "q": q,
    }
