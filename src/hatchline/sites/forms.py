"""Forms of records, for every site: prefilled, kept as drafts, refused in words, never over another's save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hatchline.apps.shelf import actions as shelf
from hatchline.apps.shelf import queries as shelf_queries
from hatchline.core.values.dates import PartialDate, parse
from hatchline.core.values.refusal import Refused
from hatchline.core.values.unreadable import Unreadable
from hatchline.sites import access

NOT_KEPT = frozenset({"csrfmiddlewaretoken", "next", "discard"})


class PartialDateField(forms.CharField):
    """A date as far as it is known: 2014, 2014-6, 2014年6月30日, 2014年春. Empty: None."""

    default_error_messages = {
        "unreadable": gettext_lazy("读不懂这个日期。可以写 2014、2014-6、2014年6月30日、2014年春或 2014 年上半年。")
    }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        found = parse(text)
        if isinstance(found, Unreadable) or found.precision in {"unknown", "open"}:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return found

    def prepare_value(self, value: Any) -> Any:
        return (value.text or value.code) if isinstance(value, PartialDate) and value.earliest else value or ""


def draft_key(request: HttpRequest) -> str:
    """Under which name this page's form is kept."""
    return request.path[:200]


def opened(
    request: HttpRequest, form_class: type[forms.Form], initial: Mapping[str, Any], **options: Any
) -> forms.Form:
    """The form as posted, or prefilled: with the record's values, and over them with the person's own draft."""
    if request.method == "POST":
        return form_class(request.POST, initial=dict(initial), **options)
    kept = shelf_queries.draft(request.person, draft_key(request)) if request.person else None
    if kept is not None and "discard" in request.GET:
        shelf.drop_draft(request.person, draft_key(request))
        kept = None
    form = form_class(initial=dict(initial), **options)
    if kept is not None:
        for name, values in kept.values.items():
            if name in form.fields:
                many = isinstance(form.fields[name], forms.MultipleChoiceField)
                form.initial[name] = values if many else (values[-1] if values else "")
        form.kept_at = kept.saved_at
    return form


def saved(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    template: str,
    done: Callable[[Any], str],
    said: Callable[[Any], str],
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Save what was posted and go on, or show the page with what stands in the way."""
    conflicts: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = save(dict(form.cleaned_data))
            except Refused as refused:
                status, conflicts = _refused(form, refused)
            else:
                shelf.drop_draft(request.person, draft_key(request))
                messages.success(request, said(made))
                return redirect(done(made))
    key = draft_key(request)
    return render(
        request,
        template,
        {
            "form": form,
            "conflicts": conflicts,
            "kept_at": getattr(form, "kept_at", None),
            "autosave": reverse(f"{request.resolver_match.namespace}:draft") + "?form=" + key,
            **(context or {}),
        },
        status=status,
        using="jinja2",
    )


def _refused(form: forms.Form, refused: Refused) -> tuple[int, list[dict[str, Any]]]:
    refusal = refused.refusal
    if refusal.code == "changed_meanwhile":
        # the form is sent again on purpose, over the values that the page now shows
        form.data = form.data.copy()
        form.data["version"] = str(refusal.params["version"])
        found = refusal.params.get("conflicts", {})
        return 409, [
            {"label": each["label"], "yours": worded(each["yours"]), "theirs": worded(each["theirs"])}
            for each in found.values()
        ]
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))
    return 422, []


def worded(value: Any) -> str:
    """A value of a draft as a reader knows it."""
    if value is None or value == "" or value == ():
        return _("（空）")
    if isinstance(value, PartialDate):
        return value.text or value.code
    if isinstance(value, (tuple, list)):
        return "、".join(" ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in value)
    return str(value)


def done_at_once(request: HttpRequest, do: Callable[[], Any], *, back: str, said: str) -> HttpResponse:
    """A verb without a form, on POST alone; a refusal is said on the page one comes back to."""
    if request.method == "POST":
        try:
            do()
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, said)
    return redirect(back)


@access.signed_in
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep a form as typed. Only the person sees it; it is gone once the form was accepted."""
    key = request.GET.get("form", "")
    if not key.startswith("/") or request.person is None:
        return HttpResponseBadRequest()
    values = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}
    kept = shelf.keep_draft(request.person, key, values, now=request.now)
    return HttpResponse(status=204 if kept is not None else 413)
