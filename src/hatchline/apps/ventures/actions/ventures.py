"""Verbs on ventures themselves: from a team without a company to its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.search import actions as search
from hatchline.apps.ventures import drafts, policy, queries
from hatchline.apps.ventures.actions.indexing import KIND, index
from hatchline.apps.ventures.actions.stays import amend_stays, end_stay
from hatchline.apps.ventures.drafts import FundingDraft, VentureDraft
from hatchline.apps.ventures.models import Founder, Funding, LegalPeriod, Right, Venture, VentureName
from hatchline.apps.ventures.states import EndState, Outcome, Status, StayStatus
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal, Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

BATCH = 500


@transaction.atomic
def register(
    draft: VentureDraft,
    *,
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
    founder: Person | None = None,
) -> Venture:
    """A new record of a team, or of a company when ``legal_person`` is given. ``founder``: who registers their own."""
    require(policy.why_not_register(draft, today=today, role_kind=role_kind))

    venture = Venture(**drafts.columns_of(draft.given()), registered_at=now, amended_at=now, status=draft.first_status)
    _save_legal_person(venture, force_insert=True)
    _relate([(venture.pk, draft)])
    if founder is not None:
        Founder.objects.create(
            venture=venture, person=founder, starts_on=draft.founded.exact if draft.founded else None
        )
    ledger.move(venture, "register", to=venture.status, by=by, at=now, role_kind=role_kind)
    index([venture.pk])
    return venture


@transaction.atomic
def rename(
    venture: Venture,
    *,
    name: str,
    on: date | None,
    by: Person | None,
    now: datetime,
    today: date,
    version: int | None = None,
    role_kind: str = "",
) -> Venture:
    """It has another name since ``on`` (None: nobody knows since when). The old one stays, with its last day."""
    venture = queries.locked(venture.pk)
    require(policy.why_not_rename(venture, name, on=on, today=today, version=version, role_kind=role_kind))
    _keep_name(venture, on)
    write(venture, now, **drafts.columns_of({"name": name}), named_on=on)
    ledger.move(venture, "rename", by=by, at=now, role_kind=role_kind, details={"on": on.isoformat() if on else ""})
    index([venture.pk])
    return venture


@transaction.atomic
def incorporate(
    venture: Venture,
    *,
    organisation: int,
    on: PartialDate,
    by: Person | None,
    now: datetime,
    today: date,
    name: str = "",
    version: int | None = None,
    role_kind: str = "",
) -> Venture:
    """The team has become this legal body (its key); the record goes on. ``name``: the company's, when it differs."""
    venture = queries.locked(venture.pk)
    require(policy.why_not_incorporate(venture, organisation, on=on, today=today, version=version, role_kind=role_kind))
    columns: dict[str, Any] = {"legal_person_id": organisation, **kept("incorporated", on)}
    if name.strip() and name.strip() != venture.name:
        _keep_name(venture, on.exact)
        columns |= {**drafts.columns_of({"name": name}), "named_on": on.exact}
    write(venture, now, **columns)
    LegalPeriod.objects.create(venture=venture, organisation_id=organisation, starts_on=on.earliest)
    ledger.move(
        venture, "incorporate", by=by, at=now, role_kind=role_kind, details={"body": organisation, "on": on.code}
    )
    index([venture.pk])
    return venture


@transaction.atomic
def change_legal_person(
    venture: Venture,
    *,
    organisation: int,
    on: date,
    reason: str,
    by: Person | None,
    now: datetime,
    today: date,
    version: int | None = None,
    role_kind: str = "",
) -> Venture:
    """From this day it goes on as another legal body. When it first incorporated does not change."""
    venture = queries.locked(venture.pk)
    require(
        policy.why_not_change_legal_person(
            venture, organisation, on=on, today=today, reason=reason, version=version, role_kind=role_kind
        )
    )
    before = venture.legal_person_id
    venture.legal_periods.filter(ends_before=None).update(ends_before=on)
    LegalPeriod.objects.create(venture=venture, organisation_id=organisation, starts_on=on)
    write(venture, now, legal_person_id=organisation)
    details = {"body": organisation, "was": before, "on": on.isoformat(), "reason": reason.strip()}
    ledger.move(venture, "change_legal_person", by=by, at=now, role_kind=role_kind, details=details)
    index([venture.pk])
    return venture


@transaction.atomic
def record_founder(
    venture: Venture,
    *,
    by: Person | None,
    now: datetime,
    person: Person | None = None,
    name: str = "",
    backgrounds: Sequence[str] = (),
    starts_on: date | None = None,
    ends_before: date | None = None,
    role_kind: str = "",
) -> Founder:
    """One who founded it: a person on record, or only a name."""
    venture = queries.locked(venture.pk)
    fields = {"backgrounds": list(backgrounds), "starts_on": starts_on, "ends_before": ends_before}
    require(policy.why_not_founder(venture, person=person, name=name, role_kind=role_kind, **fields))  # type: ignore[arg-type]
    founder = Founder.objects.create(venture=venture, person=person, name=name.strip(), **fields)
    ledger.move(venture, "record_founder", by=by, at=now, role_kind=role_kind, details={"founder": founder.pk})
    return founder


