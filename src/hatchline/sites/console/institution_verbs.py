"""Verbs on an institution: register, amend, open, close, reopen; and what belongs to its group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.institutions import actions, drafts, queries
from hatchline.apps.institutions.drafts import UNKNOWN, BranchDraft, InstitutionDraft
from hatchline.apps.institutions.states import Status
from hatchline.sites import access
from hatchline.sites.console import records
from hatchline.sites.console.institution_forms import BranchForm, DayForm, InstitutionForm, RegisterForm
from hatchline.sites.console.institution_profile import found as _found

if TYPE_CHECKING:
    from hatchline.apps.institutions.models import Institution


@access.may("institutions.register")
def register(request: HttpRequest) -> HttpResponse:
    """A new institution."""
    form = records.opened(request, RegisterForm, {"status": Status.OPEN.value})
    candidates: list[dict[str, Any]] = []

    def save(data: dict[str, Any]) -> Institution:
        draft = InstitutionDraft(**{**form.changes(), "status": data["status"]})
        alike = queries.candidates([draft])[0]
        if alike and not data["confirmed"]:
            said = _("登记簿里有很像的机构，请先核对。")
            records.ask_whether_new(form, candidates, alike, route="console:institution", said=said)
        return actions.register(
            draft, by=request.person, now=request.now, today=request.today, role_kind=request.role.kind
        )

    return records.saved(
        request,
        form,
        save,
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”。") % {"name": made.name},
        context={
            "question": _("要登记哪家机构？"),
            "heading": _("登记机构"),
            "crumbs": [(_("孵化机构"), reverse("console:institutions")), (_("登记机构"), "")],
            "back": reverse("console:institutions"),
            "submit_label": _("登记"),
            "candidates": candidates,
            "warning": "",
        },
    )


def _initial(institution: Institution) -> dict[str, Any]:
    said = drafts.present(institution)
    return {
        **said,
        "version": institution.version,
        "kinds": list(said["kinds"]),
        "stages": list(said["stages"]),
        "operator": institution.operator.name if institution.operator else "",
        "territory": institution.territory.path_name if institution.territory else "",
        "aliases": "\n".join(name for kind, name in said["names"] if kind == "alias"),
    }


def _form_context(institution: Institution, heading: str) -> dict[str, Any]:
    back = reverse("console:institution", args=[institution.pk])
    return {
        "question": institution.name,
        "heading": heading,
        "crumbs": [(_("孵化机构"), reverse("console:institutions")), (institution.name, back), (heading, "")],
        "back": back,
        "candidates": [],
        "warning": "",
    }


@access.may("institutions.amend")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded."""
    institution = _found(request, pk)
    form = records.opened(request, InstitutionForm, _initial(institution))
    return records.saved(
        request,
        form,
        lambda data: actions.amend(
            institution,
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            today=request.today,
            role_kind=request.role.kind,
            **form.changes(),
        ),
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已保存“%(name)s”的修改。") % {"name": made.name},
        context=_form_context(institution, _("修改机构信息")),
    )


@access.may("institutions.amend")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It has closed; the record stays."""
    institution = _found(request, pk)
    form = records.opened(request, DayForm, {"version": institution.version})
    warning = _("关闭后不再计入“孵化机构数量”，也不再出现在公众名录；记录和历史保留，可以恢复。")
    return records.saved(
        request,
        form,
        lambda data: actions.close(
            institution,
            on=data["on"],
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”关闭。登记错了可以在它的页面上恢复。") % {"name": made.name},
        context={**_form_context(institution, _("登记关闭")), "warning": warning},
    )


@access.may("institutions.amend")
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """A planned institution has opened."""
    institution = _found(request, pk)
    form = records.opened(request, DayForm, {"version": institution.version})
    return records.saved(
        request,
        form,
        lambda data: actions.open_(
            institution,
            on=data["on"],
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”开办。") % {"name": made.name},
        context=_form_context(institution, _("登记开办")),
    )


@access.may("institutions.amend")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It was marked closed by mistake."""
    institution = _found(request, pk)
    return records.done_at_once(
        request,
        lambda: actions.reopen(
            institution, version=institution.version, by=request.person, now=request.now, role_kind=request.role.kind
        ),
        back=reverse("console:institution", args=[pk]),
        said=_("已恢复“%(name)s”为在运营。") % {"name": institution.name},
    )


@access.may("institutions.amend")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Another institution belongs to its group."""
    institution = _found(request, pk)
    form = records.opened(request, BranchForm, {})

    def save(data: dict[str, Any]) -> Any:
        draft = BranchDraft(pk, data["branch"], data["source"], data["form"], data["starts"] or UNKNOWN)
        return actions.link_branch(
            draft, by=request.person, now=request.now, today=request.today, role_kind=request.role.kind
        )

    return records.saved(
        request,
        form,
        save,
        done=lambda made: reverse("console:institution", args=[pk]),
        said=lambda made: _("已登记“%(name)s”属于“%(head)s”。") % {"name": made.branch.name, "head": institution.name},
        context=_form_context(institution, _("登记分支机构")),
    )


@access.may("institutions.amend")
def unlink(request: HttpRequest, pk: int, branch: int) -> HttpResponse:
    """It does not belong to the group any more."""
    institution = _found(request, pk)
    row = queries.branch(branch)
    if row is None or row.head_id != pk:
        raise Http404
    form = records.opened(request, DayForm, {})
    heading = _("登记“%(name)s”不再属于这里") % {"name": row.branch.name}
    return records.saved(
        request,
        form,
        lambda data: actions.end_branch(
            row, on=data["on"], by=request.person, now=request.now, today=request.today, role_kind=request.role.kind
        ),
        done=lambda made: reverse("console:institution", args=[pk]),
        said=lambda made: _("已登记分支关系结束。"),
        context=_form_context(institution, heading),
    )
