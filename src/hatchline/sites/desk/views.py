"""First page of the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hatchline.sites import access


@access.may("desk.enter")
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "desk/home.jinja", {}, using="jinja2")
