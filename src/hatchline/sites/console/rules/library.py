"""The rulebook in the console: documents, two compared, and their parts confirmed against the source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.rulebooks import actions, policy, queries
from hatchline.core.rules.documents import KINDS, part
from hatchline.sites import access
from hatchline.sites.console import history, records
from hatchline.sites.library import reading


@access.may("rules.evaluate")
def listing(request: HttpRequest) -> HttpResponse:
    """Which rules are there, which are in force, and how sure are we of them?"""
    rows = reading.listed(request.today)
    context = {
        "rows": rows,
        "in_force": sum(1 for each in rows if each.level == "ok"),
        "drafts": queries.open_drafts().count(),
    }
    return render(request, "console/rules/documents.jinja", context, using="jinja2")


@access.may("rules.evaluate")
def document(request: HttpRequest, name: str) -> HttpResponse:
    """What does this document ask for, and may a decision rest on its figures?"""
    edition = reading.found(name)
    shown = reading.page(edition, request.today)
    context = {
        "shown": shown,
        "others": reading.candidates(edition),
        "unconfirmed": sum(
            1
            for kind in ("parameters", "criteria", "definitions", "variants")
            for each in shown[kind]
            if not each["firm"]
        ),
        "texts": list(queries.history(edition.name)),
        "history": history.about(edition, limit=5),
    }
    return render(request, "console/rules/document.jinja", context, using="jinja2")


@access.may("rules.evaluate")
def compare(request: HttpRequest, name: str) -> HttpResponse:
    """What changed from this document to another?"""
    edition = reading.found(name)
    others = reading.candidates(edition)
    chosen = request.GET.get("with", "") or (others[-1].name if others else name)
    told = reading.compared(edition, reading.found(chosen))
    context = {"told": told, "others": others, "current": chosen}
    return render(request, "console/rules/document_compare.jinja", context, using="jinja2")


@access.may("rules.evaluate")
def text(request: HttpRequest, name: str) -> HttpResponse:
    """The document as data."""
    return reading.as_file(reading.found(name))


class ConfirmForm(forms.Form):
    """Where it was read."""

    source = forms.CharField(
        label=gettext_lazy("原文出处"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("写明文件名称、条款和在哪里看到的，如“国科发区〔2018〕300号第六条，科技部网站”。"),
    )


@access.may("rules.publish")
def confirm(request: HttpRequest, name: str, parameter: str) -> HttpResponse:
    """The official has read the source: from now on a decision may rest on this figure, condition or definition."""
    edition = reading.found(name)
    made = queries.document(edition)
    declared = part(made, parameter)
    if declared is None:
        raise Http404
    form = records.opened(request, ConfirmForm, {})
    section = KINDS[parameter.partition(":")[0]] if ":" in parameter else "parameters"
    back = f"{reverse('console:document', args=[name])}#{section}"
    label, told = reading.part_told(made, declared, request.today)

    def save(data: dict[str, Any]) -> Any:
        return actions.confirm(
            edition, parameter=parameter, source=data["source"], by=request.person, now=request.now,
            role_kind=request.role.kind,
        )  # fmt: skip

    return records.saved(
        request,
        form,
        save,
        done=lambda made: back,
        said=lambda made: _("已核对“%(label)s”。") % {"label": label},
        context={
            "question": f"{label}: {told}",
            "heading": _("核对原文"),
            "crumbs": [
                (_("规则库"), reverse("console:documents")),
                (edition.number, back),
                (_("核对原文"), ""),
            ],
            "back": back,
            "candidates": [],
            "warning": _("核对记在您名下，不能撤回；此后正式的判定可以依据这一项。"),
            "why_not": policy.why_not_as("confirm", request.role.kind)
            or policy.why_not_confirm(edition, parameter, "-"),
        },
    )
