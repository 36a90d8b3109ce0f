"""The chain: does it move forward, how long does it take to graduate, and which ventures are behind each figure?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import STAGES
from hatchline.apps.ventures.queries import Chain, flows
from hatchline.core.chain.presence import OPEN
from hatchline.sites import access, days
from hatchline.sites.console import chain_figures, chain_part, chain_pictures
from hatchline.sites.console.chain_figures import MARKS, FlowTable, Group
from hatchline.sites.console.ventures.listing import VENTURES
from hatchline.sites.lists import Choice, Column, Filter, exporting, view

BY = {"kind": gettext_lazy("机构类型"), "field": gettext_lazy("技术领域"), "institution": gettext_lazy("孵化机构")}
STEPS = {"year": gettext_lazy("按年"), "quarter": gettext_lazy("按季度")}
COHORTS = 12


@access.may("chain.see")
def chain(request: HttpRequest) -> HttpResponseBase:
    """The whole of it, or a part."""
    asked, now = days.asked(request), chain_part.chosen(request)
    step = request.GET.get("step", "") if request.GET.get("step") in STEPS else "year"
    by = request.GET.get("by", "") if request.GET.get("by") in BY else ""
    cohort = _cohort(request)
    whole = chain_part.present_chain(request)
    found = now.of(whole)
    began = found if cohort is None else found.begun_in(date(cohort, 1, 1), date(cohort + 1, 1, 1))
    state = {**now.keep, "step": "quarter" if step == "quarter" else "", "by": by, "cohort": str(cohort or "")}

    def here(**changes: Any) -> str:
        said = {name: str(value) for name, value in {**state, **asked.query, **changes}.items() if value}
        return f"?{urlencode(said)}"

    table = chain_figures.flow_table(found, asked.as_of, step, chain_pictures.Links(request, now.keep))
    every = chain_figures.group(_("全部"), began, asked.as_of)
    parts = chain_figures.groups(began, asked.as_of, by, here) if by else []
    if request.GET.get("export") in exporting.TYPES:
        return _file(request, table, [every, *parts], asked.as_of)
    data, columns, rows = chain_figures.drawn(every)
    context = {
        "asked": asked,
        "sankey": chain_pictures.sankey(request, asked.as_of, found=found, keep=now.keep),
        "flow": table,
        "every": every,
        "groups": [every, *parts],
        "marks": MARKS,
        "curve": {"data": data, "columns": columns, "rows": rows},
        "panels": chain_figures.panels(every, parts),
        "is_kept": [(name, value) for name, value in state.items() if value],
        "menus": chain_part.menus(here, whole, now, asked.as_of.toordinal()),
        "chips": [(words, here(**{name: ""})) for words, name in now.words()],
        "clear": here(kind="", field="", institution=""),
        "steps": [_tab(label, here(step=key if key != "year" else ""), key == step) for key, label in STEPS.items()],
        "bys": [_tab(_("不分组"), here(by=""), not by)]
        + [_tab(label, here(by=key), key == by) for key, label in BY.items()],
        "cohorts": [_tab(_("不限"), here(cohort=""), cohort is None)]
        + [_tab(str(year), here(cohort=year), year == cohort) for year in _years(asked.as_of)],
        "cohort": cohort,
        "exports": [
            (_("流向，CSV"), here(export="csv", table="flow")),
            (_("流向，Excel"), here(export="xlsx", table="flow")),
            (_("毕业用时，CSV"), here(export="csv", table="survival")),
            (_("毕业用时，Excel"), here(export="xlsx", table="survival")),
        ],
        "coverage": _coverage(found, asked.as_of),
    }
    return render(request, "console/chain.jinja", context, using="jinja2")


def _tab(label: Any, href: str, is_current: bool) -> dict[str, Any]:
    return {"label": label, "href": href, "count": None, "current": is_current}


def _years(as_of: date) -> list[int]:
    return list(range(as_of.year, as_of.year - COHORTS, -1))


def _cohort(request: HttpRequest) -> int | None:
    """The year in which incubation began, when the address asks for one."""
    given = request.GET.get("cohort", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else 0
    return year if year in _years(request.today) else None


def _coverage(found: Chain, as_of: date) -> dict[str, int]:
    """Of how many stays not everything is known, up to the day."""
    stays, today = found.stays, as_of.toordinal()
    begun = stays.starts <= today
    censored = begun & ~stays.known_end & (stays.ends != OPEN) & (stays.ends <= today)
    return {
        "stays": int(begun.sum()),
        "censored": int(censored.sum()),
        "unsure": found.unsure,
        "no_field": int((begun & (found.field == 0)).sum()),
    }


def _file(request: HttpRequest, table: FlowTable, groups: list[Group], as_of: date) -> HttpResponseBase:
    """One of the two tables as a file."""
    if request.GET.get("table") == "survival":
        return exporting.answer(
            replace(VENTURES, file_name="time-to-graduate", label=_("毕业用时")),
            _survival_columns(),
            [{"group": each} for each in groups],
            request.GET["export"],
            as_of,
        )
    columns = [Column("period", _("时期"), head=True)]
    columns += [Column(str(at), head, kind="number") for at, head in enumerate(table.heads)]
    rows = [
        {"period": period, **{str(at): figure.number for at, figure in enumerate(figures)}}
        for period, figures in table.rows
    ]
    declared = replace(VENTURES, file_name="chain-flow", label=_("链条流向"))
    return exporting.answer(declared, columns, rows, request.GET["export"], as_of)


def _survival_columns() -> list[Column]:
    def share(month: int, which: int) -> Any:
        def show(row: dict[str, Any]) -> Any:
            found = row["group"].by(month)
            return None if found is None else round(100 * found[which], 1)

        return show

    columns = [
        Column("name", _("分组"), lambda row: row["group"].name, head=True),
        Column("n", _("主体"), lambda row: row["group"].n, kind="number"),
        Column("graduated", _("已毕业"), lambda row: row["group"].graduated, kind="number"),
        Column("median", _("中位数"), lambda row: _rounded(row["group"].median), kind="number", unit=_("月")),
        Column("between", _("中位数区间"), lambda row: row["group"].median_between, unit=_("月")),
        Column("left_out", _("无法计算"), lambda row: row["group"].left_out, kind="number"),
    ]
    for month in MARKS:
        said = {"month": month}
        columns += [
            Column(f"s{month}", _("%(month)s 个月内毕业") % said, share(month, 0), kind="number", unit="%"),
            Column(f"l{month}", _("%(month)s 个月，下限") % said, share(month, 1), kind="number", unit="%"),
            Column(f"h{month}", _("%(month)s 个月，上限") % said, share(month, 2), kind="number", unit="%"),
            Column(
                f"r{month}", _("%(month)s 个月后仍在观察") % said,
                lambda row, at=month: row["group"].at_risk_at(at), kind="number",
            ),
        ]  # fmt: skip
    return columns


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


# the ventures behind a figure

_PLACES = {
    **dict(STAGES),
    flows.ANY: gettext_lazy("链上任一阶段"),
    flows.OUTSIDE: gettext_lazy("链外"),
    flows.GONE: gettext_lazy("链外"),
    flows.UNSURE: gettext_lazy("是否还在不详"),
}


def _since(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("since", "").strip())
    except ValueError:
        return None


def _asked_place(request: HttpRequest, name: str) -> str:
    """The place that the address names; without a first day nobody comes from anywhere."""
    given = request.GET.get(name, "")
    if name == "from":
        return given if _since(request) and (given in _PLACES or given == flows.GRADUATED) else ""
    return given if given in _PLACES else ""


def _rows(request: HttpRequest) -> QuerySet[Any]:
    part, until = chain_part.chosen(request).part, days.asked(request).as_of
    rows = queries.visible_to(request.role).select_related(None).prefetch_related(None)
    origin, place, since = _asked_place(request, "from"), _asked_place(request, "to"), _since(request)
    if since is not None and origin == flows.GRADUATED:
        rows = flows.graduated(rows, since, until, part)
    elif since is not None and origin:
        rows = flows.there(rows, origin, since, part)
    if place:
        rows = flows.there(rows, place, until, part)
    return rows if origin or place else flows.there(rows, flows.ANY, until, part)


def _there(request: HttpRequest, name: str) -> list[Choice]:
    """The one choice there is, when the address names it: such a list is narrowed by the figure it opens from."""
    given = _asked_place(request, name)
    if not given:
        return []
    return [Choice(given, _("其间毕业") if given == flows.GRADUATED else _PLACES[given])]


def _narrowed(name: str) -> Any:
    def choices(request: HttpRequest) -> list[Choice]:
        now = chain_part.chosen(request)
        return [Choice(now.keep[each], words) for words, each in now.words() if each == name]

    return choices


def _first_day(request: HttpRequest) -> list[Choice]:
    since = _since(request)
    return [Choice(since.isoformat(), since.isoformat())] if since is not None else []


BEHIND = replace(
    VENTURES,
    name="console.chain_ventures",
    route="console:chain_ventures",
    rows=_rows,
    scope=lambda request: (
        request.role.pk,
        *(request.GET.get(name, "") for name in ("from", "to", "since", "kind", "field", "institution")),
    ),
    kind="",
    tabs=(),
    filters=(
        Filter("from", gettext_lazy("期初"), lambda request: _there(request, "from")),
        Filter("since", gettext_lazy("期初日"), _first_day),
        Filter("to", gettext_lazy("期末"), lambda request: _there(request, "to")),
        Filter("kind", gettext_lazy("机构类型"), _narrowed("kind")),
        Filter("field", gettext_lazy("技术领域"), _narrowed("field")),
        Filter("institution", gettext_lazy("孵化机构"), _narrowed("institution")),
    ),
    empty_title=gettext_lazy("没有这样的创业主体"),
    empty_text=gettext_lazy("图上的这个数是 0，或者条件互相矛盾。"),
    file_name="chain-ventures",
)


@access.may("chain.see")
def ventures(request: HttpRequest) -> HttpResponseBase:
    """Which ventures are behind this figure of the chain?"""
    asked, since = days.asked(request), _since(request)
    origin, place = _asked_place(request, "from"), _asked_place(request, "to")
    said = {
        "first": chain_pictures.day_label(since) if since is not None else "",
        "last": chain_pictures.day_label(asked.as_of),
        "from": _PLACES.get(origin, ""),
        "to": _PLACES.get(place, ""),
    }
    if origin == flows.GRADUATED:
        heading = _("%(first)s以后到%(last)s毕业的创业主体") % said
        if place:
            heading = _("%(first)s以后到%(last)s毕业、期末在“%(to)s”的创业主体") % said
    elif origin and place == flows.UNSURE:
        heading = _("%(first)s在“%(from)s”、到%(last)s不知是否还在的创业主体") % said
    elif origin:
        heading = _("%(first)s在“%(from)s”、%(last)s在“%(to)s”的创业主体") % said
    else:
        heading = _("%(last)s在“%(to)s”的创业主体") % {**said, "to": said["to"] or _PLACES[flows.ANY]}
    context = {"heading": heading, "back": reverse("console:chain")}
    return view.respond(request, BEHIND, "console/chain_ventures.jinja", context)
