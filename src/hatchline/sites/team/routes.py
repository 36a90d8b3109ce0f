"""The routes, mounted by a site with its capability: ``*routes(record="team.record")``."""

from __future__ import annotations

from django.urls import URLPattern, path

from hatchline.sites import access
from hatchline.sites.team import views


def routes(*, record: str) -> list[URLPattern]:
    """Patterns named institution_staff, institution_mentor, staff_…, qualification_remove, mentor_…"""
    may = access.may(record)
    return [
        path("institutions/<int:pk>/staff/record/", may(views.record_staff), name="institution_staff"),
        path("institutions/<int:pk>/mentors/record/", may(views.record_mentor), name="institution_mentor"),
        path("staff/<int:pk>/amend/", may(views.amend_staff), name="staff_amend"),
        path("staff/<int:pk>/end/", may(views.end_staff), name="staff_end"),
        path("staff/<int:pk>/qualifications/", may(views.qualify), name="staff_qualify"),
        path("qualifications/<int:pk>/remove/", may(views.disqualify), name="qualification_remove"),
        path("mentors/<int:pk>/amend/", may(views.amend_mentor), name="mentor_amend"),
        path("mentors/<int:pk>/end/", may(views.end_mentor), name="mentor_end"),
    ]
