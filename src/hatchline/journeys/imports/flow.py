"""The steps of a list on its way in, as a page or the command line calls them."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.files import actions as files
from hatchline.apps.files import kinds
from hatchline.apps.files import policy as files_policy
from hatchline.apps.files import queries as stored
from hatchline.apps.imports import actions as imports
from hatchline.apps.imports import policy
from hatchline.apps.imports import queries as runs
from hatchline.apps.imports.states import RowOutcome, RunStatus
from hatchline.core.tables import guess, reading
from hatchline.core.tables import mapping as mappings
from hatchline.core.tables.extract import Extraction, Record, extract
from hatchline.core.tables.problems import Problem, UnableToExtract, UnableToReadMapping, UnableToReadTable
from hatchline.core.values.refusal import Refusal, Refused, require
from hatchline.journeys.imports import engine, news, rehearsal, whose
from hatchline.journeys.imports import samples as showing
from hatchline.journeys.imports.lives import Ventures
from hatchline.journeys.imports.measured import Observations
from hatchline.journeys.imports.raised import Fundings
from hatchline.journeys.imports.rooms import PremisesList, Spaces
from hatchline.journeys.imports.roomuses import Occupancies
from hatchline.journeys.imports.standing import Titles
from hatchline.journeys.imports.stays import Stays
from hatchline.journeys.imports.targets import TARGETS, Target
from hatchline.journeys.imports.teams import Mentors, Staff, Ties

if TYPE_CHECKING:
    from hatchline.apps.imports.models import Row, Run
    from hatchline.apps.people.models import Person

TARGETS |= {each.name: each for each in (Ventures, Stays, Fundings, Titles, Staff, Mentors, Ties)}
TARGETS |= {each.name: each for each in (PremisesList, Spaces, Occupancies)}
TARGETS |= {Observations.name: Observations}
_WRITTEN = (RowOutcome.CREATED, RowOutcome.UPDATED)
Unreadable = (UnableToReadTable, UnableToExtract, UnableToReadMapping)


class Overtaken(Exception):
    """Another run of the same list has taken in some of these rows meanwhile; nothing was written."""


class Superseded(Exception):
    """Another worker has taken this run further; nothing was written."""


@dataclass(frozen=True)
class Look:
    """A first look at a file: its sheets, how it was read, and a proposal for its columns."""

    sheets: tuple[str, ...]
    sheet: str
    encoding: str
    delimiter: str
    proposal: Any  # guess.Proposal
    problems: tuple[Problem, ...]


def target_of(name: str) -> type[Target]:
    """The target of this name; Refused names those there are."""
    if name not in TARGETS:
        known = "、".join(TARGETS)
        raise Refused(
            Refusal("no_such_target", _("不能导入“%(name)s”，可以导入：%(known)s。") % {"name": name, "known": known})
        )
    return TARGETS[name]


def upload(content: BinaryIO, *, name: str, target: str, by: Person | None, now: datetime) -> Run:
    """Store the file untouched and open a run for it. Refused when it is empty or too large."""
    target_of(target)
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024) as copy:
        while block := content.read(1024 * 1024):
            digest.update(block)
            size += len(block)
            if size > settings.UPLOAD_LIMIT:
                raise Refused(files_policy.too_large(settings.UPLOAD_LIMIT))
            try:
                copy.write(block)
            except OSError:
                raise Refused(files_policy.disk_full()) from None
        if not copy.tell():
            raise Refused(Refusal("empty_file", _("文件是空的。"), _("请确认选对了文件。"), field="file"))
        copy.seek(0)
        with transaction.atomic():
            run = imports.upload(target=target, name=name, file_hash=digest.hexdigest(), by=by, now=now)
            files.store(copy, name=name, subject=run, by=by, now=now, accept=kinds.LISTS)
    return run


@contextmanager
def opened(run: Run, mapping: mappings.Mapping | None = None) -> Iterator[reading.Table]:
    """The run's file as a table. Raises UnableToReadTable."""
    source = mapping.source if mapping else mappings.Source()
    with reading.open_table(
        _path(run), sheet=source.sheet, encoding=source.encoding, delimiter=source.delimiter
    ) as table:
        yield table


def _path(run: Run) -> Path:
    return stored.path(stored.of(run))


