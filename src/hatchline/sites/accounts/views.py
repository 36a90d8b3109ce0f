"""The person's own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hatchline.sites import access


@access.signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, my roles and sign-ins."""
    return render(request, "accounts/profile.jinja", {}, using="jinja2")
