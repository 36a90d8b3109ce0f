"""A space: its page with sizes and uses over time, and its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hatchline.apps.premises import actions, queries
from hatchline.apps.premises.drafts import SpaceDraft
from hatchline.apps.premises.models import EndState, SpaceKind, Use
from hatchline.apps.premises.states import OccupancyStatus
from hatchline.sites import days
from hatchline.sites import forms as shared
from hatchline.sites.rooms import common, forms

if TYPE_CHECKING:
    from hatchline.apps.premises.models import Premises, Space


def crumbs(request: HttpRequest, its: Premises, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page below premises."""
    return [
        (_("场地"), common.at(request, "premises")),
        (its.name, common.at(request, "premises_page", its.pk)),
        *more,
    ]


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who uses this space on the day, and who did before?"""
    space = common.space_or_404(request, pk)
    asked = days.asked(request)
    here = [room for room in queries.rooms(asked.as_of, premises=[space.premises_id]) if room.pk == space.pk]
    uses = list(queries.occupancies_in_space(space)[:500])
    names = common.named(request, uses)
    return common.shown(
        request,
        "space",
        {
            "space": space,
            "premises": space.premises,
            "asked": asked,
            "room": here[0] if here else None,
            "use": str(Use(here[0].use).label) if here else "",
            "kind": str(SpaceKind(space.kind).label),
            "extents": list(queries.extents_of(space)),
            "uses": uses,
            "who": lambda use: names.get((use.who_kind, use.who_id or 0), (use.name, "")),
            "is_open": lambda use: use.status == OccupancyStatus.RECORDED and use.end_state != EndState.KNOWN,
            "is_struck": lambda use: use.status == OccupancyStatus.STRUCK,
        },
    )


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new space of premises."""
    its = common.premises_or_404(request, pk)
    back = common.at(request, "premises_page", its.pk)
    return common.saved(
        request,
        shared.opened(request, forms.SpaceForm, {"kind": SpaceKind.ROOM.value, "use": Use.INCUBATION.value}),
        lambda data: actions.add_space(
            its, SpaceDraft(**data), by=request.person, now=request.now, role_kind=request.role.kind
        ),
        done=lambda made: back,
        said=lambda made: _("已登记“%(code)s”。") % {"code": made.code},
        question=its.name,
        heading=_("登记房间"),
        crumbs=crumbs(request, its, (_("登记房间"), "")),
        back=back,
        submit_label=_("登记"),
    )


def _back(request: HttpRequest, space: Space) -> str:
    return common.at(request, "space", space.pk)


def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what a space is called and where it lies."""
    space = common.space_or_404(request, pk)
    initial = {name: getattr(space, name) for name in ("code", "kind", "floor", "note")}
    back = _back(request, space)
    return common.saved(
        request,
        shared.opened(request, forms.SpaceAmendForm, initial),
        lambda data: actions.amend_space(
            space, SpaceDraft(**data), by=request.person, now=request.now, role_kind=request.role.kind
        ),
        done=lambda made: back,
        said=lambda made: _("已保存“%(code)s”的修改。") % {"code": made.code},
        question=space.code,
        heading=_("修改房间信息"),
        crumbs=crumbs(request, space.premises, (space.code, back), (_("修改房间信息"), "")),
        back=back,
    )


def resize(request: HttpRequest, pk: int) -> HttpResponse:
    """From a day on it is larger, smaller, for something else, or no more."""
    space = common.space_or_404(request, pk)
    last = queries.extents_of(space).first()
    initial: dict[str, Any] = (
        {"area": last.area, "desks": last.desks, "use": last.use, "since": request.today} if last else {}
    )
    back = _back(request, space)
    return common.saved(
        request,
        shared.opened(request, forms.ResizeForm, initial),
        lambda data: actions.resize(
            space,
            SpaceDraft(code=space.code, **data),
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: back,
        said=lambda made: _("已变更“%(code)s”的面积或用途。") % {"code": made.code},
        question=space.code,
        heading=_("变更面积或用途"),
        crumbs=crumbs(request, space.premises, (space.code, back), (_("变更面积或用途"), "")),
        back=back,
    )
