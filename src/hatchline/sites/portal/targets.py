"""What the district promised and how it stands, with what each figure means. Figures of the district alone: no single
venture is named, nor what it told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.indicators import queries
from hatchline.apps.indicators.queries import Reading
from hatchline.sites import access, standings
from hatchline.sites.standings import Standing

FEWEST = 3  # of fewer ventures no sum is published
NAMED = 500  # institutions listed under a figure


def figures(request: HttpRequest) -> list[Standing]:
    """All targets of the district today; month ends that nobody kept yet are asked of the worker."""
    found = queries.readings(settings.DISTRICT, request.today)
    standings.still_reckoned(found)
    return [_figure(each, width=96) for each in found]


def _figure(reading: Reading, *, width: int = 196) -> Standing:
    made = standings.standing(reading, href=reverse("portal:target", args=[reading.target.code]), width=width)
    return replace(made, value=None, line=None) if _is_of_few(reading) else made


def _is_of_few(reading: Reading) -> bool:
    """A sum of so few that it would tell what one of them told."""
    is_sum = reading.meaning is not None and reading.meaning.reckon == "sum"
    return is_sum and (reading.coverage is None or reading.coverage.decided < FEWEST)


def progress(each: Standing) -> tuple[str, str]:
    """(level, word): how it stands, as the public reads it. What officials expect is theirs to explain."""
    if each.value is None:
        return "unknown", _("未知")
    if each.reading.verdict == "unknown":
        return "unknown", _("还不能断定")
    return ("ok", _("已达成")) if each.met else ("neutral", _("进行中"))


@access.public
def listing(request: HttpRequest) -> HttpResponse:
    """What was promised, and how far is it?"""
    shown = figures(request)
    context = {
        "figures": shown,
        "progress": progress,
        "period": standings.period_words,
        "met": sum(1 for each in shown if each.met),
        "not_known": sum(1 for each in shown if progress(each)[0] == "unknown"),
        "document": shown[0].reading.target.document if shown else "",
        "as_of": request.today,
    }
    return render(request, "portal/targets.jinja", context, using="jinja2")


@access.public
def target(request: HttpRequest, code: str) -> HttpResponse:
    """What this figure means and what it is today."""
    found = queries.target(code)
    if found is None or found.territory.code != settings.DISTRICT:
        raise Http404
    reading = queries.reading(found, request.today)
    names: list[Any] = []
    if reading.subject == "institution":
        names = list(reading.rows.values_list("pk", "name", "name_en", "territory__name")[:NAMED])
    context = {
        "figure": _figure(reading),
        "reading": reading,
        "period": standings.period_words(reading),
        "pending": standings.still_reckoned([reading]),
        "names": [(pk, (standings.in_english() and english) or name, place) for pk, name, english, place in names],
        "years": [] if _is_of_few(reading) else _year_ends(reading),
        "definitions": list(found.measure.definitions.all()),
    }
    return render(request, "portal/target.jinja", context, using="jinja2")


def _year_ends(reading: Reading) -> list[tuple[str, str | None]]:
    """Year ends and the value on each; None: unknown."""
    ends = [(day, value) for day, value in reading.series if (day.month, day.day) == (12, 31)]
    return [(day.isoformat(), None if value is None else standings.said(reading, value)) for day, value in ends]
