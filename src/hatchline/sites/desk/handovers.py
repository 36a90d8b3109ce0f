"""Handing a venture over: the offer, the venture's consent, the next place's answer, the day of moving."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hatchline.apps.people.roles import RoleKind
from hatchline.apps.ventures import policy, queries
from hatchline.apps.ventures.models import DataCategory
from hatchline.apps.ventures.states import HandoverStatus
from hatchline.journeys import steps as journeys
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.desk import steps
from hatchline.sites.desk.chain_forms import ConsentForm, DayForm, OfferForm, ReasonForm
from hatchline.sites.forms import done_at_once
from hatchline.sites.lists import Column, List, Tab, view

LEVELS = {
    "offered": "info", "consented": "warn", "accepted": "info", "done": "ok", "declined": "neutral", "stopped": "bad",
}  # fmt: skip
IN_HAND = (HandoverStatus.OFFERED, HandoverStatus.CONSENTED, HandoverStatus.ACCEPTED)


def words(categories: list[str]) -> list[str]:
    """Categories of data as the reader knows them."""
    return [str(DataCategory(each).label) for each in DataCategory.values if each in categories]


HANDOVERS = List(
    name="desk.handovers",
    route="desk:handovers",
    label=gettext_lazy("移交"),
    unit=gettext_lazy("件"),
    rows=lambda request: queries.handovers_of(request.role).select_related(None),
    fields=("venture__name", "stay__institution__name", "institution__name", "stage", "status", "offered_at"),
    columns=(
        Column("venture__name", gettext_lazy("团队或企业"), sort=("venture__name",), head=True),
        Column("from", gettext_lazy("从"), show=lambda row: row["stay__institution__name"], quiet=True, narrow=False),
        Column("institution__name", gettext_lazy("到"), quiet=True),
        Column("stage", gettext_lazy("阶段"), show=lambda row: steps.STAGE_WORDS[row["stage"]], narrow=False),
        Column(
            "offered",
            gettext_lazy("推荐日期"),
            show=lambda row: formatting.date_table(row["offered_at"].date()),
            sort=("offered_at",),
            kind="date",
            narrow=False,
        ),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: steps.status(HandoverStatus(row["status"]), LEVELS[row["status"]]),
            export=lambda row: str(HandoverStatus(row["status"]).label),
            kind="status",
        ),
    ),
    order="-offered",
    href=lambda row: reverse("desk:handover", args=[row["pk"]]),
    tabs=(
        Tab("", gettext_lazy("办理中"), lambda rows, request: rows.filter(status__in=IN_HAND)),
        Tab("all", gettext_lazy("全部"), lambda rows, request: rows),
    ),
    empty_title=gettext_lazy("没有移交"),
    empty_text=gettext_lazy("推荐一家企业去下一站以后，从同意到搬过去都在这里。"),
    file_name="handovers",
)


@access.may("desk.enter")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Who is on the way to the next place?"""
    count = queries.handovers_of(request.role).filter(status__in=IN_HAND).count()
    context = {
        "heading": _("移交"),
        "question": _("谁正在去下一站？"),
        "answer": _("**%(count)s** 件正在办理") % {"count": count} if count else _("没有正在办理的移交"),
        "actions": [],
    }
    return view.respond(request, HANDOVERS, "desk/list.jinja", context)


def _within(request: HttpRequest, pk: int) -> Any:
    return steps.row_within(queries.handovers_of(request.role), pk)


def _is_next(request: HttpRequest, handover: Any) -> bool:
    """Whether the reader acts for the institution that is to receive."""
    return (
        steps.is_institution(request)
        and queries.institutions_of(request.role).filter(pk=handover.institution_id).exists()
    )


def _crumbs(handover: Any, more: bool = True) -> list[tuple[str, str]]:
    here = reverse("desk:handover", args=[handover.pk]) if more else ""
    return [(_("移交"), reverse("desk:handovers")), (handover.venture.name, here)]


def _about(handover: Any) -> list[tuple[str, Any]]:
    return [
        (_("团队或企业"), handover.venture.name),
        (_("从"), handover.stay.institution.name),
        (_("到"), handover.institution.name),
        (_("阶段"), handover.get_stage_display()),
        (_("请求移交的资料"), formatting.listed(words(handover.asked), 6)),
    ]


