"""What the person who brought a list is told when work on it has ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hatchline.apps.imports.states import RowOutcome
from hatchline.apps.messages import actions as messages

if TYPE_CHECKING:
    from hatchline.apps.imports.models import Run


def finished(run: Run, *, now: datetime) -> None:
    """All rows are in, refused or waiting for an answer."""
    counts = {outcome: run.counts.get(outcome, 0) for outcome in RowOutcome.values}
    if counts[RowOutcome.QUESTION]:
        text = _(
            "新增 %(created)s 行，更新 %(updated)s 行，无变化 %(unchanged)s 行，退回 %(rejected)s 行。"
            "有 %(question)s 行可能与已有记录重复，请确认。"
        )
    else:
        text = _("新增 %(created)s 行，更新 %(updated)s 行，无变化 %(unchanged)s 行，退回 %(rejected)s 行。")
    _send(run, "imports.finished", _("名单“%(name)s”已导入"), text, counts, now)


def failed(run: Run, *, now: datetime) -> None:
    """The run stopped before its end."""
    text = _("已导入的 %(done)s 行都在。请打开这份名单看原因，可以从停下的地方继续。")
    _send(run, f"imports.failed.{run.cursor}", _("名单“%(name)s”没有导入完"), text, {"done": run.cursor}, now)


def previewed(run: Run, *, now: datetime) -> None:
    """Every row was gone through; a person decides whether to start."""
    text = _("共 %(rows)s 行。请看过每一行将变成什么，再决定是否开始导入；现在还没有写入。")
    kind = f"imports.previewed.{run.mapping_hash[:12]}"
    _send(run, kind, _("名单“%(name)s”已预览"), text, {"rows": run.rows_total or 0}, now)


def _send(run: Run, kind: str, title: object, text: object, params: dict[str, int], now: datetime) -> None:
    if run.by is None:
        return
    messages.send(
        to=run.by,
        kind=kind.rsplit(".", 1)[0] if kind.count(".") > 1 else kind,
        title=title,
        text=text,
        params={"name": run.file_name, **params},
        link=reverse("console:import", args=[run.pk]),
        subject=run,
        now=now,
        once_key=f"{kind} {run.pk}",
    )
