"""The gallery: every component, for those who build pages and for the tests that look at them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hatchline.sites import access
from hatchline.sites.components import gallery as invented


@access.public
def gallery(request: HttpRequest) -> HttpResponse:
    """All components in all states, with invented data."""
    shown = {**invented.figures(), "code_of": lambda row: row.code}
    return render(request, "components/gallery.jinja", shown, using="jinja2")