@access.may("desk.enter")
@require_GET
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, what goes along, and whose turn it is."""
    found = _within(request, pk)
    visible = queries.handover_visible(found)
    context = {
        "handover": found,
        "crumbs": _crumbs(found, more=False),
        "is_next": _is_next(request, found),
        "is_venture": request.role.kind == RoleKind.FOUNDER,
        "rows": [
            {"word": str(DataCategory(each).label), "agreed": each in found.consented, "visible": each in visible}
            for each in DataCategory.values
            if each in found.asked
        ],
        "stage_number": {"offered": 1, "consented": 2, "accepted": 3, "done": 4}.get(found.status, 0),
        "why_not_decide": policy.why_not_as("accept", request.role.kind),
    }
    return render(request, "desk/handover.jinja", context, using="jinja2")


@access.may("stays.manage_own")
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the next place for a venture that is here."""
    stay = steps.stay_within(request, pk)
    places, _offered = steps.choices_of_places(request)
    following = {"nursery": "incubation", "incubation": "acceleration", "acceleration": "park"}.get(stay.stage, "")
    venture = reverse("desk:venture", args=[stay.venture_id])
    return steps.step(
        request,
        OfferForm,
        lambda data: journeys.offer(
            stay, institution=int(data["institution"]), stage=data["stage"], asked=data["asked"], **steps.done(request)
        ),
        question=_("下一站去哪里，带上哪些资料？"),
        heading=_("推荐下一站"),
        crumbs=[(_("入驻企业"), reverse("desk:ventures")), (stay.venture.name, venture)],
        about=[
            (_("团队或企业"), stay.venture.name),
            (_("现在"), f"{stay.institution.name} · {stay.get_stage_display()}"),
        ],
        back=venture,
        done=lambda made: reverse("desk:handover", args=[made.pk]),
        said=_("已推荐，正等企业同意。企业同意以前，下一站什么也看不到。"),
        submit=_("推荐"),
        why_not=policy.why_not_as("offer", request.role.kind),
        initial={"stage": following},
        options={"places": places},
    )


@access.may("ventures.amend_own")
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The venture says what may go along."""
    found = _within(request, pk)
    return steps.step(
        request,
        ConsentForm,
        lambda data: journeys.consent(found, categories=data["categories"], **steps.done(request)),
        question=_("同意把哪些资料交给“%(name)s”？") % {"name": found.institution.name},
        heading=_("同意移交"),
        crumbs=_crumbs(found),
        about=_about(found),
        back=reverse("desk:handover", args=[pk]),
        said=_("已同意。“%(name)s”会看到您勾选的资料并答复。") % {"name": found.institution.name},
        submit=_("同意"),
        options={"asked": found.asked},
    )


@access.may("ventures.amend_own")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """The venture withdraws its consent."""
    found = _within(request, pk)
    return done_at_once(
        request,
        lambda: journeys.stop(found, **steps.done(request)),
        back=reverse("desk:handover", args=[pk]),
        said=_("已撤回同意，移交到此为止；下一站不再看到您的资料。"),
    )


@access.may("desk.enter")
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The venture, or the next place, does not want it."""
    found = _within(request, pk)
    return steps.step(
        request,
        ReasonForm,
        lambda data: journeys.decline(found, reason=data["reason"], **steps.done(request)),
        question=_("为什么不去？") if request.role.kind == RoleKind.FOUNDER else _("为什么不接收？"),
        heading=_("不接收移交"),
        crumbs=_crumbs(found),
        about=_about(found),
        back=reverse("desk:handover", args=[pk]),
        said=_("已答复，原来的入驻照旧。"),
        submit=_("不接收"),
        why_not=policy.why_not_as("decline", request.role.kind),
        danger=True,
    )


@access.may("stays.manage_own")
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The next place is ready. Only its own people may say so."""
    found = _receiving(request, pk)
    return done_at_once(
        request,
        lambda: journeys.accept(found, **steps.done(request)),
        back=reverse("desk:handover", args=[pk]),
        said=_("已同意接收。企业搬来的那天，请登记移交日期。"),
    )


@access.may("stays.manage_own")
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """It has moved on this day."""
    found = _receiving(request, pk)
    return steps.step(
        request,
        DayForm,
        lambda data: journeys.complete(found, on=data["on"], **steps.done(request)),
        question=_("哪天搬过来的？"),
        heading=_("完成移交"),
        crumbs=_crumbs(found),
        about=_about(found),
        back=reverse("desk:handover", args=[pk]),
        done=lambda made: reverse("desk:venture", args=[made.venture_id]),
        said=_("移交完成，新的入驻记录已经生效。"),
        submit=_("登记移交"),
        why_not=policy.why_not_as("complete", request.role.kind),
        initial={"on": request.today},
    )


def _receiving(request: HttpRequest, pk: int) -> Any:
    """A handover to one's own institution; the one that hands over answers nothing here."""
    here = queries.institutions_of(request.role).values("pk")
    return steps.row_within(queries.handovers_of(request.role).filter(institution__in=here), pk)
