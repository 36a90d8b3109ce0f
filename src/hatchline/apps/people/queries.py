"""Questions about persons, accounts, roles, invitations and ties. They write nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from hatchline.apps import columns
from hatchline.apps.bodies import queries as bodies
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people.models import Account, ContactPoint, Identity, Invitation, Person, Role, Tie
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.people.states import ContactKind, InvitationStatus, Visibility

WATCHING = frozenset({RoleKind.ADMINISTRATOR, RoleKind.OFFICIAL, RoleKind.AUDITOR})
Row = TypeVar("Row", bound=models.Model)


def hold_administrators() -> None:
    """Hold every administrator's role until the transaction ends, so that two verbs at once cannot end the last two."""
    list(Role.objects.select_for_update().filter(kind=RoleKind.ADMINISTRATOR).order_by("pk"))


def locked(row: Row) -> Row:
    """The row as it is now, held until the transaction ends."""
    model = row.__class__  # a request's lazy user tells its model, type() would tell that it is lazy
    found: Row = model._default_manager.select_for_update().get(pk=row.pk)
    return found


def person(pk: int | str) -> Person | None:
    """The person with this key."""
    return Person.objects.filter(pk=pk).first()


def names_of(pks: Collection[int]) -> dict[int, str]:
    """What pages call these persons, by key, in one query; keys without a person are left out."""
    return {each.pk: str(each) for each in Person.objects.filter(pk__in=pks)}


def account_named(username: str) -> Account | None:
    """The account with this username, whatever its case."""
    return Account.objects.select_related("person").filter(username__iexact=username).first()


def counted_as(username: str) -> str:
    """What failed sign-ins with a username are counted under: one name for all that a database takes for the same.

    PostgreSQL compares upper case, in which ı is I and ſ is S: each would else have tries of its own.
    """
    return username.strip().upper().lower()[:150]


# Roles


def _holding(today: date) -> Q:
    return Q(starts_on__lte=today) & (Q(ends_before=None) | Q(ends_before__gt=today))


def _placed(roles: models.QuerySet[Role]) -> models.QuerySet[Role]:
    return roles.select_related("organisation", "territory", "area")


def roles_of(account: Account, *, today: date) -> list[Role]:
    """The roles this account's person has today, in the order they were given, and with them the person. One query."""
    if account.person_id is None:
        return []
    rows = _placed(Role.objects.filter(_holding(today), person_id=account.person_id)).select_related("person")
    found = list(rows.order_by("pk"))
    if found:
        account.person = found[0].person  # known now: nobody need ask again
    return found


def roles_of_person(who: Person, *, today: date | None = None) -> list[Role]:
    """All roles a person has or had, the newest first; with ``today`` those that hold that day."""
    found = _placed(Role.objects.filter(person=who)).order_by("-starts_on", "-pk")
    return list(found.filter(_holding(today)) if today is not None else found)


def role_of(who: Person, pk: int | str) -> Role | None:
    """One role of this person."""
    return _placed(Role.objects.filter(person=who, pk=pk)).first()


def same_role(
    who: Person, *, kind: str, places: dict[str, Any], starts_on: date, ends_before: date | None
) -> models.QuerySet[Role]:
    """Roles of the same kind in the same place that share a day with this period."""
    found = Role.objects.filter(person=who, kind=kind, **places).filter(
        Q(ends_before=None) | Q(ends_before__gt=starts_on)
    )
    # an empty period holds on no day, so it clashes with none
    found = found.exclude(ends_before=models.F("starts_on"))
    return found.filter(starts_on__lt=ends_before) if ends_before is not None else found


def in_role(*kinds: str, today: date, organisation: Any = None, territory: Any = None) -> models.QuerySet[Person]:
    """Persons who have one of these kinds of role that day, each once: whom to tell, who answers for a body."""
    held = Role.objects.filter(_holding(today), kind__in=kinds)
    if organisation is not None:
        held = held.filter(organisation=organisation)
    if territory is not None:
        held = held.filter(territory=territory)
    return Person.objects.filter(pk__in=held.values("person")).order_by("pk")


