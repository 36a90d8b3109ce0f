"""Routes of the portal."""

from django.urls import path

from hatchline.sites.portal import directory, home, rules, targets

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("institutions/", directory.listing, name="institutions"),
    path("institutions/<int:pk>/", directory.institution, name="institution"),
    path("enter/", home.enter, name="enter"),
    path("rules/", rules.listing, name="documents"),
    path("rules/<slug:name>/", rules.document, name="document"),
    path("rules/<slug:name>/compare/", rules.compare, name="document_compare"),
    path("rules/<slug:name>/text/", rules.text, name="document_text"),
    path("targets/", targets.listing, name="targets"),
    path("targets/<slug:code>/", targets.target, name="target"),
]
