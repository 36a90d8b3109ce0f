"""Whether a list may go its next step."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.imports import states
from hatchline.apps.imports.models import Row, Run
from hatchline.apps.people.roles import may
from hatchline.core.values.refusal import Refusal


def why_not_map(run: Run) -> Refusal | None:
    """A list whose rows are being taken in, or have been, keeps its mapping."""
    if run.status not in states.OPEN:
        return Refusal("not_open", _("这份名单已经开始导入，不能再改各列的对应。"), _("请重新上传一份。"))
    return None


def why_not_start(run: Run, *, file_hash: str) -> Refusal | None:
    """Only what was previewed is taken in: the same bytes, the same mapping, no bad rows unless they are left out."""
    if run.status in states.BUSY:
        return Refusal("already_started", _("这份名单正在导入，不必再点一次。"))
    if run.status != states.RunStatus.PREVIEWED:
        return Refusal("not_previewed", _("还没有预览。"), _("先看一遍将新增和更新哪些，再开始导入。"))
    if run.previewed_hash != fingerprint(file_hash, run.mapping_hash):
        return Refusal(
            "changed_since_preview",
            _("文件或各列的对应在预览之后变了，没有导入任何一行。"),
            _("请重新预览，确认后再开始。"),
        )
    rejected = run.preview.get("counts", {}).get(states.RowOutcome.REJECTED, 0)
    if rejected and not run.only_good_rows:
        return Refusal(
            "bad_rows",
            _("有 %(count)s 行不能导入。") % {"count": rejected},
            _("改好后重新上传，或选择“先导入没有问题的行”；有问题的行可以下载成标好单元格的 Excel。"),
            params={"count": rejected},
        )
    return None


def why_not_abandon(run: Run) -> Refusal | None:
    """What runs is finished first; what is done stays done."""
    if run.status in states.BUSY:
        return Refusal("running", _("正在导入，不能放弃；每一批写入之后才会停。"))
    if run.status in {states.RunStatus.DONE, states.RunStatus.ABANDONED}:
        return Refusal("over", _("这份名单已经办完。"))
    return None


def why_not_answer(row: Row, answer: str) -> Refusal | None:
    """A question is answered once, with one of its own candidates, as new, or left out."""
    if row.outcome != states.RowOutcome.QUESTION:
        return Refusal("no_question", _("这一行没有待确认的问题。"))
    if row.answer:
        return Refusal("answered", _("这一行已经确认过了。"))
    if answer not in {"new", "skip", *(str(each["id"]) for each in row.candidates)}:
        return Refusal("unknown_answer", _("请选择其中一个主体、“都不是，新增”或“这一行不要”。"))
    return None


def why_not_see_file(kind: str, pk: str, *, person: Any, role: Any) -> Refusal | None:
    """An uploaded list is seen by whoever may see imports."""
    if role is None or not may(role.kind, "imports.see"):
        return Refusal("not_yours", _("没有这份文件。"))
    return None


def fingerprint(file_hash: str, mapping_hash: str) -> str:
    """What a preview stands for."""
    return f"{file_hash[:31]}.{mapping_hash[:32]}"
