"""The portal's first page and how to enter the chain. Every figure is reckoned when the page is asked for."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ventures import queries as ventures
from hatchline.core.chain.presence import counts
from hatchline.core.chain.stages import Stage
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.portal import directory, targets
from hatchline.sites.portal.words import STAGES

SHOWN = 8


def _stages() -> list[dict[str, object]]:
    numbers = institutions.number_by_stage(institutions.directory(settings.DISTRICT).rows)
    where = reverse("portal:institutions")
    return [
        {"words": each, "number": numbers.get(each.stage, 0), "href": f"{where}?stage={each.stage}"} for each in STAGES
    ]


def _chain(today: date) -> list[dict[str, object]]:
    """How many ventures are at each stage today, each once, at the latest it has reached. Empty: nobody is recorded."""
    found = counts(ventures.present_chain().stays, [today])[today]
    if not any(found.values()):
        return []
    names = {each.stage: each.name for each in STAGES}
    return [
        {"label": names[stage.value], "value": formatting.plain(found[stage]), "unit": pgettext("venture", "个")}
        for stage in Stage
    ]


@access.public
def home(request: HttpRequest) -> HttpResponse:
    """How is the district doing, where may I enter?"""
    listed = institutions.directory(settings.DISTRICT)
    rows = list(listed.rows.prefetch_related(None).select_related("territory")[:SHOWN])
    where = reverse("portal:institutions")
    figures = targets.figures(request)
    context = {
        "total": listed.total,
        "figures": figures,
        "strip": [
            {
                "label": each.name,
                "value": each.value,
                "unit": each.unit,
                "line": each.line,
                "goal": "",
                "note": _("目标 %(goal)s，%(progress)s")
                % {"goal": f"{each.goal} {each.goal_unit}".strip(), "progress": targets.progress(each)[1]},
                "href": each.href,
            }
            for each in figures
        ],
        "stages": _stages(),
        "chain": _chain(request.today),
        "rows": rows,
        "map": directory.map_of(directory.listed(request), "", lambda code: f"{where}?place={code}"),
        "as_of": request.today,
        "code_of": lambda row: row.territory.code if row.territory else "",
    }
    return render(request, "portal/home.jinja", context, using="jinja2")


@access.public
def enter(request: HttpRequest) -> HttpResponse:
    """Where may I enter, and what do I bring?"""
    return render(request, "portal/enter.jinja", {"stages": _stages()}, using="jinja2")
