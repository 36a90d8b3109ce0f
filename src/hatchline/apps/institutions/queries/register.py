"""The register: lists, one institution, the public directory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q, QuerySet

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions.models import Institution, InstitutionKind, InstitutionStage
from hatchline.apps.institutions.states import Status

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory

_SEE_ALL = frozenset({"administrator", "official", "officer", "centre", "auditor"})


def institutions() -> QuerySet[Institution]:
    """What a list shows, in three queries whatever the number of rows. ``kinds`` are those it is of now."""
    return shown(Institution.objects.all())


def shown(rows: QuerySet[Institution]) -> QuerySet[Institution]:
    """These rows with what a list shows."""
    present = InstitutionKind.objects.filter(ends_before=None).order_by("pk")
    return rows.select_related("operator", "territory").prefetch_related(Prefetch("kinds", queryset=present), "stages")


def names_of(pks: Collection[int]) -> dict[int, str]:
    """The names of these. One query."""
    return dict(Institution.objects.filter(pk__in=pks).values_list("pk", "name"))


def _held(day: date | None) -> Q:
    """Kinds that hold now, or on a day; one without dates holds always."""
    if day is None:
        return Q(ends_before=None)
    return (Q(starts_on=None) | Q(starts_on__lte=day)) & (Q(ends_before=None) | Q(ends_before__gt=day))


def kinds_of(pks: Collection[int], day: date | None = None) -> dict[int, tuple[str, ...]]:
    """The kinds that these are of now, or were on a day, by key, in one query."""
    rows = InstitutionKind.objects.filter(_held(day), institution__in=pks).order_by("pk")
    return _gathered(rows.values_list("institution_id", "kind"))


def stages_of(pks: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The stages that these offer, by key, in one query."""
    rows = InstitutionStage.objects.filter(institution__in=pks).order_by("pk")
    return _gathered(rows.values_list("institution_id", "stage"))


def now_of_kinds(rows: QuerySet[Institution], kinds: Collection[str]) -> QuerySet[Institution]:
    """Those of any of these kinds now."""
    held = InstitutionKind.objects.filter(kind__in=kinds, ends_before=None)
    return rows.filter(pk__in=held.values("institution"))


def number_by_kind(rows: QuerySet[Institution], day: date | None = None) -> dict[str, int]:
    """How many of these are of each kind now, or were on a day; kinds without any are left out."""
    listed = InstitutionKind.objects.filter(_held(day), institution__in=rows.order_by().values("pk"))
    return dict(listed.values_list("kind").annotate(number=Count("institution", distinct=True)).order_by())


def number_by_stage(rows: QuerySet[Institution]) -> dict[str, int]:
    """How many of these offer each stage; stages without any are left out."""
    listed = InstitutionStage.objects.filter(institution__in=rows.order_by().values("pk"))
    return dict(listed.values_list("stage").annotate(number=Count("institution", distinct=True)).order_by())


def _gathered(pairs: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for pk, word in pairs:
        found[pk] = (*found.get(pk, ()), word)
    return found


def institution(pk: int) -> Institution | None:
    """One with what its page shows."""
    return institutions().prefetch_related("names").filter(pk=pk).first()


def visible_to(role: Any, today: date | None = None) -> QuerySet[Institution]:
    """The institutions within a role's reach.

    Roles of the console: all within the territory or functional area they answer for (none given: all). Everyone else:
    those that their own organisation operates. ``today`` picks what a functional area covers; without it the
    territories are not narrowed by area.
    """
    kind = getattr(role, "kind", None)
    if kind not in _SEE_ALL:
        own = getattr(role, "organisation_id", None)
        return institutions().filter(operator_id=own) if own is not None else institutions().none()
    found = institutions()
    if getattr(role, "territory_id", None) is not None and role.territory.level > 1:
        found = found.filter(bodies.within("territory", role.territory) | Q(territory=None))
    if getattr(role, "area_id", None) is not None and today is not None:
        found = found.filter(territory__in=bodies.area_divisions(role.area, today))
    return found


@dataclass(frozen=True)
class Directory:
    """The public list of a district: its rows, and how many are in each sub-district."""

    rows: QuerySet[Institution]
    counts: dict[str, int]  # sub-district code → institutions
    elsewhere: int  # institutions whose sub-district is not known
    total: int


def directory(district: Territory | str) -> Directory:
    """Institutions open or planned in a district, for the portal. Two queries; the rows are read when used."""
    listed = Institution.objects.exclude(status=Status.CLOSED).filter(bodies.within("territory", district))
    per = dict(listed.values_list("territory__code").annotate(number=Count("pk")).order_by())
    counts = {code: number for code, number in per.items() if len(code) == 9}
    total = sum(per.values())
    rows = institutions().exclude(status=Status.CLOSED).filter(bodies.within("territory", district)).order_by("name")
    return Directory(rows, counts, total - sum(counts.values()), total)


def locked(pk: int) -> Institution:
    """The row as it is now, held until the transaction ends. Must be called inside one."""
    return Institution.objects.select_for_update().get(pk=pk)