def look(run: Run, *, source: mappings.Source | None = None) -> Look:
    """Open the file, as ``source`` says where it says something, and guess a mapping. Raises UnableToReadTable."""
    wanted = source or mappings.Source()
    fields = target_of(run.target).fields()
    with opened(run, mappings.Mapping(target=run.target, rules=(), source=wanted)) as table:
        proposal = guess.propose(table.rows(), run.target, fields, header_row=wanted.header_row)
        return Look(
            tuple(each.name for each in table.sheets),
            table.sheet,
            table.encoding.name if table.encoding else "",
            table.delimiter,
            proposal,
            table.problems,
        )


def columns_digest(header: tuple[str, ...]) -> str:
    """What a list is known by next time: its column names, in order."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def map_columns(run: Run, text: str, *, by: Person | None, now: datetime) -> Run:
    """Settle the mapping (YAML). It must be well formed and name columns the file has. Raises UnableTo…"""
    target = target_of(run.target)
    mapping = mappings.from_yaml(text, target.fields(), tuple(TARGETS))
    if mapping.target != run.target:
        raise Refused(Refusal("other_target", _("这份对应关系是为“%(target)s”写的。") % {"target": mapping.target}))
    with opened(run, mapping) as table:
        header = extract(table.rows(), mapping, target.fields(), excel_epoch=table.excel_epoch).header
    columns = columns_digest(header.names)
    return imports.map_columns(
        run,
        mapping=text,
        mapping_hash=mapping.content_hash(),
        source=mapping.title.strip()[:120] or f"columns:{columns[:32]}",
        columns=columns,
        by=by,
        now=now,
    )


@contextmanager
def extraction(run: Run, target: type[Target]) -> Iterator[Extraction]:
    """The run's records under its mapping."""
    mapping = mappings.from_yaml(run.mapping, target.fields(), tuple(TARGETS))
    with opened(run, mapping) as table:
        yield extract(table.rows(), mapping, target.fields(), excel_epoch=table.excel_epoch)


def preview(
    run: Run, *, only_good_rows: bool, by: Person | None, now: datetime, tick: Callable[[int], None] | None = None
) -> Run:
    """Go through every row without writing a record; keep counts and samples."""
    kind = target_of(run.target)
    require(policy.why_not_map(run), imports.UnableToImport)
    target = kind()
    target.is_of_district = whose.is_authority(by)
    counts: Counter[str] = Counter()
    samples: dict[str, list[dict[str, Any]]] = {outcome: [] for outcome in RowOutcome.values}
    passed: list[dict[str, Any]] = []
    with extraction(run, kind) as records:
        memory = engine.Memory(engine.personal_fields(TARGETS[run.target]))
        for chunk in engine.chunks(showing.live(records, passed)):
            read = {(record.sheet, record.number, record.part): record for record in chunk}
            for each in engine.plan(chunk, target=target, source=run.source, memory=memory, writes=False, now=now):
                counts[each.outcome] += 1
                if len(samples[each.outcome]) < showing.SAMPLES:
                    record = read[each.sheet, each.number, each.part]
                    samples[each.outcome].append(showing.sample(each, record, memory.personal, target))
            if tick is not None:
                tick(sum(counts.values()))
        skipped, warnings = records.counts["skipped"], [engine.told(each) for each in records.problems]
        skips = dict(records.skips)
    found = {
        "counts": dict(counts), "samples": samples, "skipped": skipped, "skips": skips, "passed": passed,
        "warnings": warnings,
    }  # fmt: skip
    return imports.preview(
        run, found=found, rows_total=sum(counts.values()), only_good_rows=only_good_rows, by=by, now=now
    )


def preview_in_background(run: Run, *, only_good_rows: bool, now: datetime) -> Run:
    """As the worker does it: progress is told, and a file that cannot be gone through is a problem of the run."""
    if policy.why_not_map(run) is not None or run.previewed_hash:
        return run
    try:
        run = preview(
            run,
            only_good_rows=only_good_rows,
            by=run.by,
            now=now,
            tick=lambda done: imports.tell_preview(run, done=done),
        )
        news.previewed(run, now=now)
        return run
    except Unreadable as unreadable:
        return imports.stop_preview(run, problem=why(unreadable))


