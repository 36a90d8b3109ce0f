"""Targets: the ledger of the plan's seven, and one target with its definition, its value and the rows under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from hatchline.apps.indicators import actions, definitions, policy, queries
from hatchline.apps.indicators.queries import Reading
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.sites import access
from hatchline.sites.components import formatting, pictures
from hatchline.sites.console import history, marks, records
from hatchline.sites.console.institutions import INSTITUTIONS
from hatchline.sites.lists import Column, exporting

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


def named(reading: Reading) -> str:
    """The measure's name in the reader's language."""
    measure = reading.target.measure
    english = (get_language() or "").startswith("en")
    return measure.name_en if english and measure.name_en else measure.name


UNITS = {
    "家": gettext_lazy("家"),
    "亿元": gettext_lazy("亿元"),
    "元": gettext_lazy("元"),
    "%": "%",
    "人": gettext_lazy("人"),
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
class Line:
    """One target as a row of the figure ledger."""

    reading: Reading
    name: str
    code: str
    value: Any
    unit: str
    goal: str
    goal_unit: str
    coverage: str
    line: Any
    level: str
    verdict: str
    gap: str
    short_gap: str
    href: str


def lines(request: HttpRequest, *, site: str = "console") -> list[Line]:
    """All targets of the district today."""
    return [line(each, site=site) for each in queries.readings(settings.DISTRICT, request.today)]


def line(reading: Reading, *, site: str = "console") -> Line:
    """A reading in words and a picture."""
    target = reading.target
    unit = unit_of(reading)
    known = [(day, value) for day, value in reading.series if value is not None]
    drawn = None
    if len(known) > 1:
        marked = [day for day, _value in reading.series if day.month == 12]
        drawn = pictures.sparkline(known, target=target.value, marks=marked, width=132)
    level, verdict, gap = _gap(reading, unit)
    goal, scale = formatting.scaled(target.value)
    return Line(
        reading,
        named(reading),
        target.code,
        None if reading.value is None else formatting.plain(reading.value),
        unit,
        f"{SIGNS[target.operator]} {goal}",
        _spaced(scale, unit),
        _coverage(reading),
        drawn,
        level,
        verdict,
        gap,
        gap if reading.value is not None else _lacking(reading),
        reverse(f"{site}:target", args=[target.code]),
    )


def _coverage(reading: Reading) -> str:
    if reading.coverage is None:
        return _("没有来源")
    if reading.coverage.undecided:
        said = {"decided": reading.coverage.decided, "rows": reading.coverage.rows}
        return _("%(rows)s 家机构，%(decided)s 家可判定") % said
    return _("%(rows)s 家机构，全部可判定") % {"rows": reading.coverage.rows}


def _gap(reading: Reading, unit: str) -> tuple[str, str, str]:
    target = reading.target
    if reading.value is None:
        return "unknown", _("未知"), "；".join(reading.missing)
    gap = target.value - reading.value
    if reading.verdict == "met":
        over = reading.value - target.value
        return "ok", _("已达成"), _("超出 %(number)s %(unit)s") % _said(over, unit) if over > 0 else ""
    short = _("还差 %(number)s %(unit)s") % _said(gap, unit)
    if reading.verdict == "unknown":
        return (
            "unknown",
            _("还不能断定"),
            "；".join((short, *reading.missing)) if gap > 0 else "；".join(reading.missing),
        )
    return "warn", short, _("期限 %(day)s") % {"day": target.due_on.isoformat()}


def _lacking(reading: Reading) -> str:
    count = len(reading.missing)
    return ngettext("缺 %(count)s 类数据", "缺 %(count)s 类数据", count) % {"count": count}


def _said(number: Any, unit: str) -> dict[str, Any]:
    return {"number": formatting.plain(number), "unit": unit}


@access.may("targets.see")
def listing(request: HttpRequest) -> HttpResponse:
    """Will the plan's targets be met, and what is missing to know?"""
    shown = lines(request)
    context = {"lines": shown, "summary": summary(shown), "document": _document(shown)}
    return render(request, "console/targets.jinja", context, using="jinja2")


def summary(shown: list[Line]) -> dict[str, int]:
    """How many are met, how many are not, how many nobody can say."""
    verdicts = [each.reading.verdict if each.reading.value is not None else "unknown" for each in shown]
    return {"all": len(shown), **{word: verdicts.count(word) for word in ("met", "not_met", "unknown")}}


