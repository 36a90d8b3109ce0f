"""What stands around every page: district, navigation, person, roles, language, business date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from hatchline.apps.messages import queries as messages
from hatchline.apps.people.roles import may
from hatchline.sites.components import formatting
from hatchline.sites.navigation import Group


@dataclass
class Shell:
    """See components/layout_*.jinja for how each is shown."""

    site: str
    district_name: str
    nav: list[dict[str, Any]] = field(default_factory=list)
    person_name: str = ""
    role_name: str = ""
    roles: list[dict[str, Any]] = field(default_factory=list)
    inbox_count: int = 0
    is_demonstration: bool = False
    today: Any = None
    language: str = "zh-hans"
    languages: list[tuple[str, str]] = field(default_factory=list)
    theme: str = "auto"
    search_url: str = ""
    inbox_url: str = ""
    profile_url: str = ""
    sign_in_url: str = ""
    sign_out_url: str = ""
    set_language_url: str = ""
    set_theme_url: str = ""
    switch_role_url: str = ""
    messages: Any = ()


@lru_cache(maxsize=2000)
def _entries(
    site: str, kind: str | None, here: str, language: str | None, urls: str, prefix: str
) -> list[tuple[str, list[tuple[dict[str, Any], Callable[[HttpRequest], int | None] | None]]]]:
    """What the navigation of a site says to a role on a page, without its numbers: the same for every request."""
    shown = []
    groups: tuple[Group, ...] = import_string(settings.NAVIGATION[site])
    for group in groups:
        items = [
            (
                {
                    "label": str(item.label),
                    "href": reverse(item.route, urlconf=urls),
                    "icon": item.icon,
                    "current": here == item.route or here in item.under,
                },
                item.count,
            )
            for item in group.items
            if not item.capability or may(kind, item.capability)
        ]
        if items:
            shown.append((str(group.title), items))
    return shown


def _navigation(request: HttpRequest, site: str) -> list[dict[str, Any]]:
    kind = request.role.kind if getattr(request, "role", None) else None
    here = request.resolver_match.view_name if request.resolver_match else ""
    urls = get_urlconf() or settings.ROOT_URLCONF
    return [
        {"title": title, "items": [{**item, "count": count(request) if count else None} for item, count in items]}
        for title, items in _entries(site, kind, here, get_language(), urls, get_script_prefix())
    ]


def _unread(request: HttpRequest) -> int:
    """How many messages wait; a navigation that counts them has asked already."""
    found: int | None = getattr(request, "unread", None)
    return messages.unread_count(request.person) if found is None else found


def build(request: HttpRequest) -> Shell:
    """The shell of the page that is being answered."""
    namespace = (request.resolver_match.namespace if request.resolver_match else "") or "portal"
    site = namespace if namespace in {"console", "desk"} else "portal"
    signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    role = getattr(request, "role", None)
    english = (get_language() or "").startswith("en")
    return Shell(
        site=site,
        district_name=settings.DISTRICT_NAME_EN if english else settings.DISTRICT_NAME,
        nav=_navigation(request, site),
        person_name=formatting.person(request.person) if signed_in and request.person else "",
        role_name=str(role) if role else "",
        roles=[{"pk": each.pk, "label": str(each), "current": each == role} for each in (request.roles or [])]
        if signed_in
        else [],
        inbox_count=_unread(request) if signed_in and request.person else 0,
        is_demonstration=settings.DEMONSTRATION,
        today=settings.BUSINESS_DATE,
        language=get_language() or "zh-hans",
        languages=[("zh-hans", "中文"), ("en", "English")],
        theme=request.COOKIES.get("theme", "auto"),
        search_url=reverse("console:search") if site == "console" else "",
        inbox_url=reverse(f"{site}:inbox") if signed_in and site != "portal" else "",
        profile_url=reverse("account_profile") if signed_in else "",
        sign_in_url=reverse("account_login"),
        sign_out_url=reverse("account_logout"),
        set_language_url=reverse("set_language"),
        set_theme_url=reverse("set_theme"),
        switch_role_url=reverse("switch_role"),
        messages=get_messages(request),
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` is built only by pages that use it."""
    return {
        "shell": SimpleLazyObject(lambda: build(request)),
        "role": getattr(request, "role", None),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),  # masked once a page, not once a form
        "may": lambda name: may(request.role.kind if getattr(request, "role", None) else None, name),
    }
