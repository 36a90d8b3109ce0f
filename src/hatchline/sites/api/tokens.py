"""One's own tokens: a page of the profile. A token is shown once, when it is made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages as flashes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hatchline.apps.tokens import actions as tokens
from hatchline.apps.tokens import policy, states
from hatchline.apps.tokens import queries as known
from hatchline.core.values.refusal import Refused
from hatchline.sites import access

if TYPE_CHECKING:
    from hatchline.apps.tokens.models import ApiToken

LARGEST = 2**63 - 1
TERMS = [("30", gettext_lazy("30 天")), ("90", gettext_lazy("90 天")), ("365", gettext_lazy("一年"))]


class NewToken(forms.Form):
    """What a token is for, in which role it acts, and how long."""

    name = forms.CharField(
        label=gettext_lazy("用途"), max_length=80, help_text=gettext_lazy("写明哪个程序用，日后好辨认。")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("以哪个角色调用"),
        help_text=gettext_lazy("令牌只有这一个角色的权限；角色结束，令牌随即失效。"),
    )
    days = forms.ChoiceField(label=gettext_lazy("有效期"), choices=TERMS, initial="90")


@access.may("tokens.own")
@never_cache
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's tokens, and a form for another."""
    roles = {str(role.pk): role for role in request.roles}
    form = NewToken(request.POST or None, initial={"role": request.role.pk})
    form.fields["role"].choices = [(key, str(role)) for key, role in roles.items()]
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = tokens.make(
                request.person,
                role=roles[form.cleaned_data["role"]],
                name=form.cleaned_data["name"],
                days=int(form.cleaned_data["days"]),
                by=request.person,
                now=request.now,
                today=timezone.localdate(),
            )
        except Refused as refused:
            form.add_error(refused.refusal.field or None, str(refused))
        else:
            form = NewToken(initial={"role": request.role.pk})
            form.fields["role"].choices = [(key, str(role)) for key, role in roles.items()]
    rows = [{"token": token, "state": _state(token, request.now)} for token in known.tokens_of(request.person)[:100]]
    return render(
        request,
        "api/tokens.jinja",
        {
            "form": form,
            "rows": rows,
            "secret": secret,
            "valid": known.valid_count(request.person, now=request.now),
            "most": policy.MOST,
        },
        status=422 if form.errors else 200,
        using="jinja2",
    )


def _state(token: ApiToken, now: datetime) -> str:
    if token.status == states.Status.REVOKED:
        return "revoked"
    return "valid" if token.expires_at > now else "expired"


@access.may("tokens.own")
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """A token of one's own opens nothing any more."""
    found = known.token_of(request.person, pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            tokens.revoke(found, by=request.person, now=request.now)
        except Refused as refused:
            flashes.error(request, str(refused))
        else:
            flashes.success(request, _("令牌“%(name)s”已停用") % {"name": found.name})
    return redirect("account_tokens")
