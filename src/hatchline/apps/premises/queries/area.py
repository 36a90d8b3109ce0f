"""How much space there is, what for, who uses it and what is free, on a day. Areas in m²; None is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from hatchline.apps.columns import days, prepared
from hatchline.apps.premises.fitting import limit_on
from hatchline.apps.premises.models import VENTURE, Occupancy, Premises, Space, SpaceKind, Tenure, Use
from hatchline.apps.premises.queries.register import in_use_on, limits_of, occupancies_on, perhaps_occupied_on
from hatchline.apps.premises.states import OccupancyStatus

FOR_VENTURES = (Use.INCUBATION.value, Use.SHARED.value)
PUBLIC = (Use.PUBLIC_SERVICE.value, Use.SHARED.value)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Used:
    """A use of a space on the day; ``sure`` False: its dates leave open whether it held."""

    pk: int
    who_kind: str
    who_id: int | None
    name: str
    area: Decimal | None
    desks: int | None
    purpose: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Room:
    """A space as it was on the day. ``free_area``: None when its size or that of a use in it is not known."""

    pk: int
    premises: int
    institution: int | None
    code: str
    floor: str
    kind: str
    use: str
    area: Decimal | None
    desks: int | None
    used: tuple[Used, ...]

    @property
    def in_use(self) -> list[Used]:
        """The uses that surely hold."""
        return [each for each in self.used if each.sure]

    @property
    def free_area(self) -> Decimal | None:
        if self.area is None or any(each.area is None for each in self.in_use):
            return None
        return self.area - sum((each.area or NOTHING for each in self.in_use), NOTHING)

    @property
    def free_desks(self) -> int | None:
        if self.desks is None:
            return None
        return max(0, self.desks - sum(each.desks or 0 for each in self.in_use))

    @property
    def is_free(self) -> bool:
        """Nobody surely or perhaps uses it."""
        return not self.used


def rooms(as_of: date, *, premises: Collection[int] = (), institutions: Collection[int] = ()) -> list[Room]:
    """The spaces there were on the day in these premises, or in all premises of these institutions. Three queries."""
    rows = prepared.rows(_spaces, as_of, None if institutions else premises, institutions or None)
    if not rows:
        return []
    them = [pk for pk, *_rest in rows]
    limits = limits_of(them)
    used = _used(them, as_of)
    made = []
    for pk, its, institution, code, floor, kind in rows:
        limit = limit_on(limits[pk], as_of)
        if limit is not None and limit.area != 0:
            uses = tuple(used[pk])
            made.append(Room(pk, its, institution, code, floor, kind, limit.use, limit.area, limit.desks, uses))
    return made


def _spaces(as_of: date, premises: Collection[int] | None, institutions: Collection[int] | None) -> QuerySet[Any, Any]:
    found = Space.objects.filter(in_premises_on(as_of))
    if institutions is not None:
        found = found.filter(premises__institution__among=institutions)
    if premises is not None:
        found = found.filter(premises__among=premises)
    columns = ("pk", "premises_id", "premises__institution_id", "code", "floor", "kind")
    return found.order_by("premises_id", "code", "pk").values_list(*columns)


def in_premises_on(day: date) -> Q:
    """Of spaces: their premises were in use."""
    return Q(premises__in=Premises.objects.filter(in_use_on(day)).values("pk"))


def _used(spaces: Collection[int], as_of: date) -> dict[int, list[Used]]:
    found: dict[int, list[Used]] = defaultdict(list)
    today = as_of.isoformat()
    rows = prepared.rows(_uses, spaces, as_of)
    for space, since, until, pk, who_kind, who_id, name, area, desks, purpose in rows:
        sure = since is not None and since <= today and (until is None or until > today)
        found[space].append(Used(pk, who_kind, who_id, name, area, desks, purpose, sure))
    return found


def _uses(spaces: Collection[int], as_of: date) -> QuerySet[Any, Any]:
    rows = Occupancy.objects.filter(space__among=spaces, status=OccupancyStatus.RECORDED)
    rows = rows.filter(occupancies_on(as_of) | perhaps_occupied_on(as_of)).order_by("name", "pk")
    dates = (days.text("held_from"), days.text("held_until"))
    return rows.values_list("space", *dates, "pk", "who_kind", "who_id", "name", "area", "desks", "purpose")


@dataclass(frozen=True, slots=True)
class Free:
    """What ventures could still use: m² known to be free, rooms nobody uses, desks. ``unsure``: spaces one cannot tell.

    None: no space of that sort is on record.
    """

    area: Decimal | None = None
    rooms: int | None = None
    desks: int | None = None
    unsure: int = 0


def free(institutions: Collection[int], as_of: date) -> dict[int, Free]:
    """What is free in each of these institutions; one without spaces on record is not in the answer. Three queries."""
    by: dict[int, list[Room]] = defaultdict(list)
    for room in rooms(as_of, institutions=institutions):
        if room.institution is not None and room.use in FOR_VENTURES:
            by[room.institution].append(room)
    return {pk: _free(its) for pk, its in by.items()}


def _free(its: Iterable[Room]) -> Free:
    its = list(its)
    areas = [each.free_area for each in its]
    known = [area for area in areas if area is not None]
    whole = [each for each in its if each.kind == SpaceKind.ROOM]
    desks = [each.free_desks for each in its if each.kind != SpaceKind.ROOM and each.free_desks is not None]
    single = [each for each in its if each.kind == SpaceKind.DESK and each.desks is None]
    number = sum(desks) + sum(each.is_free for each in single)
    return Free(
        sum(known, NOTHING) if known else None,
        sum(each.is_free for each in whole) if whole else None,
        number if desks or single else None,
        len(areas) - len(known),
    )


def free_area(institution: int, as_of: date) -> Decimal | None:
    """m² that ventures could still use; None: not known."""
    return free([institution], as_of).get(institution, Free()).area


def free_places(institution: int, as_of: date) -> int | None:
    """Rooms and desks that nobody uses; None: no spaces for ventures are on record."""
    found = free([institution], as_of).get(institution, Free())
    known = [each for each in (found.rooms, found.desks) if each is not None]
    return sum(known) if known else None


def area_by_use(institution: int, as_of: date) -> dict[str, Decimal | None]:
    """m² of its spaces for each use there is; None where the size of one of them is not known."""
    return _by_use(rooms(as_of, institutions=[institution]))


def _by_use(its: Iterable[Room]) -> dict[str, Decimal | None]:
    found: dict[str, list[Decimal | None]] = defaultdict(list)
    for room in its:
        found[room.use].append(room.area)
    return {use.value: _sum(found[use.value]) for use in Use if use.value in found}


def _sum(areas: Collection[Decimal | None]) -> Decimal | None:
    if not areas or any(each is None for each in areas):
        return None
    return sum((each for each in areas if each is not None), NOTHING)


def area_of_occupants(kind: str, pks: Collection[int], as_of: date) -> dict[int, Decimal | None]:
    """m² that each of these surely uses that day, wherever; None where an area is missing. One query."""
    found: dict[int, list[Decimal | None]] = defaultdict(list)
    for pk, area in prepared.rows(_areas, kind, pks, as_of):
        found[pk].append(area)
    return {pk: _sum(areas) for pk, areas in found.items()}


def _areas(kind: str, pks: Collection[int], as_of: date) -> QuerySet[Any, Any]:
    rows = Occupancy.objects.filter(occupancies_on(as_of), who_kind=kind, status=OccupancyStatus.RECORDED)
    return rows.filter(who_id__among=pks).values_list("who_id", "area")


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules ask about an institution's space, as of a day. Names are the vocabulary's; None: not known.

    ``controlled_area``: all it has at its disposal, whoever owns it. ``tenant_used_area``: surely used by ventures (by
    its own ``tenants`` alone when they were given), with public service and shared space. ``used_share``: of
    incubation area, public service and shared space included.
    """

    controlled_area: Decimal | None
    incubation_area: Decimal | None
    tenant_used_area: Decimal | None
    desk_and_public_area: Decimal | None
    desks: int | None
    used_share: Decimal | None


