"""Routes of the desk."""

from django.urls import path

from hatchline.sites.desk import views

app_name = "desk"
urlpatterns = [path("", views.home, name="home")]
