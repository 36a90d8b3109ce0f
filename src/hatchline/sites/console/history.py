"""What the ledger says, in words: who did what, when, from which state to which."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import RoleKind

# Kinds of subject that have a page of their own.
PAGES = {
    "bodies.organisation": "console:organisation",
    "institutions.institution": "console:institution",
    "people.person": "console:person",
    "premises.premises": "console:premises_page",
    "premises.space": "console:space",
    "premises.idleproperty": "console:idle_page",
    "titles.title": "console:title",
    "ventures.stay": "console:stay",
    "ventures.venture": "console:venture",
    "ventures.question": "console:question",
}
KINDS = {
    "bodies.organisation": gettext_lazy("单位"),
    "institutions.institution": gettext_lazy("孵化机构"),
    "indicators.target": gettext_lazy("目标"),
    "indicators.measure": gettext_lazy("统计指标"),
    "people.person": gettext_lazy("人员"),
    "people.account": gettext_lazy("账号"),
    "people.role": gettext_lazy("角色"),
    "people.tie": gettext_lazy("关联关系"),
    "people.invitation": gettext_lazy("邀请"),
    "people.contactpoint": gettext_lazy("联系方式"),
    "people.identity": gettext_lazy("证件"),
    "imports.run": gettext_lazy("导入"),
    "outbox.job": gettext_lazy("后台工作"),
    "inbox.message": gettext_lazy("消息"),
    "tokens.token": gettext_lazy("接口令牌"),
    "files.file": gettext_lazy("文件"),
    "titles.title": gettext_lazy("资质"),
    "institutions.branch": gettext_lazy("分支/连锁"),
    "institutions.staff": gettext_lazy("从业人员"),
    "institutions.qualification": gettext_lazy("从业资格"),
    "institutions.mentor": gettext_lazy("创业导师"),
    "ventures.venture": gettext_lazy("创业主体"),
    "ventures.stay": gettext_lazy("入驻记录"),
    "ventures.funding": gettext_lazy("融资"),
    "ventures.application": gettext_lazy("入驻申请"),
    "ventures.handover": gettext_lazy("移交"),
    "ventures.question": gettext_lazy("待答问题"),
    "observations.measure": gettext_lazy("统计指标"),
    "observations.recording": gettext_lazy("观测值"),
    "premises.premises": gettext_lazy("场地"),
    "premises.space": gettext_lazy("房间/工位"),
    "premises.occupancy": gettext_lazy("用房记录"),
    "premises.idleproperty": gettext_lazy("闲置存量房产"),
    "search.apart": gettext_lazy("不同主体"),
    "bodies.territory": gettext_lazy("行政区划"),
    "bodies.functionalarea": gettext_lazy("功能区"),
}


@lru_cache(maxsize=1)
def moves() -> dict[str, Any]:
    """Every event there may be, with the move that leaves it."""
    found = {}
    for config in apps.get_app_configs():
        if config.name.startswith("hatchline.apps.") and find_spec(f"{config.name}.states"):
            for each in getattr(import_module(f"{config.name}.states"), "MOVES", ()):
                found[each.event] = each
    return found


def wording(event: str) -> str:
    """What was done, in the reader's language; the event itself when no app declares it any more."""
    move = moves().get(event)
    return str(move.wording) if move is not None else event


def _status_words(kind: str) -> dict[str, Any]:
    try:
        model = apps.get_model(kind)
        return dict(model._meta.get_field("status").flatchoices)
    except (LookupError, ValueError, FieldDoesNotExist):  # a table that is no more, or one without statuses
        return {}


def subject(kind: str) -> str:
    """A kind of subject in words."""
    return str(KINDS.get(kind, kind))


def told(entries: Iterable[Any], *, reasons: bool = False) -> list[dict[str, Any]]:
    """Entries as a page shows them, with the reasons given where it may. One query for the names of all who acted."""
    rows = list(entries)
    names = people.names_of({row.by_id for row in rows if row.by_id})
    roles = dict(RoleKind.choices)
    made = []
    for row in rows:
        words = _status_words(row.subject_kind)
        before, after = words.get(row.from_status, row.from_status), words.get(row.to_status, row.to_status)
        known = row.subject_kind in PAGES
        made.append(
            {
                "pk": row.pk,
                "at": row.at,
                "what": wording(row.event),
                "event": row.event,
                "before": row.from_status,
                "who": names.get(row.by_id, _("（已删除的人）")) if row.by_id else _("系统"),
                "role": str(roles.get(row.role_kind, row.role_kind)),
                "change": f"{before or _('（无）')} → {after}" if after and row.from_status != row.to_status else "",
                "subject": subject(row.subject_kind),
                "subject_kind": row.subject_kind,
                "subject_id": row.subject_id,
                "href": reverse(PAGES[row.subject_kind], args=[row.subject_id]) if known else "",
                "details": details(row.details),
                "reason": row.details.get("reason", "") if reasons else "",
            }
        )
    return made


def details(given: dict[str, Any]) -> str:
    """The keys and codes of an entry in a row."""
    parts = []
    for key, value in (given or {}).items():
        if value in ("", None, [], {}):
            continue
        shown = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(f"{key}: {shown}")
    return "；".join(parts)


def about(row: Model, limit: int = 20, *, reasons: bool = False) -> list[dict[str, Any]]:
    """The last things that happened to this row."""
    return told(ledger.about(row)[:limit], reasons=reasons)


def about_many(subjects: Iterable[tuple[str, Any]], limit: int = 20) -> list[dict[str, Any]]:
    """The last things that happened to any of these rows, as (kind, key)."""
    return told(ledger.history_of(subjects)[:limit])
