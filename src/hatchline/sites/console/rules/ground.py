"""What the matrix and what-if stand on: the facts of a day, gathered once and kept until something changes them.

The ledger tells: its last row that may change a figure. Who signs in or reads a message lets nothing go.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from hatchline.apps.indicators import queries as indicators
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules.documents import Document
from hatchline.core.rules.populations import Ints, Population
from hatchline.core.rules.tallies import Groups
from hatchline.core.rules.whatif import WhatIf
from hatchline.journeys import gather, groups, judge
from hatchline.journeys.groups import Standing
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.days import Asked, written
from hatchline.sites.lists import Column

MOST_KEPT = 24
OLDER = "_ground_is_older"  # on a request whose page rests on facts that were recorded over

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_making: dict[Hashable, threading.Lock] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Ground:
    """A document over those whom a role sees on a day. ``names`` and ``standings`` are in the order of keys.

    ``known_at``: the last change of the record that the facts rest on, or the moment asked for.
    """

    document: Document
    whatif: WhatIf
    names: list[str]
    standings: list[Standing]
    known_at: datetime | None = None
    head: int = 0  # the ledger's row that the facts rest on

    @property
    def subject(self) -> str:
        """institution or venture."""
        return self.document.subject

    @cached_property
    def rank(self) -> Ints:
        """Where each stands by name, for sorting."""
        found = np.empty(len(self.names), dtype=np.int64)
        found[sorted(range(len(self.names)), key=self.names.__getitem__)] = np.arange(len(self.names))
        return found

    @cached_property
    def groups(self) -> dict[str, Groups]:
        """By each way of grouping these subjects, who is in what."""
        return {
            way: Groups.of([each.under(way) for each in self.standings]) for way in groups.WAYS[self.document.subject]
        }

    @cached_property
    def values(self) -> dict[str, Any]:
        """What everybody has of that which a figure is compared with, once it was asked for (see `dots`)."""
        return {}


def forget() -> None:
    """Let go of everything that was kept."""
    with _lock:
        _kept.clear()


def _once(key: Hashable, make: Callable[[], Any]) -> Any:
    """What is kept under a key, made by whoever asks first; only those who ask for the same wait for it."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        mine = _making.setdefault(key, threading.Lock())
    with mine:
        with _lock:
            if key in _kept:
                return _kept[key]
        try:
            made = make()
        finally:
            with _lock:
                _making.pop(key, None)
        with _lock:
            _kept[key] = made
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return made


def stand_on(request: HttpRequest, name: str, asked: Asked) -> Ground:
    """The ground of a document on the days asked for; 404 for none."""
    edition = rulebooks.edition(name)
    if edition is None:
        raise Http404
    return over(request, rulebooks.document(edition), asked.as_of, moment_of(asked), request.GET.get("head", ""))


def over(
    request: HttpRequest, document: Document, as_of: date, known_at: datetime | None = None, head: str = ""
) -> Ground:
    """The ground of any document, a draft too, over the institutions or ventures that the role sees.

    Facts are kept by whom they are about, so that officials who see the same share them. ``head``: the ledger's row on
    which the page rests that a slider stands on. As long as it is kept, that page goes on upon the same facts, whatever
    others record meanwhile: gathering a city's facts anew takes seconds.
    """
    last, moment = _version()
    seen = ("seen", request.role.pk, as_of, known_at, document.digest, _marks(document))
    if head and head != str(last):
        with _lock:
            old: Ground | None = _kept.get((*seen, head))
            if old is not None:
                _kept.move_to_end((*seen, head))
        if old is not None:
            setattr(request, OLDER, True)
            return old
    version = (last, moment, as_of, known_at)
    listed = _ventures if document.subject == "venture" else _institutions
    keys, names = _once(("rows", *version, request.role.pk, document.subject), lambda: listed(request, as_of))
    same = (document.subject, len(keys), hashlib.sha256(np.array(keys, dtype=np.int64).tobytes()).hexdigest())
    wanted, words = judge.asked_by(document), tuple(document.vocabulary.facts)

    def facts() -> Population:
        everyone = document.subject == "venture"
        found = gather.population(
            document.subject, as_of=as_of, vocabulary=document.vocabulary, known_at=known_at,
            keys=None if everyone else keys, wanted=wanted,
        )  # fmt: skip
        return gather.narrowed(found, keys) if everyone else found

    population = _once(("facts", *version, *same, words, wanted), facts)
    standings = _once(("standings", *version, *same), lambda: groups.standings(document.subject, keys, as_of))

    def made() -> Ground:
        # compiling would outlast the answer
        asked = WhatIf(document, as_of, population, fused=False)
        return Ground(document, asked, names, standings, known_at or moment, last)

    found: Ground = _once(("ground", *version, *same, document.digest, _marks(document)), made)
    _once((*seen, str(last)), lambda: found)
    return found


def kept_with(ground: Ground, what: str, make: Callable[[], Any]) -> Any:
    """Something reckoned from a ground, kept as long as the ground is."""
    if what not in ground.values:
        ground.values[what] = make()
    return ground.values[what]


def _marks(document: Document) -> tuple[Any, ...]:
    """What officials confirmed changes no digest, but what the page says of its basis."""
    return (*(each.mark for each in document.parameters.values()), *(c.mark for c in document.criteria.values()))


def _version() -> tuple[int, datetime | None]:
    """The last row of the ledger that may change what is gathered, and its moment."""
    last = indicators.last_change()
    entry = ledger.entry(last)
    return last, entry.at if entry is not None else None


def _ventures(request: HttpRequest, as_of: date) -> tuple[list[int], list[str]]:
    """Key and name of the ventures that the role may see and that had not ended by the day."""
    seen = ventures.visible_to(request.role)
    gone = ventures.ceased_by(seen, as_of).order_by().values("pk")
    rows = list(seen.exclude(pk__in=gone).order_by("pk").values_list("pk", "name"))
    return [key for key, _name in rows], [name for _key, name in rows]


def _institutions(request: HttpRequest, as_of: date) -> tuple[list[int], list[str]]:
    """Key and name of the institutions that are open on the day and that the role may see."""
    seen = institutions.visible_to(request.role).order_by().values("pk")
    rows = list(institutions.open_on(as_of).filter(pk__in=seen).order_by("pk").values_list("pk", "name"))
    return [key for key, _name in rows], [name for _key, name in rows]


def basis(ground: Ground) -> list[Column]:
    """What a file of verdicts rests on, said on each row: the document by hash, the day, what was known when."""
    document, known = ground.document, ground.known_at
    said = [
        ("document", _("文件"), document.name),
        ("digest", _("文件哈希"), document.digest),
        ("as_of", _("情况截至"), ground.whatif.as_of.isoformat()),
        ("known_at", _("掌握截至"), written(known) if known else ""),
    ]
    return [Column(name, label, lambda _row, text=text: text) for name, label, text in said]
