"""Who works in an institution on a day, who its mentors are, and what belongs to its group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from hatchline.apps.columns import prepared
from hatchline.apps.institutions import drafts
from hatchline.apps.institutions.models import (
    Branch,
    Degree,
    Mentor,
    Qualification,
    QualificationKind,
    Staff,
    StaffRole,
)
from hatchline.core.values import names
from hatchline.core.values.changes import differing, is_empty

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

DAY = timedelta(days=1)


def _there_on(day: date) -> Q:
    """Begun as far as is known, and not surely gone: ``ends`` is the first day they were no longer there."""
    return (Q(starts_on=None) | Q(starts_on__lte=day)) & (Q(ends_before=None) | Q(ends_before__gt=day + DAY))


def staff_of(institution: int, as_of: date | None = None) -> QuerySet[Staff]:
    """Its staff with their qualifications, managers first; of a day, or all there ever were. Two queries."""
    rows = Staff.objects.filter(institution=institution)
    rows = rows if as_of is None else rows.filter(_there_on(as_of))
    listed = Prefetch("qualifications", queryset=Qualification.objects.order_by("issued_on", "pk"))
    return rows.select_related("person").prefetch_related(listed).order_by("role", "starts_on", "pk")


def mentors_of(institution: int, as_of: date | None = None) -> QuerySet[Mentor]:
    """Its mentors; of a day, or all there ever were. One query."""
    rows = Mentor.objects.filter(institution=institution)
    rows = rows if as_of is None else rows.filter(_there_on(as_of))
    return rows.select_related("person").order_by("starts_on", "pk")


def staff_member(pk: int) -> Staff | None:
    """One with institution and qualifications."""
    rows = Staff.objects.select_related("institution", "person").prefetch_related("qualifications")
    return rows.filter(pk=pk).first()


def mentor(pk: int) -> Mentor | None:
    """One with its institution."""
    return Mentor.objects.select_related("institution", "person").filter(pk=pk).first()


def qualification(pk: int) -> Qualification | None:
    """One with whose it is."""
    return Qualification.objects.select_related("staff__institution").filter(pk=pk).first()


@dataclass(frozen=True)
class Team:
    """How many work in an institution on a day, of what is known.

    Each number counts those of whom it is known; ``degree_unknown`` and ``experience_unknown`` tell how many may come
    on top. Trained: with a recorded training for incubation staff that was issued by the day.
    """

    staff: int = 0
    managers: int = 0
    service_staff: int = 0
    college_managers: int = 0
    trained_managers: int = 0
    experienced_staff: int = 0
    degree_unknown: int = 0
    experience_unknown: int = 0
    mentors: int | None = None


def teams(institutions: Collection[int], as_of: date) -> dict[int, Team]:
    """The team of each institution on a day. Absent: no staff was ever recorded, so nothing is known.

    ``mentors`` is None where no mentor was ever recorded. Two queries whatever the number.
    """
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for institution, role, degree, experienced, is_there, is_trained in prepared.rows(_staff, institutions, as_of):
        its = counts[institution]
        if not is_there:
            continue
        its["staff"] += 1
        its["experienced_staff"] += experienced is True
        its["experience_unknown"] += experienced is None
        its["service_staff"] += role == StaffRole.SERVICE
        if role == StaffRole.MANAGER:
            its["managers"] += 1
            its["college_managers"] += degree not in {"", Degree.NONE}
            its["degree_unknown"] += degree == ""
            its["trained_managers"] += is_trained
    mentors: dict[int, int] = defaultdict(int)
    for institution, is_there in prepared.rows(_mentors, institutions, as_of):
        mentors[institution] += is_there
    return {pk: Team(**counts.get(pk, {}), mentors=mentors.get(pk)) for pk in {*counts, *mentors}}


def _staff(institutions: Collection[int], as_of: date) -> QuerySet[Any, Any]:
    trained = Qualification.objects.filter(
        Q(issued_on=None) | Q(issued_before__lte=as_of + DAY), kind=QualificationKind.TRAINING, staff=OuterRef("pk")
    )
    columns = ("institution", "role", "degree", "is_experienced", _is_there(as_of), Exists(trained))
    return Staff.objects.filter(institution__among=institutions).values_list(*columns)


def _mentors(institutions: Collection[int], as_of: date) -> QuerySet[Any, Any]:
    return Mentor.objects.filter(institution__among=institutions).values_list("institution", _is_there(as_of))


def _is_there(as_of: date) -> Case:
    return Case(When(_there_on(as_of), then=Value(1)), default=Value(0), output_field=IntegerField())


def present_team(row: Staff | Mentor) -> dict[str, Any]:
    """A record's fields as a draft has them."""
    listed = drafts.OF_STAFF if isinstance(row, Staff) else drafts.OF_MENTOR
    return {name: row.person_id if name == "person" else getattr(row, name) for name in listed}


def same_team(draft: drafts.StaffDraft | drafts.MentorDraft) -> int | None:
    """Which record of this institution speaks of the same somebody at the same time, if one does."""
    found = same_teams([draft])
    return found[0][1] if found else None


