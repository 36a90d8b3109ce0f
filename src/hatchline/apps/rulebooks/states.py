"""Statuses and moves of drafts, confirmations, scenarios and evaluations."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import AUTHORITY, CONSOLE, RoleKind
from hatchline.core.values.move import Moves, move


class DraftStatus(TextChoices):
    DRAFTED = "drafted", _("起草中")
    OFFERED = "offered", _("待发布")
    PUBLISHED = "published", _("已发布")
    ABANDONED = "abandoned", _("已放弃")


OPEN = (DraftStatus.DRAFTED, DraftStatus.OFFERED)
READERS = CONSOLE - {RoleKind.AUDITOR}

MOVES = Moves(
    move("draft", "rulebooks.draft.drafted", _("起草规则文件"), to=DraftStatus.DRAFTED, roles=AUTHORITY),
    move("amend", "rulebooks.draft.amended", _("修改草稿"), OPEN, DraftStatus.DRAFTED, AUTHORITY),
    move("offer", "rulebooks.draft.offered", _("提请发布"), [DraftStatus.DRAFTED], DraftStatus.OFFERED, AUTHORITY),
    move(
        "send_back", "rulebooks.draft.sent_back", _("退回草稿"), [DraftStatus.OFFERED], DraftStatus.DRAFTED, AUTHORITY
    ),
    move(
        "publish",
        "rulebooks.draft.published",
        _("发布规则文件"),
        OPEN,
        DraftStatus.PUBLISHED,
        AUTHORITY,
    ),
    move("abandon", "rulebooks.draft.abandoned", _("放弃草稿"), OPEN, DraftStatus.ABANDONED, AUTHORITY),
    move("confirm", "rulebooks.confirmation.made", _("核对原文"), roles=AUTHORITY),
    move("keep", "rulebooks.scenario.kept", _("保存试算方案"), roles=READERS),
    move("share", "rulebooks.scenario.shared", _("共享试算方案"), roles=READERS),
    move("drop", "rulebooks.scenario.dropped", _("删除试算方案"), roles=READERS),
    move("pin", "rulebooks.evaluation.pinned", _("固定判定依据"), roles=AUTHORITY),
)
