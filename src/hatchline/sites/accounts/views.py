"""The person's own pages: profile, contacts, sign-ins, export, invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hatchline.apps.people import actions as people
from hatchline.apps.people import policy, queries
from hatchline.core.values.refusal import Refused
from hatchline.journeys import personal
from hatchline.sites import access
from hatchline.sites.accounts.devices import described
from hatchline.sites.accounts.forms import AcceptForm, ContactForm


class Login(LoginView):
    """allauth's, with the provider one may sign in by instead."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sign_in_elsewhere": elsewhere()}


class PasswordChange(PasswordChangeView):
    """allauth's, with the rules said beforehand."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"password_rules": " ".join(password_validators_help_texts())}


login = access.public(Login.as_view())
password_change = access.signed_in(PasswordChange.as_view())


@access.signed_in
@never_cache
def profile(request: HttpRequest, contact_form: ContactForm | None = None) -> HttpResponse:
    """Who I am here, how I am reached, my roles and how I sign in."""
    person = request.user.person
    factors = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "account": request.user,
        "contacts": queries.contacts_of(person) if person else [],
        "identities": queries.identities_of(person) if person else [],
        "held": [(role, role in request.roles) for role in queries.roles_of_person(person)] if person else [],
        "second_factor": Authenticator.Type.TOTP in factors,
        "linked": SocialAccount.objects.filter(user=request.user).exists(),
        "sign_in_elsewhere": elsewhere(),
        "sessions": UserSession.objects.filter(user=request.user).count(),
        "contact_form": contact_form or ContactForm(),
    }
    return render(
        request, "accounts/profile.jinja", context, status=422 if contact_form is not None else 200, using="jinja2"
    )


def elsewhere() -> dict[str, str] | None:
    """The OpenID Connect provider of the settings, as the sign-in page and the profile offer it."""
    apps: Any = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    if not apps:
        return None
    return {"name": apps[0]["name"], "url": reverse("openid_connect_login", args=[apps[0]["provider_id"]])}


@access.signed_in
@require_POST
def add_contact(request: HttpRequest) -> HttpResponse:
    """A new way to reach me."""
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            people.set_contact(_me(request), by=_me(request), now=request.now, **form.cleaned_data)
            messages.success(request, _("联系方式已登记。"))
            return redirect("account_profile")
        except Refused as refused:
            form.add_error(refused.refusal.field or None, str(refused))
    return profile(request, contact_form=form)


@access.signed_in
@require_POST
def remove_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of my contacts."""
    people.remove_contact(_mine(queries.contact_of(_me(request), pk)), by=_me(request), now=request.now)
    messages.success(request, _("联系方式已删除。"))
    return redirect("account_profile")


@access.signed_in
@require_POST
@never_cache
def reveal_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my contacts in full."""
    contact = _mine(queries.contact_of(_me(request), pk))
    return revealed(
        request, people.unmask_contact(contact, by=_me(request), now=request.now), reverse("account_profile")
    )


@access.signed_in
@require_POST
@never_cache
def reveal_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my document numbers in full."""
    identity = _mine(queries.identity_of(_me(request), pk))
    return revealed(
        request, people.unmask_identity(identity, by=_me(request), now=request.now), reverse("account_profile")
    )


def revealed(request: HttpRequest, value: str, back: str) -> HttpResponse:
    """The full value in place of the masked one; without script, on a page of its own."""
    name = "accounts/revealed_part.jinja" if request.headers.get("HX-Request") else "accounts/revealed.jinja"
    return render(request, name, {"value": value, "back": back}, using="jinja2")


@access.signed_in
@require_POST
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Everything held about me, as a zip."""
    made = personal.export(_me(request), by=_me(request), now=request.now)
    response = HttpResponse(made, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="hatchline-person-{_me(request).pk}.zip"'
    return response


@access.signed_in
@never_cache
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Where I am signed in; each can be ended, and all others at once."""
    sessions = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    if request.method == "POST":
        wanted = request.POST.get("end", "")
        chosen = [
            each for each in sessions if each.session_key != here and (wanted == "others" or str(each.pk) == wanted)
        ]
        ended = people.end_sign_ins(
            request.user, keys=[each.session_key for each in chosen], by=_me(request), now=request.now
        )
        messages.success(request, _("已结束 %(count)s 处登录。") % {"count": ended})
        return redirect("usersessions_list")
    rows = [
        {
            "pk": each.pk,
            "device": described(each.user_agent),
            "ip": each.ip,
            "since": each.created_at,
            "current": each.session_key == here,
        }
        for each in sorted(sessions, key=lambda each: each.created_at, reverse=True)
    ]
    return render(request, "accounts/sign_ins.jinja", {"rows": rows}, using="jinja2")


@access.signed_in
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """Take away the link to the OpenID Connect provider; only who has a password may."""
    if request.user.has_usable_password():
        people.unlink_sign_in(request.user, by=_me(request), now=request.now)
        messages.success(request, _("已解除关联。以后请用用户名和密码登录。"))
    else:
        messages.error(request, _("您还没有密码，解除后将无法登录。请先请管理员设置密码。"))
    return redirect("account_profile")


@access.public
@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take a role that was offered, with an account one has or a new one."""
    found = queries.invitation_for(token)
    account = request.user if request.user.is_authenticated else None
    refusal = policy.why_not_accept(found, account=account, now=timezone.now())
    if refusal is not None or found is None:
        context = {"refusal": refusal, "signed_in": account is not None}
        return render(
            request, "accounts/invitation_refused.jinja", context, status=404 if found is None else 410, using="jinja2"
        )
    must_sign_in = account is None and hasattr(found.person, "account")
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and not must_sign_in and (account is not None or form.is_valid()):
        try:
            if account is not None:
                people.accept(found, account=account, now=timezone.now())
                messages.success(request, _("您已成为：%(role)s。") % {"role": found})
                return redirect("go")
            made = people.accept(
                found,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                now=timezone.now(),
            )
            return perform_login(request, made)
        except Refused as refused:
            name = refused.refusal.field
            form.add_error(name if name in form.fields else None, str(refused))
    shown = {
        "invitation": found,
        "form": form,
        "must_sign_in": must_sign_in,
        "signed_in": account is not None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/invitation.jinja", shown, status=status, using="jinja2")


@access.public
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Nobody signs up here: how one gets an account."""
    return render(request, "account/signup_closed.jinja", {}, using="jinja2")


def _me(request: HttpRequest) -> Any:
    """The signed-in person; an account of the machinery alone (no person) has no profile to change."""
    if request.user.person is None:
        raise Http404
    return request.user.person


def _mine(found: Any) -> Any:
    if found is None:
        raise Http404
    return found
