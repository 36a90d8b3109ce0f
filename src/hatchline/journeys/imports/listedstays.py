"""A stay that a row of a list tells, and what it says otherwise, or more, than the stay on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures.drafts import StayDraft
from hatchline.apps.ventures.history import Days, StayKnown, shown
from hatchline.apps.ventures.states import EndState, Outcome, StayStatus
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports.targets import Remark


@dataclass(slots=True)
class ListedStay(StayDraft):
    """A stay of a list; a venture that is no record yet is known by name. ``problem``: why its row says nothing."""

    name: str = ""
    place: str = ""
    code: str = ""
    correction: str = ""
    problem: Refusal | None = None
    is_checked: bool = False  # ``problem`` is what the policy says of it too


@dataclass(frozen=True)
class SameStay:
    """The stay on record that a row speaks of; not certain where the two tell different things."""

    pk: int
    name: str
    reasons: tuple[str, ...] = ("same_stay",)
    is_certain: bool = True
    days: Any = ""  # from when until when, to tell it from another


CORRECTED = ("starts", "ended", "end_state", "outcome", "evidence")  # what a correction may change

REASONS = {
    "same_stay": _("同一机构、同一阶段、同一入驻时间"),
    "other_end": _("已登记了另外的离开时间或去向；保留已登记的，或按名单改正"),
    "correction": _("同一机构、同一阶段，时间相接：像是这条记录的更正；选它就按名单改正，不是它就另记一条"),
    "withdrawn": _("同一条记录已经撤回；仍按撤回，或重新登记"),
}


def taken_for(field: str, written: str, there: Any, remarks: list[Remark]) -> None:
    """Remark which record (with a ``name``; None: no record yet) a row was taken for, where it calls it otherwise."""
    if there is not None and there.name and not names.is_spelt_alike(written, there.name):
        words = _("名单写的是“{written}”，按登记簿里的“{name}”记入。若不是同一家，先登记它，再带信用代码导入。")
        remarks.append(Remark(field, format_lazy(words, written=written, name=there.name), "taken_for"))


def parted(starts: PartialDate, ended: PartialDate, remarks: list[Remark]) -> tuple[PartialDate, PartialDate]:
    """One cell that says from when and until when; a beginning is seldom known as a stretch of years."""
    first, mark, last = starts.code.partition("/")
    if starts.precision != "range" or not mark or ended.is_known:
        return starts, ended
    words = _("“%(text)s”是一段时间，按从入驻到离开记录。") % {"text": starts.text}
    remarks.append(Remark("starts", words))
    return PartialDate.of(first, starts.text), PartialDate.of(last, starts.text)


def end_state(said: str, ended: PartialDate, outcome: str) -> EndState:
    """An empty end does not say that it is still there: only 至今, or the list itself, does."""
    if ended.is_known or (outcome and outcome != "none"):
        return EndState.KNOWN
    if ended.precision == "open":
        return EndState.OPEN
    return EndState(said) if said else EndState.UNKNOWN


SEASONS = {3: _("{year} 年春季"), 6: _("{year} 年夏季"), 9: _("{year} 年秋季")}  # by the month each begins with


def in_words(days: Days) -> Any:
    """The days as exactly as they are known: 2014, 2014-06, spring of 2014. Settled in the reader's language."""
    first, before = days
    if first is not None and (first.day, first.month in SEASONS) == (1, True) and before == _three_months_on(first):
        return format_lazy(SEASONS[first.month], year=first.year)
    return shown(days).replace("/", " ~ ")


def _three_months_on(day: date) -> date:
    return date(day.year + day.month // 10, (day.month + 2) % 12 + 1, 1)


def alike(name: str, draft: ListedStay, there: StayKnown) -> SameStay:
    """A stay on record that the row may correct, in words short enough to choose by."""
    since, until = in_words(there.starts), in_words((there.ended_on, there.ended_before))
    span = format_lazy("{} – {}", since or "?", until or "?")
    return SameStay(there.pk, f"{name} · {draft.place}", ("correction",), False, span)


def differs(there: StayKnown, draft: ListedStay) -> Any:
    """In words, where the row contradicts the end on record; None where it says the same, less or more."""
    if there.ended_on is None:
        return None
    until = draft.ended.earliest
    is_open = draft.end_state == EndState.OPEN and draft.evidence is None
    is_later = is_open or (draft.evidence is not None and draft.evidence >= there.ended_on)
    is_other = until is not None and not _are_one_day(there, draft.ended)
    if not (is_later or is_other or (draft.outcome and there.outcome and draft.outcome != there.outcome)):
        return None
    said = {
        "ended": in_words((there.ended_on, there.ended_before)),
        "outcome": Outcome(there.outcome or Outcome.UNKNOWN).label,
    }
    return _("已登记 %(ended)s 离开（%(outcome)s），名单写的不同；没有改动。") % said


def adds(there: StayKnown, draft: ListedStay) -> dict[str, Any]:
    """What the row says more than the record: an end that was not known, a later day on which it was seen, and, where
    the record is a claim of one side, that it is so."""
    confirms = there.status == StayStatus.CLAIMED and draft.basis
    return ({"basis": draft.basis} if confirms else {}) | _ends_or_is_seen(there, draft)


def _ends_or_is_seen(there: StayKnown, draft: ListedStay) -> dict[str, Any]:
    if there.ended_on is not None:
        return {}
    until = there.sure.until if there.sure is not None else None
    if draft.end_state == EndState.KNOWN and draft.ended.is_known:
        return {
            "ended": draft.ended,
            "end_state": draft.end_state,
            "outcome": draft.outcome,
            "reason": draft.reason,
        }
    if draft.evidence is not None and until is not None and draft.evidence >= until:
        return {"evidence": draft.evidence}
    return {}


def is_elsewhere(there: StayKnown, draft: ListedStay) -> bool:
    return (there.institution, there.stage) != (draft.institution, draft.stage)


def has_begun_otherwise(there: StayKnown, draft: ListedStay) -> bool:
    return draft.starts.is_known and there.starts != (draft.starts.earliest, draft.starts.before)


def is_corrected(there: StayKnown, draft: ListedStay) -> bool:
    """Whether the row gives other days or another outcome than the record has."""
    if has_begun_otherwise(there, draft):
        return True
    if there.ended_on is None:
        return False
    if not draft.ended.is_known:
        return draft.end_state == EndState.OPEN
    is_other = (there.ended_on, there.ended_before) != (draft.ended.earliest, draft.ended.before)
    return is_other or bool(draft.outcome and draft.outcome != there.outcome)


def _are_one_day(there: StayKnown, ended: PartialDate) -> bool:
    """Whether the two ends may be the same, one perhaps known more exactly than the other."""
    assert there.ended_on is not None
    until, last = there.ended_before, ended.before
    return (last is None or there.ended_on < last) and (
        until is None or ended.earliest is None or ended.earliest < until
    )
