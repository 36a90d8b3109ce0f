"""Verbs on applications and stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.guards import Violated
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.people.roles import AUTHORITY
from hatchline.apps.ventures import drafts, policy, queries
from hatchline.apps.ventures.actions.recording import dispute_listed, open_questions, standing
from hatchline.apps.ventures.actions.settling import asked_about, uphold_quietly
from hatchline.apps.ventures.clock import business_moment
from hatchline.apps.ventures.drafts import StayDraft
from hatchline.apps.ventures.history import Clash, History
from hatchline.apps.ventures.models import Application, Question, Stay, Venture
from hatchline.apps.ventures.states import ApplicationStatus, Basis, EndState, Outcome, StayStatus
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

ENDING = ("ended_on", "ended_before", "ended_text", "end_state", "outcome", "reason", "held_from", "held_until")
_FIRM = (Basis.RULED, Basis.BOTH)


def known_of(venture: int, *institutions: int) -> History:
    """What is known of one venture, which is held until the transaction ends, and of some institutions."""
    known = History()
    known.load([venture], institutions)
    return known


@transaction.atomic
def apply(
    venture: Venture,
    *,
    institution: int,
    stage: str,
    by: Person | None,
    now: datetime,
    today: date,
    note: str = "",
    role_kind: str = "",
) -> Application:
    """The venture asks the institution for a place. Coming back after leaving is a new application."""
    known = known_of(venture.pk, institution)
    waiting = Application.objects.filter(
        venture=venture, institution=institution, stage=stage, status=ApplicationStatus.SUBMITTED
    ).exists()
    require(
        policy.why_not_apply(known, venture.pk, institution, stage, today=today, waiting=waiting, role_kind=role_kind)
    )
    application = Application.objects.create(
        venture=venture,
        institution_id=institution,
        stage=stage,
        note=note.strip(),
        applied_at=business_moment(now, today),
    )
    ledger.move(application, "apply", to=application.status, by=by, at=now, role_kind=role_kind)
    return application


@transaction.atomic
def admit(
    application: Application, *, starts: PartialDate, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """The institution takes the venture in: both sides agree, so the stay is confirmed.

    Where the venture surely is incubated elsewhere on the same days, the stay is kept as disputed and both institutions
    are asked.
    """
    application = queries.locked_application(application.pk)
    known = known_of(application.venture_id, application.institution_id)
    require(policy.why_not_admit(application, known, today=today, role_kind=role_kind))
    application.decided_at = business_moment(now, today)
    application.save(update_fields=["decided_at"])
    ledger.move(application, "admit", by=by, at=now, role_kind=role_kind)
    draft = StayDraft(
        venture=application.venture_id,
        institution=application.institution_id,
        stage=application.stage,
        starts=starts,
        source=f"application:{application.pk}",
        evidence=None,
        application=application.pk,
    )
    return enter(draft, known, by=by, now=now, today=today, role_kind=role_kind, may_begin_later=True)


def enter(
    draft: StayDraft,
    known: History,
    *,
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
    may_begin_later: bool = False,
) -> Stay:
    """Check one draft, write it and open its questions. For the verbs that make a stay, inside their transaction."""
    require(policy.why_not_stay(draft, known, today=today, may_begin_later=may_begin_later))
    clashes = known.clashes(draft)
    stay = Stay(**draft.columns(), status=standing(draft, clashes), recorded_at=now)
    try:
        with transaction.atomic():
            stay.save(force_insert=True)
    except Violated:  # written past the verbs in this very moment: look again, and keep it as disputed
        known.load([draft.venture], [])
        clashes = known.clashes(draft)
        stay.status = StayStatus.DISPUTED
        stay.save(force_insert=True)
    ledger.move(stay, "claim", to=stay.status, by=by, at=now, role_kind=role_kind, details={"overlaps": len(clashes)})
    ask_about([(stay, clashes)], by=by, now=now, today=today)
    return stay


def ask_about(opened: list[tuple[Stay, list[Clash]]], *, by: Person | None, now: datetime, today: date) -> None:
    """Open the questions of stays that clash, each with its move. For the verbs that write one."""
    for question in open_questions(opened, now=now, today=today):
        ledger.move(question, "ask", to=question.status, by=by, at=now, details={"kind": question.kind})


@transaction.atomic
def refuse(
    application: Application,
    *,
    reason: str,
    by: Person | None,
    now: datetime,
    today: date | None = None,
    role_kind: str = "",
) -> Application:
    """The institution does not take the venture in; the applicant reads why."""
    return _decide(application, "refuse", reason=reason, by=by, now=now, today=today, role_kind=role_kind)


@transaction.atomic
def recall(
    application: Application, *, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Application:
    """The venture takes its application back."""
    return _decide(application, "recall", reason="", by=by, now=now, today=today, role_kind=role_kind)


def _decide(
    application: Application,
    verb: str,
    *,
    reason: str,
    by: Person | None,
    now: datetime,
    today: date | None,
    role_kind: str,
) -> Application:
    application = queries.locked_application(application.pk)
    require(policy.why_not_refuse(application, verb=verb, reason=reason, role_kind=role_kind))
    application.reason, application.decided_at = reason.strip(), business_moment(now, today)
    application.save(update_fields=["reason", "decided_at"])
    ledger.move(application, verb, by=by, at=now, role_kind=role_kind)
    return application


@transaction.atomic
def claim(draft: StayDraft, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Stay:
    """One side says that the venture is, or was, there. An overlap makes the claim disputed and opens a question."""
    require(policy.why_not_as("claim", role_kind))
    known = known_of(draft.venture, draft.institution)
    return enter(draft, known, by=by, now=now, today=today, role_kind=role_kind)


@transaction.atomic
def confirm(stay: Stay, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Stay:
    """The other side, or an official, agrees with a claim. Where it overlaps by now, it becomes disputed instead, with
    a question."""
    stay = queries.locked_stay(stay.pk)
    known = known_of(stay.venture_id, stay.institution_id)
    require(policy.why_not_confirm(stay, known, today=today, role_kind=role_kind))
    clashes = known.clashes(drafts.of(stay), but=stay.pk)
    stay.basis = Basis.RULED if role_kind in AUTHORITY else Basis.BOTH
    stay.save(update_fields=["basis"])
    if any(each.is_sure for each in clashes):
        ledger.move(stay, "dispute", by=by, at=now, role_kind=role_kind, details={"overlaps": len(clashes)})
    else:
        ledger.move(stay, "confirm", by=by, at=now, role_kind=role_kind)
    asked = set(Question.objects.filter(other_stay=stay).values_list("stay", flat=True))
    ask_about([(stay, [each for each in clashes if each.stay.pk not in asked])], by=by, now=now, today=today)
    return stay


@transaction.atomic
def dispute(stay: Stay, *, reason: str, by: Person | None, now: datetime, role_kind: str = "") -> Stay:
    """Somebody who knows says that the stay is not so. It counts nowhere until that is settled."""
    return _with_reason(stay, "dispute", reason=reason, by=by, now=now, role_kind=role_kind)


@transaction.atomic
def withdraw(stay: Stay, *, reason: str, by: Person | None, now: datetime, role_kind: str = "") -> Stay:
    """The stay was recorded by mistake. It stays readable and counts nowhere."""
    return _with_reason(stay, "withdraw", reason=reason, by=by, now=now, role_kind=role_kind)


@transaction.atomic
def uphold(stay: Stay, *, reason: str, by: Person | None, now: datetime, role_kind: str = "") -> Stay:
    """An objection was looked into, and the stay is so after all. What a question asks is settled by its answer."""
    stay = queries.locked_stay(stay.pk)
    _settled, waiting = asked_about(stay.pk)
    require(policy.why_not_uphold(stay, waiting, reason=reason, role_kind=role_kind))
    if not uphold_quietly(stay, by=by, now=now, role_kind=role_kind, details={"reason": reason.strip()}):
        raise Refused(policy.overlapping())
    return stay


def _with_reason(stay: Stay, verb: str, *, reason: str, by: Person | None, now: datetime, role_kind: str) -> Stay:
    stay = queries.locked_stay(stay.pk)
    require(policy.why_not_with_reason(stay, verb, reason=reason, role_kind=role_kind))
    ledger.move(stay, verb, by=by, at=now, role_kind=role_kind, details={"reason": reason.strip()})
    return stay


@transaction.atomic
def graduate(
    stay: Stay, *, on: PartialDate, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """The venture has met the definition of a graduate. ``on`` is the first day it is no longer there."""
    stay = queries.locked_stay(stay.pk)
    outcome = Outcome.GRADUATED.value
    return end_stay(stay, "graduate", outcome, on=on, reason="", by=by, now=now, today=today, role_kind=role_kind)


@transaction.atomic
def leave(
    stay: Stay, *, on: PartialDate, reason: str, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Stay:
    """The venture has moved away, with a reason. It may come back by applying again."""
    stay = queries.locked_stay(stay.pk)
    outcome = Outcome.LEFT.value
    return end_stay(stay, "leave", outcome, on=on, reason=reason, by=by, now=now, today=today, role_kind=role_kind)


def end_stay(
    stay: Stay,
    verb: str,
    outcome: str,
    *,
    on: PartialDate,
    reason: str,
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
) -> Stay:
    """End a stay that is held already. For the verbs that end one.

    Where nobody knew until when it went on, the day may show that it overlaps: it is asked about then.
    """
    require(policy.why_not_end(stay, verb, on=on, reason=reason, today=today, role_kind=role_kind))
    draft = drafts.of(stay)
    draft.ended, draft.end_state, draft.outcome, draft.reason = on, EndState.KNOWN.value, outcome, reason
    was_unknown = stay.end_state == EndState.UNKNOWN
    clashes = known_of(stay.venture_id).conflicts(draft, stay.pk) if was_unknown else []
    details = {"on": on.code, "reason": reason.strip()}
    rewrite(stay, draft, ENDING, verb, clashes, details, by=by, now=now, today=today, role_kind=role_kind)
    return stay


def rewrite(
    stay: Stay,
    draft: StayDraft,
    columns: tuple[str, ...],
    verb: str,
    clashes: list[Clash],
    details: dict[str, Any],
    *,
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str,
) -> None:
    """Write new days of a stay that is held already, with its move. For the verbs that give it some.

    A confirmed one that surely clashes by them becomes disputed. Both institutions are asked, unless they were before;
    refused where that was settled already.
    """
    settled, waiting = asked_about(stay.pk) if clashes else (set[int](), set[int]())
    require(policy.why_not_overlap_again(clashes, settled))
    ledger.move(stay, verb, by=by, at=now, role_kind=role_kind, details=details)
    if stay.status == StayStatus.CONFIRMED and any(each.is_sure for each in clashes):
        ledger.move(stay, "dispute", by=by, at=now, role_kind=role_kind, details={"overlaps": len(clashes)})
    write(stay, draft, columns)
    fresh = [each for each in clashes if each.stay.pk not in settled | waiting]
    ask_about([(stay, fresh)], by=by, now=now, today=today)


@transaction.atomic
def amend_stays(
    changes: Iterable[tuple[int, Mapping[str, Any]]],
    *,
    now: datetime,
    today: date,
    listed: Collection[int] = (),
    by: Person | None = None,
) -> int:
    """What a later list says of stays on record: that they ended, or were seen again. No ledger rows: an import's part.

    ``changes``: ended, end_state, outcome, reason, evidence; ``basis`` confirms a claim. A stay that clashes by them
    becomes disputed with a question, as one of a list that is new would; refused where that was settled already, or
    where the days contradict each other. Of two that overlap by what the list says of both neither wins by its place:
    both are disputed, unless one alone was confirmed otherwise than by a list. ``listed``: stays that other rows of the
    list told of before; one of these becomes disputed by a move of its own, of ``by``.
    """
    wanted, made, known = dict(changes), dict[int, StayDraft](), History()
    known.listed.update(listed)
    known.load(set(Stay.objects.filter(pk__in=wanted).values_list("venture", flat=True)), [])
    rows = list(Stay.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    claimed = {stay.pk for stay in rows if stay.status == StayStatus.CLAIMED}
    for stay in rows:
        made[stay.pk] = draft = drafts.of(stay)
        for name, value in wanted[stay.pk].items():
            setattr(draft, name, value)
        require(policy.why_not_days(draft, today=today, may_begin_later=True))
        if stay.pk in claimed and "basis" in wanted[stay.pk]:
            stay.status = draft.status = StayStatus.CONFIRMED.value
        known.rewritten(stay.pk, draft, stay.status)
    opened, asked, unsettled = [], set[frozenset[int]](), set[int]()
    for stay in rows:
        draft = made[stay.pk]
        clashes = _told_against(known, draft, stay.pk, made.keys())
        settled, waiting = asked_about(stay.pk) if clashes else (set[int](), set[int]())
        require(policy.why_not_overlap_again(clashes, settled))
        if stay.status == StayStatus.CONFIRMED:
            doubtful = [each for each in clashes if not _is_firmer(draft, each, known.listed | made.keys())]
            stay.status = standing(draft, doubtful)
            sure = [each.stay for each in clashes if each.is_sure and not each.is_contradiction]
            unsettled |= {each.pk for each in sure if each.yields and each.status == StayStatus.CONFIRMED} - made.keys()
        pairs = {frozenset((stay.pk, each.stay.pk)): each for each in clashes}
        opened.append((stay, [pairs[pair] for pair in pairs if not pair & (settled | waiting) and pair not in asked]))
        asked |= pairs.keys()
    dispute_listed(unsettled, by=by, now=now)
    # what yields first, then what stands, then what stands from now on: the database forbids any overlap in between
    for stay in sorted(rows, key=lambda each: (each.status != StayStatus.DISPUTED, each.pk in claimed)):
        write(stay, made[stay.pk], (*ENDING, "evidence_on", "basis"), "status")
    open_questions(opened, now=now, today=today)
    return len(opened)


def _told_against(known: History, draft: StayDraft, pk: int, told: Set[int]) -> list[Clash]:
    """What stands against the new days of a stay. Where it graduated and a stay that is told of too begins after that,
    the later one is in doubt, which finds it out by itself."""
    found = known.conflicts(draft, pk)
    later = [each for each in found if each.is_contradiction and each.stay.begins_after(draft) and each.stay.pk in told]
    firm = [each for each in later if each.stay.basis in _FIRM and draft.basis not in _FIRM]
    return known.clashes(draft, but=pk) if later and not firm else found


def _is_firmer(draft: StayDraft, clash: Clash, told: Set[int]) -> bool:
    """Whether it was confirmed otherwise than by a list, and a stay that the same list told of was not."""
    return clash.stay.pk in told and draft.basis in _FIRM and clash.stay.basis not in _FIRM


def write(stay: Stay, draft: StayDraft, wanted: tuple[str, ...], *more: str) -> None:
    """Save these columns of a stay that is held already, and ``more`` as they stand; refused where it overlaps."""
    columns: dict[str, Any] = draft.columns()
    for column in wanted:
        setattr(stay, column, columns[column])
    try:
        with transaction.atomic():
            stay.save(update_fields=[*wanted, *more])
    except Violated as violation:
        raise Refused(policy.overlapping()) from violation


@transaction.atomic
def set_aside(stay: Stay, *, reason: str, by: Person | None, now: datetime, role_kind: str = "") -> Stay:
    """The stay is true and counts nowhere: a joint laboratory, a second desk."""
    stay = queries.locked_stay(stay.pk)
    require(policy.why_not_set_aside(stay, reason=reason, role_kind=role_kind))
    draft = drafts.of(stay)
    draft.counts, draft.not_counting_reason = False, reason[:200]
    write(stay, draft, ("counts", "not_counting_reason"))
    ledger.move(stay, "set_aside", by=by, at=now, role_kind=role_kind, details={"reason": reason.strip()})
    return stay


@transaction.atomic
def count(stay: Stay, *, by: Person | None, now: datetime, role_kind: str = "") -> Stay:
    """It was set aside by mistake."""
    stay = queries.locked_stay(stay.pk)
    draft = drafts.of(stay)
    draft.counts, draft.not_counting_reason = True, ""
    clashes = known_of(stay.venture_id).clashes(draft, but=stay.pk)
    require(policy.why_not_count(stay, clashes, role_kind=role_kind))
    write(stay, draft, ("counts", "not_counting_reason"))
    ledger.move(stay, "count", by=by, at=now, role_kind=role_kind)
    return stay