def other_administrators(who: Person, *, today: date) -> models.QuerySet[Person]:
    """Administrators with an account in use, without this one."""
    return in_role(RoleKind.ADMINISTRATOR, today=today).filter(account__is_active=True).exclude(pk=who.pk)


def is_last_administrator(who: Person, *, today: date) -> bool:
    """Whether nobody could manage accounts without this person."""
    is_one = in_role(RoleKind.ADMINISTRATOR, today=today).filter(pk=who.pk).exists()
    return is_one and not other_administrators(who, today=today).exists()


# Who sees whom


def _within(prefix: str, role: Role, today: date) -> Q:
    """Rows whose territory lies in the subtree or the functional area a role is for."""
    field = f"{prefix}territory"
    if role.territory is not None:
        return bodies.within(field, role.territory)
    if role.area is not None:
        return Q(**{f"{field}__in": bodies.area_divisions(role.area, today)})
    return Q(pk__in=[])


def visible_to(role: Role | None, *, today: date) -> models.QuerySet[Person]:
    """Persons a role may see.

    An administrator, official or auditor for everywhere: all; for a territory or area: who has or had a role or tie
    there, and those who have none anywhere yet. A manager: who has a role or tie in the same organisation today.
    Anyone: themselves.
    """
    everyone = Person.objects.all()
    if role is None:
        return everyone.none()
    if role.kind in WATCHING:
        if role.place is None:
            return everyone
        there = Role.objects.filter(_within("", role, today) | _within("organisation__", role, today)).values("person")
        tied = Tie.objects.filter(_within("organisation__", role, today)).values("person")
        nowhere = Q(roles=None, ties=None) | Q(pk=role.person_id)
        found = everyone.filter(Q(pk__in=there) | Q(pk__in=tied.filter(person__isnull=False)) | nowhere)
        return everyone.filter(pk__in=found.values("pk"))
    if role.kind == RoleKind.MANAGER and role.organisation_id is not None:
        here = Role.objects.filter(_holding(today), organisation=role.organisation_id).values("person")
        tied = ties_on(today).filter(organisation=role.organisation_id, person__isnull=False).values("person")
        return everyone.filter(Q(pk__in=here) | Q(pk__in=tied) | Q(pk=role.person_id))
    return everyone.filter(pk=role.person_id)


# Ties


def ties_on(day: date) -> models.QuerySet[Tie]:
    """Ties that hold on a day as far as is known: begun (or of unknown beginning), and not surely ended."""
    begun = Q(starts_on=None) | Q(starts_on__lte=day)
    return Tie.objects.filter(begun, Q(ends_before=None) | Q(ends_before__gt=day))


def ties_visible_to(role: Role | None, *, today: date) -> models.QuerySet[Tie]:
    """Ties a role may see: public ones; those shown to the parties when it is one; all for authority and auditors."""
    ties = Tie.objects.select_related("person", "holder", "organisation")
    public = Q(visibility=Visibility.PUBLIC)
    if role is None:
        return ties.filter(public)
    if role.kind in WATCHING:
        seen = (
            Q()
            if role.place is None
            else _within("organisation__", role, today) | _within("holder__", role, today) | public
        )
        return ties.filter(seen)
    party = Q(person=role.person_id)
    if role.organisation_id is not None:
        party |= Q(organisation=role.organisation_id) | Q(holder=role.organisation_id)
    return ties.filter(public | Q(visibility=Visibility.PARTIES) & party)


def tie(pk: int | str) -> Tie | None:
    """The tie with this key."""
    return Tie.objects.filter(pk=pk).first()


def ties_to(organisations: Collection[int]) -> models.QuerySet[Tie]:
    """Every tie to these organisations, for an import: nobody's page shows it."""
    return Tie.objects.filter(organisation__in=organisations).select_related("person").order_by("pk")


