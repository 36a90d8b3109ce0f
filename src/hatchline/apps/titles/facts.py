"""Facts about titles that this app vouches for. See core.values.fact and rulebook/vocabulary.yaml."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from hatchline.apps.titles import queries
from hatchline.apps.titles.models import TitleKind
from hatchline.core.values.fact import FactColumn

OF_VENTURES = {"is_high_tech": TitleKind.HIGH_TECH, "is_small_tech_firm": TitleKind.TECH_SME}


OF_INSTITUTIONS = ("title_level",)


def about_institutions(keys: Collection[int], as_of: date) -> list[FactColumn]:
    """The highest level of recognition held on a day. Unknown for who has no title on record. Three queries."""
    levels = dict[int, object](queries.highest_levels(queries.INSTITUTION, keys, as_of))
    ever, unsure = queries.bearers(queries.INSTITUTION, keys), queries.unsure_bearers(queries.INSTITUTION, keys, as_of)
    for pk in ever - set(levels) - unsure:
        levels[pk] = "none"
    known = {pk: level for pk, level in levels.items() if level != "other"}
    return [FactColumn("title_level", known, _("资质登记"), dict.fromkeys(known, as_of), page="titles")]


def about_ventures(
    keys: Collection[int] | None, as_of: date, wanted: Collection[str] | None = None
) -> list[FactColumn]:
    """Which titles ventures hold on a day: true where one is in force, false where one was and ended, else unknown.

    ``wanted``: these facts alone. Three queries for each.
    """
    found = []
    for name, kind in OF_VENTURES.items():
        if wanted is not None and name not in wanted:
            continue
        holding = queries.bearers(queries.VENTURE, keys, kind=kind, as_of=as_of)
        unsure = queries.unsure_bearers(queries.VENTURE, keys, as_of, kind=kind)
        ended = queries.bearers(queries.VENTURE, keys, kind=kind) - holding - unsure
        values = {**dict.fromkeys(ended, False), **dict.fromkeys(holding, True)}
        found.append(FactColumn(name, values, _("资质登记"), dict.fromkeys(values, as_of), page="titles"))
    return found
