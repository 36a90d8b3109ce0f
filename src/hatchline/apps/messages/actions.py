"""Telling people: sending, reading, settling, choosing how to hear; calendars."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.messages import policy, queries, timing, wording
from hatchline.apps.messages.models import CalendarEntry, CalendarFeed, Message, Preference, kind_and_id
from hatchline.apps.messages.states import Mode
from hatchline.apps.outbox import actions as outbox
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


def send(
    *,
    to: Person,
    kind: str,
    text: Any,
    title: Any = "",
    params: Mapping[str, Any] | None = None,
    link: str = "",
    subject: models.Model | None = None,
    role_kind: str = "",
    place: models.Model | None = None,
    needs_answer: bool = False,
    due_on: date | None = None,
    by: Person | None = None,
    now: datetime,
    once_key: str = "",
) -> Message:
    """Tell a person something. Without a title the text is the title.

    ``title`` and ``text`` are msgids with ``%(name)s`` for ``params``. ``link`` is a path of ours. With ``once_key``
    the same news is sent once: the message sent before comes back.
    """
    if once_key and (before := queries.said_before(to, once_key)):
        return before
    subject_kind, subject_id = kind_and_id(subject)
    place_kind, place_id = kind_and_id(place)
    try:
        with transaction.atomic():
            message = Message.objects.create(
                person_id=to.pk,
                kind=kind,
                title=wording.msgid(title or text),
                text=wording.msgid(text) if title else "",
                params=wording.kept(params),
                link=link,
                subject_kind=subject_kind,
                subject_id=subject_id,
                role_kind=role_kind,
                place_kind=place_kind,
                place_id=place_id,
                needs_answer=needs_answer,
                due_on=due_on,
                once_key=once_key or None,
                sent_at=now,
            )
            ledger.move(message, "send", by=by, at=now, details={"kind": kind, "to": to.pk})
            _hand_on(message, to, now=now)
    except IntegrityError:
        before = queries.said_before(to, once_key) if once_key else None
        if before is None:
            raise
        return before  # another worker was faster with the same news
    return message


def _hand_on(message: Message, to: Person, *, now: datetime) -> None:
    """Work for later: the e-mail or digest, and the first reminder."""
    wanted = queries.preference(to)
    due_at = mail_due(wanted, now=now)
    if due_at is not None and wanted.mode == Mode.AT_ONCE:
        outbox.add("messages.deliver", now=now, due_at=due_at, message=message.pk)
    elif due_at is not None:
        add_digest(to.pk, due_at=due_at, now=now)
    if message.needs_answer:
        remind_at = timing.next_reminder(0, since=now)
        outbox.add("messages.remind", now=now, due_at=remind_at, once_key=f"remind:{message.pk}", message=message.pk)


def mail_due(wanted: Preference, *, now: datetime) -> datetime | None:
    """When something sent now may be mailed to the person; None: never."""
    return timing.next_moment(
        now,
        mode=wanted.mode,
        quiet_from=wanted.quiet_from,
        quiet_until=wanted.quiet_until,
        paused_until=wanted.paused_until,
        zone=queries.zone(),
    )


@transaction.atomic
def settle(subject: models.Model, *, by: Person | None = None, now: datetime) -> int:
    """What was asked about this subject is answered: no more reminders. Answers how many messages that was."""
    asked = list(queries.asked_about(subject).select_for_update())
    for message in asked:
        message.settled_at = now
        message.save(update_fields=["settled_at"])
        ledger.move(message, "settle", by=by, at=now)
    return len(asked)


@transaction.atomic
def read(message: Message, *, by: Person, now: datetime) -> Message:
    """Mark as read. Reading again changes nothing."""
    message = queries.locked(message)
    require(policy.why_not_read(message, by=by))
    if message.read_at is None:
        message.read_at = max(now, message.sent_at)
        message.save(update_fields=["read_at"])
        ledger.move(message, "read", by=by, at=now)
    return message


@transaction.atomic
def read_all(person: Person, *, by: Person, now: datetime) -> int:
    """Mark everything as read; answers how many that was. One row in the ledger, with how far it went."""
    require(policy.why_not_own(person, by=by))
    last = queries.of(person, unread=True).first()
    if last is None:
        return 0
    unread = queries.of(person, unread=True).filter(pk__lte=last.pk)
    count: int = unread.update(read_at=models.functions.Greatest(models.F("sent_at"), models.Value(now)))
    ledger.move(last, "read", by=by, at=now, details={"count": count, "up_to": last.pk})
    return count


def _held(person: Person) -> Preference:
    made, _created = Preference.objects.get_or_create(person_id=person.pk)
    return queries.locked(made)


@transaction.atomic
def set_preference(person: Person, *, by: Person | None, now: datetime, **changes: Any) -> Preference:
    """Choose how to hear: ``mode``, ``language``, ``quiet_from`` and ``quiet_until`` (local times, None: no quiet)."""
    unknown = set(changes) - {"mode", "language", "quiet_from", "quiet_until"}
    if unknown:
        raise TypeError(f"not a preference: {sorted(unknown)}")
    require(policy.why_not_own(person, by=by))
    wanted = _held(person)
    now_wanted = {name: getattr(wanted, name) for name in ("mode", "language", "quiet_from", "quiet_until")}
    require(policy.why_not_set({**now_wanted, **changes}))
    for name, value in changes.items():
        setattr(wanted, name, value)
    wanted.save(update_fields=list(changes))
    ledger.move(wanted, "set_preference", by=by, at=now, details={"fields": sorted(changes)})
    _add_digest(wanted, now=now)
    return wanted


@transaction.atomic
def pause(person: Person, *, until: date | None, by: Person | None, now: datetime) -> Preference:
    """No e-mail before that day; the inbox goes on. None ends a pause."""
    require(policy.why_not_own(person, by=by))
    require(policy.why_not_pause(until, today=now.astimezone(queries.zone()).date()))
    wanted = _held(person)
    wanted.paused_until = until
    wanted.save(update_fields=["paused_until"])
    ledger.move(wanted, "pause", by=by, at=now, details={"until": until.isoformat() if until else ""})
    _add_digest(wanted, now=now)
    return wanted


def add_digest(person: int, *, due_at: datetime, now: datetime) -> None:
    """Have a digest sent to the person with this key, once for that moment however often it is asked for."""
    outbox.add(
        "messages.digest", now=now, due_at=due_at, once_key=f"digest:{person}:{due_at:%Y%m%d%H%M}", person=person
    )


def _add_digest(wanted: Preference, *, now: datetime) -> None:
    due_at = mail_due(wanted, now=now)
    if due_at is not None and wanted.mode != Mode.AT_ONCE:
        add_digest(wanted.person_id, due_at=due_at, now=now)


@transaction.atomic
def enter(
    *,
    person: Person,
    title: Any,
    on: date,
    at: time | None = None,
    ends_at: time | None = None,
    params: Mapping[str, Any] | None = None,
    place: str = "",
    link: str = "",
    subject: models.Model | None = None,
    by: Person | None = None,
    now: datetime,
) -> CalendarEntry:
    """Put something into a person's calendar. Without ``at`` it is the whole day; times are local."""
    require(policy.why_not_enter(at=at, ends_at=ends_at))
    subject_kind, subject_id = kind_and_id(subject)
    entry = CalendarEntry.objects.create(
        person_id=person.pk,
        title=wording.msgid(title),
        params=wording.kept(params),
        on=on,
        at=at,
        ends_at=ends_at,
        place=place,
        link=link,
        subject_kind=subject_kind,
        subject_id=subject_id,
        entered_at=now,
        changed_at=now,
    )
    ledger.move(entry, "enter", by=by, at=now, details={"on": on.isoformat()})
    return entry


