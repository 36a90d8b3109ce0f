"""Verbs on who works in an institution and on its mentors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.institutions import drafts, policy, queries
from hatchline.apps.institutions.drafts import MentorDraft, QualificationDraft, StaffDraft
from hatchline.apps.institutions.models import Mentor, Qualification, Staff
from hatchline.apps.ledger import actions as ledger
from hatchline.core.values.changes import differing
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

BATCH = 500
_Row = TypeVar("_Row", Staff, Mentor)


@transaction.atomic
def record_staff(
    draft: StaffDraft, *, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Staff:
    """Somebody works in an institution, with what they are certified in."""
    queries.locked(draft.institution)
    require(policy.why_not_as("record_staff", role_kind) or policy.why_not_staff(draft, today=today))
    require(policy.why_not_again(draft))
    made = Staff(institution_id=draft.institution, **drafts.team_columns(drafts.fields_of(draft)))
    made.save(force_insert=True)
    _certify([(made.pk, draft.qualifications)])
    ledger.move(made, "record_staff", by=by, at=now, role_kind=role_kind, details={"institution": draft.institution})
    return made


@transaction.atomic
def record_mentor(
    draft: MentorDraft, *, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Mentor:
    """An institution appoints a mentor."""
    queries.locked(draft.institution)
    require(policy.why_not_as("record_mentor", role_kind) or policy.why_not_mentor(draft, today=today))
    require(policy.why_not_again(draft))
    made = Mentor(institution_id=draft.institution, **drafts.team_columns(drafts.fields_of(draft)))
    made.save(force_insert=True)
    ledger.move(made, "record_mentor", by=by, at=now, role_kind=role_kind, details={"institution": draft.institution})
    return made


@transaction.atomic
def amend_staff(
    staff: Staff,
    *,
    version: int,
    by: Person | None,
    now: datetime,
    today: date | None = None,
    role_kind: str = "",
    **changes: Any,
) -> Staff:
    """Correct what is recorded (fields of StaffDraft but the institution). ``changed_meanwhile`` when it is stale."""
    return _amend(queries.locked_staff(staff.pk), "amend_staff", version, by, now, today, role_kind, changes)


@transaction.atomic
def amend_mentor(
    mentor: Mentor,
    *,
    version: int,
    by: Person | None,
    now: datetime,
    today: date | None = None,
    role_kind: str = "",
    **changes: Any,
) -> Mentor:
    """Correct what is recorded of an appointment; as ``amend_staff``."""
    return _amend(queries.locked_mentor(mentor.pk), "amend_mentor", version, by, now, today, role_kind, changes)


def _amend(
    row: _Row,
    verb: str,
    version: int,
    by: Person | None,
    now: datetime,
    today: date | None,
    role_kind: str,
    changes: Mapping[str, Any],
) -> _Row:
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    present = queries.present_team(row)
    require(
        policy.why_not_as(verb, role_kind)
        or policy.why_not_team({**present, **changes}, today=today)
        or policy.why_not_team_version(row, version, changes, present)
    )
    changes = differing(present, changes)
    if changes:
        _write(row, drafts.team_columns(changes))
        ledger.move(row, verb, by=by, at=now, role_kind=role_kind, details={"fields": sorted(changes)})
    return row


@transaction.atomic
def end_staff(
    staff: Staff, *, on: PartialDate, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Staff:
    """They left; ``on`` is the first day they were no longer there, as exactly as it is known."""
    return _end(queries.locked_staff(staff.pk), "end_staff", on, by, now, today, role_kind)


@transaction.atomic
def end_mentor(
    mentor: Mentor, *, on: PartialDate, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Mentor:
    """The appointment ended."""
    return _end(queries.locked_mentor(mentor.pk), "end_mentor", on, by, now, today, role_kind)


def _end(
    row: _Row, verb: str, on: PartialDate, by: Person | None, now: datetime, today: date | None, role_kind: str
) -> _Row:
    require(policy.why_not_as(verb, role_kind) or policy.why_not_end(row, on, today=today))
    _write(row, kept("ends", on))
    ledger.move(row, verb, by=by, at=now, role_kind=role_kind, details={"on": on.code})
    return row


@transaction.atomic
def record_qualification(
    staff: Staff,
    draft: QualificationDraft,
    *,
    by: Person | None,
    now: datetime,
    today: date | None = None,
    role_kind: str = "",
) -> Qualification:
    """Somebody was certified in something."""
    staff = queries.locked_staff(staff.pk)
    require(
        policy.why_not_as("record_qualification", role_kind) or policy.why_not_qualification(staff, draft, today=today)
    )
    made = _certificate(staff.pk, draft)
    made.save(force_insert=True)
    ledger.move(
        made, "record_qualification", by=by, at=now, role_kind=role_kind,
        details={"staff": staff.pk, "kind": draft.kind},
    )  # fmt: skip
    return made


@transaction.atomic
def remove_qualification(
    qualification: Qualification, *, by: Person | None, now: datetime, role_kind: str = ""
) -> None:
    """It was recorded by mistake; the ledger keeps that it was there."""
    require(policy.why_not_as("remove_qualification", role_kind))
    queries.locked_staff(qualification.staff_id)
    details = {"staff": qualification.staff_id, "kind": qualification.kind}
    ledger.move(qualification, "remove_qualification", by=by, at=now, role_kind=role_kind, details=details)
    qualification.delete()


@transaction.atomic
def record_staff_many(made: Sequence[StaffDraft]) -> list[int]:
    """Records for drafts that passed ``policy.why_not_staff``; their keys in the same order. No ledger rows."""
    rows = [Staff(institution_id=each.institution, **drafts.team_columns(drafts.fields_of(each))) for each in made]
    Staff.objects.bulk_create(rows, batch_size=BATCH)
    _certify([(row.pk, each.qualifications) for row, each in zip(rows, made, strict=True)])
    return [row.pk for row in rows]


@transaction.atomic
def record_mentors(made: Sequence[MentorDraft]) -> list[int]:
    """As ``record_staff_many``, for mentors."""
    rows = [Mentor(institution_id=each.institution, **drafts.team_columns(drafts.fields_of(each))) for each in made]
    return [row.pk for row in Mentor.objects.bulk_create(rows, batch_size=BATCH)]


@transaction.atomic
def amend_staff_many(changes: Iterable[tuple[int, Mapping[str, Any]]]) -> int:
    """Write what ``queries.staff_changes`` found; ``qualifications`` are added to those there are. No ledger rows."""
    wanted = {pk: dict(each) for pk, each in changes}
    _certify([(pk, each.pop("qualifications", ())) for pk, each in wanted.items()])
    return _amend_rows(Staff, wanted)


@transaction.atomic
def amend_mentors(changes: Iterable[tuple[int, Mapping[str, Any]]]) -> int:
    """Write what ``queries.mentor_changes`` found. No ledger rows."""
    return _amend_rows(Mentor, {pk: dict(each) for pk, each in changes})


def _amend_rows(table: type[Staff] | type[Mentor], wanted: Mapping[int, Mapping[str, Any]]) -> int:
    rows: list[Any] = list(table.objects.select_for_update().filter(pk__in=list(wanted)))
    for row in rows:
        require(policy.why_not_team({**queries.present_team(row), **wanted[row.pk]}, today=None))
        _write(row, drafts.team_columns(wanted[row.pk]))
    return len(rows)


def _write(row: Staff | Mentor, columns: Mapping[str, Any]) -> None:
    for column, value in columns.items():
        setattr(row, column, value)
    row.version += 1
    row.save(update_fields=[*columns, "version"])


def _certify(pairs: Iterable[tuple[int, Sequence[QualificationDraft]]]) -> None:
    """Add qualifications; those there are stay."""
    rows = [_certificate(pk, each) for pk, wanted in pairs for each in wanted]
    Qualification.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _certificate(staff: int, draft: QualificationDraft) -> Qualification:
    return Qualification(
        staff_id=staff,
        kind=draft.kind,
        name=draft.name.strip(),
        issuer=draft.issuer.strip(),
        **kept("issued", draft.issued),
    )


def forget(person: Person) -> None:
    """Empty what is told of a person who is erased. That an institution had one member of staff more stays."""
    staff = Staff.objects.filter(person=person)
    Qualification.objects.filter(staff__in=staff).delete()
    staff.update(post="", degree="", is_experienced=None)
    Mentor.objects.filter(person=person).update(post="", works_at="", field="")
