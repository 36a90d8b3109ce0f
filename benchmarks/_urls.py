"""The project's routes, the empty page and Django admin's change list over the same table."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from hatchline.apps.bodies.models import Organisation
from hatchline.apps.ventures.models import Venture
from hatchline.config.urls import urlpatterns as routes
from hatchline.sites import access
from hatchline.sites.components import environment  # noqa: F401 - the sprite and the like are made before timing


class Peer(admin.AdminSite):
    """Django's own change list with its defaults, 25 rows as ours has."""


class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "credit_code", "territory", "founded_text", "status")
    list_filter = ("status", "legal_form")
    list_select_related = ("territory",)
    list_per_page = 25
    search_fields = ("name",)


class VentureAdmin(admin.ModelAdmin):
    list_display = ("name", "legal_person", "field", "founded_text", "status")
    list_filter = ("status",)
    list_select_related = ("legal_person", "field")
    list_per_page = 25
    search_fields = ("name",)


peer = Peer(name="peer")
peer.register(Organisation, OrganisationAdmin)
peer.register(Venture, VentureAdmin)


@access.signed_in
def empty(request: HttpRequest) -> HttpResponse:
    """The console's layout with nothing in it, after one query."""
    request.resolver_match.namespace = "console"  # so that the same navigation stands around it
    name = Organisation.objects.values_list("name", flat=True).order_by("pk").first()
    return render(request, "bench/empty.jinja", {"name": name}, using="jinja2")


urlpatterns = [path("bench/empty/", empty), path("bench/admin/", peer.urls), *routes]
