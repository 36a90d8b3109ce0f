"""Making and revoking tokens; counting calls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.tokens import policy, queries
from hatchline.apps.tokens.models import ApiToken, CallWindow
from hatchline.apps.tokens.states import Status
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person, Role

REMEMBERED = timedelta(hours=1)  # how exactly the last use is kept


@transaction.atomic
def make(
    person: Person, *, role: Role | None, name: str, days: int, by: Person, now: datetime, today: date
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is shown now and never again."""
    require(policy.why_not_make(person, role=role, name=name, days=days, by=by, now=now, today=today))
    assert role is not None
    secret = queries.PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person_id=person.pk,
        role_id=role.pk,
        name=name.strip(),
        digest=queries.digest(secret),
        beginning=secret[:9],
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    ledger.move(token, "make", by=by, at=now, role_kind=role.kind, details={"role": role.pk, "days": days})
    return token, secret


@transaction.atomic
def revoke(token: ApiToken, *, by: Person, now: datetime) -> ApiToken:
    """The token opens nothing from now on. It cannot be revived."""
    token = queries.locked(token)
    require(policy.why_not_revoke(token, by=by))
    ledger.move(token, "revoke", by=by, at=now)
    return token


def used(token: ApiToken, *, now: datetime) -> None:
    """Remember that it was used, to the hour: a write for every call would be dear and tell no more."""
    if token.last_used_at is None or now - token.last_used_at >= REMEMBERED:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


@dataclass(frozen=True)
class Count:
    """How a caller stands in the present window. ``wait`` are the seconds until the next one, at least 1."""

    calls: int
    limit: int
    wait: int

    @property
    def is_over(self) -> bool:
        """Whether this call is one too many."""
        return self.calls > self.limit


def count_call(caller: str, *, limit: int, now: datetime, seconds: int = 60) -> Count:
    """Count one call of this caller. One statement adds and reads, so that workers never miss each other's calls."""
    moment = int(now.timestamp())
    window = moment // seconds
    table = connection.ops.quote_name(CallWindow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (caller, {connection.ops.quote_name('window')}, calls) VALUES (%s, %s, 1) "
            f"ON CONFLICT (caller, {connection.ops.quote_name('window')}) "
            f"DO UPDATE SET calls = {table}.calls + 1 RETURNING calls",
            [caller, window],
        )
        calls = cursor.fetchone()[0]
    if calls == 1:  # whoever opens a window clears the earlier ones of the same caller
        CallWindow.objects.filter(caller=caller, window__lt=window).delete()
    return Count(calls, limit, seconds - moment % seconds)


@transaction.atomic
def forget(person: Person, *, by: Person | None, now: datetime, role_kind: str = "") -> int:
    """Part of erasing a person: valid tokens are revoked, then all rows go; the ledger's lines stay."""
    held = ApiToken.objects.select_for_update().filter(person_id=person.pk)
    for token in held.filter(status=Status.VALID):
        ledger.move(token, "revoke", by=by, at=now, role_kind=role_kind)
    callers = [f"person:{person.pk}", *(f"token:{pk}" for pk in held.values_list("pk", flat=True))]
    CallWindow.objects.filter(caller__in=callers).delete()
    gone, _each = held.delete()
    return gone
