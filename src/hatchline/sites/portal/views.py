"""First page of the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hatchline.sites import access


@access.public
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "portal/home.jinja", {}, using="jinja2")
