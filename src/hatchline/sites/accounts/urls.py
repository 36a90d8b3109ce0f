"""Signing in and out, second factor, sessions, profile."""

from django.urls import include, path

from hatchline.sites.accounts import views

urlpatterns = [
    path("profile/", views.profile, name="account_profile"),
    path("", include("allauth.urls")),
]
