"""The register: lists, one venture, what a role may see of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ventures.models import (
    Application,
    Founder,
    Funding,
    Handover,
    LegalPeriod,
    Question,
    Stay,
    Venture,
    VentureName,
)
from hatchline.apps.ventures.states import HandoverStatus, Status, StayStatus
from hatchline.core.values.dates import PartialDate

_SEE_ALL = frozenset({"administrator", "official", "officer", "centre", "auditor"})
_HANDED = (HandoverStatus.CONSENTED, HandoverStatus.ACCEPTED, HandoverStatus.DONE)


def ventures() -> QuerySet[Venture]:
    """What a list shows: all but those merged into another. One query."""
    return Venture.objects.exclude(status=Status.MERGED).select_related("legal_person", "field", "industry")


def venture(pk: int) -> Venture | None:
    """One with what its page shows; a merged one too, so that old links and pins stay true."""
    rows = Venture.objects.select_related("legal_person", "field", "industry", "merged_into")
    return rows.prefetch_related("names", "founders__person", "rights", "fundings").filter(pk=pk).first()


def resolve(pk: int) -> int:
    """The record that stands for this key today: itself, or the one it was merged into, step by step."""
    seen = {pk}
    while True:
        into = Venture.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
        if into is None or into in seen:
            return pk
        pk = into
        seen.add(pk)


def family(pk: int) -> list[int]:
    """This key and those of all records merged into it: what others filed by (kind, id) stands under any of them."""
    found, newest = [pk], [pk]
    while newest:
        newest = list(Venture.objects.filter(merged_into__in=newest).exclude(pk__in=found).values_list("pk", flat=True))
        found += newest
    return found


def of_legal_person(organisation: int) -> Venture | None:
    """The venture that is this legal body, if one is."""
    return Venture.objects.filter(legal_person=organisation).first()


def withdrawn_stays() -> dict[tuple[int, int, str, date | None, date | None], int]:
    """Stays taken back, by (venture, institution, stage, first and first impossible day of the beginning)."""
    rows = Stay.objects.filter(status=StayStatus.WITHDRAWN).order_by("pk")
    found = rows.values_list("venture", "institution", "stage", "starts_on", "starts_before", "pk")
    return {(venture, place, stage, first, before): pk for venture, place, stage, first, before, pk in found}


def fundings_of(keys: Collection[int]) -> dict[int, list[Funding]]:
    """Sums on record by venture, oldest record first. One query."""
    found: dict[int, list[Funding]] = defaultdict(list)
    for row in Funding.objects.filter(venture__in=list(keys)).order_by("pk"):
        found[row.venture_id].append(row)
    return found


def fundings_by_key(keys: Iterable[int]) -> dict[int, Funding]:
    """Sums on record by their own keys. One query."""
    return Funding.objects.in_bulk(list(keys))


def stay_outside(venture: Venture, founded: PartialDate | None, ceased: PartialDate | None) -> Stay | None:
    """A stay that surely begins before the venture was founded or after it had ceased, were these its dates."""
    wrong = Q(pk__in=())
    if founded is not None and founded.earliest is not None:
        wrong |= Q(starts_before__lte=founded.earliest)
    if ceased is not None and ceased.before is not None:
        wrong |= Q(starts_on__gte=ceased.before)
    rows = Stay.objects.filter(wrong, venture=venture).exclude(status=StayStatus.WITHDRAWN)
    return rows.select_related("institution").order_by("starts_on").first()


def present_legal_period(its: Venture) -> LegalPeriod | None:
    """Since when it is the legal body it is."""
    return its.legal_periods.filter(ends_before=None).first()


def institutions_of(role: Any) -> QuerySet[Any]:
    """The institutions that the role's own organisation operates."""
    own = getattr(role, "organisation_id", None)
    rows = institutions.registered()
    return rows.filter(operator_id=own) if own is not None else rows.none()


def visible_to(role: Any) -> QuerySet[Venture]:
    """The ventures within a role's reach.

    The console's roles: all. An institution's people: those with a stay there that was not withdrawn, with an
    application there, or handed over to it with consent. A founder: those they founded or whose company they act for.
    """
    kind, rows = getattr(role, "kind", None), ventures()
    if kind in _SEE_ALL:
        return rows
    if kind == "founder":
        own = Q(pk__in=Founder.objects.filter(person=role.person_id, ends_before=None).values("venture"))
        if role.organisation_id is not None:
            own |= Q(legal_person=role.organisation_id)
        return rows.filter(own)
    if kind in {"manager", "staff"}:
        here = institutions_of(role).values("pk")
        stays = Stay.objects.filter(institution__in=here).exclude(status=StayStatus.WITHDRAWN).values("venture")
        asked = Application.objects.filter(institution__in=here).values("venture")
        handed = Handover.objects.filter(institution__in=here, status__in=_HANDED).values("venture")
        return rows.filter(Q(pk__in=stays) | Q(pk__in=asked) | Q(pk__in=handed))
    return rows.none()


def handover_visible(handover: Handover) -> frozenset[str]:
    """The categories that the receiving institution may see now: those consented to, while consent stands."""
    return frozenset(handover.consented) if handover.status in _HANDED else frozenset()


