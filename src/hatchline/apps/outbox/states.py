"""What may become of a piece of work. The worker's own steps are not moves: they leave no trace in the ledger."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.core.values.move import Moves, move


class Status(TextChoices):
    WAITING = "waiting", _("等待")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")
    DROPPED = "dropped", _("放弃")


MOVES = Moves(
    move("retry", "outbox.job.retried", _("重新执行"), [Status.FAILED], Status.WAITING, ["administrator"]),
    move("drop", "outbox.job.dropped", _("放弃任务"), [Status.FAILED], Status.DROPPED, ["administrator"]),
)
