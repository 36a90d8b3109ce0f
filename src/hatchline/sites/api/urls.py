"""Routes of the API: its description, its operations, and a plain answer for everything else."""

from django.urls import path, re_path

from hatchline.sites.api import views
from hatchline.sites.api.interface import patterns

app_name = "api"
urlpatterns = [
    path("docs/", views.docs, name="docs"),
    path("openapi.json", views.openapi, name="openapi"),
    *patterns(),
    re_path(r"^(?P<rest>.*)$", views.nothing, name="nothing"),
]