def stays_of(its: Venture, *, withdrawn: bool = False) -> QuerySet[Stay]:
    """Its stays, oldest first."""
    rows = its.stays.select_related("institution").order_by("starts_on", "pk")
    return rows if withdrawn else rows.exclude(status=StayStatus.WITHDRAWN)


@dataclass(frozen=True)
class Happening:
    """One line of a venture's history. ``text`` is the date as written; ``row`` the record it stands on."""

    on: date | None
    text: str
    kind: str
    row: Any


def timeline(its: Venture) -> list[Happening]:
    """Names, stays, registration, funding and rights in the order of their first possible days; undated ones last."""
    found = [Happening(its.founded.earliest, its.founded.text, "founded", its)] if its.founded.is_known else []
    if its.incorporated.is_known:
        found.append(Happening(its.incorporated.earliest, its.incorporated.text, "incorporated", its))
    if its.ceased.is_known:
        found.append(Happening(its.ceased.earliest, its.ceased.text, "ceased", its))
    if its.exited.is_known:
        found.append(Happening(its.exited.earliest, its.exited.text, its.exit, its))
    for name in its.names.filter(kind="former"):
        found.append(Happening(name.ends_before, "", "renamed", name))
    for stay in stays_of(its):
        found.append(Happening(stay.starts.earliest, stay.starts.text, "entered", stay))
        if stay.end_state == "known":
            found.append(Happening(stay.ended.earliest, stay.ended.text, stay.outcome or "left", stay))
    for funding in its.fundings.all():
        found.append(Happening(funding.received.earliest, funding.received.text, "funded", funding))
    for right in its.rights.all():
        day = right.granted if right.granted.is_known else right.applied
        found.append(Happening(day.earliest, day.text, "right", right))
    return sorted(found, key=lambda each: each.on or date.max)


# Whoever holds rows holds them in this order, and so never waits for one who waits for him: ventures, lowest key
# first; then one application, handover or question; then stays. A venture that is held is held with all that hangs on
# it: whatever is done to its stays and questions, or adds rows to it, waits its turn.


def hold(pks: Iterable[int]) -> dict[int, Venture]:
    """These ventures as they are now, held until the transaction ends. For verbs on several: all of them at once."""
    rows = Venture.objects.select_for_update().filter(pk__in=set(pks)).order_by("pk")
    return {row.pk: row for row in rows}


def locked(pk: int) -> Venture:
    """The row as it is now, held until the transaction ends. Must be called inside one."""
    return Venture.objects.select_for_update().get(pk=pk)


def _hold_for(ventures_of: Callable[[], set[int]]) -> None:
    """Hold the ventures that a row hangs on, and again when a merge has moved it while we waited."""
    held: set[int] = set()
    while not (wanted := ventures_of()) <= held:
        hold(wanted)
        held |= wanted


def hold_standing(pks: Iterable[int]) -> dict[int, int]:
    """Each key → the record that stands for it, held until the transaction ends: no merge takes it on meanwhile."""
    wanted, stands = set(pks), dict[int, int]()

    def standing() -> set[int]:
        merged = set(Venture.objects.filter(pk__in=wanted, merged_into__isnull=False).values_list("pk", flat=True))
        stands.update((pk, resolve(pk) if pk in merged else pk) for pk in wanted)
        return set(stands.values())

    _hold_for(standing)
    return stands


def locked_stay(pk: int) -> Stay:
    """The stay as it is now, with its venture held."""
    _hold_for(lambda: {Stay.objects.values_list("venture", flat=True).get(pk=pk)})
    return Stay.objects.select_for_update(of=("self",)).select_related("venture", "institution").get(pk=pk)


def locked_application(pk: int) -> Application:
    """The application as it is now, with its venture held."""
    _hold_for(lambda: {Application.objects.values_list("venture", flat=True).get(pk=pk)})
    return Application.objects.select_for_update(of=("self",)).select_related("venture", "institution").get(pk=pk)


def locked_handover(pk: int) -> Handover:
    """The handover as it is now, with its venture held."""
    _hold_for(lambda: {Handover.objects.values_list("venture", flat=True).get(pk=pk)})
    return Handover.objects.select_for_update(of=("self",)).select_related("venture", "stay").get(pk=pk)


def locked_question(pk: int) -> Question:
    """The question as it is now, with the ventures held that it asks about and those that its stays are of."""
    about = Question.objects.filter(pk=pk).values_list(
        "venture", "other_venture", "stay__venture", "other_stay__venture"
    )
    _hold_for(lambda: {each for each in about.get() if each is not None})
    return Question.objects.select_for_update().get(pk=pk)


def names_of_all() -> dict[str, set[int]]:
    """Every name key, present or former → the ventures that have or had it. Merged ones stand for what they became."""
    found: dict[str, set[int]] = {}
    stands = {pk: into or pk for pk, into in Venture.objects.values_list("pk", "merged_into")}
    for rows in (Venture.objects.values_list("name_key", "pk"), VentureName.objects.values_list("name_key", "venture")):
        for key, pk in rows.iterator():
            found.setdefault(key, set()).add(stands[pk])
    return found


def codes_of_all() -> dict[str, int]:
    """Credit codes of legal bodies → the ventures that are them."""
    rows = Venture.objects.exclude(legal_person__credit_code=None).values_list("legal_person__credit_code", "pk")
    return {code: pk for code, pk in rows if code}
