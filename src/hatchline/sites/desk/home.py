"""What is mine and what there is to do today, for whoever reports, applies or books."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.messages import queries as told
from hatchline.apps.people.roles import RoleKind, may
from hatchline.sites import access

QUEUE = 6
AHEAD = timedelta(days=31)

# What each role will find here when nothing waits: what comes, and from whom.
NOTHING_YET: dict[str, Any] = {
    RoleKind.MANAGER: _("主管部门请您核对资料、补充材料或答复时，会出现在这里。现在可以先核对本机构的资料。"),
    RoleKind.STAFF: _("负责人或主管部门请您补充资料时，会出现在这里。"),
    RoleKind.FOUNDER: _("入驻、毕业和服务的进展需要您确认时，会出现在这里。"),
    RoleKind.MENTOR: _("有辅导请您确认时，会出现在这里。"),
    RoleKind.EXPERT: _("有评审邀请时，会先问您是否有利害关系，再出现在这里。"),
    RoleKind.INVESTOR: _("有项目对接请您答复时，会出现在这里。"),
    RoleKind.PROVIDER: _("有服务需求请您应答时，会出现在这里。"),
    RoleKind.LABORATORY: _("有仪器预约或成果对接请您答复时，会出现在这里。"),
}


@access.may("desk.enter")
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what waits, what is new, what is mine."""
    waiting = list(told.waiting(request.person)[: QUEUE + 1])
    own = list(institutions.visible_to(request.role, request.today).order_by("name", "pk")[: QUEUE + 1])
    return render(
        request,
        "desk/home.jinja",
        {
            "waiting": [_queued(message, request.today) for message in waiting[:QUEUE]],
            "waiting_count": told.waiting(request.person).count() if len(waiting) > QUEUE else len(waiting),
            "unread": told.unread_count(request.person),
            "latest": list(told.of(request.person)[:5]),
            "has_institutions": bool(own) or may(request.role.kind, "institutions.see_own"),
            "own": own[:QUEUE],
            "more_own": len(own) > QUEUE,
            "agenda": list(told.agenda(request.person, starts_on=request.today, ends_before=request.today + AHEAD)[:5]),
            "nothing_yet": NOTHING_YET[RoleKind(request.role.kind)],
            "organisation": request.role.organisation,
            "today": request.today,
        },
        using="jinja2",
    )


def _queued(message: Any, today: Any) -> dict[str, Any]:
    """A message that waits with its clock: days left and the share of its term that is gone."""
    days = used = None
    if message.due_on is not None:
        sent_on = message.sent_at.astimezone(told.zone()).date()
        days = (message.due_on - today).days
        term = max((message.due_on - sent_on).days, 1)
        used = min(max((today - sent_on).days / term, 0), 1)
    return {"message": message, "days": days, "used": used}
