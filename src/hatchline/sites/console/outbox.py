"""Work that a worker does after a verb: what waits, what failed, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hatchline.apps.outbox import actions, queries
from hatchline.apps.outbox.states import Status
from hatchline.apps.people.roles import may
from hatchline.core.values.refusal import Refused
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.console import marks, records
from hatchline.sites.lists import Bulk, Choice, Column, Filter, List, Tab, view

WORK = {
    "journeys.take_in": gettext_lazy("导入名单"),
    "journeys.keep_facts": gettext_lazy("整理全部主体的事实"),
    "journeys.preview": gettext_lazy("预览导入"),
    "journeys.tell_of_questions": gettext_lazy("通知要答复的机构"),
    "journeys.tell_of_warnings": gettext_lazy("通知早期预警"),
    "journeys.tell_of_edition": gettext_lazy("通知结论因新文件改变的单位"),
    "journeys.tell_of_beginnings": gettext_lazy("通知文件开始施行"),
    "files.forget": gettext_lazy("删除文件"),
    "files.sweep": gettext_lazy("清理无主的文件"),
    "indicators.keep": gettext_lazy("整理月末数"),
    "indicators.keep_missing": gettext_lazy("计算还没有的月末数"),
    "ledger.seal": gettext_lazy("封存台账"),
    "ledger.seal_thoroughly": gettext_lazy("通查并封存台账"),
    "messages.deliver": gettext_lazy("发送邮件"),
    "messages.digest": gettext_lazy("发送邮件摘要"),
    "messages.remind": gettext_lazy("提醒答复"),
    "observations.rebuild": gettext_lazy("重新整理观测数"),
    "outbox.forget_done": gettext_lazy("清理做完的工作"),
}


def work_words(task: str) -> str:
    """What a task does, in words; one without words keeps its name."""
    return str(WORK.get(task, task))


def _retry_chosen(rows: Any, request: HttpRequest) -> str:
    done = refused = 0
    for job in rows:
        try:
            actions.retry(job, by=request.person, now=request.now, role_kind=request.role.kind)
            done += 1
        except Refused:
            refused += 1
    if refused:
        return _("已重新安排 %(done)s 件；另有 %(refused)s 件不需要重试。") % {"done": done, "refused": refused}
    return _("已重新安排 %(done)s 件，后台马上会再做。") % {"done": done}


OUTBOX = List(
    name="console.outbox",
    route="console:outbox",
    label=gettext_lazy("后台工作"),
    unit=gettext_lazy("件"),
    rows=lambda request: queries.jobs(),
    fields=("task", "status", "added_at", "due_at", "attempts", "done_at", "problem", "leased_until"),
    columns=(
        Column(
            "task",
            gettext_lazy("工作"),
            show=lambda row: work_words(row["task"]),
            export=lambda row: row["task"],
            sort=("task",),
            head=True,
        ),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: marks.status(Status(row["status"])),
            export=lambda row: str(Status(row["status"]).label),
            kind="status",
        ),
        Column("attempts", gettext_lazy("已试"), sort=("attempts",), kind="number", unit=gettext_lazy("次")),
        Column(
            "due_at",
            gettext_lazy("下次"),
            show=lambda row: formatting.moment(row["due_at"]),
            sort=("due_at",),
            export=lambda row: row["due_at"],
            kind="date",
            narrow=False,
        ),
        Column(
            "added_at",
            gettext_lazy("何时安排"),
            show=lambda row: formatting.moment(row["added_at"]),
            sort=("added_at",),
            export=lambda row: row["added_at"],
            kind="date",
        ),
        Column(
            "problem", gettext_lazy("上次为什么没做成"), show=lambda row: row["problem"][-200:], blank="—", quiet=True
        ),
    ),
    order="-added_at",
    href=lambda row: reverse("console:job", args=[row["pk"]]),
    filters=(
        Filter(
            "status",
            gettext_lazy("状态"),
            lambda request: [Choice(each.value, each.label) for each in Status],
            lambda rows, value: rows.filter(status=value),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("failed", gettext_lazy("没有做成"), lambda rows, request: rows.filter(status=Status.FAILED)),
        Tab("waiting", gettext_lazy("在等"), lambda rows, request: rows.filter(status=Status.WAITING)),
    ),
    bulk=(Bulk("retry", gettext_lazy("再做一次"), "outbox.retry", _retry_chosen, "refresh"),),
    empty_title=gettext_lazy("后台没有工作"),
    empty_text=gettext_lazy("发邮件、生成文件、导入名单等会排在这里，做完即走。"),
    file_name="outbox",
)


@access.may("outbox.see")
def listing(request: HttpRequest) -> HttpResponseBase:
    """What waits, what failed?"""
    health = queries.health(request.now)
    return view.respond(request, OUTBOX, "console/outbox.jinja", {"health": health})


@access.may("outbox.see")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work: what it is, what went wrong, what can be done."""
    from django.shortcuts import render

    found = queries.job(pk)
    if found is None:
        raise Http404
    allowed = may(request.role.kind, "outbox.retry")
    context = {
        "job": found,
        "work": work_words(found.task),
        "status": marks.status(Status(found.status)),
        "why_not": "" if allowed else _("只有系统管理员可以重试或放弃。"),
        "failed": found.status == Status.FAILED,
    }
    return render(request, "console/job.jinja", context, using="jinja2")


@access.may("outbox.retry")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Give failed work its attempts again, or give it up with a reason."""
    found = queries.job(pk)
    if found is None:
        raise Http404
    what = request.POST.get("what", "")
    back = reverse("console:job", args=[pk])
    by = {"by": request.person, "now": request.now, "role_kind": request.role.kind}
    if what == "retry":
        said = _("已重新安排，后台马上会再做。")
        return records.done_at_once(request, lambda: actions.retry(found, **by), back=back, said=said)
    if what == "drop":
        reason = request.POST.get("reason", "").strip()
        said = _("已放弃这件工作，原因记在审计里。")
        return records.done_at_once(request, lambda: actions.drop(found, reason=reason, **by), back=back, said=said)
    raise PermissionDenied(_("没有这种做法。"))
