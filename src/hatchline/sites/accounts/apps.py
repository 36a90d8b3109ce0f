"""Writes down in the ledger what allauth does on its own."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class AccountsConfig(AppConfig):
    name = "hatchline.sites.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.socialaccount.signals import social_account_added

        social_account_added.connect(_linked, dispatch_uid="sign-in linked")


def _linked(request: Any, sociallogin: Any, **kwargs: Any) -> None:
    from hatchline.apps.people import actions as people

    people.link_sign_in(
        request.user,
        issuer=sociallogin.account.extra_data["issuer"],
        link=sociallogin.account.uid,
        by=request.user.person,
        now=timezone.now(),
    )
