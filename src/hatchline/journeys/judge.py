"""Subjects of the district judged by documents: one document with every reason, and the ladder of those that apply.

A document is bound to a day once and kept; facts are gathered once for all the documents of a ladder.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.core.rules.documents import Document
from hatchline.core.rules.explain import Explainer, Explanation
from hatchline.core.rules.explain import facts_of as facts_in
from hatchline.core.rules.reckon import Reckoning
from hatchline.core.rules.ways import Way, nearest_way
from hatchline.journeys import gather
from hatchline.journeys.gather import INSTITUTION, VENTURE, Gathered

if TYPE_CHECKING:
    from hatchline.apps.rulebooks.models import Edition

MOST_BOUND = 64
_bound: dict[tuple[str, frozenset[str], date], Explainer] = {}
_asked: dict[str, frozenset[str]] = {}
# The rungs in order: (rung, the rules whose editions stand on it). A district's own documents stand on the first.
RUNGS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    INSTITUTION: (
        ("district", ("sample-district",)),
        ("municipal", ("beijing-municipal", "beijing-support")),
        ("national", ("national-incubator",)),
        ("tax", ("incubator-tax",)),
    ),
    VENTURE: (
        ("graduation", ("graduation",)),
        ("small_tech", ("small-tech-firm",)),
        ("high_tech", ("high-tech-firm",)),
        ("acceleration", ("sample-acceleration",)),
    ),
}
DISTRICT = "district"  # an edition of the district's own
SUBJECTS = {INSTITUTION: "institution", VENTURE: "venture"}


class NotForThis(LookupError):
    """No document of that name judges subjects of this kind."""


@dataclass(frozen=True)
class Judged:
    """One subject under one edition on a day. ``way``: None where it is passed, or was not asked for."""

    edition: Edition
    document: Document
    gathered: Gathered
    explanation: Explanation
    way: Way | None


@dataclass(frozen=True)
class Rung:
    """A level of the ladder: what judges it on the day, or nothing when no edition was in force."""

    name: str
    edition: Edition | None
    explanation: Explanation | None
    coming: Edition | None = None  # the edition that comes into force after the day


def judge(
    kind: str,
    pk: int,
    name: str,
    *,
    as_of: date,
    known_at: datetime | None = None,
    with_way: bool = True,
    digest: str = "",
) -> Judged:
    """One subject under the document of that name (id or 文号), or under the text of it that has this digest.

    NotForThis; LookupError for a subject there is not.
    """
    edition = rulebooks.text_of(name, digest) if digest else rulebooks.edition(name)
    if edition is None or edition.subject != SUBJECTS[kind]:
        raise NotForThis(name)
    explainer = _explainer(edition, as_of)
    wanted = asked_by(explainer.document)
    gathered = facts_of(kind, pk, edition, as_of=as_of, known_at=known_at, wanted=wanted)
    members = [each.facts for each in gathered.members]
    reckoning = Reckoning(gathered.facts, members)
    reckoning.judge(explainer.plan)
    explanation = explainer.explain(gathered.facts, members, gathered.sources, reckoning)
    way = nearest_way(explainer, explanation, gathered.facts, members, reckoning) if with_way else None
    return Judged(edition, explainer.document, gathered, explanation, way)


def facts_of(
    kind: str, pk: int, edition: Edition, *, as_of: date, known_at: datetime | None = None,
    wanted: Collection[str] | None = None,
) -> Gathered:  # fmt: skip
    """What an edition may ask of a subject, gathered; ``wanted``: these facts alone."""
    asked = gather.institution if kind == INSTITUTION else gather.venture
    return asked(pk, as_of=as_of, vocabulary=rulebooks.vocabulary(edition), known_at=known_at, wanted=wanted)


def asked_by(document: Document) -> frozenset[str]:
    """The facts a document speaks of anywhere: criteria, definitions, when a variant applies."""
    found = _asked.get(document.digest)
    if found is None:
        bodies = [
            *(each.requirement for each in document.criteria.values()),
            *(each.body for each in document.definitions.values()),
            *(each.when for each in document.variants.values()),
        ]
        found = frozenset(fact.name for body in bodies for fact, _years in facts_in(body))
        while len(_asked) >= MOST_BOUND:
            _asked.pop(next(iter(_asked)), None)
        _asked[document.digest] = found
    return found


def ladder(kind: str, pk: int, *, as_of: date, known_at: datetime | None = None) -> list[Rung]:
    """The subject on every rung, from the lowest to the highest. LookupError for a subject there is not."""
    standing = [each for each in rulebooks.editions() if each.subject == SUBJECTS[kind]]
    chosen: list[tuple[str, Edition | None, Edition | None]] = []
    for name, series in RUNGS[kind]:
        first = name == RUNGS[kind][0][0] and kind == INSTITUTION
        here = [e for e in standing if e.series in series or (first and e.origin == DISTRICT)]
        held = [e for e in here if e.in_force_on <= as_of and (e.ends_before is None or as_of < e.ends_before)]
        # the district's own goes before a sample, the later before the earlier
        held.sort(key=lambda e: (e.origin == DISTRICT, e.in_force_on))
        ahead = sorted((e for e in here if e.in_force_on > as_of), key=lambda e: e.in_force_on)
        chosen.append((name, held[-1] if held else None, ahead[0] if ahead else None))
    bound = {edition.pk: _explainer(edition, as_of) for _name, edition, _next in chosen if edition is not None}
    gathered: dict[int, Gathered] = {}
    found = []
    for name, edition, coming in chosen:
        if edition is None:
            found.append(Rung(name, None, None, coming))
            continue
        words = edition.vocabulary_id
        if words not in gathered:
            same = [e.pk for _name, e, _next in chosen if e is not None and e.vocabulary_id == words]
            wanted = frozenset[str]().union(*(asked_by(bound[key].document) for key in same))
            gathered[words] = facts_of(kind, pk, edition, as_of=as_of, known_at=known_at, wanted=wanted)
        its = gathered[words]
        explanation = bound[edition.pk].explain(its.facts, [m.facts for m in its.members], its.sources)
        found.append(Rung(name, edition, explanation))
    return found


def documents_for(kind: str, standing: Sequence[Edition], as_of: date) -> list[Edition]:
    """The editions about this kind of subject, those in force on the day first."""

    def holds(each: Edition) -> bool:
        return each.in_force_on <= as_of and (each.ends_before is None or as_of < each.ends_before)

    mine = [each for each in standing if each.subject == SUBJECTS[kind]]
    return sorted(mine, key=lambda each: (not holds(each), each.series, each.in_force_on))


def _explainer(edition: Edition, as_of: date) -> Explainer:
    """The document bound to the day, with what officials confirmed; kept per process. One query."""
    confirmed = rulebooks.confirmations(edition)
    key = (edition.digest, frozenset(confirmed), as_of)
    found = _bound.get(key)
    if found is None:
        found = Explainer(rulebooks.document(edition, confirmed), as_of)
        while len(_bound) >= MOST_BOUND:
            _bound.pop(next(iter(_bound)), None)
        _bound[key] = found
    return found
