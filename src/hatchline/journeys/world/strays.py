"""What real registers have and nobody likes: a closed institution with open stays, doubtful dates, contradictions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import naming
from hatchline.journeys.world.doings import Doings, moment
from hatchline.journeys.world.writing import SOURCE

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory

CLOSED = "垡头旧厂创业园（演示，已关闭）"
FIRST_LEFT = 290_000  # numbers for the names of those left behind there


def leave_behind(it: Doings, street: Territory) -> None:
    """An institution that closed while four ventures were still recorded there: nobody wrote that they left."""
    draft = InstitutionDraft(
        name=CLOSED,
        kinds=("incubator",),
        stages=("nursery", "incubation"),
        territory=street.pk,
        specialism="工业设计",
        opened=PartialDate.of("2012-03"),
    )
    told = moment(date(2014, 5, 6))
    there = institutions.register(draft, by=None, now=told, today=None)
    pks = ventures.register_many(
        [VentureDraft(naming.team(FIRST_LEFT + each), founded=PartialDate.of("2013")) for each in range(4)], now=told
    )
    ventures.record_stays(
        [StayDraft(pk, there.pk, "nursery", PartialDate.of(f"2014-0{at + 1}"), SOURCE) for at, pk in enumerate(pks)],
        now=told,
        today=date(2014, 5, 6),
    )
    closed, version = date(2016, 11, 30), there.version
    institutions.close(
        there, on=PartialDate.of(closed.isoformat()), version=version, by=None, now=moment(date(2016, 12, 5))
    )


def doubt(it: Doings, number: int) -> None:
    """Lists that disagree: a stay whose dates may overlap with another, an incubation after the graduation."""
    drafts = []
    for each in it.pick("incubation", number * 2, before=it.ago(500)):
        since = each.life.visits[-1].starts
        at = it.places.one("incubation", date(since.year, 1, 1), it.draw)  # one that was open by then
        place = it.institutions[at] if at is not None else None
        if place is not None and place not in each.places and len(each.life.visits) == 1:
            stay = StayDraft(each.pk, place, "incubation", PartialDate.of(f"{since:%Y}"), SOURCE)
            stay.ended, stay.end_state, stay.outcome = PartialDate.of(f"{since:%Y}"), "known", "left"
            drafts.append(stay)
    for each in it.pick("acceleration", number):
        place = it.elsewhere(each, "incubation")
        if place is not None:
            again = PartialDate.of(it.ago(150).isoformat())
            drafts.append(StayDraft(each.pk, place, "incubation", again, SOURCE))
    ventures.record_stays(drafts, now=moment(it.ago(12)), today=it.ago(12), asks=True)
