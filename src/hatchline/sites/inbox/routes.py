"""The inbox's routes, mounted by every site that has people signed in: ``*inbox.routes()`` in its urlpatterns."""

from __future__ import annotations

from django.urls import URLPattern, path

from hatchline.sites.inbox import views


def routes() -> list[URLPattern]:
    """Patterns named inbox, inbox_message, inbox_read_all, inbox_preferences, inbox_pause, calendar, …"""
    return [
        path("inbox/", views.inbox, name="inbox"),
        path("inbox/read/", views.read_all, name="inbox_read_all"),
        path("inbox/preferences/", views.preferences, name="inbox_preferences"),
        path("inbox/pause/", views.pause, name="inbox_pause"),
        path("inbox/<int:pk>/", views.message, name="inbox_message"),
        path("calendar/", views.calendar, name="calendar"),
        path("calendar/feed/", views.calendar_feed, name="calendar_feed"),
        path("calendar/<str:secret>.ics", views.calendar_file, name="calendar_file"),
    ]
