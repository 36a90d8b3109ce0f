"""Who reported which value of a venture or an institution, when, and what it was before it was corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.observations import queries as observations
from hatchline.apps.people import queries as people
from hatchline.apps.ventures import queries as ventures
from hatchline.sites import access, days
from hatchline.sites.components import formatting
from hatchline.sites.console import institution_profile, institutions
from hatchline.sites.console.ventures import figures, listing
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.console.ventures.verbs import found as venture_found

RECORDING = "observations.recording"


@access.may("ventures.list")
def venture(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reported which value of a venture, and when?"""
    row = venture_found(request, pk)
    crumbs = [(pgettext("list", "创业主体"), "console:ventures"), (row.name, "console:venture")]
    return _page(request, listing.KIND, ventures.family(pk), pk, crumbs)


@access.may("institutions.list")
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reported which value of an institution, and when?"""
    row = institution_profile.found(request, pk)
    name = institutions.in_language(row.name, row.name_en)
    crumbs = [(_("孵化机构"), "console:institutions"), (name, "console:institution")]
    return _page(request, institutions.KIND, [pk], pk, crumbs)


def _page(
    request: HttpRequest, kind: str, family: Collection[int], pk: int, crumbs: Sequence[tuple[str, str]]
) -> HttpResponse:
    asked = days.asked(request)
    declared = {each.code: each for each in observations.measures(kind)}
    chosen = request.GET.get("measure", "")
    chosen = chosen if chosen in declared else ""
    values = figures.of(family, asked.as_of, moment_of(asked), kind)
    measured = {each.measure for each in values}
    shown = sorted(values, key=lambda each: (each.measure, each.ends_before), reverse=True)
    (every, its), here = crumbs, reverse(figures.PAGES[kind], args=[pk])
    context = {
        "name": its[0],
        "crumbs": [
            (every[0], asked.onward(reverse(every[1]))),
            (its[0], asked.onward(reverse(its[1], args=[pk]))),
            (figures.named(declared[chosen]) if chosen else _("观测值"), ""),
        ],
        "here": here,
        "asked": asked,
        "lines": _lines([each for each in shown if chosen in ("", each.measure)], kind, family, declared),
        "chosen": chosen,
        "measure": figures.named(declared[chosen]) if chosen else "",
        "options": [
            {"label": figures.named(each), "href": asked.onward(f"{here}?measure={code}"), "count": None}
            for code, each in declared.items()
            if code in measured
        ],
    }
    return render(request, "console/reported.jinja", context, using="jinja2")


def _lines(
    values: Sequence[observations.Value], kind: str, family: Collection[int], declared: dict[str, Any]
) -> list[dict[str, Any]]:
    """A row for each value, with what stood there before it. Three queries for all."""
    before = defaultdict(list)
    for each in observations.superseded(kind, family) if values else ():
        before[_of(each)].append(each)
    earlier = {value.pk: [each for each in before[_of(value)] if each.pk < value.pk] for value in values}
    told = [*values, *(each for those in earlier.values() for each in those)]
    names = people.names_of({each.by for each in told if each.by is not None})
    corrections = [(RECORDING, each.recording) for each in told if before[_of(each)]]
    entries = ledger.history_of(corrections) if corrections else []
    reasons = {int(entry.subject_id): entry.details.get("reason", "") for entry in entries}

    def line(value: observations.Value) -> dict[str, Any]:
        return {
            "measure": figures.named(declared[value.measure]),
            "period": figures.period_words(value),
            "value": " ".join(part for part in figures.shown(declared[value.measure], value.value) if part),
            "exact": str(value.value),
            "source": formatting.source_words(value.source),
            "by": names.get(value.by, _("（已删除的人）")) if value.by is not None else _("系统"),
            "recorded_at": value.recorded_at,
            "reason": reasons.get(value.recording, ""),
        }

    return [line(value) | {"earlier": [line(each) for each in reversed(earlier[value.pk])]} for value in values]


def _of(value: observations.Value) -> tuple[Any, ...]:
    return value.measure, value.subject, value.starts_on, value.ends_before
