"""Questions about targets: what they stand at on a day, on which rows, and what is missing to say so."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hatchline.apps.indicators import definitions
from hatchline.apps.indicators.models import Definition, Measure, Operator, Target, Waypoint
from hatchline.apps.institutions import queries as institutions

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory
    from hatchline.apps.institutions.models import Institution

MONTHS = 24  # of the small series beside a figure


@dataclass(frozen=True)
class Coverage:
    """How many rows were looked at, and how many of them say what is needed."""

    rows: int
    undecided: int

    @property
    def decided(self) -> int:
        return self.rows - self.undecided


@dataclass(frozen=True)
class Reading:
    """A target on a day. ``value`` None: unknown, and ``missing`` says in words what is missing.

    ``value`` counts what surely belongs; ``at_most`` what might, were every undecided row to count. ``series`` has the
    value at each month's end, oldest first, None where unknown. ``verdict``: met, not_met or unknown.
    """

    target: Target
    as_of: date
    value: Decimal | None
    at_most: Decimal | None
    unit: str
    coverage: Coverage | None
    missing: tuple[str, ...]
    rows: QuerySet[Institution]
    undecided_rows: QuerySet[Institution]
    series: tuple[tuple[date, Decimal | None], ...]
    verdict: str
    definition: Definition | None
    definition_text: str = ""
    due_by_now: Decimal | None = None  # where the path should be
    path: tuple[Waypoint, ...] = field(default=())


def targets(territory: Territory | str | None = None) -> QuerySet[Target]:
    """Targets with what a page shows, in their document's order. Three queries for any number."""
    rows = Target.objects.select_related("measure", "owner", "territory").prefetch_related(
        "path",
        Prefetch("measure__definitions", queryset=Definition.objects.order_by("-starts_on")),
    )
    if territory is None:
        return rows
    code = territory if isinstance(territory, str) else territory.code
    return rows.filter(territory__code=code)


def target(code: str) -> Target | None:
    """One target by its code."""
    return targets().filter(code=code).first()


def locked(pk: int) -> Target:
    """The row as it is now, held until the transaction ends. Must be called inside one."""
    return Target.objects.select_for_update(of=("self",)).select_related("measure").get(pk=pk)


def latest_definition(measure: Measure) -> Definition | None:
    """The definition that began last."""
    return Definition.objects.filter(measure=measure).order_by("-starts_on").first()


def definition_on(measure: Measure, day: date) -> Definition | None:
    """The definition in force on this day; reads what ``targets`` prefetched."""
    for each in measure.definitions.all():
        if each.starts_on <= day and (each.ends_before is None or day < each.ends_before):
            return each
    return None


def readings(territory: Territory | str, as_of: date, *, series: bool = True) -> list[Reading]:
    """All targets of a territory on a day."""
    return [reading(each, as_of, series=series) for each in targets(territory)]


def reading(target: Target, as_of: date, *, series: bool = True) -> Reading:
    """What a target stands at. Lack of data is part of the answer, never an error."""
    found = definition_on(target.measure, as_of)
    path = tuple(target.path.all())
    if found is None:
        return _unknown(target, as_of, None, (_("这一天没有施行中的指标定义。"),), "", path)
    try:
        meaning = definitions.read(found.content)
    except definitions.NotADefinition as problem:
        return _unknown(target, as_of, found, (str(problem),), "", path)
    text = definitions.in_words(meaning)
    if meaning.missing:
        lacking = tuple(str(definitions.MISSING[each]) for each in meaning.missing)
        return _unknown(target, as_of, found, lacking, text, path)

    above = target.territory if meaning.territory == "target" else meaning.territory
    rows, undecided = _members(meaning, above, as_of)
    value, open_questions = rows.count(), undecided.count()
    missing: tuple[str, ...] = ()
    if open_questions:
        sentence = ngettext(
            "%(number)s 家机构缺开办或关闭时间，无法判断当日是否在运营。",
            "%(number)s 家机构缺开办或关闭时间，无法判断当日是否在运营。",
            open_questions,
        )
        missing = (sentence % {"number": open_questions},)
    unplaced = _narrowed(institutions.unplaced_on(as_of, above), meaning, as_of).count()
    if unplaced:
        sentence = ngettext(
            "另有 %(number)s 家机构不知在哪个区，没有计入。", "另有 %(number)s 家机构不知在哪个区，没有计入。", unplaced
        )
        missing = (*missing, sentence % {"number": unplaced})
    considered = value + open_questions
    coverage = Coverage(rows=considered, undecided=open_questions)
    number: Decimal | None = Decimal(value)
    if value == 0 and open_questions:
        number = None  # nothing is known to belong: unknown, not zero
    return Reading(
        target=target,
        as_of=as_of,
        value=number,
        at_most=Decimal(considered),
        unit=target.measure.unit,
        coverage=coverage,
        missing=missing,
        rows=rows,
        undecided_rows=undecided,
        series=_series(target, meaning, above, as_of) if series else (),
        verdict=verdict(target, Decimal(value), Decimal(considered)),
        definition=found,
        definition_text=text,
        due_by_now=due_by(path, as_of),
        path=path,
    )


