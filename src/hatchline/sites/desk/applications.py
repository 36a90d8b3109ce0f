"""Asking for a place, and answering."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hatchline.apps.people.roles import RoleKind, may
from hatchline.apps.ventures import policy, queries
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.apps.ventures.queries import sight
from hatchline.apps.ventures.states import ApplicationStatus, Status
from hatchline.journeys import steps as journeys
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.desk import steps
from hatchline.sites.desk.chain_forms import AdmitForm, ApplyForm, ReasonForm
from hatchline.sites.forms import done_at_once, opened, saved
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, view

LEVELS = {"submitted": "warn", "admitted": "ok", "refused": "bad", "recalled": "neutral"}


def _days(row: dict[str, Any]) -> Any:
    return formatting.date_table(row["applied_at"].date())


APPLICATIONS = List(
    name="desk.applications",
    route="desk:applications",
    label=gettext_lazy("入驻申请"),
    unit=gettext_lazy("份"),
    rows=lambda request: queries.applications_of(request.role).select_related(None),
    fields=("venture__name", "institution__name", "stage", "status", "applied_at", "decided_at"),
    columns=(
        Column("venture__name", gettext_lazy("团队或企业"), sort=("venture__name",), head=True),
        Column("institution__name", gettext_lazy("机构"), quiet=True, narrow=False),
        Column("stage", gettext_lazy("阶段"), show=lambda row: steps.STAGE_WORDS[row["stage"]]),
        Column("applied", gettext_lazy("申请日期"), show=_days, sort=("applied_at",), kind="date", narrow=False),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: steps.status(ApplicationStatus(row["status"]), LEVELS[row["status"]]),
            export=lambda row: str(ApplicationStatus(row["status"]).label),
            kind="status",
        ),
    ),
    order="-applied",
    href=lambda row: reverse("desk:application", args=[row["pk"]]),
    filters=(
        Filter(
            "stage",
            gettext_lazy("阶段"),
            lambda request: [Choice(*each) for each in steps.STAGE_WORDS.items()],
            lambda rows, value: rows.filter(stage=value),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("待答复"), lambda rows, request: rows.filter(status=ApplicationStatus.SUBMITTED)),
        Tab("all", gettext_lazy("全部"), lambda rows, request: rows),
    ),
    empty_title=gettext_lazy("没有入驻申请"),
    empty_text=gettext_lazy("申请提交以后，从提交到答复都在这里。"),
    file_name="applications",
)


@access.may("desk.enter")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Who wants to come, or where have I asked?"""
    waiting = queries.applications_of(request.role).filter(status=ApplicationStatus.SUBMITTED).count()
    context = {
        "heading": _("入驻申请"),
        "question": _("谁想进来？") if steps.is_institution(request) else _("我的申请到哪一步了？"),
        "answer": _("**%(count)s** 份申请等待答复") % {"count": waiting} if waiting else _("没有等待答复的申请"),
        "actions": [(_("申请入驻"), reverse("desk:apply"))] if may(request.role.kind, "applications.make") else [],
    }
    return view.respond(request, APPLICATIONS, "desk/list.jinja", context)


def _within(request: HttpRequest, pk: int) -> Any:
    return steps.row_within(queries.applications_of(request.role), pk)


def _crumbs(application: Any, more: bool = True) -> list[tuple[str, str]]:
    made = [(_("入驻申请"), reverse("desk:applications"))]
    here = application.venture.name
    return [*made, (here, reverse("desk:application", args=[application.pk]) if more else "")]


def _about(application: Any) -> list[tuple[str, Any]]:
    return [
        (_("团队或企业"), application.venture.name),
        (_("想去的机构"), application.institution.name),
        (_("阶段"), application.get_stage_display()),
        (_("申请日期"), formatting.date_prose(application.applied_at.date())),
    ]


