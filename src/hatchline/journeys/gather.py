"""Facts gathered from every app that vouches for some, as core.rules reads them.

The first source that knows a fact is believed: what the district keeps itself before what was reported. Nothing is made
up in between: what no source knows is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import numpy as np
from django.db.models import QuerySet

from hatchline.apps.columns import prepared
from hatchline.apps.institutions import facts as institution_facts
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.observations import facts as observation_facts
from hatchline.apps.premises import facts as premises_facts
from hatchline.apps.titles import facts as title_facts
from hatchline.apps.ventures import facts as venture_facts
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules import populations
from hatchline.core.rules.explain import Source
from hatchline.core.rules.populations import Column, Population, arranged, missing, narrow
from hatchline.core.rules.vocabulary import FactDeclaration, Subject, UnreadableFact, Vocabulary
from hatchline.core.values.fact import FactColumn

INSTITUTION, VENTURE = "institutions.institution", "ventures.venture"


@dataclass(frozen=True)
class Member:
    """A venture of an institution with its facts, as kept by core. Where each comes from is told when it is asked."""

    key: int
    name: str
    facts: Mapping[str, int | None]
    tell: Callable[[int], Mapping[str, Source]] = field(compare=False, repr=False)

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.tell(self.key)


@dataclass(frozen=True)
class Gathered:
    """What is known about one subject on a day. ``unreadable``: values that no fact may have, told and left unknown."""

    kind: str
    key: int
    name: str
    as_of: date
    facts: Mapping[str, int | None]
    sources: Mapping[str, Source]
    members: tuple[Member, ...] = ()
    unreadable: tuple[str, ...] = field(default=())

    def by_value(self) -> dict[str, Any]:
        """The facts as a pin keeps them (see apps/rulebooks)."""

        def told(sources: Mapping[str, Source]) -> dict[str, Any]:
            return {
                name: {"text": each.text, "on": each.on.isoformat() if each.on else None, "link": each.link}
                for name, each in sources.items()
            }

        return {
            "subject": {"kind": self.kind, "key": self.key, "name": self.name},
            "facts": dict(self.facts),
            "sources": told(self.sources),
            "members": [
                {"key": str(m.key), "name": m.name, "facts": dict(m.facts), "sources": told(m.sources)}
                for m in self.members
            ],
        }


def institution(
    pk: int, *, as_of: date, vocabulary: Vocabulary, known_at: datetime | None = None,
    wanted: Collection[str] | None = None,
) -> Gathered:  # fmt: skip
    """What is known about one institution and its ventures on a day; ``wanted``: these facts alone, by name.

    LookupError for a key of none.
    """
    names = _names(_institutions, [pk])
    if pk not in names:
        raise LookupError(f"no institution has the key {pk}")
    belongs = venture_facts.memberships(as_of, [pk])
    keys = [each.venture for each in belongs]
    faults: list[str] = []
    yearly = _yearly(vocabulary, "institution", wanted)
    columns = _of_institutions([pk], as_of, yearly, known_at, _tenants(belongs), wanted)
    columns = _chosen(columns, wanted)
    facts = _merged(columns, vocabulary, faults).get(pk, {})
    sources = _told(columns, INSTITUTION, {pk: facts}, pk)
    yearly = _yearly(vocabulary, "venture", wanted)
    columns = [*_of_stays(belongs), *_of_ventures(keys, as_of, yearly, known_at, wanted=wanted)]
    columns = _chosen(columns, wanted)
    theirs = _merged(columns, vocabulary, faults)
    called = _names(_ventures, keys)
    tell = partial(_told, columns, VENTURE, theirs)
    members = tuple(Member(key, called.get(key, ""), theirs.get(key, {}), tell) for key in keys)
    return Gathered(INSTITUTION, pk, names[pk], as_of, facts, sources, members, tuple(faults))


def venture(
    pk: int, *, as_of: date, vocabulary: Vocabulary, known_at: datetime | None = None,
    wanted: Collection[str] | None = None,
) -> Gathered:  # fmt: skip
    """What is known about one venture on a day; of its incubation, the stay that began last. LookupError for none."""
    names = _names(_ventures, [pk])
    if pk not in names:
        raise LookupError(f"no venture has the key {pk}")
    faults: list[str] = []
    belongs = venture_facts.memberships(as_of, ventures=[pk])
    last = _in_turn(belongs)[-1:]
    yearly = _yearly(vocabulary, "venture", wanted)
    columns = [*_of_stays(last), *_of_ventures([pk], as_of, yearly, known_at, wanted=wanted)]
    columns = _chosen(columns, wanted)
    facts = _merged(columns, vocabulary, faults).get(pk, {})
    sources = _told(columns, VENTURE, {pk: facts}, pk)
    return Gathered(VENTURE, pk, names[pk], as_of, facts, sources, (), tuple(faults))


def population(
    subject: Subject, *, as_of: date, vocabulary: Vocabulary, known_at: datetime | None = None,
    keys: Collection[int] | None = None, wanted: Collection[str] | None = None,
) -> Population:  # fmt: skip
    """All subjects of a kind (or these) with what is known about them on a day, as columns. Keys are texts.

    ``wanted``: these facts alone, by name; the others are left out, as if nothing were known.
    """
    if subject == "venture":
        chosen = list(_names(_ventures, keys))
        columns = [
            *_of_stays(_in_turn(venture_facts.memberships(as_of, ventures=keys))),
            *_of_ventures(
                None if keys is None else chosen, as_of, _yearly(vocabulary, "venture", wanted), known_at, wanted=wanted
            ),
        ]
        found = _columns(_chosen(columns, wanted), chosen, vocabulary)
        return arranged([str(key) for key in chosen], found, np.zeros(0, dtype=np.int64), {})
    chosen = list(_names(_institutions, keys))
    place = {key: at for at, key in enumerate(chosen)}
    belongs = [each for each in venture_facts.memberships(as_of, keys) if each.institution in place]
    theirs = [each.venture for each in belongs]
    yearly = _yearly(vocabulary, "institution", wanted)
    columns = _of_institutions(chosen, as_of, yearly, known_at, _tenants(belongs), wanted)
    own = _columns(_chosen(columns, wanted), chosen, vocabulary)
    # a stay belongs to a pair of institution and venture, everything else to the venture
    pairs = _columns(_of_stays(belongs, by_place=True), range(len(belongs)), vocabulary)
    everyone = None if keys is None else theirs
    yearly = _yearly(vocabulary, "venture", wanted)
    columns = _of_ventures(everyone, as_of, yearly, known_at, theirs, wanted)
    members = _columns(_chosen(columns, wanted), theirs, vocabulary) | pairs
    owners = np.fromiter((place[each.institution] for each in belongs), dtype=np.int64, count=len(belongs))
    return arranged([str(key) for key in chosen], own, owners, members, [str(key) for key in theirs])


def there(
    subject: Subject, *, as_of: date, vocabulary: Vocabulary, wanted: Collection[str] | None = None
) -> Population:
    """Those whom pages and commands judge: nobody who was closed, or had ceased, by the day."""
    if subject == "venture":
        everyone = ventures.ventures()
        gone = ventures.ceased_by(everyone, as_of).order_by().values("pk")
        keys = list(everyone.exclude(pk__in=gone).order_by("pk").values_list("pk", flat=True))
        return narrowed(population(subject, as_of=as_of, vocabulary=vocabulary, wanted=wanted), keys)
    keys = list(institutions.open_on(as_of).values_list("pk", flat=True))
    return population(subject, as_of=as_of, vocabulary=vocabulary, keys=keys, wanted=wanted)


def narrowed(population: Population, keys: Sequence[int]) -> Population:
    """Those of a population of ventures that have these keys. All are gathered, since naming each would cost more."""
    place = {str(key): at for at, key in enumerate(population.keys)}
    return populations.chosen(population, np.array([place[str(key)] for key in keys], dtype=np.int64))


def _tenants(belongs: Iterable[venture_facts.Membership]) -> dict[int, set[int]]:
    """By institution who is incubated there now: who is so elsewhere is no tenant here."""
    found: dict[int, set[int]] = defaultdict(set)
    for each in belongs:
        if each.in_incubation:
            found[each.institution].add(each.venture)
    return found


def _in_turn(belongs: Iterable[venture_facts.Membership]) -> list[venture_facts.Membership]:
    """So that of a venture the stay speaks last that is to be believed: a present one, then the one begun last."""
    return sorted(belongs, key=lambda each: (each.in_incubation is True, each.entered_on or date.min))


def _of_institutions(
    keys: Collection[int], as_of: date, yearly: Mapping[str, bool], known_at: datetime | None,
    tenants: Mapping[int, Collection[int]], wanted: Collection[str] | None = None,
) -> list[FactColumn]:  # fmt: skip
    """What is wanted alone is asked for: a part of which nothing is wanted costs no query."""
    found: list[FactColumn] = []
    if _any(institution_facts.NAMES, wanted):
        found += institution_facts.about(keys, as_of)
    if _any(premises_facts.OF_INSTITUTIONS, wanted):
        found += premises_facts.about_institutions(keys, as_of, tenants)
    if _any(title_facts.OF_INSTITUTIONS, wanted):
        found += title_facts.about_institutions(keys, as_of)
    return [
        *found,
        *observation_facts.about(INSTITUTION, keys, as_of, yearly=yearly, known_at=known_at),
    ]


def _of_ventures(
    keys: venture_facts.Keys | None, as_of: date, yearly: Mapping[str, bool], known_at: datetime | None,
    occupants: Collection[int] | None = None, wanted: Collection[str] | None = None,
) -> list[FactColumn]:  # fmt: skip
    found = [*venture_facts.about(keys, as_of, wanted), *title_facts.about_ventures(keys, as_of, wanted)]
    if _any(premises_facts.OF_OCCUPANTS, wanted):
        whose = occupants if occupants is not None else () if keys is None else keys
        found += premises_facts.about_occupants(VENTURE, whose, as_of)
    observed = observation_facts.about(VENTURE, keys, as_of, yearly=yearly, known_at=known_at)
    return [*found, *(_unless_sold(each, found) for each in observed)]


def _unless_sold(observed: FactColumn, found: Iterable[FactColumn]) -> FactColumn:
    """What was observed, without a no of those whose exit is on record and may have been by the day."""
    if observed.name not in venture_facts.SOLD:
        return observed
    unsure = {key for each in found if each.name == observed.name for key, on in each.values.items() if on is None}
    return replace(observed, values={key: each for key, each in observed.values.items() if each or key not in unsure})


def _of_stays(belongs: Iterable[venture_facts.Membership], *, by_place: bool = False) -> list[FactColumn]:
    keyed = {at if by_place else each.venture: each for at, each in enumerate(belongs)}
    return [
        FactColumn(
            name, {key: getattr(each, name) for key, each in keyed.items()}, venture_facts.stay_source(), page="stays"
        )
        for name in ("in_incubation", "entered_on", "graduated", "graduated_on")
    ]


def _yearly(vocabulary: Vocabulary, subject: Subject, wanted: Collection[str] | None = None) -> dict[str, bool]:
    return {
        fact.name: fact.is_yearly
        for fact in vocabulary.facts.values()
        if fact.subject == subject and (wanted is None or fact.name in wanted)
    }


def _any(names: Iterable[str], wanted: Collection[str] | None) -> bool:
    return wanted is None or not set(names).isdisjoint(wanted)


def _chosen(columns: Iterable[FactColumn], wanted: Collection[str] | None) -> list[FactColumn]:
    return [each for each in columns if wanted is None or each.name.partition("@")[0] in wanted]


def _merged(
    columns: Iterable[FactColumn], vocabulary: Vocabulary, faults: list[str]
) -> dict[int, dict[str, int | None]]:
    """Facts by subject; of two columns that know a fact, the first."""
    found: dict[int, dict[str, int | None]] = defaultdict(dict)
    for column in columns:
        name, encoded = column.name, dict[object, int | None]()
        encode = vocabulary.facts[name.partition("@")[0]].encode
        for key, value in column.values.items():
            facts = found[key]
            if value is None or name in facts:
                continue
            try:
                if value not in encoded:
                    encoded[value] = encode(value)
            except UnreadableFact as error:
                faults.append(f"{name}: {error}")
                continue
            if (kept := encoded[value]) is not None:
                facts[name] = kept
    return found


def _told(
    columns: Sequence[FactColumn], kind: str, facts: Mapping[int, Mapping[str, int | None]], key: int
) -> dict[str, Source]:
    """Where the facts of one subject come from: of two columns that know a fact, the first."""
    found: dict[str, Source] = {}
    for column in columns:
        name = column.name
        if name in facts.get(key, ()) and name not in found and column.values.get(key) is not None:
            found[name] = Source(column.source_of(key), column.on.get(key), f"{kind}:{key}#{column.page}")
    return found


def _columns(columns: Iterable[FactColumn], keys: Collection[int], vocabulary: Vocabulary) -> dict[str, Column]:
    """The same for many, as columns of whole numbers; a value that no fact may have is unknown."""
    merged: dict[str, dict[int, object]] = {}
    for column in columns:
        if column.name in merged:
            merged[column.name] = dict(column.values) | {k: v for k, v in merged[column.name].items() if v is not None}
        else:
            merged[column.name] = dict(column.values)
    found: dict[str, Column] = {}
    for name, values in merged.items():
        fact = vocabulary.facts[name.partition("@")[0]]
        dtype = narrow(fact)
        unknown = missing(dtype)
        kept = {value: _encoded(fact, value, unknown) for value in set(values.values())}
        kept[None] = unknown
        found[name] = np.array([kept[values.get(key)] for key in keys], dtype=dtype)
    return found


def _encoded(fact: FactDeclaration, value: object, unknown: int) -> int:
    try:
        found = fact.encode(value)
    except UnreadableFact:
        return unknown
    return unknown if found is None else found


def _names(those: Callable[..., QuerySet[Any, Any]], keys: Collection[int] | None) -> dict[int, str]:
    return dict(prepared.rows(those, keys))


def _institutions(keys: Collection[int] | None) -> QuerySet[Any, Any]:
    rows = institutions.institutions().order_by("pk")
    return (rows if keys is None else rows.filter(pk__among=keys)).values_list("pk", "name")


def _ventures(keys: Collection[int] | None) -> QuerySet[Any, Any]:
    rows = ventures.ventures().order_by("pk")
    return (rows if keys is None else rows.filter(pk__among=keys)).values_list("pk", "name")
