"""Questions about titles. ``as_of`` asks what was true on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from hatchline.apps.columns import prepared
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.titles import drafts
from hatchline.apps.titles.drafts import TitleDraft
from hatchline.apps.titles.models import OF_INSTITUTIONS, Title
from hatchline.apps.titles.states import Level, TitleStatus
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.queries import places

INSTITUTION, VENTURE = "institutions.institution", "ventures.venture"
RANK = {Level.OTHER: 0, Level.DISTRICT: 1, Level.MUNICIPAL: 2, Level.NATIONAL: 3}


def locked(title: Title) -> Title:
    """The title, held until the transaction ends."""
    return Title.objects.select_for_update().get(pk=title.pk)


def about(subject_kind: str, subject_id: int) -> QuerySet[Title]:
    """All titles of a subject, the struck ones too, oldest first."""
    return Title.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("given_on", "pk")


def in_force(as_of: date) -> QuerySet[Title]:
    """Titles that surely held on the day: an imprecise date of giving counts from its last possible day."""
    return Title.objects.filter(_held(as_of), ~Q(status=TitleStatus.STRUCK))


def perhaps_in_force(as_of: date) -> QuerySet[Title]:
    """Titles whose imprecise date of giving leaves open whether they held on the day."""
    return Title.objects.filter(_perhaps_held(as_of), ~Q(status=TitleStatus.STRUCK))


def _held(as_of: date) -> Q:
    return _not_over(as_of) & Q(given_before__lte=as_of + timedelta(days=1))


def _perhaps_held(as_of: date) -> Q:
    return _not_over(as_of) & Q(given_on__lte=as_of, given_before__gt=as_of + timedelta(days=1))


def _not_over(as_of: date) -> Q:
    return (Q(ends_before=None) | Q(ends_before__gt=as_of)) & (Q(withdrawn_on=None) | Q(withdrawn_on__gt=as_of))


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


def above(level: str, other: str) -> bool:
    """Whether one level of recognition is above another."""
    return RANK[Level(level)] > RANK[Level(other)]


def recognised(highest: str, as_of: date) -> QuerySet[Title]:
    """Titles in force that recognise institutions at ``highest`` and not at a level above it, as rows of
    ``subject_id``."""
    above = [each for each, rank in RANK.items() if rank > RANK[Level(highest)]]
    found = in_force(as_of).filter(subject_kind=INSTITUTION, kind__in=OF_INSTITUTIONS)
    higher = found.filter(level__in=above).values("subject_id")
    return found.filter(level=highest).exclude(subject_id__in=higher).order_by()


def held(subject_kind: str, subject_ids: Iterable[int], as_of: date) -> dict[int, list[Title]]:
    """Titles in force by subject. One query."""
    table: dict[int, list[Title]] = defaultdict(list)
    for title in in_force(as_of).filter(subject_kind=subject_kind, subject_id__in=list(subject_ids)).order_by("pk"):
        table[title.subject_id].append(title)
    return table


def title(pk: int) -> Title | None:
    """The title with this key."""
    return Title.objects.filter(pk=pk).first()


def visible_to(role: Any, today: date | None = None) -> QuerySet[Title]:
    """Titles within a role's reach: of every venture it reaches, and of every institution."""
    of_institutions = institutions.visible_to(role, today).order_by().values("pk")
    of_ventures = ventures.visible_to(role).order_by().values("pk")
    return Title.objects.filter(
        Q(subject_kind=INSTITUTION, subject_id__in=of_institutions)
        | Q(subject_kind=VENTURE, subject_id__in=of_ventures)
    )


def given_by(rows: QuerySet[Title], as_of: date) -> QuerySet[Title]:
    """Those that may have been given by the day: of unknown giving too."""
    return rows.filter(Q(given_on=None) | Q(given_on__lte=as_of))


