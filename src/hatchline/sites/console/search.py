"""The top bar's search: everything the role may see, by kind."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.people.roles import may
from hatchline.apps.search import queries as search
from hatchline.sites import access

EACH = 20


@access.may("console.enter")
def everything(request: HttpRequest) -> HttpResponse:
    """Institutions and organisations that match; each group says how many more its list has."""
    q = request.GET.get("q", "").strip()[:100]
    asked = search.understand(q)
    groups: list[dict[str, Any]] = []
    if asked.node is not None:
        kind = request.role.kind
        if may(kind, "institutions.list"):
            rows = institutions.visible_to(request.role, request.today).select_related(None).prefetch_related(None)
            groups.append(_group(_("孵化机构"), "institution", "institutions", rows, "institutions.institution", q))
        if may(kind, "organisations.list"):
            rows = bodies.visible_to(request.role).select_related(None).prefetch_related(None)
            groups.append(_group(_("单位"), "organisation", "organisations", rows, "bodies.organisation", q))
    context = {"q": q, "groups": groups, "by_start": asked.by_start, "total": sum(each["count"] for each in groups)}
    return render(request, "console/search.jinja", context, using="jinja2")


def _group(label: str, one: str, many: str, rows: Any, kind: str, q: str) -> dict[str, Any]:
    matching = search.narrowed(rows, kind, q)
    found = list(matching.order_by("name", "pk").values("pk", "name", "territory__name", "address")[: EACH + 1])
    count = len(found) if len(found) <= EACH else matching.count()
    for row in found:
        row["href"] = reverse(f"console:{one}", args=[row["pk"]])
    return {"label": label, "rows": found[:EACH], "count": count, "href": reverse(f"console:{many}"), "q": q}
