"""Whether an occupancy fits its space on every day, said with the day and the number; the database's guard forbids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hatchline.core.chain.holding import Span

Amount = Decimal | int


@dataclass(frozen=True, slots=True)
class Limit:
    """How large a space is from a day on; None: from ever. None as area or desks: not known, hence no limit."""

    since: date | None
    area: Decimal | None
    desks: int | None
    use: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What an occupancy surely takes, on half-open days."""

    pk: int
    since: date
    until: date | None
    area: Decimal | None
    desks: int | None


@dataclass(frozen=True, slots=True)
class Tight:
    """The day on which least is left, how much, and of how much; ``left`` None: nobody knows how large it is."""

    day: date
    left: Amount | None
    limit: Amount | None


def limit_on(limits: Sequence[Limit], day: date) -> Limit | None:
    """What holds on this day; None: there was no such space."""
    found = [each for each in limits if each.since is None or each.since <= day]
    return max(found, key=lambda each: each.since or date.min) if found else None


def taken_on(taken: Collection[Taken], day: date) -> list[Taken]:
    """What is surely taken on this day."""
    return [each for each in taken if each.since <= day and (each.until is None or day < each.until)]


def tightest(limits: Sequence[Limit], taken: Collection[Taken], span: Span, of: str = "area") -> Tight:
    """Where least is left within ``span`` (which has a beginning). ``of``: "area" in m², or "desks"."""
    assert span.since is not None
    days = {span.since}
    for day in [*(each.since for each in limits), *(each.since for each in taken)]:
        if day is not None and day > span.since and (span.until is None or day < span.until):
            days.add(day)
    found: Tight | None = None
    for day in sorted(days):
        here = limit_on(limits, day)
        size: Amount | None = getattr(here, of) if here is not None else Decimal(0)
        used = sum((getattr(each, of) or 0 for each in taken_on(taken, day)), Decimal(0))
        left = None if size is None else size - used
        if found is None or (left is not None and (found.left is None or left < found.left)):
            found = Tight(day, left, size)
    assert found is not None
    return found
