"""Verbs on the register. Each leaves a move in the ledger; the ``_many`` verbs are parts of an import, which does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.institutions import drafts, policy, queries
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import Institution, InstitutionKind, InstitutionName, InstitutionStage
from hatchline.apps.institutions.states import Status
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.search import actions as search
from hatchline.core.values import names
from hatchline.core.values.changes import differing
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

KIND = "institutions.institution"
BATCH = 500
UPDATED = [field.name for field in Institution._meta.concrete_fields if field.name not in {"id", "registered_at"}]


@transaction.atomic
def register(
    draft: InstitutionDraft, *, by: Person | None, now: datetime, today: date | None = None, role_kind: str = ""
) -> Institution:
    """A new record. ``today``: the business date on which whoever registers an open one says that it is open."""
    require(policy.why_not_register(draft, role_kind))

    institution = Institution(registered_at=now, amended_at=now, status=draft.first_status)
    for column, value in drafts.columns_of(draft.given()).items():
        setattr(institution, column, value)
    if institution.seen_open_on is None and institution.status == Status.OPEN:
        institution.seen_open_on = today
    institution.save(force_insert=True)
    _relate([(institution.pk, draft.given())])
    ledger.move(institution, "register", to=institution.status, by=by, at=now, role_kind=role_kind)
    _index([institution.pk])
    return institution


@transaction.atomic
def amend(
    institution: Institution,
    *,
    version: int,
    by: Person | None,
    now: datetime,
    today: date | None = None,
    role_kind: str = "",
    **changes: Any,
) -> Institution:
    """Correct fields of a record (``changes`` as in InstitutionDraft, without status). An old name stays findable.

    ``kinds`` and ``stages`` replace those there are: a kind that goes ends on ``today`` (without it, it is taken away
    as a mistake), one that comes begins then. ``names`` replaces the aliases. Nothing is written when nothing differs.
    Refused with ``changed_meanwhile`` when ``version`` is old.
    """
    institution = queries.locked(institution.pk)
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    require(policy.why_not_amend(institution, changes, version=version, role_kind=role_kind))
    changes = differing(drafts.present(institution), changes)
    if not changes:
        return institution

    if "name" in changes:
        _former(institution, today).save(force_insert=True)
    _write(institution, now, **drafts.columns_of(changes))
    _replace(institution, changes, today)
    ledger.move(institution, "amend", by=by, at=now, role_kind=role_kind, details={"fields": sorted(changes)})
    _index([institution.pk])
    return institution


@transaction.atomic
def open_(
    institution: Institution, *, on: PartialDate, version: int, by: Person | None, now: datetime, role_kind: str = ""
) -> Institution:
    """A planned one has opened."""
    return _move(institution, "open", "opened", on, version=version, by=by, now=now, role_kind=role_kind)


@transaction.atomic
def close(
    institution: Institution, *, on: PartialDate, version: int, by: Person | None, now: datetime, role_kind: str = ""
) -> Institution:
    """It has closed, on a day known as exactly as ``on`` says."""
    return _move(institution, "close", "closed", on, version=version, by=by, now=now, role_kind=role_kind)


@transaction.atomic
def reopen(
    institution: Institution, *, version: int, by: Person | None, now: datetime, role_kind: str = ""
) -> Institution:
    """It was marked closed by mistake, or has opened again; when it was closed in between stays in the ledger."""
    return _move(institution, "reopen", "closed", None, version=version, by=by, now=now, role_kind=role_kind)


def _move(
    institution: Institution,
    verb: str,
    column: str,
    on: PartialDate | None,
    *,
    version: int,
    by: Person | None,
    now: datetime,
    role_kind: str,
) -> Institution:
    institution = queries.locked(institution.pk)
    require(policy.why_not_move(institution, verb, on=on, version=version, role_kind=role_kind))
    was = getattr(institution, column).code
    _write(institution, now, **kept(column, on))
    ledger.move(
        institution,
        verb,
        by=by,
        at=now,
        role_kind=role_kind,
        details={"on": on.code if on is not None else "", "was": was},
    )
    return institution


@transaction.atomic
def register_many(made: Sequence[InstitutionDraft], *, now: datetime) -> list[int]:
    """Records for drafts that passed ``policy.why_not_draft``; their keys in the same order. No ledger rows."""
    rows = [
        Institution(registered_at=now, amended_at=now, status=draft.first_status, **drafts.columns_of(draft.given()))
        for draft in made
    ]
    Institution.objects.bulk_create(rows, batch_size=BATCH)
    _relate([(row.pk, draft.given()) for row, draft in zip(rows, made, strict=True)])
    _index([row.pk for row in rows])
    return [row.pk for row in rows]


@transaction.atomic
def amend_many(changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
    """Write what ``queries.changes`` found (already checked with ``policy.why_not_fields``). No ledger rows."""
    wanted = {pk: dict(each) for pk, each in changes}
    rows = {row.pk: row for row in Institution.objects.select_for_update().filter(pk__in=list(wanted))}
    old = [_former(row, None) for row in rows.values() if wanted[row.pk].get("name", row.name) != row.name]
    InstitutionName.objects.bulk_create(old, batch_size=BATCH)
    for row in rows.values():
        columns = drafts.columns_of(wanted[row.pk])
        for column, value in columns.items():
            setattr(row, column, value)
        if columns.get("closed_on") is not None:
            row.status = Status.CLOSED  # a list that says when it closed says that it closed
        row.version += 1
        row.amended_at = now
    Institution.objects.bulk_create(
        rows.values(), batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=UPDATED
    )
    _relate([(pk, wanted[pk]) for pk in rows])
    _index(list(rows))
    return len(rows)


def _write(institution: Institution, now: datetime, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(institution, column, value)
    institution.version += 1
    institution.amended_at = now
    institution.save(update_fields=[*columns, "version", "amended_at"])


def _former(institution: Institution, until: date | None) -> InstitutionName:
    return InstitutionName(
        institution=institution,
        kind="former",
        name=institution.name,
        name_key=institution.name_key,
        ends_before=until,
    )


def _relate(pairs: Iterable[tuple[int, Mapping[str, Any]]], starts_on: date | None = None) -> None:
    """Add kinds, stages and names; those there are stay."""
    pairs = list(pairs)
    pks = {pk for pk, _ in pairs}
    kinds = set(
        InstitutionKind.objects.filter(institution__in=pks, ends_before=None).values_list("institution_id", "kind")
    )
    known = set(InstitutionName.objects.filter(institution__in=pks).values_list("institution_id", "kind", "name"))
    InstitutionKind.objects.bulk_create(
        [
            InstitutionKind(institution_id=pk, kind=kind, starts_on=starts_on)
            for pk, given in pairs
            for kind in dict.fromkeys(given.get("kinds") or ())
            if (pk, kind) not in kinds
        ],
        batch_size=BATCH,
    )
    InstitutionStage.objects.bulk_create(
        [
            InstitutionStage(institution_id=pk, stage=stage)
            for pk, given in pairs
            for stage in dict.fromkeys(given.get("stages") or ())
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    InstitutionName.objects.bulk_create(
        [
            InstitutionName(institution_id=pk, kind=kind, name=name.strip(), name_key=names.key(name))
            for pk, given in pairs
            for kind, name in dict.fromkeys(given.get("names") or ())
            if (pk, kind, name.strip()) not in known
        ],
        batch_size=BATCH,
    )


def _replace(institution: Institution, changes: Mapping[str, Any], today: date | None) -> None:
    if "kinds" in changes:
        going = institution.kinds.filter(ends_before=None).exclude(kind__in=changes["kinds"])
        if today is None:
            going.delete()
        else:
            going.update(ends_before=today)
    if "stages" in changes:
        institution.stages.exclude(stage__in=changes["stages"]).delete()
    if "names" in changes:
        institution.names.filter(kind="alias").delete()
    given = {name: changes[name] for name in drafts.RELATED if name in changes}
    _relate([(institution.pk, given)], starts_on=today)


def _index(pks: Sequence[int]) -> None:
    rows = Institution.objects.filter(pk__in=pks).select_related("operator", "territory").prefetch_related("names")
    search.index_many(
        KIND,
        [
            search.Row(
                row.pk,
                [row.name, row.name_en, *(each.name for each in row.names.all())],
                [],
                " ".join(
                    filter(
                        None,
                        [
                            row.operator.name if row.operator else "",
                            row.territory.name if row.territory else "",
                            row.city,
                            row.specialism,
                            row.address,
                        ],
                    )
                ),
                row.website,
            )
            for row in rows
        ],
        compared=True,
    )
