"""Routes of the desk."""

from django.urls import path

from hatchline.sites.desk import home, institutions
from hatchline.sites.inbox.routes import routes as inbox_routes

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("institutions/", institutions.listing, name="institutions"),
    path("institutions/<int:pk>/", institutions.profile, name="institution"),
    path("institutions/<int:pk>/amend/", institutions.amend, name="institution_amend"),
    path("institutions/<int:pk>/files/", institutions.upload, name="institution_upload"),
    *inbox_routes(),
]
