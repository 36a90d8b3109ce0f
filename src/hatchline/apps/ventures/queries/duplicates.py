"""Which ventures may be one and the same: of those on record, and for the drafts of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hatchline.apps.search import queries as search
from hatchline.apps.ventures import drafts
from hatchline.apps.ventures.drafts import FundingDraft, VentureDraft
from hatchline.apps.ventures.models import Funding, Question, Round, Venture, VentureName
from hatchline.apps.ventures.states import Exit, Status
from hatchline.core.values import names
from hatchline.core.values.changes import differing, is_empty

KIND = "ventures.venture"
CHUNK = 500
SHARED_WEBSITE = 3  # more ventures than this with one host: a platform's, no sign of identity


@dataclass(frozen=True)
class Candidate:
    """A venture that a draft or another venture may be, and why."""

    pk: int
    name: str
    reasons: tuple[str, ...]
    is_certain: bool


def candidates(made: Sequence[VentureDraft], but: Collection[int] = ()) -> list[list[Candidate]]:
    """For each draft the ventures it may be; certain when both are the same legal body. Four queries for 500 drafts."""
    found: list[list[Candidate]] = []
    for start in range(0, len(made), CHUNK):
        found += _some(made[start : start + CHUNK], frozenset(but))
    return found


def _some(made: Sequence[VentureDraft], but: frozenset[int]) -> list[list[Candidate]]:
    keys = [{names.key(each.name), *(names.key(other) for _, other in each.names)} for each in made]
    hosts = [names.host(each.website) for each in made]
    every, websites = set().union(*keys) if keys else set(), {host for host in hosts if host}
    bodies = {each.legal_person for each in made if each.legal_person is not None}
    by_body = _grouped(Venture.objects.filter(legal_person__in=bodies).values_list("legal_person", "pk"))
    by_key = _grouped(Venture.objects.filter(name_key__in=every).values_list("name_key", "pk"))
    by_name = _grouped(VentureName.objects.filter(name_key__in=every).values_list("name_key", "venture"))
    by_host = _grouped(Venture.objects.filter(website_host__in=websites).values_list("website_host", "pk"))
    pks = {pk for table in (by_body, by_key, by_name, by_host) for each in table.values() for pk in each} - but
    rows = dict(Venture.objects.filter(pk__in=pks).exclude(status=Status.MERGED).values_list("pk", "name"))
    answers = []
    for draft, its_keys, host in zip(made, keys, hosts, strict=True):
        reasons: dict[int, list[str]] = defaultdict(list)
        for pk in by_body.get(draft.legal_person, ()):
            reasons[pk].append("same_legal_person")
        for key in sorted(its_keys):
            for reason, table in (("same_name", by_key), ("former_name", by_name)):
                for pk in table.get(key, ()):
                    if reason not in reasons[pk]:
                        reasons[pk].append(reason)
        if len(by_host.get(host, ())) <= SHARED_WEBSITE:
            for pk in by_host.get(host, ()):
                reasons[pk].append("same_website")
        its = [
            Candidate(pk, rows[pk], tuple(why), "same_legal_person" in why)
            for pk, why in reasons.items()
            if pk in rows and why
        ]
        answers.append(sorted(its, key=lambda each: (not each.is_certain, -len(each.reasons), each.pk)))
    return answers


def _grouped(rows: Any) -> dict[Any, list[int]]:
    table: dict[Any, list[int]] = defaultdict(list)
    for value, pk in rows:
        table[value].append(pk)
    return table


def possible() -> list[search.Pair]:
    """Pairs of ventures on record that meet under a name or website, and were neither asked about nor told apart.

    The keys are kept as ventures are written, so this reads only those that several share, whatever the size.
    """
    asked = Question.objects.filter(other_venture__isnull=False).values_list("venture", "other_venture")
    known = {(min(pair), max(pair)) for pair in asked}
    return [each for each in search.pairs(KIND) if (each.one, each.other) not in known]


def described(met: Sequence[search.Pair]) -> list[tuple[int, int, tuple[str, ...]]]:
    """The same pairs with the reasons why they may be one. Two queries."""
    pks = {pk for each in met for pk in (each.one, each.other)}
    present = dict(Venture.objects.filter(pk__in=pks).values_list("pk", "name_key"))
    every: dict[int, set[str]] = {pk: {key} for pk, key in present.items()}
    for pk, key in VentureName.objects.filter(venture__in=pks).values_list("venture", "name_key"):
        every[pk].add(key)
    made = []
    for each in met:
        why = []
        if "name" in each.sorts:
            same, shared = present[each.one] == present[each.other], every[each.one] & every[each.other]
            why.append("same_name" if same else "former_name" if shared else "similar_name")
        if "site" in each.sorts:
            why.append("same_website")
        made.append((each.one, each.other, tuple(why)))
    return made


def pairs(limit: int = 200) -> list[tuple[int, int, tuple[str, ...]]]:
    """The first of ``possible()``, with reasons."""
    return described(possible()[:limit])


def changes(wanted: Mapping[int, VentureDraft]) -> dict[int, dict[str, Any]]:
    """What each draft would change of the venture it belongs to. Empty fields change nothing; names and sums are added.

    Three queries for all.
    """
    made: dict[int, dict[str, Any]] = {}
    for each in Venture.objects.filter(pk__in=list(wanted)).prefetch_related("names", "fundings"):
        given = {name: value for name, value in wanted[each.pk].given().items() if not is_empty(value)}
        known = {(row.kind, row.name) for row in each.names.all()}
        others = tuple(pair for pair in given.pop("names", ()) if pair not in known)
        raised = _raised(given.pop("fundings", ()), list(each.fundings.all()))
        differs = differing(drafts.present(each), given)
        if each.exit and differs.get("exit") == Exit.UNSAID:
            del differs["exit"]  # how it went is known already
        if each.legal_person_id is not None:
            differs.pop("legal_person", None)  # a list does not make a company another company
        if wanted[each.pk].has_ceased and each.status == Status.ACTIVE:
            differs["status"] = Status.CEASED.value  # nobody knows on which day
        differs |= {"names": others} if others else {}
        differs |= {"fundings": raised} if raised else {}
        if differs:
            made[each.pk] = differs
    return made


def _raised(given: Sequence[FundingDraft], there: list[Funding]) -> tuple[FundingDraft, ...]:
    """Sums of a row that are not on record. Each of those on record answers for one of them, whatever else
    stood in its cell."""
    fresh = []
    for one in given:
        same = [each for each in there if (each.amount, each.currency) == (one.amount, one.currency)]
        same = [each for each in same if each.round == one.round or Round.UNKNOWN in (each.round, one.round)]
        same.sort(key=lambda each: (each.round != one.round, each.text != one.text))
        if same:
            there.remove(same[0])
        else:
            fresh.append(one)
    return tuple(fresh)
