"""Why a file may not be taken, seen, withdrawn or erased."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from hatchline.apps.files import disk, kinds
from hatchline.apps.files.models import File
from hatchline.apps.files.states import Status
from hatchline.apps.ledger import actions as ledger
from hatchline.core.values.refusal import Refusal

MEGABYTE = 1024 * 1024


def why_not_take(arrived: disk.Arrived, *, name: str, accept: Collection[kinds.Kind]) -> tuple[Refusal | None, str]:
    """A refusal or None, and the media type found in the bytes."""
    if not arrived.size:
        return Refusal("empty_file", _("文件是空的。"), hint=_("请确认选对了文件。"), field="file"), ""
    try:
        kind = kinds.find(arrived.path)
    except kinds.Incomplete:
        return incomplete(), ""
    except kinds.Macros:
        said = _("文件里带有宏程序，不能上传。")
        return Refusal("macros", said, hint=_("请另存为不带宏的格式（如 .xlsx、.docx）再上传。"), field="file"), ""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if kind is None or kind not in accept:
        endings = " ".join(sorted(f".{each}" for kind in accept for each in kind.endings))
        said = _("不接受这种文件：它的内容不是可以上传的文档。")
        hint = _("可以上传：%(endings)s。") % {"endings": endings}
        return Refusal("kind_refused", said, hint=hint, field="file", params={"ending": ending}), ""
    if ending and ending not in kind.endings:
        params = {"ending": f".{ending}", "found": f".{sorted(kind.endings)[0]}"}
        text = _("文件名以 %(ending)s 结尾，内容却不是这种格式。") % params
        hint = _("看起来是 %(found)s。请用原来的程序打开，另存为正确的格式再上传。") % params
        return Refusal("name_lies", text, hint=hint, field="file", params=params), ""
    return None, kind.media_type


def incomplete() -> Refusal:
    """It was cut on its way."""
    hint = _("多半是传输中断或下载未完成。请重新取得文件，再上传一次。")
    return Refusal("incomplete", _("文件不完整，没有保存。"), hint=hint, field="file")


def too_large(limit: int) -> Refusal:
    """It has more bytes than are taken."""
    text = _("文件超过 %(limit)s MB，没有保存。") % {"limit": f"{limit / MEGABYTE:g}"}
    return Refusal("too_large", text, hint=_("请压缩图片或拆成几个文件。"), field="file", params={"limit": limit})


def disk_full() -> Refusal:
    """The server has no room."""
    hint = _("已填写的内容仍在页面上。请告诉管理员，稍后再上传一次。")
    return Refusal("disk_full", _("服务器的磁盘满了，文件没有保存，其他资料未受影响。"), hint=hint, field="file")


def why_not_see(file: File, *, person: Any, role: Any) -> Refusal | None:
    """Who may see the subject may see its files: the app that owns the subject says so.

    Its policy.py has ``why_not_see_file(kind, pk, *, person, role) -> Refusal | None``; without that nobody sees it but
    whoever handed it in.
    """
    gone = Refusal("not_seen", _("没有找到这个文件。"))
    if file.status != Status.KEPT:
        return gone
    if person is not None and file.by_id == person.pk:
        return None
    label = file.subject_kind.partition(".")[0]
    if label not in apps.app_configs:
        return gone
    name = f"{apps.get_app_config(label).name}.policy"
    if find_spec(name) is None:
        return gone
    ask = getattr(import_module(name), "why_not_see_file", None)
    return gone if ask is None else ask(file.subject_kind, file.subject_id, person=person, role=role)


def why_not_withdraw(file: File, *, by: Any) -> Refusal | None:
    """A file is withdrawn once, by whoever handed it in."""
    if file.status != Status.KEPT:
        return Refusal("not_kept", _("这个文件已经撤回或删除。"))
    if by is not None and file.by_id != by.pk:
        return Refusal("not_yours", _("只有上传的人可以撤回。"))
    return None


def why_not_erase(file: File, *, reason: str) -> Refusal | None:
    """Content is erased once, and the reason is a matter of record."""
    if file.status == Status.ERASED:
        return Refusal("erased", _("这个文件的内容已经删除。"))
    if not reason.strip():
        return Refusal("no_reason", _("请写明删除的依据。"), field="reason")
    if ledger.is_personal(reason):
        return Refusal("personal", _("依据会永久留存，请不要写电话、证件号或邮箱。"), field="reason")
    return None
