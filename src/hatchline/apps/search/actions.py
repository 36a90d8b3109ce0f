"""Putting rows into the index and taking them out, in the transaction of the verb that changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.db import connection, transaction

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.search import words
from hatchline.apps.search.models import Apart, Key, Sort
from hatchline.apps.search.places import TABLE, number
from hatchline.apps.search.policy import why_not_as, why_not_tell_apart
from hatchline.apps.search.states import ApartStatus
from hatchline.core.values import names
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be found about one subject. ``names`` are also found by pinyin; ``text`` only as written.

    ``website`` is not searched: with the names it tells who may be one and the same.
    """

    pk: int
    names: Sequence[str]
    codes: Sequence[str] = field(default=())
    text: str = ""
    website: str = ""


def index(kind: str, pk: int, *, names: Sequence[str], codes: Sequence[str] = (), text: str = "") -> None:
    """Make this row findable, in place of what was known of it before. ``kind`` is the model's label_lower."""
    index_many(kind, [Row(pk, names, codes, text)])


def index_many(kind: str, rows: Iterable[Row], *, compared: bool = False, new: bool = False) -> int:
    """The same for many rows; answers how many. Reads ``rows`` as it goes.

    ``compared``: the rows are looked through for possible duplicates too. ``new``: none of them was indexed before.
    """
    write = _write_postgres if connection.vendor == "postgresql" else _write_sqlite
    done, source = 0, iter(rows)
    while batch := list(islice(source, BATCH)):
        write([(number(kind, row.pk), *_tokens(row)) for row in batch])
        if compared:
            _compare(kind, batch, new=new)
        done += len(batch)
    return done


def forget(kind: str, pk: int) -> None:
    """Take a row out of the index; nothing happens when it is not there."""
    key = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {key} = %s", [number(kind, pk)])
    Key.objects.filter(kind=kind, subject=pk).delete()


def _compare(kind: str, batch: list[Row], *, new: bool) -> None:
    """The keys under which these rows meet others."""
    if not new:
        Key.objects.filter(kind=kind, subject__in=[row.pk for row in batch]).delete()
    made: list[Key] = []
    for row in batch:
        made += [
            Key(kind=kind, subject=row.pk, sort=Sort.NAME, key=key) for key in {*map(names.loose, row.names)} - {""}
        ]
        if host := names.host(row.website):
            made.append(Key(kind=kind, subject=row.pk, sort=Sort.WEBSITE, key=host))
    Key.objects.bulk_create(made, batch_size=BATCH)


@transaction.atomic
def tell_apart(
    kind: str, one: int, other: int, *, note: str, by: Person | None, now: datetime, role_kind: str = ""
) -> Apart:
    """Somebody looked: these two are not the same. They are not asked about again until this is taken back."""
    require(why_not_tell_apart(one, other, note=note, role_kind=role_kind))
    low, high = sorted((one, other))
    rows = Apart.objects.select_for_update()
    apart = rows.filter(kind=kind, one=low, other=high).first()
    if apart is not None and apart.status == ApartStatus.TOLD:
        return apart
    if apart is None:
        apart = Apart.objects.create(kind=kind, one=low, other=high, note=note.strip(), told_at=now)
    else:
        apart.note, apart.told_at = note.strip(), now
        apart.save(update_fields=["note", "told_at"])
    details = {"kind": kind, "one": low, "other": high}
    ledger.move(apart, "tell_apart", by=by, at=now, role_kind=role_kind, details=details)
    return apart


@transaction.atomic
def take_back(apart: Apart, *, by: Person | None, now: datetime, role_kind: str = "") -> Apart:
    """It is open again whether they are the same."""
    require(why_not_as("take_back", role_kind))
    ledger.move(Apart.objects.select_for_update().get(pk=apart.pk), "take_back", by=by, at=now, role_kind=role_kind)
    apart.refresh_from_db()
    return apart


def _tokens(row: Row) -> tuple[str, str, str, str]:
    its = [name for name in row.names if name]
    initials, syllables = words.sounds(its)
    texts = [*its, row.text] if row.text else its
    return words.grams(texts), initials, syllables, words.code_tokens(row.codes)


def _write_sqlite(batch: list[tuple[int, str, str, str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT OR REPLACE INTO {TABLE} (rowid, grams, initials, pinyin, codes) VALUES (%s, %s, %s, %s, %s)",
            batch,
        )


def _write_postgres(batch: list[tuple[int, str, str, str, str]]) -> None:
    last = {row[0]: row for row in batch}  # one statement may not touch a row twice
    values = ", ".join(["(%s, %s::tsvector)"] * len(last))
    arguments: list[int | str] = []
    for key, *columns in last.values():
        arguments += [key, _vector(columns)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (id, words) VALUES {values} ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words",
            arguments,
        )


def _vector(columns: list[str]) -> str:
    """A tsvector as text: each token with its place and the weight of its column. Tokens are letters and digits only.

    A tsvector holds places up to 16,383, and 256 for one word: what comes later is not placed (names come first).
    """
    placed: list[str] = []
    place = 0
    for weight, tokens in zip("ABCD", columns, strict=True):
        for token in tokens.split():
            place += 1
            if place < 16_383:
                placed.append(f"'{token}':{place}{weight}")
        place += 1
    return " ".join(placed)
