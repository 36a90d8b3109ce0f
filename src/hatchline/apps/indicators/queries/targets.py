"""Targets and the definitions in force."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from hatchline.apps.indicators.models import Definition, Measure, Target

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory


DEFINITIONS = Prefetch("measure__definitions", queryset=Definition.objects.order_by("-starts_on"))


def targets(territory: Territory | str | None = None) -> QuerySet[Target]:
    """Targets with what a page shows, in their document's order. Three queries for any number."""
    rows = Target.objects.select_related("measure", "owner", "territory").prefetch_related("path", DEFINITIONS)
    if territory is None:
        return rows
    code = territory if isinstance(territory, str) else territory.code
    return rows.filter(territory__code=code)


def target(code: str) -> Target | None:
    """One target by its code."""
    return targets().filter(code=code).first()


def locked(pk: int) -> Target:
    """The row as it is now, held until the transaction ends. Must be called inside one."""
    return Target.objects.select_for_update(of=("self",)).select_related("measure").get(pk=pk)


def latest_definition(measure: Measure) -> Definition | None:
    """The definition that began last."""
    return Definition.objects.filter(measure=measure).order_by("-starts_on").first()


def definition_on(measure: Measure, day: date) -> Definition | None:
    """The definition in force on this day; reads what ``targets`` prefetched."""
    for each in measure.definitions.all():
        if each.starts_on <= day and (each.ends_before is None or day < each.ends_before):
            return each
    return None
