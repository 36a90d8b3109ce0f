"""Verbs on branches 分支/连锁: which institution belongs to whose group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.institutions import policy, queries
from hatchline.apps.institutions.drafts import BranchDraft
from hatchline.apps.institutions.models import Branch
from hatchline.apps.ledger import actions as ledger
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def link_branch(
    draft: BranchDraft, *, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Branch:
    """An institution belongs to the group of another one. Refused in a circle, and while it belongs to a third."""
    for pk in sorted({draft.head, draft.branch}):
        queries.locked(pk)
    require(policy.why_not_as("link_branch", role_kind) or policy.why_not_link_branch(draft, today=today))
    made = _row(draft)
    made.save(force_insert=True)
    details = {"head": draft.head, "branch": draft.branch, "form": draft.form}
    ledger.move(made, "link_branch", by=by, at=now, role_kind=role_kind, details=details)
    return made


@transaction.atomic
def end_branch(
    branch: Branch, *, on: PartialDate, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Branch:
    """It no longer belongs there, from a day known as exactly as ``on`` says."""
    branch = queries.locked_branch(branch.pk)
    require(policy.why_not_as("end_branch", role_kind) or policy.why_not_end(branch, on, today=today))
    branch.ends = on
    branch.save(update_fields=["ends_on", "ends_before", "ends_text"])
    ledger.move(branch, "end_branch", by=by, at=now, role_kind=role_kind, details={"on": on.code})
    return branch


@transaction.atomic
def link_branches(made: Sequence[BranchDraft]) -> list[int]:
    """Links for drafts that passed ``policy.why_not_link_branch``; their keys in the same order. No ledger rows."""
    return [row.pk for row in Branch.objects.bulk_create([_row(each) for each in made], batch_size=500)]


def _row(draft: BranchDraft) -> Branch:
    return Branch(
        head_id=draft.head,
        branch_id=draft.branch,
        form=draft.form,
        source=draft.source.strip(),
        **kept("starts", draft.starts),
        **kept("ends", draft.ends),
    )