def facts(
    institutions: Collection[int], as_of: date, *, tenants: Mapping[int, Collection[int]] | None = None
) -> dict[int, Facts]:
    """For each of these institutions with premises on record; ``tenants``: by institution. Four queries."""
    places = _places(institutions, as_of)
    by: dict[int, list[Room]] = defaultdict(list)
    for room in rooms(as_of, institutions=institutions) if places else []:
        by[room.institution or 0].append(room)
    return {
        pk: _facts(its, by[pk], None if tenants is None else frozenset(tenants.get(pk, ())))
        for pk, its in places.items()
    }


@dataclass(frozen=True, slots=True)
class _Place:
    pk: int
    area: Decimal | None
    tenure: str
    dated: bool


def _places(institutions: Collection[int], as_of: date) -> dict[int, list[_Place]]:
    found: dict[int, list[_Place]] = defaultdict(list)
    for institution, pk, area, tenure, start in prepared.rows(_premises, institutions, as_of):
        found[institution].append(_Place(pk, area, tenure, start is not None))
    return found


def _premises(institutions: Collection[int], as_of: date) -> QuerySet[Any, Any]:
    rows = Premises.objects.filter(in_use_on(as_of), institution__among=institutions)
    return rows.values_list("institution_id", "pk", "area", "tenure", "starts_before")


