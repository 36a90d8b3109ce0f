"""For imports: which premises, spaces and occupancies a list speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hatchline.apps.bodies.queries import Candidate
from hatchline.apps.premises.drafts import PremisesDraft
from hatchline.apps.premises.models import Occupancy, Premises, Space
from hatchline.apps.premises.states import OccupancyStatus
from hatchline.core.values import names


def places_named(institutions: Collection[int]) -> dict[tuple[int, str], list[int]]:
    """(institution, key of the name) → keys of premises. One query."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = Premises.objects.filter(institution__in=institutions)
    for pk, institution, key in rows.values_list("pk", "institution_id", "name_key"):
        found[(institution, key)].append(pk)
    return found


def candidates(made: Sequence[PremisesDraft]) -> list[list[Candidate]]:
    """For each draft the premises it may be: the same name and institution. Certain where there is just one."""
    keys = [names.key(draft.name) for draft in made]
    rows = Premises.objects.filter(name_key__in=set(keys)).order_by("pk")
    by: dict[tuple[int | None, str], list[tuple[int, str]]] = defaultdict(list)
    for pk, institution, key, name in rows.values_list("pk", "institution_id", "name_key", "name"):
        by[(institution, key)].append((pk, name))
    found = []
    for draft, key in zip(made, keys, strict=True):
        its = by.get((draft.institution, key), [])
        found.append([Candidate(pk, name, ("same_name",), len(its) == 1) for pk, name in its])
    return found


def spaces_named(premises: Collection[int]) -> dict[tuple[int, str], int]:
    """(premises, code) → space. One query."""
    rows = Space.objects.filter(premises__in=premises)
    return {(its, code): pk for pk, its, code in rows.values_list("pk", "premises_id", "code")}


@dataclass(frozen=True, slots=True)
class KnownOccupancy:
    """What is on record of one use of a space."""

    pk: int
    space: int
    who_kind: str
    who_id: int | None
    name: str
    starts_on: date | None
    starts_before: date | None
    end_state: str
    evidence_on: date | None


def known_occupancies(spaces: Collection[int]) -> dict[tuple[Any, ...], KnownOccupancy]:
    """(space, kind and key of who, name key for common use, first and last+1 possible day it began) → on record."""
    rows = Occupancy.objects.filter(space__in=spaces, status=OccupancyStatus.RECORDED)
    columns = ("pk", "space_id", "who_kind", "who_id", "name", "starts_on", "starts_before", "end_state", "evidence_on")
    found = {}
    for row in rows.order_by("pk").values_list(*columns):
        known = KnownOccupancy(*row)
        key = (known.space, known.who_kind, known.who_id, "" if known.who_id else names.key(known.name))
        found[(*key, known.starts_on, known.starts_before)] = known
    return found
