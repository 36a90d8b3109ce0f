"""Routes of the portal."""

from django.urls import path

from hatchline.sites.portal import directory, home, targets

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("institutions/", directory.listing, name="institutions"),
    path("institutions/<int:pk>/", directory.institution, name="institution"),
    path("enter/", home.enter, name="enter"),
    path("targets/", targets.listing, name="targets"),
    path("targets/<slug:code>/", targets.target, name="target"),
]
