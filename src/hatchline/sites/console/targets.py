"""Targets: the ledger of the plan's seven, and one target with its definition, its value and the rows under it."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hatchline.apps.indicators import actions, definitions, policy, queries
from hatchline.apps.indicators.queries import Reading
from hatchline.core.outlook import Outlook
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.sites import access, days, standings
from hatchline.sites.console import history, marks, records
from hatchline.sites.console.target_forms import InstitutionDefinition, VentureDefinition
from hatchline.sites.console.target_rows import rows_of
from hatchline.sites.days import Asked
from hatchline.sites.lists import Column, List, exporting, fetching, view
from hatchline.sites.standings import Standing


def lines(request: HttpRequest, asked: Asked) -> list[Standing]:
    """All targets of the district on the day asked for."""
    return [line(each, asked) for each in queries.readings(settings.DISTRICT, asked.as_of, head=fetching.head(request))]


def line(reading: Reading, asked: Asked) -> Standing:
    """A reading in words and a picture, with the address of its page."""
    href = asked.onward(reverse("console:target", args=[reading.target.code]))
    return standings.standing(reading, href=href)


@access.may("targets.see")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Will the plan's targets be met, and what is missing to know?"""
    asked = days.asked(request)
    shown = lines(request, asked)
    if request.GET.get("export") in exporting.TYPES:
        return exporting.answer(LEDGER, list(LEDGER.columns), map(_row, shown), request.GET["export"], asked.as_of)
    context = {
        "asked": asked,
        "lines": shown,
        "summary": standings.summary(shown),
        "years": standings.years(each.reading for each in shown),
        "document": shown[0].reading.target.document if shown else "",
        "pending": standings.still_reckoned(each.reading for each in shown),
    }
    return render(request, "console/targets.jinja", context, using="jinja2")


def _row(each: Standing) -> dict[str, Any]:
    """A line of the file: exact values."""
    reading, found = each.reading, each.reading.outlook
    ahead = found.end if isinstance(found, Outlook) else None
    return {
        "name": each.name,
        "value": reading.value,
        "at_least": reading.at_least,
        "at_most": reading.at_most,
        "unit": reading.unit,
        "goal": each.reading.target.value,
        "due_on": reading.target.due_on,
        "forecast": round(ahead.value, 1) if ahead else None,
        "low": round(ahead.low, 1) if ahead else None,
        "high": round(ahead.high, 1) if ahead else None,
        "coverage": each.coverage,
        "verdict": each.verdict,
        "note": each.note,
        "definition": reading.definition_text,
    }


LEDGER = List(
    name="console.targets",
    route="console:targets",
    label=gettext_lazy("方案目标"),
    unit=gettext_lazy("项"),
    rows=lambda request: queries.targets(settings.DISTRICT),
    fields=(),
    columns=(
        Column("name", gettext_lazy("指标"), head=True),
        Column("value", gettext_lazy("现值"), kind="number"),
        Column("at_least", gettext_lazy("至少"), kind="number"),
        Column("at_most", gettext_lazy("至多"), kind="number"),
        Column("unit", gettext_lazy("计量单位")),
        Column("goal", gettext_lazy("目标值"), kind="number"),
        Column("due_on", gettext_lazy("期限"), kind="date"),
        Column("forecast", gettext_lazy("到期预测"), kind="number"),
        Column("low", gettext_lazy("八成区间下限"), kind="number"),
        Column("high", gettext_lazy("八成区间上限"), kind="number"),
        Column("coverage", gettext_lazy("覆盖")),
        Column("verdict", gettext_lazy("差距")),
        Column("note", gettext_lazy("说明")),
        Column("definition", gettext_lazy("怎么算的")),
    ),
    order="name",
    file_name="targets",
)


def _reading(request: HttpRequest, code: str) -> Reading:
    found = queries.target(code)
    if found is None or found.territory.code != settings.DISTRICT:
        raise Http404
    return queries.reading(found, days.asked(request).as_of)


@access.may("targets.see")
def detail(request: HttpRequest, code: str) -> HttpResponseBase:
    """What this figure means, what it is on the day, and the rows it stands on."""
    asked = days.asked(request)
    reading = _reading(request, code)
    declared = rows_of(reading)
    if request.method == "POST" or request.GET.get("export"):
        return view.respond(request, declared, "console/target.jinja")
    found = reading.outlook

    def rows(tab: str) -> str:
        return asked.onward(f"{request.path}?tab={tab}#rows")

    context = {
        "asked": asked,
        "reading": reading,
        "line": line(reading, asked),
        "list": _without_control(view.build(request, declared)) if reading.coverage is not None else None,
        "beside": [
            (*standings.beside_words(reading, each), rows("graduates_here") if each.code == "graduates_here" else "")
            for each in reading.beside
        ],
        "lacking": [
            (sentence, rows(which.removesuffix("_rows")) if which else "")
            for sentence, which in zip_longest(reading.missing, reading.missing_rows)
        ],
        "picture": _picture(reading),
        "pending": standings.still_reckoned([reading]),
        "outlook": found if isinstance(found, Outlook) else None,
        "why_no_outlook": standings.why_no_outlook(reading),
        "amount": lambda value: standings.said(reading, value),
        "definitions": [(each, _in_words(each.content)) for each in reading.target.measure.definitions.all()],
        "history": history.about(reading.target, limit=5),
        "why_not": policy.why_not_as("amend_definition", request.role.kind),
        "document_words": marks.joined([part for part in (reading.target.document, reading.target.article) if part]),
        "period": standings.period_words(reading),
        "quarters": next(((day, value) for day, value in reversed(reading.trend) if value is not None), None)
        if reading.trend_is_of_quarters
        else None,
    }
    return render(request, "console/target.jinja", context, using="jinja2")


