"""Early warning: titles about to end, stays about to outlast the rule, holders of a title that no longer meet its rule.

Read from the record on a day; nothing is kept. Those concerned are told of titles and stays once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.messages import actions as messages
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.models import TitleKind
from hatchline.apps.ventures.queries import lengths
from hatchline.core.rules.bind import bind
from hatchline.core.rules.vector import evaluate
from hatchline.journeys import kept
from hatchline.journeys.gather import INSTITUTION
from hatchline.journeys.judge import RUNGS

if TYPE_CHECKING:
    from hatchline.core.rules.documents import Document

AHEAD = 365  # days before a title ends
SOON = 180  # days before the longest incubation is over
NATIONAL = "national-incubator"


@dataclass(frozen=True)
class Ending:
    """A title that ends: by its own paper, or (``by_rule``) by the validity its document gives."""

    title: int
    name: str
    kind: str
    subject: int
    holder: str
    ends_on: date
    days: int
    by_rule: str = ""


@dataclass(frozen=True)
class Outlasting:
    """A stay and the day on which the rule's longest time is over; ``days`` is below nothing once it has passed."""

    stay: int
    venture: int
    venture_name: str
    institution: int
    institution_name: str
    since: date
    ends_on: date
    days: int
    rule: str


@dataclass(frozen=True)
class Failing:
    """An institution that holds a title of a level and surely misses the criteria of the document in force."""

    institution: int
    name: str
    level: str
    document: str
    number: str
    criteria: tuple[str, ...]


def ending(as_of: date) -> list[Ending]:
    """Titles in force that end within a year, the soonest first. Two queries and one for each kind of holder."""
    last = as_of + timedelta(days=AHEAD)
    rows = list(titles.in_force(as_of).filter(ends_before__lte=last))
    until = {each.pk: (each.ends_before, "") for each in rows}
    for level, document in _validities(as_of).items():
        months = _months(document, "valid_for", as_of)
        if months is None:
            continue
        endless = titles.in_force(as_of).filter(subject_kind=INSTITUTION, level=level, ends_before=None)
        for each in endless.filter(kind=TitleKind.INCUBATOR):
            ends = later(each.given.earliest, months) if each.given.earliest else None
            if ends is not None and as_of < ends <= last:
                rows.append(each)
                until[each.pk] = (ends, document.number)
    names = titles.subject_names({(each.subject_kind, each.subject_id) for each in rows})
    found = []
    for each in rows:
        ends, rule = until[each.pk]
        holder = names.get((each.subject_kind, each.subject_id), "")
        if ends is not None:
            found.append(
                Ending(each.pk, str(each), each.subject_kind, each.subject_id, holder, ends, (ends - as_of).days, rule)
            )
    return sorted(found, key=lambda each: (each.ends_on, each.title))


def _validities(as_of: date) -> dict[str, Document]:
    """Documents of the levels that say how long a recognition holds."""
    found: dict[str, Document] = {}
    for level, series in RUNGS[INSTITUTION]:
        for each in series:
            document = rulebooks.in_force(each, as_of)
            if document is not None and any(rule.kind == "valid_for" for rule in document.consequences):
                found.setdefault(level, document)
    return found


def _months(document: Document, parameter: str, as_of: date) -> int | None:
    declared = document.parameters.get(parameter)
    return None if declared is None else int(declared.on(as_of).amount)


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def outlasting(as_of: date, institution: Collection[int] | None = None) -> list[Outlasting]:
    """Incubation stays whose longest time is over or will be within half a year. Three queries.

    The national rule in force on the day says how long; where the venture's field is unknown the common time counts,
    where the rule gives special fields more, those have more.
    """
    document = rulebooks.in_force(NATIONAL, as_of)
    if document is None:
        return []
    common = _months(document, "max_stay", as_of)
    if common is None:
        return []
    special = _months(document, "max_stay_special", as_of) or common
    rows = lengths.incubated_since(later(as_of + timedelta(days=SOON), -common), as_of)
    if institution is not None:
        rows = rows.filter(institution__in=institution)
    stays = list(rows)
    fields = _special(document, {each.venture_id for each in stays}, as_of) if special != common else frozenset()
    found = []
    for each in stays:
        since = each.held_from
        if since is None:
            continue
        ends = later(since, special if each.venture_id in fields else common)
        days = (ends - as_of).days
        if days <= SOON:
            found.append(
                Outlasting(
                    each.pk, each.venture_id, each.venture.name, each.institution_id, each.institution.name,
                    since, ends, days, document.number,
                )
            )  # fmt: skip
    return sorted(found, key=lambda each: (each.ends_on, each.stay))


