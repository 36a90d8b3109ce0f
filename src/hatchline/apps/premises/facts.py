"""Facts about space that this app vouches for. See core.values.fact and rulebook/vocabulary.yaml."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _

from hatchline.apps.premises import queries
from hatchline.core.values.fact import FactColumn

OF_OCCUPANTS = ("entry_area",)
OF_INSTITUTIONS = ("controlled_area", "tenant_used_area", "desk_and_public_area", "desks")


def about_institutions(
    keys: Collection[int], as_of: date, tenants: Mapping[int, Collection[int]] | None = None
) -> list[FactColumn]:
    """Area and desks as of a day; what its own ``tenants`` alone use, when they are given. Four queries."""
    found, on = queries.facts(keys, as_of, tenants=tenants), dict.fromkeys(keys, as_of)
    source = _("场地与用房登记")
    return [
        FactColumn(name, {pk: getattr(its, name) for pk, its in found.items()}, source, on, page="space")
        for name in OF_INSTITUTIONS
    ]


def about_occupants(kind: str, keys: Collection[int], as_of: date) -> list[FactColumn]:
    """The area that each of these surely uses, as of a day. One query."""
    used = queries.area_of_occupants(kind, keys, as_of)
    return [FactColumn("entry_area", used, _("用房登记"), dict.fromkeys(used, as_of), page="space")]
