"""Putting rows into the index and taking them out, in the transaction of the verb that changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection

from hatchline.apps.search import words
from hatchline.apps.search.places import TABLE, number

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be found about one subject. ``names`` are also found by pinyin; ``text`` only as written."""

    pk: int
    names: Sequence[str]
    codes: Sequence[str] = field(default=())
    text: str = ""


def index(kind: str, pk: int, *, names: Sequence[str], codes: Sequence[str] = (), text: str = "") -> None:
    """Make this row findable, in place of what was known of it before. ``kind`` is the model's label_lower."""
    index_many(kind, [Row(pk, names, codes, text)])


def index_many(kind: str, rows: Iterable[Row]) -> int:
    """The same for many rows; answers how many. Reads ``rows`` as it goes."""
    write = _write_postgres if connection.vendor == "postgresql" else _write_sqlite
    done, source = 0, iter(rows)
    while batch := list(islice(source, BATCH)):
        write([(number(kind, row.pk), *_tokens(row)) for row in batch])
        done += len(batch)
    return done


def forget(kind: str, pk: int) -> None:
    """Take a row out of the index; nothing happens when it is not there."""
    key = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {key} = %s", [number(kind, pk)])


def _tokens(row: Row) -> tuple[str, str, str, str]:
    names = [name for name in row.names if name]
    initials, syllables = words.sounds(names)
    texts = [*names, row.text] if row.text else names
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
