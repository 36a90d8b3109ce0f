"""Why something may not be done to premises, spaces, occupancies and idle property. None: it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import policy as bodies
from hatchline.apps.premises import drafts, queries
from hatchline.apps.premises.drafts import OccupancyDraft, PremisesDraft, SpaceDraft
from hatchline.apps.premises.fitting import Limit, Taken, tightest
from hatchline.apps.premises.models import (
    EndState,
    IdleProperty,
    Occupancy,
    Premises,
    Space,
    SpaceKind,
    Tenure,
    Use,
)
from hatchline.apps.premises.states import MOVES, IdleStatus, OccupancyStatus, PremisesStatus
from hatchline.core.chain.holding import Span
from hatchline.core.values.changes import differing
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal

LABELS: dict[str, Any] = {
    "name": _("名称"),
    "institution": _("使用机构"),
    "owner": _("产权单位"),
    "address": _("地址"),
    "territory": _("街道、地区"),
    "area": _("面积"),
    "tenure": _("权属"),
    "starts": _("开始使用"),
    "ended": _("到期或退出"),
    "converted_from_idle": _("由闲置存量房产改造"),
    "source": _("来源"),
    "former_use": _("原用途"),
    "found": _("发现时间"),
    "note": _("进展说明"),
}
LONGEST = {"name": 200, "address": 300, "source": 200, "former_use": 120, "note": 20_000}
LARGEST = Decimal("9999999")  # m²: a hundred times the largest building there is
MOST_DESKS = 100_000
FOR_THE_AUTHORITY = frozenset({"institution", "converted_from_idle"})


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the system or the command line."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def why_not_area(area: Decimal | None, *, nothing: bool = False) -> Refusal | None:
    """Not an area in m². ``nothing``: 0 is one too."""
    if area is None or ((area > 0 or (nothing and area == 0)) and area <= LARGEST):
        return None
    return Refusal("no_area", _("面积应大于 0，单位是平方米。"), _("不知道面积就空着。"), field="area")


def why_not_fields(given: Mapping[str, Any]) -> Refusal | None:
    """Something in these fields of premises or idle property cannot be kept. No database is asked."""
    if "name" in given and not given["name"].strip():
        return Refusal("no_name", _("请填写名称。"), field="name")
    for field, longest in LONGEST.items():
        if len(given.get(field) or "") > longest:
            words = _("%(field)s最多 %(longest)s 个字符。") % {"field": LABELS[field], "longest": longest}
            return Refusal("too_long", words, field=field)
    if given.get("tenure") and given["tenure"] not in Tenure.values:
        words = _("%(field)s没有“%(value)s”这一项。") % {"field": LABELS["tenure"], "value": given["tenure"]}
        return Refusal("unknown_choice", words, field="tenure")
    return why_not_area(given.get("area")) or bodies.why_not_period(given.get("starts"), given.get("ended"), "ended")


def why_not_register(draft: PremisesDraft, role_kind: str = "") -> Refusal | None:
    """The draft cannot become a record. An institution's people register for it alone: the caller sees to whose."""
    refusal = why_not_as("register", role_kind) or why_not_fields(draft.given())
    if refusal is None and role_kind in {"manager", "staff"} and draft.institution is None:
        refusal = Refusal("no_institution", _("请选择使用这处场地的机构。"), field="institution")
    return refusal


def why_not_amend(
    premises: Premises, changes: Mapping[str, Any], *, version: int, role_kind: str = ""
) -> Refusal | None:
    """The changes cannot be kept, or somebody saved other ones since the form was filled."""
    if refusal := why_not_as("amend", role_kind) or why_not_fields(changes):
        return refusal
    now = drafts.present(premises)
    wanted = differing(now, changes)
    beyond = sorted(set(wanted) & FOR_THE_AUTHORITY) if role_kind in {"manager", "staff"} else []
    if beyond:
        words = _("%(field)s由主管部门登记，机构不能自行修改。") % {"field": LABELS[beyond[0]]}
        return Refusal("for_the_authority", words, field=beyond[0])
    starts, ended = changes.get("starts", now["starts"]), changes.get("ended", now["ended"])
    return bodies.why_not_period(starts, ended, "ended") or bodies.why_not_version(
        premises.version, version, wanted, now, LABELS
    )


def why_not_vacate(premises: Premises, *, on: PartialDate, lasting: int, role_kind: str = "") -> Refusal | None:
    """It was given up already, before it began, or somebody surely uses a room from that day on (``lasting``)."""
    if refusal := why_not_as("vacate", role_kind) or bodies.why_not_period(premises.starts, on, "on"):
        return refusal
    if premises.status != PremisesStatus.IN_USE:
        return Refusal("vacated_already", _("已经登记退出这处场地。"))
    if lasting:
        words = _("那天以后还有 %(count)s 条用房记录。") % {"count": lasting}
        return Refusal("still_used", words, _("请先登记退房，再登记退出场地。"), field="on")
    return None


