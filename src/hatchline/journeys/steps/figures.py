"""A year's figures of a venture as one form: new values recorded, changed ones corrected, doubtful ones asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import queries
from hatchline.core.values.refusal import Refused

if TYPE_CHECKING:
    from hatchline.apps.observations.models import Observation
    from hatchline.apps.people.models import Person
    from hatchline.core.values.refusal import Refusal


@dataclass
class Doubts(Exception):
    """Nothing was written: measure code → why. ``may_insist``: codes that a reason would let in."""

    found: dict[str, Refusal]
    may_insist: set[str] = field(default_factory=set)


@transaction.atomic
def report(
    venture: int,
    year: int,
    values: Mapping[str, Any],
    *,
    source: str,
    reason: str = "",
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
    is_checked: bool = False,
) -> int:
    """Record these values (measure code → value in the measure's unit) for a calendar year; how many are new.

    ``reason``: why a figure that looks wrong is right, or why one on record is corrected. Any doubt without a reason,
    and any refusal, raises ``Doubts`` and nothing is written. A reason to correct says nothing of the unit: a corrected
    sum that looks as if it were in another one is a doubt until it ``is_checked``.
    """
    starts_on, ends_before = date(year, 1, 1), date(year + 1, 1, 1)
    given = [observations.Given(code, venture, starts_on, ends_before, value, reason) for code, value in values.items()]
    done: dict[str, Any] = {"source": source, "by": by, "now": now, "role_kind": role_kind}
    taken = observations.record_many(given, today=today, **done)
    found: dict[str, Refusal] = {}
    may_insist: set[str] = set()
    written = 0
    for each, answer in zip(given, taken, strict=True):
        if answer.outcome == "recorded":
            written += 1
        if answer.refusal is None:
            continue
        there: Observation | None = queries.observation(answer.pk) if answer.pk is not None else None
        if answer.outcome == "question" and reason.strip() and there is not None:
            try:
                sure = reason if is_checked else ""
                observations.correct(there, value=each.value, reason=reason, sure=sure, **done)
                written += 1
            except Refused as refused:
                found[each.measure] = refused.refusal
            continue
        found[each.measure] = answer.refusal
        if answer.outcome == "question":
            may_insist.add(each.measure)
    if found:
        raise Doubts(found, may_insist)
    return written