@transaction.atomic
def record_right(
    venture: Venture,
    *,
    kind: str,
    source: str,
    by: Person | None,
    now: datetime,
    today: date,
    number: str = "",
    title: str = "",
    classes: str = "",
    applied: PartialDate = drafts.UNKNOWN,
    granted: PartialDate = drafts.UNKNOWN,
    valid_until: date | None = None,
    role_kind: str = "",
) -> Right:
    """Intellectual property it holds."""
    venture = queries.locked(venture.pk)
    require(
        policy.why_not_right(
            venture,
            kind=kind,
            number=number,
            applied=applied,
            granted=granted,
            valid_until=valid_until,
            source=source,
            today=today,
            role_kind=role_kind,
        )
    )
    right = Right.objects.create(
        venture=venture,
        kind=kind,
        number=number.strip(),
        title=title.strip(),
        classes=classes,
        valid_until=valid_until,
        source=source.strip(),
        **kept("applied", applied),
        **kept("granted", granted),
    )
    ledger.move(venture, "record_right", by=by, at=now, role_kind=role_kind, details={"right": right.pk})
    return right


@transaction.atomic
def record_funding(
    venture: Venture,
    funding: FundingDraft,
    *,
    source: str,
    by: Person | None,
    now: datetime,
    today: date,
    role_kind: str = "",
) -> Funding:
    """Money it received, in the currency it was received in."""
    venture = queries.locked(venture.pk)
    require(policy.why_not_funding(funding, source=source, today=today, role_kind=role_kind))
    row = Funding.objects.create(venture=venture, **_funding(funding, source))
    ledger.move(venture, "record_funding", by=by, at=now, role_kind=role_kind, details={"funding": row.pk})
    return row


@transaction.atomic
def record_fundings(made: Sequence[tuple[int, FundingDraft, str]]) -> list[int]:
    """Sums (venture, what is known of it, source) that passed ``policy.why_not_funding``; their keys in order. No
    ledger rows."""
    stands = queries.hold_standing(pk for pk, _each, _source in made)
    rows = [Funding(venture_id=stands[pk], **_funding(each, source)) for pk, each, source in made]
    Funding.objects.bulk_create(rows, batch_size=BATCH)
    return [row.pk for row in rows]


@transaction.atomic
def amend_fundings(changes: Iterable[tuple[int, Mapping[str, Any]]]) -> int:
    """Write fields of sums on record, named as in ``FundingDraft``; answers how many rows. No ledger rows."""
    wanted = {pk: dict(each) for pk, each in changes}
    queries.hold(Funding.objects.filter(pk__in=list(wanted)).values_list("venture", flat=True))
    rows = list(Funding.objects.select_for_update().filter(pk__in=list(wanted)).order_by("pk"))
    for row in rows:
        given = wanted[row.pk]
        columns = {name: value for name, value in given.items() if name != "received"}
        if "received" in given:
            columns |= kept("received", given["received"])
        for column, value in columns.items():
            setattr(row, column, value)
        row.save(update_fields=list(columns))
    return len(rows)


@transaction.atomic
def cease(
    venture: Venture,
    *,
    on: PartialDate,
    reason: str,
    by: Person | None,
    now: datetime,
    today: date,
    version: int | None = None,
    role_kind: str = "",
) -> Venture:
    """It has ended. Stays that still go on end with it, as closed."""
    venture = queries.locked(venture.pk)
    require(policy.why_not_cease(venture, on=on, today=today, version=version, role_kind=role_kind))
    still = venture.stays.exclude(status=StayStatus.WITHDRAWN).filter(end_state=EndState.OPEN)
    for stay in still.select_for_update().order_by("pk"):
        why = reason.strip() or str(Status.CEASED.label)
        end_stay(stay, "leave", Outcome.CLOSED.value, on=on, reason=why, by=by, now=now, today=today)
    write(venture, now, **kept("ceased", on))
    details = {"on": on.code, "reason": reason.strip()}
    ledger.move(venture, "cease", by=by, at=now, role_kind=role_kind, details=details)
    return venture


@transaction.atomic
def register_many(made: Sequence[VentureDraft], *, now: datetime) -> list[int]:
    """Records for drafts that passed ``policy.why_not_draft``; their keys in order. No ledger rows.

    A legal body that another venture is already is an IntegrityError: ask ``queries.candidates`` first.
    """
    rows = [
        Venture(**drafts.columns_of(each.given()), registered_at=now, amended_at=now, status=each.first_status)
        for each in made
    ]
    Venture.objects.bulk_create(rows, batch_size=BATCH)
    _relate([(row.pk, draft) for row, draft in zip(rows, made, strict=True)])
    search.index_many(
        KIND,
        [
            search.Row(row.pk, [row.name, *(other for _, other in draft.names)], [], row.summary[:500], row.website)
            for row, draft in zip(rows, made, strict=True)
        ],
        compared=True,
        new=True,
    )
    return [row.pk for row in rows]


