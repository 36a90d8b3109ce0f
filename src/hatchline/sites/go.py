"""Crossings between the sites: where to go after signing in, switching role, language and theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hatchline.apps.people.roles import CONSOLE, DESK
from hatchline.sites import access
from hatchline.sites.middleware import ROLE_KEY

THEMES = {"auto", "light", "dark"}
YEAR = 365 * 24 * 3600


def _back(request: HttpRequest, fallback: str = "/") -> HttpResponse:
    """To the page the form was on, if that is ours."""
    target = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = fallback
    return HttpResponseRedirect(target)  # not redirect(): that takes a word for the name of a route


@access.signed_in
def home(request: HttpRequest) -> HttpResponse:
    """To the site of the current role."""
    kind = request.role.kind if request.role else None
    if kind in CONSOLE:
        return redirect("console:home")
    if kind in DESK:
        return redirect("desk:home")
    return redirect("portal:home")


@access.signed_in
@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Take on another of one's own roles; one that is not one's own changes nothing."""
    wanted = request.POST.get("role", "")
    if any(str(role.pk) == wanted for role in request.roles):
        request.session[ROLE_KEY] = int(wanted)
    return _back(request, reverse("go")) if request.POST.get("next") else redirect("go")


@access.public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, secure=settings.OVER_TLS, samesite="Lax"
        )
    return response


@access.public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie."""
    response = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, secure=settings.OVER_TLS, samesite="Lax")
    return response