def _without_control(shown: view.Shown) -> view.Shown:
    """The page has the control of its day on top already."""
    shown.asked = None
    return shown


def _in_words(content: Any) -> str:
    """A definition in one sentence; one that a later version cannot read says so."""
    try:
        meaning = definitions.read(content)
    except definitions.NotADefinition as problem:
        return str(problem)
    english = standings.in_english()
    return definitions.in_words(meaning, definitions.measure_name(meaning.measure, english) if meaning.measure else "")


def _scale(reading: Reading) -> tuple[float, str]:
    """What values are divided by to be drawn, and their unit then: 亿元, in English billions."""
    if reading.unit != "元":
        return 1.0, standings.unit_of(reading)
    return (1e9, "billion yuan") if standings.in_english() else (1e8, _("亿元"))


def _picture(reading: Reading) -> dict[str, Any] | None:
    """The path as a chart with its table: actual, outlook with its band, target."""
    known = [(day, value) for day, value in reading.trend if value is not None]
    if len(known) < 2:
        return None
    found = reading.outlook
    points = known if reading.trend_is_of_quarters else list(reading.trend)
    scale, unit = _scale(reading)
    ahead = [each for each in found.path if each.day > points[-1][0]] if isinstance(found, Outlook) else []
    labels = [day.isoformat() for day, _value in points] + [each.day.isoformat() for each in ahead]
    actual = [None if value is None else round(float(value) / scale, 2) for _day, value in points] + [None] * len(ahead)
    first = [None] * (len(points) - 1)
    joined = [actual[len(points) - 1]] if ahead else [None]
    goal = float(reading.target.value) / scale
    series: list[dict[str, Any]] = [{"name": _("实际"), "values": actual}]
    past = len(points)  # of days gone by nothing is foretold, of those to come nothing is known yet: neither is unknown
    rows: list[list[Any]] = [
        [label, value if place < past else "—", "—", "—", "—"]
        for place, (label, value) in enumerate(zip(labels, actual, strict=True))
    ]
    if ahead:
        band = [
            *first,
            [joined[0], joined[0]] if joined[0] is not None else None,
            *([each.low / scale, each.high / scale] for each in ahead),
        ]
        expected = [*first, *joined, *(round(each.value / scale, 2) for each in ahead)]
        series.append({"name": _("预测"), "kind": "forecast", "values": expected, "band": band})
        for row, each in zip(rows[len(points) :], ahead, strict=True):
            row[2:] = [round(number / scale, 2) for number in (each.value, each.low, each.high)]
    series.append({"name": pgettext("one", "目标"), "kind": "target", "values": [goal] * len(labels)})
    return {
        "data": {"categories": labels, "days": True, "unit": unit, "series": series},
        "columns": [_("日期"), _("实际"), _("预测"), _("八成区间下限"), _("八成区间上限")],
        "rows": rows,
    }


@access.may("targets.amend")
def redefine(request: HttpRequest, code: str) -> HttpResponse:
    """A new meaning from a day on; the old one stays for the days before."""
    found = queries.target(code)
    if found is None or found.territory.code != settings.DISTRICT:
        raise Http404
    reading = queries.reading(found, request.today, series=False)
    present = reading.definition.content if reading.definition else {}
    kind = VentureDefinition if reading.subject == "venture" else InstitutionDefinition
    form = records.opened(request, kind, {**kind.initial_of(present), "starts_on": request.today})

    def save(data: dict[str, Any]) -> Any:
        content = kind.content_of(data, present)
        try:
            definitions.read(content)
        except definitions.NotADefinition as problem:
            raise Refused(Refusal("not_a_definition", str(problem))) from problem
        return actions.amend_definition(
            reading.target.measure,
            content=content,
            starts_on=data["starts_on"],
            reason=data["reason"],
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        )

    back = reverse("console:target", args=[code])
    name = standings.named(reading)
    return records.saved(
        request,
        form,
        save,
        template="console/record_form.jinja",
        done=lambda made: back,
        said=lambda made: _("新定义已记下，自 %(day)s 起施行。") % {"day": made.starts_on.isoformat()},
        context={
            "question": name,
            "heading": _("修改指标定义"),
            "crumbs": [(pgettext("list", "目标"), reverse("console:targets")), (name, back), (_("修改指标定义"), "")],
            "back": back,
            "candidates": [],
            "warning": ""
            if not present.get("missing")
            else _("这项指标现在缺数据，无法计算。存下这个定义，就改为按机构名录计数。"),
        },
    )
