"""How allauth and axes behave here."""

from __future__ import annotations

from typing import Any


def client_username(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """The username failures are counted under, in lower case: ZHANG and zhang open the same account."""
    found = (credentials or {}).get("username") or getattr(request, "POST", {}).get("login") or ""
    return str(found).strip().lower()[:150]


from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation, never by whoever comes by."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    pass


def display(account: Any) -> str:
    return str(account.person or account.username)


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=429)
