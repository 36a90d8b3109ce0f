"""The routes, mounted by a site with its capabilities: ``*routes(see="premises.list", record="premises.record")``."""

from __future__ import annotations

from django.urls import URLPattern, path

from hatchline.sites import access
from hatchline.sites.rooms import idle, occupancies, premises, spaces


def routes(*, see: str, record: str) -> list[URLPattern]:
    """Patterns named premises, premises_page, premises_register, …, space, space_…, occupancy_…"""
    may_see, may_record = access.may(see), access.may(record)
    return [
        path("premises/", may_see(premises.listing), name="premises"),
        path("premises/register/", may_record(premises.register), name="premises_register"),
        path("premises/<int:pk>/", may_see(premises.page), name="premises_page"),
        path("premises/<int:pk>/amend/", may_record(premises.amend), name="premises_amend"),
        path("premises/<int:pk>/vacate/", may_record(premises.vacate), name="premises_vacate"),
        path("premises/<int:pk>/spaces/", may_record(spaces.add), name="premises_space"),
        path("spaces/<int:pk>/", may_see(spaces.page), name="space"),
        path("spaces/<int:pk>/amend/", may_record(spaces.amend), name="space_amend"),
        path("spaces/<int:pk>/resize/", may_record(spaces.resize), name="space_resize"),
        path("spaces/<int:pk>/occupy/", may_record(occupancies.occupy), name="space_occupy"),
        path("occupancies/<int:pk>/move-out/", may_record(occupancies.move_out), name="occupancy_move_out"),
        path("occupancies/<int:pk>/correct/", may_record(occupancies.correct), name="occupancy_correct"),
        path("occupancies/<int:pk>/strike/", may_record(occupancies.strike), name="occupancy_strike"),
    ]


def idle_routes() -> list[URLPattern]:
    """Patterns named idle, idle_page, idle_register and one for each step."""
    return [
        path("idle/", idle.listing, name="idle"),
        path("idle/register/", idle.register, name="idle_register"),
        path("idle/<int:pk>/", idle.page, name="idle_page"),
        path("idle/<int:pk>/amend/", idle.amend, name="idle_amend"),
        path("idle/<int:pk>/convert/", idle.convert, name="idle_convert"),
        path("idle/<int:pk>/survey/", idle.survey, name="idle_survey"),
        path("idle/<int:pk>/negotiate/", idle.negotiate, name="idle_negotiate"),
        path("idle/<int:pk>/start-converting/", idle.start_converting, name="idle_start_converting"),
        path("idle/<int:pk>/drop/", idle.drop, name="idle_drop"),
        path("idle/<int:pk>/resume/", idle.resume, name="idle_resume"),
    ]
