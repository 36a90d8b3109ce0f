"""Forms of the verbs on a venture: register, amend, rename, incorporate, and what is recorded of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.drafts import UNKNOWN, FundingDraft, StayDraft, VentureDraft
from hatchline.apps.ventures.states import StayStatus
from hatchline.journeys import chain
from hatchline.sites import access
from hatchline.sites.console import records
from hatchline.sites.console.ventures import forms

if TYPE_CHECKING:
    from hatchline.apps.ventures.models import Venture


def found(request: HttpRequest, pk: int) -> Venture:
    """The venture, if the role sees it or the one it was merged into: 404 otherwise."""
    venture = queries.venture(pk)
    if venture is None or not queries.visible_to(request.role).filter(pk=queries.resolve(pk)).exists():
        raise Http404
    return venture


def acting(request: HttpRequest) -> dict[str, Any]:
    """Who does it, when and as what: what every verb takes."""
    return {"by": request.person, "now": request.now, "today": request.today, "role_kind": request.role.kind}


def _without_day(request: HttpRequest) -> dict[str, Any]:
    told = acting(request)
    del told["today"]
    return told


def page_of(pk: int) -> str:
    """The address of a venture's page."""
    return reverse("console:venture", args=[pk])


def context(venture: Venture, heading: str, **more: Any) -> dict[str, Any]:
    """What a form's page shows around the form."""
    back = page_of(venture.pk)
    return {
        "question": venture.name,
        "heading": heading,
        "crumbs": [(pgettext("list", "创业主体"), reverse("console:ventures")), (venture.name, back), (heading, "")],
        "back": back,
        "candidates": [],
        "warning": "",
        **more,
    }


def _saved(
    request: HttpRequest,
    venture: Venture,
    form: django_forms.Form,
    save: Callable[[dict[str, Any]], Any],
    heading: str,
    said: str,
    **more: Any,
) -> HttpResponse:
    return records.saved(
        request,
        form,
        save,
        done=lambda made: page_of(venture.pk),
        said=lambda made: said % {"name": venture.name},
        context=context(venture, heading, **more),
    )


@access.may("ventures.register")
def register(request: HttpRequest) -> HttpResponse:
    """A new record of a team or a company."""
    form = records.opened(request, forms.RegisterForm, {})
    candidates: list[dict[str, Any]] = []

    def save(data: dict[str, Any]) -> Venture:
        assert isinstance(form, forms.RegisterForm)
        draft = VentureDraft(
            name=data["name"],
            names=form.names(),
            legal_person=data["legal_person"],
            founded=data["founded"],
            incorporated=data["incorporated"],
            field=data["field"],
            website=data["website"],
            summary=data["summary"],
            exit=data["exit"],
            exited=data["exited"],
        )
        like = forms.alike(draft)
        if like and not data["confirmed"]:
            said = _("登记簿里有很像的团队或企业，请先核对。")
            records.ask_whether_new(form, candidates, like, route="console:venture", said=said)
        return actions.register(draft, **acting(request))

    return records.saved(
        request,
        form,
        save,
        done=lambda made: page_of(made.pk),
        said=lambda made: _("已登记“%(name)s”。") % {"name": made.name},
        context={
            "question": _("要登记哪个团队或企业？"),
            "heading": _("登记团队或企业"),
            "crumbs": [(pgettext("list", "创业主体"), reverse("console:ventures")), (_("登记团队或企业"), "")],
            "back": reverse("console:ventures"),
            "submit_label": _("登记"),
            "candidates": candidates,
            "warning": "",
        },
    )


@access.may("ventures.amend")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded and has no verb of its own."""
    venture = found(request, pk)
    names = [(each.kind, each.name) for each in venture.names.all()]
    field = venture.field
    initial = {
        "version": venture.version,
        "founded": venture.founded if venture.founded.is_known else None,
        "incorporated": venture.incorporated if venture.incorporated.is_known else None,
        "field": f"{field.code} {field.name}" if field is not None else "",
        "website": venture.website,
        "summary": venture.summary,
        "exit": venture.exit,
        "exited": venture.exited if venture.exited.is_known else None,
        "english": next((name for kind, name in names if kind == "english"), ""),
        "aliases": "\n".join(name for kind, name in names if kind == "alias"),
    }
    form_class = forms.AmendForm if venture.legal_person_id is None else forms.CompanyAmendForm
    form = records.opened(request, form_class, initial)

    def save(data: dict[str, Any]) -> Venture:
        assert isinstance(form, forms.AmendForm)
        fields = ("founded", "incorporated", "field", "website", "summary", "exit", "exited")
        changes = {key: data[key] for key in fields if key in data}
        return actions.amend(venture, version=data["version"], names=form.names(), **changes, **acting(request))

    return _saved(request, venture, form, save, _("修改登记信息"), _("已保存“%(name)s”的修改。"))


@access.may("ventures.amend")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """It has another name now; the old one stays findable."""
    venture = found(request, pk)
    form = records.opened(request, forms.RenameForm, {"version": venture.version, "name": venture.name})

    def save(data: dict[str, Any]) -> Venture:
        return actions.rename(venture, name=data["name"], on=data["on"], version=data["version"], **acting(request))

    return _saved(request, venture, form, save, _("登记更名"), _("已登记“%(name)s”更名，旧名称留在记录里。"))


@access.may("ventures.amend")
def incorporate(request: HttpRequest, pk: int) -> HttpResponse:
    """The team has become a company; the record goes on."""
    venture = found(request, pk)
    form = records.opened(request, forms.CompanyForm, {"version": venture.version, "name": venture.name})

    def save(data: dict[str, Any]) -> Venture:
        return chain.incorporate(venture, **data, **acting(request))

    warning = _("记录接着往下走，不另建一条：团队时期的入驻、创始人和名称都留在这里。")
    heading = _("登记注册成立")
    return _saved(request, venture, form, save, heading, _("已登记“%(name)s”注册成立。"), warning=warning)


@access.may("ventures.amend")
def change_legal_person(request: HttpRequest, pk: int) -> HttpResponse:
    """It goes on as another company."""
    venture = found(request, pk)
    form = records.opened(request, forms.LegalPersonForm, {"version": venture.version})

    def save(data: dict[str, Any]) -> Venture:
        return chain.change_legal_person(venture, **data, **acting(request))

    warning = _("只在企业换了登记主体时用；改名请用“登记更名”，两条记录是同一家请合并。")
    return _saved(request, venture, form, save, _("变更登记主体"), _("已变更“%(name)s”的登记主体。"), warning=warning)


@access.may("ventures.amend")
def record_founder(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who founded it."""
    venture = found(request, pk)
    form = records.opened(request, forms.FounderForm, {})

    def save(data: dict[str, Any]) -> Any:
        return actions.record_founder(venture, **data, **_without_day(request))

    return _saved(request, venture, form, save, _("记录创始人"), _("已记录“%(name)s”的创始人。"))


