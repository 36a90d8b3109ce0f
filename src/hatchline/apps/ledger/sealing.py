"""Sealing committed rows in chained batches, and telling what is not sealed yet from what was altered.

A seal's digest is SHA-256 over the digest before it, the numbers of its rows and each row in one canonical line.
PostgreSQL may commit a lower number after a higher one was sealed; such a late row is sealed with a later batch.
"""

from __future__ import annotations

import hashlib
import json
import sys
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from hatchline.apps.ledger.models import Entry, ImportedRow, Seal

BATCH = 5000
RECENT = 50  # seals in whose gaps a late row is looked for each time; `thorough` looks in all
LOCK = 7_215_001  # PostgreSQL's advisory lock of whoever seals

STREAMS: dict[str, type[models.Model]] = {Seal.Stream.ENTRIES: Entry, Seal.Stream.IMPORTED_ROWS: ImportedRow}
Ranges = list[tuple[int, int]]


@dataclass(frozen=True)
class Broken:
    """A seal that no longer fits: altered (its rows changed or went), chain (its link) or absent (no such seal)."""

    number: int
    why: str
    text: str


@dataclass
class Finding:
    """What a verification found. Unsealed rows are normal for some seconds; anything broken is not."""

    seals: int = 0
    sealed_rows: int = 0
    unsealed_rows: int = 0
    head: str = ""  # number:digest of the last seal
    broken: list[Broken] = field(default_factory=list)


def seal(*, now: datetime, thorough: bool = False) -> int:
    """Seal every committed row that is not sealed yet. How many rows it were. Safe to run anywhere, any time."""
    sealed = 0
    for stream in STREAMS:
        while True:
            count = _seal_batch(stream, now, thorough)
            sealed += count
            if count < BATCH:
                break
    return sealed


@transaction.atomic
def _seal_batch(stream: str, now: datetime, thorough: bool) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    found = _unsealed(stream, thorough=thorough)
    if not found:
        return 0
    pks = [row[0] for row in found]
    last = Seal.objects.order_by("-number").first()
    previous = last.digest if last else ""
    covers = written(ranges(pks))
    Seal.objects.create(
        number=(last.number if last else 0) + 1,
        stream=stream,
        covers=covers,
        first_pk=pks[0],
        last_pk=pks[-1],
        rows=len(pks),
        previous=previous,
        digest=digest(previous, stream, covers, found),
        sealed_at=now,
    )
    return len(pks)


def verify(*, heads: Iterable[str] = ()) -> Finding:
    """Reckon every seal again. ``heads`` are number:digest from slips and backups; each must still be in the chain.

    A printed digest may be cut to its first 16 characters.
    """
    finding = Finding()
    kept: dict[int, str] = {}
    previous, expected = "", 1
    for each in Seal.objects.order_by("number").iterator():
        if each.number != expected:
            finding.broken.append(
                Broken(expected, "absent", f"seal {expected} is absent; the next one is {each.number}")
            )
        if each.previous != previous:
            finding.broken.append(
                Broken(each.number, "chain", f"seal {each.number} is not chained to the one before it")
            )
        between = _rows(STREAMS[each.stream]).filter(pk__range=(each.first_pk, each.last_pk)).order_by("pk")
        values = [row for row in between if holds(read(each.covers), row[0])]
        if len(values) != each.rows or digest(each.previous, each.stream, each.covers, values) != each.digest:
            what = f"{each.rows - len(values)} rows are gone" if len(values) != each.rows else "rows were altered"
            text = f"seal {each.number} of {each.sealed_at:%Y-%m-%d %H:%M} ({each.stream} {each.covers}): {what}"
            finding.broken.append(Broken(each.number, "altered", text))
        kept[each.number] = each.digest
        previous, expected = each.digest, each.number + 1
        finding.seals += 1
        finding.sealed_rows += each.rows
        finding.head = str(each)
    finding.unsealed_rows = sum(_unsealed_count(stream) for stream in STREAMS)
    for head in heads:
        number, _sign, mark = head.strip().partition(":")
        mark = mark.replace(" ", "").lower()
        if not number.isdecimal() or len(mark) < 16:
            raise ValueError(f"a head reads number:digest, with at least 16 characters of digest; found {head!r}")
        if not kept.get(int(number), "").startswith(mark):
            text = f"the chain does not hold the head {number}:{mark[:16]}… that a slip or backup names"
            finding.broken.append(Broken(int(number), "absent", text))
    return finding


