"""Verbs on roles and invitations."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.people import policy, queries
from hatchline.apps.people.actions import accounts
from hatchline.apps.people.models import Account, Invitation, Person, Role
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import FunctionalArea, Organisation, Territory

A_WEEK = timedelta(days=7)


@transaction.atomic
def grant(
    person: Person,
    *,
    kind: str,
    organisation: Organisation | None = None,
    territory: Territory | None = None,
    area: FunctionalArea | None = None,
    starts_on: date,
    ends_before: date | None = None,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Role:
    """Give a person a role in at most one place, over [starts_on, ends_before)."""
    person = queries.locked(person)
    places = {"organisation": organisation, "territory": territory, "area": area}
    require(
        policy.why_not_as("grant", role_kind)
        or policy.why_not_grant(person, kind=kind, places=places, starts_on=starts_on, ends_before=ends_before)
    )
    role = Role.objects.create(person=person, kind=kind, starts_on=starts_on, ends_before=ends_before, **places)
    details = {"person": person.pk, "kind": kind, "place": _key(role)}
    ledger.move(role, "grant", by=by, at=now, role_kind=role_kind, details=details)
    return role


@transaction.atomic
def end_role(
    role: Role, *, ends_before: date, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Role:
    """The role holds until the day before ``ends_before``."""
    queries.hold_administrators()
    role = queries.locked(role)
    require(
        policy.why_not_as("end_role", role_kind) or policy.why_not_end_role(role, ends_before=ends_before, today=today)
    )
    role.ends_before = ends_before
    role.save(update_fields=["ends_before"])
    details = {"person": role.person_id, "kind": role.kind, "ends_before": ends_before.isoformat()}
    ledger.move(role, "end_role", by=by, at=now, role_kind=role_kind, details=details)
    return role


@transaction.atomic
def invite(
    person: Person,
    *,
    kind: str,
    organisation: Organisation | None = None,
    territory: Territory | None = None,
    area: FunctionalArea | None = None,
    starts_on: date,
    ends_before: date | None = None,
    by: Person | None,
    now: datetime,
    valid_for: timedelta = A_WEEK,
    role_kind: str = "",
) -> tuple[Invitation, str]:
    """Offer a role to a person. Answers the invitation and its token, which is shown once and kept nowhere."""
    person = queries.locked(person)
    places = {"organisation": organisation, "territory": territory, "area": area}
    require(
        policy.why_not_as("invite", role_kind)
        or policy.why_not_grant(person, kind=kind, places=places, starts_on=starts_on, ends_before=ends_before)
    )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        person=person,
        kind=kind,
        starts_on=starts_on,
        ends_before=ends_before,
        token_digest=queries.token_digest(token),
        invited_at=now,
        expires_at=now + valid_for,
        **places,
    )
    details = {"person": person.pk, "kind": kind, "place": _key(invitation)}
    ledger.move(invitation, "invite", by=by, at=now, role_kind=role_kind, details=details)
    return invitation, token


@transaction.atomic
def accept(
    invitation: Invitation, *, account: Account | None = None, username: str = "", password: str = "", now: datetime
) -> Account:
    """Take the role offered: with the account one is signed in to, or with a new one of this username and password."""
    invitation = queries.locked(invitation)
    person = queries.locked(invitation.person)
    existing = Account.objects.filter(person=person).first()
    require(policy.why_not_accept(invitation, account=account, now=now))
    if account is None:
        require(policy.why_not_take_without_signing_in(existing))
        account = accounts.make_account(person, username=username, password=password, by=person, now=now)
    places = {name: getattr(invitation, name) for name in ("organisation", "territory", "area")}
    grant(
        person,
        kind=invitation.kind,
        starts_on=invitation.starts_on,
        ends_before=invitation.ends_before,
        by=person,
        now=now,
        **places,
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    ledger.move(invitation, "accept", by=person, at=now, details={"person": person.pk})
    return account


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Person | None, now: datetime, role_kind: str = "") -> Invitation:
    """Take an open invitation back: its token opens nothing any more."""
    invitation = queries.locked(invitation)
    require(policy.why_not_as("withdraw", role_kind))
    ledger.move(invitation, "withdraw", by=by, at=now, role_kind=role_kind, details={"person": invitation.person_id})
    return invitation


def _key(row: Role | Invitation) -> str:
    """The key of the place: "territory:110105"; "" for everywhere."""
    if row.territory is not None:
        return f"territory:{row.territory.code}"
    if row.area is not None:
        return f"area:{row.area.code}"
    return f"organisation:{row.organisation_id}" if row.organisation_id is not None else ""