@access.may("ventures.amend")
def record_right(request: HttpRequest, pk: int) -> HttpResponse:
    """Intellectual property it holds."""
    venture = found(request, pk)
    form = records.opened(request, forms.RightForm, {})

    def save(data: dict[str, Any]) -> Any:
        given = {**data, "applied": data["applied"] or UNKNOWN, "granted": data["granted"] or UNKNOWN}
        return actions.record_right(venture, **given, **acting(request))

    return _saved(request, venture, form, save, _("记录知识产权"), _("已记录“%(name)s”的知识产权。"))


@access.may("ventures.amend")
def record_funding(request: HttpRequest, pk: int) -> HttpResponse:
    """Money it received. The form asks in units of ten thousand."""
    venture = found(request, pk)
    form = records.opened(request, forms.FundingForm, {"currency": "CNY"})

    def save(data: dict[str, Any]) -> Any:
        amount = data["amount"]
        draft = FundingDraft(
            amount=None if amount is None else amount * forms.TEN_THOUSAND,
            currency=data["currency"],
            round=data["round"],
            received=data["received"] or UNKNOWN,
            investors=data["investors"],
        )
        return actions.record_funding(venture, draft, source=data["source"], **acting(request))

    units = {"amount": {"unit": _("万")}}
    return _saved(request, venture, form, save, _("记录融资"), _("已记录“%(name)s”的融资。"), field_options=units)


@access.may("ventures.amend")
def cease(request: HttpRequest, pk: int) -> HttpResponse:
    """It has ended; its stays end with it."""
    venture = found(request, pk)
    form = records.opened(request, forms.EndForm, {"version": venture.version})

    def save(data: dict[str, Any]) -> Venture:
        return actions.cease(venture, **data, **acting(request))

    warning = _("还在进行的入驻记录同时结束，去向记为终止。记录和历史都保留。")
    return _saved(request, venture, form, save, _("登记终止"), _("已登记“%(name)s”终止。"), warning=warning)


@access.may("stays.amend")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """It is, or was, in an institution."""
    venture = found(request, pk)
    form = records.opened(request, forms.ClaimForm, {"end_state": "open"})

    def save(data: dict[str, Any]) -> Any:
        assert isinstance(form, forms.ClaimForm)
        status = StayStatus.CONFIRMED if data["confirmed"] else StayStatus.CLAIMED
        draft = StayDraft(
            venture=venture.pk,
            institution=data["institution"],
            stage=data["stage"],
            source=data["source"],
            status=status.value,
            **form.days(),
        )
        return actions.claim(draft, **acting(request))

    warning = _("与另一家机构的在孵时间重叠时，这条记录会记为有争议，并请两家机构答复。")
    return records.saved(
        request,
        form,
        save,
        done=lambda made: reverse("console:stay", args=[made.pk]),
        said=lambda made: (
            _("已登记入驻，但与另一条在孵记录重叠：已记为有争议，并请两家机构答复。")
            if made.status == StayStatus.DISPUTED
            else _("已登记“%(name)s”的入驻。") % {"name": venture.name}
        ),
        context=context(venture, _("登记入驻"), warning=warning),
    )


@access.may("people.erase")
def erase_founder(request: HttpRequest, pk: int, founder: int) -> HttpResponse:
    """A founder who is only a name asks that it be erased."""
    venture, its = found(request, pk), queries.founder(founder)
    if its is None or its.venture_id != venture.pk:
        raise Http404
    return records.done_at_once(
        request,
        lambda: actions.erase_founder(its, **_without_day(request)),
        back=page_of(pk),
        said=_("已删除这位创始人的姓名和背景。"),
    )
