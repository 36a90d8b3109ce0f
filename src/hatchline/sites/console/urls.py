"""Routes of the console."""

from django.urls import path

from hatchline.sites.console import views

app_name = "console"
urlpatterns = [path("", views.home, name="home")]