def file_hash(run: Run) -> str:
    """SHA-256 of the stored bytes, read again now."""
    with _path(run).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def start(
    run: Run,
    *,
    only_good_rows: bool,
    by: Person | None,
    now: datetime,
    in_background: bool = True,
    role_kind: str = "",
) -> Run:
    """Have the rows taken in: by the worker, or by the caller through ``take_in``. ``role_kind``: as whom."""
    return imports.start(
        run,
        file_hash=file_hash(run),
        only_good_rows=only_good_rows,
        by=by,
        now=now,
        in_background=in_background,
        role_kind=role_kind,
    )


def unfinished_like(run: Run) -> Run | None:
    """A run of the same file and mapping that was cut off, or None."""
    return runs.unfinished_like(run)


def abandon_for(run: Run, earlier: Run, *, now: datetime) -> None:
    """Drop a list that is an earlier one again; that one is gone on with."""
    with transaction.atomic():
        imports.abandon(run, by=run.by, now=now)
        if earlier.status == RunStatus.FAILED:
            imports.carry_on(earlier, by=run.by, now=now, in_background=False)


def take_in(run: Run, *, now: datetime, tick: Callable[[int], None] | None = None) -> Run:
    """Commit the rows chunk by chunk, from where the run stands. Safe to repeat and to kill."""
    if run.status == RunStatus.DONE:
        return run
    by = whose.starter(run)
    run = imports.begin(run, by=by, now=now)
    target = target_of(run.target)()
    target.by, target.is_of_district = by, whose.is_of_district(run)
    if run.cursor:
        target.committed(runs.told_of(run))
    try:
        if file_hash(run) != run.file_hash:
            raise UnableToReadTable(Problem("file.changed"))
        with extraction(run, type(target)) as records:
            _take_in(run, records, target, now, tick)
    except Unreadable as unreadable:
        return _fail(run, why(unreadable), now)
    except OSError as error:
        words = engine.in_both(
            _("服务器读写文件时出错（%(why)s）。已导入的行都在，可以稍后继续。") % {"why": error.strerror}
        )
        return _fail(run, {"code": "file_system", **words}, now)
    except Superseded:
        run.refresh_from_db()
        return run
    with transaction.atomic():
        run = imports.finish(run, by=by, now=now)
        news.finished(run, now=now)
    return run


def _fail(run: Run, problem: dict[str, Any], now: datetime) -> Run:
    with transaction.atomic():
        run = imports.fail(run, problem=problem, now=now)
        news.failed(run, now=now)
    return run


def why(unreadable: Any) -> dict[str, Any]:
    """A file's first problem as a run keeps it."""
    first = unreadable.problems[0]
    return {"code": first.code, "zh": first.full("zh"), "en": first.full("en")}


def _take_in(run: Run, records: Extraction, target: Target, now: datetime, tick: Callable[[int], None] | None) -> None:
    memory = engine.Memory(engine.personal_fields(TARGETS[run.target]))
    live = (record for record in records if record.status != "skipped")
    done = _pass_over(live, run.cursor, target, memory)
    waiting: list[Record] = []
    source = engine.chunks(live)
    while True:
        if not waiting:
            waiting = next(source, [])
            if not waiting:
                return
        planned = engine.plan(waiting, target=target, source=run.source, memory=memory, writes=True, now=now)
        try:
            _commit(run, planned, target, now, expected=done)
        except Overtaken:
            engine.forget(planned, memory)
            continue
        done += len(planned)
        waiting = waiting[len(planned) :]
        if tick is not None:
            tick(done)


def _pass_over(live: Iterator[Record], count: int, target: Target, memory: engine.Memory) -> int:
    """Read again, without deciding anything, the rows an earlier try committed."""
    for _number in range(count):
        record = next(live, None)
        if record is None:
            break
        engine.remember(record, target, memory)
    return count


def _commit(run: Run, planned: list[engine.Planned], target: Target, now: datetime, *, expected: int) -> None:
    """One short transaction: the records, what became of the rows, the cursor."""
    try:
        _write(run, planned, target, now, expected)
    except (IntegrityError, Refused) as error:
        target.forget()
        if len(planned) == 1:
            only = replace(planned[0], outcome=RowOutcome.REJECTED, draft=None, pk=None, changes={})
            only.problems.insert(0, _why_not_written(error, planned[0], target, now))
            _write(run, [only], target, now, expected)
            return
        for offset, each in enumerate(planned):
            try:
                _commit(run, [each], target, now, expected=expected + offset)
            except Overtaken:
                pk, _content = runs.known(run.target, run.source, [each.key])[each.key]
                known = replace(each, outcome=RowOutcome.UNCHANGED, draft=None, pk=pk, changes={})
                _write(run, [known], target, now, expected + offset)


