"""Correcting what is recorded: a venture's own fields, the days of a stay."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ventures import drafts, policy, queries
from hatchline.apps.ventures.actions.indexing import index
from hatchline.apps.ventures.actions.stays import known_of, rewrite
from hatchline.apps.ventures.actions.ventures import write as write_venture
from hatchline.apps.ventures.models import NameKind, Stay, Venture, VentureName
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

DAYS = (
    "starts_on", "starts_before", "starts_text", "ended_on", "ended_before", "ended_text", "end_state", "evidence_on",
    "outcome", "reason", "held_from", "held_until",
)  # fmt: skip
_OTHER_NAMES = (NameKind.ALIAS, NameKind.ENGLISH)


@transaction.atomic
def amend(
    venture: Venture,
    *,
    by: Person | None,
    now: datetime,
    today: date,
    version: int | None = None,
    role_kind: str = "",
    **changes: Any,
) -> Venture:
    """Correct fields of a record: founded, incorporated, ceased, exited, exit, field, industry, website, summary,
    names.

    ``names``: all aliases and English names, as (kind, name), in place of those there are. Name, legal body and status
    have verbs of their own. Nothing is written when nothing differs; refused when ``version`` is old.
    """
    venture = queries.locked(venture.pk)
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    for name in drafts.DATES:
        if name in changes and changes[name] is None:
            changes[name] = PartialDate.unknown()
    require(policy.why_not_amend(venture, changes, today=today, version=version, role_kind=role_kind))
    present = drafts.present(venture)
    differs = {name: value for name, value in changes.items() if name != "names" and value != present[name]}
    renamed = "names" in changes and _replace_names(venture, changes["names"])
    if not differs and not renamed:
        return venture
    write_venture(venture, now, **drafts.columns_of(differs))
    fields = sorted([*differs, *(["names"] if renamed else [])])
    ledger.move(venture, "amend", by=by, at=now, role_kind=role_kind, details={"fields": fields})
    index([venture.pk])
    return venture


def _replace_names(venture: Venture, wanted: tuple[tuple[str, str], ...]) -> bool:
    there = {(row.kind, row.name): row.pk for row in venture.names.filter(kind__in=_OTHER_NAMES)}
    given = {(kind, name.strip()) for kind, name in wanted if name.strip()}
    gone = [pk for pair, pk in there.items() if pair not in given]
    VentureName.objects.filter(pk__in=gone).delete()
    new = sorted(given - there.keys())
    VentureName.objects.bulk_create(
        VentureName(venture=venture, kind=kind, name=name, name_key=names.key(name)) for kind, name in new
    )
    return bool(gone or new)


@transaction.atomic
def amend_stay(
    stay: Stay,
    *,
    starts: PartialDate,
    end_state: str,
    reason: str,
    by: Person | None,
    now: datetime,
    today: date,
    ended: PartialDate = drafts.UNKNOWN,
    evidence: date | None = None,
    outcome: str = "",
    role_kind: str = "",
) -> Stay:
    """Its days were recorded wrongly; the ledger keeps what they were, and why they changed.

    A confirmed stay that surely overlaps with another by its new days becomes disputed, and both institutions are
    asked, unless they were asked before. A disputed one stays so until the question is settled.
    """
    stay = queries.locked_stay(stay.pk)
    was = {"starts": stay.starts.code, "ended": stay.ended.code, "end": stay.end_state, "outcome": stay.outcome}
    draft = drafts.of(stay)
    draft.starts, draft.ended, draft.end_state = starts, ended, end_state
    draft.evidence, draft.outcome = evidence, outcome
    if outcome != stay.outcome:
        draft.reason = reason.strip() if outcome else ""
    known = known_of(stay.venture_id, stay.institution_id).without(stay.pk)
    require(policy.why_not_amend_stay(stay, draft, known, reason=reason, today=today, role_kind=role_kind))
    details = {
        "was": was,
        "starts": starts.code,
        "ended": ended.code,
        "end": end_state,
        "outcome": outcome,
        "reason": reason.strip(),
    }
    clashes = known.clashes(draft)
    rewrite(stay, draft, DAYS, "amend_stay", clashes, details, by=by, now=now, today=today, role_kind=role_kind)
    return stay