def same_teams(made: Sequence[drafts.StaffDraft | drafts.MentorDraft]) -> list[tuple[int, int]]:
    """(place of the draft, key of the record it speaks of), by institution and person or name. One query.

    Somebody who left and came back is two records: the one is meant whose days meet the draft's.
    """
    if not made:
        return []
    table: Any = Staff if isinstance(made[0], drafts.StaffDraft) else Mentor
    on_record: dict[tuple[int, Any], list[Any]] = defaultdict(list)
    for row in table.objects.filter(institution__in={each.institution for each in made}).order_by("pk"):
        on_record[row.institution_id, row.person_id or names.key(row.name)].append(row)
    found = []
    for place, draft in enumerate(made):
        for row in on_record[draft.institution, draft.person or names.key(draft.name)]:
            if _may_meet(draft, row):
                found.append((place, row.pk))
                break
    return found


def _may_meet(draft: Any, row: Any) -> bool:
    """Whether the days of the draft and of the record share one, as far as is known."""
    if draft.starts.is_known and row.starts.is_known and draft.starts.code == row.starts.code:
        return True
    gone_before = draft.starts.earliest is not None and row.ends_before is not None
    gone_after = row.starts_on is not None and draft.ends.before is not None
    return not (
        (gone_before and row.ends_before <= draft.starts.earliest + DAY)
        or (gone_after and draft.ends.before <= row.starts_on + DAY)
    )


def staff_changes(pairs: Mapping[int, drafts.StaffDraft]) -> dict[int, dict[str, Any]]:
    """What each draft of a list says more of its record. Empty fields say nothing; qualifications are added."""
    rows = list(Staff.objects.filter(pk__in=list(pairs)).prefetch_related("qualifications"))
    made = _changes(rows, pairs)
    for row in rows:
        there = {(each.kind, each.name, each.issued.text) for each in row.qualifications.all()}
        more = tuple(
            each for each in pairs[row.pk].qualifications if (each.kind, each.name, each.issued.text) not in there
        )
        if more:
            made.setdefault(row.pk, {})["qualifications"] = more
    return made


def mentor_changes(pairs: Mapping[int, drafts.MentorDraft]) -> dict[int, dict[str, Any]]:
    """What each draft of a list says more of its record."""
    return _changes(list(Mentor.objects.filter(pk__in=list(pairs))), pairs)


def _changes(rows: Iterable[Any], pairs: Mapping[int, Any]) -> dict[int, dict[str, Any]]:
    made = {}
    for row in rows:
        draft = drafts.fields_of(pairs[row.pk])
        given = {name: value for name, value in draft.items() if name != "source" and not is_empty(value)}
        given = {name: value for name, value in given.items() if name not in drafts.PERIOD or value.is_known}
        if wanted := differing(present_team(row), given):
            made[row.pk] = wanted
    return made


def locked_staff(pk: int) -> Staff:
    """The row as it is now, held until the transaction ends."""
    return Staff.objects.select_for_update().get(pk=pk)


def locked_mentor(pk: int) -> Mentor:
    """The row as it is now, held until the transaction ends."""
    return Mentor.objects.select_for_update().get(pk=pk)


def locked_branch(pk: int) -> Branch:
    """The row as it is now, held until the transaction ends."""
    return Branch.objects.select_for_update().get(pk=pk)


def branches_of(institution: int, as_of: date | None = None) -> QuerySet[Branch]:
    """What belongs to its group on a day, or ever did, with the institutions. One query."""
    rows = Branch.objects.filter(head=institution).select_related("branch__territory", "branch__operator")
    rows = rows if as_of is None else rows.filter(_there_on(as_of))
    return rows.order_by("starts_on", "pk")


def head_of(institution: int, as_of: date | None = None) -> Branch | None:
    """To whose group it belongs: on a day, or now."""
    rows = Branch.objects.filter(branch=institution).select_related("head")
    rows = rows.filter(ends_before=None) if as_of is None else rows.filter(_there_on(as_of))
    return rows.order_by("-starts_on", "-pk").first()


def heads_above(institution: int) -> list[int]:
    """It, and whose group it belongs to now, upwards."""
    found, at = [institution], institution
    while True:
        above = Branch.objects.filter(branch=at, ends_before=None).values_list("head", flat=True).first()
        if above is None or above in found:
            return found
        found.append(above)
        at = above


def branch(pk: int) -> Branch | None:
    """One with both institutions."""
    return Branch.objects.select_related("head", "branch").filter(pk=pk).first()


def dossier(person: Person) -> dict[str, Any]:
    """Where a person works or is a mentor, as recorded: for handing over."""
    staff = Staff.objects.filter(person=person).select_related("institution").prefetch_related("qualifications")
    mentoring = Mentor.objects.filter(person=person).select_related("institution")
    return {
        "staff": [
            _told(each)
            | {
                "role": each.role,
                "degree": each.degree,
                "experienced": each.is_experienced,
                "qualifications": [
                    {"kind": one.kind, "name": one.name, "issuer": one.issuer, "issued": one.issued.text}
                    for one in each.qualifications.all()
                ],
            }
            for each in staff.order_by("pk")
        ],
        "mentoring": [
            _told(each) | {"works_at": each.works_at, "field": each.field} for each in mentoring.order_by("pk")
        ],
    }


def _told(row: Any) -> dict[str, Any]:
    return {
        "institution": row.institution.name,
        "post": row.post,
        "from": row.starts_text,
        "until": row.ends_text,
        "source": row.source,
    }
