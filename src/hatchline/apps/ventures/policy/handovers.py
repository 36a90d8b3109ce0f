"""On handing a venture over to the next place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures.history import History
from hatchline.apps.ventures.models import DataCategory, Handover, Stay
from hatchline.apps.ventures.policy.stays import why_not_enter
from hatchline.apps.ventures.policy.ventures import why_not_as
from hatchline.apps.ventures.states import MOVES, HandoverStatus, StayStatus
from hatchline.core.values.refusal import Refusal


def _unknown(categories: Collection[str]) -> Refusal | None:
    unknown = [each for each in categories if each not in DataCategory.values]
    if unknown:
        return Refusal("unknown_choice", _("没有“%(value)s”这类资料。") % {"value": unknown[0]}, field="categories")
    return None


def why_not_offer(
    stay: Stay,
    known: History,
    *,
    institution: int,
    stage: str,
    asked: Collection[str],
    today: date,
    in_hand: bool,
    role_kind: str = "",
) -> Refusal | None:
    """The stay is not confirmed, the next place is closed or not open to the venture, or an offer is in hand."""
    refusal = why_not_as("offer", role_kind)
    if refusal is None and stay.status != StayStatus.CONFIRMED:
        refusal = Refusal("not_confirmed", _("只有已确认的入驻记录才能移交。"))
    if refusal is None and institution == stay.institution_id and stage == stay.stage:
        refusal = Refusal("same_place", _("下一站就是现在所在的机构和阶段。"), field="institution")
    if refusal is None and not asked:
        refusal = Refusal("no_categories", _("请列明要移交哪几类资料。"), field="categories")
    if refusal is None and in_hand:
        refusal = Refusal("offered_already", _("已经向这家机构推荐，正在办理。"))
    return refusal or _unknown(asked) or why_not_enter(known, stay.venture_id, institution, stage, today=today)


def _status(handover: Handover, verb: str) -> Refusal | None:
    row = MOVES.of(verb)
    if handover.status in row.sources:
        return None
    if handover.status == HandoverStatus.STOPPED:
        return Refusal(
            "consent_withdrawn",
            _("企业已撤回同意，移交到此为止。"),
            _("原机构的入驻记录照旧；需要时可以重新推荐。"),
        )
    shown = {"status": HandoverStatus(handover.status).label, "verb": row.wording}
    return Refusal("wrong_status", _("移交现在的状态是“%(status)s”，不能“%(verb)s”。") % shown)


def why_not_consent(handover: Handover, *, categories: Collection[str], role_kind: str = "") -> Refusal | None:
    """Not waiting for consent, or consent to something that was not asked for."""
    refusal = why_not_as("consent", role_kind) or _status(handover, "consent") or _unknown(categories)
    if refusal is None and not categories:
        refusal = Refusal("no_categories", _("请勾选同意移交的资料；都不同意请选“不接收”。"), field="categories")
    beyond = [each for each in categories if each not in handover.asked]
    if refusal is None and beyond:
        shown = {"value": DataCategory(beyond[0]).label}
        refusal = Refusal("not_asked_for", _("没有请求移交“%(value)s”。") % shown, field="categories")
    return refusal


def why_not_stop(handover: Handover, *, role_kind: str = "") -> Refusal | None:
    """It is done already, or was never agreed to."""
    refusal = why_not_as("stop", role_kind)
    if refusal is None and handover.status == HandoverStatus.DONE:
        refusal = Refusal("done_already", _("移交已经完成，不能再撤回同意。"), _("可以请接收机构删除资料。"))
    return refusal or _status(handover, "stop")


def why_not_decline(handover: Handover, *, reason: str, role_kind: str = "") -> Refusal | None:
    """Nothing waits for an answer, or no reason is given."""
    refusal = why_not_as("decline", role_kind) or _status(handover, "decline")
    if refusal is None and not reason.strip():
        refusal = Refusal("no_reason", _("请写明原因。"), field="reason")
    return refusal


def why_not_accept(handover: Handover, known: History, *, today: date, role_kind: str = "") -> Refusal | None:
    """The venture has not consented, or may no longer enter."""
    return (
        why_not_as("accept", role_kind)
        or _status(handover, "accept")
        or why_not_enter(known, handover.venture_id, handover.institution_id, handover.stage, today=today)
    )


def why_not_complete(
    handover: Handover, known: History, *, on: date, today: date, role_kind: str = ""
) -> Refusal | None:
    """Not accepted, consent was withdrawn, the next place has closed meanwhile, or a day that cannot be."""
    refusal = why_not_as("complete", role_kind) or _status(handover, "complete")
    if refusal is None and on > today:
        refusal = Refusal("in_the_future", _("移交日期在业务日期之后。"), field="on")
    begins = handover.stay.starts.earliest
    if refusal is None and begins is not None and on <= begins:
        refusal = Refusal("ends_before_it_begins", _("移交日期不晚于原来的入驻时间。"), field="on")
    left = handover.stay.ended
    if refusal is None and left.earliest is not None and on < left.earliest:
        words = _("移交日期早于登记的离开时间 %(ended)s。") % {"ended": left.text or left.code}
        refusal = Refusal("before_it_left", words, _("请核对两个日期。"), field="on")
    return refusal or why_not_enter(known, handover.venture_id, handover.institution_id, handover.stage, today=today)
