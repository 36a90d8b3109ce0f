"""Verbs on organisations. Each leaves a move in the ledger; the ``_many`` verbs are parts of an import, which does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.bodies import drafts, policy, queries
from hatchline.apps.bodies.actions import bulk
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import Identifier, NameKind, Organisation, OrganisationName, OrganisationType
from hatchline.apps.bodies.states import Status
from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.search import actions as search
from hatchline.core.values import names
from hatchline.core.values.changes import differing
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

KIND = "bodies.organisation"
BATCH = 500
SEARCHED = {"name", "names", "credit_code", "identifiers", "address"}


@transaction.atomic
def register(draft: OrganisationDraft, *, by: Person | None, now: datetime, role_kind: str = "") -> Organisation:
    """A new record. Look at ``queries.candidates`` first: one legal body has one record."""
    require(policy.why_not_register(draft, role_kind))

    organisation = Organisation(**_columns(draft, now))
    organisation.save(force_insert=True)
    _relate([(organisation.pk, draft.given())])
    ledger.move(
        organisation,
        "register",
        to=organisation.status,
        by=by,
        at=now,
        role_kind=role_kind,
        details={"credit_code": organisation.credit_code or "", "doubtful": organisation.credit_code_is_doubtful},
    )
    _index([organisation.pk])
    return organisation


@transaction.atomic
def amend(
    organisation: Organisation, *, version: int, by: Person | None, now: datetime, role_kind: str = "", **changes: Any
) -> Organisation:
    """Correct fields of a record (``changes`` as in OrganisationDraft). A corrected name stays findable as a former.

    ``types`` replaces the types; ``names`` and ``identifiers`` replace the present other names (never former ones) and
    identifiers. Nothing is written when nothing differs. Refused with ``changed_meanwhile`` when ``version`` is old.
    """
    organisation = queries.locked(organisation.pk)
    changes = _tidied(changes)
    require(policy.why_not_amend(organisation, changes, version=version, role_kind=role_kind))
    changes = differing(drafts.present(organisation), changes)
    if not changes:
        return organisation

    if "name" in changes:
        _keep_name(organisation, None)
        changes_of_name: dict[str, Any] = {"named_on": None}
    else:
        changes_of_name = {}
    _write(organisation, now, **drafts.columns_of(changes), **changes_of_name)
    _replace(organisation, changes)
    ledger.move(organisation, "amend", by=by, at=now, role_kind=role_kind, details={"fields": sorted(changes)})
    _index([organisation.pk])
    return organisation


@transaction.atomic
def rename(
    organisation: Organisation,
    *,
    name: str,
    on: date | None,
    version: int,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Organisation:
    """It has another name since ``on`` (None: nobody knows since when). The old one stays, with its last day."""
    organisation = queries.locked(organisation.pk)
    require(policy.why_not_rename(organisation, name, on=on, version=version, role_kind=role_kind))

    _keep_name(organisation, on)
    _write(organisation, now, **drafts.columns_of({"name": name}), named_on=on)
    ledger.move(
        organisation, "rename", by=by, at=now, role_kind=role_kind, details={"on": on.isoformat() if on else ""}
    )
    _index([organisation.pk])
    return organisation


@transaction.atomic
def close(
    organisation: Organisation,
    *,
    on: PartialDate,
    version: int,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Organisation:
    """The body has ceased, on a day known as exactly as ``on`` says."""
    organisation = queries.locked(organisation.pk)
    require(policy.why_not_close(organisation, on=on, version=version, role_kind=role_kind))

    _write(organisation, now, **kept("closed", on))
    ledger.move(organisation, "close", by=by, at=now, role_kind=role_kind, details={"on": on.code})
    return organisation


@transaction.atomic
def reopen(
    organisation: Organisation, *, version: int, by: Person | None, now: datetime, role_kind: str = ""
) -> Organisation:
    """It was marked closed by mistake."""
    organisation = queries.locked(organisation.pk)
    require(policy.why_not_reopen(organisation, version=version, role_kind=role_kind))

    _write(organisation, now, **kept("closed", None))
    ledger.move(organisation, "reopen", by=by, at=now, role_kind=role_kind)
    return organisation


@transaction.atomic
def register_many(made: Sequence[OrganisationDraft], *, now: datetime) -> list[int]:
    """Records for drafts that passed ``policy.why_not_draft``; their keys in the same order.

    No ledger rows: the import that calls this is one move. A credit code that is taken is an IntegrityError, so the
    caller asks ``queries.candidates`` first and looks for repetitions among its own rows.
    """
    rows = [_columns(draft, now) for draft in made]
    pks = bulk.insert(Organisation, rows)
    drafted = list(zip(pks, made, strict=True))
    bulk.insert(
        OrganisationType,
        [{"organisation_id": pk, "kind": kind} for pk, draft in drafted for kind in dict.fromkeys(draft.types)],
    )
    bulk.insert(
        OrganisationName,
        [
            {"organisation_id": pk, "kind": kind, "name": name.strip(), "name_key": names.key(name)}
            for pk, draft in drafted
            for kind, name in dict.fromkeys(draft.names)
        ],
    )
    bulk.insert(
        Identifier,
        [
            {"organisation_id": pk, "scheme": scheme.strip(), "value": value.strip()}
            for pk, draft in drafted
            for scheme, value in dict.fromkeys(draft.identifiers)
        ],
    )
    search.index_many(
        KIND,
        [
            search.Row(
                pk,
                [row["name"], *(other for _, other in draft.names)],
                [row["credit_code"] or "", *(value for _, value in draft.identifiers)],
                row["address"],
                row["website"],
            )
            for (pk, draft), row in zip(drafted, rows, strict=True)
        ],
        compared=True,
        new=True,
    )
    return pks


@transaction.atomic
def amend_many(changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
    """Write what ``queries.changes`` found (already checked with ``policy.why_not_fields``); answers how many rows.

    No ledger rows: the import that calls this is one move. A name that changes stays as a former one.
    """
    wanted = {pk: _tidied(each) for pk, each in changes}
    named = {pk for pk, each in wanted.items() if "name" in each}
    before = Organisation.objects.filter(pk__in=list(wanted)).select_for_update().only("name", "name_key", "named_on")
    rows = {row.pk: row for row in before}
    bulk.insert(
        OrganisationName,
        [
            {
                "organisation_id": pk,
                "kind": NameKind.FORMER.value,
                "name": rows[pk].name,
                "name_key": rows[pk].name_key,
                "starts_on": rows[pk].named_on,
            }
            for pk in named & rows.keys()
            if wanted[pk]["name"] != rows[pk].name
        ],
    )
    bulk.update(Organisation, [(pk, _amended(wanted[pk], now)) for pk in rows])
    _relate([(pk, wanted[pk]) for pk in rows if not wanted[pk].keys().isdisjoint(drafts.RELATED)])
    _index([pk for pk in rows if not wanted[pk].keys().isdisjoint(SEARCHED)])
    return len(rows)


def _amended(changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    columns = {**drafts.columns_of(changes), "amended_at": now}
    if columns.get("closed_on") is not None:
        columns["status"] = Status.CLOSED.value  # a list that says when it closed says that it closed
    return columns


def _columns(draft: OrganisationDraft, now: datetime) -> dict[str, Any]:
    columns = drafts.columns_of(draft.given())
    status = Status.CLOSED if columns["closed_on"] is not None else Status.ACTIVE
    return {**columns, "registered_at": now, "amended_at": now, "status": status.value}


def _tidied(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Text as it is kept, so that what differs by a space does not count as a change."""
    made = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    if made.get("credit_code"):
        read = names.credit_code(made["credit_code"])
        made["credit_code"] = getattr(read, "code", made["credit_code"])
    return made


