"""Early warning: what is about to end or fails already, with the way to its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.ventures import queries as ventures
from hatchline.journeys import warnings
from hatchline.journeys.gather import INSTITUTION
from hatchline.sites import access, days
from hatchline.sites.judged import ladders, rows
from hatchline.sites.lists import fetching

MOST = 100


@access.may("rules.evaluate")
def listing(request: HttpRequest) -> HttpResponse:
    """Which title, which stay, which holder of a title is about to fail?"""
    asked = days.asked(request)
    head = fetching.head(request)
    key = ("warnings", request.role.pk, asked.as_of, head)
    found: dict[str, Any] = fetching.remembered(key, lambda: _found(request, asked), lambda _made: True)
    labels = {name: each.label.get(rows.language()) for name, each in _criteria(found["failing"]).items()}
    context = {
        "asked": asked,
        "here": request.path,
        "ending": found["ending"][:MOST],
        "outlasting": found["outlasting"][:MOST],
        "failing": [
            {
                "row": each,
                "level": str(ladders.TITLES[each.level]),
                "criteria": [labels.get((each.document, name), name) for name in each.criteria],
                "href": asked.onward(reverse("console:institution_evaluation", args=[each.institution, each.document])),
            }
            for each in found["failing"][:MOST]
        ],
        "counts": {name: len(those) for name, those in found.items()},
        "most": MOST,
        "institution_kind": INSTITUTION,
    }
    return render(request, "console/rules/alerts.jinja", context, using="jinja2")


def _found(request: HttpRequest, asked: days.Asked) -> dict[str, Any]:
    """What the role may see of it."""
    places = set(institutions.visible_to(request.role).order_by().values_list("pk", flat=True))
    outlasting = [each for each in warnings.outlasting(asked.as_of) if each.institution in places]
    ending = warnings.ending(asked.as_of)
    theirs = [each.subject for each in ending if each.kind != INSTITUTION]
    seen = set(ventures.visible_to(request.role).order_by().filter(pk__in=theirs).values_list("pk", flat=True))
    return {
        "ending": [e for e in ending if e.subject in (places if e.kind == INSTITUTION else seen)],
        "outlasting": outlasting,
        "failing": warnings.failing(asked.as_of, places),
    }


def _criteria(failing: list[warnings.Failing]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for name in {each.document for each in failing}:
        edition = rulebooks.edition(name)
        if edition is not None:
            found |= {(name, key): each for key, each in rulebooks.document(edition).criteria.items()}
    return found
