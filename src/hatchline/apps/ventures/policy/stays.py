"""On stays and applications for a place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions import states as institutions
from hatchline.apps.ventures import drafts
from hatchline.apps.ventures.drafts import StayDraft
from hatchline.apps.ventures.history import History, InstitutionKnown, as_date, shown
from hatchline.apps.ventures.models import STAGES, Application, Stay
from hatchline.apps.ventures.policy.ventures import why_not_as
from hatchline.apps.ventures.states import ApplicationStatus, EndState, Outcome, Status, StayStatus
from hatchline.core.chain.stages import Stage, may_follow
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal

DAY = timedelta(days=1)
YEAR = timedelta(days=366)  # nobody is admitted for a later day
_STAGES = dict(STAGES)


def why_not_stay(draft: StayDraft, known: History, *, today: date, may_begin_later: bool = False) -> Refusal | None:
    """The draft cannot become a stay. An overlap is no reason: such a stay is kept as disputed."""
    return why_not_listed(draft, known, today=today, may_begin_later=may_begin_later) or _twice(draft, known)


def why_not_listed(draft: StayDraft, known: History, *, today: date, may_begin_later: bool = False) -> Refusal | None:
    """What is wrong with a row of a list whatever else is on record. A stay after a graduation is asked about there."""
    return (
        _incomplete(draft)
        or why_not_days(draft, today=today, may_begin_later=may_begin_later)
        or _venture_not_there(draft, known)
        or _institution_not_there(draft, known)
    )


def _incomplete(draft: StayDraft) -> Refusal | None:
    if draft.stage not in _STAGES:
        return Refusal("unknown_stage", _("没有“%(value)s”这个阶段。") % {"value": draft.stage}, field="stage")
    if not draft.source.strip():
        return Refusal("no_source", _("没有写来源。"), field="source")
    if not draft.starts.is_known and draft.evidence is None:
        return Refusal(
            "no_beginning", _("没有入驻时间，也没有见到它在那里的日期。"), _("不知道日期可以只写年份。"), field="starts"
        )
    if draft.outcome and draft.end_state != EndState.KNOWN:
        return Refusal("outcome_without_end", _("写了去向，却没有写明已经离开。"), field="outcome")
    if not draft.counts and not draft.not_counting_reason.strip():
        return Refusal("no_reason", _("不计入统计要写明原因。"), field="not_counting_reason")
    return None


def why_not_days(draft: StayDraft, *, today: date, may_begin_later: bool = False) -> Refusal | None:
    """Its days contradict each other or lie ahead. One that ended on its first day is a stay of no day, not a fault."""
    if draft.ended.is_surely_before(draft.starts):
        params = {"ended": draft.ended.text, "starts": draft.starts.text}
        return Refusal(
            "ends_before_it_begins",
            _("离开时间 %(ended)s 早于入驻时间 %(starts)s。") % params,
            _("请核对两个日期是否填反。"),
            field="ended",
        )
    if draft.starts.earliest is not None and draft.starts.earliest > today and not may_begin_later:
        return Refusal("in_the_future", _("入驻时间在业务日期之后。"), _("请核对年份。"), field="starts")
    if draft.starts.earliest is not None and draft.starts.earliest > today + YEAR:
        return Refusal("in_the_future", _("入驻时间在一年以后。"), _("请核对年份。"), field="starts")
    if draft.ended.earliest is not None and draft.ended.earliest > today + DAY:
        return Refusal("in_the_future", _("离开时间在业务日期之后。"), _("离开以后再登记。"), field="ended")
    if draft.evidence is not None and draft.evidence > today:
        return Refusal("in_the_future", _("最后见到的日期在业务日期之后。"), _("请核对年份。"), field="evidence")
    if draft.evidence and draft.starts.earliest and draft.evidence < draft.starts.earliest:
        return Refusal("seen_before_it_began", _("最后见到的日期早于入驻时间。"), field="evidence")
    return None


def _venture_not_there(draft: StayDraft, known: History) -> Refusal | None:
    venture = known.ventures.get(draft.venture)
    if venture is None:
        return Refusal("no_such_venture", _("没有这条创业主体记录。"), field="venture")
    if venture.status == Status.MERGED:
        return Refusal(
            "venture_merged", _("这条记录已经并入另一条。"), _("请用并入后的记录。"), "venture", {"into": venture.pk}
        )
    founded, ceased = as_date(venture.founded), as_date(venture.ceased)
    if draft.starts.is_surely_before(founded):
        params = {"starts": draft.starts.text, "founded": shown(venture.founded)}
        return Refusal(
            "before_it_existed",
            _("入驻时间 %(starts)s 早于主体创立时间 %(founded)s。") % params,
            _("请核对入驻时间；若创立时间有误，请先更正。"),
            field="starts",
        )
    if ceased.is_surely_before(draft.starts):
        return Refusal("after_it_ceased", _("入驻时间在主体终止之后。"), _("请核对两个日期。"), field="starts")
    return None


def _institution_not_there(draft: StayDraft, known: History) -> Refusal | None:
    there = known.institutions.get(draft.institution)
    if there is None:
        return Refusal("no_such_institution", _("没有这家孵化机构。"), field="institution")
    closed = as_date(there.closed)
    if there.status == institutions.Status.CLOSED and closed.is_surely_before(draft.starts):
        return _closed(there)
    opened = as_date(there.opened)
    seen = there.seen_open_on
    if draft.starts.is_surely_before(opened) and not (seen and draft.starts.before and seen < draft.starts.before):
        params = {"name": there.name, "opened": shown(there.opened)}
        return Refusal(
            "before_the_institution",
            _("“%(name)s”%(opened)s 才开办。") % params,
            _("请核对入驻时间；若开办时间有误，请先更正。"),
            field="starts",
        )
    return None


def _closed(there: InstitutionKnown) -> Refusal:
    return Refusal(
        "institution_closed",
        _("“%(name)s”已经关闭，不能再入驻。") % {"name": there.name},
        _("请选择在运营的机构。"),
        field="institution",
    )


def _twice(draft: StayDraft, known: History) -> Refusal | None:
    if known.same(draft) is not None:
        return Refusal("already_recorded", _("同一机构、同一阶段、同一入驻时间的记录已经有了。"), field="starts")
    if draft.status != StayStatus.DISPUTED and draft.counts and known.graduated_by(draft) is not None:
        return Refusal(
            "graduated_already",
            _("企业已从孵化阶段毕业，不再登记为在孵。"),
            _("毕业企业可以进入加速器或产业园；合用实验室等情况可登记为不计入统计。"),
            field="stage",
        )
    return None


def why_not_enter(known: History, venture: int, institution: int, stage: str, *, today: date) -> Refusal | None:
    """A venture may not newly enter this institution at this stage today."""
    if stage not in _STAGES:
        return Refusal("unknown_stage", _("没有“%(value)s”这个阶段。") % {"value": stage}, field="stage")
    its, there = known.ventures.get(venture), known.institutions.get(institution)
    if its is None or its.status != Status.ACTIVE:
        return Refusal("venture_not_active", _("创业主体已经终止，或已并入另一条记录。"), field="venture")
    if there is None:
        return Refusal("no_such_institution", _("没有这家孵化机构。"), field="institution")
    if there.status == institutions.Status.CLOSED:
        return _closed(there)
    graduated, last = False, None
    for stay in known.stays[venture]:
        if stay.status != StayStatus.CONFIRMED or not stay.counts:
            continue
        graduated |= stay.stage == Stage.INCUBATION and stay.outcome == Outcome.GRADUATED
        began = stay.starts[0] or date.min
        if last is None or began >= last[0]:
            last = began, Stage(stay.stage)
        is_here = stay.institution == institution and stay.stage == stage
        if is_here and stay.maybe.until is None:
            return Refusal("there_already", _("企业已在这家机构的这个阶段。"), field="institution")
    if may_follow(last[1] if last else None, Stage(stage), graduated=graduated):
        return None
    if graduated and stage == Stage.INCUBATION:
        return Refusal(
            "graduated_already",
            _("企业已从孵化阶段毕业，不再登记为在孵。"),
            _("毕业企业可以进入加速器或产业园；合用实验室等情况可登记为不计入统计。"),
            field="stage",
        )
    params = {"before": _STAGES[last[1].value] if last else "", "after": _STAGES[stage]}
    return Refusal("wrong_order", _("到过“%(before)s”阶段，不能再进入“%(after)s”。") % params, field="stage")


def why_not_apply(
    known: History, venture: int, institution: int, stage: str, *, today: date, waiting: bool, role_kind: str = ""
) -> Refusal | None:
    """It may not enter, or an application to the same place waits already."""
    refusal = why_not_as("apply", role_kind) or why_not_enter(known, venture, institution, stage, today=today)
    if refusal is None and waiting:
        refusal = Refusal("waits_already", _("已经向这家机构提交了同样的申请，正在等待答复。"))
    return refusal


def _decided(application: Application) -> Refusal | None:
    if application.status == ApplicationStatus.SUBMITTED:
        return None
    status = {"status": ApplicationStatus(application.status).label}
    return Refusal("already_decided", _("这份申请已经处理：%(status)s。") % status, _("请刷新页面查看。"))


def why_not_admit(application: Application, known: History, *, today: date, role_kind: str = "") -> Refusal | None:
    """Decided already, or it may no longer enter."""
    return (
        why_not_as("admit", role_kind)
        or _decided(application)
        or why_not_enter(known, application.venture_id, application.institution_id, application.stage, today=today)
    )


def why_not_refuse(application: Application, *, verb: str, reason: str, role_kind: str = "") -> Refusal | None:
    """Decided already, or refused without a reason."""
    refusal = why_not_as(verb, role_kind) or _decided(application)
    if refusal is None and verb == "refuse" and not reason.strip():
        refusal = Refusal("no_reason", _("请写明不予接收的理由，申请人会看到。"), field="reason")
    return refusal


def why_not_confirm(stay: Stay, known: History, *, today: date, role_kind: str = "") -> Refusal | None:
    """It is not a claim, or contradicts the record."""
    refusal = why_not_as("confirm", role_kind)
    if refusal is None and stay.status != StayStatus.CLAIMED:
        status = {"status": StayStatus(stay.status).label}
        refusal = Refusal("wrong_status", _("这条入驻记录的状态是“%(status)s”，不能确认。") % status)
    if refusal is None and known.graduated_by(drafts.of(stay)) is not None:
        refusal = Refusal("graduated_already", _("企业已从孵化阶段毕业，不再登记为在孵。"), field="stage")
    return refusal


def why_not_ended(stay: Stay, verb: str, *, role_kind: str = "") -> Refusal | None:
    """Whatever the day: it has ended already, was withdrawn, or is not confirmed where it would have to be."""
    refusal = why_not_as(verb, role_kind)
    if refusal is None and stay.status == StayStatus.WITHDRAWN:
        refusal = Refusal("wrong_status", _("这条入驻记录已经撤回。"))
    if refusal is None and stay.end_state == EndState.KNOWN:
        refusal = Refusal("ended_already", _("这条入驻记录已经结束。"))
    if refusal is None and verb == "graduate" and stay.status != StayStatus.CONFIRMED:
        refusal = Refusal("not_confirmed", _("只有已确认的入驻记录才能登记毕业。"))
    return refusal


def why_not_end(
    stay: Stay, verb: str, *, on: PartialDate, reason: str, today: date, role_kind: str = ""
) -> Refusal | None:
    """It has ended already, would end before it began or in the future, or nobody says why it leaves."""
    refusal = why_not_ended(stay, verb, role_kind=role_kind)
    if refusal is None and verb == "leave" and not reason.strip():
        refusal = Refusal("no_reason", _("请写明离开的原因。"), field="reason")
    if refusal is None and not on.is_known:
        refusal = Refusal("no_day", _("请填写离开时间，不知道日期可以只写月份或年份。"), field="on")
    if refusal is None and on.is_surely_before(stay.starts):
        params = {"ended": on.text, "starts": stay.starts.text}
        refusal = Refusal(
            "ends_before_it_begins",
            _("离开时间 %(ended)s 早于入驻时间 %(starts)s。") % params,
            _("请核对两个日期是否填反。"),
            field="on",
        )
    if refusal is None and on.earliest is not None and on.earliest > today + DAY:
        refusal = Refusal("in_the_future", _("离开时间在业务日期之后。"), _("离开以后再登记。"), field="on")
    return refusal


def why_not_with_reason(stay: Stay, verb: str, *, reason: str, role_kind: str = "") -> Refusal | None:
    """For dispute and withdraw: the wrong status, or no reason."""
    refusal = why_not_as(verb, role_kind)
    if refusal is None and stay.status == StayStatus.WITHDRAWN:
        refusal = Refusal("wrong_status", _("这条入驻记录已经撤回。"))
    if refusal is None and verb == "dispute" and stay.status == StayStatus.DISPUTED:
        refusal = Refusal("wrong_status", _("这条入驻记录已经有争议。"))
    if refusal is None and not reason.strip():
        refusal = Refusal("no_reason", _("请写明原因。"), field="reason")
    return refusal


def why_not_uphold(stay: Stay, waiting: Collection[int], *, reason: str, role_kind: str = "") -> Refusal | None:
    """Nobody disputes it, questions about it are open (``waiting``), or nobody says why."""
    refusal = why_not_as("uphold", role_kind)
    if refusal is None and stay.status != StayStatus.DISPUTED:
        refusal = Refusal("wrong_status", _("这条入驻记录没有争议。"))
    if refusal is None and waiting:
        refusal = Refusal("question_is_open", _("关于这条记录还有没解决的疑问。"), _("请在疑问页面解决。"))
    if refusal is None and not reason.strip():
        refusal = Refusal("no_reason", _("请写明原因。"), field="reason")
    return refusal


def overlapping() -> Refusal:
    """What the database says of two counting, confirmed incubation stays of one venture on one day."""
    return Refusal(
        "overlaps",
        _("与另一条计入统计的在孵记录重叠。"),
        _("请先更正或撤回另一条，或将其一登记为不计入统计。"),
    )


def why_not_set_aside(stay: Stay, *, reason: str, role_kind: str = "") -> Refusal | None:
    """It counts nowhere already, or nobody says why."""
    refusal = why_not_with_reason(stay, "set_aside", reason=reason, role_kind=role_kind)
    if refusal is None and not stay.counts:
        refusal = Refusal("set_aside_already", _("这条记录本来就不计入统计。"))
    return refusal


def why_not_amend_stay(
    stay: Stay, draft: StayDraft, known: History, *, reason: str, today: date, role_kind: str = ""
) -> Refusal | None:
    """Withdrawn, unchanged, no reason, days that cannot be, or a graduate that would be incubated again.

    ``known`` is what is known without this stay. An overlap is no reason: the stay becomes disputed and is asked about.
    """
    refusal = why_not_with_reason(stay, "amend_stay", reason=reason, role_kind=role_kind)
    if refusal is None and draft == drafts.of(stay):
        refusal = Refusal("nothing_changed", _("没有改动。"))
    if refusal is None and draft.end_state == EndState.KNOWN and not draft.ended.is_known:
        refusal = Refusal("no_day", _("请填写离开时间，不知道日期可以只写月份或年份。"), field="ended")
    if refusal is None and draft.end_state != EndState.KNOWN and draft.ended.is_known:
        refusal = Refusal("end_without_leaving", _("写了离开时间，却没有写明已经离开。"), field="end_state")
    return refusal or why_not_stay(draft, known, today=today)


def why_not_overlap_again(clashes: list[Any], settled: Collection[int]) -> Refusal | None:
    """The new days surely overlap with a stay about which a question was settled already (keys ``settled``)."""
    if any(each.is_sure and each.stay.pk in settled for each in clashes):
        return Refusal(
            "settled_before",
            _("改后的时间与另一条记录重叠，而这两条记录的疑问已经解决过。"),
            _("请先更正或撤回另一条，或将其一登记为不计入统计。"),
            field="starts",
        )
    return None


def why_not_count(stay: Stay, clashes: list[Any], *, role_kind: str = "") -> Refusal | None:
    """It counts already, or would overlap with one that counts."""
    refusal = why_not_as("count", role_kind)
    if refusal is None and stay.counts:
        refusal = Refusal("counts_already", _("这条记录已经计入统计。"))
    if refusal is None and stay.status == StayStatus.CONFIRMED and any(each.is_sure for each in clashes):
        refusal = Refusal(
            "overlaps", _("与另一条计入统计的在孵记录重叠。"), _("请先解决两条记录的时间。"), field="starts"
        )
    return refusal
