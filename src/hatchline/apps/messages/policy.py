"""Whether something may happen to a message, a preference or a calendar."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.messages.models import CalendarEntry, Message
from hatchline.apps.messages.states import Mode
from hatchline.core.values.refusal import Refusal

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

LONGEST_PAUSE = 366  # days


def why_not_read(message: Message, *, by: Person) -> Refusal | None:
    """Only the person it is for reads it."""
    if message.person_id != by.pk:
        return Refusal("not_yours", _("这不是给您的消息。"))
    return None


def why_not_own(person: Person, *, by: Person | None) -> Refusal | None:
    """Only oneself (or the system) decides how one hears."""
    if by is not None and by.pk != person.pk:
        return Refusal("not_yours", _("接收方式只能由本人设置。"))
    return None


def why_not_set(changes: dict[str, Any]) -> Refusal | None:
    """The mode and language are known; quiet hours have both ends and leave room for mail."""
    if changes.get("mode", Mode.DAILY) not in Mode.values:
        return Refusal("unknown_mode", _("请选择收邮件的方式。"), field="mode")
    if changes.get("language", "en") not in {"zh-hans", "en"}:
        return Refusal("unknown_language", _("请选择邮件语言。"), field="language")
    begins: time | None = changes.get("quiet_from")
    ends: time | None = changes.get("quiet_until")
    if (begins is None) != (ends is None):
        return Refusal(
            "one_end",
            _("免打扰时间要填开始和结束，或者都不填。"),
            field="quiet_until" if ends is None else "quiet_from",
        )
    if begins is not None and begins == ends:
        return Refusal("no_hour_left", _("免打扰的开始和结束不能相同。"), field="quiet_until")
    return None


def why_not_pause(until: date | None, *, today: date) -> Refusal | None:
    """A pause ends on a day to come, within a year."""
    if until is None:
        return None
    if until <= today:
        return Refusal("in_the_past", _("请选择今天之后的日期。"), field="paused_until")
    if (until - today).days > LONGEST_PAUSE:
        return Refusal("too_long", _("最多暂停一年。"), _("想一直不收邮件，请选“不发邮件”。"), field="paused_until")
    return None


def why_not_enter(*, at: time | None, ends_at: time | None) -> Refusal | None:
    """What ends has begun before."""
    if ends_at is not None and (at is None or ends_at <= at):
        return Refusal("wrong_hours", _("结束时间要晚于开始时间。"), field="ends_at")
    return None


def why_not_cancel(entry: CalendarEntry) -> Refusal | None:
    """Once is enough."""
    return Refusal("cancelled", _("这项安排已经取消。")) if entry.status == "cancelled" else None
