"""Steps of the chain that need legal bodies and ventures both."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as bodies_queries
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.ventures import actions as ventures
from hatchline.core.values.dates import PartialDate

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person
    from hatchline.apps.ventures.models import Venture


@transaction.atomic
def incorporate(
    venture: Venture,
    *,
    name: str,
    credit_code: str,
    on: PartialDate,
    by: Person | None,
    now: datetime,
    today: date,
    version: int | None = None,
    role_kind: str = "",
) -> Venture:
    """The team has become the company with this code. A company that is no record yet becomes one.

    Refused when the code is malformed, or another venture is that company; then nothing is written at all.
    """
    return ventures.incorporate(
        venture,
        organisation=_company(name, credit_code, on, by=by, now=now),
        on=on,
        name=name,
        by=by,
        now=now,
        today=today,
        version=version,
        role_kind=role_kind,
    )


@transaction.atomic
def change_legal_person(
    venture: Venture,
    *,
    name: str,
    credit_code: str,
    on: date,
    reason: str,
    by: Person | None,
    now: datetime,
    today: date,
    version: int | None = None,
    role_kind: str = "",
) -> Venture:
    """From this day the venture goes on as the company with this code, which becomes a record if it is none yet."""
    founded = PartialDate.unknown()
    return ventures.change_legal_person(
        venture,
        organisation=_company(name, credit_code, founded, by=by, now=now),
        on=on,
        reason=reason,
        by=by,
        now=now,
        today=today,
        version=version,
        role_kind=role_kind,
    )


def _company(name: str, credit_code: str, founded: PartialDate, *, by: Person | None, now: datetime) -> int:
    """The key of the legal body with this code. Whoever may not register organisations registers their own company."""
    draft = OrganisationDraft(name=name, credit_code=credit_code, types=("company",), founded=founded)
    if credit_code.strip():
        found = bodies_queries.candidates([draft])[0]
        certain = [each.pk for each in found if each.is_certain]
        if certain:
            return certain[0]
    return bodies.register(draft, by=by, now=now).pk
