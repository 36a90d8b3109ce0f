"""Whether a title may be recorded, withdrawn or struck out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.titles import queries
from hatchline.apps.titles.drafts import TitleDraft
from hatchline.apps.titles.models import Title, TitleKind
from hatchline.apps.titles.states import MOVES, Level, TitleStatus
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal

LONGEST: dict[str, tuple[Any, int]] = {
    "name": (_("资质名称"), 120),
    "authority": (_("授予单位"), 120),
    "document": (_("文号"), 120),
    "number": (_("证书编号"), 60),
    "batch": (_("批次"), 120),
    "source": (_("来源"), 200),
    "reason": (_("原因"), 300),
}


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the system or the command line."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def why_not_draft(draft: TitleDraft, *, today: date) -> Refusal | None:
    """The draft cannot become a record. No database is asked: an import calls it for every row."""
    for field, label, known in (
        ("kind", _("资质"), TitleKind.values),
        ("level", _("级别"), Level.values),
    ):
        if getattr(draft, field) not in known:
            message = _("%(field)s没有“%(value)s”这一项。") % {"field": label, "value": getattr(draft, field)}
            return Refusal("unknown_choice", message, field=field)
    for field, (label, longest) in LONGEST.items():
        if len(getattr(draft, field)) > longest:
            message = _("%(field)s最多 %(longest)s 个字符。") % {"field": label, "longest": longest}
            return Refusal("too_long", message, field=field)
    refusal = why_not_record(given=draft.given, ends_before=draft.ends_before, source=draft.source, today=today)
    if refusal is not None or draft.withdrawn_on is None:
        return refusal
    if draft.withdrawn_on > today:
        return Refusal("in_the_future", _("撤销日期在业务日期之后。"), field="withdrawn_on")
    if draft.given.earliest is not None and draft.withdrawn_on < draft.given.earliest:
        return Refusal("before_it_was_given", _("撤销日期早于授予时间。"), field="withdrawn_on")
    return None


def why_not_later(row: Title) -> Refusal | None:
    """What a later list adds contradicts the day the title was given: it would end, or be taken back, before it."""
    refusal = why_not_record(given=row.given, ends_before=row.ends_before, source=row.source, today=date.max)
    if refusal is None and row.withdrawn_on and row.given.earliest and row.withdrawn_on < row.given.earliest:
        refusal = Refusal("before_it_was_given", _("撤销日期早于授予时间。"), field="withdrawn_on")
    return refusal


def why_not_about(draft: TitleDraft) -> Refusal | None:
    """What is to bear the title is no record. One query."""
    key = (draft.subject_kind, draft.subject_id)
    return None if queries.subject_names([key]) else Refusal("no_such_subject", _("没有找到这项资质属于谁。"))


def why_not_record(*, given: PartialDate, ends_before: date | None, source: str, today: date) -> Refusal | None:
    """A title needs a source, was not given in the future and does not end before it is given."""
    if not source.strip():
        return Refusal("no_source", _("没有写来源。"), _("写明依据的文件、公示或证书。"), field="source")
    if given.earliest is not None and given.earliest > today:
        return Refusal(
            "in_the_future", _("授予时间在业务日期之后。"), _("核对年份；尚未生效的资质等生效后再记录。"), field="given"
        )
    if ends_before is not None and given.earliest is not None and ends_before <= given.earliest:
        return Refusal(
            "ends_before_it_begins", _("有效期在授予之前就结束了。"), _("核对两个日期。"), field="ends_before"
        )
    return None


def why_not_withdraw(title: Title, *, on: date, reason: str, today: date) -> Refusal | None:
    """Only a title in force is withdrawn, with a reason, and not before it was given."""
    if title.status != TitleStatus.GIVEN:
        return Refusal("not_in_force", _("这项资质已经撤销或划去。"))
    if not reason.strip():
        return Refusal("no_reason", _("没有写撤销原因。"), field="reason")
    if on > today:
        return Refusal("in_the_future", _("撤销日期在业务日期之后。"), field="on")
    if title.given.earliest is not None and on < title.given.earliest:
        return Refusal("before_it_was_given", _("撤销日期早于授予时间。"), field="on")
    return None


def why_not_strike(title: Title, *, reason: str) -> Refusal | None:
    """A wrong entry is struck out with a reason; it stays readable."""
    if title.status != TitleStatus.GIVEN:
        return Refusal("not_in_force", _("这项资质已经撤销或划去。"))
    if not reason.strip():
        return Refusal("no_reason", _("没有写划去的原因。"), field="reason")
    return None