SPECIAL = frozenset({"biomedicine", "modern_agriculture", "ic_design"})


def _special(document: Document, ventures: Collection[int], as_of: date) -> frozenset[int]:
    """Ventures of the fields that may stay longer."""
    from hatchline.apps.ventures import facts

    column = next((each for each in facts.about(list(ventures), as_of, {"field"}) if each.name == "field"), None)
    return frozenset() if column is None else frozenset(k for k, code in column.values.items() if code in SPECIAL)


def failing(as_of: date, keys: Collection[int] | None = None) -> list[Failing]:
    """Holders of a recognition of each level that surely miss criteria of the document in force; unknown is no failure.

    One gathering of facts for all holders, of those that the documents ask about alone.
    """
    documents = {}
    for level, series in RUNGS[INSTITUTION][:3]:
        document = next((d for d in (rulebooks.in_force(each, as_of) for each in series) if d is not None), None)
        if document is not None:
            documents[level] = document
    held: dict[str, set[int]] = defaultdict(set)
    rows = titles.in_force(as_of).filter(subject_kind=INSTITUTION, kind=TitleKind.INCUBATOR, level__in=list(documents))
    for level, pk in rows.values_list("level", "subject_id"):
        if keys is None or pk in keys:
            held[level].add(pk)
    everyone = sorted(set().union(*held.values())) if held else []
    if not everyone:
        return []
    names = dict(institutions.institutions().filter(pk__in=everyone).values_list("pk", "name"))
    population = kept.current(list(documents.values()), as_of, everyone)
    found = []
    for level, its in held.items():
        document = documents[level]
        judged = evaluate(bind(document, as_of), population)
        for at, key in enumerate(population.keys):
            if int(key) not in its or judged.overall[1][at]:
                continue
            missed = tuple(
                name
                for name, (_certain, possible) in judged.criteria.items()
                if not possible[at] and judged.applies[name][1][at]
            )
            found.append(Failing(int(key), names.get(int(key), ""), level, document.name, document.number, missed))
    return sorted(found, key=lambda each: (-len(each.criteria), each.name))


def tell(*, now: datetime, today: date) -> int:
    """Tell the managers of each institution, once, of titles about to end and stays about to outlast the rule.

    Answers how many messages were wanted; those sent before are not sent again.
    """
    told = 0
    for each in ending(today):
        if each.kind == INSTITUTION:
            told += _tell(
                each.subject, today=today, now=now, once=f"title_ends {each.title} {each.ends_on}",
                title=_("“%(name)s”将在 %(day)s 到期"), text=_("请对照现行条件，及早准备重新认定。"),
                params={"name": each.name, "day": each.ends_on},
                link=reverse("desk:institution_ladder", args=[each.subject]),
            )  # fmt: skip
    by_place: dict[int, list[Outlasting]] = defaultdict(list)
    for stay in outlasting(today):
        by_place[stay.institution].append(stay)
    for place, stays in by_place.items():
        told += _tell(
            place, today=today, now=now, once=f"stays_outlast {place} {today:%Y-%m}",
            title=_("有 %(count)s 家在孵企业即将或已经超过孵化时限"),
            text=_("超过时限的不再计入在孵企业。请办理毕业、离开或移交。"),
            params={"count": len(stays)}, link=reverse("desk:institution_ladder", args=[place]),
        )  # fmt: skip
    return told


def _tell(place: int, *, today: date, now: datetime, once: str, **words: Any) -> int:
    operator = institutions.institutions().filter(pk=place).values_list("operator", flat=True).first()
    if operator is None:
        return 0
    those: Iterable[Any] = people.in_role(RoleKind.MANAGER, today=today, organisation=operator)
    told = 0
    for person in those:
        messages.send(to=person, kind="warning", role_kind=RoleKind.MANAGER, now=now, once_key=once, **words)
        told += 1
    return told


__all__ = ["Ending", "Failing", "Outlasting", "ending", "failing", "later", "outlasting", "tell"]