def digest(previous: str, stream: str, covers: str, rows: Iterable[tuple[Any, ...]]) -> str:
    """The digest of a batch, in hexadecimal."""
    made = hashlib.sha256(f"{previous}\n{stream}\n{covers}\n".encode())
    for row in rows:
        made.update(canonical(row).encode())
    return made.hexdigest()


def canonical(row: tuple[Any, ...]) -> str:
    """A row as one line of JSON: columns in their order, times in UTC to the microsecond, keys of details sorted."""
    plain = [
        value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for value in row
    ]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def ranges(numbers: Iterable[int]) -> Ranges:
    """Ascending numbers as runs: 1 2 3 5 → (1, 3), (5, 5)."""
    found: Ranges = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def written(runs: Ranges) -> str:
    """Runs as text: 1-3,5."""
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)


def read(text: str) -> Ranges:
    """The runs of such a text."""
    parts = (part.partition("-") for part in text.split(","))
    return [(int(first), int(last or first)) for first, _sign, last in parts]


def gaps(covered: Ranges) -> Ranges:
    """The runs between runs."""
    found: Ranges = []
    reached: int | None = None
    for first, last in sorted(covered):
        if reached is not None and first > reached + 1:
            found.append((reached + 1, first - 1))
        reached = last if reached is None else max(reached, last)
    return found


def _rows(model: type[models.Model]) -> models.QuerySet[Any, tuple[Any, ...]]:
    return model._base_manager.values_list(*(column.attname for column in model._meta.local_concrete_fields))


def _unsealed(stream: str, *, thorough: bool) -> list[tuple[Any, ...]]:
    """The next rows to seal, by number: late ones first, a batch at most."""
    rows, highest = _rows(STREAMS[stream]).order_by("pk"), _highest(stream)
    late = _late(stream, highest, thorough)[:BATCH]
    found = [row for start in range(0, len(late), 500) for row in rows.filter(pk__in=late[start : start + 500])]
    return found + list(rows.filter(pk__gt=highest)[: BATCH - len(found)])


def _unsealed_count(stream: str) -> int:
    highest = _highest(stream)
    return len(_late(stream, highest, True)) + STREAMS[stream]._base_manager.filter(pk__gt=highest).count()


def unsealed_among(entries: models.QuerySet[Entry]) -> int:
    """How many of these entries no seal covers: those after the last seal, and those that came late into its gaps."""
    highest = _highest(Seal.Stream.ENTRIES)
    late = set(_late(Seal.Stream.ENTRIES, highest, True))
    return entries.filter(pk__gt=highest).count() + (entries.filter(pk__in=late).count() if late else 0)


def oldest_unsealed() -> datetime | None:
    """The moment of the oldest entry that no seal covers; None when all are sealed."""
    late = _late(Seal.Stream.ENTRIES, _highest(Seal.Stream.ENTRIES), True)[:1]
    waiting = Entry.objects.filter(models.Q(pk__in=late) | models.Q(pk__gt=_highest(Seal.Stream.ENTRIES)))
    return waiting.order_by("pk").values_list("at", flat=True).first()


def _highest(stream: str) -> int:
    return Seal.objects.filter(stream=stream).aggregate(models.Max("last_pk"))["last_pk__max"] or 0


def _late(stream: str, highest: int, thorough: bool) -> list[int]:
    """Numbers that came to be in the gaps of what is sealed: of the last seals, or of all."""
    covers = Seal.objects.filter(stream=stream).order_by("-number").values_list("covers", flat=True)
    covered = sorted(run for text in (covers if thorough else covers[:RECENT]) for run in read(text))
    if not covered:
        return []
    open_runs = gaps([(0, 0), *covered] if thorough else covered)
    if not open_runs:
        return []
    between = STREAMS[stream]._base_manager.filter(pk__range=(open_runs[0][0], min(open_runs[-1][1], highest)))
    return [pk for pk in between.order_by("pk").values_list("pk", flat=True).iterator() if holds(open_runs, pk)]


def holds(runs: Ranges, number: int) -> bool:
    """Whether one of the ascending runs has this number."""
    place = bisect(runs, (number, sys.maxsize)) - 1
    return place >= 0 and runs[place][0] <= number <= runs[place][1]
