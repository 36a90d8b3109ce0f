"""Ventures from below: those in one's institutions, and one's own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import DataCategory
from hatchline.apps.ventures.queries import sight
from hatchline.apps.ventures.states import Exit, HandoverStatus, Outcome, StayStatus
from hatchline.core.values.refusal import Refusal
from hatchline.journeys import steps as journeys
from hatchline.sites import access, days
from hatchline.sites.components import formatting, pictures
from hatchline.sites.desk import steps
from hatchline.sites.desk.measures import name_of, whole_years, yearly
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, view

STAY_LEVELS = {"claimed": "warn", "confirmed": "ok", "disputed": "bad", "withdrawn": "neutral"}
BARS = 5
AHEAD = timedelta(days=90)


def _rows(request: HttpRequest) -> QuerySet[Any]:
    """The ventures with a stay in one's institutions, each with the last of those stays that had begun by the day."""
    as_of = days.asked(request).as_of
    here = sight.begun(sight.stays_at(request.role), as_of)
    last = here.filter(venture=OuterRef("pk")).order_by("-starts_on", "-pk").values("pk")[:1]
    rows = queries.ventures().select_related(None).filter(pk__in=here.values("venture"))
    return rows.annotate(stay=Subquery(last))


def _stays(rows: list[dict[str, Any]]) -> None:
    found = sight.stays([row["stay"] for row in rows])
    for row in rows:
        row["its"] = found[row["stay"]]


