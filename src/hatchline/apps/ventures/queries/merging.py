"""Two records side by side: what would stand against taking them together, and what was taken together."""

from __future__ import annotations

from django.db.models import CharField, Count, Model, QuerySet, Value

from hatchline.apps.ventures.history import History
from hatchline.apps.ventures.models import Application, Founder, Funding, Handover, Merge, Right, Stay


def merges() -> QuerySet[Merge]:
    """Records taken into others, the last first; those undone too."""
    return Merge.objects.select_related("kept", "gone").order_by("-pk")


def merge(pk: int) -> Merge | None:
    """One of them."""
    return merges().filter(pk=pk).first()


def history_of(one: int, other: int) -> History:
    """What is known of both and of the institutions they were in, without holding anything. Three queries."""
    known = History()
    known.load([one, other], [], held=False)
    known.load([], {stay.institution for pk in (one, other) for stay in known.stays[pk]}, held=False)
    return known


def overlaps(one: int, other: int) -> list[tuple[Stay, Stay]]:
    """The incubation stays of the two that surely share a day: both cannot stand once the records are one.

    Four queries.
    """
    known = history_of(one, other)
    found = [
        (first.pk, second.pk)
        for first in known.stays[one]
        for second in known.stays[other]
        if first.excludes and second.excludes and first.sure and second.sure and first.sure.touches(second.sure)
    ]
    rows = Stay.objects.select_related("institution").in_bulk({pk for pair in found for pk in pair})
    return [(rows[first], rows[second]) for first, second in found]


def moving(pk: int) -> dict[str, int]:
    """How many rows would go over with this record, by what they are. One query."""
    of: dict[str, type[Model]] = {
        "stays": Stay,
        "applications": Application,
        "handovers": Handover,
        "founders": Founder,
        "rights": Right,
        "fundings": Funding,
    }
    parts = [
        model._default_manager.filter(venture=pk)
        .annotate(_of=Value(name, CharField()))
        .values("_of")
        .annotate(_n=Count("pk"))
        .values_list("_of", "_n")
        for name, model in of.items()
    ]
    found = dict(parts[0].union(*parts[1:], all=True))
    return {name: found.get(name, 0) for name in of}