def named_at(name: str, organisation: int) -> Person | None:
    """The one person of this name with a role in or a tie to an organisation; None when there is none, or several."""
    here = Q(roles__organisation=organisation) | Q(ties__organisation=organisation)
    found = list(Person.objects.filter(here, name=name.strip()).distinct()[:2])
    return found[0] if len(found) == 1 else None


# Contacts and identity numbers


def contacts_of(who: Person) -> list[ContactPoint]:
    """Ways to reach a person, the preferred of a kind first."""
    return list(ContactPoint.objects.filter(person=who).order_by("kind", "-is_preferred", "pk"))


def contact_of(who: Person, pk: int | str) -> ContactPoint | None:
    """One contact point of this person."""
    return ContactPoint.objects.filter(person=who, pk=pk).first()


def identities_of(who: Person) -> list[Identity]:
    """The document numbers of a person."""
    return list(Identity.objects.filter(person=who).order_by("pk"))


def identity_of(who: Person, pk: int | str) -> Identity | None:
    """One document number of this person."""
    return Identity.objects.filter(person=who, pk=pk).first()


def mail_address(who: Person) -> str:
    """Where mail to a person goes: the preferred address, else the first; "" when there is none."""
    found = ContactPoint.objects.filter(person=who, kind=ContactKind.EMAIL).order_by("-is_preferred", "pk").first()
    return found.value if found is not None else ""


def with_contact(kind: str, value: str) -> models.QuerySet[Person]:
    """Persons with exactly this contact, however it is written."""
    same = ContactPoint.objects.filter(digest=columns.digest(kind, value)).values("person")
    return Person.objects.filter(pk__in=same)


def with_identity(kind: str, number: str) -> models.QuerySet[Person]:
    """Persons with exactly this document number, however it is written."""
    same = Identity.objects.filter(digest=columns.digest(kind, number)).values("person")
    return Person.objects.filter(pk__in=same)


def possible_duplicates(who: Person) -> list[tuple[Person, list[str]]]:
    """Other persons with an equal document number, contact or name; why: ``identity``, ``contact``, ``name``."""
    signs = {
        "identity": Q(identities__digest__in=Identity.objects.filter(person=who).values("digest")),
        "contact": Q(contacts__digest__in=ContactPoint.objects.filter(person=who).values("digest")),
    }
    if who.name:
        signs["name"] = Q(name=who.name)
    found: dict[Person, list[str]] = {}
    for reason, sign in signs.items():
        for other in Person.objects.filter(sign).exclude(pk=who.pk).distinct().order_by("pk")[:20]:
            found.setdefault(other, []).append(reason)
    return list(found.items())


# Invitations


