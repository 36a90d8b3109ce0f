"""Verbs of a list on its way in. Taking its rows into other apps' tables is a journey (journeys/imports)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection, transaction

from hatchline.apps.imports import bulk, policy, queries
from hatchline.apps.imports.models import KeptMapping, Row, Run
from hatchline.apps.imports.states import RowOutcome
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ledger import queries as entries
from hatchline.apps.outbox import actions as outbox
from hatchline.core.values.refusal import Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


class UnableToImport(Refused):
    """A list may not go this step."""


@transaction.atomic
def upload(*, target: str, name: str, file_hash: str, by: Person | None, now: datetime) -> Run:
    """A new list. Its file is stored with the run as subject, in the same transaction."""
    run = Run.objects.create(target=target, file_name=name[:255], file_hash=file_hash, by=by, uploaded_at=now)
    ledger.move(run, "upload", by=by, at=now, details={"target": target, "sha256": file_hash})
    return run


@transaction.atomic
def map_columns(
    run: Run, *, mapping: str, mapping_hash: str, source: str, columns: str, by: Person | None, now: datetime
) -> Run:
    """Settle how columns become fields, and keep it for the next list with the same columns."""
    run = queries.locked(run)
    require(policy.why_not_map(run), UnableToImport)
    run.mapping, run.mapping_hash, run.source = mapping, mapping_hash, source
    run.previewed_hash, run.preview = "", {}
    run.save(update_fields=["mapping", "mapping_hash", "source", "previewed_hash", "preview"])
    KeptMapping.objects.update_or_create(
        target=run.target, columns=columns, defaults={"name": run.file_name[:120], "text": mapping, "used_at": now}
    )
    ledger.move(run, "map", by=by, at=now, details={"mapping": mapping_hash})
    return run


@transaction.atomic
def ask_preview(run: Run, *, only_good_rows: bool, by: Person | None, now: datetime) -> Run:
    """Have the worker go through every row; the page meanwhile shows how far it is."""
    run = queries.locked(run)
    require(policy.why_not_map(run), UnableToImport)
    run.preview, run.problem, run.previewed_hash = {"done": 0}, {}, ""
    run.save(update_fields=["preview", "problem", "previewed_hash"])
    outbox.add("journeys.preview", now=now, once_key=f"preview {run.pk}", run=run.pk, only_good_rows=only_good_rows)
    return run


def tell_preview(run: Run, *, done: int) -> None:
    """How many rows a preview has gone through; nothing once it is over."""
    Run.objects.filter(pk=run.pk, previewed_hash="").update(preview={"done": done})


@transaction.atomic
def stop_preview(run: Run, *, problem: dict[str, Any]) -> Run:
    """The file could not be gone through; the mapping may be changed and tried again."""
    run = queries.locked(run)
    run.preview, run.problem = {}, problem
    run.save(update_fields=["preview", "problem"])
    return run


@transaction.atomic
def preview(
    run: Run, *, found: dict[str, Any], rows_total: int, only_good_rows: bool, by: Person | None, now: datetime
) -> Run:
    """Keep what a dry run found; only this file under this mapping may then be started."""
    run = queries.locked(run)
    require(policy.why_not_map(run), UnableToImport)
    run.preview, run.rows_total, run.only_good_rows = found, rows_total, only_good_rows
    run.previewed_hash = policy.fingerprint(run.file_hash, run.mapping_hash)
    run.save(update_fields=["preview", "rows_total", "only_good_rows", "previewed_hash"])
    ledger.move(run, "preview", by=by, at=now, details={"counts": found.get("counts", {})})
    return run


@transaction.atomic
def start(
    run: Run,
    *,
    file_hash: str,
    only_good_rows: bool,
    by: Person | None,
    now: datetime,
    in_background: bool = True,
    role_kind: str = "",
) -> Run:
    """Have the worker take the rows in. ``file_hash`` is that of the stored bytes, read again just now."""
    run = queries.locked(run)
    run.only_good_rows = only_good_rows
    require(policy.why_not_start(run, file_hash=file_hash), UnableToImport)
    run.started_at = now
    run.save(update_fields=["only_good_rows", "started_at"])
    entry = ledger.move(
        run, "start", by=by, at=now, role_kind=role_kind, details={"counts": run.preview.get("counts", {})}
    )
    Run.objects.filter(pk=run.pk).update(entry_id=entry.pk)
    run.entry_id = entry.pk
    if in_background:
        outbox.add("journeys.take_in", now=now, once_key=f"run {run.pk}", run=run.pk)
    return run


@transaction.atomic
def carry_on(run: Run, *, by: Person | None, now: datetime, in_background: bool = True) -> Run:
    """Go on where a run stopped; rows that are in stay in."""
    run = queries.locked(run)
    ledger.move(run, "carry_on", by=by, at=now, details={"cursor": run.cursor})
    if in_background:
        outbox.add("journeys.take_in", now=now, once_key=f"run {run.pk} from {run.cursor}", run=run.pk)
    return run


@transaction.atomic
def begin(run: Run, *, by: Person | None = None, now: datetime) -> Run:
    """The worker takes it on for who started it; safe to repeat after a crash."""
    run = queries.locked(run)
    ledger.move(run, "begin", by=by, at=now)
    return run


def hold_list(run: Run) -> None:
    """Keep other runs of the same list from writing until this transaction ends. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{run.target} {run.source}"])