def status_on(status: str, withdrawn_on: date | None, ends_before: date | None, as_of: date) -> str:
    """How a title stands on a day: given, expired, withdrawn or struck."""
    if status == TitleStatus.STRUCK:
        return status
    if withdrawn_on is not None and withdrawn_on <= as_of:
        return TitleStatus.WITHDRAWN.value
    return "expired" if ends_before is not None and ends_before <= as_of else TitleStatus.GIVEN.value


def standing(rows: QuerySet[Title], word: str, as_of: date) -> QuerySet[Title]:
    """Those that stand so on a day; ``word`` as ``status_on`` answers."""
    if word == TitleStatus.STRUCK:
        return rows.filter(status=word)
    rows = rows.exclude(status=TitleStatus.STRUCK)
    back = Q(withdrawn_on__lte=as_of)
    if word == TitleStatus.WITHDRAWN:
        return rows.filter(back)
    not_back, over = Q(withdrawn_on=None) | Q(withdrawn_on__gt=as_of), Q(ends_before__lte=as_of)
    if word == "expired":
        return rows.filter(not_back & over)
    return rows.filter(not_back & (Q(ends_before=None) | Q(ends_before__gt=as_of)))


def subject_names(subjects: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The names of what titles are about, by (kind, key); without those that are no record. Two queries at most."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in subjects:
        wanted[kind].add(pk)
    found: dict[tuple[str, int], str] = {}
    for kind, names_of in ((INSTITUTION, institutions.names_of), (VENTURE, places.names_of)):
        if wanted[kind]:
            found |= {(kind, pk): name for pk, name in names_of(wanted[kind]).items()}
    return found


def recorded(made: Sequence[TitleDraft]) -> list[int | None]:
    """For each draft the title on record that says the same: of the same subject, kind, level, document, number and
    date. Where draft or record leave document or number out, the others decide. One query."""
    subjects = {(each.subject_kind, each.subject_id) for each in made}
    there: dict[tuple[Any, ...], list[Title]] = defaultdict(list)
    rows = Title.objects.exclude(status=TitleStatus.STRUCK).filter(subject_id__in={pk for _kind, pk in subjects})
    for row in rows.order_by("pk"):
        there[row.subject_kind, row.subject_id, row.kind, row.level, row.given.earliest, row.given.before].append(row)
    found: list[int | None] = []
    for each in made:
        key = (each.subject_kind, each.subject_id, each.kind, each.level, each.given.earliest, each.given.before)
        alike = [
            row.pk for row in there[key] if _agree(row.document, each.document) and _agree(row.number, each.number)
        ]
        found.append(alike[0] if alike else None)
    return found


def _agree(one: str, other: str) -> bool:
    return not one or not other.strip() or one == other.strip()


def changes(pairs: Mapping[int, TitleDraft]) -> dict[int, dict[str, Any]]:
    """What a later list adds to titles on record: an end, a withdrawal, words that were missing."""
    rows = Title.objects.filter(pk__in=list(pairs))
    made = {row.pk: dict(drafts.later(row, pairs[row.pk])) for row in rows}
    return {pk: each for pk, each in made.items() if each}


def standings(
    subject_kind: str, keys: Collection[int] | None, as_of: date, kinds: Collection[str] = ()
) -> list[tuple[int, str, str, str]]:
    """(subject, kind, level, how it stands) of the titles these (None: all) ever bore, the struck ones aside.

    How it stands on the day: ``held``, ``unsure`` where its dates leave that open, else ``over``. One query.
    """
    rows = prepared.rows(_standings, subject_kind, keys, as_of)
    return [row for row in rows if not kinds or row[1] in kinds]


def _standings(subject_kind: str, keys: Collection[int] | None, as_of: date) -> QuerySet[Any, Any]:
    how = Case(
        When(_held(as_of), then=Value("held")),
        When(_perhaps_held(as_of) | Q(given_on=None), then=Value("unsure")),
        default=Value("over"),
        output_field=CharField(),
    )
    rows = Title.objects.exclude(status=TitleStatus.STRUCK).filter(subject_kind=subject_kind)
    if keys is not None:
        rows = rows.filter(subject_id__among=keys)
    return rows.order_by().values_list("subject_id", "kind", "level", how)
