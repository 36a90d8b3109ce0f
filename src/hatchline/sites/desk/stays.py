"""Verbs on a stay: agree, deny, graduate, leave; and putting a newcomer on record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hatchline.apps.ventures import policy, queries, wording
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.apps.ventures.states import StayStatus
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.journeys import steps as journeys
from hatchline.sites import access
from hatchline.sites.desk import steps
from hatchline.sites.desk.chain_forms import EndForm, LeaveForm, ReasonForm, TakeOnForm
from hatchline.sites.forms import done_at_once, opened, saved


def _page(
    request: HttpRequest,
    stay: Any,
    form: Any,
    save: Any,
    verb: str,
    question: str,
    heading: str,
    said: str,
    **more: Any,
) -> HttpResponse:
    back = reverse("desk:venture", args=[stay.venture_id])
    mine = steps.is_institution(request)
    start = (_("入驻企业"), reverse("desk:ventures")) if mine else (_("我的项目"), reverse("desk:mine"))
    return steps.step(
        request,
        form,
        save,
        question=question,
        heading=heading,
        crumbs=[start, (stay.venture.name, back)],
        about=[
            (_("团队或企业"), stay.venture.name),
            (_("机构"), stay.institution.name),
            (_("阶段"), stay.get_stage_display()),
            (_("入驻时间"), stay.starts.text or stay.starts.code),
        ],
        back=back,
        said=lambda made: _overlaps() if _is_now_disputed(stay, made) and verb != "dispute" else said,
        submit=heading,
        why_not=policy.why_not_as(verb, request.role.kind),
        **more,
    )


def _is_now_disputed(before: Any, made: Any) -> bool:
    return bool(made.status == StayStatus.DISPUTED != before.status)


def _overlaps() -> str:
    return _("已登记；按这个日期与另一家机构的在孵记录重叠，已记为有争议，并请两家机构答复。")


@access.may("desk.enter")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, that is so."""
    stay = steps.stay_within(request, pk)
    return done_at_once(
        request,
        lambda: journeys.confirm(stay, **steps.done(request)),
        back=reverse("desk:venture", args=[stay.venture_id]),
        said=_("已确认。"),
    )


@access.may("desk.enter")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """No, that is not so."""
    stay = steps.stay_within(request, pk)
    return _page(
        request,
        stay,
        ReasonForm,
        lambda data: journeys.dispute(stay, reason=data["reason"], **steps.done(request)),
        "dispute",
        _("哪里不对？"),
        _("提出争议"),
        _("已记为有争议，对方会看到原因；解决以前不计入统计。"),
        danger=True,
    )


@access.may("stays.manage_own")
def graduate(request: HttpRequest, pk: int) -> HttpResponse:
    """It has met the definition of a graduate."""
    stay = steps.stay_within(request, pk)
    return _page(
        request,
        stay,
        EndForm,
        lambda data: journeys.graduate(stay, on=data["on"], **steps.done(request)),
        "graduate",
        _("哪天毕业的？"),
        _("登记毕业"),
        _("已登记毕业，企业会收到消息。可以接着推荐下一站。"),
        initial={"on": request.today.isoformat()},
    )


@access.may("desk.enter")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """It has moved away, with a reason."""
    stay = steps.stay_within(request, pk)
    return _page(
        request,
        stay,
        LeaveForm,
        lambda data: journeys.leave(stay, on=data["on"], reason=data["reason"], **steps.done(request)),
        "leave",
        _("哪天离开的，为什么？"),
        _("登记迁出"),
        _("已登记迁出，对方会看到原因。以后可以重新申请入驻。"),
        initial={"on": request.today.isoformat()},
        danger=True,
    )


@access.may("stays.manage_own")
def take_on(request: HttpRequest) -> HttpResponse:
    """Put a team or company on record that is in one's institution already."""
    own = [(str(each.pk), each.name) for each in queries.institutions_of(request.role).order_by("name")[:200]]
    form = opened(request, TakeOnForm, {"stage": "incubation", **_only(own)}, own=own)

    def save(data: dict[str, Any]) -> Any:
        chosen = data["which"]
        newcomer = journeys.Newcomer(
            institution=int(data["institution"]),
            stage=data["stage"],
            starts=data["starts"],
            draft=VentureDraft(name=data["name"], summary=data["summary"], source="institution"),
            credit_code=data["credit_code"],
            founders=tuple(data["others"].splitlines()),
            venture=int(chosen) if chosen.isdigit() else None,
            is_new=chosen == "new",
        )
        try:
            return journeys.take_on(newcomer, **steps.done(request))
        except journeys.Alike as alike:
            form.ask_which([(str(each.pk), f"{each.name}（{_reasons(each)}）") for each in alike.found])
            raise Refused(Refusal("alike", _("登记簿里有很像的记录，请先看是不是同一家。"), field="which")) from alike

    return saved(
        request,
        form,
        save,
        template="desk/step.jinja",
        done=lambda made: reverse("desk:venture", args=[made.venture_id]),
        said=lambda made: (
            _("已登记。对方确认以前是单方登记，不计入统计。")
            if made.status == "claimed"
            else _("已登记，但与另一家机构的在孵记录重叠，记为有争议；两家机构都会被请求说明。")
        ),
        context={
            "question": _("谁已经在我们这里？"),
            "heading": _("登记入驻"),
            "crumbs": [(_("入驻企业"), reverse("desk:ventures")), (_("登记入驻"), "")],
            "about": [],
            "back": reverse("desk:ventures"),
            "submit_label": _("登记"),
            "warning": "" if own else _("您的单位名下还没有登记孵化机构。"),
            "why_not": "",
            "extra": {},
            "danger": False,
        },
    )


def _only(own: list[tuple[str, str]]) -> dict[str, str]:
    return {"institution": own[0][0]} if len(own) == 1 else {}


def _reasons(candidate: Any) -> str:
    return "、".join(str(wording.REASONS[each]) for each in candidate.reasons)
