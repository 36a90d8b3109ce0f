"""Questions about lists and their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import models

from hatchline.apps.imports.models import KeptMapping, Row, Run, SourceKey
from hatchline.apps.imports.states import ANSWERED, BUSY, RowOutcome, RunStatus


def runs() -> models.QuerySet[Run]:
    """All lists, newest first, with the person who brought them."""
    return Run.objects.select_related("by").order_by("-pk")


def run(pk: int) -> Run | None:
    """One run."""
    return runs().filter(pk=pk).first()


def unfinished_like(run: Run) -> Run | None:
    """The last run of the same file under the same mapping that was begun and neither ended nor was given up."""
    same = Run.objects.filter(target=run.target, file_hash=run.file_hash, mapping_hash=run.mapping_hash, by=run.by)
    return same.filter(status__in=[*BUSY, RunStatus.FAILED]).exclude(pk=run.pk).order_by("-pk").first()


def locked(run: Run) -> Run:
    """The run, held until the transaction ends."""
    return Run.objects.select_for_update().get(pk=run.pk)


def rows(run: Run, outcome: str = "") -> models.QuerySet[Row]:
    """What became of each row, in the order of the sheet. ``ANSWERED``: questions that are settled."""
    found = run.rows.order_by("sheet", "number", "part")
    if outcome == ANSWERED:
        return found.filter(outcome=RowOutcome.QUESTION).exclude(answer="")
    return found.filter(outcome=outcome) if outcome else found


def made(run: Run) -> list[int]:
    """The records that its rows became so far, but for those of which a later list told more."""
    later = Row.objects.filter(run__target=run.target, run__gt=run.pk, subject_id__isnull=False).filter(
        outcome__in=[RowOutcome.UPDATED, RowOutcome.QUESTION]
    )
    mine = run.rows.filter(outcome=RowOutcome.CREATED).exclude(subject_id__in=later.values("subject_id"))
    return [pk for pk in mine.values_list("subject_id", flat=True) if pk is not None]


def told_of(run: Run) -> list[int]:
    """The records that its rows became, or told more of, so far."""
    mine = run.rows.filter(outcome__in=[RowOutcome.CREATED, RowOutcome.UPDATED])
    return [pk for pk in mine.values_list("subject_id", flat=True) if pk is not None]


def open_by_run(runs: Iterable[Run]) -> dict[int, int]:
    """How many questions of each list still wait; lists without one are left out."""
    waiting = open_questions().filter(run__in=list(runs)).order_by().values_list("run").annotate(models.Count("pk"))
    return dict(waiting)


def open_questions() -> models.QuerySet[Row]:
    """Rows somebody must answer for."""
    return Row.objects.filter(outcome=RowOutcome.QUESTION, answer="").select_related("run").order_by("pk")


def kept_mapping(target: str, columns: str) -> KeptMapping | None:
    """The mapping a list with these columns was taken in with last time."""
    return KeptMapping.objects.filter(target=target, columns=columns).first()


def known(target: str, source: str, keys: Iterable[str]) -> dict[str, tuple[int | None, str]]:
    """For keys of a list that were taken in before: the record (None: left out) and the digest of what it said then."""
    found = SourceKey.objects.filter(target=target, source=source, key__in=list(keys))
    return {key: (subject, content) for key, subject, content in found.values_list("key", "subject_id", "content")}


def progress(run: Run) -> tuple[int, int | None]:
    """Rows done and rows there are (None: not counted yet)."""
    return run.cursor, run.rows_total


def answered_so_far(run: Run) -> Counter[str]:
    """How a run's questions were answered."""
    found = run.rows.filter(outcome=RowOutcome.QUESTION).values_list("answer").annotate(count=models.Count("pk"))
    return Counter(dict(found))


def told(run: Run) -> models.QuerySet[Row]:
    """Rows there is something to say about: rejected ones, questions, and any with a warning."""
    silent = models.Q(outcome__in=[RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED], problems=[])
    return rows(run).exclude(silent)
