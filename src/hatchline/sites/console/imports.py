"""Lists on their way in: upload, mapping, preview, progress, report and questions."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import escape

from hatchline.apps.imports import actions, policy, queries
from hatchline.apps.imports.states import ANSWERED, BUSY, OPEN, RowOutcome, RunStatus
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refused
from hatchline.journeys.imports import flow, mending, samples, whose
from hatchline.journeys.imports.targets import TARGETS
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.console import import_rows

ROWS = 50  # of a report on one page
MEANINGS = {
    RowOutcome.CREATED: gettext_lazy("成为新记录"),
    RowOutcome.UPDATED: gettext_lazy("改了已有记录"),
    RowOutcome.UNCHANGED: gettext_lazy("与已有的相同"),
    RowOutcome.REJECTED: gettext_lazy("改好可以再传"),
    RowOutcome.QUESTION: gettext_lazy("可能重复，请确认"),
    ANSWERED: gettext_lazy("问过，不必再答"),
}
LEVELS = {
    RowOutcome.CREATED: "ok",
    RowOutcome.UPDATED: "ok",
    RowOutcome.UNCHANGED: "neutral",
    RowOutcome.REJECTED: "bad",
    RowOutcome.QUESTION: "warn",
    ANSWERED: "ok",
}

PASSED = {
    "blank": gettext_lazy("空行"),
    "header_again": gettext_lazy("重复的表头"),
    "sub_header": gettext_lazy("分组标题"),
    "total": gettext_lazy("合计行"),
    "note": gettext_lazy("附注或落款"),
    "skip_rows": gettext_lazy("对应关系中说明不要的行"),
    "when": gettext_lazy("不合对应关系中的条件"),
    "no_part": gettext_lazy("一行几条记录的各部分都是空的"),
}


def short() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def run_of(pk: int) -> Any:
    found = queries.run(pk)
    if found is None:
        raise Http404
    return found


def _targets() -> list[tuple[str, str]]:
    return [(name, str(target.label)) for name, target in TARGETS.items()]


def label_of(run: Any) -> str:
    return str(TARGETS[run.target].label) if run.target in TARGETS else run.target


@access.may("imports.see")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """All lists that were brought, newest first, and the form to bring one."""
    return _imports_page(request)


def _imports_page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    page = Paginator(queries.runs(), 25).get_page(request.GET.get("page"))
    waiting = queries.open_by_run(page)
    rows = [
        {"run": run, "target": label_of(run), "level": _status_level(run, asked), "asked": asked}
        for run, asked in ((run, waiting.get(run.pk, 0)) for run in page)
    ]
    context = {
        "page": page,
        "rows": rows,
        "targets": _targets(),
        "questions": queries.open_questions().count(),
        "problem": problem,
        "target": request.POST.get("target", ""),
        "limit": settings.UPLOAD_LIMIT,
    }
    return render(request, "console/imports.jinja", context, status=status, using="jinja2")


def _status_level(run: Any, asked: int) -> str:
    if run.status == RunStatus.DONE:
        return "warn" if asked or run.counts.get(RowOutcome.REJECTED) else "ok"
    return {RunStatus.FAILED: "bad", RunStatus.ABANDONED: "unknown"}.get(run.status, "info")


@access.may("imports.run")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponseBase:
    """Store the file and go on to its columns. A file that cannot be read is kept, and the page says why.

    Whoever comes to its address by hand is led back to the form.
    """
    if request.method != "POST":
        return redirect("console:imports")
    given = request.FILES.get("file")
    if given is None:
        return _imports_page(request, _("请选择要导入的文件。"), 400)
    try:
        run = flow.upload(
            given, name=given.name or "", target=request.POST.get("target", ""), by=request.person, now=request.now
        )
    except Refused as refused:
        return _imports_page(request, str(refused), 413 if refused.refusal.code == "too_large" else 400)
    return redirect("console:import", pk=run.pk)


def run_page(request: HttpRequest, run: Any, problem: str = "", status: int = 200) -> HttpResponse:
    previewing = run.status == RunStatus.MAPPED and "done" in run.preview
    context: dict[str, Any] = {
        "run": run,
        "target": label_of(run),
        "language": short(),
        "is_open": run.status in OPEN,
        "is_busy": run.status in BUSY or previewing,
        "previewing": previewing,
        "done": _done(run),
        "problem": problem,
        "why_not_start": _why_not_start(run),
        "counts": _counts(run),
        "levels": LEVELS,
        "called": import_rows.called,
        "names": _names(run),
        "outcomes": RowOutcome,
        "only_good_rows": run.only_good_rows,
        "is_one_sided": run.target == "stays" and not whose.is_of_district(run),
    }
    context["strip"] = [
        {"label": each["label"], "value": each["value"], "unit": _("行"), "note": str(MEANINGS[each["outcome"]])}
        for each in context["counts"]
    ]
    context |= _shown(run)
    if run.status == RunStatus.DONE:
        context |= _report(request, run)
    return render(request, "console/import.jinja", context, status=status, using="jinja2")


def _shown(run: Any) -> dict[str, Any]:
    """What a preview has to show: the values of its sample rows, borrowed cells, rows passed over and why."""
    fields, preview = TARGETS[run.target].fields() if run.target in TARGETS else (), run.preview
    rows = {outcome: list(kept) for outcome, kept in preview.get("samples", {}).items()}
    for kept in rows.values():
        kept[:] = [
            {**row, "shown": samples.shown(row, fields, short(), _in_plain_words), "told": _told(row, fields)}
            for row in kept
        ]
    return {
        "samples": rows,
        "most_passed": samples.SAMPLES,
        "borrows": any(row.get("borrowed") for kept in rows.values() for row in kept),
        "passed": [{**each, "why": str(PASSED.get(each["why"], each["why"]))} for each in preview.get("passed", [])],
        "skips": [(str(PASSED.get(why, why)), number) for why, number in preview.get("skips", {}).items()],
    }


def _told(row: dict[str, Any], fields: Any) -> list[dict[str, Any]]:
    """What a sample changes, in words: the field, what was and what comes. Previews kept before told only the last."""
    known = {each.name: each for each in fields}
    made = []
    for name, given in row.get("changes", {}).items():
        was, now = given if isinstance(given, list) else ("", given)
        field = known.get(name)
        label = (field.en if short() == "en" else field.zh) if field else ""
        if label:
            made.append({"label": label, "was": _in_words(field, was), "now": _in_words(field, now)})
    return made


def _in_words(field: Any, text: str) -> Any:
    """A kept value as a reader knows it: 2014 年春季, 1,140 万元, 毕业."""
    if not text:
        return ""
    try:
        if field.type == "date":
            return formatting.date_table(PartialDate.of(text))
        if field.type == "money":
            amount, _space, currency = text.partition(" ")
            return formatting.money(SimpleNamespace(amount=Decimal(amount), currency=currency))
    except (ValueError, InvalidOperation):
        return text
    word = field.word(text, short())
    return f"{word} {formatting.unit_words(field.unit)}" if field.unit else word


def _in_plain_words(field: Any, text: str) -> str:
    return str(escape(_in_words(field, text)).striptags())


def _names(run: Any) -> dict[str, str]:
    """Fields in words."""
    if run.target not in TARGETS:
        return {}
    return {each.name: (each.en if short() == "en" else each.zh) or each.name for each in TARGETS[run.target].fields()}


def _done(run: Any) -> int:
    """Rows gone through, of a preview or of the run itself."""
    return run.preview.get("done", 0) if run.status == RunStatus.MAPPED else run.cursor


def _why_not_start(run: Any) -> str:
    if run.status != RunStatus.PREVIEWED:
        return ""
    refusal = policy.why_not_start(run, file_hash=run.file_hash)
    return str(refusal) if refusal and refusal.code != "bad_rows" else ""


def _counts(run: Any) -> list[dict[str, Any]]:
    found = (
        run.counts
        if run.status in {RunStatus.DONE, RunStatus.RUNNING, RunStatus.FAILED}
        else run.preview.get("counts", {})
    )
    labels = {outcome.value: str(outcome.label) for outcome in RowOutcome}
    if run.status == RunStatus.DONE and (settled := queries.rows(run, ANSWERED).count()):
        asked = RowOutcome.QUESTION.value
        found, labels[ANSWERED] = {**found, asked: found.get(asked, 0) - settled, ANSWERED: settled}, _("已了结")
    return [
        {"outcome": outcome, "label": label, "value": found.get(outcome, 0), "level": LEVELS[outcome]}
        for outcome, label in labels.items()
    ]


def _report(request: HttpRequest, run: Any) -> dict[str, Any]:
    wanted = request.GET.get("outcome", "")
    wanted = wanted if wanted in (*RowOutcome.values, ANSWERED) else ""
    rows = queries.rows(run, wanted) if wanted else queries.told(run)
    rows = rows.filter(answer="") if wanted == RowOutcome.QUESTION else rows
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    tabs = [
        {
            "label": each["label"],
            "count": each["value"],
            "href": f"?outcome={each['outcome']}",
            "current": wanted == each["outcome"],
        }
        for each in _counts(run)
        if each["value"]
    ]
    shown = list(page.object_list)
    return {
        "page": page,
        "wanted": wanted,
        "tabs": tabs,
        "leads": import_rows.leads(run, shown, request.role.kind),
        "opened": import_rows.opened(run, shown),
        "answers": {row.pk: import_rows.answers(row, short()) for row in shown if row.outcome == RowOutcome.QUESTION},
    }


@access.may("imports.see")
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a preview or a run is; htmx asks every two seconds and reloads the page when it is over."""
    run = run_of(pk)
    previewing = run.status == RunStatus.MAPPED and "done" in run.preview
    if run.status not in BUSY and not previewing:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context = {"run": run, "previewing": previewing, "done": _done(run)}
    return render(request, "console/import_progress.jinja", context, using="jinja2")


