"""What pages show beside the rows of ventures: many at a time, one query a question whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from hatchline.apps.ventures.models import (
    Application,
    Founder,
    Handover,
    LegalPeriod,
    Merge,
    NameKind,
    Stay,
    Venture,
    VentureName,
)
from hatchline.apps.ventures.queries import arrays
from hatchline.apps.ventures.queries.days import DAY, present, unsure
from hatchline.apps.ventures.states import Status, StayStatus
from hatchline.core.chain.presence import counts
from hatchline.core.chain.stages import RANK, Stage


@dataclass(frozen=True, slots=True)
class Place:
    """Where a venture surely was on a day: a confirmed, counting stay. ``since``: columns of its beginning."""

    stay: int
    stage: str
    institution: int
    name: str
    name_en: str
    since: tuple[date | None, date | None, str]


def places_on(pks: Collection[int], day: date) -> dict[int, list[Place]]:
    """Where each venture was on the day, the latest stage first; absent: nowhere. One query."""
    rows = present(None, day).filter(venture__in=pks).order_by("pk").values_list(
        "venture", "pk", "stage", "institution", "institution__name", "institution__name_en",
        "starts_on", "starts_before", "starts_text",
    )  # fmt: skip
    found: dict[int, list[Place]] = defaultdict(list)
    for venture, stay, stage, institution, name, name_en, first, before, text in rows:
        found[venture].append(Place(stay, stage, institution, name, name_en, (first, before, text)))
    for its in found.values():
        its.sort(key=lambda each: -RANK[Stage(each.stage)])
    return found


@dataclass(frozen=True, slots=True)
class PerhapsPlace:
    """Where a venture may have been on a day. ``seen``: the last day on which it is known to have been there."""

    stay: int
    stage: str
    institution: int
    name: str
    name_en: str
    seen: date | None


def perhaps_on(pks: Collection[int], day: date) -> dict[int, PerhapsPlace]:
    """Of ventures that surely were nowhere on the day: where each may have been, the latest stage. One query."""
    rows = unsure(day).filter(venture__in=pks).order_by("starts_on", "pk").values_list(
        "venture", "pk", "stage", "institution", "institution__name", "institution__name_en",
        "held_from", "held_until",
    )  # fmt: skip
    found: dict[int, PerhapsPlace] = {}
    for venture, stay, stage, institution, name, name_en, since, until in rows:
        if venture not in found or RANK[Stage(stage)] >= RANK[Stage(found[venture].stage)]:
            seen = until - DAY if until is not None and since is not None and since <= day else None
            found[venture] = PerhapsPlace(stay, stage, institution, name, name_en, seen)
    return found


def standing_on(day: date) -> dict[int, tuple[str, int]]:
    """Stage and institution in which each venture surely was on the day, by the latest stage. One query for all."""
    rows = present(None, day).order_by("pk").values_list("venture", "stage", "institution")
    found: dict[int, tuple[str, int]] = {}
    for venture, stage, institution in rows:
        if venture not in found or RANK[Stage(stage)] > RANK[Stage(found[venture][0])]:
            found[venture] = (stage, institution)
    return found


def names_on(pks: Collection[int], day: date) -> dict[int, str]:
    """The names that these ventures had on the day where they have another one by now. One query."""
    former = VentureName.objects.filter(venture__in=pks, kind=NameKind.FORMER, ends_before__gt=day)
    former = former.filter(Q(starts_on=None) | Q(starts_on__lte=day)).order_by("-ends_before")
    return dict(former.values_list("venture", "name"))


def english_names(pks: Collection[int]) -> dict[int, str]:
    """The English names there are. One query."""
    rows = VentureName.objects.filter(venture__in=pks, kind=NameKind.ENGLISH).order_by("-pk")
    return dict(rows.values_list("venture", "name"))


def founders_of(pks: Collection[int], day: date) -> dict[int, list[str]]:
    """Who had founded each and had not gone by the day, by name. One query."""
    rows = Founder.objects.filter(venture__in=pks).filter(Q(ends_before=None) | Q(ends_before__gt=day))
    found: dict[int, list[str]] = defaultdict(list)
    for each in rows.select_related("person").order_by("pk"):
        found[each.venture_id].append(str(each.person) if each.person is not None else each.name)
    return found


def number_by_stage(day: date) -> dict[str, int]:
    """How many ventures surely were at each stage on the day: each once, at the latest it had reached, as the chain."""
    there = counts(arrays.present_chain().stays, [day])[day]
    return {stage.value: number for stage, number in there.items() if number}


def number_by_institution(day: date) -> dict[int, int]:
    """How many ventures surely were in each institution on the day. One query."""
    rows = present(None, day).order_by().values_list("institution").annotate(number=Count("venture", distinct=True))
    return dict(rows)


def at(
    rows: QuerySet[Venture], day: date, stage: str | None = None, institution: int | None = None
) -> QuerySet[Venture]:
    """Those that surely were in this institution on the day, or at this stage, the latest they had reached; or both.

    Whoever is at two stages counts once, at the later one, as in the chain; in an institution, of those it has there.
    """
    here = present(None, day)
    if institution is not None:
        here = here.filter(institution=institution)
    if stage is None:
        return rows.filter(pk__in=here.values("venture"))
    later = here.filter(stage__in=[each.value for each in Stage if RANK[each] > RANK[Stage(stage)]])
    found = rows.filter(pk__in=here.filter(stage=stage).values("venture"))
    return found.exclude(pk__in=later.values("venture"))


def outside(rows: QuerySet[Venture], day: date) -> QuerySet[Venture]:
    """Those that went on and surely were nowhere on the chain on the day."""
    nowhere = going_on(rows, day).exclude(pk__in=present(None, day).values("venture"))
    return nowhere.exclude(pk__in=unsure(day).values("venture"))


def perhaps_there(rows: QuerySet[Venture], day: date, institution: int | None = None) -> QuerySet[Venture]:
    """Those that went on, surely were at no stage, and of which nobody knows whether they were at one on the day; in
    this institution, or in any."""
    nowhere = going_on(rows, day).exclude(pk__in=present(None, day).values("venture"))
    perhaps = unsure(day) if institution is None else unsure(day).filter(institution=institution)
    return nowhere.filter(pk__in=perhaps.values("venture"))


def ceased_by(rows: QuerySet[Venture], day: date) -> QuerySet[Venture]:
    """Those that surely had ended by the day, or have ended on a day that nobody knows."""
    return rows.filter(status=Status.CEASED).filter(Q(ceased_before__lte=day + DAY) | Q(ceased_on=None))


def exited_by(rows: QuerySet[Venture], day: date | None) -> QuerySet[Venture]:
    """Those whose owners may have sold by the day; None: by now, those included of which no day is known."""
    sold = rows.exclude(exit="")
    return sold if day is None else sold.filter(exited_on__lte=day)


def going_on(rows: QuerySet[Venture], day: date) -> QuerySet[Venture]:
    """Those that had not ended by the day, as far as anybody knows."""
    ended = Q(status=Status.CEASED) & (Q(ceased_on=None) | Q(ceased_on__lte=day))
    return rows.filter(~ended)


def founded_in(rows: QuerySet[Venture], start: date, end: date) -> QuerySet[Venture]:
    """Those that surely were founded in these half-open days."""
    return rows.filter(founded_on__gte=start, founded_before__lte=end)


def entered(stage: str | None, start: date, end: date) -> QuerySet[Stay]:
    """Confirmed, counting stays that began in these half-open days, as far as their dates are sure."""
    rows = Stay.objects.filter(status=StayStatus.CONFIRMED, counts=True, starts_on__gte=start, starts_before__lte=end)
    return rows if stage is None else rows.filter(stage=stage)


def ended(stage: str | None, start: date, end: date, outcome: str = "") -> QuerySet[Stay]:
    """Confirmed, counting stays that ended in these half-open days, with this outcome or any."""
    rows = Stay.objects.filter(status=StayStatus.CONFIRMED, counts=True, ended_on__gte=start)
    rows = rows.filter(ended_before__lte=end)
    rows = rows if stage is None else rows.filter(stage=stage)
    return rows.filter(outcome=outcome) if outcome else rows


def stay(pk: int) -> Stay | None:
    """One stay with what its page shows."""
    rows = Stay.objects.select_related("venture", "institution", "application", "came_by__stay__institution")
    return rows.filter(pk=pk).first()


def applications_about(pks: Collection[int]) -> QuerySet[Application]:
    """Applications of these ventures, the newest first."""
    rows = Application.objects.filter(venture__in=pks).select_related("institution")
    return rows.order_by("-applied_at", "-pk")


def handovers_about(pks: Collection[int]) -> QuerySet[Handover]:
    """Handovers of these ventures, the newest first."""
    rows = Handover.objects.filter(venture__in=pks).select_related("institution", "stay__institution")
    return rows.order_by("-offered_at", "-pk")


def merges_into(pk: int) -> QuerySet[Merge]:
    """Records that were taken into this one and not taken out again, the newest first."""
    return Merge.objects.filter(kept=pk, undone_at=None).select_related("gone").order_by("-pk")


def legal_periods(pk: int) -> QuerySet[LegalPeriod]:
    """Which legal bodies it was, oldest first."""
    return LegalPeriod.objects.filter(venture=pk).select_related("organisation").order_by("starts_on", "pk")
