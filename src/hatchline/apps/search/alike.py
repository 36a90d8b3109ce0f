"""Which records may be one and the same: those that meet under a key and were not told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count

from hatchline.apps.search.models import Apart, Key, Sort
from hatchline.apps.search.states import ApartStatus

MOST_MEETING = {Sort.NAME.value: 12, Sort.WEBSITE.value: 3}  # more than so many under one key say nothing of each other
MOST_KEYS = 5_000
CHUNK = 500


@dataclass(frozen=True)
class Pair:
    """Two records that meet: ``one`` is the lower key. ``sorts``: under which sorts of key, ``keys``: under which."""

    one: int
    other: int
    sorts: tuple[str, ...]
    keys: tuple[str, ...]


def pairs(kind: str) -> list[Pair]:
    """All pairs of this kind that meet and nobody told apart, those that meet most often first.

    One query over the keys' index and one for each 500 keys that several records share; of more than 5,000 such keys
    the rest waits until these are settled.
    """
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for sort, most in MOST_MEETING.items():
        keys = Key.objects.filter(kind=kind, sort=sort)
        shared = keys.values("key").annotate(n=Count("pk")).filter(n__gt=1, n__lte=most).order_by("key")
        values = list(shared.values_list("key", flat=True)[:MOST_KEYS])
        for start in range(0, len(values), CHUNK):
            meeting: dict[str, set[int]] = defaultdict(set)
            for key, subject in keys.filter(key__in=values[start : start + CHUNK]).values_list("key", "subject"):
                meeting[key].add(subject)
            for key, subjects in meeting.items():
                for pair in combinations(sorted(subjects), 2):
                    found[pair].append((sort, key))
    for pair in apart(kind):
        found.pop(pair, None)
    return _told(found.items())


def alike(kind: str, pk: int) -> list[Pair]:
    """The pairs that this record is part of. Four queries."""
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for sort, key in Key.objects.filter(kind=kind, subject=pk).values_list("sort", "key"):
        meeting = Key.objects.filter(kind=kind, sort=sort, key=key).values_list("subject", flat=True)
        others = list(meeting[: MOST_MEETING[sort] + 1])
        if len(others) <= MOST_MEETING[sort]:
            for other in others:
                if other != pk:
                    found[min(pk, other), max(pk, other)].append((sort, key))
    for pair in apart(kind):
        found.pop(pair, None)
    return _told(found.items())


def apart(kind: str) -> Collection[tuple[int, int]]:
    """The pairs of this kind that somebody told apart. One query."""
    return set(Apart.objects.filter(kind=kind, status=ApartStatus.TOLD).values_list("one", "other"))


def told_apart(kind: str, one: int, other: int) -> Apart | None:
    """What was said of these two, if they are told apart."""
    low, high = sorted((one, other))
    return Apart.objects.filter(kind=kind, one=low, other=high, status=ApartStatus.TOLD).first()


def _told(found: Iterable[tuple[tuple[int, int], list[tuple[str, str]]]]) -> list[Pair]:
    made = [
        Pair(one, other, tuple(sorted({sort for sort, _key in why})), tuple(sorted({key for _sort, key in why})))
        for (one, other), why in found
    ]
    return sorted(made, key=lambda each: (-len(each.sorts), each.keys, each.one, each.other))