@access.may("imports.run")
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Have the worker take the rows in."""
    run = run_of(pk)
    try:
        flow.start(
            run,
            only_good_rows=request.POST.get("only_good_rows") == "1",
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        )
    except Refused as refused:
        return run_page(request, run_of(pk), str(refused), 409)
    return redirect("console:import", pk=pk)


@access.may("imports.run")
@require_POST
def carry_on(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Go on where a run stopped."""
    try:
        actions.carry_on(run_of(pk), by=request.person, now=request.now)
    except Refused as refused:
        return run_page(request, run_of(pk), str(refused), 409)
    return redirect("console:import", pk=pk)


@access.may("imports.run")
@require_POST
def abandon(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Drop a list; its file stays."""
    try:
        actions.abandon(run_of(pk), by=request.person, now=request.now)
    except Refused as refused:
        return run_page(request, run_of(pk), str(refused), 409)
    return redirect("console:imports")


@access.may("imports.run")
@require_POST
def answer(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """Settle a question about one row."""
    found = queries.rows(run_of(pk)).filter(pk=row).first()
    if found is None:
        raise Http404
    try:
        flow.answer(found, request.POST.get("answer", ""), by=request.person, now=request.now)
    except Refused as refused:
        return run_page(request, run_of(pk), str(refused), 409)
    still = queries.open_by_run([found.run])
    return redirect(f"{reverse('console:import', args=[pk])}?outcome={RowOutcome.QUESTION if still else ANSWERED}")


@access.may("imports.see")
@require_GET
def bad_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rejected rows as a workbook with their cells marked."""
    run = run_of(pk)
    try:
        made = mending.bad_rows(run, language=short())
    except flow.Unreadable as unreadable:
        return run_page(request, run, unreadable.problems[0].full(short()), 409)
    except OSError:
        return run_page(request, run, _("服务器没有足够的空间写出文件，名单没有变动。请告诉管理员，稍后再下载。"), 507)
    stem = run.file_name.rsplit(".", 1)[0]
    return FileResponse(made, as_attachment=True, filename=_("%(name)s 退回的行.xlsx") % {"name": stem})
