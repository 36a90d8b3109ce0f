"""Routes of the desk."""

from django.urls import path

from hatchline.sites.desk import views
from hatchline.sites.inbox.routes import routes as inbox_routes

app_name = "desk"
urlpatterns = [path("", views.home, name="home"), *inbox_routes()]
