"""Questions about titles. ``as_of`` asks what was true on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from hatchline.apps.titles.models import OF_INSTITUTIONS, Title
from hatchline.apps.titles.states import Level, TitleStatus

RANK = {Level.OTHER: 0, Level.DISTRICT: 1, Level.MUNICIPAL: 2, Level.NATIONAL: 3}


def locked(title: Title) -> Title:
    """The title, held until the transaction ends."""
    return Title.objects.select_for_update().get(pk=title.pk)


def about(subject_kind: str, subject_id: int) -> QuerySet[Title]:
    """All titles of a subject, the struck ones too, oldest first."""
    return Title.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("given_on", "pk")


def in_force(as_of: date) -> QuerySet[Title]:
    """Titles that surely held on the day: an imprecise date of giving counts from its last possible day."""
    return _not_over(as_of).filter(given_before__lte=as_of + timedelta(days=1))


def perhaps_in_force(as_of: date) -> QuerySet[Title]:
    """Titles whose imprecise date of giving leaves open whether they held on the day."""
    return _not_over(as_of).filter(given_on__lte=as_of, given_before__gt=as_of + timedelta(days=1))


def _not_over(as_of: date) -> QuerySet[Title]:
    return (
        Title.objects.exclude(status=TitleStatus.STRUCK)
        .filter(Q(ends_before=None) | Q(ends_before__gt=as_of))
        .filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=as_of))
    )


def undated() -> QuerySet[Title]:
    """Titles of which nobody wrote down when they were given: they count on no day, and coverage says so."""
    return Title.objects.exclude(status=TitleStatus.STRUCK).filter(given_on=None)


def institutions_at(level: str, as_of: date) -> QuerySet[Title]:
    """Titles in force that recognise institutions at ``level`` or above."""
    wanted = [each for each, rank in RANK.items() if rank >= RANK[Level(level)]]
    return in_force(as_of).filter(subject_kind="institutions.institution", kind__in=OF_INSTITUTIONS, level__in=wanted)


def highest_levels(subject_kind: str, subject_ids: Iterable[int], as_of: date) -> dict[int, str]:
    """The highest level each subject is recognised at on the day; absent: none. One query."""
    best: dict[int, str] = {}
    found = in_force(as_of).filter(
        subject_kind=subject_kind, subject_id__in=list(subject_ids), kind__in=OF_INSTITUTIONS
    )
    for subject, level in found.values_list("subject_id", "level"):
        if subject not in best or RANK[Level(level)] > RANK[Level(best[subject])]:
            best[subject] = level
    return best


def held(subject_kind: str, subject_ids: Iterable[int], as_of: date) -> dict[int, list[Title]]:
    """Titles in force by subject. One query."""
    table: dict[int, list[Title]] = defaultdict(list)
    for title in in_force(as_of).filter(subject_kind=subject_kind, subject_id__in=list(subject_ids)).order_by("pk"):
        table[title.subject_id].append(title)
    return table
