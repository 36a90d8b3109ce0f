"""The portal's first page and how to enter the chain. Every figure is reckoned when the page is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ventures import queries as ventures
from hatchline.core.chain.presence import counts
from hatchline.sites import access, places, standings
from hatchline.sites.portal import directory, targets
from hatchline.sites.portal.words import STAGES, may_apply
from hatchline.sites.standings import Standing

SHOWN = 8


def _stages(request: HttpRequest, there: dict[str, int]) -> list[dict[str, Any]]:
    """What each stage is for, how many ventures are ``there``, who serves it, and what these have free now."""
    offered = institutions.stages_of(list(directory.listed(request).values_list("pk", flat=True)))
    free, where = directory.free_places(request), reverse("portal:institutions")
    made = []
    for each in STAGES:
        serving = [pk for pk, stages in offered.items() if each.stage in stages]
        made.append(
            {
                "words": each,
                "number": len(serving),
                "there": there.get(each.stage, 0),
                "free": places.said(places.together(free[pk] for pk in serving if pk in free)),
                "href": f"{where}?stage={each.stage}",
            }
        )
    return made


def _free_in_all(request: HttpRequest) -> str:
    return places.said(places.together(directory.free_places(request).values()))


def _note(each: Standing) -> str:
    """What a figure is of, where that is a period, and how far it is."""
    goal = {"goal": f"{each.goal} {each.goal_unit}".strip(), "progress": targets.progress(each)[1]}
    period = standings.period_words(each.reading)
    if period:
        return _("%(period)s；目标 %(goal)s，%(progress)s") % {**goal, "period": period}
    return _("目标 %(goal)s，%(progress)s") % goal


def _chain(today: date) -> dict[str, int]:
    """How many ventures are at each stage today, each once, at the latest it has reached."""
    return {
        stage.value: int(number) for stage, number in counts(ventures.present_chain().stays, [today])[today].items()
    }


@access.public
def home(request: HttpRequest) -> HttpResponse:
    """How is the district doing, where may I enter?"""
    listed = institutions.directory(settings.DISTRICT)
    rows = list(listed.rows.prefetch_related(None).select_related("territory")[:SHOWN])
    keys, where, there = [row.pk for row in rows], reverse("portal:institutions"), _chain(request.today)
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
                "note": _note(each),
                "href": each.href,
            }
            for each in figures
        ],
        "stages": _stages(request, there),
        "in_chain": sum(there.values()),
        "rows": rows,
        "levels": directory.level_words(keys, request.today),
        "free": {pk: places.said(found) for pk, found in directory.free_places(request).items() if pk in keys},
        "free_in_all": _free_in_all(request),
        "map": directory.map_of(request, directory.listed(request), "", lambda code: f"{where}?place={code}"),
        "as_of": request.today,
        "code_of": lambda row: row.territory.code if row.territory else "",
    }
    return render(request, "portal/home.jinja", context, using="jinja2")


@access.public
def enter(request: HttpRequest) -> HttpResponse:
    """Where may I enter, and what do I bring?"""
    context = {"stages": _stages(request, _chain(request.today)), "free_in_all": _free_in_all(request)}
    context["may_apply"] = may_apply(request)
    return render(request, "portal/enter.jinja", context, using="jinja2")
