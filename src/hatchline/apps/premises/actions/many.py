"""Many records at once, as parts of an import or of a made-up district. No ledger rows: the import leaves one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hatchline.apps.premises import drafts, policy, queries
from hatchline.apps.premises.actions.indexing import index_occupancies, index_premises
from hatchline.apps.premises.drafts import OccupancyDraft, PremisesDraft, SpaceDraft
from hatchline.apps.premises.fitting import Taken
from hatchline.apps.premises.models import Extent, Occupancy, Premises, Space
from hatchline.core.values.refusal import Refusal, require

BATCH = 500
CHUNK = 5_000


@transaction.atomic
def register_many(made: Sequence[PremisesDraft], *, now: datetime) -> list[int]:
    """Premises for drafts that passed ``policy.why_not_fields``; their keys in the same order."""
    rows = [
        Premises(registered_at=now, amended_at=now, status=each.first_status, **drafts.columns_of(each.given()))
        for each in made
    ]
    Premises.objects.bulk_create(rows, batch_size=BATCH)
    index_premises([row.pk for row in rows])
    return [row.pk for row in rows]


@transaction.atomic
def amend_many(changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
    """Write fields of premises that passed ``policy.why_not_fields``."""
    wanted = dict(changes)
    for row in Premises.objects.select_for_update().filter(pk__in=list(wanted)).order_by("pk"):
        for column, value in drafts.columns_of(wanted[row.pk]).items():
            setattr(row, column, value)
        row.version += 1
        row.amended_at = now
        row.save()
    index_premises(list(wanted))
    return len(wanted)


@transaction.atomic
def record_spaces(made: Sequence[tuple[int, SpaceDraft]], *, now: datetime) -> list[int]:
    """Spaces of premises, given as (key of the premises, draft); codes new there. Their keys in the same order."""
    rows = [
        Space(premises_id=pk, code=each.code.strip(), kind=each.kind, floor=each.floor, note=each.note, recorded_at=now)
        for pk, each in made
    ]
    Space.objects.bulk_create(rows, batch_size=BATCH)
    Extent.objects.bulk_create(
        [
            Extent(space=row, starts_on=each.since, area=each.area, desks=each.desks, use=each.use)
            for row, (_pk, each) in zip(rows, made, strict=True)
        ],
        batch_size=BATCH,
    )
    return [row.pk for row in rows]


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a draft: the key of its record, or why there is none."""

    pk: int | None
    refusal: Refusal | None = None


@transaction.atomic
def record_occupancies(made: Sequence[OccupancyDraft], *, now: datetime, today: date) -> list[Placed]:
    """Each that fits, one after the other: later drafts find less room. Four queries for every 5,000 drafts."""
    answers: list[Placed] = []
    for start in range(0, len(made), CHUNK):
        answers += _some(made[start : start + CHUNK], now, today)
    return answers


def _some(made: Sequence[OccupancyDraft], now: datetime, today: date) -> list[Placed]:
    spaces = sorted({draft.space for draft in made})
    held = set(Space.objects.select_for_update().filter(pk__in=spaces).order_by("pk").values_list("pk", flat=True))
    limits, taken = queries.limits_of(spaces), queries.taken_of(spaces)
    rows: list[Occupancy] = []
    decided: list[tuple[Occupancy | None, Refusal | None]] = []
    for draft in made:
        assert draft.space in held, f"no space {draft.space}"
        refusal = policy.why_not_draft(draft, today=today)
        refusal = refusal or policy.why_not_fit(limits[draft.space], taken[draft.space], draft)
        if refusal is not None:
            decided.append((None, refusal))
            continue
        row = Occupancy(recorded_at=now, **draft.columns())
        rows.append(row)
        decided.append((row, None))
        if row.held_from is not None:
            taken[draft.space].append(Taken(0, row.held_from, row.held_until, row.area, row.desks))
    Occupancy.objects.bulk_create(rows, batch_size=BATCH)
    index_occupancies([row.pk for row in rows])
    return [Placed(row.pk if row is not None else None, refusal) for row, refusal in decided]


@transaction.atomic
def amend_occupancies(changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
    """What a list adds to occupancies on record: ``ended`` with ``end_state``, or a later day of ``evidence``."""
    wanted = dict(changes)
    for row in Occupancy.objects.select_for_update().filter(pk__in=list(wanted)).order_by("pk"):
        draft = replace(drafts.of(row), **wanted[row.pk])
        require(policy.why_not_draft(draft, today=date.max))
        for column, value in draft.columns().items():
            setattr(row, column, value)
        row.save()
    return len(wanted)