@access.may("desk.enter")
@require_GET
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked for, by whom, and what came of it."""
    found = _within(request, pk)
    mine = steps.is_institution(request)
    venture = queries.venture(found.venture_id)
    seen = sight.of_role(request.role, found.venture_id)
    known = seen is not None and seen.sees("founders")
    role = request.role.kind
    return render(
        request,
        "desk/application.jinja",
        {
            "application": found,
            "venture": venture,
            "founders": steps.founders_of(venture) if venture is not None and known else [],
            "may_open": seen is not None,
            "level": LEVELS[found.status],
            "waits": found.status == ApplicationStatus.SUBMITTED,
            "decides": mine,
            "why_not_decide": policy.why_not_as("admit", role) if mine else None,
            "may_recall": role == RoleKind.FOUNDER,
            "crumbs": _crumbs(found, more=False),
            "stay": getattr(found, "stay", None),
        },
        using="jinja2",
    )


@access.may("stays.manage_own")
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the venture in, from a day on."""
    found = _within(request, pk)
    return steps.step(
        request,
        AdmitForm,
        lambda data: journeys.admit(found, starts=data["starts"], **steps.done(request)),
        question=_("从哪天起入驻？"),
        heading=_("接收入驻"),
        crumbs=_crumbs(found),
        about=_about(found),
        back=reverse("desk:application", args=[pk]),
        done=lambda made: reverse("desk:venture", args=[made.venture_id]),
        said=lambda made: (
            _("已接收，申请人会收到消息。")
            if made.status == "confirmed"
            else _("已接收。同一时间另有在孵记录，这条先记为有争议，两家机构都会被请求说明。")
        ),
        submit=_("接收"),
        why_not=policy.why_not_as("admit", request.role.kind),
        initial={"starts": request.today.isoformat()},
    )


@access.may("stays.manage_own")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, because."""
    found = _within(request, pk)
    return steps.step(
        request,
        ReasonForm,
        lambda data: journeys.refuse(found, reason=data["reason"], **steps.done(request)),
        question=_("为什么不接收？"),
        heading=_("不予接收"),
        crumbs=_crumbs(found),
        about=_about(found),
        back=reverse("desk:application", args=[pk]),
        said=_("已答复，申请人会看到理由。"),
        submit=_("不予接收"),
        warning=_("理由会原样给申请人看。可以写清缺什么、何时再来、哪家机构更合适。"),
        why_not=policy.why_not_as("refuse", request.role.kind),
        danger=True,
    )


@access.may("applications.make")
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's application back."""
    found = _within(request, pk)
    back = reverse("desk:application", args=[pk])
    return done_at_once(
        request,
        lambda: journeys.recall(found, **steps.done(request)),
        back=back,
        said=_("申请已撤回。"),
    )


@access.may("applications.make")
def apply(request: HttpRequest) -> HttpResponseBase:
    """Ask for a place: with a new team, or for a venture one has (``?venture=``)."""
    again = _own(request, request.GET.get("venture", ""))
    own = list(queries.visible_to(request.role).filter(status=Status.ACTIVE).order_by("name")[:20])
    if again is None and own and request.method == "GET" and "new" not in request.GET:
        if len(own) == 1:
            kept = {name: value for name, value in request.GET.items() if name in {"institution", "stage"}}
            return redirect(f"{reverse('desk:apply')}?{urlencode(kept | {'venture': str(own[0].pk)})}")
        return render(request, "desk/apply_which.jinja", {"own": own}, using="jinja2")
    places, offered = steps.choices_of_places(request)
    initial = {
        "institution": request.GET.get("institution", ""),
        "stage": request.GET.get("stage", "") or ("incubation" if again and again.legal_person_id else "nursery"),
    }
    form = opened(request, ApplyForm, initial, places=places, offered=offered, again=again is not None)
    chosen = {name: value for name, value in initial.items() if name in request.GET}
    form.initial.update(chosen)  # chosen after the draft was kept

    def save(data: dict[str, Any]) -> Any:
        asked = {"institution": int(data["institution"]), "stage": data["stage"], "note": data["note"]}
        if again is not None:
            return journeys.apply(again, **asked, **steps.done(request))
        draft = VentureDraft(
            name=data["name"],
            summary=data["summary"],
            field=int(data["field"]) if data["field"] else None,
            source="founder",
        )
        return journeys.apply_as_new(
            draft,
            founders=data["others"].splitlines(),
            backgrounds=data["backgrounds"],
            **asked,
            **steps.done(request),
        )

    return saved(
        request,
        form,
        save,
        template="desk/apply.jinja",
        done=lambda made: reverse("desk:application", args=[made.pk]),
        said=lambda made: _("申请已交给“%(name)s”。答复会到您的收件箱。") % {"name": made.institution.name},
        context={"again": again, "own": own},
    )


def _own(request: HttpRequest, key: str) -> Any:
    """One of the founder's own ventures by its key in the address; None for a new team."""
    if not key.isdigit() or int(key) > steps.LARGEST:
        return None
    return steps.row_within(queries.visible_to(request.role), int(key))
