"""How allauth and axes behave here: no sign-up, no e-mail, links by issuer and subject, one lock for a username."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from hatchline.apps.columns import encrypted
from hatchline.apps.people import actions as people
from hatchline.apps.people import queries
from hatchline.sites.accounts.loopback import is_loopback

FLOOD = {"login_failed": "30/m/ip"}
SECOND_FACTOR = "second_factor"
SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation or by an administrator; passwords change through our verb."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("用户名或密码不对。连续输错几次后，账号会锁定一段时间。"),
        "too_many_login_attempts": _("尝试得太频繁了，请过几分钟再试。"),
        "enter_current_password": _("请输入现在的密码。"),
        "incorrect_password": _("密码不对。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never for whoever comes by."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow a flood from one address. Failures for a username are counted by axes, in a table workers share."""
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed", config=FLOOD
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """A demonstration account opens on loopback alone, whichever way one signs in."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is None and user.is_demonstration and not is_loopback(request):
            return render(request, "accounts/demonstration_only.jinja", {}, status=403, using="jinja2")
        return refused

    def set_password(self, user: Any, password: str) -> None:
        """The person's own change: written down, and every other sign-in ends."""
        people.set_password(
            user,
            password=password,
            by=user.person,
            now=timezone.now(),
            keep_session=self.request.session.session_key or "",
        )
        user.refresh_from_db(fields=["password"])

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever finds an open browser must not be able to add a way in of their own."""
        return True

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *a: Any, **kw: Any
    ) -> None:
        """One sees that one is signed in or out; it need not be said as well."""
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *a, **kw)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An identity elsewhere opens an account here only through a link its owner made while signed in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, fields: Any) -> Any:
        """Runs before any look-up: bind the link to issuer and subject, and keep nothing else of what was sent.

        Names and addresses in the answer are personal values that nobody here asked for; without them no later change
        can come to match by e-mail either.
        """
        account = sociallogin.account
        token = account.extra_data.get("id_token") or {}
        issuer, subject = token.get("iss"), token.get("sub")
        userinfo = account.extra_data.get("userinfo") or {}
        if not issuer or not subject or userinfo.get("sub", subject) != subject:
            raise ImmediateHttpResponse(
                render(request, "socialaccount/authentication_error.jinja", {}, status=401, using="jinja2")
            )
        account.uid = link_key(issuer, subject)
        account.extra_data = {"issuer": issuer}
        sociallogin.email_addresses = []
        return sociallogin.user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("account_profile")


def link_key(issuer: str, subject: str) -> str:
    """What a link is kept under: the same subject of another issuer is somebody else, and the subject is not kept."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted at rest like personal values."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不对，请核对手机时间后再试。"),
        "cannot_delete_authenticator": _("不能关闭两步验证。"),
        "cannot_generate_recovery_codes": _("开启两步验证后才能生成备用码。"),
    }

    def encrypt(self, text: str) -> str:
        return encrypted.encrypt(text, SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return encrypted.decrypt(encrypted_text, SECOND_FACTOR)

    def build_totp_svg(self, url: str) -> str:
        """On white, so that phones read it in dark mode too."""
        made = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage, border=3).save(made)
        return made.getvalue().decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)


def display(account: Any) -> str:
    """How allauth names an account's owner."""
    return str(account.person or account.username)


def client_username(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """The username failures are counted under: ZHANG and zhang open the same account."""
    found = (credentials or {}).get("username") or getattr(request, "POST", {}).get("login") or ""
    return queries.counted_as(str(found))


def opens_at(username: str) -> datetime | None:
    """When a locked username may try again: the pause after its last counted failure."""
    last = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    pause = get_cool_off()
    return last.attempt_time + pause if last is not None and pause is not None else None


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """The page of a locked username: why, until when, and who can open it earlier."""
    moment = opens_at(client_username(request, credentials))
    page = render(request, "accounts/locked_out.jinja", {"opens_at": moment}, status=429, using="jinja2")
    if moment is not None:
        page["Retry-After"] = str(max(1, int((moment - timezone.now()).total_seconds())))
    return page
