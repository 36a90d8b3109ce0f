"""The rules that institutions and ventures are judged by: every rule is published, so every reader may see them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hatchline.sites import access
from hatchline.sites.library import reading


@access.public
def listing(request: HttpRequest) -> HttpResponse:
    """Which rules are there, and which are in force?"""
    rows = reading.listed(request.today)
    context = {"rows": rows, "in_force": sum(1 for each in rows if each.level == "ok")}
    return render(request, "portal/documents.jinja", context, using="jinja2")


@access.public
def document(request: HttpRequest, name: str) -> HttpResponse:
    """What does this document ask for?"""
    edition = reading.found(name)
    context = {"shown": reading.page(edition, request.today), "others": reading.candidates(edition)}
    return render(request, "portal/document.jinja", context, using="jinja2")


@access.public
def compare(request: HttpRequest, name: str) -> HttpResponse:
    """What changed from this document to another?"""
    edition = reading.found(name)
    others = reading.candidates(edition)
    chosen = request.GET.get("with", "") or (others[-1].name if others else name)
    told = reading.compared(edition, reading.found(chosen))
    context = {"told": told, "others": others, "current": chosen}
    return render(request, "portal/document_compare.jinja", context, using="jinja2")


@access.public
def text(request: HttpRequest, name: str) -> HttpResponse:
    """The document as data."""
    return reading.as_file(reading.found(name))
