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

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules.documents import Document
from hatchline.core.rules.populations import Ints
from hatchline.core.rules.tallies import Groups
from hatchline.core.rules.whatif import WhatIf
from hatchline.journeys import groups, judge, kept
from hatchline.journeys.groups import Standing
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.days import Asked, written
from hatchline.sites.lists import Column

MOST_KEPT = 32
# on a request whose page rests on facts that were recorded over: "opened" before that, or as the worker "kept" them
OLDER = "_ground_is_older"

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
        different = {id(each): each for each in self.standings}.values()
        found = {}
        for way in groups.WAYS[self.document.subject]:
            under = {id(each): each.under(way) for each in different}
            found[way] = Groups.of([under[id(each)] for each in self.standings])
        return found

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
    document, latest = rulebooks.document(edition), request.GET.get("facts") == "latest"
    return over(request, document, asked.as_of, moment_of(asked), request.GET.get("head", ""), latest)


def over(
    request: HttpRequest, document: Document, as_of: date, known_at: datetime | None = None, head: str = "",
    latest: bool = False,
) -> Ground:  # fmt: skip
    """The ground of any document, a draft too, over the institutions or ventures that the role sees.

    Facts are shared by all officials and documents that ask for the same. ``head``: the ledger's row on which the page
    rests that a slider stands on. As long as it is kept, that page goes on upon the same facts, whatever others record
    meanwhile: gathering a city's facts anew takes seconds. For the same reason a city's page opens upon the facts that
    the worker keeps (journeys/kept.py) and says so where they are older, unless the ``latest`` are asked for.
    """
    present = kept.version()
    seen = ("seen", request.role.pk, as_of, known_at, document.digest, _marks(document))
    with _lock:
        old: Ground | None = _kept.get((*seen, head))
        if old is not None:
            _kept.move_to_end((*seen, head))
    if old is not None:
        setattr(request, OLDER, "opened" if head != str(present.head) else "")
        return old
    about = (as_of, known_at, document.subject, tuple(document.vocabulary.facts), judge.asked_by(document))
    base = present
    if known_at is None and ("facts", present, *about) not in _kept:
        base = kept.basis(document, as_of, present, latest=latest)
    setattr(request, OLDER, "kept" if base.is_older else "")
    listed = _ventures if document.subject == "venture" else _institutions
    rows = ("rows", present.head, as_of, request.role.pk, document.subject)
    keys, names = _once(rows, lambda: listed(request, as_of))
    facts = ("facts", base, *about)
    try:
        everybody = _once(facts, lambda: kept.population(document, as_of, base, known_at))
    except kept.Spoilt:
        return over(request, document, as_of, known_at, head, latest)
    them = hashlib.sha256(np.array(keys, dtype=np.int64).tobytes()).hexdigest()
    same = (base, as_of, known_at, document.subject, them)
    there, population = _once((*facts, them), lambda: kept.among(everybody, keys))
    standings = _once(("standings", *same), lambda: groups.standings(document.subject, there, as_of))

    def made() -> Ground:
        # compiling would outlast the answer
        asked = WhatIf(document, as_of, population, fused=False)
        called = dict(zip(keys, names, strict=True))
        return Ground(document, asked, [called[key] for key in there], standings, known_at or base.moment, base.head)

    found: Ground = _once(("ground", *same, document.digest, _marks(document)), made)
    _once((*seen, str(base.head)), lambda: found)
    return found


def kept_with(ground: Ground, what: str, make: Callable[[], Any]) -> Any:
    """Something reckoned from a ground, kept as long as the ground is."""
    if what not in ground.values:
        ground.values[what] = make()
    return ground.values[what]


def _marks(document: Document) -> tuple[Any, ...]:
    """What officials confirmed changes no digest, but what the page says of its basis."""
    return (*(each.mark for each in document.parameters.values()), *(c.mark for c in document.criteria.values()))


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
