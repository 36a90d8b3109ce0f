"""What the verbs would refuse of a plan: asked of the verbs themselves, in transactions that are rolled back.

A preview so says before anything is written what policies asked row by row cannot see: dates that contradict those on
record, a question that was settled before, whatever the database forbids.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hatchline.apps.imports.states import RowOutcome
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.journeys.imports.targets import Target

if TYPE_CHECKING:
    from hatchline.journeys.imports.engine import Planned

LANGUAGES = (("zh", "zh-hans"), ("en", "en"))


class _Undone(Exception):
    """Everything went well and is taken back."""


def why_not(act: Callable[[], object]) -> Refusal | None:
    """Why this cannot be done: it is done, and undone. Nothing stays, in the database or in the ledger."""
    try:
        with transaction.atomic():
            act()
            raise _Undone
    except _Undone:
        return None
    except Refused as refused:
        return refused.refusal
    except IntegrityError:
        return Refusal("contradicts_record", _("与登记簿里已有的内容矛盾，写不进去。"), _("请核对这一行的日期和编号。"))


def refused(planned: Sequence[Planned], target: Target, now: datetime) -> list[tuple[Planned, dict[str, Refusal]]]:
    """The rows that would be refused when they are written, each with why, by language.

    All at once where all are well; row by row where one is not.
    """
    wanted = [RowOutcome.UPDATED, *([RowOutcome.CREATED] if target.is_rehearsed_new else [])]
    written = [each for each in planned if each.outcome in wanted]
    found = []
    if written and why_not(lambda: _write(written, target, now)) is not None:
        for each in written:
            if said := alone(each, target, now):
                found.append((each, said))
    elif written and target.is_rehearsed_new:
        target.forget()
    return found


def alone(each: Planned, target: Target, now: datetime) -> dict[str, Refusal]:
    """Why this one row is refused, by language; nothing where it is not."""
    said = {}
    for short, code in LANGUAGES:
        with translation.override(code):
            refusal = why_not(lambda: _write([each], target, now))
            if target.is_rehearsed_new or each.outcome == RowOutcome.CREATED:
                target.forget()
            if refusal is None:
                return {}
            said[short] = Refusal(refusal.code, str(refusal.message), str(refusal.hint), field=refusal.field)
    return said


def _write(planned: Sequence[Planned], target: Target, now: datetime) -> None:
    created = [copy(each.draft) for each in planned if each.outcome == RowOutcome.CREATED]
    updated = [(each.pk, each.changes) for each in planned if each.outcome == RowOutcome.UPDATED and each.pk]
    if created:
        target.register_many(created, now=now)
    if updated:
        target.amend_many(updated, now=now)
