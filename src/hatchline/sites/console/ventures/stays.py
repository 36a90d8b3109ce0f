"""One stay: what is recorded, on what evidence, what is asked about it; and its verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hatchline.apps.ventures import actions, policy, queries
from hatchline.apps.ventures.states import EndState, Outcome, QuestionStatus, StayStatus
from hatchline.journeys import steps
from hatchline.sites import access
from hatchline.sites.console import history, records
from hatchline.sites.console.ventures import evidence, forms
from hatchline.sites.console.ventures.telling import called, counted, question_line, stay_line
from hatchline.sites.console.ventures.verbs import acting

if TYPE_CHECKING:
    from hatchline.apps.ventures.models import Stay


def _found(request: HttpRequest, pk: int) -> Stay:
    stay = queries.stay(pk)
    if stay is None or not queries.visible_to(request.role).filter(pk=queries.resolve(stay.venture_id)).exists():
        raise Http404
    return stay


def page_of(pk: int) -> str:
    """The address of a stay's page."""
    return reverse("console:stay", args=[pk])


def _crumbs(stay: Stay, last: str) -> list[tuple[str, str]]:
    return [
        (pgettext("list", "创业主体"), reverse("console:ventures")),
        (stay.venture.name, reverse("console:venture", args=[stay.venture_id])),
        (last, ""),
    ]


def _open_questions(pk: int) -> list[int]:
    rows = queries.questions_about_stay(pk).filter(status=QuestionStatus.OPEN)
    return list(rows.values_list("pk", flat=True))


def _why_not(stay: Stay, kind: str) -> dict[str, str]:
    """The verbs that the record's own state forbids, with the reason. What the days decide is said by the verb."""
    told: dict[str, Any] = {
        "amend_stay": policy.why_not_with_reason(stay, "amend_stay", reason="-", role_kind=kind),
        "dispute": policy.why_not_with_reason(stay, "dispute", reason="-", role_kind=kind),
        "uphold": policy.why_not_uphold(stay, _open_questions(stay.pk), reason="-", role_kind=kind),
        "withdraw": policy.why_not_with_reason(stay, "withdraw", reason="-", role_kind=kind),
        "set_aside": policy.why_not_set_aside(stay, reason="-", role_kind=kind),
        "count": policy.why_not_count(stay, [], role_kind=kind),
        "leave": policy.why_not_ended(stay, "leave", role_kind=kind),
        "graduate": policy.why_not_ended(stay, "graduate", role_kind=kind),
    }
    return {verb: str(refusal) for verb, refusal in told.items() if refusal is not None}


@access.may("ventures.list")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What does this record stand on?"""
    stay = _found(request, pk)
    entries = history.about_many(evidence.subjects(stay), limit=100)
    asked = [question_line(each, request.today) for each in queries.questions_about_stay(pk)]
    context = {
        "stay": stay,
        "called": called,
        "line": stay_line(stay, request.today),
        "counted": counted(stay),
        "crumbs": _crumbs(stay, called(stay.institution)),
        "questions": asked,
        "evidence": evidence.lines(stay, entries),
        "history": entries[:20],
        "why_not": _why_not(stay, request.role.kind),
        "in_force": stay.status != StayStatus.WITHDRAWN,
        "outcome": str(Outcome(stay.outcome).label) if stay.outcome else "",
        "end_state": str(EndState(stay.end_state).label),
    }
    return render(request, "console/stay.jinja", context, using="jinja2")


def _form(
    request: HttpRequest,
    pk: int,
    form_class: Any,
    heading: str,
    said: str,
    do: Callable[[Stay, dict[str, Any], Any], Any],
    *,
    warning: str = "",
    initial: Callable[[Stay], dict[str, Any]] = lambda stay: {},
) -> HttpResponse:
    stay = _found(request, pk)
    form = records.opened(request, form_class, initial(stay))
    return records.saved(
        request,
        form,
        lambda data: do(stay, data, form),
        done=lambda made: page_of(pk),
        said=lambda made: (
            _("改后的时间与另一条在孵记录重叠：已记为有争议，并请两家机构答复。")
            if made.status == StayStatus.DISPUTED
            and stay.status != StayStatus.DISPUTED
            and form_class != forms.ReasonForm
            else said
        ),
        context={
            "question": f"{stay.venture.name} · {stay.institution.name}",
            "heading": heading,
            "crumbs": [
                *_crumbs(stay, called(stay.institution))[:-1],
                (stay.institution.name, page_of(pk)),
                (heading, ""),
            ],
            "back": page_of(pk),
            "candidates": [],
            "warning": warning,
        },
    )


def _told(request: HttpRequest) -> dict[str, Any]:
    told = acting(request)
    del told["today"]
    return told


@access.may("stays.amend")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Its days were recorded wrongly."""
    return _form(
        request,
        pk,
        forms.AmendStayForm,
        _("更正入驻记录"),
        _("已更正；原来的时间留在审计里。"),
        lambda stay, data, form: actions.amend_stay(stay, **form.days(), reason=data["reason"], **acting(request)),
        warning=_("更正后与另一家机构的在孵时间重叠时，会记为有争议，并请两家机构答复。"),
        initial=forms.stay_as_form,
    )


