"""Lists on their way in: upload, mapping, preview, progress, report and questions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hatchline.apps.imports import actions, policy, queries
from hatchline.apps.imports.states import BUSY, OPEN, RowOutcome, RunStatus
from hatchline.core.tables import mapping as mappings
from hatchline.core.tables.problems import UnableToReadMapping
from hatchline.core.values.refusal import Refused
from hatchline.journeys.imports import flow
from hatchline.journeys.imports.targets import TARGETS
from hatchline.sites import access

ROWS = 50  # of a report on one page
LEVELS = {
    RowOutcome.CREATED: "ok",
    RowOutcome.UPDATED: "ok",
    RowOutcome.UNCHANGED: "neutral",
    RowOutcome.REJECTED: "bad",
    RowOutcome.QUESTION: "warn",
}
ORDERS = (("ymd", "2014-06-05"), ("dmy", "05/06/2014"), ("mdy", "06/05/2014"))


def _short() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _run(pk: int) -> Any:
    found = queries.run(pk)
    if found is None:
        raise Http404
    return found


def _targets() -> list[tuple[str, str]]:
    return [(name, str(target.label)) for name, target in TARGETS.items()]


def _label(run: Any) -> str:
    return str(TARGETS[run.target].label) if run.target in TARGETS else run.target


@access.may("imports.see")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """All lists that were brought, newest first, and the form to bring one."""
    return _imports_page(request)


def _imports_page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    page = Paginator(queries.runs(), 25).get_page(request.GET.get("page"))
    rows = [{"run": run, "target": _label(run), "level": _status_level(run)} for run in page]
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


def _status_level(run: Any) -> str:
    if run.status == RunStatus.DONE:
        return "warn" if run.counts.get(RowOutcome.QUESTION) or run.counts.get(RowOutcome.REJECTED) else "ok"
    return {RunStatus.FAILED: "bad", RunStatus.ABANDONED: "unknown"}.get(run.status, "info")


@access.may("imports.run")
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    """Store the file and go on to its columns. A file that cannot be read is kept, and the page says why."""
    given = request.FILES.get("file")
    if given is None:
        return _imports_page(request, _("请选择要导入的文件。"), 400)
    try:
        run = flow.upload(
            given, name=given.name or "", target=request.POST.get("target", ""), by=request.person, now=request.now
        )
    except Refused as refused:
        return _imports_page(request, str(refused), 400)
    return redirect("console:import", pk=run.pk)


@access.may("imports.see")
@require_GET
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, at whatever step it is."""
    run = _run(pk)
    if run.status in OPEN and ("columns" in request.GET or _wants_mapping(run)):
        return _mapping_page(request, run)
    return _run_page(request, run)


def _wants_mapping(run: Any) -> bool:
    return run.status == RunStatus.UPLOADED or (not run.preview and not run.problem)


def _run_page(request: HttpRequest, run: Any, problem: str = "", status: int = 200) -> HttpResponse:
    previewing = run.status == RunStatus.MAPPED and "done" in run.preview
    context: dict[str, Any] = {
        "run": run,
        "target": _label(run),
        "language": _short(),
        "is_open": run.status in OPEN,
        "is_busy": run.status in BUSY or previewing,
        "previewing": previewing,
        "problem": problem,
        "why_not_start": _why_not_start(run),
        "counts": _counts(run),
        "levels": LEVELS,
        "outcomes": RowOutcome,
        "only_good_rows": run.only_good_rows,
    }
    context["strip"] = [{"label": each["label"], "value": each["value"], "unit": _("行")} for each in context["counts"]]
    if run.status == RunStatus.DONE:
        context |= _report(request, run)
    return render(request, "console/import.jinja", context, status=status, using="jinja2")


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
    return [
        {
            "outcome": outcome.value,
            "label": str(outcome.label),
            "value": found.get(outcome.value, 0),
            "level": LEVELS[outcome],
        }
        for outcome in RowOutcome
    ]


def _report(request: HttpRequest, run: Any) -> dict[str, Any]:
    wanted = request.GET.get("outcome", "")
    wanted = wanted if wanted in RowOutcome.values else ""
    rows = queries.rows(run, wanted) if wanted else queries.told(run)
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
    return {"page": page, "wanted": wanted, "record_route": _record_route(run.target), "tabs": tabs}


def _record_route(target: str) -> str:
    return {"organisations": "console:organisation", "institutions": "console:institution"}.get(target, "")


