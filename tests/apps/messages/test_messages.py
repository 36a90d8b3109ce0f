"""Messages: said in the reader's language, mailed as wished, remembered with growing pauses."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hatchline.apps.ledger.models import Entry
from hatchline.apps.messages import actions as messages
from hatchline.apps.messages import calendars, tasks, wording
from hatchline.apps.messages import queries as told
from hatchline.apps.messages.models import CalendarEntry
from hatchline.apps.outbox import worker
from hatchline.apps.outbox.models import Job
from hatchline.apps.people import actions as people
from hatchline.apps.people.models import Person
from hatchline.core.values.refusal import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2017, 7, 18, 2, 0, tzinfo=UTC)  # ten in the morning in Beijing


@pytest.fixture
def reader():
    person = Person.objects.create(name="读者")
    people.set_contact(person, kind="email", value="reader@example.org", by=None, now=NOW)
    return person


def jobs(task: str) -> list[Job]:
    return list(Job.objects.filter(task=task).order_by("pk"))


def test_a_message_reads_in_the_readers_language(reader):
    sent = messages.send(
        to=reader,
        kind="messages.test",
        title=_("提醒：%(title)s"),
        text=_("请在 %(day)s 前办理。"),
        params={"title": _("每天汇总一次"), "day": date(2017, 7, 31), "n": 12345},
        now=NOW,
    )
    sent.refresh_from_db()
    with translation.override("zh-hans"):
        assert sent.said_title == "提醒：每天汇总一次"
        assert sent.said_text == "请在 2017年7月31日 前办理。"
    with translation.override("en"):
        assert sent.said_title == "Reminder: One summary a day"
        assert sent.said_text == "Please deal with it before 31 July 2017."
    assert wording.say("共 %(n)s 条，%(gone)s", {"n": 12345}) == "共 12,345 条，%(gone)s"


def test_the_inbox_is_counted_in_one_query(reader, django_assert_num_queries):
    for number in range(3):
        messages.send(to=reader, kind="messages.test", text=f"第 {number} 条", now=NOW)
    with django_assert_num_queries(1):
        assert told.unread_count(reader) == 3


def test_reading_is_for_the_reader_alone(reader):
    other = Person.objects.create(name="旁人")
    sent = messages.send(to=reader, kind="messages.test", text="一条", now=NOW)
    with pytest.raises(Refused) as refused:
        messages.read(sent, by=other, now=NOW)
    assert refused.value.refusal.code == "not_yours"
    assert told.message_of(other, sent.pk) is None
    first = messages.read(sent, by=reader, now=NOW + timedelta(hours=1))
    again = messages.read(sent, by=reader, now=NOW + timedelta(hours=2))
    assert again.read_at == first.read_at == NOW + timedelta(hours=1)
    assert Entry.objects.filter(event="messages.message.read").count() == 1


def test_read_all_takes_what_was_there(reader):
    for number in range(4):
        messages.send(to=reader, kind="messages.test", text=f"第 {number} 条", now=NOW)
    assert messages.read_all(reader, by=reader, now=NOW) == 4
    assert told.unread_count(reader) == 0
    assert messages.read_all(reader, by=reader, now=NOW) == 0


def test_the_same_news_is_sent_once(reader):
    first = messages.send(to=reader, kind="messages.test", text="到期", once_key="due:1", now=NOW)
    again = messages.send(to=reader, kind="messages.test", text="到期", once_key="due:1", now=NOW)
    assert first.pk == again.pk
    assert told.of(reader).count() == 1


def test_no_personal_value_reaches_the_ledger(reader):
    messages.send(to=reader, kind="messages.test", text="%(name)s 的手机 %(phone)s",
                  params={"name": "张三", "phone": "13800138000"}, now=NOW)  # fmt: skip
    for entry in Entry.objects.filter(event__startswith="messages."):
        assert "张三" not in str(entry.details)
        assert "138" not in str(entry.details)


def test_mail_at_once_is_sent_once_and_in_the_readers_language(reader):
    messages.set_preference(reader, mode="at_once", language="en", by=reader, now=NOW)
    sent = messages.send(to=reader, kind="messages.test", title=_("提醒：%(title)s"), text="正文\r\n第二行",
                         params={"title": "一\r\nBcc: x@example.org"}, link="/desk/", now=NOW)  # fmt: skip
    [job] = jobs("messages.deliver")
    assert job.due_at == NOW
    tasks.deliver(now=NOW, **job.arguments)
    tasks.deliver(now=NOW, **job.arguments)
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.to == ["reader@example.org"]
    assert letter.subject == "Reminder: 一 Bcc: x@example.org"
    assert "http://127.0.0.1:8000/desk/" in letter.body
    assert f"message-{sent.pk}-0@" in letter.extra_headers["Message-ID"]


def test_what_was_read_is_not_mailed(reader):
    messages.set_preference(reader, mode="at_once", by=reader, now=NOW)
    sent = messages.send(to=reader, kind="messages.test", text="一条", now=NOW)
    messages.read(sent, by=reader, now=NOW)
    tasks.deliver(now=NOW, message=sent.pk)
    assert mail.outbox == []


def test_quiet_hours_and_pauses_put_mail_off(reader):
    messages.set_preference(reader, mode="at_once", quiet_from=time(7), quiet_until=time(12), by=reader, now=NOW)
    sent = messages.send(to=reader, kind="messages.test", text="一条", now=NOW)
    [job] = jobs("messages.deliver")
    assert job.due_at == NOW + timedelta(hours=2)
    messages.pause(reader, until=date(2017, 7, 25), by=reader, now=NOW)
    tasks.deliver(now=job.due_at, message=sent.pk)
    assert mail.outbox == []
    later = jobs("messages.deliver")[-1]
    assert later.due_at.astimezone(told.zone()) == datetime(2017, 7, 25, 12, 0, tzinfo=told.zone())  # 08:00 is quiet
    tasks.deliver(now=later.due_at, message=sent.pk)
    assert len(mail.outbox) == 1


def test_a_digest_gathers_and_asks_for_the_next(reader):
    for number in range(35):
        messages.send(to=reader, kind="messages.test", text=f"第 {number} 条", now=NOW)
    [job] = jobs("messages.digest")
    assert job.due_at.astimezone(told.zone()) == datetime(2017, 7, 19, 8, 0, tzinfo=told.zone())
    tasks.digest(now=job.due_at, person=reader.pk)
    [letter] = mail.outbox
    assert "35" in letter.subject
    assert "第 0 条" in letter.body
    assert "第 34 条" not in letter.body
    assert "还有 5 条" in letter.body
    tasks.digest(now=job.due_at, person=reader.pk)  # done again after a crash
    assert len(mail.outbox) == 1
    following = jobs("messages.digest")
    assert [each.due_at - job.due_at for each in following] == [timedelta(0), timedelta(days=1)]
    messages.set_preference(reader, mode="none", by=reader, now=NOW)
    tasks.digest(now=following[-1].due_at, person=reader.pk)
    assert len(jobs("messages.digest")) == 2


def test_reminders_come_with_growing_pauses_until_settled(reader):
    subject = Person.objects.create(name="事项")
    sent = messages.send(to=reader, kind="messages.test", text="请答复", needs_answer=True, subject=subject, now=NOW)
    moment, reminded = NOW, []
    for _round in range(20):
        job = jobs("messages.remind")[-1]
        if job.due_at <= moment:
            break
        moment = job.due_at
        tasks.remind(now=moment, message=sent.pk)
        tasks.remind(now=moment, message=sent.pk)  # repeated: the pause has not passed
        reminded.append((moment - NOW).days)
    assert reminded == [2, 6, 14, 30, 62]
    assert len(mail.outbox) == 5
    assert mail.outbox[0].subject == "提醒：请答复"
    sent.refresh_from_db()
    assert sent.reminders == 5
    assert list(told.waiting(reader)) == [sent]
    assert messages.settle(subject, by=reader, now=moment) == 1
    assert list(told.waiting(reader)) == []
    tasks.remind(now=moment + timedelta(days=400), message=sent.pk)
    assert len(mail.outbox) == 5


def test_no_reminder_in_a_pause(reader):
    sent = messages.send(to=reader, kind="messages.test", text="请答复", needs_answer=True, now=NOW)
    messages.pause(reader, until=date(2017, 8, 1), by=reader, now=NOW)
    due = jobs("messages.remind")[-1].due_at
    tasks.remind(now=due, message=sent.pk)
    assert mail.outbox == []
    later = jobs("messages.remind")[-1]
    assert later.due_at.astimezone(told.zone()).date() == date(2017, 8, 1)
    tasks.remind(now=later.due_at, message=sent.pk)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mode": "hourly"}, "unknown_mode"),
        ({"language": "fr"}, "unknown_language"),
        ({"quiet_from": time(22)}, "one_end"),
        ({"quiet_from": time(22), "quiet_until": time(22)}, "no_hour_left"),
    ],
)
def test_preferences_that_make_no_sense_are_refused(reader, changes, code):
    with pytest.raises(Refused) as refused:
        messages.set_preference(reader, by=reader, now=NOW, **changes)
    assert refused.value.refusal.code == code


@pytest.mark.parametrize(("until", "code"), [(date(2017, 7, 18), "in_the_past"), (date(2019, 1, 1), "too_long")])
def test_a_pause_ends_on_a_day_to_come(reader, until, code):
    with pytest.raises(Refused) as refused:
        messages.pause(reader, until=until, by=reader, now=NOW)
    assert refused.value.refusal.code == code


def test_a_calendar_feed(reader):
    messages.enter(
        person=reader,
        title="评审会，第一轮; 请准时",
        on=date(2017, 7, 20),
        at=time(9, 30),
        ends_at=time(11),
        place="望京街道",
        link="/desk/",
        now=NOW,
    )
    whole = messages.enter(person=reader, title="长" * 60, on=date(2017, 7, 21), now=NOW)
    messages.cancel(whole, now=NOW)
    with pytest.raises(Refused):
        messages.cancel(whole, now=NOW)
    text = calendars.feed(told.calendar(reader, since=date(2017, 1, 1)), name="日历", zone=told.zone())
    assert "DTSTART:20170720T013000Z\r\nDTEND:20170720T030000Z" in text
    assert "SUMMARY:评审会，第一轮\\; 请准时" in text
    assert "DTSTART;VALUE=DATE:20170721" in text
    assert "STATUS:CANCELLED" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "长" * 60 in text.replace("\r\n ", "")
    assert [entry.on for entry in told.agenda(reader, starts_on=date(2017, 7, 1))] == [date(2017, 7, 20)]
    assert CalendarEntry.objects.filter(status="cancelled").count() == 1


def test_the_feeds_secret_is_not_kept(reader):
    first = messages.open_feed(reader, by=reader, now=NOW)
    second = messages.open_feed(reader, by=reader, now=NOW)
    assert told.feed_owner(first) is None
    assert told.feed_owner(second) == reader
    messages.close_feed(reader, by=reader, now=NOW)
    assert told.feed_owner(second) is None


def test_the_worker_does_what_sending_leaves_behind(reader):
    messages.set_preference(reader, mode="at_once", by=reader, now=NOW)
    messages.send(to=reader, kind="messages.test", text="请答复", needs_answer=True, now=NOW)
    messages.send(to=reader, kind="messages.test", text="知道就好", now=NOW)
    for moment in (NOW, NOW, NOW + timedelta(days=3)):
        tally = worker.run(name="test", clock=lambda moment=moment: moment, stop=threading.Event(), once=True)
        assert (tally.failed, tally.put_off) == (0, 0)
    assert [letter.subject for letter in mail.outbox] == ["请答复", "知道就好", "提醒：请答复"]
