"""What one's own institution, or one's own venture, meets of the rules in force, and what it lacks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hatchline.core.rules.telling import told
from hatchline.journeys import judge, warnings
from hatchline.journeys.gather import INSTITUTION, VENTURE
from hatchline.sites import access
from hatchline.sites.desk import institutions, steps
from hatchline.sites.judged import ladders, rows

ROUTES = {INSTITUTION: "desk:institution_evaluation", VENTURE: "desk:venture_evaluation"}


def _ladder(request: HttpRequest, kind: str, row: Any, home: tuple[str, str], **more: Any) -> HttpResponse:
    found = judge.ladder(kind, row.pk, as_of=request.today)
    context = {
        "name": row.name,
        "home": home,
        "rungs": ladders.rungs(found, lambda name: reverse(ROUTES[kind], args=[row.pk, name])),
        "outlasting": [],
        **more,
    }
    return render(request, "desk/ladder.jinja", context, using="jinja2")


def _evaluation(request: HttpRequest, kind: str, row: Any, name: str, home: tuple[str, str]) -> HttpResponse:
    try:
        its = judge.judge(kind, row.pk, name, as_of=request.today)
    except LookupError:
        raise Http404 from None
    pages = (rows.institution_pages if kind == INSTITUTION else rows.venture_pages)(row.pk, desk=True)
    edition = its.edition
    ends = edition.ends_before
    context = {
        "name": row.name,
        "home": home,
        "title": edition.title_en if rows.language() == "en" else edition.title,
        "edition": edition,
        "holds": edition.in_force_on <= request.today and (ends is None or request.today < ends),
        "gaps": [each.get(rows.language()) for each in its.document.gaps],
        "shown": rows.shown(told(its.explanation, its.way), its.document, pages=pages),
        "ladder": reverse(ROUTES[kind].replace("evaluation", "ladder"), args=[row.pk]),
    }
    return render(request, "desk/evaluation.jinja", context, using="jinja2")


def _institution(request: HttpRequest, pk: int) -> tuple[Any, tuple[str, str]]:
    found = institutions.own(request, pk)
    return found, (_("我的机构"), reverse("desk:institution", args=[pk]))


def _venture(request: HttpRequest, pk: int) -> tuple[Any, tuple[str, str]]:
    """A founder's own venture; an institution does not judge from what it may not see."""
    found, _seen = steps.venture_within(request, pk)
    return found, (_("我的项目"), reverse("desk:venture", args=[pk]))


@access.may("institutions.see_own")
@require_GET
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """How far up the ladder does one's own institution stand?"""
    found, home = _institution(request, pk)
    return _ladder(request, INSTITUTION, found, home, outlasting=warnings.outlasting(request.today, [pk]))


@access.may("institutions.see_own")
@require_GET
def institution_evaluation(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One document, criterion by criterion."""
    found, home = _institution(request, pk)
    return _evaluation(request, INSTITUTION, found, name, home)


@access.may("ventures.see_own")
@require_GET
def venture(request: HttpRequest, pk: int) -> HttpResponse:
    """What does one's own venture lack for graduation, 科技型中小企业, 高新技术企业?"""
    found, home = _venture(request, pk)
    return _ladder(request, VENTURE, found, home)


@access.may("ventures.see_own")
@require_GET
def venture_evaluation(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One document, criterion by criterion."""
    found, home = _venture(request, pk)
    return _evaluation(request, VENTURE, found, name, home)
