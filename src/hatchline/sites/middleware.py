"""What every request carries: its language, ``request.now``, ``today``, ``person``, ``roles`` and ``role``."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from hatchline.apps.people import queries as people

Next = Callable[[HttpRequest], HttpResponse]
ROLE_KEY = "role"


def language(get_response: Next) -> Next:
    """Chinese unless the person chose English (a cookie), so that an address means the same page to everyone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = get_response(request)
        response.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware


def standing(get_response: Next) -> Next:
    """Who stands before us, in which role, on which business day. ``now`` is always the real clock."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        request.today = settings.BUSINESS_DATE or timezone.localdate()
        request.person = SimpleLazyObject(
            lambda: getattr(request.user, "person", None) if request.user.is_authenticated else None
        )
        request.roles = SimpleLazyObject(
            lambda: people.roles_of(request.user, today=timezone.localdate()) if request.user.is_authenticated else []
        )
        request.role = _current_role(request)
        response = get_response(request)
        if request.user.is_authenticated:
            # a shared browser asks again before it shows what was somebody's; the page's script keeps what was typed
            response.setdefault("Cache-Control", "private, no-cache")
        return response

    return middleware


def _current_role(request: HttpRequest):
    if not request.user.is_authenticated or not request.roles:
        return None
    chosen = request.session.get(ROLE_KEY)
    return next((role for role in request.roles if role.pk == chosen), request.roles[0])
