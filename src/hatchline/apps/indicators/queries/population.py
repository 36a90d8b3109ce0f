"""Who is counted on a day: those that surely are, and those of whom it cannot be told. Nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.indicators.definitions import Definition
from hatchline.apps.indicators.queries import blanks
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.observations import queries as observations
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.models import OF_INSTITUTIONS
from hatchline.apps.titles.states import Level
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.states import Status, StayStatus
from hatchline.core.chain.stages import Outcome, Stage

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory

DAY = blanks.DAY
INSTITUTION, VENTURE = "institutions.institution", "ventures.venture"
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Members:
    """``rows`` surely belong; ``maybe`` may, and are none of them."""

    rows: Rows
    maybe: Rows


def members(meaning: Definition, above: Territory | str, day: date) -> Members:
    """Whom the definition counts on a day in a territory."""
    if meaning.subject == "institution":
        return _institutions(meaning, above, day)
    return _ventures(meaning, above, day)


def here(above: Territory | str) -> Rows:
    """Keys of the institutions of a territory, whenever they were open."""
    return institutions.registered(above).values("pk")


def narrowed(rows: Rows, meaning: Definition, day: date) -> Rows:
    """Institutions of the kinds and stages of the definition."""
    if meaning.kinds:
        rows = institutions.of_kinds(rows, meaning.kinds, day)
    if meaning.stages:
        rows = institutions.offering(rows, meaning.stages)
    return rows


def _institutions(meaning: Definition, above: Territory | str, day: date) -> Members:
    if meaning.open:
        rows, maybe = institutions.open_on(day, above), institutions.undecided_on(day, above)
    else:
        rows = institutions.registered(above)
        maybe = rows.none()
    rows, maybe = narrowed(rows, meaning, day), narrowed(maybe, meaning, day)
    if not meaning.recognised:
        return Members(rows, maybe)
    sure = _of_kinds(titles.institutions_at(level_of(meaning), day), meaning)
    open_ = _of_kinds(perhaps_recognised(meaning, day), meaning)
    recognised = rows.filter(pk__in=sure.values("subject_id"))
    either = Q(pk__in=sure.values("subject_id")) | Q(pk__in=open_.values("subject_id"))
    doubtful = institutions.registered(above).filter(Q(pk__in=rows.values("pk")) | Q(pk__in=maybe.values("pk")))
    return Members(recognised, doubtful.filter(either).exclude(pk__in=recognised.values("pk")))


def unplaced(meaning: Definition, above: Territory | str, day: date) -> Rows:
    """Institutions that the definition would count, were it known in which district they are."""
    rows = narrowed(institutions.unplaced_on(day, above), meaning, day)
    if not meaning.recognised:
        return rows
    return rows.filter(pk__in=titles.institutions_at(level_of(meaning), day).values("subject_id"))


def level_of(meaning: Definition) -> str:
    """The lowest level of title that counts."""
    return Level.OTHER if meaning.recognised == "any" else meaning.recognised


def perhaps_recognised(meaning: Definition, day: date) -> Rows:
    """Titles of the level or above whose day of giving is too vague to say, or not known at all."""
    rank = titles.RANK[Level(level_of(meaning))]
    levels = [level for level, its in titles.RANK.items() if its >= rank]
    vague = titles.perhaps_in_force(day) | titles.undated().filter(
        Q(ends_before=None) | Q(ends_before__gt=day), Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)
    )
    return vague.filter(subject_kind=INSTITUTION, kind__in=OF_INSTITUTIONS, level__in=levels)


def _of_kinds(rows: Rows, meaning: Definition) -> Rows:
    return rows.filter(kind__in=meaning.titles) if meaning.titles else rows


def _ventures(meaning: Definition, above: Territory | str, day: date) -> Members:
    found = {"tenant": _tenants, "graduate": _graduates, "present": _present}[meaning.who](meaning, above, day)
    if meaning.who == "tenant" or not meaning.stages:
        return found
    at = ventures.present(None, day).filter(stage__in=meaning.stages).values("venture")
    return Members(found.rows.filter(pk__in=at), found.maybe)


def _tenants(meaning: Definition, above: Territory | str, day: date) -> Members:
    place, stage = here(above), Stage.INCUBATION.value
    sure = ventures.present(stage, day).filter(institution__in=place).values("venture")
    maybe = ventures.perhaps_present(stage, day).filter(institution__in=place).values("venture")
    rows = ventures.tenants(day).filter(pk__in=sure)
    perhaps = ventures.perhaps_tenants(day).filter(Q(pk__in=sure) | Q(pk__in=maybe))
    return Members(rows, perhaps)


def _graduated(above: Territory | str) -> Q:
    return Q(
        stays__institution__in=here(above),
        stays__stage=Stage.INCUBATION.value,
        stays__outcome=Outcome.GRADUATED.value,
        stays__status=StayStatus.CONFIRMED,
        stays__counts=True,
    )


def _graduates(meaning: Definition, above: Territory | str, day: date) -> Members:
    every = ventures.ventures().order_by()
    by_then = every.filter(_graduated(above) & Q(stays__ended_before__lte=day + DAY))
    rows = every.filter(pk__in=by_then.values("pk"))
    vague = Q(stays__ended_before=None) | Q(stays__ended_before__gt=day + DAY)
    begun = Q(stays__ended_on=None) | Q(stays__ended_on__lte=day)
    maybe = every.filter(_graduated(above) & vague & begun)
    return Members(rows, every.filter(pk__in=maybe.values("pk")).exclude(pk__in=by_then.values("pk")))


def _present(meaning: Definition, above: Territory | str, day: date) -> Members:
    place, every = here(above), ventures.ventures().order_by()
    sure = ventures.present(None, day).filter(institution__in=place)
    maybe = ventures.perhaps_present(None, day).filter(institution__in=place)
    rows = every.filter(pk__in=sure.values("venture"))
    return Members(rows, every.filter(pk__in=maybe.values("venture")).exclude(pk__in=sure.values("venture")))


def graduates_here(above: Territory | str, day: date) -> Rows:
    """Graduates up to the day that are still in the territory: registered there, or in an institution of it."""
    rows = _graduates(Definition(subject="venture", who="graduate"), above, day).rows
    present = ventures.present(None, day).filter(institution__in=here(above)).values("venture")
    there = Q(bodies.within("legal_person__territory", above)) | Q(pk__in=present)
    return rows.filter(there).exclude(status=Status.CEASED, ceased_before__lte=day + DAY)


def having(meaning: Definition, rows: Rows, day: date) -> tuple[Rows, Rows]:
    """Of these ventures those that surely have what the definition asks for, and those that surely have not."""
    if meaning.having == "title":
        held = titles.in_force(day).filter(subject_kind=VENTURE, kind__in=meaning.titles)
        vague = (titles.perhaps_in_force(day) | titles.undated()).filter(subject_kind=VENTURE, kind__in=meaning.titles)
        yes = rows.filter(pk__in=held.values("subject_id"))
        return yes, rows.exclude(pk__in=held.values("subject_id")).exclude(pk__in=vague.values("subject_id"))
    own = ventures.with_valid_rights(day).values("pk")
    if not meaning.measure:
        return rows.filter(pk__in=own), rows.none()
    reported = _reported(meaning.measure, day)
    some = reported.filter(Q(number__gt=0) | Q(amount__gt=0)).values("subject")
    yes = rows.filter(Q(pk__in=own) | Q(pk__in=some))
    none = reported.filter(Q(number=0) | Q(amount=0)).values("subject")
    return yes, rows.filter(pk__in=none).exclude(pk__in=own).exclude(pk__in=some)


def _reported(code: str, day: date) -> Rows:
    """Values of a stock at the last year's end and the last quarter's end that were over by the day."""
    year, quarter = blanks.last_year(day)[1], blanks.last_quarters(day)[0][1]
    return observations.current(code).filter(Q(period__ends_before=year) | Q(period__ends_before=quarter))
