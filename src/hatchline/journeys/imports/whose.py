"""Whose word a list is: who had its rows taken in, and whether they speak for the district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hatchline.apps.ledger import queries as entries
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import AUTHORITY
from hatchline.journeys.imports.lives import business_day

if TYPE_CHECKING:
    from hatchline.apps.imports.models import Run
    from hatchline.apps.people.models import Person


def starter(run: Run) -> Person | None:
    """Who had the rows taken in, by the ledger; what the worker writes is theirs. None for the system."""
    entry = entries.entry(run.entry_id) if run.entry_id else None
    return people.person(entry.by_id) if entry is not None and entry.by_id else run.by


def is_of_district(run: Run) -> bool:
    """Whether the authority or the system had the rows taken in. What anybody else brings is the word of one side."""
    entry = entries.entry(run.entry_id) if run.entry_id else None
    return entry.role_kind in AUTHORITY if entry is not None and entry.role_kind else is_authority(starter(run))


def is_authority(who: Person | None) -> bool:
    """Whether this person speaks for the authority today; None: the system, which does."""
    return who is None or any(each.kind in AUTHORITY for each in people.roles_of_person(who, today=business_day()))
