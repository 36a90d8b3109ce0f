"""Every route states who may use it, with one of these. tests/house walks all routes with every role and with none.

    @access.public                      anyone, no account needed
    @access.signed_in                   any account, with or without a role
    @access.may("institutions.list")    a current role whose kind has the capability (apps/people/roles.py)

Not signed in: to the sign-in page and back (a JSON or htmx call gets 401). Signed in without the capability: 403 with
the reason. An object out of the role's reach: the view fetches through ``visible_to(request.role)`` and so answers
404.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from hatchline.apps.people.roles import MAY
from hatchline.apps.people.roles import may as role_may

View = Callable[..., Any]


@dataclass(frozen=True)
class Access:
    """What a route declared: ``kind`` is public, signed_in or may; ``capability`` is given for may."""

    kind: str
    capability: str = ""

    def __str__(self) -> str:
        return self.capability or self.kind


def of(view: View) -> Access | None:
    """What a view declared, or None."""
    return getattr(view, "access", None)


def declare(view: View, access: Access) -> View:
    """Mark a view that checks its own access (third-party views, the API)."""
    view.access = access
    return view


def public(view: View) -> View:
    """Anyone."""
    return declare(view, Access("public"))


def signed_in(view: View) -> View:
    """Any account."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        return view(request, *args, **kwargs)

    return declare(checked, Access("signed_in"))


def may(capability: str) -> Callable[[View], View]:
    """A current role with this capability."""
    if capability not in MAY:
        raise KeyError(f"capability {capability!r} is not in apps/people/roles.py")

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            role = request.role
            if role is None or not role_may(role.kind, capability):
                raise PermissionDenied(_("您当前的角色不能使用这个页面。请换一个角色，或请管理员授权。"))
            return view(request, *args, **kwargs)

        return declare(checked, Access("may", capability))

    return decorate


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # the page keeps what was typed; its script sends the person to sign in and restores the form afterwards
        response = HttpResponse(status=401)
        response["HX-Trigger"] = "sign-in-expired"
        return response
    return redirect_to_login(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: to the page asked for, or to the page on which the form that was sent stood."""
    stood_on = request.headers.get("Referer", "")
    if request.method in {"GET", "HEAD"} or not url_has_allowed_host_and_scheme(
        stood_on, {request.get_host()}, require_https=request.is_secure()
    ):
        return request.get_full_path()
    parts = urlsplit(stood_on)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
