"""Questions about a person's inbox and calendar."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from hatchline.apps.messages.models import CalendarEntry, CalendarFeed, Message, Preference, kind_and_id
from hatchline.apps.people import queries as people

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

Row = TypeVar("Row", bound=models.Model)


def zone() -> ZoneInfo:
    """The district's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def locked(row: Row) -> Row:
    """The row as it is now, held until the transaction ends."""
    found: Row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    return found


def unread_count(person: Person) -> int:
    """How many messages the person has not read. One query."""
    return Message.objects.filter(person_id=person.pk, read_at=None).count()


def of(person: Person, *, unread: bool = False, kind: str = "") -> models.QuerySet[Message]:
    """A person's messages, newest first."""
    found = Message.objects.filter(person_id=person.pk).order_by("-pk")
    if unread:
        found = found.filter(read_at=None)
    return found.filter(kind=kind) if kind else found


def waiting(person: Person) -> models.QuerySet[Message]:
    """What still needs the person's answer, the earliest term first."""
    owed = Message.objects.filter(person_id=person.pk, needs_answer=True, settled_at=None)
    return owed.order_by(models.F("due_on").asc(nulls_last=True), "pk")


def message_of(person: Person, pk: int) -> Message | None:
    """One message, if it is this person's."""
    return Message.objects.filter(person_id=person.pk, pk=pk).first()


def message(pk: int) -> Message | None:
    """One message, for tasks."""
    return Message.objects.select_related("person").filter(pk=pk).first()


def said_before(person: Person, once_key: str) -> Message | None:
    """The message that was sent under this key."""
    return Message.objects.filter(person_id=person.pk, once_key=once_key).first()


def asked_about(subject: models.Model) -> models.QuerySet[Message]:
    """Messages that still wait for an answer about this subject."""
    kind, key = kind_and_id(subject)
    return Message.objects.filter(subject_kind=kind, subject_id=key, needs_answer=True, settled_at=None)


def unmailed(person: Person) -> models.QuerySet[Message]:
    """What goes into the next digest: neither read nor mailed, oldest first."""
    return Message.objects.filter(person_id=person.pk, read_at=None, emailed_at=None).order_by("pk")


def preference(person: Person) -> Preference:
    """How a person wants to hear; an unsaved row with the defaults when nothing was chosen."""
    return Preference.objects.filter(person_id=person.pk).first() or Preference(person_id=person.pk)


def mail_address(person: Person) -> str:
    """Where to write to; empty when nothing is known or the person is gone."""
    return people.mail_address(person)


def person(pk: int) -> Person | None:
    """A person, for tasks."""
    return people.person(pk)


def agenda(person: Person, *, starts_on: date, ends_before: date | None = None) -> models.QuerySet[CalendarEntry]:
    """What stands in a person's calendar from one day to another, in order."""
    found = CalendarEntry.objects.filter(person_id=person.pk, status="set", on__gte=starts_on)
    if ends_before is not None:
        found = found.filter(on__lt=ends_before)
    return found.order_by("on", models.F("at").asc(nulls_first=True), "pk")


def calendar(person: Person, *, since: date) -> models.QuerySet[CalendarEntry]:
    """Everything for the feed, with what was cancelled, so that calendars take it out."""
    return CalendarEntry.objects.filter(person_id=person.pk, on__gte=since).order_by("on", "pk")


def digest(secret: str) -> str:
    """What is kept of a feed's secret. It is long and random, so a plain hash tells nothing."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def feed_owner(secret: str) -> Person | None:
    """Whose calendar this secret opens."""
    feed = CalendarFeed.objects.select_related("person").filter(digest=digest(secret)).first()
    return feed.person if feed else None


def has_feed(person: Person) -> bool:
    """Whether the person's calendar can be fetched."""
    return CalendarFeed.objects.filter(person_id=person.pk).exists()


def dossier(person: Person) -> dict[str, Any]:
    """All this app holds about a person, in the active language: for the person, never for a page."""
    entries = CalendarEntry.objects.filter(person=person).order_by("on", "pk")
    feed = CalendarFeed.objects.filter(person=person).first()
    wanted = Preference.objects.filter(person=person).first()
    return {
        "messages": [
            {
                "sent_at": each.sent_at.isoformat(),
                "read_at": each.read_at.isoformat() if each.read_at is not None else None,
                "kind": each.kind,
                "title": each.said_title,
                "text": each.said_text,
            }
            for each in Message.objects.filter(person=person).order_by("pk")
        ],
        "preference": None
        if wanted is None
        else {
            "mode": wanted.mode,
            "language": wanted.language,
            "quiet_from": wanted.quiet_from.isoformat() if wanted.quiet_from is not None else None,
            "quiet_until": wanted.quiet_until.isoformat() if wanted.quiet_until is not None else None,
            "paused_until": wanted.paused_until.isoformat() if wanted.paused_until is not None else None,
        },
        "calendar": [
            {"on": each.on.isoformat(), "title": each.said_title, "place": each.place, "status": each.status}
            for each in entries
        ],
        "calendar_feed_opened_at": feed.opened_at.isoformat() if feed is not None else None,
    }