def token_digest(token: str) -> str:
    """What is kept of an invitation's token. The token has 256 random bits, so a plain hash cannot be tried out."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_for(token: str) -> Invitation | None:
    """The invitation a token belongs to, whatever became of it."""
    found = Invitation.objects.select_related("person", "organisation", "territory", "area")
    return found.filter(token_digest=token_digest(token)).first()


def invitations_of(who: Person) -> list[Invitation]:
    """Invitations of a person, the newest first."""
    found = Invitation.objects.filter(person=who).select_related("organisation", "territory", "area")
    return list(found.order_by("-pk"))


def invitation_of(who: Person, pk: int | str) -> Invitation | None:
    """One invitation of this person."""
    return Invitation.objects.filter(person=who, pk=pk).select_related("organisation", "territory", "area").first()


def is_open(invitation: Invitation, *, now: datetime) -> bool:
    """Whether it can still be taken."""
    return invitation.status == InvitationStatus.OPEN and invitation.expires_at > now


# Everything about one person


def dossier(who: Person) -> dict[str, Any]:
    """All this app and the ledger hold about a person, in full: for the person, never for a page."""
    account = Account.objects.filter(person=who).first()
    return {
        "person": {"key": who.pk, "name": who.name, "name_en": who.name_en, "erased_at": _text(who.erased_at)},
        "contacts": [
            {"kind": each.kind, "value": each.value, "preferred": each.is_preferred} for each in contacts_of(who)
        ],
        "identities": [{"kind": each.kind, "number": each.number} for each in identities_of(who)],
        "account": None
        if account is None
        else {
            "username": account.username,
            "made_at": _text(account.created_at),
            "last_sign_in_at": _text(account.last_login),
            "active": account.is_active,
        },
        "roles": [_placed_dict(each) for each in roles_of_person(who)],
        "invitations": [
            _placed_dict(each) | {"status": each.status, "expires_at": _text(each.expires_at)}
            for each in invitations_of(who)
        ],
        "ties": [
            {
                "kind": each.kind,
                "organisation": str(each.organisation),
                "share": _text(each.share),
                "post": each.post,
                "from": each.starts.text or str(each.starts),
                "until": each.ends.text or str(each.ends),
                "source": each.source,
                "visibility": each.visibility,
            }
            for each in Tie.objects.filter(person=who).select_related("organisation").order_by("pk")
        ],
        "moves": [
            {"at": _text(each.at), "event": each.event, "by": each.by_id, "details": each.details}
            for each in ledger.about(who)
        ],
    }


def _placed_dict(row: Role | Invitation) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "place": str(row.place or ""),
        "from": _text(row.starts_on),
        "until": _text(row.ends_before),
    }


def _text(value: Any) -> str | None:
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def roles_by_person(keys: list[int], *, today: date) -> dict[int, list[Role]]:
    """The roles held that day by each of these persons, in one query."""
    found: dict[int, list[Role]] = {key: [] for key in keys}
    for role in _placed(Role.objects.filter(_holding(today), person__in=keys)).order_by("pk"):
        found[role.person_id].append(role)
    return found


def holding(rows: models.QuerySet[Person], kind: str, *, today: date) -> models.QuerySet[Person]:
    """Those of the persons who hold a role of this kind that day."""
    return rows.filter(pk__in=Role.objects.filter(_holding(today), kind=kind).values("person"))


def ties_of(who: Person, role: Role | None, *, today: date) -> list[Tie]:
    """A person's ties that a role may see, those that hold first."""
    found = list(ties_visible_to(role, today=today).filter(person=who).order_by("-starts_on", "pk"))
    return sorted(found, key=lambda each: each.ends.before is not None and each.ends.before <= today)


def accounts(*, kind: str | None = None, today: date, now: datetime) -> list[dict[str, Any]]:
    """Every account with its person, today's roles and what stands in the way of signing in. Four queries."""
    from allauth.mfa.models import Authenticator
    from axes.conf import settings as axes
    from axes.helpers import get_cool_off
    from axes.models import AccessAttempt

    found = Account.objects.select_related("person").order_by("username")
    if kind is not None:
        found = found.filter(person__in=in_role(kind, today=today))
    rows = list(found)
    roles = roles_by_person([row.person_id for row in rows if row.person_id is not None], today=today)
    pause = get_cool_off()
    failures = (
        AccessAttempt.objects.all() if pause is None else AccessAttempt.objects.filter(attempt_time__gte=now - pause)
    )
    counted = failures.values("username").annotate(failed=models.Sum("failures_since_start")).order_by()
    locked_names = {each["username"] for each in counted if each["failed"] >= axes.AXES_FAILURE_LIMIT}
    factors = set(Authenticator.objects.values_list("user", flat=True))
    return [
        {
            "username": row.username,
            "person": row.person_id,
            "name": str(row.person or ""),
            "roles": [str(role) for role in roles.get(row.person_id or 0, [])],
            "inactive": not row.is_active,
            "locked": counted_as(row.username) in locked_names,
            "second_factor": row.pk in factors,
            "demonstration": row.is_demonstration,
        }
        for row in rows
    ]
