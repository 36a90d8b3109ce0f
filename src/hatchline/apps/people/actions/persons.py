"""Verbs on persons and their personal data."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django.db import transaction

from hatchline.apps import columns
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.people import policy, queries
from hatchline.apps.people.models import Account, ContactPoint, Identity, Person
from hatchline.apps.people.states import InvitationStatus
from hatchline.apps.search import actions as search
from hatchline.core.values.refusal import require

SUBJECT = "people.person"


@transaction.atomic
def register(name: str, *, name_en: str = "", by: Person | None, now: datetime, role_kind: str = "") -> Person:
    """Make a person known. That another has the same name is no obstacle: see queries.possible_duplicates."""
    require(policy.why_not_as("register", role_kind) or policy.why_not_name(name))
    person = Person.objects.create(name=name.strip(), name_en=name_en.strip())
    _index(person)
    ledger.move(person, "register", by=by, at=now, role_kind=role_kind, details={"name": columns.salted(person.name)})
    return person


@transaction.atomic
def rename(
    person: Person, *, name: str, name_en: str = "", by: Person | None, now: datetime, role_kind: str = ""
) -> Person:
    """Correct a person's name."""
    person = queries.locked(person)
    require(policy.why_not_as("rename", role_kind) or policy.why_not_change(person) or policy.why_not_name(name))
    before = columns.salted(person.name)
    person.name, person.name_en = name.strip(), name_en.strip()
    person.save(update_fields=["name", "name_en"])
    _index(person)
    details = {"from": before, "to": columns.salted(person.name)}
    ledger.move(person, "rename", by=by, at=now, role_kind=role_kind, details=details)
    return person


@transaction.atomic
def set_contact(
    person: Person,
    *,
    kind: str,
    value: str,
    is_preferred: bool = False,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> ContactPoint:
    """Add a way to reach a person, or mark one they have as preferred. Equal ones are one, however they are written."""
    person = queries.locked(person)
    require(policy.why_not_as("set_contact", role_kind) or policy.why_not_contact(person, kind, value))
    value = unicodedata.normalize("NFKC", value).strip()
    digest = columns.digest(kind, value)
    if is_preferred:
        ContactPoint.objects.filter(person=person, kind=kind, is_preferred=True).update(is_preferred=False)
    contact, _created = ContactPoint.objects.update_or_create(
        person=person, kind=kind, digest=digest, defaults={"value": value, "is_preferred": is_preferred}
    )
    details = {"contact": contact.pk, "kind": kind, "value": columns.salted(value)}
    ledger.move(person, "set_contact", by=by, at=now, role_kind=role_kind, details=details)
    return contact


@transaction.atomic
def remove_contact(contact: ContactPoint, *, by: Person | None, now: datetime, role_kind: str = "") -> None:
    """Forget a way to reach a person."""
    require(policy.why_not_as("remove_contact", role_kind))
    contact = queries.locked(contact)
    person, details = contact.person, {"contact": contact.pk, "kind": contact.kind}
    contact.delete()
    ledger.move(person, "remove_contact", by=by, at=now, role_kind=role_kind, details=details)


@transaction.atomic
def set_identity(
    person: Person, *, kind: str, number: str, by: Person | None, now: datetime, role_kind: str = ""
) -> Identity:
    """Keep the number of a document a person has shown."""
    person = queries.locked(person)
    require(policy.why_not_as("set_identity", role_kind) or policy.why_not_identity(person, kind, number))
    identity, _created = Identity.objects.update_or_create(
        person=person, kind=kind, digest=columns.digest(kind, number), defaults={"number": number.strip()}
    )
    details = {"identity": identity.pk, "kind": kind, "number": columns.salted(number)}
    ledger.move(person, "set_identity", by=by, at=now, role_kind=role_kind, details=details)
    return identity


@transaction.atomic
def unmask_contact(contact: ContactPoint, *, by: Person, now: datetime, role_kind: str = "") -> str:
    """The full value of a contact point; the look itself is written down."""
    require(policy.why_not_as("unmask", role_kind))
    ledger.look(contact.person, f"contact:{contact.pk}", by=by, at=now, role_kind=role_kind)
    return str(contact.value)


@transaction.atomic
def unmask_identity(identity: Identity, *, by: Person, now: datetime, role_kind: str = "") -> str:
    """The full number of a document; the look itself is written down."""
    require(policy.why_not_as("unmask", role_kind))
    ledger.look(identity.person, f"identity:{identity.pk}", by=by, at=now, role_kind=role_kind)
    return str(identity.number)


@transaction.atomic
def export(person: Person, *, by: Person | None, now: datetime, role_kind: str = "") -> dict[str, Any]:
    """All that is held about a person, in full (queries.dossier); that it was handed out is written down."""
    require(policy.why_not_as("export", role_kind))
    found = queries.dossier(person)
    ledger.move(person, "export", by=by, at=now, role_kind=role_kind)
    return found


@transaction.atomic
def erase(person: Person, *, by: Person | None, now: datetime, today: Any, role_kind: str = "") -> Person:
    """Empty every personal column. The key and the ledger stay, so that what was decided stays explicable."""
    person = queries.locked(person)
    require(policy.why_not_as("erase", role_kind) or policy.why_not_erase(person, by=by, today=today))
    gone = {"contacts": person.contacts.count(), "identities": person.identities.count()}
    person.contacts.all().delete()
    person.identities.all().delete()
    account = Account.objects.filter(person=person).first()
    if account is not None:
        from hatchline.apps.people.actions import accounts

        accounts.empty(account)
    for invitation in person.invitations.filter(status=InvitationStatus.OPEN):
        ledger.move(invitation, "withdraw", by=by, at=now, role_kind=role_kind, details={"person": person.pk})
    person.name = person.name_en = ""
    person.erased_at = now
    person.save(update_fields=["name", "name_en", "erased_at"])
    search.forget(SUBJECT, person.pk)
    ledger.move(person, "erase", by=by, at=now, role_kind=role_kind, details=gone)
    return person


def _index(person: Person) -> None:
    """Found by name alone; contacts and document numbers are found by their digests, never by a part."""
    search.index(SUBJECT, person.pk, names=[name for name in (person.name, person.name_en) if name])
