"""Ways of hearing, and this app's table of moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import EVERYONE
from hatchline.core.values.move import Moves, move


class Mode(TextChoices):
    """How messages also come by e-mail."""

    AT_ONCE = "at_once", _("立即发送邮件")
    DAILY = "daily", _("每天汇总一次")
    WEEKLY = "weekly", _("每周一汇总一次")
    NONE = "none", _("不发邮件")


MOVES = Moves(
    move("send", "messages.message.sent", _("发出消息")),
    move("settle", "messages.message.settled", _("事项已办，不再提醒")),
    move("read", "messages.message.read", _("阅读消息"), roles=EVERYONE),
    move("set_preference", "messages.preference.set", _("设置消息接收方式"), roles=EVERYONE),
    move("pause", "messages.preference.paused", _("暂停或恢复邮件"), roles=EVERYONE),
    move("enter", "messages.calendar_entry.entered", _("记入日历")),
    move("cancel", "messages.calendar_entry.cancelled", _("取消日历安排")),
    move("open_feed", "messages.calendar_feed.opened", _("开通日历订阅"), roles=EVERYONE),
    move("close_feed", "messages.calendar_feed.closed", _("关闭日历订阅"), roles=EVERYONE),
)
