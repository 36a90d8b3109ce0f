"""What is known of a title before it is a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.titles.models import Title
from hatchline.apps.titles.states import TitleStatus
from hatchline.core.values.dates import PartialDate

UNKNOWN = PartialDate.unknown()
WORDS = ("name", "authority", "document", "number", "batch")
LATER = (*WORDS, "ends_before", "withdrawn_on", "reason")  # what a later list may add


@dataclass(slots=True)
class TitleDraft:
    """Fields of a title. ``subject_kind`` is app.model, ``subject_id`` the key there.

    ``kind``: a TitleKind value; ``level``: a Level value; ``ends_before``: the first day it no longer holds;
    ``withdrawn_on``: the day the authority took it back, with the ``reason``.
    """

    subject_kind: str
    subject_id: int
    kind: str
    level: str
    source: str
    given: PartialDate = UNKNOWN
    ends_before: date | None = None
    name: str = ""
    authority: str = ""
    document: str = ""
    number: str = ""
    batch: str = ""
    withdrawn_on: date | None = None
    reason: str = ""

    @property
    def identity(self) -> tuple[str, int, str, str, str, str, str]:
        """What the database lets be recorded once."""
        words = (self.kind, self.level, self.document.strip(), self.number.strip(), self.given.text)
        return (self.subject_kind, self.subject_id, *words)


def row_of(draft: TitleDraft, now: datetime) -> Title:
    """The row, not saved."""
    return Title(
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        kind=draft.kind,
        level=draft.level,
        source=draft.source.strip(),
        ends_before=draft.ends_before,
        withdrawn_on=draft.withdrawn_on,
        reason=draft.reason.strip(),
        status=TitleStatus.GIVEN if draft.withdrawn_on is None else TitleStatus.WITHDRAWN,
        recorded_at=now,
        **{word: getattr(draft, word).strip() for word in WORDS},
        **kept("given", draft.given),
    )


def later(row: Title, draft: TitleDraft) -> Mapping[str, Any]:
    """What the draft says of a title on record that the record does not say yet."""
    return {
        name: getattr(draft, name)
        for name in LATER
        if getattr(row, name) in ("", None) and getattr(draft, name) not in ("", None)
    }
