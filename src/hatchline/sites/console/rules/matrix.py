"""Institutions or ventures by criteria: who meets what, how near everybody is, the nearest first; also as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from hatchline.core.rules import nearness
from hatchline.core.rules.bind import bind, overall_formula
from hatchline.core.rules.documents import Document, Mark
from hatchline.core.rules.explain import Explainer
from hatchline.core.rules.populations import Bools, Ints
from hatchline.core.rules.vector import Institutions, Judged, evaluate
from hatchline.sites import access, days
from hatchline.sites.console.rules import narrowing
from hatchline.sites.console.rules.ground import OLDER, Ground, basis, kept_with, stand_on
from hatchline.sites.judged import rows as judged_rows
from hatchline.sites.lists import Column, exporting

ON_A_PAGE = 50
SHOWN = {
    "": gettext_lazy("全部"),
    "met": gettext_lazy("达标"),
    "near": gettext_lazy("只差一项"),
    "missing": gettext_lazy("未达标"),
    "unknown": gettext_lazy("未知"),
}
WORDS = {
    "met": gettext_lazy("达标"),
    "missing": gettext_lazy("未达标"),
    "unknown": gettext_lazy("未知"),
    "other": gettext_lazy("不适用"),
}


@dataclass(frozen=True)
class Matrix:
    """Everybody under every criterion. ``short``: the shares missing; ``lacking``, ``unsure``: how many criteria.

    ``needed``: how many more have to be met at least for the whole, where some of them are enough; ``sure``: at most.
    """

    judged: Judged
    short: dict[str, nearness.Floats]
    distance: nearness.Floats
    lacking: Any
    unsure: Any
    needed: Any
    sure: Any

    def state(self, name: str, at: int) -> str:
        """A criterion of one institution: met, missing, unknown, or other where it does not apply."""
        if not self.judged.applies[name][1][at]:
            return "other"
        certain, possible = self.judged.criteria[name]
        return "met" if certain[at] else "unknown" if possible[at] else "missing"

    def whole(self, at: int) -> str:
        """The decision."""
        certain, possible = self.judged.overall
        return "met" if certain[at] else "unknown" if possible[at] else "missing"


def reckoned(ground: Ground) -> Matrix:
    """The matrix of a document over those who stand on its ground."""
    population, plan = ground.whatif.population, bind(ground.document, ground.whatif.as_of)
    subjects = Institutions.of(population)
    judged = evaluate(plan, population, subjects)
    short = {each.name: nearness.shortfall(each.requirement, subjects) for each in plan.judgements}
    zeros = np.zeros(population.size, dtype=np.int64)
    lacking = sum((~possible for _certain, possible in judged.criteria.values()), zeros)
    unsure = sum((possible & ~certain for certain, possible in judged.criteria.values()), zeros)
    far = nearness.distance(plan.overall, short, population.size)
    criteria = judged.criteria.items()
    needed = needed_of(ground, {name: ~possible for name, (_certain, possible) in criteria})
    sure = needed_of(ground, {name: ~certain for name, (certain, _possible) in criteria})
    return Matrix(judged, short, far, lacking, unsure, needed, sure)


def needed_of(ground: Ground, missing: Mapping[str, Bools]) -> Ints:
    """How many criteria more have to be met, of those that are missing: two of three want no third."""
    counted = {name: each.astype(np.float64) for name, each in missing.items()}
    formula = overall_formula(ground.document.overall)
    return nearness.distance(formula, counted, len(ground.names)).astype(np.int64)


def marks(document: Document, as_of: Any) -> dict[str, Mark]:
    """The weakest thing each criterion may rest on, whatever variant applies."""
    explainer, every = Explainer(document, as_of), frozenset(document.variants)
    return {name: explainer.mark(each, every) for name, each in document.criteria.items()}


def _order(ground: Ground, found: Matrix, by: str) -> Ints:
    """The nearest first; by a criterion, those who lack least of it first; what is unknown after what is known."""
    first = [found.short[by], *(~each for each in found.judged.criteria[by])] if by else []
    keys = [*first, ~found.judged.overall[0], found.distance, found.unsure, ground.rank]
    return np.lexsort(keys[::-1])


def _picked(found: Matrix, show: str) -> Bools:
    """Whose result is the one to be shown."""
    certain, possible = found.judged.overall
    match show:
        case "met":
            return certain
        case "unknown":
            return possible & ~certain
        case "missing":
            return ~possible
        case "near":
            return ~possible & (found.sure == 1)
    return np.ones(len(certain), dtype=bool)


@access.may("rules.evaluate")
def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """How far is everybody from this document, and in what?"""
    asked = days.asked(request)
    ground = stand_on(request, name, asked)
    found: Matrix = kept_with(ground, "matrix", lambda: reckoned(ground))
    document = ground.document
    by = request.GET.get("by", "") if request.GET.get("by") in document.criteria else ""
    show = request.GET.get("show", "") if request.GET.get("show") in SHOWN else ""
    part = narrowing.asked_for(request, ground)

    def here(**changes: Any) -> str:
        said = {key: str(value) for key, value in {"show": show, "by": by, **part, **asked.query, **changes}.items()}
        return f"?{urlencode({key: value for key, value in said.items() if value})}"

    narrowed = narrowing.narrowed(ground, part, here)
    counts = {key: int((_picked(found, key) & narrowed.mask).sum()) for key in SHOWN}
    order = _order(ground, found, by)
    order = order[(_picked(found, show) & narrowed.mask)[order]]
    if request.GET.get("export") in exporting.TYPES:
        return exported(ground, found, order, request.GET["export"])
    language, sure = judged_rows.language(), marks(document, asked.as_of)

    shown = Paginator(order, ON_A_PAGE).get_page(request.GET.get("page"))
    weakest = max(sure.values(), key=lambda mark: mark.rank)
    context = {
        "asked": asked,
        "here": request.path,
        "keep": [(key, value) for key, value in (("show", show), ("by", by), *part.items()) if value],
        "narrowed": narrowed,
        "words": narrowing.speech(ground),
        "document": document,
        "title": document.title.get(language),
        "heads": [
            {
                "label": each.label.get(language),
                "sign": judged_rows.SIGNS[judged_rows.SURENESS[sure[key]]],
                "mark": sure[key].label.get(language),
                "href": here(by="" if by == key else key),
                "current": by == key,
            }
            for key, each in document.criteria.items()
        ],
        "rows": [_row(ground, found, int(at), asked) for at in shown.object_list],
        "page": shown,
        "pages": (
            here(page=shown.previous_page_number()) if shown.has_previous() else "",
            here(page=shown.next_page_number()) if shown.has_next() else "",
        ),
        "size": narrowed.size,
        "passes": counts["met"],
        "near": counts["near"],
        "tabs": [
            {
                "label": label,
                "href": here(show=key),
                "count": counts[key],
                "current": key == show,
            }
            for key, label in SHOWN.items()
        ],
        "by": document.criteria[by].label.get(language) if by else "",
        "basis": f"{judged_rows.SIGNS[judged_rows.SURENESS[weakest]]} {weakest.label.get(language)}",
        "is_firm": weakest.is_firm,
        "exports": [(label, here(export=form)) for form, label in forms(len(order))],
        "older": getattr(request, OLDER, ""),
        "known_at": ground.known_at,
        "again": here(facts="latest"),
        "gaps": [each.get(language) for each in document.gaps],
    }
    return render(request, "console/rules/matrix.jinja", context, using="jinja2")


def percent(share: float) -> str:
    """What is missing, in whole percent and never less than one."""
    return f"{max(1, round(100 * share))}%"


def distance_of(found: Matrix, at: int) -> str:
    """What an institution lacks, in words."""
    parts = []
    if found.needed[at]:
        parts.append(
            ngettext("差 %(count)s 项", "差 %(count)s 项", int(found.needed[at])) % {"count": found.needed[at]}
        )
    if found.unsure[at]:
        parts.append(
            ngettext("%(count)s 项未知", "%(count)s 项未知", int(found.unsure[at])) % {"count": found.unsure[at]}
        )
    return (", " if judged_rows.language() == "en" else "，").join(parts)


def _row(ground: Ground, found: Matrix, at: int, asked: days.Asked) -> dict[str, Any]:
    key, standing = int(ground.whatif.population.keys[at]), ground.standings[at]
    page = "console:venture_evaluation" if ground.subject == "venture" else "console:institution_evaluation"
    cells = []
    for name in ground.document.criteria:
        state, share = found.state(name, at), float(found.short[name][at])
        cells.append({"state": state, "short": percent(share) if state == "missing" and share < 1 else ""})
    return {
        "name": ground.names[at],
        "where": standing.institution_name,
        "href": asked.onward(reverse(page, args=[key, ground.document.name])),
        "cells": cells,
        "state": found.whole(at),
        "lacks": distance_of(found, at),
    }


def forms(rows: int) -> list[tuple[str, str]]:
    """The kinds of file a table of so many rows is offered in."""
    return [("csv", "CSV"), *([("xlsx", "Excel")] if rows <= exporting.EXCEL_ROWS else [])]


def heads(ground: Ground, column: Callable[..., Column]) -> list[Column]:
    """Who each row is about. ``column(key, label, show)``; ``show`` takes the place of a subject."""
    place = column("place", _("区域"), lambda at: ground.standings[at].territory)
    if ground.subject == "institution":
        return [column("name", _("孵化机构"), lambda at: ground.names[at], head=True), place]
    return [
        column("name", pgettext("list", "创业主体"), lambda at: ground.names[at], head=True),
        column("institution", _("所在机构"), lambda at: ground.standings[at].institution_name),
        column(
            "stage", _("阶段"), lambda at: narrowing.words("stage", ground.standings[at].stage or narrowing.NOWHERE)
        ),
        place,
    ]


def exported(ground: Ground, found: Matrix, order: Ints, form: str) -> HttpResponseBase:
    """The matrix as a file: of each criterion the verdict and the share that is missing."""
    language = judged_rows.language()

    def column(name: str, label: str, show: Callable[[int], Any], **more: Any) -> Column:
        return Column(name, label, lambda row: show(row["at"]), **more)

    columns = [
        *heads(ground, column),
        column("whole", _("结论"), lambda at: str(WORDS[found.whole(at)])),
        column("lacking", _("未达标项数"), lambda at: int(found.lacking[at]), kind="number"),
        column("unsure", _("未知项数"), lambda at: int(found.unsure[at]), kind="number"),
        column("distance", _("距离"), lambda at: round(float(found.distance[at]), 4), kind="number"),
    ]
    for name, each in ground.document.criteria.items():
        columns.append(column(name, f"{name} {each.label.get(language)}", partial(_said, found, name)))
        label = _("%(criterion)s 还差") % {"criterion": name}
        columns.append(column(f"{name}.short", label, partial(_share, found, name), kind="number", unit="%"))
    columns += basis(ground)
    rows = ({"at": int(at)} for at in order)
    return exporting.as_file(f"matrix-{ground.document.name}", _("逐条矩阵"), columns, rows, form, ground.whatif.as_of)


def _said(found: Matrix, name: str, at: int) -> str:
    return str(WORDS[found.state(name, at)])


def _share(found: Matrix, name: str, at: int) -> float:
    return round(100 * float(found.short[name][at]), 2)
