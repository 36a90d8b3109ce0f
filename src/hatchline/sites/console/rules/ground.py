"""What the matrix and what-if stand on: the facts of a day, gathered once and kept until something changes them.

The ledger tells: its last row that may change a figure. Who signs in or reads a message lets nothing go.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest

from hatchline.apps.indicators import queries as indicators
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules.documents import Document
from hatchline.core.rules.whatif import WhatIf
from hatchline.journeys import gather, judge

MOST_KEPT = 8

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Ground:
    """A document over the institutions a role sees on a day. ``names`` and ``territories`` are in the order of keys."""

    document: Document
    whatif: WhatIf
    names: list[str]
    territories: list[str]
    kinds: list[tuple[str, ...]]


def forget() -> None:
    """Let go of everything that was kept."""
    with _lock:
        _kept.clear()


def _once(key: Hashable, make: Callable[[], Any]) -> Any:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        made = _kept[key] = make()
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return made


def stand_on(request: HttpRequest, name: str, as_of: date) -> Ground:
    """The ground of a document about institutions; 404 for any other."""
    edition = rulebooks.edition(name)
    if edition is None or edition.subject != "institution":
        raise Http404
    return over(request, rulebooks.document(edition), as_of)


def over(request: HttpRequest, document: Document, as_of: date) -> Ground:
    """The ground of any document, a draft too, over the institutions or ventures that the role sees."""
    version = (*_version(), as_of, request.role.pk, document.subject)
    wanted = judge.asked_by(document)
    listed = _ventures if document.subject == "venture" else _rows
    rows = _once(("rows", *version), lambda: listed(request, as_of))
    keys = [key for key, *_rest in rows]
    population = _once(
        ("facts", *version, tuple(document.vocabulary.facts), wanted),
        lambda: gather.population(
            document.subject, as_of=as_of, vocabulary=document.vocabulary, keys=keys, wanted=wanted
        ),
    )
    asked = _once(
        ("whatif", *version, document.digest), lambda: WhatIf(document, as_of, population, fused=False)
    )  # compiling would outlast the answer
    place = {str(key): rest for key, *rest in rows}
    told = [place[str(key)] for key in population.keys]
    return Ground(document, asked, [t[0] for t in told], [t[1] for t in told], [t[2] for t in told])


def kept_with(request: HttpRequest, ground: Ground, what: str, make: Callable[[], Any]) -> Any:
    """Something reckoned from a ground, kept as long as the ground is."""
    version = (*_version(), ground.whatif.as_of, request.role.pk)
    return _once((what, *version, ground.document.digest), make)


def _version() -> tuple[int, datetime | None]:
    """The last row of the ledger that may change what is gathered, and its moment."""
    last = indicators.last_change()
    entry = ledger.entry(last)
    return last, entry.at if entry is not None else None


def _ventures(request: HttpRequest, as_of: date) -> list[tuple[int, str, str, tuple[str, ...]]]:
    """Key and name of the ventures that the role may see."""
    rows = ventures.visible_to(request.role).order_by("pk")
    return [(key, name, "", ()) for key, name in rows.values_list("pk", "name")]


def _rows(request: HttpRequest, as_of: date) -> list[tuple[int, str, str, tuple[str, ...]]]:
    """Key, name, territory and kinds of the institutions that are open on the day and that the role may see."""
    seen = institutions.visible_to(request.role).order_by().values("pk")
    found = institutions.open_on(as_of).filter(pk__in=seen).order_by("pk")
    listed = list(found.values_list("pk", "name", "territory__name"))
    kinds = institutions.kinds_of([key for key, *_rest in listed], as_of)
    return [(key, name, where or "", kinds.get(key, ())) for key, name, where in listed]
