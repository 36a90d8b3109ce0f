"""Facts that were observed: a measure whose code the vocabulary knows. See core.values.fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from hatchline.apps.observations import queries
from hatchline.core.values.fact import FactColumn

YEARS = 5  # of yearly facts, counted back from the day
OLDEST = timedelta(days=550)  # a stock that was observed longer ago than this tells nothing about the day


def about(
    subject_kind: str, keys: Collection[int] | QuerySet[Any] | None, as_of: date, *, yearly: Mapping[str, bool],
    known_at: datetime | None = None,
) -> list[FactColumn]:  # fmt: skip
    """What was observed about these subjects (None: all), of periods over by the day. Four queries at most.

    ``yearly``: the measures wanted, and whether the vocabulary wants a value a year; then whole calendar years count.
    """
    if not yearly:
        return []
    values: dict[str, dict[int, object]] = defaultdict(dict)
    on: dict[str, dict[int, date]] = defaultdict(dict)
    sources: dict[str, dict[int, str]] = defaultdict(dict)
    since = as_of - timedelta(days=366 * (YEARS + 1))
    rows = queries.observed(subject_kind, yearly, keys, since, as_of, known_at, OLDEST)
    for code, subject, starts_on, ends_before, value, source in rows:
        name = code
        if yearly[code]:
            name = f"{code}@{starts_on.year}"
        elif on[name].get(subject, date.min) > ends_before:
            continue
        values[name][subject], on[name][subject], sources[name][subject] = value, ends_before, source
    return [FactColumn(name, values[name], "", on[name], sources[name], page="observations") for name in values]
