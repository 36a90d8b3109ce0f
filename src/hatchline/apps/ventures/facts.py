"""Facts about ventures that this app vouches for. See core.values.fact and rulebook/vocabulary.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hatchline.apps.ventures.models import Funding, LegalPeriod, Right, Stay, Venture
from hatchline.apps.ventures.models.ventures import RightKind, Round
from hatchline.apps.ventures.states import EndState, Outcome, StayStatus
from hatchline.core.chain.stages import Stage
from hatchline.core.values.fact import FactColumn

DAY = timedelta(days=1)
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
    rows = Stay.objects.filter(status=StayStatus.CONFIRMED, counts=True, stage=Stage.INCUBATION.value)
    if institutions is not None:
        rows = rows.filter(institution__in=institutions)
    rows = _of(rows.filter(Q(starts_on=None) | Q(starts_on__lte=as_of)), ventures)
    by: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    columns = (
        "starts_on",
        "starts_before",
        "ended_on",
        "ended_before",
        "end_state",
        "outcome",
        "held_from",
        "held_until",
    )
    for institution, venture, *stay in rows.order_by("pk").values_list("institution", "venture", *columns):
        by[institution, venture].append(tuple(stay))
    return [_membership(institution, venture, stays, as_of) for (institution, venture), stays in by.items()]


def _membership(institution: int, venture: int, stays: list[tuple[Any, ...]], as_of: date) -> Membership:
    here: bool | None = False
    graduated: bool | None = False
    entered: list[date | None] = []
    left: list[date | None] = []
    for first, before, last, last_before, end_state, outcome, since, until in stays:
        entered.append(first if first is not None and before == first + DAY else None)
        if since is not None and since <= as_of and (until is None or until > as_of):
            here = True
        elif here is False and not (
            end_state == EndState.KNOWN and last_before is not None and last_before <= as_of + DAY
        ):
            here = None
        if outcome == Outcome.GRADUATED:
            if last_before is not None and last_before <= as_of + DAY:
                graduated = True
                left.append(last if last is not None and last_before == last + DAY else None)
            elif graduated is False and (last is None or last <= as_of):
                graduated = None
    day = min((each for each in entered if each), default=None) if all(entered) else None
    return Membership(institution, venture, here, graduated, day, left[-1] if left else None)


REGISTERED = ("is_company", "founded_on", "is_newly_registered", "field")
RIGHTS = ("valid_rights", "class_one_rights", "class_two_rights", "patent_applied")
FUNDING = ("was_financed", "financed_last_year", "venture_capital")


def about(keys: Collection[int] | None, as_of: date, wanted: Collection[str] | None = None) -> list[FactColumn]:
    """Registration, field, rights and funding of these ventures (None: of all) as of a day. Four queries.

    ``wanted``: a part of which nothing is wanted is left out, with its queries. A number of rights is known where any
    was ever recorded, a sum of capital where no amount is missing: nothing on record is unknown, not none.
    """
    parts = ((REGISTERED, _registered), (RIGHTS, _rights), (FUNDING, _funding))
    return [
        column
        for names, part in parts
        if wanted is None or not set(names).isdisjoint(wanted)
        for column in part(keys, as_of)
    ]


def _registered(keys: Collection[int] | None, as_of: date) -> Iterable[FactColumn]:
    company, founded, new, field = dict[int, object](), dict[int, object](), dict[int, object](), dict[int, object]()
    rows = _of(Venture.objects.all(), keys, "pk").values_list(
        "pk", "incorporated_on", "incorporated_before", "legal_person", "field__code"
    )
    bodies = set(
        _of(LegalPeriod.objects.filter(Q(starts_on=None) | Q(starts_on__lte=as_of)), keys).values_list(
            "venture", flat=True
        )
    )
    for pk, first, before, legal, code in rows:
        if before is not None and before <= as_of + DAY:
            company[pk] = True
            if before == first + DAY:
                founded[pk], new[pk] = first, first > as_of.replace(year=as_of.year - 1, day=min(as_of.day, 28))
        elif legal is None or (first is not None and first > as_of):
            company[pk] = False
        elif pk in bodies and first is None:
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


def _of(rows: QuerySet[Any], keys: Collection[int] | None, column: str = "venture") -> QuerySet[Any]:
    return rows if keys is None else rows.filter(**{f"{column}__in": keys})


def _rights(keys: Collection[int] | None, as_of: date) -> Iterable[FactColumn]:
    valid: dict[int, int] = {}
    classed: dict[str, dict[int, int]] = {"I": {}, "II": {}}
    applied: dict[int, bool] = {}
    rows = _of(Right.objects.all(), keys).values_list(
        "venture", "kind", "classes", "applied_before", "granted_before", "valid_until"
    )
    for pk, kind, classes, asked, granted, until in rows:
        valid.setdefault(pk, 0)
        for each in classed.values():
            each.setdefault(pk, 0)
        if kind in PATENTS and (asked or granted) and (asked or granted) <= as_of + DAY:
            applied[pk] = True
        if granted is not None and granted <= as_of + DAY and (until is None or until > as_of):
            valid[pk] += 1
            if classes in classed:
                classed[classes][pk] += 1
    source = _("知识产权登记")
    yield FactColumn("valid_rights", valid, source, dict.fromkeys(valid, as_of), page="rights")
    yield FactColumn("class_one_rights", classed["I"], source, page="rights")
    yield FactColumn("class_two_rights", classed["II"], source, page="rights")
    yield FactColumn("patent_applied", applied, source, page="rights")


def _funding(keys: Collection[int] | None, as_of: date) -> Iterable[FactColumn]:
    financed: dict[int, bool] = {}
    last_year: dict[int, bool] = {}
    amounts: dict[int, list[Decimal | None]] = defaultdict(list)
    rows = _of(Funding.objects.filter(received_before__lte=as_of + DAY), keys).values_list(
        "venture", "round", "amount", "currency", "received_on"
    )
    for pk, kind, amount, currency, received in rows:
        if kind == Round.GRANT:
            continue
        financed[pk] = True
        if received.year == as_of.year - 1:
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