def verdict(target: Target, at_least: Decimal, at_most: Decimal) -> str:
    """met or not_met when every value between the two agrees, else unknown."""
    answers = {_holds(target.operator, value, target.value) for value in (at_least, at_most)}
    if len(answers) > 1:
        return "unknown"
    return "met" if answers.pop() else "not_met"


def _holds(operator: str, value: Decimal, wanted: Decimal) -> bool:
    return {
        Operator.AT_LEAST: value >= wanted,
        Operator.ABOVE: value > wanted,
        Operator.AT_MOST: value <= wanted,
        Operator.BELOW: value < wanted,
    }[Operator(operator)]


def due_by(path: tuple[Waypoint, ...], day: date) -> Decimal | None:
    """The latest waypoint that is due by this day."""
    passed = [each for each in path if each.due_on <= day]
    return max(passed, key=lambda each: each.due_on).value if passed else None


def _members(
    meaning: definitions.Definition, above: Territory | str, day: date
) -> tuple[QuerySet[Institution], QuerySet[Institution]]:
    if meaning.open:
        rows, undecided = institutions.open_on(day, above), institutions.undecided_on(day, above)
    else:
        rows = institutions.registered(above)
        undecided = rows.none()
    return _narrowed(rows, meaning, day), _narrowed(undecided, meaning, day)


def _narrowed(rows: QuerySet[Institution], meaning: definitions.Definition, day: date) -> QuerySet[Institution]:
    if meaning.kinds:
        rows = institutions.of_kinds(rows, meaning.kinds, day)
    if meaning.stages:
        rows = institutions.offering(rows, meaning.stages)
    return institutions.shown(rows).order_by("name", "pk")


def _unknown(
    target: Target, as_of: date, found: Definition | None, missing: tuple[str, ...], text: str, path: Any
) -> Reading:
    none = institutions.institutions().none()
    return Reading(
        target, as_of, None, None, target.measure.unit, None, missing, none, none, (), "unknown", found, text,
        due_by(path, as_of), path,
    )  # fmt: skip


def month_ends(until: date, months: int = MONTHS) -> list[date]:
    """The last days of the months before ``until``, oldest first, and ``until`` itself."""
    ends: list[date] = []
    year, month = until.year, until.month
    for _step in range(months - 1):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        ends.append(date(year, month, monthrange(year, month)[1]))
    return [*reversed(ends), until]


def _series(
    target: Target, meaning: definitions.Definition, above: Territory | str, as_of: date
) -> tuple[tuple[date, Decimal | None], ...]:
    """Month ends out of one query: each institution's sure days are laid over the calendar."""
    if not meaning.open:
        return ()
    ends = month_ends(as_of)
    base = _narrowed(institutions.registered(above), meaning, as_of).order_by()
    spans = institutions.sure_spans(base)
    made: list[tuple[date, Decimal | None]] = []
    for day in ends:
        number = sum(1 for span in spans if span.surely_on(day))
        doubtful = any(span.maybe_on(day) for span in spans)
        made.append((day, None if number == 0 and doubtful else Decimal(number)))
    return tuple(made)