def _write(organisation: Organisation, now: datetime, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(organisation, column, value)
    organisation.version += 1
    organisation.amended_at = now
    organisation.save(update_fields=[*columns, "version", "amended_at"])


def _former(organisation: Organisation, until: date | None) -> OrganisationName:
    return OrganisationName(
        organisation=organisation,
        kind=NameKind.FORMER,
        name=organisation.name,
        name_key=organisation.name_key,
        starts_on=organisation.named_on,
        ends_before=until,
    )


def _keep_name(organisation: Organisation, until: date | None) -> None:
    held = OrganisationName.objects.filter(organisation=organisation, kind=NameKind.FORMER, name=organisation.name)
    if until is not None or not held.filter(ends_before=None).exists():
        _former(organisation, until).save(force_insert=True)


def _relate(pairs: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Add types, names and identifiers; those there are stay."""
    types: list[OrganisationType] = []
    others: list[OrganisationName] = []
    numbers: list[Identifier] = []
    for pk, given in pairs:
        types += [OrganisationType(organisation_id=pk, kind=kind) for kind in dict.fromkeys(given.get("types") or ())]
        others += [
            OrganisationName(organisation_id=pk, kind=kind, name=name.strip(), name_key=names.key(name))
            for kind, name in dict.fromkeys(given.get("names") or ())
        ]
        numbers += [
            Identifier(organisation_id=pk, scheme=scheme.strip(), value=value.strip())
            for scheme, value in dict.fromkeys(given.get("identifiers") or ())
        ]
    OrganisationType.objects.bulk_create(types, batch_size=BATCH, ignore_conflicts=True)
    Identifier.objects.bulk_create(numbers, batch_size=BATCH, ignore_conflicts=True)
    OrganisationName.objects.bulk_create(_unknown(others), batch_size=BATCH)


def _unknown(others: Sequence[OrganisationName]) -> list[OrganisationName]:
    """Those not kept yet: names without a last day may be repeated as far as the database is concerned."""
    if not others:
        return []
    there = set(
        OrganisationName.objects.filter(organisation__in={each.organisation_id for each in others}).values_list(
            "organisation_id", "kind", "name"
        )
    )
    return [each for each in others if (each.organisation_id, each.kind, each.name) not in there]


def _replace(organisation: Organisation, changes: Mapping[str, Any]) -> None:
    if "types" in changes:
        organisation.types.exclude(kind__in=changes["types"]).delete()
    if "identifiers" in changes:
        organisation.identifiers.all().delete()
    if "names" in changes:
        organisation.names.exclude(kind=NameKind.FORMER).delete()
    _relate([(organisation.pk, {name: changes[name] for name in drafts.RELATED if name in changes})])


def _index(pks: Sequence[int]) -> None:
    rows = (
        Organisation.objects.filter(pk__in=pks)
        .only("name", "credit_code", "address", "website")
        .prefetch_related("names", "identifiers")
    )
    search.index_many(
        KIND,
        [
            search.Row(
                row.pk,
                [row.name, *(each.name for each in row.names.all())],
                [row.credit_code or "", *(each.value for each in row.identifiers.all())],
                row.address,
                row.website,
            )
            for row in rows
        ],
        compared=True,
    )
