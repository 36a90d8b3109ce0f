"""The registers: premises and their spaces, who uses them, idle property."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.columns import days, prepared
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.people.roles import CONSOLE
from hatchline.apps.premises.fitting import Limit, Taken
from hatchline.apps.premises.models import Extent, IdleProperty, Occupancy, Premises, Space
from hatchline.apps.premises.states import OccupancyStatus

DAY = timedelta(days=1)


def premises() -> QuerySet[Premises]:
    """All, with what a list shows."""
    return Premises.objects.select_related("institution", "owner", "territory")


def one(pk: int) -> Premises | None:
    """One with what its page shows."""
    return premises().filter(pk=pk).first()


def of_institution(institution: int) -> QuerySet[Premises]:
    """All that an institution has or had."""
    return premises().filter(institution=institution).order_by("name", "pk")


def visible_to(role: Any, today: date | None = None) -> QuerySet[Premises]:
    """Premises within a role's reach: of the institutions it reaches; for the console also those of no institution."""
    reached = institutions.visible_to(role, today).order_by().values("pk")
    rows = premises()
    if getattr(role, "kind", None) not in CONSOLE:
        return rows.filter(institution__in=reached)
    return rows.filter(Q(institution__in=reached) | Q(institution=None) & _placed(role, today))


def _placed(role: Any, today: date | None) -> Q:
    """In the territory or area a role of the console answers for, or nobody knows where."""
    found = Q()
    if getattr(role, "territory_id", None) is not None and role.territory.level > 1:
        found &= bodies.within("territory", role.territory) | Q(territory=None)
    if getattr(role, "area_id", None) is not None and today is not None:
        found &= Q(territory__in=bodies.area_divisions(role.area, today))
    return found


def in_use_on(day: date) -> Q:
    """Of premises: not surely begun later and not surely over. Those whose beginning nobody knows are in."""
    return ~Q(starts_on__isnull=False, starts_on__gt=day) & ~Q(ended_before__isnull=False, ended_before__lte=day + DAY)


def spaces_of(its: Premises) -> QuerySet[Space]:
    """Its spaces by code, the ones that are no more too."""
    return Space.objects.filter(premises=its).select_related("premises").order_by("code", "pk")


def space(pk: int) -> Space | None:
    """One with its premises."""
    return Space.objects.select_related("premises__institution").filter(pk=pk).first()


def extents_of(its: Space) -> QuerySet[Extent]:
    """How large it is and what for, the latest first."""
    return Extent.objects.filter(space=its).order_by(F("starts_on").desc(nulls_last=True))


def occupancies_in_space(its: Space) -> QuerySet[Occupancy]:
    """Who uses or used it, newest first; the struck ones too."""
    return Occupancy.objects.filter(space=its).order_by("-starts_on", "-pk")


def limits_of(spaces: Collection[int]) -> dict[int, list[Limit]]:
    """How large these spaces are, from which day on. One query, put in order here (see ventures/facts.py)."""
    found: dict[int, list[Limit]] = defaultdict(list)
    for _pk, space, since, area, desks, use in sorted(prepared.rows(_limits, spaces)):
        found[space].append(Limit(days.day(since), area, desks, use))
    return found


def _limits(spaces: Collection[int]) -> QuerySet[Any, Any]:
    columns = ("pk", "space", days.text("starts_on"), "area", "desks", "use")
    return Extent.objects.filter(space__among=spaces).order_by().values_list(*columns)


def taken_of(spaces: Collection[int], but: int = 0) -> dict[int, list[Taken]]:
    """What is surely taken of these spaces, on whatever day. One query."""
    found: dict[int, list[Taken]] = defaultdict(list)
    rows = Occupancy.objects.filter(space__in=spaces, status=OccupancyStatus.RECORDED, held_from__isnull=False).exclude(
        pk=but
    )
    for space, pk, since, until, area, desks in rows.values_list(
        "space", "pk", "held_from", "held_until", "area", "desks"
    ):
        if since is not None:
            found[space].append(Taken(pk, since, until, area, desks))
    return found


def occupancies() -> QuerySet[Occupancy]:
    """All but those struck out, with what a list shows."""
    rows = Occupancy.objects.exclude(status=OccupancyStatus.STRUCK)
    return rows.select_related("space__premises__institution")


def occupancies_on(day: date) -> Q:
    """Of occupancies: surely held on this day."""
    return Q(held_from__lte=day) & (Q(held_until=None) | Q(held_until__gt=day))


def perhaps_occupied_on(day: date) -> Q:
    """Of occupancies: may have held on this day, but not surely."""
    begun = Q(starts_on=None) | Q(starts_on__lte=day)
    there = Q(ended_before=None) | Q(ended_before__gt=day + DAY)
    return begun & there & ~(Q(held_from__isnull=False) & occupancies_on(day))


def occupancies_of(kind: str, pks: Collection[int]) -> QuerySet[Occupancy]:
    """What these ventures or organisations use or used, newest first. Of a merged venture give its family's keys."""
    return occupancies().filter(who_kind=kind, who_id__in=pks).order_by("-starts_on", "-pk")


def occupancies_in(its: Premises) -> QuerySet[Occupancy]:
    """Who uses or used spaces of these premises, newest first; the struck ones too."""
    rows = Occupancy.objects.filter(space__premises=its).select_related("space")
    return rows.order_by("-starts_on", "-pk")


def occupancies_visible_to(role: Any, today: date | None = None) -> QuerySet[Occupancy]:
    """Occupancies of the premises within a role's reach."""
    return occupancies().filter(space__premises__in=visible_to(role, today).order_by().values("pk"))


def idle() -> QuerySet[IdleProperty]:
    """All idle property, with what a list shows."""
    return IdleProperty.objects.select_related("owner", "territory", "premises")


def idle_property(pk: int) -> IdleProperty | None:
    """One with what its page shows."""
    return idle().filter(pk=pk).first()


def idle_visible_to(role: Any, today: date | None = None) -> QuerySet[IdleProperty]:
    """Idle property within a role's reach: the console's roles alone."""
    if getattr(role, "kind", None) not in CONSOLE:
        return idle().none()
    return idle().filter(_placed(role, today))


def number_by_progress(rows: QuerySet[IdleProperty]) -> dict[str, int]:
    """How many of these stand at each step; steps without any are left out."""
    return dict(rows.order_by().values_list("status").annotate(number=Count("pk")))


def locked(pk: int) -> Premises:
    """The row as it is now, held until the transaction ends. Must be called inside one."""
    return Premises.objects.select_for_update().get(pk=pk)


def locked_space(pk: int) -> Space:
    """A space, held until the transaction ends."""
    return Space.objects.select_for_update(of=("self",)).select_related("premises").get(pk=pk)


def locked_occupancy(pk: int) -> Occupancy:
    """An occupancy, held until the transaction ends."""
    return Occupancy.objects.select_for_update(of=("self",)).select_related("space__premises").get(pk=pk)


def locked_idle(pk: int) -> IdleProperty:
    """Idle property, held until the transaction ends."""
    return IdleProperty.objects.select_for_update().get(pk=pk)
