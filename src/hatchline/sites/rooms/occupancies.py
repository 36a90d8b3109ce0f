"""Who uses a space: the forms of the verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hatchline.apps.premises import actions
from hatchline.apps.premises.drafts import UNKNOWN, OccupancyDraft
from hatchline.apps.premises.models import ORGANISATION, VENTURE, EndState
from hatchline.sites import forms as shared
from hatchline.sites.rooms import common, forms
from hatchline.sites.rooms.spaces import crumbs

if TYPE_CHECKING:
    from hatchline.apps.premises.models import Occupancy, Space


def _draft(space: Space, form: Any, present: Occupancy | None = None) -> OccupancyDraft:
    data = form.cleaned_data
    ended = data["ended"]
    state = EndState.KNOWN if ended is not None else EndState.OPEN
    if ended is None and present is not None and present.end_state == EndState.UNKNOWN:
        state = EndState.UNKNOWN  # an empty end says nothing new
    return OccupancyDraft(
        space=space.pk,
        area=data["area"],
        desks=data["desks"],
        purpose=data["purpose"],
        starts=data["starts"] or UNKNOWN,
        ended=ended or UNKNOWN,
        end_state=state.value,
        evidence=present.evidence_on if present is not None else None,
        source=data["source"],
        **form.occupant(),
    )


def occupy(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody uses it."""
    space = common.space_or_404(request, pk)
    institution = space.premises.institution_id
    form = shared.opened(request, forms.OccupancyForm, {"who": forms.COMMON}, asker=request, institution=institution)
    back = common.at(request, "space", space.pk)
    return common.saved(
        request,
        form,
        lambda data: actions.occupy(
            _draft(space, form),
            by=request.person,
            now=request.now,
            today=request.today,
            role_kind=request.role.kind,
        ),
        done=lambda made: back,
        said=lambda made: _("已登记“%(name)s”使用“%(code)s”。") % {"name": made.name, "code": space.code},
        question=_("谁在用“%(code)s”？") % {"code": space.code},
        heading=_("登记用房"),
        crumbs=crumbs(request, space.premises, (space.code, back), (_("登记用房"), "")),
        back=back,
        submit_label=_("登记"),
    )


def _initial(occupancy: Occupancy) -> dict[str, Any]:
    who = {VENTURE: f"v{occupancy.who_id}", ORGANISATION: forms.OTHER}.get(occupancy.who_kind, forms.COMMON)
    return {
        "who": who,
        "organisation": occupancy.name if who == forms.OTHER else "",
        "purpose": occupancy.purpose,
        "area": occupancy.area,
        "desks": occupancy.desks,
        "starts": occupancy.starts if occupancy.starts.is_known else None,
        "ended": occupancy.ended if occupancy.ended.is_known else None,
        "source": occupancy.source,
    }


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """What is recorded is wrong."""
    occupancy = common.occupancy_or_404(request, pk)
    space = occupancy.space
    institution = space.premises.institution_id
    form = shared.opened(
        request,
        forms.OccupancyForm,
        _initial(occupancy),
        asker=request,
        institution=institution,
        present=occupancy,
    )
    back = common.at(request, "space", space.pk)
    return common.saved(
        request,
        form,
        lambda data: actions.correct(
            occupancy,
            _draft(space, form, occupancy),
            by=request.person,
            now=request.now,
            today=request.today,
            role_kind=request.role.kind,
        ),
        done=lambda made: back,
        said=lambda made: _("已更正“%(name)s”的用房记录。") % {"name": made.name},
        question=_("“%(name)s”的用房记录哪里不对？") % {"name": occupancy.name},
        heading=_("更正用房记录"),
        crumbs=crumbs(request, space.premises, (space.code, back), (_("更正用房记录"), "")),
        back=back,
    )


def move_out(request: HttpRequest, pk: int) -> HttpResponse:
    """It is used no longer."""
    occupancy = common.occupancy_or_404(request, pk)
    space = occupancy.space
    back = common.at(request, "space", space.pk)
    return common.saved(
        request,
        shared.opened(request, forms.MoveOutForm, {}),
        lambda data: actions.end_occupancy(
            occupancy,
            on=data["on"],
            by=request.person,
            now=request.now,
            today=request.today,
            role_kind=request.role.kind,
        ),
        done=lambda made: back,
        said=lambda made: _("已登记“%(name)s”退房。") % {"name": made.name},
        question=_("“%(name)s”什么时候退的房？") % {"name": occupancy.name},
        heading=_("登记退房"),
        crumbs=crumbs(request, space.premises, (space.code, back), (_("登记退房"), "")),
        back=back,
    )


def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """It was recorded by mistake."""
    occupancy = common.occupancy_or_404(request, pk)
    space = occupancy.space
    back = common.at(request, "space", space.pk)
    return common.saved(
        request,
        shared.opened(request, forms.ReasonForm, {}),
        lambda data: actions.strike(
            occupancy, reason=data["reason"], by=request.person, now=request.now, role_kind=request.role.kind
        ),
        done=lambda made: back,
        said=lambda made: _("已划去“%(name)s”的用房记录。") % {"name": made.name},
        question=_("为什么划去“%(name)s”的用房记录？") % {"name": occupancy.name},
        heading=_("划去误录的用房记录"),
        crumbs=crumbs(request, space.premises, (space.code, back), (_("划去误录的用房记录"), "")),
        back=back,
    )
