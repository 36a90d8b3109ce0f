"""First page of the console."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hatchline.sites import access


@access.may("console.enter")
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "console/home.jinja", {}, using="jinja2")
