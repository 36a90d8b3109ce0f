"""What a target stands at on a day, on which rows, how it came there, where it goes, and what is missing to say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hatchline.apps.indicators import definitions
from hatchline.apps.indicators.models import Definition, Operator, Target, Waypoint
from hatchline.apps.indicators.queries import blanks, kept, population
from hatchline.apps.indicators.queries.reckoning import Beside, Figure
from hatchline.apps.indicators.queries.targets import DEFINITIONS, definition_on, targets
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.observations import queries as observations
from hatchline.core.outlook import FEWEST, Outlook, TooLittle, outlook

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hatchline.apps.bodies.models import Territory

YEARS = 3  # whole years before this one in the series beside a figure
Series = tuple[tuple[date, Decimal | None], ...]


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

    ``value`` counts what surely belongs; the truth lies within ``at_least``–``at_most`` (None: nobody can say how much
    those that told nothing would add). ``subject``: institution or venture, what ``rows`` are. ``series`` has the value
    at month ends, oldest first, None where unknown, the day itself last; ``series_at``: when the oldest of them was
    reckoned, where something came since; ``pending``: those of its days that nobody reckoned yet, and while there are
    any nothing is foretold. ``kept_at``: the figure is one that is kept; None: reckoned now. ``verdict``:
    met, not_met or unknown. ``missing_rows``: for each of ``missing`` the property with its rows, "" where none has.
    """

    target: Target
    as_of: date
    value: Decimal | None
    at_least: Decimal | None
    at_most: Decimal | None
    unit: str
    coverage: Coverage | None
    missing: tuple[str, ...]
    series: Series
    verdict: str
    definition: Definition | None
    meaning: definitions.Definition | None = None
    trend: Series = ()  # what is drawn and carried on: the series, or of yearly sums those of four quarters
    outlook: Outlook | TooLittle | None = None
    beside: tuple[Beside, ...] = ()
    period: tuple[date, date] | None = None  # what a sum is of, half-open
    series_at: datetime | None = None
    kept_at: datetime | None = None
    missing_rows: tuple[str, ...] = ()
    pending: tuple[date, ...] = ()

    @property
    def definition_text(self) -> str:
        """What is counted, in a sentence; "" without a definition."""
        return _text(self.meaning) if self.meaning is not None else ""

    @property
    def path(self) -> tuple[Waypoint, ...]:
        """Where the target should be by which days."""
        return tuple(self.target.path.all())

    @property
    def due_by_now(self) -> Decimal | None:
        """Where the path should be."""
        return due_by(self.path, self.as_of)

    @property
    def trend_is_of_quarters(self) -> bool:
        """The trend is of the last four quarters at each day, which at a year's end are the year."""
        return bool(self.trend) and self.trend is not self.series

    @property
    def subject(self) -> str:
        """What is counted: institution or venture."""
        return self.meaning.subject if self.meaning is not None else "institution"

    @property
    def _above(self) -> Territory | str:
        code = self.meaning.territory if self.meaning is not None else "target"
        return self.target.territory if code == "target" else code

    @cached_property
    def _members(self) -> population.Members:
        none = institutions.institutions().none()
        if self.meaning is None or self.meaning.missing:
            return population.Members(none, none)
        day = self.as_of if self.period is None else self.period[1] - population.DAY
        return population.members(self.meaning, self._above, day)

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows under the value: institutions, or ventures."""
        return _shown(self.subject, self._members.rows)

    @property
    def undecided_rows(self) -> QuerySet[Any]:
        """Rows of which it cannot be told whether they belong."""
        return _shown(self.subject, self._members.maybe)

    @property
    def untold_rows(self) -> QuerySet[Any]:
        """Of a sum: the rows that did not tell the period that fewest told. Of a share: those of which it is not known
        whether they have it."""
        assert self.meaning is not None
        if self.meaning.reckon == "share":
            yes, no = self.having()
            return self.rows.exclude(pk__in=_keys(yes)).exclude(pk__in=_keys(no))
        told = [self._current(span).filter(subject__in=_keys(self._members.rows)) for span in self._spans]
        return self.rows.exclude(pk__in=min(told, key=lambda each: each.count()).values("subject"))

    @property
    def unplaced_rows(self) -> QuerySet[Any]:
        """Institutions that would count, were it known in which district they are."""
        assert self.meaning is not None
        return _shown(self.subject, population.unplaced(self.meaning, self._above, self.as_of))

    @property
    def graduates_here_rows(self) -> QuerySet[Any]:
        """The ventures of a sum's figure beside it: graduates still in the district at the end of its period."""
        assert self.period is not None
        return _shown("venture", population.graduates_here(self._above, self.period[1] - population.DAY))

    @property
    def _spans(self) -> Sequence[tuple[date, date]]:
        """The periods that a sum is made of."""
        if self.meaning is None or self.period is None:
            return []
        return blanks.last_quarters(self.as_of) if self.meaning.period == "four_quarters" else [self.period]

    def _current(self, span: tuple[date, date]) -> QuerySet[Any]:
        assert self.meaning is not None
        values = observations.current(self.meaning.measure)
        return values.filter(period__starts_on=span[0], period__ends_before=span[1])

    def having(self) -> tuple[QuerySet[Any], QuerySet[Any]]:
        """Of a share: the rows that have it, and those known not to. The others of ``rows`` are not known."""
        assert self.meaning is not None
        return population.having(self.meaning, self.rows, self.as_of)

    def told(self, keys: Collection[int] | None = None) -> dict[int, Decimal]:
        """Of a sum: what each of ``rows`` (or of those with these keys) told for its period, by key.

        A sum over quarters: what was told so far.
        """
        found: dict[int, Decimal] = {}
        wanted = list(keys) if keys is not None else list(self._members.rows.values_list("pk", flat=True))
        for span in self._spans:
            values = self._current(span).filter(subject__in=wanted)
            for subject, amount, number in values.values_list("subject", "amount", "number"):
                found[subject] = found.get(subject, Decimal(0)) + Decimal(amount if amount is not None else number or 0)
        return found


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values("pk")