@transaction.atomic
def amend_many(changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime, today: date) -> int:
    """Write what ``queries.changes`` found; answers how many rows. No ledger rows. An old name stays findable.

    Refused where it contradicts the dates or stays on record. Where it is said to have ceased, its open stays end too.
    """
    wanted = {pk: dict(each) for pk, each in changes}
    rows = {row.pk: row for row in Venture.objects.select_for_update().filter(pk__in=list(wanted)).order_by("pk")}
    for pk, venture in rows.items():
        given = wanted[pk]
        require(policy.why_not_as_listed(venture, given))
        if "name" in given and given["name"].strip() != venture.name:
            _keep_name(venture, None)
        has_ceased = given.pop("status", "") == Status.CEASED
        columns = drafts.columns_of(given)
        # a list that says when it ceased says that it ceased
        if (has_ceased or columns.get("ceased_on") is not None) and venture.status == Status.ACTIVE:
            columns["status"] = Status.CEASED.value
            _end_open_stays(venture, given.get("ceased") or drafts.UNKNOWN, now=now, today=today)
        write(venture, now, **columns)
        if columns.get("legal_person_id"):
            _begin_legal_period(venture)
        _relate([(pk, VentureDraft("", names=given.get("names", ()), fundings=given.get("fundings", ())))])
    index(list(rows))
    return len(rows)


def _end_open_stays(venture: Venture, ceased: PartialDate, *, now: datetime, today: date) -> None:
    over = {"ended": ceased, "end_state": EndState.KNOWN.value, "outcome": Outcome.CLOSED.value}
    still = venture.stays.exclude(status=StayStatus.WITHDRAWN).filter(end_state=EndState.OPEN)
    reason = str(Status.CEASED.label)
    amend_stays([(pk, over | {"reason": reason}) for pk in still.values_list("pk", flat=True)], now=now, today=today)


def write(venture: Venture, now: datetime, **columns: Any) -> None:
    """Save columns of a venture that is held already, as its next version."""
    for column, value in columns.items():
        setattr(venture, column, value)
    venture.version += 1
    venture.amended_at = now
    _save_legal_person(venture, update_fields=[*columns, "version", "amended_at"])


def _save_legal_person(venture: Venture, **how: Any) -> None:
    """Save; somebody else who made the same company another venture in this very moment is a refusal."""
    try:
        with transaction.atomic():
            venture.save(**how)
    except IntegrityError as error:
        if "legal_person" not in str(error):
            raise
        raise Refused(
            Refusal("code_held_by_another", _("这家公司刚刚被登记为另一条记录的主体。"), field="legal_person")
        ) from error


def _keep_name(venture: Venture, until: date | None) -> None:
    VentureName.objects.create(
        venture=venture,
        kind="former",
        name=venture.name,
        name_key=venture.name_key,
        starts_on=venture.named_on,
        ends_before=until,
    )


def _begin_legal_period(venture: Venture) -> None:
    body = venture.legal_person_id
    if body is not None and not venture.legal_periods.filter(ends_before=None).exists():
        LegalPeriod.objects.create(venture=venture, organisation_id=body, starts_on=venture.incorporated.earliest)


def _funding(each: FundingDraft, source: str) -> dict[str, Any]:
    return {
        "round": each.round,
        "amount": each.amount,
        "currency": each.currency,
        "investors": each.investors[:300],
        "text": each.text[:300],
        "source": source.strip(),
        **kept("received", each.received),
    }


def _relate(pairs: Sequence[tuple[int, VentureDraft]]) -> None:
    """Names, sums and legal bodies of new records."""
    VentureName.objects.bulk_create(
        [
            VentureName(venture_id=pk, kind=kind, name=name.strip(), name_key=names.key(name))
            for pk, draft in pairs
            for kind, name in dict.fromkeys(draft.names)
        ],
        batch_size=BATCH,
    )
    Funding.objects.bulk_create(
        [
            Funding(venture_id=pk, **_funding(each, draft.source or "list"))
            for pk, draft in pairs
            for each in draft.fundings
        ],
        batch_size=BATCH,
    )
    LegalPeriod.objects.bulk_create(
        [
            LegalPeriod(
                venture_id=pk,
                organisation_id=draft.legal_person,
                starts_on=draft.incorporated.earliest if draft.incorporated else None,
            )
            for pk, draft in pairs
            if draft.legal_person is not None
        ],
        batch_size=BATCH,
    )