def why_not_space(
    draft: SpaceDraft, *, taken: bool = False, role_kind: str = "", verb: str = "add_space"
) -> Refusal | None:
    """The space cannot be recorded; ``taken``: another in the same premises has its code."""
    if refusal := why_not_as(verb, role_kind):
        return refusal
    if not draft.code.strip() or len(draft.code) > 60:
        return Refusal("no_code", _("请填写房间或工位的编号，最多 60 个字符。"), field="code")
    if taken:
        return Refusal("code_taken", _("这处场地里已经有编号“%(code)s”。") % {"code": draft.code}, field="code")
    if len(draft.floor) > 20 or len(draft.note) > 200:
        return Refusal("too_long", _("楼层最多 20 个字符，备注最多 200 个字符。"), field="note")
    if draft.kind not in SpaceKind.values or draft.use not in Use.values:
        return Refusal("unknown_choice", _("请从列出的形式和用途中选择。"), field="use")
    if draft.desks is not None and not 0 <= draft.desks <= MOST_DESKS:
        return Refusal("no_desks", _("工位数不对。"), field="desks")
    return why_not_area(draft.area)


def why_not_resize(
    limits: Sequence[Limit], taken: Sequence[Taken], draft: SpaceDraft, *, role_kind: str = ""
) -> Refusal | None:
    """From that day on (``draft.since``) it would be smaller than what is in use. Area 0 closes the space."""
    if refusal := why_not_as("resize", role_kind) or why_not_area(draft.area, nothing=True):
        return refusal
    first = min((each.since for each in taken), default=None)
    since = draft.since if draft.since is not None else first
    if since is None:
        return None
    until = min((each.since for each in limits if each.since is not None and each.since > since), default=None)
    changed = [each for each in limits if each.since != draft.since]
    changed.append(Limit(draft.since, draft.area, 0 if draft.area == 0 else draft.desks, draft.use))
    for of in ("area", "desks"):
        tight = tightest(changed, taken, Span(since, until), of)
        if tight.left is not None and tight.left < 0:
            return _too_small(tight.day, tight.limit, tight.left, of)
    return None


def _too_small(day: date, limit: Any, left: Any, of: str) -> Refusal:
    used = (limit or 0) - left
    said = {
        "day": day.isoformat(),
        "used": f"{used:f}",
        "limit": f"{limit or 0:f}" if of == "area" else str(limit or 0),
    }
    words = (
        _("%(day)s 在用的面积是 %(used)s m²，多于变更后的 %(limit)s m²。") % said
        if of == "area"
        else _("%(day)s 在用的工位是 %(used)s 个，多于变更后的 %(limit)s 个。") % said
    )
    return Refusal("smaller_than_used", words, _("请先登记退房，或从更晚的日期起变更。"), field=of)


def why_not_draft(draft: OccupancyDraft, *, today: date) -> Refusal | None:
    """The occupancy contradicts itself. No database is asked."""
    if not draft.name.strip() or len(draft.name) > 200:
        return Refusal("no_name", _("请填写使用者名称，最多 200 个字符。"), field="name")
    if not draft.source.strip() or len(draft.source) > 200:
        return Refusal("no_source", _("请写明来源，最多 200 个字符。"), field="source")
    if len(draft.purpose) > 120:
        return Refusal("too_long", _("用作最多 120 个字符。"), field="purpose")
    if bool(draft.who_kind) != (draft.who_id is not None):
        return Refusal("no_occupant", _("请选择使用者，或选公共使用。"), field="who_kind")
    if refusal := why_not_area(draft.area):
        return refusal
    if draft.desks is not None and not 0 < draft.desks <= MOST_DESKS:
        return Refusal("no_desks", _("工位数不对。"), field="desks")
    if draft.starts.earliest is not None and draft.starts.earliest > today:
        return Refusal("in_the_future", _("开始使用的日期还没有到。"), _("到那天再登记。"), field="starts")
    return bodies.why_not_period(draft.starts, draft.ended, "ended")


def why_not_occupy(
    space: Space,
    limits: Sequence[Limit],
    taken: Sequence[Taken],
    draft: OccupancyDraft,
    *,
    today: date,
    role_kind: str = "",
    verb: str = "occupy",
) -> Refusal | None:
    """It contradicts itself or the premises' dates, or on some day the space would hold more than it can."""
    if refusal := why_not_as(verb, role_kind) or why_not_draft(draft, today=today):
        return refusal
    premises = space.premises
    if premises.ended.is_known and draft.starts.is_known and premises.ended.is_surely_before(draft.starts):
        words = _("%(day)s 已退出这处场地。") % {"day": premises.ended.text or premises.ended.code}
        return Refusal("vacated_already", words, field="starts")
    return why_not_fit(limits, taken, draft)


