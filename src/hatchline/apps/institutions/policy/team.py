"""Whether somebody may be recorded as staff or mentor, and an institution as a branch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import policy as bodies
from hatchline.apps.institutions import drafts, queries
from hatchline.apps.institutions.models import (
    Branch,
    BranchForm,
    Degree,
    Mentor,
    QualificationKind,
    Staff,
    StaffRole,
)
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal

TEAM_LABELS: dict[str, Any] = {
    "person": _("人员"),
    "name": _("姓名"),
    "role": _("岗位"),
    "post": _("职务"),
    "degree": _("学历"),
    "is_experienced": _("有产业、创业或投资经验"),
    "works_at": _("工作单位"),
    "field": _("辅导领域"),
    "starts": _("开始时间"),
    "ends": _("结束时间"),
    "source": _("来源"),
}
LONGEST = {"name": 100, "post": 60, "works_at": 120, "field": 120, "source": 200}
_CHOICES = {"role": frozenset(StaffRole.values), "degree": frozenset({"", *Degree.values})}
_KINDS = frozenset(QualificationKind.values)


def why_not_staff(draft: drafts.StaffDraft, *, today: date | None) -> Refusal | None:
    """The draft cannot become a record. No database is asked."""
    refusal = why_not_team(drafts.fields_of(draft), today=today)
    for each in () if refusal else draft.qualifications:
        refusal = refusal or _why_not_certificate(each, today)
    return refusal


def why_not_mentor(draft: drafts.MentorDraft, *, today: date | None) -> Refusal | None:
    """The draft cannot become a record. No database is asked."""
    return why_not_team(drafts.fields_of(draft), today=today)


def why_not_team(given: Mapping[str, Any], *, today: date | None) -> Refusal | None:
    """Something in these fields of a member of staff or a mentor cannot be kept. No database is asked."""
    if given["person"] is None and not given["name"].strip():
        return Refusal("no_name", _("请填写姓名。"), field="name")
    if given["person"] is not None and given["name"].strip():
        return Refusal("named_twice", _("登记簿里的人不另写姓名。"), _("选了人员就把姓名留空。"), field="name")
    if not given["source"].strip():
        return Refusal("no_source", _("没有写来源。"), _("写明依据的文件、公示或证书。"), field="source")
    for field, known in _CHOICES.items():
        if field in given and given[field] not in known:
            message = _("%(field)s没有“%(value)s”这一项。") % {"field": TEAM_LABELS[field], "value": given[field]}
            return Refusal("unknown_choice", message, field=field)
    for field, longest in LONGEST.items():
        if len(given.get(field) or "") > longest:
            message = _("%(field)s最多 %(longest)s 个字符。") % {"field": TEAM_LABELS[field], "longest": longest}
            return Refusal("too_long", message, field=field)
    return _why_not_days(given["starts"], given["ends"], today)


def _why_not_days(starts: PartialDate, ends: PartialDate, today: date | None) -> Refusal | None:
    for field, day in (("starts", starts), ("ends", ends)):
        if today is not None and day.earliest is not None and day.earliest > today:
            return Refusal("in_the_future", _("日期在业务日期之后。"), _("到那一天再登记。"), field=field)
    if starts.earliest is not None and ends.before is not None and ends.before <= starts.earliest:
        return bodies.why_not_period(starts, ends, "ends")
    return None


def why_not_again(draft: drafts.StaffDraft | drafts.MentorDraft) -> Refusal | None:
    """The same one is on record there for the same time."""
    if queries.same_team(draft) is None:
        return None
    return Refusal(
        "already_there",
        _("这个人在本机构的同一段时间已有登记。"),
        _("要更正请修改原来的记录；离开后又回来的，先登记离开并写明这次的开始时间。"),
        field="name",
    )


def why_not_team_version(
    row: Staff | Mentor, version: int, changes: Mapping[str, Any], present: Mapping[str, Any]
) -> Refusal | None:
    """Somebody saved other values since the form was filled."""
    return bodies.why_not_version(row.version, version, changes, present, TEAM_LABELS)


def why_not_end(row: Staff | Mentor | Branch, on: PartialDate, *, today: date | None) -> Refusal | None:
    """It ended already, or on a day that cannot be."""
    if row.ends.is_known:
        return Refusal("ended_already", _("结束时间已经登记过。"), field="on")
    refusal = _why_not_days(row.starts, on, today)
    return None if refusal is None else Refusal(refusal.code, refusal.message, refusal.hint, field="on")


def why_not_qualification(staff: Staff, draft: drafts.QualificationDraft, *, today: date | None) -> Refusal | None:
    """The qualification says nothing that can be kept, or is there already."""
    refusal = _why_not_certificate(draft, today)
    if refusal is not None:
        return refusal
    there: Any = staff.qualifications
    same = there.filter(kind=draft.kind, name=draft.name.strip(), issued_text=draft.issued.text)
    return Refusal("already_recorded", _("这项资格已经登记过。"), field="kind") if same.exists() else None


def _why_not_certificate(draft: drafts.QualificationDraft, today: date | None) -> Refusal | None:
    if draft.kind not in _KINDS:
        message = _("%(field)s没有“%(value)s”这一项。") % {"field": _("资格类别"), "value": draft.kind}
        return Refusal("unknown_choice", message, field="kind")
    for field, label, longest in (("name", _("资格名称"), 100), ("issuer", _("发证单位"), 120)):
        if len(getattr(draft, field)) > longest:
            message = _("%(field)s最多 %(longest)s 个字符。") % {"field": label, "longest": longest}
            return Refusal("too_long", message, field=field)
    if today is not None and draft.issued.earliest is not None and draft.issued.earliest > today:
        return Refusal("in_the_future", _("日期在业务日期之后。"), _("到那一天再登记。"), field="issued")
    return None


def why_not_link_branch(draft: drafts.BranchDraft, *, today: date | None) -> Refusal | None:
    """An institution is no branch of itself or of its own branches, nor of two heads at once."""
    if draft.head == draft.branch:
        return Refusal("branch_of_itself", _("机构不能是自己的分支。"), field="branch")
    if draft.form not in BranchForm.values:
        message = _("%(field)s没有“%(value)s”这一项。") % {"field": _("形式"), "value": draft.form}
        return Refusal("unknown_choice", message, field="form")
    if not draft.source.strip():
        return Refusal("no_source", _("没有写来源。"), _("写明依据的文件、公示或证书。"), field="source")
    refusal = _why_not_days(draft.starts, draft.ends, today)
    if refusal is not None or draft.ends.is_known:
        return refusal
    head = queries.head_of(draft.branch)
    if head is not None:
        message = _("它已是“%(name)s”的分支。") % {"name": head.head.name}
        return Refusal("branch_of_another", message, _("先登记那一段结束。"), field="branch")
    if draft.branch in queries.heads_above(draft.head):
        return Refusal("branch_in_a_circle", _("总部本身属于这家机构，不能反过来。"), field="branch")
    return None