class RowTaken(Protocol):
    """What the engine tells of a row."""

    number: int
    sheet: str
    outcome: str
    label: str
    key: str
    content: str
    is_kept: bool  # its key is known with this content already
    pk: int | None
    problems: list[dict[str, Any]]
    changes: dict[str, Any]
    candidates: list[dict[str, Any]]
    part: int  # a row may give several records


def take_rows(run: Run, taken: Sequence[RowTaken], *, kind: str, cursor: int, counts: dict[str, int]) -> None:
    """File what became of a chunk of rows. Must run in the transaction that took them in. ``kind``: of the records.

    What was created or changed is also written down in the ledger, under the run's own entry.

    Questions about the same rows that an earlier run left open are closed: they are asked again here.
    """
    asked = [each.key for each in taken if each.outcome == RowOutcome.QUESTION]
    if asked:
        earlier = Row.objects.filter(run__target=run.target, run__source=run.source, key__in=asked)
        earlier.filter(outcome=RowOutcome.QUESTION, answer="").exclude(run=run).update(answer="asked_again")
    bulk.insert_rows(_row(run, each) for each in taken)
    _enter(run, taken, kind)
    keys = [each for each in taken if each.key and each.pk is not None and not each.is_kept]
    _keep_keys(run, [(each.key, each.pk, each.content) for each in keys])
    Run.objects.filter(pk=run.pk).update(cursor=cursor, counts=counts)
    run.cursor, run.counts = cursor, counts


def _enter(run: Run, taken: Sequence[RowTaken], kind: str) -> None:
    """In the ledger: which records a chunk made or changed, and in which fields."""
    written = [each for each in taken if each.outcome in {RowOutcome.CREATED, RowOutcome.UPDATED}]
    entry = entries.entry(run.entry_id) if written and run.entry_id else None
    if entry is not None:
        ledger.import_rows(
            entry,
            [
                ledger.Row(
                    _address(each),
                    str(each.outcome),
                    kind,
                    str(each.pk),
                    {"fields": sorted(each.changes)} if each.changes else {},
                )
                for each in written
            ],
        )


def _address(taken: RowTaken) -> str:
    """Where a record came from: 名单!7, and 名单!7.1 for the second of one row."""
    row = f"{taken.number}.{taken.part}" if taken.part else str(taken.number)
    return f"{taken.sheet[:60]}!{row}" if taken.sheet else row


def _row(run: Run, taken: RowTaken) -> tuple[Any, ...]:
    key = taken.key if taken.outcome == RowOutcome.QUESTION else ""
    told = bulk.plain(taken.problems), bulk.plain(taken.candidates)
    return run.pk, taken.sheet, taken.number, taken.part, str(taken.outcome), key, taken.pk, taken.label, *told, ""


def _keep_keys(run: Run, keys: Iterable[tuple[str, int | None, str]]) -> None:
    """Remember which record a list's row was taken into (None: left out on purpose)."""
    bulk.keep_keys((run.target, run.source, key, pk, content) for key, pk, content in keys)


@transaction.atomic
def finish(run: Run, *, by: Person | None = None, now: datetime) -> Run:
    """All rows are in, refused or waiting for an answer."""
    run = queries.locked(run)
    run.finished_at, run.rows_total = now, run.cursor
    run.save(update_fields=["finished_at", "rows_total"])
    ledger.move(run, "finish", by=by, at=now, details={"counts": run.counts})
    return run


@transaction.atomic
def fail(run: Run, *, problem: dict[str, Any], now: datetime) -> Run:
    """Something beyond its rows stopped it; ``problem`` says what in both languages."""
    run = queries.locked(run)
    run.problem, run.finished_at = problem, now
    run.save(update_fields=["problem", "finished_at"])
    ledger.move(run, "fail", by=None, at=now, details={"code": problem.get("code", "")})
    return run


@transaction.atomic
def abandon(run: Run, *, by: Person | None, now: datetime) -> Run:
    """Drop a list that was not taken in; the file stays."""
    run = queries.locked(run)
    require(policy.why_not_abandon(run), UnableToImport)
    ledger.move(run, "abandon", by=by, at=now)
    return run


@transaction.atomic
def answer(row: Row, *, answer: str, subject_id: int | None, content: str, by: Person | None, now: datetime) -> Row:
    """Note how a question was settled, for this list and its next coming; the journey did what the answer asks for."""
    row = Row.objects.select_for_update().get(pk=row.pk)
    require(policy.why_not_answer(row, answer), UnableToImport)
    row.answer, row.answered_at, row.subject_id = answer, now, subject_id
    row.save(update_fields=["answer", "answered_at", "subject_id"])
    _keep_keys(row.run, [(row.key, subject_id, content)])
    ledger.move(row.run, "answer", by=by, at=now, details={"row": row.number, "answer": answer})
    return row
