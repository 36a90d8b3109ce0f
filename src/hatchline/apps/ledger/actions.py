"""The one way anything is written down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from hatchline.apps import columns
from hatchline.apps.ledger.models import Entry, ImportedRow
from hatchline.core.values.move import Move
from hatchline.core.values.refusal import Refusal, Refused

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
DIGEST = re.compile(r"(?:k\d+:)?(?:[0-9a-f]{16}:)?[0-9a-f]{64}")
BATCH = 1000
_IMPORTED = ("entry_id", "place", "outcome", "subject_kind", "subject_id", "details")


class Row(NamedTuple):
    """What one row of an import became. ``place`` is its sheet and row as the file counts them."""

    place: str
    outcome: str
    subject_kind: str = ""
    subject_id: str = ""
    details: dict[str, Any] = {}


def move_of(subject: models.Model, verb: str) -> Move:
    """The row of the app's table of moves (states.MOVES) for this verb."""
    found: Move = import_module(f"{type(subject)._meta.app_config.name}.states").MOVES.of(verb)
    return found


def move(
    subject: models.Model,
    verb: str,
    *,
    by: Person | None,
    at: datetime,
    to: str = "",
    role_kind: str = "",
    on_behalf_of: str = "",
    details: dict[str, Any] | None = None,
) -> Entry:
    """Write down that ``verb`` was done to ``subject``, and set its status when the move changes it.

    Must run inside the verb's transaction. ``by`` is None for the system; ``on_behalf_of`` is kind:id. ``details``
    holds keys, codes, reasons and digests (``personal``) only. Refused when one holds a phone, identity number or mail
    address, beside the field of its name; when the status is not one the move starts from; or when it is no longer the
    one the subject was read with.
    """
    _in_transaction()
    row = move_of(subject, verb)
    before = str(getattr(subject, "status", "") or "")
    after = to or (row.to if row.to != "*" else "")
    if row.sources and before not in row.sources:
        raise Refused(_wrong_status(subject, row, before))
    has_status = any(field.name == "status" for field in subject._meta.concrete_fields)
    if after and has_status and after != before:
        found = type(subject)._base_manager.filter(pk=subject.pk, status=before).update(status=after)
        if not found:
            hint = _("请刷新页面，看过最新内容后再操作。")
            raise Refused(Refusal("changed_meanwhile", _("这条记录刚刚被别人改过。"), hint=hint))
        subject.status = after  # type: ignore[attr-defined]
    created = not row.sources and before == after
    return _write(
        at=at,
        event=row.event,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        from_status="" if created else before,
        to_status=after or before,
        by_id=by.pk if by is not None else None,
        role_kind=role_kind,
        on_behalf_of=on_behalf_of,
        details=details,
    )


def look(
    subject: models.Model, field: str, *, by: Person | None, at: datetime, role_kind: str = "", reason: str = ""
) -> Entry:
    """Write down that somebody looked at a full personal value. ``field`` is the column's name; ``reason`` a code."""
    with transaction.atomic():
        return _write(
            at=at,
            event=f"{subject._meta.app_config.name.rsplit('.', 1)[-1]}.{subject._meta.model_name}.looked",
            subject_kind=subject._meta.label_lower,
            subject_id=str(subject.pk),
            by_id=by.pk if by is not None else None,
            role_kind=role_kind,
            details={"field": field, **({"reason": reason} if reason else {})},
        )


def import_rows(entry: Entry, rows: Iterable[Row | tuple[Any, ...]]) -> int:
    """Write down what the rows of an import became, in bulk under the import's one entry. How many there were.

    Rows are ``Row``s or tuples in its order. Call it chunk by chunk, in the transaction of the chunk.
    """
    _in_transaction()
    made = []
    for given in rows:
        place, outcome, kind, subject_id, details = given if len(given) == 5 else Row(*given)
        if details:
            _refuse_personal(details)
        kept = json.dumps(details) if details else "{}"
        made.append((entry.pk, place, outcome, kind, str(subject_id), kept))
    connection, quote = transaction.get_connection(), transaction.get_connection().ops.quote_name
    names = ", ".join(quote(each) for each in _IMPORTED)
    sql = f"INSERT INTO {quote(ImportedRow._meta.db_table)} ({names}) VALUES (%s, %s, %s, %s, %s, %s)"
    with connection.cursor() as cursor:
        for start in range(0, len(made), BATCH):  # without a model instance each: an import may have 100,000
            cursor.executemany(sql, made[start : start + BATCH])
    return len(made)


def personal(value: str) -> str:
    """A salted digest of a personal value: it proves later what the value was (``was``) and tells nothing else."""
    return columns.salted(value)


def was(kept: str, value: str) -> bool:
    """Whether a digest from ``personal`` is of this value."""
    return columns.salted_matches(kept, value)


def is_personal(value: Any) -> bool:
    """Whether a text, or one inside a dict or list, holds what looks like a phone, identity number or mail address.

    A policy may ask it with words of its own; the ledger refuses whatever no policy asked about.
    """
    if isinstance(value, dict):
        return any(is_personal(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(is_personal(each) for each in value)
    if not isinstance(value, str) or DIGEST.fullmatch(value):
        return False
    return bool(
        EMAIL.search(value) or MOBILE.search(value) or any(ric.is_valid(each) for each in IDENTITY.findall(value))
    )


def _write(*, details: dict[str, Any] | None, **fields: Any) -> Entry:
    details = details or {}
    _refuse_personal(details)
    return Entry.objects.create(details=details, **fields)


def _in_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the ledger is written inside the transaction of the verb")


def _wrong_status(subject: models.Model, row: Move, before: str) -> Refusal:
    shown = getattr(subject, "get_status_display", lambda: before)()
    params = {"verb": row.wording, "status": shown}
    return Refusal("wrong_status", _("当前状态是“%(status)s”，不能“%(verb)s”。") % params, params={"status": before})


def _refuse_personal(details: dict[str, Any]) -> None:
    """What is written here can never be erased: no personal value gets in, typed into a reason or by mistake."""
    for name, value in details.items():
        if is_personal(value):
            message = _("这里写的会永久留存，不能含电话、证件号或邮箱。")
            hint = _("请去掉号码或邮箱，只写事由，如“电话确认”。")
            raise Refused(Refusal("personal", message, hint, field=name))
