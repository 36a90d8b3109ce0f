"""Which institutions were open on a day: surely, perhaps, or surely not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions.models import HERE, Institution, InstitutionKind, InstitutionStage
from hatchline.apps.institutions.states import Status

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory


def _opened_by(day: date) -> Q:
    """Every day it may have opened on is this day or before, or a source saw it open by then."""
    return Q(opened_before__lte=day + timedelta(days=1)) | Q(seen_open_on__lte=day)


def _not_yet(day: date) -> Q:
    """Every day it may have opened on is after this day."""
    return Q(opened_on__gt=day) & (Q(seen_open_on=None) | Q(seen_open_on__gt=day))


def _still_there(day: date) -> Q:
    """It has not closed, every day it may have closed on is after this day, or a source saw it open later."""
    return Q(status=Status.OPEN) | Q(status=Status.CLOSED, closed_on__gt=day) | Q(seen_open_on__gte=day)


def _gone(day: date) -> Q:
    return Q(status=Status.CLOSED, closed_before__lte=day + timedelta(days=1))


def open_on(day: date, above: Territory | str | None = None) -> QuerySet[Institution]:
    """Surely open on this day."""
    rows = registered(above).exclude(status=Status.PLANNED)
    return rows.filter(_opened_by(day) & _still_there(day))


def undecided_on(day: date, above: Territory | str | None = None) -> QuerySet[Institution]:
    """May have been open on this day: the opening or the closing is not known well enough."""
    rows = registered(above).exclude(status=Status.PLANNED)
    surely_not = _not_yet(day) | _gone(day)
    surely = _opened_by(day) & _still_there(day)
    return rows.exclude(pk__in=rows.filter(surely_not).values("pk")).exclude(pk__in=rows.filter(surely).values("pk"))


def unplaced_on(day: date, above: Territory | str) -> QuerySet[Institution]:
    """May have been open on this day and may lie in this territory: their place is not known, or only one above it."""
    somewhere = Q(territory=None, country__in=HERE) | Q(territory__in=bodies.above(above).values("pk"))
    rows = registered().exclude(status=Status.PLANNED).filter(somewhere)
    return rows.exclude(pk__in=rows.filter(_not_yet(day) | _gone(day)).values("pk"))


def known_by(rows: QuerySet[Institution], day: date) -> QuerySet[Institution]:
    """Without those that surely opened after the day."""
    return rows.exclude(pk__in=rows.order_by().filter(_not_yet(day)).values("pk"))


def standing_on(rows: QuerySet[Institution], word: str, day: date) -> QuerySet[Institution]:
    """Those of the rows that on a day were surely ``open``, surely ``closed``, ``planned``, or of which it is
    ``unknown``."""
    if word == Status.PLANNED:
        return rows.filter(status=word)
    rows = rows.exclude(status=Status.PLANNED)
    if word == Status.CLOSED:
        return rows.filter(_gone(day)).exclude(pk__in=rows.order_by().filter(_still_there(day)).values("pk"))
    there = rows.filter(_opened_by(day) & _still_there(day))
    if word == Status.OPEN:
        return there
    sure = Q(pk__in=there.order_by().values("pk")) | Q(pk__in=rows.order_by().filter(_gone(day)).values("pk"))
    return rows.exclude(sure)


def unplaced(rows: QuerySet[Institution]) -> QuerySet[Institution]:
    """Those of the rows in this country whose sub-district is not known."""
    return rows.filter(country__in=HERE).exclude(territory__level=4)


def registered(above: Territory | str | None = None) -> QuerySet[Institution]:
    """All that are on record in a territory, whatever their status."""
    rows = Institution.objects.all()
    return rows if above is None else rows.filter(bodies.within("territory", above))


def of_kinds(rows: QuerySet[Institution], kinds: Sequence[str], day: date) -> QuerySet[Institution]:
    """Those of any of these kinds on this day; a kind without dates holds always."""
    held = InstitutionKind.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_before=None) | Q(ends_before__gt=day), kind__in=kinds
    )
    return rows.filter(pk__in=held.values("institution"))


def offering(rows: QuerySet[Institution], stages: Sequence[str]) -> QuerySet[Institution]:
    """Those that offer any of these stages."""
    return rows.filter(pk__in=InstitutionStage.objects.filter(stage__in=stages).values("institution"))


@dataclass(frozen=True)
class Span:
    """What is known of when one institution was open: the reckoning of the queries above, for many days at once."""

    status: str
    opened_on: date | None
    opened_before: date | None
    seen_open_on: date | None
    closed_on: date | None
    closed_before: date | None

    def surely_on(self, day: date) -> bool:
        """Surely open on this day."""
        if self.status == Status.PLANNED:
            return False
        opened = (self.opened_before is not None and self.opened_before <= day + timedelta(days=1)) or (
            self.seen_open_on is not None and self.seen_open_on <= day
        )
        there = (
            self.status == Status.OPEN
            or (self.status == Status.CLOSED and self.closed_on is not None and self.closed_on > day)
            or (self.seen_open_on is not None and self.seen_open_on >= day)
        )
        return opened and there

    def maybe_on(self, day: date) -> bool:
        """Perhaps open on this day: a date is missing or too vague."""
        if self.status == Status.PLANNED or self.surely_on(day):
            return False
        not_yet = (
            self.opened_on is not None
            and self.opened_on > day
            and (self.seen_open_on is None or self.seen_open_on > day)
        )
        gone = (
            self.status == Status.CLOSED
            and self.closed_before is not None
            and self.closed_before <= day + timedelta(days=1)
        )
        return not (not_yet or gone)


def sure_spans(rows: QuerySet[Institution]) -> list[Span]:
    """The spans of these rows, in one query."""
    columns = ("status", "opened_on", "opened_before", "seen_open_on", "closed_on", "closed_before")
    return [Span(*row) for row in rows.values_list(*columns)]
