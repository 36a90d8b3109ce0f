"""Data quality: what is wrong or missing in the record, what that does to the figures, and who puts it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.ventures import queries as ventures
from hatchline.sites import access
from hatchline.sites.components import formatting, pictures
from hatchline.sites.console import duplicates, quality_checks, quality_lists
from hatchline.sites.console.quality_checks import GROUPS
from hatchline.sites.lists import exporting, fetching, paging, view
from hatchline.sites.lists.declaration import Column

FACTS = ("beginning", "founded", "field", "incorporated", "code")
EACH = 10  # on the page; all of them are a list of their own
UNKNOWN = "unknown-facts"  # that list, beside those of the checks


@dataclass(frozen=True)
class Counted:
    """A check with how many rows it found. ``number`` 0: nothing is wrong."""

    key: str
    group: str
    label: str
    why: str
    mend: str
    number: int
    level: str
    href: str


def counts(request: HttpRequest) -> list[Counted]:
    """Every check the role may open, those with most at stake first. One query besides that for the ledger's head."""
    numbers = quality_checks.numbers(request).found
    order = {"bad": 0, "warn": 1, "neutral": 2}
    made = [
        Counted(
            each.key,
            each.group,
            str(each.label),
            str(each.why),
            str(each.mend),
            numbers[each.key],
            each.level if numbers[each.key] else "ok",
            reverse("console:quality_list", args=[each.key]),
        )
        for each in quality_checks.allowed(request)
    ]
    return sorted(made, key=lambda each: (not each.number, order.get(each.level, 3)))


@access.may("quality.see")
def overview(request: HttpRequest) -> HttpResponse:
    """Can the figures be relied on, and what must be put right first?"""
    found = counts(request)
    groups = [
        {"key": key, "label": label, "checks": [each for each in found if each.group == key]}
        for key, label in GROUPS.items()
    ]
    questions = ventures.open_questions()
    lacking = _unknown_facts(request)
    pairs = duplicates.found_pairs(request, duplicates.WHATS["ventures"])
    context = {
        "groups": [each for each in groups if each["checks"]],
        "wrong": sum(each.number for each in found if each.level == "bad"),
        "unsure": sum(each.number for each in found if each.level == "warn"),
        "clean": [each.label for each in found if not each.number],
        "counted_at": quality_checks.numbers(request).at,
        "questions": questions.count(),
        "overdue": questions.filter(due_on__lt=request.today).count(),
        "pairs": len(pairs),
        "facts_columns": _columns(),
        "institutions": lacking[:EACH],
        "lacking": len(lacking),
        "facts_href": reverse("console:quality_list", args=[UNKNOWN]),
    }
    return render(request, "console/quality.jinja", context, using="jinja2")


def _columns() -> list[dict[str, Any]]:
    """Of the table of unknown facts."""
    counted = (_("入驻时间"), _("创立时间"), _("技术领域"), _("注册时间"), _("信用代码"))
    return [
        pictures.column(_("在驻主体"), kind="number"),
        *(pictures.column(label, kind="number", narrow=False) for label in counted),
        pictures.column(_("缺口占比"), kind="number"),
    ]


def _unknown_facts(request: HttpRequest) -> list[dict[str, Any]]:
    """Of each institution's ventures in place, how many lack which key fact; those lacking most first."""
    key = ("quality", "facts", request.role.pk, request.today, fetching.head(request))
    rows = fetching.remembered(
        key, lambda: ventures.quality.unknown_by_institution(request.today), lambda made: len(made) > 0
    )
    within = set(quality_checks.institutions_of(request).values_list("pk", flat=True)) if rows else set()
    shown = [row for row in rows if row["institution"] in within and row["unknown"]]
    return [
        {
            **row,
            "href": reverse("console:institution", args=[row["institution"]]),
            "share": formatting.percent(row["unknown"] / (row["tenants"] * len(FACTS))),
        }
        for row in shown
    ]


def _facts_page(request: HttpRequest) -> HttpResponseBase:
    """Every institution whose ventures lack key facts: by pages, or as a file."""
    rows, form = _unknown_facts(request), request.GET.get("export", "")
    if form in exporting.TYPES:
        words = [str(column["label"]) for column in _columns()]
        keys = ("tenants", *FACTS, "share")
        columns = [Column("name", _("孵化机构")), *(Column(*pair) for pair in zip(keys, words, strict=True))]
        return exporting.as_file("quality-facts", _("各机构的关键信息缺口"), columns, rows, form, request.today)
    pager = paging.pager(request, len(rows), lambda page: f"?page={page}")
    context = {"facts_columns": _columns(), "institutions": pager.cut(rows), "pager": pager}
    return render(request, "console/quality_facts.jinja", context, using="jinja2")


@access.may("quality.see")
def listing(request: HttpRequest, check: str) -> HttpResponseBase:
    """The rows that one check found."""
    if check == UNKNOWN:
        return _facts_page(request)
    found = quality_checks.BY_KEY.get(check)
    if found is None or found not in quality_checks.allowed(request):
        raise Http404
    context = {"check": found, "crumb": (_("数据质量"), reverse("console:quality"))}
    return view.respond(request, quality_lists.of(check), "console/quality_list.jinja", context)
