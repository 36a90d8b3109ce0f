"""What the district promised and how it stands, with what each figure means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hatchline.apps.indicators import queries
from hatchline.apps.indicators.queries import Reading
from hatchline.sites import access
from hatchline.sites.components import formatting, pictures

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
UNITS = {
    "家": gettext_lazy("家"),
    "元": gettext_lazy("元"),
    "亿元": gettext_lazy("亿元"),
    "人": gettext_lazy("人"),
    "%": "%",
}


def _spaced(scale: str, unit: str) -> str:
    """亿元, billion yuan."""
    return (f"{scale} {unit}" if scale.isascii() else f"{scale}{unit}").strip()


def unit_of(reading: Reading) -> str:
    """The unit in the reader's language; English counts things without a measure word."""
    if reading.unit == "家" and (get_language() or "").startswith("en"):
        return ""
    return str(UNITS.get(reading.unit, reading.unit))


@dataclass(frozen=True)
class Figure:
    """A target as the public reads it."""

    reading: Reading
    code: str
    name: str
    value: str | None
    unit: str
    goal: str
    line: Any
    level: str
    verdict: str
    note: str
    href: str


def figures(request: HttpRequest) -> list[Figure]:
    """All targets of the district today."""
    return [figure(each) for each in queries.readings(settings.DISTRICT, request.today)]


def figure(reading: Reading) -> Figure:
    """One reading in the public's words."""
    target, measure = reading.target, reading.target.measure
    english = (get_language() or "").startswith("en")
    unit = unit_of(reading)
    goal, scale = formatting.scaled(target.value)
    known = [(day, value) for day, value in reading.series if value is not None]
    if reading.value is None:
        level, verdict, note = "unknown", _("未知"), _("还没有数据")
    elif reading.verdict == "met":
        level, verdict, note = "ok", _("已达成"), _("按登记簿实时计算")
    else:
        level, verdict, note = "neutral", _("进行中"), _("按登记簿实时计算")
    return Figure(
        reading,
        target.code,
        measure.name_en if english and measure.name_en else measure.name,
        None if reading.value is None else formatting.plain(reading.value),
        unit,
        " ".join([SIGNS[target.operator], goal, _spaced(scale, unit)]).strip(),
        pictures.sparkline(known, target=target.value, width=96) if len(known) > 1 else None,
        level,
        verdict,
        note,
        reverse("portal:target", args=[target.code]),
    )


@access.public
def listing(request: HttpRequest) -> HttpResponse:
    """What was promised, and how far is it?"""
    shown = figures(request)
    met = sum(1 for each in shown if each.reading.verdict == "met" and each.value is not None)
    unknown = sum(1 for each in shown if each.value is None)
    context = {
        "figures": shown,
        "met": met,
        "unknown": unknown,
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
    names = list(reading.rows.values_list("pk", "name", "territory__name")[:500])
    context = {
        "figure": figure(reading),
        "reading": reading,
        "names": names,
        "definitions": list(found.measure.definitions.all()),
    }
    return render(request, "portal/target.jinja", context, using="jinja2")