def _why_not_written(
    error: IntegrityError | Refused, row: engine.Planned, target: Target, now: datetime
) -> dict[str, Any]:
    """A row that a verb refused, or that somebody made impossible since it was looked at."""
    if isinstance(error, Refused):
        said = rehearsal.alone(row, target, now) or dict.fromkeys(("zh", "en"), error.refusal)
        words = {short: str(refusal.message) for short, refusal in said.items()}
        hints = {f"hint_{short}": str(refusal.hint) for short, refusal in said.items()}
        return {"code": error.refusal.code, "severity": "error", **words, **hints}
    words = engine.in_both(_("刚才有人登记了同一个代码或名称，这一行没有导入。请重新导入这份名单。"))
    return {"code": "changed_meanwhile", "severity": "error", **words}


def _write(run: Run, planned: list[engine.Planned], target: Target, now: datetime, expected: int) -> None:
    with transaction.atomic():
        held = runs.locked(run)
        if held.cursor != expected or held.status != RunStatus.RUNNING:
            raise Superseded
        created = [each for each in planned if each.outcome == RowOutcome.CREATED]
        imports.hold_list(run)
        if created and runs.known(run.target, run.source, [each.key for each in created]):
            raise Overtaken
        target.hold([each.draft for each in planned if each.outcome in _WRITTEN])
        drafts = [copy(each.draft) for each in created]  # which learn keys that a rollback takes back
        for each, pk in zip(created, target.register_many(drafts, now=now), strict=True):
            each.pk = pk
        updated = [(each.pk, each.changes) for each in planned if each.outcome == RowOutcome.UPDATED and each.pk]
        if updated:
            target.amend_many(updated, now=now)
        counts = Counter(held.counts)
        counts.update(str(each.outcome) for each in planned)
        imports.take_rows(run, planned, kind=target.kind, cursor=expected + len(planned), counts=dict(counts))
    target.committed([each.pk for each in planned if each.outcome in _WRITTEN and each.pk])


def answer(row: Row, choice: str, *, by: Person | None, now: datetime) -> Row:
    """Settle a question: ``choice`` is the key of a candidate, "new" or "skip"."""
    require(policy.why_not_answer(row, choice), imports.UnableToImport)
    run, kind = row.run, target_of(row.run.target)
    target, subject, content = kind(), None, ""
    target.is_answering, target.by, target.is_of_district = True, by, whose.is_of_district(run)
    target.committed(runs.made(run))
    with transaction.atomic():
        if choice != "skip":
            record = _record_again(run, kind, row)
            draft, _remarks = target.draft(record.values)
            require(target.why_not(draft), imports.UnableToImport)
            content = engine.digest(target.said(record.values))
            if choice == "new":
                subject = target.register_many([draft], now=now)[0]
            else:
                subject = int(choice)
                target.amend_many(list(target.changes({subject: draft}).items()), now=now)
        return imports.answer(row, answer=choice, subject_id=subject, content=content, by=by, now=now)


def _record_again(run: Run, kind: type[Target], row: Row) -> Record:
    with extraction(run, kind) as records:
        for record in records:
            if (record.sheet, record.number, record.part) == (row.sheet, row.number, row.part):
                if record.status == "ready":
                    return record
                break
    raise Refused(Refusal("row_is_gone", _("名单里已经没有这一行。")))


def copy_to(run: Run, out: BinaryIO) -> None:
    """The file as it was uploaded."""
    with _path(run).open("rb") as handle:
        shutil.copyfileobj(handle, out)


def told_rows(run: Run, *, is_preview: bool) -> list[dict[str, Any]]:
    """Rows that were not plainly taken in: rejected, questions, those with a warning. A preview tells samples."""
    wanted = ("outcome", "sheet", "number", "label", "problems", "candidates")
    if is_preview:
        samples = run.preview.get("samples", {})
        found = [{"outcome": outcome, **row} for outcome in samples for row in samples[outcome]]
        told = [row for row in found if row["outcome"] in {"rejected", "question"} or row["problems"]]
        return [
            {name: row[name] for name in wanted} for row in sorted(told, key=lambda row: (row["sheet"], row["number"]))
        ]
    return list(runs.told(run).values(*wanted))
