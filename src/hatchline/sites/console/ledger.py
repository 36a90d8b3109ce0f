"""The ledger as people read it: everything, what happened to one subject, and the printed slip of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.ledger import queries
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import RoleKind
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.console import history
from hatchline.sites.lists import Choice, Column, Filter, List, view

DAYS = (("1", gettext_lazy("今天")), ("7", gettext_lazy("近 7 天")), ("30", gettext_lazy("近 30 天")))


def _who(rows: list[dict[str, Any]]) -> None:
    """The names of those who acted, in one query."""
    names = people.names_of({row["by_id"] for row in rows if row["by_id"]})
    for row in rows:
        row["who"] = names.get(row["by_id"], _("（已删除的人）")) if row["by_id"] else _("系统")


def _change(row: dict[str, Any]) -> str:
    if not row["to_status"] or row["from_status"] == row["to_status"]:
        return "—"
    words = history._status_words(row["subject_kind"])
    before = words.get(row["from_status"], row["from_status"]) or _("（无）")
    return f"{before} → {words.get(row['to_status'], row['to_status'])}"


def _since(rows: Any, days: str) -> Any:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return rows.filter(at__gte=start - dt.timedelta(days=int(days) - 1))


def _by_event(rows: Any) -> dict[str, int]:
    return dict(rows.values_list("event").annotate(number=Count("pk")))


LEDGER = List(
    name="console.ledger",
    route="console:ledger",
    label=gettext_lazy("审计"),
    unit=gettext_lazy("条"),
    rows=lambda request: queries.entries(),
    fields=("at", "event", "subject_kind", "subject_id", "from_status", "to_status", "by_id", "role_kind", "details"),
    columns=(
        Column("pk", gettext_lazy("号"), sort=("pk",), kind="number", show=lambda row: row["pk"], narrow=False),
        Column(
            "at",
            gettext_lazy("时间"),
            show=lambda row: formatting.moment(row["at"], seconds=True),
            export=lambda row: row["at"],
            kind="date",
        ),
        Column("event", gettext_lazy("做了什么"), show=lambda row: history.wording(row["event"]), head=True),
        Column(
            "subject",
            gettext_lazy("对象"),
            show=lambda row: f"{history.subject(row['subject_kind'])} {row['subject_id']}",
        ),
        Column("change", gettext_lazy("状态变化"), show=_change, quiet=True, narrow=False),
        Column("who", gettext_lazy("谁")),
        Column(
            "role_kind",
            gettext_lazy("以何角色"),
            show=lambda row: dict(RoleKind.choices).get(row["role_kind"]),
            blank="—",
            quiet=True,
            narrow=False,
        ),
        Column(
            "details",
            gettext_lazy("依据与细节"),
            show=lambda row: history.details(row["details"]),
            blank="—",
            shown=False,
            quiet=True,
        ),
        Column("code", gettext_lazy("事件代码"), show=lambda row: row["event"], shown=False, quiet=True),
    ),
    order="-pk",
    href=lambda row: reverse("console:ledger_subject", args=[row["subject_kind"], row["subject_id"]]),
    filters=(
        Filter(
            "event",
            gettext_lazy("做了什么"),
            lambda request: [Choice(event, history.wording(event)) for event in queries.events()],
            lambda rows, value: rows.filter(event=value),
            _by_event,
        ),
        Filter("days", gettext_lazy("时间"), lambda request: [Choice(*each) for each in DAYS], _since),
        Filter(
            "role",
            gettext_lazy("角色"),
            lambda request: [Choice(*each) for each in RoleKind.choices],
            lambda rows, value: rows.filter(role_kind=value),
        ),
    ),
    enrich=_who,
    empty_title=gettext_lazy("还没有任何记录"),
    empty_text=gettext_lazy("每做一件事，这里会多一条，谁也删改不了。"),
    file_name="ledger",
)


@access.may("ledger.see")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Who did what, when?"""
    return view.respond(
        request, LEDGER, "console/ledger.jinja", {"sealed": queries.sealed_head(), "now_day": timezone.localdate()}
    )


@access.may("ledger.see")
def subject(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Everything that happened to one subject."""
    entries = list(queries.history(kind, key)[:500])
    if not entries:
        raise Http404
    context = {"entries": history.told(entries), "kind": history.subject(kind), "key": key}
    return render(request, "console/ledger_subject.jinja", context, using="jinja2")


@access.may("ledger.see")
def slip(request: HttpRequest) -> HttpResponse:
    """The printed slip of a day: what a later check compares with. Days are those of the real clock."""
    today = timezone.localdate()
    try:
        day = dt.date.fromisoformat(request.GET["day"]) if request.GET.get("day") else today
    except ValueError as error:
        raise Http404 from error
    if day > today or day.year < 2000:
        raise Http404
    made = queries.slip(day, zone=timezone.get_current_timezone(), now=request.now)
    context = {
        "slip": made,
        "events": [(history.wording(event), event, number) for event, number in made.by_event],
        "earlier": (day - dt.timedelta(days=1)).isoformat(),
        "later": (day + dt.timedelta(days=1)).isoformat() if day < today else "",
    }
    return render(request, "console/slip.jinja", context, using="jinja2")
