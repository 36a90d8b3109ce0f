"""Taking two records of one venture together, and undoing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.search import actions as search
from hatchline.apps.ventures import policy, queries
from hatchline.apps.ventures.actions import settling
from hatchline.apps.ventures.actions.indexing import KIND, index
from hatchline.apps.ventures.actions.stays import ask_about
from hatchline.apps.ventures.history import Clash, History, StayKnown
from hatchline.apps.ventures.models import (
    Application,
    Founder,
    Funding,
    Handover,
    LegalPeriod,
    Merge,
    NameKind,
    Right,
    Stay,
    Venture,
    VentureName,
)
from hatchline.apps.ventures.states import ApplicationStatus, StayStatus
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

MOVED: dict[str, type[models.Model]] = {
    each._meta.model_name or "": each
    for each in (Stay, Application, Handover, Founder, Right, Funding, VentureName, LegalPeriod)
}

# What a record knows of itself, together with what belongs to it: the first of each tells whether it is known.
FILLED = (("founded",), ("field_id",), ("industry_id",), ("website", "website_host"), ("summary",), ("exit", "exited"))


@transaction.atomic
def merge(
    kept: Venture, gone: Venture, *, reason: str, by: Person | None, now: datetime, today: date, role_kind: str = ""
) -> Merge:
    """``gone`` is the same venture as ``kept``: its rows go over, its names stay findable, its page points on. What
    only ``gone`` knew of itself (see FILLED) the kept record knows from now on.

    Rows that the kept record has already (the same right, the same waiting application) stay behind. What other apps
    filed under the old key stays there; ``queries.family`` names it. Stays that only perhaps overlap, and one that
    incubates a graduate again, are asked about.
    """
    held = queries.hold([kept.pk, gone.pk])
    kept, gone = held[kept.pk], held[gone.pk]
    known = History()
    known.load([kept.pk, gone.pk], [])
    known.load([], {stay.institution for pk in (kept.pk, gone.pk) for stay in known.stays[pk]})
    require(policy.why_not_merge(kept, gone, known, reason=reason, role_kind=role_kind))

    before: dict[str, Any] = {"status": gone.status, "legal_person": gone.legal_person_id}
    stays = Stay.objects.filter(venture__in=[kept, gone]).values_list("pk", "status", "counts")
    before["stays"] = {str(pk): [status, counts] for pk, status, counts in stays}
    moved = _move_rows(gone, kept)
    if gone.legal_person_id:
        body, day = gone.legal_person_id, gone.incorporated
        gone.legal_person = None
        gone.save(update_fields=["legal_person"])  # first: one venture is one body, even for a moment
        before["kept_incorporated"] = kept.incorporated.dump()
        kept.legal_person_id = body
        if not kept.incorporated.is_known:
            kept.incorporated = day
    before["filled"] = _fill(kept, gone)
    name = VentureName.objects.create(venture=kept, kind=NameKind.MERGED, name=gone.name, name_key=gone.name_key)
    moved["added"] = [name.pk]
    kept.version, kept.amended_at = kept.version + 1, now
    kept.save()
    gone.merged_into = kept
    gone.version, gone.amended_at = gone.version + 1, now
    gone.save(update_fields=["merged_into", "version", "amended_at"])
    made = Merge.objects.create(kept=kept, gone=gone, reason=reason.strip(), moved=moved, before=before, merged_at=now)
    details = {"into": kept.pk, "merge": made.pk}
    ledger.move(gone, "merge", by=by, at=now, role_kind=role_kind, details=details)
    index([kept.pk])
    search.forget(KIND, gone.pk)
    settling.joined(kept, gone, note=reason, by=by, now=now, role_kind=role_kind)
    _ask(known.between(kept.pk, gone.pk), by=by, now=now, today=today, role_kind=role_kind)
    return made


def _ask(
    doubts: list[tuple[StayKnown, Clash]], *, by: Person | None, now: datetime, today: date, role_kind: str
) -> None:
    """Stays that may overlap now that they are of one venture, and an incubation after a graduation."""
    for late, clash in doubts:
        _settled, waiting = settling.asked_about(late.pk)  # settled of two ventures, it says nothing of one
        if clash.stay.pk in waiting:
            continue
        stay = queries.locked_stay(late.pk)
        if clash.is_sure and stay.status == StayStatus.CONFIRMED:
            ledger.move(stay, "dispute", by=by, at=now, role_kind=role_kind, details={"overlaps": 1})
        ask_about([(stay, [clash])], by=by, now=now, today=today)


@transaction.atomic
def undo_merge(merge: Merge, *, by: Person | None, now: datetime, role_kind: str = "") -> Venture:
    """They were two after all: what went over goes back, but for rows that were taken away meanwhile.

    What was recorded on the kept record since the merge stays there; open questions between stays that are of two
    again are settled, and what a settled one withdrew or set aside is given back.
    """
    held = queries.hold([merge.kept_id, merge.gone_id])
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    kept, gone = held[merge.kept_id], held[merge.gone_id]
    later = Merge.objects.filter(kept=kept, undone_at=None, pk__gt=merge.pk)
    require(policy.why_not_undo_merge(merge, is_last=not later.exists(), role_kind=role_kind))

    VentureName.objects.filter(pk__in=merge.moved["added"], venture=kept).delete()
    if merge.before["legal_person"] and kept.legal_person_id == merge.before["legal_person"]:
        kept.legal_person = None
        kept.incorporated = PartialDate.load(merge.before["kept_incorporated"])
    _empty(kept, merge.before.get("filled", {}))
    kept.version, kept.amended_at = kept.version + 1, now
    kept.save()
    for name, model in MOVED.items():
        model._default_manager.filter(pk__in=merge.moved[name], venture=kept).update(venture=gone)
    ledger.move(gone, "undo_merge", to=merge.before["status"], by=by, at=now, role_kind=role_kind)
    gone.merged_into, gone.legal_person_id = None, merge.before["legal_person"]
    gone.version, gone.amended_at = gone.version + 1, now
    gone.save(update_fields=["merged_into", "legal_person", "version", "amended_at"])
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    index([kept.pk, gone.pk])
    settling.parted(merge, note=str(_("撤销合并：两条入驻记录属于两个主体")), by=by, now=now, role_kind=role_kind)
    return gone


def _fill(kept: Venture, gone: Venture) -> dict[str, list[Any]]:
    """Give the kept record what only the other one knows. Answers by field what stood there and what stands there."""
    filled: dict[str, list[Any]] = {}
    for names in FILLED:
        theirs = getattr(gone, names[0])
        if _is_known(getattr(kept, names[0])) or not _is_known(theirs):
            continue
        if names[0] == "founded" and _is_known(kept.ceased) and theirs.earliest >= kept.ceased.before:
            continue  # begun after the end of the kept one: no fact about it
        for name in names:
            filled[name] = [_dumped(getattr(kept, name)), _dumped(getattr(gone, name))]
            setattr(kept, name, getattr(gone, name))
    return filled


def _empty(kept: Venture, filled: dict[str, list[Any]]) -> None:
    """Take back what a merge filled in, where it still stands."""
    for names in FILLED:
        if names[0] in filled and _dumped(getattr(kept, names[0])) == filled[names[0]][1]:
            for name in names:
                was = filled[name][0]
                is_date = isinstance(getattr(kept, name), PartialDate)
                setattr(kept, name, PartialDate.load(was) if is_date else was)


def _is_known(value: Any) -> bool:
    return value.is_known if isinstance(value, PartialDate) else bool(value)


def _dumped(value: Any) -> Any:
    return value.dump() if isinstance(value, PartialDate) else value


def _move_rows(source: Venture, target: Venture) -> dict[str, list[int]]:
    held = set(target.rights.exclude(number="").values_list("kind", "number"))
    waits = set(target.applications.filter(status=ApplicationStatus.SUBMITTED).values_list("institution", "stage"))

    def is_there(row: Any) -> bool:
        if isinstance(row, Right):
            return bool(row.number) and (row.kind, row.number) in held
        is_waiting = isinstance(row, Application) and row.status == ApplicationStatus.SUBMITTED
        return is_waiting and (row.institution_id, row.stage) in waits

    moved: dict[str, list[int]] = {}
    for name, model in MOVED.items():
        pks = [row.pk for row in model._default_manager.filter(venture=source) if not is_there(row)]
        model._default_manager.filter(pk__in=pks).update(venture=target)
        moved[name] = pks
    return moved
