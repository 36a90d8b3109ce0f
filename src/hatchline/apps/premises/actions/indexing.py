"""Words of premises, idle property and occupancies for search."""

from __future__ import annotations

from collections.abc import Collection

from hatchline.apps.premises.models import IdleProperty, Occupancy, Premises
from hatchline.apps.search import actions as search

PREMISES, IDLE, OCCUPANCY = "premises.premises", "premises.idleproperty", "premises.occupancy"


def index_premises(pks: Collection[int]) -> None:
    """Found by name, owner, institution and place."""
    rows = Premises.objects.filter(pk__in=pks).select_related("owner", "institution", "territory")
    search.index_many(PREMISES, [search.Row(row.pk, [row.name], [], _about(row, row.institution)) for row in rows])


def index_idle(pks: Collection[int]) -> None:
    """Found by name, owner and place."""
    rows = IdleProperty.objects.filter(pk__in=pks).select_related("owner", "territory")
    search.index_many(IDLE, [search.Row(row.pk, [row.name], [], _about(row, row.former_use)) for row in rows])


def index_occupancies(pks: Collection[int]) -> None:
    """Found by who uses it, where and as what."""
    rows = Occupancy.objects.filter(pk__in=pks)
    columns = ("pk", "name", "space__code", "space__premises__name", "purpose")
    search.index_many(
        OCCUPANCY,
        [
            search.Row(pk, [name], [], f"{premises} {code} {purpose}")
            for pk, name, code, premises, purpose in rows.values_list(*columns)
        ],
    )


def _about(row: Premises | IdleProperty, more: object) -> str:
    owner, place = row.owner.name if row.owner else "", row.territory.name if row.territory else ""
    return " ".join(filter(None, [owner, str(more or ""), place, row.address]))
