"""The rows of a list that could not be taken in, handed back to be mended and uploaded again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hatchline.apps.imports import queries as runs
from hatchline.apps.imports.states import RowOutcome
from hatchline.core.tables import writing
from hatchline.core.tables.extract import Extraction, Record
from hatchline.core.tables.problems import Problem
from hatchline.journeys.imports import engine, flow
from hatchline.journeys.imports.targets import Target

if TYPE_CHECKING:
    from hatchline.apps.imports.models import Run


def bad_rows(run: Run, *, language: str) -> io.BytesIO:
    """The rejected rows as a workbook with their cells marked, to be mended and uploaded again."""
    kind = flow.target_of(run.target)
    reasons = {(row.sheet, row.number, row.part): row.problems for row in runs.rows(run, RowOutcome.REJECTED)}
    out = io.BytesIO()
    with flow.extraction(run, kind) as records:
        writing.marked_workbook(out, records, _with_reasons(records, kind(), reasons), language=language)
    out.seek(0)
    return out


def _with_reasons(
    records: Extraction, target: Target, kept: dict[tuple[str, int, int], list[dict[str, Any]]]
) -> Iterator[Record]:
    """The records; those that only a policy refused are rejected with its reason."""
    memory = engine.Memory(engine.personal_fields(type(target)))
    for record in records:
        if record.status == "ready":
            told = kept.get((record.sheet, record.number, record.part)) or engine.why_rejected(record, target, memory)
            if told:
                made = tuple(_problem_again(each, record) for each in told)
                record = replace(record, status="rejected", problems=made)
        yield record


def _problem_again(told: dict[str, Any], record: Record) -> Problem:
    words = {
        "zh": f"{told['zh']} {told.get('hint_zh', '')}".strip(),
        "en": f"{told['en']} {told.get('hint_en', '')}".strip(),
    }
    return Problem(
        "row.refused",
        words,
        severity=told.get("severity", "error"),
        sheet=record.sheet,
        row=record.number,
        column=told.get("column", ""),
        header=told.get("header", ""),
        field=told.get("field", ""),
    )