def _there(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    as_of = days.asked(request).as_of
    return rows.filter(pk__in=sight.still_there(sight.stays_at(request.role), as_of).values("venture"))


def _gone(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    as_of = days.asked(request).as_of
    still = sight.still_there(sight.stays_at(request.role), as_of).values("venture")
    return rows.exclude(pk__in=still)


def _one_sided(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    wanted = sight.stays_at(request.role).filter(status__in=[StayStatus.CLAIMED, StayStatus.DISPUTED])
    return rows.filter(pk__in=wanted.values("venture"))


def _place(row: dict[str, Any]) -> str:
    return str(row["its"].institution.name)


def _when(row: dict[str, Any]) -> Any:
    return formatting.date_table(row["its"].starts) if row["its"].starts.is_known else None


def _left(row: dict[str, Any]) -> Any:
    stay = row["its"]
    if stay.end_state == "open":
        return _("仍在")
    if stay.end_state == "unknown":
        return None
    words = str(Outcome(stay.outcome).label) if stay.outcome else _("已离开")
    return f"{words} {stay.ended.code}".strip()


VENTURES = List(
    name="desk.ventures",
    route="desk:ventures",
    label=gettext_lazy("入驻企业"),
    unit=pgettext_lazy("venture", "家"),
    rows=_rows,
    fields=("name", "legal_person__name", "field__name", "exit", "stay"),
    columns=(
        Column("name", gettext_lazy("团队或企业"), sort=("name",), head=True),
        Column("stage", gettext_lazy("阶段"), show=lambda row: steps.STAGE_WORDS[row["its"].stage]),
        Column("institution", gettext_lazy("机构"), show=_place, narrow=False, quiet=True),
        Column("since", gettext_lazy("入驻时间"), show=_when, kind="date", narrow=False),
        Column("left", gettext_lazy("去向"), show=_left, quiet=True, narrow=False),
        Column("field", gettext_lazy("技术领域"), show=lambda row: row["field__name"], quiet=True, shown=False),
        Column(
            "exit",
            gettext_lazy("投资退出"),
            show=lambda row: Exit(row["exit"]).label if row["exit"] else None,
            quiet=True,
            shown=False,
            blank="—",
        ),
        Column(
            "legal_person",
            gettext_lazy("登记主体"),
            show=lambda row: row["legal_person__name"] or _("团队，未注册"),
            quiet=True,
            shown=False,
        ),
        Column(
            "status",
            gettext_lazy("记录"),
            show=lambda row: steps.status(row["its"].standing, STAY_LEVELS[row["its"].status]),
            export=lambda row: str(row["its"].standing.label),
            kind="status",
        ),
    ),
    order="name",
    href=lambda row: reverse("desk:venture", args=[row["pk"]]),
    kind="ventures.venture",
    hint=gettext_lazy("名称、代码或拼音首字母"),
    filters=(
        Filter(
            "stage",
            gettext_lazy("阶段"),
            lambda request: [Choice(*each) for each in steps.STAGE_WORDS.items()],
            lambda rows, value: rows.filter(stay__in=sight.at_stage(value)),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("在驻"), _there),
        Tab("left", gettext_lazy("已离开"), _gone),
        Tab("open", gettext_lazy("待确认或有争议"), _one_sided),
        Tab("all", gettext_lazy("全部"), lambda rows, request: rows),
    ),
    enrich=_stays,
    travels=True,
    empty_title=gettext_lazy("还没有入驻企业"),
    empty_text=gettext_lazy("接收一份申请，或把已经在这里的团队登记进来。"),
    file_name="ventures",
)


@access.may("stays.see_own")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Who is in my institutions?"""
    as_of = days.asked(request).as_of
    count = sight.still_there(sight.stays_at(request.role), as_of).values("venture").distinct().count()
    context = {
        "heading": _("入驻企业"),
        "question": _("谁在我们这里？"),
        "answer": _("**%(count)s** 家团队和企业在驻") % {"count": count} if count else _("现在没有团队或企业在驻"),
        "actions": [(_("登记入驻"), reverse("desk:stay_take_on"))],
    }
    return view.respond(request, VENTURES, "desk/list.jinja", context)


@access.may("ventures.see_own")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Where do my ventures stand? With one, straight to it."""
    own = list(queries.visible_to(request.role).order_by("name")[:50])
    if len(own) == 1:
        return redirect("desk:venture", pk=own[0].pk)
    where = sight.places_of([each.pk for each in own])
    rows = [{"venture": each, "stay": _latest(where.get(each.pk, []))} for each in own]
    return render(request, "desk/mine.jinja", {"rows": rows}, using="jinja2")


def _latest(stays: list[Any]) -> Any:
    """The stay that says where it is: one that goes on and both confirmed, else what one side claims, else the one
    that ended last.

    What is disputed never stands before what is confirmed, nor what does not count before what does.
    """

    def weight(stay: Any) -> tuple[bool, bool, bool, bool, bool, date]:
        goes_on, confirmed = stay.end_state == "open", stay.status == StayStatus.CONFIRMED
        claimed, counted = goes_on and stay.status == StayStatus.CLAIMED, confirmed and stay.counts
        last = stay.ended.earliest or stay.evidence_on or stay.starts.earliest or date.min
        return goes_on and counted, goes_on and confirmed, claimed, counted, confirmed, last

    told = [each for each in stays if each.status != StayStatus.WITHDRAWN]
    return max(reversed(told), key=weight, default=None)


def why_not_record(request: HttpRequest, venture: Any) -> Refusal | None:
    """An institution writes on a venture's record only while it has a confirmed stay there that goes on."""
    if not steps.is_institution(request):
        return None
    still = sight.still_there(sight.stays_at(request.role), request.today).filter(venture=venture.pk)
    if still.filter(status=StayStatus.CONFIRMED).exists():
        return None
    return Refusal("not_here", _("已确认、仍在本机构的企业，才能由本机构补记。"))


@access.may("desk.enter")
@require_GET
def venture(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, how it came here, and what one may do next."""
    found, seen = steps.venture_within(request, pk)
    mine_too = steps.is_institution(request)
    own = set(sight.stays_at(request.role).filter(venture=pk).values_list("pk", flat=True)) if mine_too else set()
    stays = [
        each
        for each in queries.stays_of(found)
        if not mine_too or each.pk in own or seen.sees_on("profile", each.starts.earliest)
    ]
    rights = [each for each in found.rights.all() if seen.sees_on("rights", _day(each.granted, each.applied))]
    fundings = [each for each in found.fundings.all() if seen.sees_on("funding", each.received.earliest)]
    context = {
        "venture": found,
        "mine": mine_too,
        "own": own,
        "stays": stays,
        "now": _latest(stays),
        "rights": rights if seen.sees("rights") else None,
        "fundings": fundings if seen.sees("funding") else None,
        "founders": steps.founders_of(found) if seen.sees("founders") else None,
        "figures": _figures(pk, seen) if seen.sees("figures") else None,
        "line": _line(request, found, stays, rights, fundings),
        "levels": STAY_LEVELS,
        "handovers": list(queries.handovers_of(request.role).filter(venture=pk, status__in=_IN_HAND)),
        "applications": list(queries.applications_of(request.role).filter(venture=pk, status="submitted")),
        "why_not_record": why_not_record(request, found),
        "own_claims": {each.pk for each in stays if journeys.why_not_confirm_own(each, request.role.kind)}
        if any(each.status == "claimed" for each in stays)
        else set(),
        "parties": sight.parties(pk) if not mine_too else [],
        "may_decide": request.role.kind == "manager",
    }
    return render(request, "desk/venture.jinja", context, using="jinja2")


_IN_HAND = (HandoverStatus.OFFERED, HandoverStatus.CONSENTED, HandoverStatus.ACCEPTED)


def _day(*dates: Any) -> date | None:
    return next((each.earliest for each in dates if each.is_known), None)


def _figures(pk: int, seen: Any) -> list[dict[str, Any]]:
    """Small multiples: each yearly measure with its last years, as far as the reader may see them."""
    values: dict[str, list[Any]] = {}
    for each in whole_years(pk, seen):
        values.setdefault(each.measure, []).append(each)
    made = []
    for measure in yearly():
        known = sorted(values.get(measure.code, []), key=lambda each: each.starts_on)[-BARS:]
        if not known:
            continue
        number, unit = formatting.scaled(known[-1].value)
        made.append(
            {
                "title": name_of(measure),
                "value": number,
                "unit": formatting.scale_and(unit, formatting.unit_words(measure.unit)),
                "bars": pictures.bars([(str(each.starts_on.year), float(each.value)) for each in known]),
                "source": formatting.source_words(known[-1].source),
            }
        )
    return made


def _line(request: HttpRequest, found: Any, stays: list[Any], rights: list[Any], fundings: list[Any]) -> Any:
    """One timeline of names, stays and events; None when nothing has a date."""
    names = [
        {"start": each.starts_on or found.founded.earliest, "end": each.ends_before, "label": each.name}
        for each in found.names.all()
        if each.kind == "former" and (each.starts_on or found.founded.earliest) and each.ends_before
    ]
    began = found.named_on or found.founded.earliest
    if began:
        names.append({"start": began, "end": None, "label": found.name})
    lived = [
        {
            "start": each.starts.earliest,
            "end": each.ended.earliest or each.evidence_on,
            "label": each.institution.name,
            "note": steps.STAGE_WORDS[each.stage],
            "kind": each.stage if each.counts and each.status == "confirmed" else "outside",
        }
        for each in stays
        if each.starts.earliest
    ]
    events = [
        {"start": day, "label": words, "kind": kind}
        for day, words, kind in (
            (found.incorporated.earliest, _("注册成立"), "ok"),
            (found.exited.earliest, str(found.get_exit_display()), "ok"),
            (found.ceased.earliest, _("终止"), "plain"),
            *((each.received.earliest, _("融资"), "plain") for each in fundings),
            *((_day(each.granted, each.applied), str(each.get_kind_display()), "plain") for each in rights),
        )
        if day
    ]
    starts = [each["start"] for each in (*names, *lived, *events)]
    if not starts:
        return None
    lanes = [
        {"title": title, "shape": shape, "items": items}
        for title, shape, items in (
            (_("名称"), "names", names), (_("入驻"), "stays", lived), (_("大事"), "events", events)
        )
        if items
    ]  # fmt: skip
    first = min(starts)
    return pictures.timeline(date(first.year, 1, 1), request.today + AHEAD, lanes, today=request.today)


@access.may("ventures.see_own")
@require_GET
def who_sees(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sees what of my record, and why?"""
    found, _seen = steps.venture_within(request, pk)
    rows = [
        {
            "name": party.institution.name,
            "why": [_because(each) for each in party.because],
            "cells": [_window(party.windows.get(each, [])) for each in DataCategory.values],
            "live": [each for each in party.because if getattr(each, "status", "") in {"consented", "accepted"}],
        }
        for party in sight.parties(pk)
    ]
    context = {"venture": found, "rows": rows, "categories": [each.label for each in DataCategory]}
    return render(request, "desk/venture_sight.jinja", context, using="jinja2")


def _because(row: Any) -> str:
    kind = row._meta.model_name
    if kind == "application":
        return _("您向它提交了入驻申请")
    if kind == "handover":
        return _("您同意移交给它")
    if row.status != StayStatus.CONFIRMED:
        return _("它登记您在那里，尚未确认")
    return _("您在那里入驻") if row.end_state == "open" else _("您曾在那里入驻")


def _window(windows: list[Any]) -> str:
    """What a category's windows mean to a reader: all, since a day, until a day; "" for nothing."""
    if not windows:
        return ""
    if any(each.since is None and each.until is None for each in windows):
        return _("全部")
    since = None if any(each.since is None for each in windows) else min(each.since for each in windows)
    until = None if any(each.until is None for each in windows) else max(each.until for each in windows)
    if since is None:
        return _("%(until)s 以前的") % {"until": until}
    if until is None:
        return _("%(since)s 起的") % {"since": since}
    return _("%(since)s 至 %(until)s 的") % {"since": since, "until": until}
