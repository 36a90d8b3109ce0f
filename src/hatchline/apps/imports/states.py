"""Statuses of a run and of its rows, and the moves of a run."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import MAY
from hatchline.core.values.move import Moves, move


class RunStatus(TextChoices):
    UPLOADED = "uploaded", _("已上传")
    MAPPED = "mapped", _("已对应列")
    PREVIEWED = "previewed", _("已预览")
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("导入中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")
    ABANDONED = "abandoned", _("已放弃")


class RowOutcome(TextChoices):
    CREATED = "created", _("新增")
    UPDATED = "updated", _("更新")
    UNCHANGED = "unchanged", _("无变化")
    REJECTED = "rejected", _("退回")
    QUESTION = "question", _("待确认")


ANSWERED = "answered"  # of questions that somebody settled, or that a later list asked again
OPEN = frozenset({RunStatus.UPLOADED, RunStatus.MAPPED, RunStatus.PREVIEWED})
BUSY = frozenset({RunStatus.WAITING, RunStatus.RUNNING})

MOVES = Moves(
    move("upload", "imports.run.uploaded", _("上传名单"), to=RunStatus.UPLOADED, roles=MAY["imports.run"]),
    move("map", "imports.run.mapped", _("对应各列"), OPEN, RunStatus.MAPPED, MAY["imports.run"]),
    move("preview", "imports.run.previewed", _("预览导入"), OPEN, RunStatus.PREVIEWED, MAY["imports.run"]),
    move("start", "imports.run.started", _("开始导入"), [RunStatus.PREVIEWED], RunStatus.WAITING, MAY["imports.run"]),
    move(
        "carry_on", "imports.run.carried_on", _("继续导入"), [RunStatus.FAILED], RunStatus.WAITING, MAY["imports.run"]
    ),
    move("begin", "imports.run.begun", _("正在导入"), BUSY, RunStatus.RUNNING),
    move("finish", "imports.run.finished", _("导入完成"), [RunStatus.RUNNING], RunStatus.DONE),
    move("fail", "imports.run.failed", _("导入未完成"), OPEN | BUSY, RunStatus.FAILED),
    move(
        "abandon",
        "imports.run.abandoned",
        _("放弃导入"),
        OPEN | {RunStatus.FAILED},
        RunStatus.ABANDONED,
        MAY["imports.run"],
    ),
    move("answer", "imports.row.answered", _("确认是否同一主体"), [RunStatus.DONE], roles=MAY["imports.run"]),
)
