"""今日: will the plan be met, what waits for me, does the chain move, and can the data be trusted so far?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, When, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hatchline.apps.people.roles import may
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.models import QuestionKind
from hatchline.sites import access, days, standings
from hatchline.sites.console import chain_pictures, nav, quality, targets
from hatchline.sites.lists import fetching

QUESTIONS = 6  # shown one by one; the others are a number
CHECKS = 4


@access.may("console.enter")
def home(request: HttpRequest) -> HttpResponse:
    """The first page. It travels: the figures and the chain of another day; what waits is always of today."""
    kind, asked = request.role.kind, days.asked(request)
    lines = targets.lines(request, asked) if may(kind, "targets.see") else []
    checks = _checks(request)
    context = {
        "asked": asked,
        "lines": lines,
        "summary": standings.summary(lines),
        "short": standings.falling_short(lines),
        "short_by": standings.short_by,
        "years": standings.years(each.reading for each in lines),
        "quarters": any(each.reading.trend_is_of_quarters for each in lines),
        "series_at": max((each.reading.series_at for each in lines if each.reading.series_at), default=None),
        "pending": standings.still_reckoned(each.reading for each in lines),
        "sankey": chain_pictures.sankey(request, asked.as_of) if may(kind, "chain.see") else None,
        "checks": [each for each in checks if each.number][:CHECKS],
        "wrong": sum(1 for each in checks if each.number),
        "all_checks": len(checks),
        "waiting": waiting(request) if asked.is_today else Waiting([]),
        "document": lines[0].reading.target.document if lines else "",
    }
    return render(request, "console/home.jinja", context, using="jinja2")


def _checks(request: HttpRequest) -> list[quality.Counted]:
    """What is wrong in the record now; kept until something is written."""
    if not may(request.role.kind, "quality.see"):
        return []
    return quality.counts(request)


@dataclass(frozen=True)
class Waiting:
    """What waits for a role: the most urgent rows with their clocks; how many there are in all, and how many late."""

    rows: list[dict[str, Any]]
    total: int = 0
    overdue: int = 0


def waiting(request: HttpRequest) -> Waiting:
    """What waits for this role, the most urgent first: its clock where it has one, and the verb that does it."""
    kind, rows, total, overdue = request.role.kind, [], 0, 0
    if may(kind, "questions.settle") and nav.numbers(request).get("questions"):
        key = ("home", "questions", request.role.pk, request.today, get_language(), fetching.head(request))
        asked = fetching.remembered(key, lambda: _questions(request), lambda made: made.total > 0)
        rows, total, overdue = list(asked.rows), asked.total, asked.overdue
    if may(kind, "outbox.see"):
        failed = nav.numbers(request)["failures"]
        if failed:
            subject = _("%(number)s 条") % {"number": failed}
            rows.append(_line(_("后台工作"), subject, _("处理没有做成的工作"), reverse("console:outbox")))
            total += failed
    return Waiting(rows, total, overdue)


def _questions(request: HttpRequest) -> Waiting:
    """Open questions about the record with their clocks. One query."""
    rows = ventures.questions_of(request.role).filter(status="open").prefetch_related(None).select_related(None)
    late = Case(When(due_on__lt=request.today, then=F("pk")))
    counted = rows.annotate(total=Window(Count("pk")), overdue=Window(Count(late))).order_by("due_on", "pk")
    made, numbers = [], {"total": 0, "overdue": 0}
    for row in counted.values("pk", "kind", "venture__name", "asked_at", "due_on", *numbers)[:QUESTIONS]:
        numbers = {name: row[name] for name in numbers}
        begun = row["asked_at"].date()
        left, term = (row["due_on"] - request.today).days, max((row["due_on"] - begun).days, 1)
        used = min(max((request.today - begun).days / term, 0), 1)
        action = _("问题：%(what)s") % {"what": QuestionKind(row["kind"]).label}
        href = reverse("console:question", args=[row["pk"]])
        made.append({**_line(_("待答问题"), row["venture__name"], action, href), "days": left, "used": used})
    return Waiting(made, **numbers)


def _line(kind: str, subject: str, action: str, href: str) -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "action": action, "href": href, "days": None, "used": None}