def _mapping_page(
    request: HttpRequest,
    run: Any,
    problems: Any = (),
    text: str = "",
    chosen: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Each column with samples and the field it goes to."""
    try:
        look = flow.look(run, sheet=request.GET.get("sheet") or request.POST.get("sheet") or None)
    except flow.Unreadable as unreadable:
        run = actions.stop_preview(run, problem=flow.why(unreadable)) if run.status == RunStatus.MAPPED else run
        return _run_page(request, run, unreadable.problems[0].full(_short()), 400)
    proposal = look.proposal
    kept = queries.kept_mapping(run.target, flow.columns_digest(proposal.header.names))
    mapping = _kept_or_proposed(run, kept, proposal)
    language = _short()
    fields = [
        (each.name, (each.en if language == "en" else each.zh) or each.name) for each in TARGETS[run.target].fields()
    ]
    by_column = {column: rule.field for rule in mapping.rules for column in rule.columns}
    columns = [
        {
            "index": each.index,
            "letter": each.letter,
            "header": each.header,
            "samples": each.samples,
            "confidence": each.confidence,
            "field": (chosen or {}).get(each.index, by_column.get(each.header, by_column.get(f"@{each.letter}", ""))),
        }
        for each in proposal.columns
    ]
    context = {
        "run": run,
        "target": _label(run),
        "look": look,
        "columns": columns,
        "fields": fields,
        "required": [
            label for (name, label), field in zip(fields, TARGETS[run.target].fields(), strict=True) if field.required
        ],
        "from_last_time": kept is not None and not run.mapping,
        "text": text or mapping.to_yaml(),
        "problems": [problem.full(language) for problem in problems],
        "orders": ORDERS,
        "order": mapping.source.date_order,
        "language": language,
    }
    return render(request, "console/import_columns.jinja", context, status=status, using="jinja2")


def _kept_or_proposed(run: Any, kept: Any, proposal: Any) -> mappings.Mapping:
    """This run's own mapping, last time's, or the guess; an old mapping that no longer fits gives way to the guess."""
    for text in (run.mapping, kept.text if kept else ""):
        if text:
            try:
                return mappings.from_yaml(text, TARGETS[run.target].fields())
            except UnableToReadMapping:
                continue
    found: mappings.Mapping = proposal.mapping
    return found


@access.may("imports.run")
@require_POST
def map_columns(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Settle the columns and have the worker preview every row."""
    run = _run(pk)
    text = request.POST.get("text", "") if request.POST.get("way") == "text" else ""
    chosen = {
        int(key[7:]): value for key, value in request.POST.items() if key.startswith("column_") and key[7:].isdecimal()
    }
    try:
        if not text:
            text = _mapping_from(request, run, chosen).to_yaml()
        run = flow.map_columns(run, text, by=request.person, now=request.now)
        actions.ask_preview(run, only_good_rows=True, by=request.person, now=request.now)
    except flow.Unreadable as unreadable:
        return _mapping_page(request, run, unreadable.problems, text, chosen, 400)
    except Refused as refused:
        return _run_page(request, _run(pk), str(refused), 409)
    return redirect("console:import", pk=pk)


def _mapping_from(request: HttpRequest, run: Any, chosen: dict[int, str]) -> mappings.Mapping:
    """The proposal with the person's choices: a column keeps its rule when its field was not changed."""
    proposal = flow.look(run, sheet=request.POST.get("sheet") or None).proposal
    kept = queries.kept_mapping(run.target, flow.columns_digest(proposal.header.names))
    base = _kept_or_proposed(run, kept, proposal)
    rules = []
    for each in proposal.columns:
        field = chosen.get(each.index, "")
        own = [rule for rule in base.rules if each.header in rule.columns or f"@{each.letter}" in rule.columns]
        if any(rule.field == field or not rule.field for rule in own):
            rules += [rule for rule in own if rule not in rules and (rule.field == field or not rule.field)]
        elif field:
            rules.append(mappings.Rule(columns=(each.header or f"@{each.letter}",), field=field))
    order = request.POST.get("order", base.source.date_order)
    source = replace(
        base.source,
        date_order=order if order in dict(ORDERS) else "ymd",
        sheet=request.POST.get("sheet") or base.source.sheet,
    )
    return replace(base, rules=tuple(rules), source=source)


@access.may("imports.see")
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a preview or a run is; htmx asks every two seconds and reloads the page when it is over."""
    run = _run(pk)
    previewing = run.status == RunStatus.MAPPED and "done" in run.preview
    if run.status not in BUSY and not previewing:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context = {"run": run, "previewing": previewing, "done": run.preview.get("done", 0) if previewing else run.cursor}
    return render(request, "console/import_progress.jinja", context, using="jinja2")


@access.may("imports.run")
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Have the worker take the rows in."""
    run = _run(pk)
    try:
        flow.start(run, only_good_rows=request.POST.get("only_good_rows") == "1", by=request.person, now=request.now)
    except Refused as refused:
        return _run_page(request, _run(pk), str(refused), 409)
    return redirect("console:import", pk=pk)


@access.may("imports.run")
@require_POST
def carry_on(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Go on where a run stopped."""
    try:
        actions.carry_on(_run(pk), by=request.person, now=request.now)
    except Refused as refused:
        return _run_page(request, _run(pk), str(refused), 409)
    return redirect("console:import", pk=pk)


@access.may("imports.run")
@require_POST
def abandon(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Drop a list; its file stays."""
    try:
        actions.abandon(_run(pk), by=request.person, now=request.now)
    except Refused as refused:
        return _run_page(request, _run(pk), str(refused), 409)
    return redirect("console:imports")


@access.may("imports.run")
@require_POST
def answer(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """Settle a question about one row."""
    found = queries.rows(_run(pk)).filter(pk=row).first()
    if found is None:
        raise Http404
    try:
        flow.answer(found, request.POST.get("answer", ""), by=request.person, now=request.now)
    except Refused as refused:
        return _run_page(request, _run(pk), str(refused), 409)
    return redirect(f"{reverse('console:import', args=[pk])}?outcome=question")


@access.may("imports.see")
@require_GET
def bad_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rejected rows as a workbook with their cells marked."""
    run = _run(pk)
    try:
        made = flow.bad_rows(run, language=_short())
    except flow.Unreadable as unreadable:
        return _run_page(request, run, unreadable.problems[0].full(_short()), 409)
    stem = run.file_name.rsplit(".", 1)[0]
    return FileResponse(made, as_attachment=True, filename=_("%(name)s 退回的行.xlsx") % {"name": stem})
