"""Messages, how people want to hear of them, and calendars."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.messages import wording
from hatchline.apps.messages.states import Mode


class Message(models.Model):
    """One message to one person. ``title`` and ``text`` are msgids; ``params`` fills both (see wording.py)."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)  # app.event, e.g. imports.done
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)  # a path of ours
    subject_kind = models.CharField(max_length=60, blank=True)  # app.model
    subject_id = models.CharField(max_length=40, blank=True)
    role_kind = models.CharField(max_length=20, blank=True)  # in which capacity it concerns the person
    place_kind = models.CharField(max_length=60, blank=True)  # organisation, territory or area of that role
    place_id = models.CharField(max_length=40, blank=True)
    needs_answer = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    once_key = models.CharField(max_length=120, null=True, blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        indexes = [
            models.Index(fields=["person", "-id"], name="message_of_person"),
            models.Index(fields=["person"], name="message_unread", condition=Q(read_at=None)),
            models.Index(fields=["subject_kind", "subject_id"], name="message_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "once_key"], name="message_once"),
            models.CheckConstraint(condition=~Q(title=""), name="message_has_a_title"),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="/"), name="message_links_to_us"),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(read_at__gte=F("sent_at")), name="message_read_after_sending"
            ),
        ]

    def __str__(self) -> str:
        return self.said_title

    @property
    def said_title(self) -> str:
        """The title in the active language."""
        return wording.say(self.title, self.params)

    @property
    def said_text(self) -> str:
        """The text in the active language."""
        return wording.say(self.text, self.params)

    @property
    def waits(self) -> bool:
        """Whether an answer is still owed."""
        return self.needs_answer and self.settled_at is None


class Preference(models.Model):
    """How a person wants to hear. A person without a row hears as the defaults say."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(_("电子邮件"), max_length=10, choices=Mode, default=Mode.DAILY)
    language = models.CharField(
        _("邮件语言"), max_length=10, choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans"
    )
    quiet_from = models.TimeField(_("免打扰开始"), null=True, blank=True)
    quiet_until = models.TimeField(_("免打扰结束"), null=True, blank=True)
    paused_until = models.DateField(_("暂停至"), null=True, blank=True)  # that day mail comes again

    class Meta:
        verbose_name = _("消息接收方式")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_hours_have_two_ends",
            )
        ]

    def __str__(self) -> str:
        return str(Mode(self.mode).label)


class CalendarEntry(models.Model):
    """A day, or an hour of it, in a person's calendar."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    on = models.DateField()
    at = models.TimeField(null=True, blank=True)  # local time; null: the whole day
    ends_at = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=300, blank=True)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, default="set", choices=[("set", _("已安排")), ("cancelled", _("已取消"))])
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("日历安排")
        indexes = [models.Index(fields=["person", "on"], name="calendar_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(at__isnull=False, ends_at__gt=F("at")),
                name="calendar_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="/"), name="calendar_links_to_us"),
        ]

    def __str__(self) -> str:
        return self.said_title

    @property
    def said_title(self) -> str:
        """The title in the active language."""
        return wording.say(self.title, self.params)


class CalendarFeed(models.Model):
    """That a person's calendar can be fetched with a secret; only its digest is kept."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)


def kind_and_id(row: Any) -> tuple[str, str]:
    """A row as (app.model, key); two empty texts for None."""
    return (row._meta.label_lower, str(row.pk)) if row is not None else ("", "")
