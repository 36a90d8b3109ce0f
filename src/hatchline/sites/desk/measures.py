"""The measures of a venture that are filled for a calendar year."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from hatchline.apps.observations import queries as observations
from hatchline.apps.observations.models import TimeKind, ValueType

KIND = "ventures.venture"
NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY)


FIRST = ("revenue", "employees", "rd_spending", "taxes_paid", "financing", "valid_rights", "entry_area")


def yearly() -> list[Any]:
    """Stocks and flows that are numbers: what every venture is asked for first, the others by code."""
    rows = observations.measures(KIND).filter(value_type__in=NUMBERS, time_kind__in=[TimeKind.FLOW, TimeKind.STOCK])
    order = {code: place for place, code in enumerate(FIRST)}
    return sorted(rows, key=lambda each: (order.get(each.code, len(order)), each.code))


def name_of(measure: Any) -> str:
    """In the reader's language."""
    english = (get_language() or "").startswith("en")
    return str(measure.name_en if english and measure.name_en else measure.name)


def whole_years(pk: int, seen: Any) -> list[Any]:
    """The values of whole calendar years about a venture, as far as the reader may see them."""
    return [
        each
        for each in observations.values_of(KIND, pk)
        if (each.ends_before - each.starts_on).days > 360 and seen.sees_on("figures", each.starts_on)
    ]
