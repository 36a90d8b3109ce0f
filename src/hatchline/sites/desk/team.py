"""The team of one's own institution, and the titles it holds."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hatchline.apps.institutions import queries
from hatchline.apps.people.roles import may
from hatchline.apps.titles import queries as held
from hatchline.apps.titles.states import TitleStatus
from hatchline.sites import access

LARGEST = 2**63 - 1
KIND = "institutions.institution"


def _own(request: HttpRequest, pk: int) -> Any:
    """An institution within the role's reach; anything else is not there."""
    found = queries.visible_to(request.role, request.today).filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found


@access.may("institutions.see_own")
@require_GET
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Who works here, and who are our mentors?"""
    context = {
        "institution": _own(request, pk),
        "staff": list(queries.staff_of(pk, request.today)),
        "mentors": list(queries.mentors_of(pk, request.today)),
        "numbers": queries.teams([pk], request.today).get(pk),
        "may_record": may(request.role.kind, "team.record_own"),
    }
    return render(request, "desk/team.jinja", context, using="jinja2")


@access.may("institutions.see_own")
@require_GET
def titles(request: HttpRequest, pk: int) -> HttpResponse:
    """Which titles do we hold, until when?"""
    institution = _own(request, pk)
    rows = [each for each in held.about(KIND, pk) if each.status != TitleStatus.STRUCK]
    in_force = set(held.in_force(request.today).filter(pk__in=[each.pk for each in rows]).values_list("pk", flat=True))
    context = {
        "institution": institution,
        "in_force": [each for each in rows if each.pk in in_force],
        "others": [each for each in rows if each.pk not in in_force],
    }
    return render(request, "desk/titles.jinja", context, using="jinja2")