def _document(shown: list[Line]) -> str:
    return shown[0].reading.target.document if shown else ""


def _reading(request: HttpRequest, code: str) -> Reading:
    found = queries.target(code)
    if found is None or found.territory.code != settings.DISTRICT:
        raise Http404
    return queries.reading(found, request.today)


ROWS = tuple(
    column for column in INSTITUTIONS.columns if column.key in {"name", "kinds", "territory", "opened", "seen"}
)


def rows_under(reading: Reading) -> list[dict[str, Any]]:
    """The institutions that make the figure up, and after them those nobody can decide on."""
    made: list[dict[str, Any]] = []
    for rows, counts in ((reading.rows, True), (reading.undecided_rows, False)):
        plain = rows.select_related(None).prefetch_related(None)
        found = list(plain.values("pk", *INSTITUTIONS.fields))
        for row in found:
            row["counts"] = counts
        made += found
    if made and INSTITUTIONS.enrich is not None:
        INSTITUTIONS.enrich(made)
    return made


@access.may("targets.see")
def detail(request: HttpRequest, code: str) -> HttpResponseBase:
    """What this figure means, what it is now, and the rows it stands on."""
    reading = _reading(request, code)
    if request.GET.get("export") in exporting.TYPES:
        columns = [*ROWS, Column("counts", _("计入"), export=lambda row: _("是") if row["counts"] else _("待定"))]
        declared = replace(INSTITUTIONS, file_name=f"target-{code}", label=named(reading))
        return exporting.answer(declared, columns, rows_under(reading), request.GET["export"], request.today)
    rows = rows_under(reading)
    context = {
        "reading": reading,
        "line": line(reading),
        "rows": [row for row in rows if row["counts"]],
        "undecided": [row for row in rows if not row["counts"]],
        "row_columns": ROWS,
        "heads": [pictures.column(each.label, each.key, kind=each.kind, narrow=each.narrow) for each in ROWS],
        "href": INSTITUTIONS.href,
        "definitions": list(reading.target.measure.definitions.all()),
        "history": history.about(reading.target, limit=5),
        "why_not": policy.why_not_as("amend_definition", request.role.kind),
        "document_words": _document_words(reading),
    }
    return render(request, "console/target.jinja", context, using="jinja2")


def _document_words(reading: Reading) -> str:
    return marks.joined([part for part in (reading.target.document, reading.target.article) if part])


class DefinitionForm(forms.Form):
    """What a measure means from a day on."""

    open = forms.BooleanField(label=gettext_lazy("只计当日在运营的机构"), required=False)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("机构类型"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个也不勾选，就是所有类型都计。"),
    )
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("孵化阶段"),
        choices=StageOffered.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个也不勾选，就是不看阶段。"),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("自哪天起施行"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("这一天以前的数仍按原定义计算。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("修改说明"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("为什么改、依据是什么。会显示在指标定义里，公众可见。"),
    )


@access.may("targets.amend")
def redefine(request: HttpRequest, code: str) -> HttpResponse:
    """A new meaning from a day on; the old one stays for the days before."""
    reading = _reading(request, code)
    present = reading.definition.content if reading.definition else {}
    initial = {
        "open": present.get("open", True),
        "kinds": present.get("kinds", []),
        "stages": present.get("stages", []),
        "starts_on": request.today,
    }
    form = records.opened(request, DefinitionForm, initial)

    def save(data: dict[str, Any]) -> Any:
        content = {
            "subject": "institution",
            "open": data["open"],
            "kinds": data["kinds"],
            "stages": data["stages"],
            "territory": present.get("territory", "target"),
        }
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
    return records.saved(
        request,
        form,
        save,
        template="console/record_form.jinja",
        done=lambda made: back,
        said=lambda made: _("新定义已记下，自 %(day)s 起施行。") % {"day": made.starts_on.isoformat()},
        context={
            "question": named(reading),
            "heading": _("修改指标定义"),
            "crumbs": [
                (pgettext("list", "目标"), reverse("console:targets")),
                (named(reading), back),
                (_("修改指标定义"), ""),
            ],
            "back": back,
            "candidates": [],
            "warning": ""
            if not present.get("missing")
            else _("这项指标现在缺数据，无法计算。存下这个定义，就改为按机构名录计数。"),
        },
    )