@transaction.atomic
def cancel(entry: CalendarEntry, *, by: Person | None = None, now: datetime) -> CalendarEntry:
    """It does not take place. The feed says so until its day is over."""
    entry = queries.locked(entry)
    require(policy.why_not_cancel(entry))
    entry.changed_at = now
    entry.save(update_fields=["changed_at"])
    ledger.move(entry, "cancel", by=by, at=now, to="cancelled")
    return entry


@transaction.atomic
def open_feed(person: Person, *, by: Person, now: datetime) -> str:
    """A new secret for the person's calendar feed, shown this once. An earlier one stops working."""
    require(policy.why_not_own(person, by=by))
    secret = secrets.token_urlsafe(32)
    feed, _created = CalendarFeed.objects.update_or_create(
        person_id=person.pk, defaults={"digest": queries.digest(secret), "opened_at": now}
    )
    ledger.move(feed, "open_feed", by=by, at=now)
    return secret


@transaction.atomic
def close_feed(person: Person, *, by: Person, now: datetime) -> None:
    """The feed's address stops working. Nothing happens when there is none."""
    require(policy.why_not_own(person, by=by))
    feed = CalendarFeed.objects.select_for_update().filter(person_id=person.pk).first()
    if feed is not None:
        ledger.move(feed, "close_feed", by=by, at=now)
        feed.delete()


@transaction.atomic
def forget(person: Person) -> dict[str, int]:
    """Part of erasing a person: what was said to them, their calendar and how they wanted to hear. Counts by table."""
    gone = {}
    for table in (Message, CalendarEntry, CalendarFeed, Preference):
        gone[table._meta.model_name or ""], _each = table._default_manager.filter(person=person).delete()
    return gone
