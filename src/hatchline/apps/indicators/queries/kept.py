"""Figures of month ends, kept so that nobody reckons them twice.

A kept figure is valid as long as the ledger holds nothing newer that could change it: every verb leaves a row there, a
back-dated one too. Rows of the ledger about people, tokens, messages and the like change no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hatchline.apps.indicators import definitions
from hatchline.apps.indicators.models import Definition, Kept, Target
from hatchline.apps.indicators.queries import blanks, reckoning
from hatchline.apps.indicators.queries.targets import definition_on
from hatchline.apps.ledger import queries as ledger

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory

# what is said in these apps' names about their subjects changes no figure
BESIDE_THE_POINT = ("people", "tokens", "shelf", "inbox", "messages", "files", "outbox", "ledger", "search")
Key = tuple[int, int, date]  # definition, territory, day


@dataclass(frozen=True)
class Wanted:
    """One figure: of a definition, for a target's territory, on a day."""

    definition: Definition
    meaning: definitions.Definition
    territory: Territory
    day: date

    @property
    def key(self) -> Key:
        return self.definition.pk, self.territory.pk, self.day

    @property
    def above(self) -> Territory | str:
        """The territory counted in."""
        return self.territory if self.meaning.territory == "target" else self.meaning.territory


@dataclass(frozen=True)
class Found:
    """A figure; ``kept_at``: when it was reckoned, None for one reckoned just now. ``is_valid``: nothing came since."""

    figure: reckoning.Figure
    kept_at: datetime | None = None
    is_valid: bool = True


def wanted(target: Target, day: date) -> Wanted | None:
    """The figure of a target on a day; None without a definition that can be reckoned then."""
    found = definition_on(target.measure, day)
    if found is None:
        return None
    try:
        meaning = definitions.read(found.content)
    except definitions.NotADefinition:
        return None
    return None if meaning.missing else Wanted(found, meaning, target.territory, day)


def figures(exact: Sequence[Wanted], rough: Sequence[Wanted] = (), *, head: int | None = None) -> dict[Key, Found]:
    """These figures: the ``exact`` ones as they are kept where that is valid, else reckoned now.

    Of the ``rough`` ones what is kept, even when something came since (``is_valid`` says so); one that nobody kept yet
    is left out: month ends are the worker's to reckon. ``head``: the ledger's, if it is known already. Two questions
    for what is kept, one for what is not.
    """
    there = _kept([*exact, *rough])
    newest = _newest(there, head)
    made: dict[Key, Found] = {}
    missing: dict[Key, Wanted] = {}
    for which in exact:
        row = there.get(which.key)
        if row is not None and row.head >= newest:
            made[which.key] = Found(_figure(which, row.numbers), row.reckoned_at)
        else:
            missing[which.key] = which
    for which in rough:
        row = there.get(which.key)
        if row is not None and which.key not in missing:
            made.setdefault(which.key, Found(_figure(which, row.numbers), row.reckoned_at, row.head >= newest))
    for key, found in numbers(missing).items():
        made[key] = Found(_figure(missing[key], found))
    return made


def numbers(of: Mapping[Key, Wanted]) -> dict[Key, dict[str, str | None]]:
    """The numbers these figures stand on, reckoned now."""
    put: dict[tuple[int, int], dict[str, reckoning.Question]] = {}
    names: list[tuple[Key, str]] = []
    questions: list[reckoning.Question] = []
    for key, each in of.items():
        template = (each.definition.pk, each.territory.pk)
        if template not in put:
            parts = reckoning.asked(each.meaning, each.above, blanks.Blank())
            put[template] = {name: reckoning.put(part) for name, part in parts.items()}
        for name, question in put[template].items():
            names.append((key, name))
            questions.append(replace(question, params=blanks.filled(question.params, each.day)))
    made: dict[Key, dict[str, str | None]] = {key: {} for key in of}
    for (key, name), answer in zip(names, reckoning.ask(questions), strict=True):
        made[key][name] = None if answer is None else str(answer)
    return made


def _figure(of: Wanted, kept: Mapping[str, Any]) -> reckoning.Figure:
    return reckoning.figure(of.meaning, {name: None if each is None else Decimal(each) for name, each in kept.items()})


def _kept(of: Sequence[Wanted]) -> dict[Key, Kept]:
    if not of:
        return {}
    rows = Kept.objects.filter(
        definition__in={each.definition.pk for each in of},
        territory__in={each.territory.pk for each in of},
        day__in={each.day for each in of},
    )
    return {(row.definition_id, row.territory_id, row.day): row for row in rows}


def _newest(there: Mapping[Key, Kept], head: int | None = None) -> int:
    """The newest row of the ledger that may change a figure, among those after the oldest kept one."""
    since = min((row.head for row in there.values()), default=0)
    return last_change(since) if there and (head is None or head > since) else 0


def last_change(since: int = 0) -> int:
    """The newest row of the ledger after ``since`` that may change a figure; 0: none."""
    rows = ledger.entries().filter(pk__gt=since)
    for app in BESIDE_THE_POINT:
        rows = rows.exclude(subject_kind__startswith=f"{app}.")
    return rows.values_list("pk", flat=True).first() or 0


def stale(rows: Iterable[Target], days: Sequence[date], *, missing: bool = False) -> list[Wanted]:
    """Figures of these targets on these days that are not kept, or not valid any more; the latest days first.

    ``missing``: only those that are not kept.
    """
    every = [found for day in sorted(days, reverse=True) for each in rows if (found := wanted(each, day)) is not None]
    there = _kept(every)
    newest = _newest(there)
    done: set[Key] = set()
    made = []
    for each in every:
        row = there.get(each.key)
        if each.key not in done and (row is None or (not missing and row.head < newest)):
            made.append(each)
        done.add(each.key)
    return made


def month_ends(since: date, until: date) -> list[date]:
    """The last days of the months from the one of ``since`` that were over by ``until``, oldest first."""
    found: list[date] = []
    first = since.replace(day=1)
    while True:
        first = (first + timedelta(days=32)).replace(day=1)
        end = first - timedelta(days=1)
        if end > until:
            return found
        found.append(end)
