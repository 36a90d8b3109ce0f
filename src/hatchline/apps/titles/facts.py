"""Facts about titles that this app vouches for. See core.values.fact and rulebook/vocabulary.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from hatchline.apps.titles import queries
from hatchline.apps.titles.models import OF_INSTITUTIONS as OF_THEM
from hatchline.apps.titles.models import TitleKind
from hatchline.core.values.fact import FactColumn

OF_VENTURES = {"is_high_tech": TitleKind.HIGH_TECH, "is_small_tech_firm": TitleKind.TECH_SME}
OF_INSTITUTIONS = ("title_level",)


def about_institutions(keys: Collection[int], as_of: date) -> list[FactColumn]:
    """The highest level of recognition held on a day. Unknown for who has no title on record. One query."""
    held: dict[int, str] = {}
    ever, unsure = set[int](), set[int]()
    for pk, kind, level, how in queries.standings(queries.INSTITUTION, keys, as_of):
        ever.add(pk)
        if how == "unsure":
            unsure.add(pk)
        elif how == "held" and kind in OF_THEM and (pk not in held or queries.above(level, held[pk])):
            held[pk] = level
    levels: dict[int, object] = {**dict.fromkeys(ever - unsure, "none"), **held}
    known = {pk: level for pk, level in levels.items() if level != "other"}
    return [FactColumn("title_level", known, _("资质登记"), dict.fromkeys(known, as_of), page="titles")]


def about_ventures(
    keys: Collection[int] | None, as_of: date, wanted: Collection[str] | None = None
) -> list[FactColumn]:
    """Which titles ventures hold on a day: true where one is in force, false where one was and ended, else unknown.

    ``wanted``: these facts alone. One query.
    """
    names = [name for name in OF_VENTURES if wanted is None or name in wanted]
    if not names:
        return []
    stands: dict[str, dict[int, set[str]]] = {OF_VENTURES[name].value: defaultdict(set) for name in names}
    for pk, kind, _level, how in queries.standings(queries.VENTURE, keys, as_of, list(stands)):
        stands[kind][pk].add(how)
    found = []
    for name in names:
        its = stands[OF_VENTURES[name].value]
        values = {pk: "held" in hows for pk, hows in its.items() if "held" in hows or "unsure" not in hows}
        found.append(FactColumn(name, values, _("资质登记"), dict.fromkeys(values, as_of), page="titles"))
    return found
