"""Work after commit: e-mails, digests, reminders. Each may be repeated: what was mailed or read is left alone."""

from __future__ import annotations

from datetime import datetime

from hatchline.apps.messages import actions, mail, queries, timing
from hatchline.apps.messages.states import Mode
from hatchline.apps.outbox import actions as outbox


def deliver(*, now: datetime, message: int) -> None:
    """Mail one message, unless it was read or mailed meanwhile; wait when its reader paused or is in quiet hours."""
    found = queries.message(message)
    if found is None or found.read_at is not None or found.emailed_at is not None:
        return
    wanted = queries.preference(found.person)
    due_at = actions.mail_due(wanted, now=now)
    address = queries.mail_address(found.person)
    if due_at is None or not address:
        return
    if wanted.mode != Mode.AT_ONCE:  # changed their mind: it comes with the digest
        actions.add_digest(found.person_id, due_at=due_at, now=now)
        return
    if due_at > now:
        outbox.add("messages.deliver", now=now, due_at=due_at, message=message)
        return
    mail.single(found, address, language=wanted.language).send()
    found.emailed_at = now
    found.save(update_fields=["emailed_at"])


def digest(*, now: datetime, person: int) -> None:
    """Mail what was neither read nor mailed, then ask for the next digest while the person wants one."""
    who = queries.person(person)
    if who is None:
        return
    wanted = queries.preference(who)
    if wanted.mode not in {Mode.DAILY, Mode.WEEKLY}:
        return
    address = queries.mail_address(who)
    today = now.astimezone(queries.zone()).date()
    is_paused = wanted.paused_until is not None and today < wanted.paused_until
    if address and not is_paused:
        unread = queries.unmailed(who)
        total = unread.count()
        shown = list(unread[: mail.MOST])
        if shown:
            last = unread.last()
            mail.digest(shown, total, address, language=wanted.language).send()
            queries.unmailed(who).filter(pk__lte=last.pk if last else shown[-1].pk).update(emailed_at=now)
    due_at = actions.mail_due(wanted, now=now)
    if due_at is not None:
        actions.add_digest(person, due_at=due_at, now=now)


def remind(*, now: datetime, message: int) -> None:
    """Remember what still needs an answer: unread again, and by mail if wanted. Each pause is twice the one before."""
    found = queries.message(message)
    if found is None or not found.waits:
        return
    due_at = timing.next_reminder(found.reminders, since=found.reminded_at or found.sent_at)
    if due_at is None:
        return
    wanted = queries.preference(found.person)
    free_at = timing.after_quiet_hours(
        timing.after_pause(max(due_at, now), paused_until=wanted.paused_until, zone=queries.zone()),
        quiet_from=wanted.quiet_from,
        quiet_until=wanted.quiet_until,
        zone=queries.zone(),
    )
    if free_at > now:
        outbox.add("messages.remind", now=now, due_at=free_at, message=message)
        return
    address = queries.mail_address(found.person)
    if address and wanted.mode != Mode.NONE:
        mail.single(found, address, language=wanted.language, reminder=found.reminders + 1).send()
    found.reminders += 1
    found.reminded_at = now
    found.read_at = None
    found.emailed_at = now
    found.save(update_fields=["reminders", "reminded_at", "read_at", "emailed_at"])
    following = timing.next_reminder(found.reminders, since=now)
    if following is not None:
        outbox.add("messages.remind", now=now, due_at=following, message=message)