def _area_of(place: _Place, its: Collection[Room]) -> Decimal | None:
    """The total its papers say, else the sum of its spaces."""
    return place.area if place.area is not None else _sum([each.area for each in its if each.premises == place.pk])


def _facts(places: Collection[_Place], its: Collection[Room], tenants: frozenset[int] | None) -> Facts:
    uses = _by_use(its)
    open_to_all = [uses[use] for use in PUBLIC if use in uses]
    incubation = [uses[use] for use in (Use.INCUBATION.value, *PUBLIC) if use in uses]
    taken = [
        each.area
        for room in its
        if room.use not in PUBLIC
        for each in room.in_use
        if each.who_kind == VENTURE and (tenants is None or each.who_id in tenants)
    ]
    parts = [*taken, *open_to_all]
    used = _sum(parts) if parts else (NOTHING if its else None)
    at_desks = [room.area for room in its if room.kind != SpaceKind.ROOM and room.use not in PUBLIC]
    desks = [room.desks if room.kind != SpaceKind.DESK else room.desks or 1 for room in its if room.kind != "room"]
    whole = _sum(incubation)
    return Facts(
        _sum([_area_of(place, its) for place in places]),
        whole,
        used,
        _sum([*at_desks, *open_to_all]),
        sum(each or 0 for each in desks) if desks and None not in desks else None,
        used / whole if used is not None and whole else None,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """An institution's space on a day, for its profile: premises, area by use, what is used and what is free."""

    premises: int
    undated: int  # of these, how many of which nobody knows since when
    total_area: Decimal | None
    owned_area: Decimal | None
    leased_area: Decimal | None
    converted: int  # premises made of idle property
    by_use: dict[str, Decimal | None] = field(default_factory=dict)
    used_area: Decimal | None = None
    ventures: int = 0  # that surely use a space that day
    others: int = 0
    free: Free = Free()
    facts: Facts | None = None

    @property
    def uses(self) -> list[tuple[str, Decimal | None]]:
        """Each use there is, in words, with its area."""
        return [(str(Use(use).label), area) for use, area in self.by_use.items()]


def summary(institution_pk: int, as_of: date) -> Summary:
    """Everything an institution's profile says of its space, in four queries."""
    places = _places([institution_pk], as_of).get(institution_pk, [])
    if not places:
        return Summary(0, 0, None, None, None, 0)
    its = rooms(as_of, institutions=[institution_pk])
    held = [each for room in its for each in room.in_use]
    who = {(each.who_kind, each.who_id) for each in held if each.who_kind}
    ventures = sum(kind == VENTURE for kind, _pk in who)
    return Summary(
        premises=len(places),
        undated=sum(not each.dated for each in places),
        total_area=_sum([_area_of(each, its) for each in places]),
        owned_area=_tenured(places, its, (Tenure.OWNED.value,)),
        leased_area=_tenured(places, its, (Tenure.LEASED.value, Tenure.FREE.value)),
        converted=Premises.objects.filter(pk__in=[each.pk for each in places], converted_from_idle=True).count(),
        by_use=_by_use(its),
        used_area=_sum([each.area for each in held]) if held else (NOTHING if its else None),
        ventures=ventures,
        others=len(who) - ventures,
        free=_free([room for room in its if room.use in FOR_VENTURES]) if its else Free(),
        facts=_facts(places, its, None),
    )


def _tenured(places: Collection[_Place], its: Collection[Room], wanted: Collection[str]) -> Decimal | None:
    """The area held in one of these ways; nothing when its tenure is known of all, unknown when it is not."""
    of = [_area_of(each, its) for each in places if each.tenure in wanted]
    if not of:
        return None if any(each.tenure == Tenure.UNKNOWN for each in places) else NOTHING
    return _sum(of)