@access.may("stays.amend")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """It is said not to be so."""
    return _form(
        request,
        pk,
        forms.ReasonForm,
        _("提出争议"),
        _("已记为有争议，解决以前不计入统计。"),
        lambda stay, data, form: steps.dispute(stay, reason=data["reason"], **acting(request)),
        warning=_("有争议的记录不计入统计，直到争议解决。"),
    )


@access.may("questions.settle")
def uphold(request: HttpRequest, pk: int) -> HttpResponse:
    """The objection was looked into: it is so after all."""
    return _form(
        request,
        pk,
        forms.ReasonForm,
        _("认定记录属实"),
        _("争议已解决，这条记录成立。"),
        lambda stay, data, form: actions.uphold(stay, reason=data["reason"], **_told(request)),
        warning=_("请先听取异议和机构的说明；认定后恢复计入统计。"),
    )


@access.may("stays.amend")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """It was recorded by mistake."""
    return _form(
        request,
        pk,
        forms.ReasonForm,
        _("撤回入驻记录"),
        _("已撤回。记录仍可查看，不再计入任何统计。"),
        lambda stay, data, form: actions.withdraw(stay, reason=data["reason"], **_told(request)),
        warning=_("撤回只用于误登的记录，不能恢复；离开了请登记离开。"),
    )


@access.may("stays.amend")
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """It is true and counts nowhere."""
    return _form(
        request,
        pk,
        forms.ReasonForm,
        _("不计入统计"),
        _("这条记录不再计入统计。"),
        lambda stay, data, form: actions.set_aside(stay, reason=data["reason"], **_told(request)),
        warning=_("用于合用实验室、第二工位等：记录是真的，只是不计为在孵。"),
    )


@access.may("stays.amend")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """It has moved away."""
    return _form(
        request,
        pk,
        forms.EndForm,
        _("登记离开"),
        _("已登记离开。"),
        lambda stay, data, form: steps.leave(stay, on=data["on"], reason=data["reason"], **acting(request)),
    )


@access.may("stays.amend")
def graduate(request: HttpRequest, pk: int) -> HttpResponse:
    """It has met the definition of a graduate."""
    return _form(
        request,
        pk,
        forms.GraduateForm,
        _("登记毕业"),
        _("已登记毕业。"),
        lambda stay, data, form: steps.graduate(stay, on=data["on"], **acting(request)),
    )


@access.may("stays.amend")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The other side agrees with a claim."""
    stay = _found(request, pk)
    return records.done_at_once(
        request, lambda: steps.confirm(stay, **acting(request)), back=page_of(pk), said=_("已确认这条入驻记录。")
    )


@access.may("stays.amend")
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """It was set aside by mistake."""
    stay = _found(request, pk)
    return records.done_at_once(
        request, lambda: actions.count(stay, **_told(request)), back=page_of(pk), said=_("这条记录恢复计入统计。")
    )
