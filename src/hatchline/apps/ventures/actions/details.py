"""What lists say of ventures beside their own fields, many at once: founders, rights, since when they have a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hatchline.apps.bodies.actions import bulk
from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.ventures.models import Background, Founder, Right, RightKind, Venture, VentureName
from hatchline.core.values.dates import PartialDate

UNKNOWN = PartialDate.unknown()
BATCH = 500


@dataclass(frozen=True, slots=True)
class FounderDraft:
    """One who founded a venture (its key), by name alone. ``backgrounds``: Background values."""

    venture: int
    name: str
    backgrounds: tuple[str, ...] = ()
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class RightDraft:
    """A right a venture (its key) holds. ``kind``: a RightKind value; ``valid_until`` half-open, None: no end known."""

    venture: int
    kind: str
    source: str
    number: str = ""
    title: str = ""
    applied: PartialDate = UNKNOWN
    granted: PartialDate = UNKNOWN
    valid_until: date | None = None


@transaction.atomic
def record_founders(made: Iterable[FounderDraft]) -> int:
    """Part of an import: no ledger rows. Answers how many. A draft without a name is a ValueError."""
    rows = list(made)
    for each in rows:
        if not each.name.strip() or set(each.backgrounds) - set(Background.values):
            raise ValueError(f"no founder of venture {each.venture}: no name, or an unknown background")
    Founder.objects.bulk_create(
        [
            Founder(
                venture_id=each.venture,
                name=each.name.strip(),
                backgrounds=list(each.backgrounds),
                starts_on=each.starts_on,
            )
            for each in rows
        ],
        batch_size=BATCH,
    )
    return len(rows)


@transaction.atomic
def record_rights(made: Iterable[RightDraft]) -> int:
    """Part of an import: no ledger rows. Answers how many. A number a venture has already is an IntegrityError."""
    rows = list(made)
    for each in rows:
        if each.kind not in RightKind.values or not each.source.strip():
            raise ValueError(f"no right of venture {each.venture}: an unknown kind, or no source")
    bulk.insert(
        Right,
        [
            {
                "venture_id": each.venture,
                "kind": each.kind,
                "title": each.title.strip(),
                "number": each.number.strip(),
                "valid_until": each.valid_until,
                "source": each.source.strip(),
                **kept("applied", each.applied),
                **kept("granted", each.granted),
            }
            for each in rows
        ],
    )
    return len(rows)


@transaction.atomic
def date_names(since: Iterable[tuple[int, date]]) -> int:
    """(venture's key, day): the present name began on that day, and with it the one former name it has ended."""
    days = dict(since)
    rows = [Venture(pk=pk, named_on=day) for pk, day in days.items()]
    Venture.objects.bulk_update(rows, ["named_on"], batch_size=BATCH)
    former = list(VentureName.objects.filter(venture__in=list(days), kind="former", ends_before=None))
    for each in former:
        each.ends_before = days[each.venture_id]
    VentureName.objects.bulk_update(former, ["ends_before"], batch_size=BATCH)
    return len(rows)
