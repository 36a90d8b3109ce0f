"""Rung by rung: what an institution or a venture meets today and what it lacks, under the documents in force."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.ventures import queries as ventures
from hatchline.journeys import judge
from hatchline.journeys.gather import INSTITUTION, VENTURE
from hatchline.sites import access, days
from hatchline.sites.console import institution_profile
from hatchline.sites.console.rules import evaluation
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.judged import ladders

MOST = 20


def told(request: HttpRequest, kind: str, pk: int) -> dict[str, Any]:
    """The ladder of a subject and what was judged about it before."""
    asked = days.asked(request)
    route = evaluation.HOMES[kind][2]
    try:
        found = judge.ladder(kind, pk, as_of=asked.as_of, known_at=moment_of(asked))
    except LookupError:
        raise Http404 from None
    return {
        "rungs": ladders.rungs(found, lambda name: asked.onward(reverse(route, args=[pk, name]))),
        "documents": evaluation.others(request, kind, pk, asked, ""),
        "pinned": list(rulebooks.evaluations_of(kind, *(ventures.family(pk) if kind == VENTURE else [pk]))[:MOST]),
        "title_of": evaluation.title_of,
    }


@access.may("rules.evaluate")
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """How far up the ladder does it stand: district, municipal, national, tax relief?"""
    return institution_profile.page(request, pk, "ladder", lambda _row, _asked: told(request, INSTITUTION, pk))


@access.may("rules.evaluate")
def venture(request: HttpRequest, pk: int) -> HttpResponse:
    """What does a venture lack for graduation, 科技型中小企业, 高新技术企业?"""
    row, asked = evaluation.subject(request, VENTURE, pk), days.asked(request)
    context = {
        **told(request, VENTURE, pk),
        "asked": asked,
        "name": row.name,
        "here": request.path,
        "crumbs": [
            (pgettext("list", "创业主体"), asked.onward(reverse("console:ventures"))),
            (row.name, asked.onward(reverse("console:venture", args=[pk]))),
            (_("各级条件"), ""),
        ],
    }
    return render(request, "console/rules/venture_ladder.jinja", context, using="jinja2")
