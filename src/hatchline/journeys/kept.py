"""The facts of a population, gathered now or kept: gathering a city's takes seconds, reading them a tenth of one.

The worker keeps today's facts of a large population and gathers anew when the record has moved. Until it has, whoever
asks gets the older facts, with the moment they are of, and may have them gathered at once. A small population is always
gathered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from hatchline.apps.indicators import queries as indicators
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.rulebooks import kept
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.rulebooks.kept import Spoilt
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules import populations
from hatchline.core.rules.documents import Document
from hatchline.core.rules.populations import Population
from hatchline.core.rules.vocabulary import Subject, Vocabulary
from hatchline.journeys import gather
from hatchline.journeys.judge import asked_by

MANY = 20_000  # ventures from which facts are kept
SUBJECTS: tuple[Subject, ...] = ("institution", "venture")
_spoilt: set[tuple[int, str]] = set()  # met by this process: not looked at again


@dataclass(frozen=True)
class Basis:
    """Which facts an answer rests on: the ledger's row and its moment. ``row``: the key of what is kept, else 0."""

    head: int
    moment: datetime | None
    row: int = 0
    is_older: bool = False


def version() -> Basis:
    """The last row of the ledger that may change what is gathered, and its moment."""
    last = indicators.last_change()
    entry = ledger.entry(last)
    return Basis(last, entry.at if entry is not None else None)


def basis(document: Document, as_of: date, present: Basis, *, latest: bool = False) -> Basis:
    """The facts to be used: those kept, else those of now (``present``). ``latest``: no older ones. One query."""
    row = kept.row(document.subject, as_of)
    if row is None or (row.pk, row.digest) in _spoilt or (latest and row.head != present.head):
        return present
    if not kept.serves(row, asked_by(document), document.vocabulary):
        return present
    return Basis(row.head, row.known_at, row.pk, row.head != present.head)


def population(document: Document, as_of: date, base: Basis, known_at: datetime | None = None) -> Population:
    """Everybody with the facts that a document asks for. ``Spoilt`` where what is kept cannot be read: ask again."""
    wanted, subject = asked_by(document), document.subject
    if base.row:
        try:
            return populations.only(kept.population(base.row, base.head), wanted)
        except Spoilt:
            row = kept.row(subject, as_of)
            if row is not None and row.head == base.head:  # else it has just been gathered anew
                _spoilt.add((row.pk, row.digest))
            raise
    return gather.population(subject, as_of=as_of, vocabulary=document.vocabulary, known_at=known_at, wanted=wanted)


def current(documents: Sequence[Document], as_of: date, keys: Sequence[int]) -> Population:
    """These subjects with what several documents of one kind ask for, as it is now: read where it is kept."""
    asked, present = documents[0], version()
    wanted = frozenset[str]().union(*(asked_by(each) for each in documents))
    bases = {basis(each, as_of, present, latest=True) for each in documents}
    if len(bases) == 1 and (base := bases.pop()).row:
        try:
            return among(populations.only(kept.population(base.row, base.head), wanted), keys)[1]
        except Spoilt:
            pass
    return gather.population(asked.subject, as_of=as_of, vocabulary=asked.vocabulary, keys=keys, wanted=wanted)


def among(everybody: Population, keys: Sequence[int]) -> tuple[list[int], Population]:
    """These of them, as far as they were there already, and their facts."""
    place = dict(zip(everybody.keys, range(everybody.size), strict=True))
    at = [place.get(key, -1) for key in map(str, keys)]
    there = [key for key, its in zip(keys, at, strict=True) if its >= 0]
    return there, populations.chosen(everybody, np.array([its for its in at if its >= 0], dtype=np.int64))


def refresh(today: date) -> int:
    """Gather and keep what is not kept of today, or not as it is now: how many kinds of subject. Safe to repeat."""
    if ventures.ventures().count() < MANY:
        for subject in SUBJECTS:
            kept.drop(subject)
        return 0
    made, present = 0, version()
    if not ledger.is_settled():  # a row may come to lie before the last: those kept serve on until the next time
        return 0
    standing = [rulebooks.document(each, {}) for each in rulebooks.editions()]
    for subject in SUBJECTS:
        documents = [each for each in standing if each.subject == subject]
        if not documents:
            continue
        names = frozenset[str]().union(*(asked_by(each) for each in documents))
        words = documents[-1].vocabulary
        if not _is_current(subject, today, names, words, present.head):
            found = gather.population(subject, as_of=today, vocabulary=words, wanted=names & set(words.facts))
            kept.keep(
                found, subject=subject, as_of=today, names=names, vocabulary=words, head=present.head,
                known_at=present.moment,
            )  # fmt: skip
            made += 1
    return made


def _is_current(subject: Subject, today: date, names: frozenset[str], words: Vocabulary, head: int) -> bool:
    row = kept.row(subject, today)
    if row is None or row.head != head or not kept.serves(row, names, words):
        return False
    try:
        kept.population(row.pk, row.head)
    except Spoilt:
        return False
    return True
