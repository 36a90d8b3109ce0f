"""Questions about tokens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models

from hatchline.apps.people import queries as people
from hatchline.apps.tokens.models import ApiToken
from hatchline.apps.tokens.states import Status

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person, Role

PREFIX = "hl_"


@dataclass(frozen=True)
class Holder:
    """Who a valid token stands for, and in which role."""

    token: ApiToken
    person: Person
    role: Role


def digest(secret: str) -> str:
    """What is kept of a token. It is long and random, so a plain hash tells nothing about it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def locked(token: ApiToken) -> ApiToken:
    """The token as it is now, held until the transaction ends."""
    return ApiToken.objects.select_for_update().get(pk=token.pk)


def tokens_of(person: Person) -> models.QuerySet[ApiToken]:
    """All tokens a person made, newest first."""
    return ApiToken.objects.filter(person_id=person.pk).select_related(
        "role", "role__organisation", "role__territory", "role__area"
    )


def token_of(person: Person, pk: int) -> ApiToken | None:
    """One token, if it is this person's."""
    return tokens_of(person).filter(pk=pk).first()


def valid_count(person: Person, *, now: datetime) -> int:
    """How many of a person's tokens could be used now."""
    return ApiToken.objects.filter(person_id=person.pk, status=Status.VALID, expires_at__gt=now).count()


def holder(secret: str, *, now: datetime, today: date) -> Holder | None:
    """Who this token stands for; None when it is unknown, revoked, expired, or its role or account has ended."""
    if not secret.startswith(PREFIX):
        return None
    found = (
        ApiToken.objects.select_related("person__account")
        .filter(digest=digest(secret), status=Status.VALID, expires_at__gt=now, person__account__is_active=True)
        .first()
    )
    if found is None:
        return None
    role = next((each for each in people.roles_of(found.person.account, today=today) if each.pk == found.role_id), None)
    return Holder(found, found.person, role) if role is not None else None


def dossier(person: Person) -> list[dict[str, str | None]]:
    """All tokens a person has or had; secrets are not kept, so there are none to tell."""
    return [
        {
            "name": each.name,
            "beginning": each.beginning,
            "status": each.status,
            "made_at": each.made_at.isoformat(),
            "expires_at": each.expires_at.isoformat(),
            "last_used_at": each.last_used_at.isoformat() if each.last_used_at is not None else None,
        }
        for each in ApiToken.objects.filter(person_id=person.pk).order_by("pk")
    ]
