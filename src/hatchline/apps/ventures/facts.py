"""Facts about ventures that this app vouches for. See core.values.fact and rulebook/vocabulary.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from hatchline.apps.columns import days, prepared
from hatchline.apps.ventures.models import Funding, LegalPeriod, Right, Stay, Venture
from hatchline.apps.ventures.models.ventures import RightKind, Round
from hatchline.apps.ventures.states import EndState, Outcome, StayStatus
from hatchline.core.chain.stages import Stage
from hatchline.core.values.fact import FactColumn

DAY = timedelta(days=1)
Keys = Collection[int]
PATENTS = frozenset({RightKind.INVENTION, RightKind.UTILITY, RightKind.DESIGN})
NOT_INVESTED = frozenset({Round.LOAN, Round.GRANT, Round.UNKNOWN, Round.OTHER})
# The first level of the published list of high-technology fields, in the words of the vocabulary.
FIELDS = {
    "1": "information", "2": "biomedicine", "3": "aerospace", "4": "new_materials", "5": "other", "6": "energy",
    "7": "environment", "8": "manufacturing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Membership:
    """A venture of an institution, by its confirmed, counting incubation stays there. None: the dates leave it open."""

    institution: int
    venture: int
    in_incubation: bool | None
    graduated: bool | None
    entered_on: date | None
    graduated_on: date | None


def stay_source() -> str:
    """Where what stays tell comes from."""
    return _("入驻记录")


def memberships(
    as_of: date, institutions: Collection[int] | None = None, ventures: Collection[int] | None = None
) -> list[Membership]:
    """Whoever was ever incubated in these institutions (None: in any) by the day, each pair once. One query."""
    by: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    # put in order here: asked for it, SQLite goes through all stays in their order rather than to those of one place
    for _pk, institution, venture, *stay in sorted(prepared.rows(_stays, as_of, institutions, ventures)):
        by[institution, venture].append(tuple(stay))
    today, morrow = as_of.isoformat(), (as_of + DAY).isoformat()
    return [_membership(institution, venture, stays, today, morrow) for (institution, venture), stays in by.items()]


def _stays(as_of: date, institutions: Keys | None, ventures: Keys | None) -> QuerySet[Any, Any]:
    rows = Stay.objects.filter(status=StayStatus.CONFIRMED, counts=True, stage=Stage.INCUBATION.value)
    rows = rows.filter(Q(starts_on=None) | Q(starts_on__lte=as_of))
    dates = ("starts_on", "starts_before", "ended_on", "ended_before", "held_from", "held_until")
    columns: list[Any] = [*(days.text(name) for name in dates), "end_state", "outcome"]
    return _of(_of(rows, institutions, "institution"), ventures).values_list("pk", "institution", "venture", *columns)


def _membership(institution: int, venture: int, stays: list[tuple[Any, ...]], today: str, morrow: str) -> Membership:
    """Dates are texts here: they compare as dates do."""
    here: bool | None = False
    graduated: bool | None = False
    entered: list[date | None] = []
    left: list[date | None] = []
    for first, before, last, last_before, since, until, end_state, outcome in stays:
        entered.append(_exact(first, before))
        if since is not None and since <= today and (until is None or until > today):
            here = True
        elif here is False and not (end_state == EndState.KNOWN and last_before is not None and last_before <= morrow):
            here = None
        if outcome == Outcome.GRADUATED:
            if last_before is not None and last_before <= morrow:
                graduated = True
                left.append(_exact(last, last_before))
            elif graduated is False and (last is None or last <= today):
                graduated = None
    day = min((each for each in entered if each), default=None) if all(entered) else None
    return Membership(institution, venture, here, graduated, day, left[-1] if left else None)


def _exact(first: str | None, before: str | None) -> date | None:
    """The day between the first it may be and the first it cannot be any more, where it is one."""
    if first is None or before is None:
        return None
    found = date.fromisoformat(first)
    return found if found + DAY == date.fromisoformat(before) else None


REGISTERED = ("is_company", "founded_on", "is_newly_registered", "field")
RIGHTS = ("valid_rights", "class_one_rights", "class_two_rights", "patent_applied")
FUNDING = ("was_financed", "financed_last_year", "venture_capital")
SOLD = ("merged_or_listed",)


def about(keys: Keys | None, as_of: date, wanted: Collection[str] | None = None) -> list[FactColumn]:
    """Registration, field, rights, funding and exit of these ventures (None: of all) as of a day. Four queries.

    ``wanted``: a part of which nothing is wanted is left out, with its queries. A number of rights is known where any
    was ever recorded, a sum of capital where no amount is missing: nothing on record is unknown, not none.
    """
    parts = ((REGISTERED, _registered), (RIGHTS, _rights), (FUNDING, _funding), (SOLD, _sold))
    return [
        column
        for names, part in parts
        if wanted is None or not set(names).isdisjoint(wanted)
        for column in part(keys, as_of)
    ]


def _registered(keys: Keys | None, as_of: date) -> Iterable[FactColumn]:
    company, founded, new, field = dict[int, object](), dict[int, object](), dict[int, object](), dict[int, object]()
    today, morrow = as_of.isoformat(), (as_of + DAY).isoformat()
    a_year_ago = as_of.replace(year=as_of.year - 1, day=min(as_of.day, 28))
    for pk, first, before, legal, code, had_body in prepared.rows(_registrations, as_of, keys):
        if before is not None and before <= morrow:
            company[pk] = True
            day = _exact(first, before)
            if day is not None:
                founded[pk], new[pk] = day, day > a_year_ago
        elif legal is None or (first is not None and first > today):
            company[pk] = False
        elif had_body and first is None:
            company[pk] = True
        if code and code[0] in FIELDS:
            field[pk] = FIELDS[code[0]]
    register = _("创业主体登记")
    return [
        FactColumn("is_company", company, register, page="timeline"),
        FactColumn("founded_on", founded, register, page="timeline"),
        FactColumn("is_newly_registered", new, register, page="timeline"),
        FactColumn("field", field, register, page="terms"),
    ]


def _of(rows: QuerySet[Any], keys: Keys | None, column: str = "venture") -> QuerySet[Any]:
    return rows if keys is None else rows.filter(**{f"{column}__among": keys})


def _registrations(as_of: date, keys: Keys | None) -> QuerySet[Any, Any]:
    bodies = LegalPeriod.objects.filter(Q(starts_on=None) | Q(starts_on__lte=as_of), venture=OuterRef("pk"))
    # a body is looked for only where it decides: a day of registration nobody knows
    body = Case(When(incorporated_on=None, then=Exists(bodies)), default=Value(False))
    dates = (days.text("incorporated_on"), days.text("incorporated_before"))
    return _of(Venture.objects.all(), keys, "pk").values_list("pk", *dates, "legal_person", "field__code", body)


def _rights(keys: Keys | None, as_of: date) -> Iterable[FactColumn]:
    valid, one, two = dict[int, int](), dict[int, int](), dict[int, int]()
    applied: dict[int, bool] = {}
    for pk, valid[pk], one[pk], two[pk], patents in prepared.rows(_counted_rights, as_of, keys):
        if patents:
            applied[pk] = True
    source = _("知识产权登记")
    yield FactColumn("valid_rights", valid, source, dict.fromkeys(valid, as_of), page="rights")
    yield FactColumn("class_one_rights", one, source, page="rights")
    yield FactColumn("class_two_rights", two, source, page="rights")
    yield FactColumn("patent_applied", applied, source, page="rights")


def _counted_rights(as_of: date, keys: Keys | None) -> QuerySet[Any, Any]:
    """Of each: how many in force, of class I, of class II, patents applied for."""
    holds = Q(granted_before__lte=as_of + DAY) & (Q(valid_until=None) | Q(valid_until__gt=as_of))
    asked = Q(applied_before__lte=as_of + DAY) | Q(applied_before=None, granted_before__lte=as_of + DAY)
    return (
        _of(Right.objects.order_by(), keys)
        .values_list("venture")
        .annotate(
            holding=Count("pk", filter=holds),
            first_class=Count("pk", filter=holds & Q(classes="I")),
            second_class=Count("pk", filter=holds & Q(classes="II")),
            patents=Count("pk", filter=asked & Q(kind__in=PATENTS)),
        )
    )


def _funding(keys: Keys | None, as_of: date) -> Iterable[FactColumn]:
    financed: dict[int, bool] = {}
    last_year: dict[int, bool] = {}
    amounts: dict[int, list[Decimal | None]] = defaultdict(list)
    last = str(as_of.year - 1)
    for pk, kind, amount, currency, received in prepared.rows(_received, as_of, keys):
        if kind == Round.GRANT:
            continue
        financed[pk] = True
        if received[:4] == last:
            last_year[pk] = True
        if kind not in NOT_INVESTED:
            amounts[pk].append(amount if currency == "CNY" else None)
    source = _("融资登记")
    whole = {
        pk: sum(known) for pk, its in amounts.items() if len(known := [a for a in its if a is not None]) == len(its)
    }
    yield FactColumn("was_financed", financed, source, page="funding")
    yield FactColumn("financed_last_year", last_year, source, page="funding")
    yield FactColumn("venture_capital", whole, source, page="funding")


def _received(as_of: date, keys: Keys | None) -> QuerySet[Any, Any]:
    rows = _of(Funding.objects.filter(received_before__lte=as_of + DAY), keys)
    return rows.values_list("venture", "round", "amount", "currency", days.text("received_on"))


def _sold(keys: Keys | None, as_of: date) -> Iterable[FactColumn]:
    """True from the day the owners surely sold, whichever way; None where the day leaves it open. Of who had not sold
    yet nothing is said."""
    values: dict[int, bool | None] = {}
    on: dict[int, date] = {}
    for pk, first, before in prepared.rows(_exits, as_of, keys):
        values[pk] = None
        if first is not None and before is not None and before <= as_of + DAY:
            values[pk], on[pk] = True, before - DAY
    yield FactColumn("merged_or_listed", values, _("创业主体登记"), on, page="timeline")


def _exits(as_of: date, keys: Keys | None) -> QuerySet[Any, Any]:
    rows = Venture.objects.exclude(exit="").filter(Q(exited_on=None) | Q(exited_on__lte=as_of))
    return _of(rows, keys, "pk").values_list("pk", "exited_on", "exited_before")
