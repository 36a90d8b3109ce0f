"""What is added to a venture's record by itself or by the institution it is in: company, founders, rights, funding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.ventures import actions
from hatchline.apps.ventures.drafts import UNKNOWN, FundingDraft
from hatchline.core.values.refusal import require
from hatchline.journeys import chain
from hatchline.sites import access
from hatchline.sites.desk import steps
from hatchline.sites.desk.chain_forms import FounderForm, FundingForm, IncorporateForm, RightForm
from hatchline.sites.desk.ventures import why_not_record


def _added(
    request: HttpRequest,
    pk: int,
    form: type[forms.Form],
    save: Callable[[Any, dict[str, Any]], Any],
    *,
    question: str,
    heading: str,
    said: str,
    **more: Any,
) -> HttpResponse:
    venture, _seen = steps.venture_within(request, pk)
    why_not = why_not_record(request, venture)
    back = reverse("desk:venture", args=[pk])
    mine = steps.is_institution(request)

    def checked(data: dict[str, Any]) -> Any:
        require(why_not)
        return save(venture, data)

    return steps.step(
        request,
        form,
        checked,
        question=question,
        heading=heading,
        crumbs=[
            (_("入驻企业"), reverse("desk:ventures")) if mine else (_("我的项目"), reverse("desk:mine")),
            (venture.name, back),
        ],
        about=[],
        back=back,
        said=said,
        submit=_("保存"),
        why_not=why_not,
        **more,
    )


@access.may("desk.enter")
def incorporate(request: HttpRequest, pk: int) -> HttpResponse:
    """The team has become a company; the record goes on."""
    return _added(
        request,
        pk,
        IncorporateForm,
        lambda venture, data: chain.incorporate(
            venture,
            name=data["name"],
            credit_code=data["credit_code"].strip().upper(),
            on=data["on"],
            **steps.done(request),
        ),
        question=_("注册成了哪家公司？"),
        heading=_("登记注册成立"),
        said=_("已登记。记录从团队延续到公司，以前的名称和入驻都在。"),
    )


@access.may("desk.enter")
def founder(request: HttpRequest, pk: int) -> HttpResponse:
    """One more founder, by name."""
    return _added(
        request,
        pk,
        FounderForm,
        lambda venture, data: actions.record_founder(
            venture,
            name=data["name"],
            backgrounds=data["backgrounds"],
            starts_on=data["starts_on"],
            **_without_day(request),
        ),
        question=_("还有谁一起创业？"),
        heading=_("记录创始人"),
        said=_("已记录。"),
    )


@access.may("desk.enter")
def right(request: HttpRequest, pk: int) -> HttpResponse:
    """Intellectual property it holds."""
    return _added(
        request,
        pk,
        RightForm,
        lambda venture, data: actions.record_right(
            venture,
            **{**data, "applied": data["applied"] or UNKNOWN, "granted": data["granted"] or UNKNOWN},
            **steps.done(request),
        ),
        question=_("有哪项知识产权？"),
        heading=_("记录知识产权"),
        said=_("已记录。"),
    )


@access.may("desk.enter")
def funding(request: HttpRequest, pk: int) -> HttpResponse:
    """Money it received, given in ten thousands."""

    def save(venture: Any, data: dict[str, Any]) -> Any:
        given = FundingDraft(
            amount=data["amount"] * 10_000 if data["amount"] is not None else None,
            currency=data["currency"].strip().upper(),
            round=data["round"],
            received=data["received"] or UNKNOWN,
            investors=data["investors"],
        )
        return actions.record_funding(venture, given, source=data["source"], **steps.done(request))

    return _added(
        request,
        pk,
        FundingForm,
        save,
        question=_("得到了哪笔资金？"),
        heading=_("记录融资"),
        said=_("已记录。"),
        extra={"amount": {"unit": _("万")}},
        initial={"currency": "CNY", "round": "unknown"},
    )


def _without_day(request: HttpRequest) -> dict[str, Any]:
    told = steps.done(request)
    del told["today"]
    return told
