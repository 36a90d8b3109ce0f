"""On questions about the record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures.models import Asked, Question, QuestionKind, Resolution, Venture
from hatchline.apps.ventures.policy.ventures import why_not_as
from hatchline.apps.ventures.states import QuestionStatus, Status
from hatchline.core.values.refusal import Refusal

REPLY_DAYS = 15  # how long the institutions have, unless whoever asks says otherwise
_OF_STAYS = frozenset({Resolution.KEEP_FIRST, Resolution.KEEP_SECOND, Resolution.SECOND_ASIDE, Resolution.BOTH})
FITTING = {
    QuestionKind.OVERLAP: _OF_STAYS,
    QuestionKind.IMPRECISE: _OF_STAYS,
    QuestionKind.CONTRADICTION: _OF_STAYS,
    QuestionKind.DUPLICATE: frozenset({Resolution.MERGED, Resolution.DISTINCT}),
}


def why_not_ask_duplicate(one: Venture, other: Venture, *, asked_before: bool, role_kind: str = "") -> Refusal | None:
    """The same record, one that is merged already, or a question asked before."""
    refusal = why_not_as("ask", role_kind)
    if refusal is None and one.pk == other.pk:
        refusal = Refusal("same_record", _("两边是同一条记录。"))
    if refusal is None and Status.MERGED in {one.status, other.status}:
        refusal = Refusal("venture_merged", _("其中一条记录已经并入另一条。"))
    if refusal is None and asked_before:
        refusal = Refusal("asked_already", _("这两条记录是否重复已经问过。"))
    return refusal


def _open(question: Question) -> Refusal | None:
    if question.status == QuestionStatus.OPEN:
        return None
    return Refusal("settled_already", _("这个疑问已经解决。"))


def why_not_reply(question: Question, asked: Asked | None, *, text: str, role_kind: str = "") -> Refusal | None:
    """Settled already, an institution that was not asked, one that replied before, or an empty reply."""
    refusal = why_not_as("reply", role_kind) or _open(question)
    if refusal is None and asked is None:
        refusal = Refusal("not_asked", _("没有请这家机构答复。"))
    if refusal is None and asked is not None and asked.replied_at is not None:
        refusal = Refusal("replied_already", _("这家机构已经答复过。"))
    if refusal is None and not text.strip():
        refusal = Refusal("empty_reply", _("请写明答复内容。"), field="text")
    return refusal


def why_not_settle(
    question: Question, asked: Collection[Asked], *, resolution: str, note: str, today: date, role_kind: str = ""
) -> Refusal | None:
    """Somebody may still reply, the resolution does not fit, or nobody says why."""
    refusal = why_not_as("settle", role_kind) or _open(question)
    if refusal is None and resolution not in FITTING[QuestionKind(question.kind)]:
        refusal = Refusal("does_not_fit", _("这种解决办法不适用于这个疑问。"), field="resolution")
    if refusal is None and not note.strip():
        refusal = Refusal("no_reason", _("请写明依据。"), field="note")
    waiting = [each for each in asked if each.replied_at is None]
    if refusal is None and waiting and today <= question.due_on:
        shown = {"name": waiting[0].institution.name, "due": question.due_on.isoformat()}
        refusal = Refusal(
            "may_still_reply",
            _("“%(name)s”还没有答复，期限到 %(due)s。") % shown,
            _("等它答复，或等期限过后再解决。"),
        )
    return refusal
