"""Facts that were observed: a measure whose code the vocabulary knows. See core.values.fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from hatchline.apps.observations import queries
from hatchline.core.values.fact import FactColumn

YEARS = 5  # of yearly facts, counted back from the day
OLDEST = timedelta(days=550)  # a stock that was observed longer ago than this tells nothing about the day


def about(
    subject_kind: str, keys: Collection[int] | None, as_of: date, *, yearly: Mapping[str, bool],
    known_at: datetime | None = None,
) -> list[FactColumn]:  # fmt: skip
    """What was observed about these subjects (None: all), of periods over by the day. Four queries at most.

    ``yearly``: the measures wanted, and whether the vocabulary wants a value a year; then whole calendar years count.
    """
    if not yearly:
        return []
    found: dict[str, tuple[dict[int, object], dict[int, date], dict[int, str]]] = defaultdict(lambda: ({}, {}, {}))
    since = as_of - timedelta(days=366 * (YEARS + 1))
    rows = queries.observed(subject_kind, yearly, keys, since, as_of, known_at, OLDEST)
    for code, subject, starts_on, ends_before, value, source in rows:
        is_yearly = yearly[code]
        values, on, sources = found[f"{code}@{starts_on.year}" if is_yearly else code]
        if is_yearly or subject not in on or on[subject] <= ends_before:
            values[subject], on[subject], sources[subject] = value, ends_before, source
    return [
        FactColumn(name, values, "", on, sources, page="observations") for name, (values, on, sources) in found.items()
    ]
