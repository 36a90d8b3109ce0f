"""The gallery."""

from django.urls import path

from hatchline.sites.components import views

urlpatterns = [path("", views.gallery, name="gallery")]
