"""Early warning: what is about to end or fails already, with the way to its page; each kind by pages and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.ventures import queries as ventures
from hatchline.journeys import warnings
from hatchline.journeys.gather import INSTITUTION
from hatchline.sites import access, days
from hatchline.sites.components import formatting
from hatchline.sites.judged import ladders, rows
from hatchline.sites.lists import exporting, fetching, paging
from hatchline.sites.lists.declaration import Column

FIRST = 8  # of each kind, where all kinds are shown
LABELS = {"failing": _("持证机构不再满足条件"), "ending": _("一年内到期的资质"), "outlasting": _("孵化时限")}
COLUMNS: dict[str, list[Column]] = {
    "failing": [
        Column("name", _("机构"), head=True),
        Column("level", _("级别"), show=lambda row: ladders.TITLES[row["level"]]),
        Column("document", _("文件")),
        Column("number", _("文号")),
        Column("missed", _("未达标"), show=lambda row: len(row["criteria"]), kind="number"),
        Column("words", _("条件"), show=lambda row: formatting.clauses(row["words"])),
    ],
    "ending": [
        Column("holder", _("获得单位"), head=True),
        Column("name", _("资质")),
        Column("ends_on", _("到期"), kind="date"),
        Column("days", _("还剩"), kind="number", unit=_("天")),
        Column("by_rule", _("依据"), show=lambda row: row["by_rule"] or _("证书")),
    ],
    "outlasting": [
        Column("venture_name", _("企业"), head=True),
        Column("institution_name", _("机构")),
        Column("since", _("入驻"), kind="date"),
        Column("ends_on", _("时限到"), kind="date"),
        Column("days", _("还剩"), kind="number", unit=_("天")),
        Column("rule", _("依据")),
    ],
}


@access.may("rules.evaluate")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which title, which stay, which holder of a title is about to fail?"""
    asked, of = days.asked(request), request.GET.get("of", "")
    key = ("warnings", request.role.pk, asked.as_of, fetching.head(request))
    found: dict[str, list[Any]] = fetching.remembered(key, lambda: _found(request, asked), lambda _made: True)
    form = request.GET.get("export", "")
    if of in found and form in exporting.TYPES:
        return _file(of, found[of], form, asked)
    pager = paging.pager(request, len(found.get(of, ())), lambda page: _address(asked, of, page=page))
    shown = {of: pager.cut(found[of])} if of in found else {name: those[:FIRST] for name, those in found.items()}
    parts = {
        name: {
            "rows": _rows(name, those, asked),
            "total": len(found[name]),
            "files": [(word, _address(asked, name, export=kind)) for kind, word in (("csv", "CSV"), ("xlsx", "Excel"))],
            "whole": _address(asked, name) if name != of and len(found[name]) > FIRST else "",
            "pager": pager if name == of else None,
        }
        for name, those in shown.items()
    }
    context = {
        "asked": asked,
        "of": of if of in found else "",
        "label": LABELS.get(of, ""),
        "parts": parts,
        "counts": {name: len(those) for name, those in found.items()},
        "all": asked.onward(request.path),
        "keep": [("of", of)] if of in found else [],
        "institution_kind": INSTITUTION,
    }
    answer: HttpResponse = render(request, "console/rules/alerts.jinja", context, using="jinja2")
    return answer


def _address(asked: days.Asked, of: str, **more: Any) -> str:
    words = "".join(f"&{name}={value}" for name, value in more.items())
    return asked.onward(f"{reverse('console:warnings')}?of={of}{words}")


def _rows(name: str, those: Sequence[Any], asked: days.Asked) -> list[dict[str, Any]]:
    """What a page or a file shows of them. One query a document for the words of its criteria."""
    made = [asdict(each) for each in those]
    if name == "failing":
        labels = {key: each.label.get(rows.language()) for key, each in _criteria(those).items()}
        for row in made:
            row["words"] = [labels.get((row["document"], key), key) for key in row["criteria"]]
            row["called"] = ladders.TITLES[row["level"]]
            page = reverse("console:institution_evaluation", args=[row["institution"], row["document"]])
            row["href"] = asked.onward(page)
    return made


def _file(of: str, those: Sequence[Any], form: str, asked: days.Asked) -> HttpResponseBase:
    return exporting.as_file(f"warnings-{of}", LABELS[of], COLUMNS[of], _rows(of, those, asked), form, asked.as_of)


def _found(request: HttpRequest, asked: days.Asked) -> dict[str, list[Any]]:
    """What the role may see of it."""
    places = set(institutions.visible_to(request.role).order_by().values_list("pk", flat=True))
    ending = warnings.ending(asked.as_of)
    theirs = [each.subject for each in ending if each.kind != INSTITUTION]
    seen = set(ventures.visible_to(request.role).order_by().filter(pk__in=theirs).values_list("pk", flat=True))
    return {
        "failing": warnings.failing(asked.as_of, places),
        "ending": [e for e in ending if e.subject in (places if e.kind == INSTITUTION else seen)],
        "outlasting": [each for each in warnings.outlasting(asked.as_of) if each.institution in places],
    }


def _criteria(failing: Sequence[warnings.Failing]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for name in {each.document for each in failing}:
        edition = rulebooks.edition(name)
        if edition is not None:
            found |= {(name, key): each for key, each in rulebooks.document(edition).criteria.items()}
    return found