def why_not_fit(limits: Sequence[Limit], taken: Sequence[Taken], draft: OccupancyDraft) -> Refusal | None:
    """On some day the space would hold more than it can."""
    sure = draft.surely()
    if sure is None:
        return None
    if draft.area is not None:
        tight = tightest(limits, taken, sure)
        if tight.left is not None and draft.area > tight.left:
            said = {"day": tight.day.isoformat(), "left": f"{max(tight.left, 0):f}", "limit": f"{tight.limit:f}"}
            if tight.limit == 0:
                return Refusal("no_such_space", _("%(day)s 还没有或已经没有这间房。") % said, field="starts")
            words = _("%(day)s 这间房共 %(limit)s m²，只剩 %(left)s m²。") % said
            return Refusal("too_large", words, _("请核对面积，或先登记原来的使用者退房。"), field="area")
    if draft.desks is not None:
        tight = tightest(limits, taken, sure, "desks")
        if tight.left is not None and draft.desks > tight.left:
            said = {"day": tight.day.isoformat(), "left": f"{max(tight.left, 0):f}", "limit": f"{tight.limit}"}
            words = _("%(day)s 这里共 %(limit)s 个工位，只剩 %(left)s 个。") % said
            return Refusal("too_many_desks", words, _("请核对工位数，或先登记原来的使用者退房。"), field="desks")
    return None


def why_not_end(occupancy: Occupancy, *, on: PartialDate, today: date, role_kind: str = "") -> Refusal | None:
    """It has ended or was struck out, or the day lies before its beginning or ahead."""
    if refusal := why_not_as("end_occupancy", role_kind):
        return refusal
    if occupancy.status != OccupancyStatus.RECORDED:
        return Refusal("struck", _("这条用房记录已经划去。"))
    if occupancy.end_state == EndState.KNOWN:
        return Refusal("ended_already", _("已经登记退房。"))
    if not on.is_known:
        return Refusal("no_day", _("请填写退房时间。"), field="on")
    if on.earliest is not None and on.earliest > today:
        return Refusal("in_the_future", _("退房的日期还没有到。"), _("到那天再登记。"), field="on")
    return bodies.why_not_period(occupancy.starts, on, "on")


def why_not_strike(occupancy: Occupancy, *, reason: str, role_kind: str = "") -> Refusal | None:
    """A wrong entry is struck out with a reason; it stays readable."""
    if refusal := why_not_as("strike", role_kind):
        return refusal
    if occupancy.status != OccupancyStatus.RECORDED:
        return Refusal("struck", _("这条用房记录已经划去。"))
    if not reason.strip() or len(reason) > 300:
        return Refusal("no_reason", _("请写明原因，最多 300 个字符。"), field="reason")
    return None


def why_not_idle(given: Mapping[str, Any], role_kind: str = "", verb: str = "find") -> Refusal | None:
    """Something in these fields of idle property cannot be kept."""
    if refusal := why_not_as(verb, role_kind) or why_not_fields(given):
        return refusal
    if "source" in given and not given["source"].strip():
        return Refusal("no_source", _("请写明来源。"), _("谁在什么时候发现的，依据什么。"), field="source")
    return None


def why_not_amend_idle(
    idle: IdleProperty, changes: Mapping[str, Any], *, version: int, role_kind: str = ""
) -> Refusal | None:
    """The changes cannot be kept, or somebody saved other ones since the form was filled."""
    if refusal := why_not_idle(changes, role_kind, "amend_idle"):
        return refusal
    now = drafts.present(idle)
    return bodies.why_not_version(idle.version, version, differing(now, changes), now, LABELS)


def why_not_progress(
    idle: IdleProperty, verb: str, *, on: date, today: date, reason: str = "", role_kind: str = ""
) -> Refusal | None:
    """The step does not start from where it is, lies ahead or before the last one, or is given up without a reason."""
    if refusal := why_not_as(verb, role_kind):
        return refusal
    if idle.status not in MOVES.of(verb).sources:
        said = {"status": IdleStatus(idle.status).label, "verb": MOVES.of(verb).wording}
        return Refusal("wrong_status", _("现在的进展是“%(status)s”，不能%(verb)s。") % said)
    if on > today:
        return Refusal("in_the_future", _("日期还没有到。"), field="on")
    if on < idle.moved_on:
        words = _("上一步是 %(day)s 的事，日期不能更早。") % {"day": idle.moved_on.isoformat()}
        return Refusal("before_the_last_step", words, field="on")
    if verb == "drop" and not reason.strip():
        return Refusal("no_reason", _("请写明放弃的原因。"), field="reason")
    if len(reason) > 300:
        return Refusal("too_long", _("原因最多 300 个字符。"), field="reason")
    return None


def why_not_see_file(kind: str, pk: str, *, person: Any, role: Any) -> Refusal | None:
    """Whoever reaches premises reaches their files."""
    if kind == "premises.premises" and pk.isdigit() and queries.visible_to(role).filter(pk=int(pk)).exists():
        return None
    return Refusal("not_seen", _("没有找到这个文件。"))
