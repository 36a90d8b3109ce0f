"""今日: will the plan be met, what waits for me, and can the data be trusted so far?"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.institutions.states import Status
from hatchline.apps.outbox import queries as outbox
from hatchline.apps.people.roles import may
from hatchline.sites import access
from hatchline.sites.console import targets


@access.may("console.enter")
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    kind = request.role.kind
    lines = targets.lines(request) if may(kind, "targets.see") else []
    rows = institutions.visible_to(request.role, request.today).select_related(None).prefetch_related(None)
    open_rows = rows.exclude(status=Status.CLOSED)
    quality = {
        "institutions": open_rows.count(),
        "undated": open_rows.filter(opened_on=None, seen_open_on=None).count(),
        "nowhere": open_rows.filter(~Q(territory__level=4) | Q(territory=None)).count(),
        "no_operator": open_rows.filter(operator=None).count(),
        "organisations": bodies.visible_to(request.role).count(),
        "doubtful": bodies.visible_to(request.role).filter(credit_code_is_doubtful=True).count(),
    }
    context = {
        "lines": lines,
        "summary": targets.summary(lines),
        "quality": quality,
        "waiting": waiting(request, quality),
        "document": lines[0].reading.target.document if lines else "",
    }
    return render(request, "console/home.jinja", context, using="jinja2")


def waiting(request: HttpRequest, quality: dict[str, int]) -> list[dict[str, Any]]:
    """What waits for this role: each line a kind of work, how much, and the verb that does it."""
    kind, found = request.role.kind, []
    listing = reverse("console:institutions")
    if may(kind, "institutions.amend"):
        if quality["undated"]:
            found.append(_line(_("孵化机构"), _("补开办时间"), quality["undated"], f"{listing}?tab=undated"))
        if quality["nowhere"]:
            found.append(_line(_("孵化机构"), _("补所在街道"), quality["nowhere"], f"{listing}?tab=nowhere"))
    if may(kind, "organisations.amend") and quality["doubtful"]:
        where = reverse("console:organisations") + "?tab=doubtful"
        found.append(_line(_("单位"), _("核对统一社会信用代码"), quality["doubtful"], where))
    if may(kind, "outbox.see"):
        failed = outbox.health(request.now).failed
        if failed:
            found.append(_line(_("后台工作"), _("处理没有做成的工作"), failed, reverse("console:outbox")))
    return found


def _line(kind: str, action: str, number: int, href: str) -> dict[str, Any]:
    subject = _("%(number)s 条") % {"number": number}
    return {"kind": kind, "subject": subject, "action": action, "href": href, "number": number}
