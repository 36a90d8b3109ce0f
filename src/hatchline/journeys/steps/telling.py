"""Who the parties of a step are, and telling them. Whoever did it is not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from hatchline.apps.messages import actions as messages
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.ventures.models import STAGES
from hatchline.apps.ventures.queries import sight

if TYPE_CHECKING:
    from django.db import models

    from hatchline.apps.institutions.models import Institution
    from hatchline.apps.people.models import Person
    from hatchline.apps.ventures.models import Venture


def stage_word(stage: str) -> Any:
    """The stage's name, said in the reader's language."""
    return dict(STAGES)[stage]


def of_institution(institution: Institution, today: date) -> list[Person]:
    """Managers and staff of the body that operates it; nobody when the operator is not known."""
    if institution.operator_id is None:
        return []
    return list(people.in_role(RoleKind.MANAGER, RoleKind.STAFF, today=today, organisation=institution.operator_id))


def of_venture(venture: Venture, today: date) -> list[Person]:
    """Founders on record with an account, and those who act for its company."""
    found = {person.pk: person for person in sight.founders_persons(venture) if hasattr(person, "account")}
    if venture.legal_person_id is not None:
        acting = people.in_role(RoleKind.FOUNDER, today=today, organisation=venture.legal_person_id)
        found |= {person.pk: person for person in acting}
    return list(found.values())


def tell(
    whom: Iterable[Person],
    *,
    kind: str,
    title: Any,
    text: Any,
    params: Mapping[str, Any],
    link: str,
    subject: models.Model,
    needs_answer: bool = False,
    by: Person | None,
    now: datetime,
) -> int:
    """Send the same news to each of them once; answers how many were told. ``title`` and ``text`` are msgids."""
    told = 0
    for person in whom:
        if by is not None and person.pk == by.pk:
            continue
        messages.send(
            to=person,
            kind=kind,
            title=title,
            text=text,
            params=params,
            link=link,
            subject=subject,
            needs_answer=needs_answer,
            now=now,
            once_key=f"{kind} {subject.pk} {person.pk}",
        )
        told += 1
    return told
