"""Questions about what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import connection, models
from django.db.models import Count, Max, Min
from django.db.models.functions import Coalesce

from hatchline.apps.ledger import sealing
from hatchline.apps.ledger.models import Entry, ImportedRow, Seal


def about(subject: models.Model) -> models.QuerySet[Entry]:
    """All that happened to this subject, newest first."""
    return history(subject._meta.label_lower, subject.pk)


def history(kind: str, pk: Any) -> models.QuerySet[Entry]:
    """All that happened to the subject of this kind (app.model) and key, newest first."""
    return Entry.objects.filter(subject_kind=kind, subject_id=str(pk)).order_by("-pk")


def told_of(kind: str, pks: Iterable[Any]) -> set[str]:
    """The keys, as text, of those subjects of this kind (app.model) to which something happened. One query."""
    found = Entry.objects.filter(subject_kind=kind, subject_id__in=[str(pk) for pk in pks])
    return set(found.values_list("subject_id", flat=True))


def history_of(subjects: Iterable[tuple[str, Any]]) -> models.QuerySet[Entry]:
    """All that happened to any of these subjects, as (kind, key), newest first. One query."""
    keys: dict[str, list[str]] = {}
    for kind, pk in subjects:
        keys.setdefault(kind, []).append(str(pk))
    wanted = models.Q(pk__in=[])
    for kind, pks in keys.items():
        wanted |= models.Q(subject_kind=kind, subject_id__in=pks)
    return Entry.objects.filter(wanted).order_by("-pk")


def entries() -> models.QuerySet[Entry]:
    """Everything, newest first; for the console's ledger, open to whoever may ``ledger.see``."""
    return Entry.objects.order_by("-pk")


def entry(pk: int) -> Entry | None:
    """The entry of this number, if there is one."""
    return Entry.objects.filter(pk=pk).first()


def done_by(person_id: int) -> models.QuerySet[Entry]:
    """What a person did, newest first."""
    return Entry.objects.filter(by_id=person_id).order_by("-pk")


def rows_of(entry: Entry) -> models.QuerySet[ImportedRow]:
    """What became of the rows of an import, in the file's order."""
    return ImportedRow.objects.filter(entry=entry).order_by("pk")


def imported(kind: str, pk: Any) -> ImportedRow | None:
    """The first row of a list that became this subject, with the import's entry; None where no list brought it."""
    rows = ImportedRow.objects.filter(subject_kind=kind, subject_id=str(pk)).exclude(outcome="unchanged")
    return rows.select_related("entry").order_by("pk").first()


def events() -> list[str]:
    """The kinds of event there are so far."""
    return list(Entry.objects.order_by("event").values_list("event", flat=True).distinct())


def head() -> int:
    """The last row's number: the version of everything, since every verb leaves a row. 0 when there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


LOOK_BACK = 200  # rows before the head that another transaction may still commit


def is_settled() -> bool:
    """Whether nobody else is in the middle of writing: asked after ``head()``, every row up to that head is there.

    PostgreSQL numbers rows when they are written and shows them when they are committed, which may be in another order.
    SQLite has one writer at a time.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_xid IS NOT NULL AND pid <> pg_backend_pid())"
        )
        return bool(cursor.fetchone()[0])


def last_moment() -> datetime | None:
    """When the last entry was written; None when there is none."""
    return Entry.objects.order_by("-pk").values_list("at", flat=True).first()


def seal_of(entry: Entry) -> Seal | None:
    """The seal this entry is under; None while it waits for one."""
    seals = Seal.objects.filter(stream=Seal.Stream.ENTRIES, first_pk__lte=entry.pk, last_pk__gte=entry.pk)
    for seal in seals.order_by("number"):
        for part in seal.covers.split(","):
            first, _sign, last = part.partition("-")
            if int(first) <= entry.pk <= int(last or first):
                return seal
    return None


def waiting_for_a_seal(before: datetime) -> models.QuerySet[Entry]:
    """Entries written before the moment that come after all that is sealed: the worker has been away since."""
    last = Seal.objects.filter(stream=Seal.Stream.ENTRIES).order_by("-last_pk").values("last_pk")[:1]
    rows = Entry.objects.filter(at__lt=before)
    return rows.filter(pk__gt=Coalesce(models.Subquery(last), 0)).order_by("-pk")


def sealed_head() -> str:
    """number:digest of the last seal; "" when nothing is sealed. It goes onto slips and into backups."""
    last = Seal.objects.order_by("-number").first()
    return str(last) if last else ""


@dataclass(frozen=True)
class Slip:
    """One day of the ledger for the paper file: what a printed page needs to prove later that nothing was altered."""

    day: date
    entries: int
    first_entry: int | None
    last_entry: int | None
    by_event: tuple[tuple[str, int], ...]
    people: int  # different persons who did something
    imported_rows: int
    unsealed: int  # of the day's entries, those no seal covers yet
    head_number: int | None
    head_digest: str
    head_sealed_at: datetime | None
    printed_at: datetime

    @property
    def head(self) -> str:
        """number:digest as `hatchline doctor --head` takes it; "" when nothing is sealed."""
        return f"{self.head_number}:{self.head_digest}" if self.head_number else ""

    @property
    def digest_groups(self) -> list[str]:
        """The digest in groups of eight characters, as it is printed."""
        return [self.head_digest[start : start + 8] for start in range(0, len(self.head_digest), 8)]


def slip(day: date, *, zone: tzinfo, now: datetime) -> Slip:
    """The slip of a day in this time zone. The head is the last seal made before the day's end, or up to now."""
    start = datetime.combine(day, time(), zone)
    end = start + timedelta(days=1)
    of_day = Entry.objects.filter(at__gte=start, at__lt=end)
    bounds = of_day.aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"), people=Count("by_id", distinct=True))
    head = Seal.objects.filter(sealed_at__lt=end).order_by("-number").first()
    return Slip(
        day=day,
        entries=bounds["count"],
        first_entry=bounds["first"],
        last_entry=bounds["last"],
        by_event=tuple(_counted(of_day.values_list("event").annotate(count=Count("pk")).order_by("-count", "event"))),
        people=bounds["people"],
        imported_rows=ImportedRow.objects.filter(entry__in=of_day).count(),
        unsealed=sealing.unsealed_among(of_day),
        head_number=head.number if head else None,
        head_digest=head.digest if head else "",
        head_sealed_at=head.sealed_at if head else None,
        printed_at=now,
    )


def _counted(rows: Iterable[Any]) -> list[tuple[str, int]]:
    return [(event, count) for event, count in rows]
