"""What was measured of a venture or an institution in small pictures, and the rooms that a venture uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hatchline.apps.observations import queries as observations
from hatchline.apps.observations.models import ValueType
from hatchline.apps.premises import queries as premises
from hatchline.apps.premises.models import VENTURE
from hatchline.sites.components import formatting, pictures
from hatchline.sites.console.ventures.listing import KIND
from hatchline.sites.console.ventures.naming import in_english
from hatchline.sites.days import Asked

BARS = 5
PAGES = {KIND: "console:venture_figures", "institutions.institution": "console:institution_figures"}
FIRST = (
    "revenue",
    "rd_spending",
    "employees",
    "valid_rights",
    "venture_capital",
    "financing",
    "entry_area",
    "total_assets",
)
NUMERIC = {ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY}


def of(family: Collection[int], as_of: date, known_at: datetime | None, kind: str = KIND) -> list[observations.Value]:
    """All values of a venture and of the records merged into it, of periods that were over by the day."""
    return [each for pk in family for each in observations.values_of(kind, pk, as_of=as_of, known_at=known_at)]


def is_yearly(value: observations.Value) -> bool:
    """Whether it speaks of a whole year."""
    return (value.ends_before - value.starts_on).days >= 360


def period_words(value: observations.Value) -> str:
    """2016, 2016 Q3 or the days themselves."""
    first, last = value.starts_on, value.ends_before
    if is_yearly(value) and (first.month, first.day) == (1, 1):
        return str(first.year)
    if first.day == 1 and first.month % 3 == 1 and 88 <= (last - first).days <= 93:
        return f"{first.year} Q{first.month // 3 + 1}"
    return f"{first} – {last}"


def shown(measure: Any, value: Any) -> tuple[str | None, str]:
    """A value and its unit as one reads them: (2,268, 万元)."""
    if value is None:
        return None, ""
    if isinstance(value, bool):
        return str(formatting.yes_no(value).striptags()), ""
    if measure.value_type not in NUMERIC:
        return str(value), formatting.unit_words(measure.unit)
    number, scale = formatting.scaled(Decimal(str(value)))
    return number, formatting.scale_and(scale, formatting.unit_words(measure.unit))


def named(measure: Any) -> str:
    """A measure's name in the reader's language."""
    return (in_english() and measure.name_en) or measure.name


def multiples(
    values: Sequence[observations.Value], subject: int, asked: Asked, kind: str = KIND
) -> list[dict[str, Any]]:
    """A small picture of each numeric measure: its last five years, or quarters where no year is known. Each leads to
    who reported it when."""
    declared = {each.code: each for each in observations.measures(kind)}
    page = reverse(PAGES[kind], args=[subject])
    by_code: dict[str, list[observations.Value]] = defaultdict(list)
    for each in values:
        if each.measure in declared and declared[each.measure].value_type in NUMERIC:
            by_code[each.measure].append(each)
    order = {code: place for place, code in enumerate(FIRST)}
    made = []
    for code in sorted(by_code, key=lambda each: (order.get(each, len(order)), each)):
        measure, its = declared[code], by_code[code]
        yearly = [each for each in its if is_yearly(each)]
        made.append(_multiple(measure, yearly or its, bool(yearly), page, asked))
    return made


def _multiple(measure: Any, its: Sequence[observations.Value], yearly: bool, page: str, asked: Asked) -> dict[str, Any]:
    last = max(its, key=lambda each: each.ends_before)
    if yearly:
        by_year = {each.starts_on.year: each.value for each in its}
        years = range(last.starts_on.year - BARS + 1, last.starts_on.year + 1)
        points = [(f"{year % 100:02d}", by_year.get(year)) for year in years]
        before = by_year.get(last.starts_on.year - 1)
    else:
        recent = sorted(its, key=lambda each: each.ends_before)[-BARS:]
        points = [(period_words(each)[2:], each.value) for each in recent]
        before = None
    number, unit = shown(measure, last.value)
    return {
        "title": named(measure),
        "value": number,
        "unit": unit,
        "bars": pictures.bars(points),
        "note": _since_last_year(last.value, before) or period_words(last),
        "source": _("来源：%(source)s") % {"source": formatting.source_words(last.source)},
        "href": asked.onward(f"{page}?measure={measure.code}"),
    }


def told(values: Sequence[observations.Value], kind: str, subject: int, asked: Asked) -> list[dict[str, Any]]:
    """What is no number: the last that was said of each measure, with its period and source."""
    declared = {each.code: each for each in observations.measures(kind)}
    last: dict[str, observations.Value] = {}
    for each in sorted(values, key=lambda one: one.ends_before):
        if each.measure in declared and declared[each.measure].value_type not in NUMERIC:
            last[each.measure] = each
    return [
        {
            "title": named(declared[code]),
            "value": shown(declared[code], each.value)[0],
            "period": period_words(each),
            "source": formatting.source_words(each.source),
            "href": asked.onward(f"{reverse(PAGES[kind], args=[subject])}?measure={code}"),
        }
        for code, each in sorted(last.items())
    ]


def _since_last_year(now: Any, before: Any) -> str:
    if not before or now is None:
        return ""
    share = (Decimal(str(now)) / Decimal(str(before)) - 1) * 100
    return _("较上年 %(change)s%%") % {"change": f"{share:+.1f}"} if abs(share) < 1000 else ""


def occupancies(family: Collection[int], as_of: date) -> list[Any]:
    """Rooms that it uses or used and had begun to use by the day, newest first. One query."""
    found = premises.occupancies_of(VENTURE, family)
    return [each for each in found if each.starts.earliest is None or each.starts.earliest <= as_of]


def room_words(its: Any) -> str:
    """B 座 506 · 186 m², as far as it is known."""
    parts = [its.space.code]
    if its.area is not None:
        parts.append(str(formatting.area(its.area).striptags()))
    elif its.desks is not None:
        parts.append(ngettext("%(count)s 个工位", "%(count)s 个工位", its.desks) % {"count": its.desks})
    return " · ".join(parts)


def rooms(used: Sequence[Any], stays: Sequence[Any], as_of: date) -> dict[int, str]:
    """The room of each stay: the last one it used in the same institution while the stay went on, and since when, where
    that is later than the stay itself."""
    found: dict[int, str] = {}
    for stay in stays:
        begins, ends = stay.starts.earliest or stay.evidence_on, stay.ended.earliest or as_of
        for each in used:
            is_here = each.space.premises.institution_id == stay.institution_id
            first, last = each.starts.earliest, each.ended.earliest
            meets = (first is None or first <= ends) and (last is None or begins is None or last > begins)
            if is_here and meets:
                words = room_words(each)
                if first is not None and begins is not None and first > begins:
                    words = _("%(room)s（%(day)s 起）") % {"room": words, "day": each.starts.code}
                found.setdefault(stay.pk, words)
    return found