def _shown(subject: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    return (institutions.shown(rows) if subject == "institution" else rows).order_by("name", "pk")


def readings(territory: Territory | str, as_of: date, *, series: bool = True, head: int | None = None) -> list[Reading]:
    """All targets of a territory on a day: as many questions whatever the number of targets and rows.

    Month ends are shown as they were kept, with their moment when something came since; those that nobody kept yet are
    ``pending``. ``head``: the ledger's, if the caller knows it already.
    """
    rows = targets(territory).prefetch_related(None).prefetch_related(DEFINITIONS)
    return _read(list(rows), as_of, series=series, head=head)


def reading(target: Target, as_of: date, *, series: bool = True) -> Reading:
    """What a target stands at, its month ends as ``readings`` has them. Never an error for lack of data."""
    return _read([target], as_of, series=series)[0]


def _read(rows: Sequence[Target], as_of: date, *, series: bool, head: int | None = None) -> list[Reading]:
    days = series_days(as_of) if series else []
    now = [found for each in rows if (found := kept.wanted(each, as_of)) is not None]
    before = [found for each in rows for day in days if (found := kept.wanted(each, day)) is not None]
    figures = kept.figures(now, before, head=head)
    return [_one(each, as_of, days, figures) for each in rows]


def series_days(as_of: date) -> list[date]:
    """The month ends of the series up to a day, from a year's end on, and the day itself: years can be told apart."""
    ends = kept.month_ends(date(as_of.year - YEARS, 12, 1), as_of)
    return ends if ends and ends[-1] == as_of else [*ends, as_of]


def _one(target: Target, as_of: date, days: Sequence[date], found: dict[kept.Key, kept.Found]) -> Reading:
    definition = definition_on(target.measure, as_of)
    if definition is None:
        return _unknown(target, as_of, (_("这一天没有施行中的指标定义。"),))
    try:
        meaning = definitions.read(definition.content)
    except definitions.NotADefinition as problem:
        return _unknown(target, as_of, (str(problem),), definition)
    if meaning.missing:
        lacking = tuple(str(definitions.MISSING[each]) for each in meaning.missing)
        return _unknown(target, as_of, lacking, definition, meaning)
    here = found[(definition.pk, target.territory_id, as_of)]
    figure, line, quarters, pending, moment = here.figure, [], [], [], None
    for day in days:
        wanted = kept.wanted(target, day)
        point = found.get(wanted.key) if wanted is not None else None
        if wanted is not None and point is None:
            pending.append(day)
        line.append((day, point.figure.value if point is not None else None))
        quarters.append((day, _rolling(day, point.figure) if point is not None else None))
        if point is not None and not point.is_valid and point.kept_at is not None:
            moment = point.kept_at if moment is None else min(moment, point.kept_at)
    series: Series = tuple(line)
    told = {value for _day, value in quarters if value is not None}
    trend = tuple(quarters) if len(told) >= FEWEST else series
    untold, open_ = figure.undecided + figure.untold, _missing(meaning, figure)
    return Reading(
        target=target,
        as_of=as_of,
        value=figure.value,
        at_least=figure.at_least if figure.on_record else None,
        at_most=figure.at_most,
        unit=target.measure.unit,
        coverage=Coverage(figure.rows + (figure.undecided if meaning.reckon != "count" else 0), untold)
        if figure.on_record
        else None,
        missing=tuple(sentence for sentence, _rows in open_),
        missing_rows=tuple(rows for _sentence, rows in open_),
        series=series,
        trend=trend,
        verdict=_verdict(target, figure),
        definition=definition,
        meaning=meaning,
        outlook=_outlook(target, meaning, trend) if days and not pending else None,
        beside=figure.beside,
        period=_period(meaning, as_of),
        series_at=moment,
        kept_at=here.kept_at,
        pending=tuple(pending),
    )


def _rolling(day: date, figure: Figure) -> Decimal | None:
    """The sum of the last four quarters; at a year's end without them that of the year, which is the same."""
    beside = next((each.value for each in figure.beside if each.code == "four_quarters"), None)
    at_year_end = (day.month, day.day) == (12, 31) and bool(figure.beside)
    return figure.value if beside is None and at_year_end else beside


def _text(meaning: definitions.Definition) -> str:
    english = (get_language() or "").startswith("en")
    name = definitions.measure_name(meaning.measure, english) if meaning.reckon == "sum" else ""
    return definitions.in_words(meaning, name)


def _period(meaning: definitions.Definition, day: date) -> tuple[date, date] | None:
    if meaning.subject != "venture" or meaning.reckon != "sum":
        return None
    if meaning.period == "calendar_year":
        return blanks.last_year(day)
    quarters = blanks.last_quarters(day)
    return quarters[-1][0], quarters[0][1]


def _missing(meaning: definitions.Definition, figure: Figure) -> list[tuple[str, str]]:
    """What is not known, a sentence each, and the property of a reading that has the rows it counts."""
    if not figure.on_record:
        return [(_nothing(meaning), "")]
    said = []
    if figure.undecided:
        said.append((_counted(_undecided(meaning, figure.undecided), figure.undecided), "undecided_rows"))
    if figure.untold:
        sentence = (
            ngettext("%(number)s 家没有填报，不按零计。", "%(number)s 家没有填报，不按零计。", figure.untold)
            if meaning.reckon == "sum"
            else ngettext("%(number)s 家情况不明，不计入分母。", "%(number)s 家情况不明，不计入分母。", figure.untold)
        )
        said.append((_counted(sentence, figure.untold), "untold_rows"))
    if figure.unplaced:
        sentence = ngettext(
            "另有 %(number)s 家机构不知在哪个区，没有计入。",
            "另有 %(number)s 家机构不知在哪个区，没有计入。",
            figure.unplaced,
        )
        said.append((_counted(sentence, figure.unplaced), "unplaced_rows"))
    return said


def _counted(sentence: str, number: int) -> str:
    return sentence % {"number": number}


def _nothing(meaning: definitions.Definition) -> str:
    if meaning.subject == "institution":
        return str(definitions.MISSING["titles"] if meaning.recognised else _("登记簿里还没有机构"))
    return str(definitions.MISSING["revenue" if meaning.reckon == "sum" else "stays"])


def _undecided(meaning: definitions.Definition, number: int) -> str:
    if meaning.subject == "institution" and meaning.recognised:
        return ngettext(
            "%(number)s 家机构的认定时间或开办、关闭时间不明，无法判断。",
            "%(number)s 家机构的认定时间或开办、关闭时间不明，无法判断。",
            number,
        )
    if meaning.subject == "institution":
        return ngettext(
            "%(number)s 家机构缺开办或关闭时间，无法判断当日是否在运营。",
            "%(number)s 家机构缺开办或关闭时间，无法判断当日是否在运营。",
            number,
        )
    return ngettext(
        "%(number)s 家的入驻、离开或注册时间不明，无法判断。",
        "%(number)s 家的入驻、离开或注册时间不明，无法判断。",
        number,
    )


def _outlook(
    target: Target, meaning: definitions.Definition, line: Iterable[tuple[date, Decimal | None]]
) -> Outlook | TooLittle:
    known = [(day, float(value)) for day, value in line if value is not None]
    if meaning.reckon == "sum":  # the same sum stands until its next period is over: its steps are those between sums
        known = [each for at, each in enumerate(known) if at == 0 or each[1] != known[at - 1][1]]
    share = meaning.reckon == "share"
    return outlook(
        known,
        target.due_on,
        most=100.0 if share else None,
        never_falls=target.measure.time_kind == "running_total",
        counts=meaning.reckon == "count",
    )


def _verdict(target: Target, figure: Figure) -> str:
    if not figure.on_record:
        return "unknown"
    upwards = target.operator in (Operator.AT_LEAST, Operator.ABOVE)
    if figure.at_most is None:  # no bound above is known
        holds = _holds(target.operator, figure.at_least, target.value)
        return "unknown" if figure.value is None or holds != upwards else ("met" if upwards else "not_met")
    return verdict(target, figure.at_least, figure.at_most)


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


def _unknown(
    target: Target,
    as_of: date,
    missing: tuple[str, ...],
    definition: Definition | None = None,
    meaning: definitions.Definition | None = None,
) -> Reading:
    return Reading(
        target,
        as_of,
        None,
        None,
        None,
        target.measure.unit,
        None,
        missing,
        (),
        "unknown",
        definition,
        meaning,
    )
