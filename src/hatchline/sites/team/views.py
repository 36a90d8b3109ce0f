"""Forms of a team. Whose institution is not within the role's reach, is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.institutions import actions, queries
from hatchline.apps.institutions.drafts import UNKNOWN, MentorDraft, QualificationDraft, StaffDraft
from hatchline.sites import forms as shared
from hatchline.sites.team import forms

if TYPE_CHECKING:
    from hatchline.apps.institutions.models import Institution

LARGEST = 2**63 - 1
YES_NO = {True: "yes", False: "no", None: ""}


def _institution(request: HttpRequest, pk: int) -> Institution:
    found = queries.visible_to(request.role, request.today).filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found


def _row(request: HttpRequest, pk: int, read: Callable[[int], Any]) -> Any:
    """A member of staff or a mentor of an institution within reach."""
    found = read(pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    _institution(request, found.institution_id)
    return found


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.person, "now": request.now, "today": request.today, "role_kind": request.role.kind}


def _saved(
    request: HttpRequest,
    form: django_forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    institution: Institution,
    heading: str,
    said: str,
    warning: str = "",
) -> HttpResponse:
    site = request.resolver_match.namespace if request.resolver_match else "desk"
    back = reverse(f"{site}:institution_team", args=[institution.pk])
    return shared.saved(
        request,
        form,
        save,
        template="team/form.jinja",
        done=lambda made: back,
        said=lambda made: said,
        context={
            "layout": f"components/layout_{site}.jinja",
            "heading": heading,
            "question": institution.name,
            "crumbs": [(institution.name, back), (heading, "")],
            "back": back,
            "warning": warning,
        },
    )


def record_staff(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody works there."""
    institution = _institution(request, pk)
    form = shared.opened(request, forms.StaffForm, {})

    def save(data: dict[str, Any]) -> Any:
        draft = StaffDraft(institution=pk, starts=data["starts"] or UNKNOWN, **form.changes())
        return actions.record_staff(draft, **_who(request))

    return _saved(request, form, save, institution=institution, heading=_("登记从业人员"), said=_("已登记从业人员。"))


def record_mentor(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is appointed as a mentor."""
    institution = _institution(request, pk)
    form = shared.opened(request, forms.MentorForm, {})

    def save(data: dict[str, Any]) -> Any:
        draft = MentorDraft(institution=pk, starts=data["starts"] or UNKNOWN, **form.changes())
        return actions.record_mentor(draft, **_who(request))

    return _saved(request, form, save, institution=institution, heading=_("登记聘任导师"), said=_("已登记聘任导师。"))


def _amended(request: HttpRequest, row: Any, form_class: Any, amend: Callable[..., Any], heading: str) -> HttpResponse:
    present = queries.present_team(row)
    initial = {**present, "version": row.version, "is_experienced": YES_NO[present.get("is_experienced")]}
    form = shared.opened(request, form_class, initial)
    named = row.person_id is None
    if not named:  # a person of the register keeps the name that stands there
        del form.fields["name"]

    def save(data: dict[str, Any]) -> Any:
        return amend(
            row, version=data["version"] or 0, starts=data["starts"] or UNKNOWN, **form.changes(), **_who(request)
        )

    return _saved(request, form, save, institution=row.institution, heading=heading, said=_("已保存修改。"))


def amend_staff(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded."""
    row = _row(request, pk, queries.staff_member)
    return _amended(request, row, forms.StaffForm, actions.amend_staff, _("修改从业人员"))


def amend_mentor(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded."""
    row = _row(request, pk, queries.mentor)
    return _amended(request, row, forms.MentorForm, actions.amend_mentor, _("修改聘任导师"))


def _ended(request: HttpRequest, row: Any, end: Callable[..., Any], heading: str) -> HttpResponse:
    form = shared.opened(request, forms.EndForm, {})
    return _saved(
        request,
        form,
        lambda data: end(row, on=data["on"], **_who(request)),
        institution=row.institution,
        heading=heading,
        said=_("已登记离开。"),
        warning=_("从这一天起不再计入；以前的统计不变。"),
    )


def end_staff(request: HttpRequest, pk: int) -> HttpResponse:
    """They left."""
    return _ended(request, _row(request, pk, queries.staff_member), actions.end_staff, _("登记从业人员离开"))


def end_mentor(request: HttpRequest, pk: int) -> HttpResponse:
    """The appointment ended."""
    return _ended(request, _row(request, pk, queries.mentor), actions.end_mentor, _("登记导师聘期结束"))


def qualify(request: HttpRequest, pk: int) -> HttpResponse:
    """They were certified in something."""
    row = _row(request, pk, queries.staff_member)
    form = shared.opened(request, forms.QualificationForm, {})

    def save(data: dict[str, Any]) -> Any:
        draft = QualificationDraft(data["kind"], data["name"], data["issuer"], data["issued"] or UNKNOWN)
        return actions.record_qualification(row, draft, **_who(request))

    return _saved(
        request, form, save, institution=row.institution, heading=_("登记从业资格"), said=_("已登记从业资格。")
    )


def disqualify(request: HttpRequest, pk: int) -> HttpResponse:
    """It was recorded by mistake."""
    found = queries.qualification(pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    institution = _institution(request, found.staff.institution_id)
    site = request.resolver_match.namespace if request.resolver_match else "desk"
    return shared.done_at_once(
        request,
        lambda: actions.remove_qualification(found, by=request.person, now=request.now, role_kind=request.role.kind),
        back=reverse(f"{site}:institution_team", args=[institution.pk]),
        said=_("已删除这项从业资格。"),
    )
