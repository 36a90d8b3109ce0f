"""Verbs on measures and targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hatchline.apps.indicators import definitions, policy, queries
from hatchline.apps.indicators.models import Definition, Kept, Measure, Target, Waypoint
from hatchline.apps.indicators.queries import kept
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ledger import queries as entries
from hatchline.apps.outbox import actions as outbox
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Territory
    from hatchline.apps.people.models import Person


@transaction.atomic
def amend_definition(
    measure: Measure,
    *,
    content: Mapping[str, Any],
    starts_on: date,
    reason: str,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Definition:
    """From this day the measure means this. The definition before it ends then, and stays for the days before."""
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    require(policy.why_not_amend_definition(measure, content, starts_on=starts_on, reason=reason, role_kind=role_kind))
    Definition.objects.filter(measure=measure, ends_before=None).update(ends_before=starts_on)
    made = Definition.objects.create(
        measure=measure, content=dict(content), starts_on=starts_on, reason=reason.strip(), recorded_at=now
    )
    details = {"definition": made.pk, "starts_on": starts_on.isoformat()}
    ledger.move(measure, "amend_definition", by=by, at=now, role_kind=role_kind, details=details)
    return made


@transaction.atomic
def amend_owner(
    target: Target,
    *,
    owner: Person | None,
    owner_office: str,
    version: int,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Target:
    """Whose target it is: a person, an office, or a person of an office."""
    target = queries.locked(target.pk)
    require(policy.why_not_amend_owner(target, owner, owner_office, version=version, role_kind=role_kind))
    if (target.owner_id, target.owner_office) == (owner.pk if owner else None, owner_office.strip()):
        return target
    target.owner, target.owner_office = owner, owner_office.strip()
    target.version += 1
    target.save(update_fields=["owner", "owner_office", "version"])
    details = {"owner": owner.pk if owner is not None else None}
    ledger.move(target, "amend_owner", by=by, at=now, role_kind=role_kind, details=details)
    return target


@transaction.atomic
def set_path(
    target: Target,
    *,
    waypoints: Mapping[date, Decimal],
    by: Person | None,
    now: datetime,
    is_invented: bool = False,
    role_kind: str = "",
) -> Target:
    """The values the target should have reached by these days, in place of those set before."""
    target = queries.locked(target.pk)
    require(policy.why_not_set_path(target, waypoints, role_kind))
    target.path.all().delete()
    Waypoint.objects.bulk_create(
        [
            Waypoint(target=target, due_on=day, value=value, is_invented=is_invented)
            for day, value in sorted(waypoints.items())
        ]
    )
    details = {"path": {day.isoformat(): str(value) for day, value in sorted(waypoints.items())}}
    ledger.move(target, "set_path", by=by, at=now, role_kind=role_kind, details=details)
    return target


@dataclass(frozen=True)
class Promise:
    """A target as a document states it, with the measure it is about and what that means at first."""

    code: str
    name: str
    name_en: str
    unit: str
    time_kind: str
    operator: str
    value: Decimal
    due_on: date
    document: str
    article: str
    office: str
    definition: Mapping[str, Any]


@transaction.atomic
def load(promises: Iterable[Promise], *, territory: Territory, starts_on: date, now: datetime) -> tuple[int, int]:
    """Measures and targets of a document: (created, already there). What is there is left as it is."""
    created = there = 0
    for position, promise in enumerate(promises, start=1):
        if Target.objects.filter(code=promise.code).exists():
            there += 1
            continue
        definitions.read(promise.definition)
        measure, is_new = Measure.objects.get_or_create(
            code=promise.code.split("-")[0],
            defaults={
                "name": promise.name,
                "name_en": promise.name_en,
                "unit": promise.unit,
                "time_kind": promise.time_kind,
            },
        )
        if is_new:
            Definition.objects.create(
                measure=measure, content=dict(promise.definition), starts_on=starts_on, recorded_at=now
            )
        target = Target.objects.create(
            code=promise.code,
            measure=measure,
            territory=territory,
            position=position,
            operator=promise.operator,
            value=promise.value,
            due_on=promise.due_on,
            document=promise.document,
            article=promise.article,
            owner_office=promise.office,
        )
        ledger.move(target, "load", by=None, at=now, details={"code": promise.code})
        created += 1
    return created, there


MOST_AT_ONCE = 70  # figures that one call of ``keep`` reckons: it comes again soon


def have_kept(*, now: datetime) -> None:
    """Have the worker reckon the month ends that nobody kept yet: it does so at once and all of them, asked once."""
    outbox.add("indicators.keep_missing", now=now, once_key="month_ends")


def keep(*, today: date, now: datetime, most: int = MOST_AT_ONCE, missing: bool = False) -> int:
    """Reckon and keep the figures of month ends and of today that are not kept or not valid any more: how many.

    ``missing``: only those that are not kept. The latest first, ``most`` at a time. What is written while they are
    reckoned leaves a row behind the head that they carry, and makes them invalid again. While others are writing, they
    carry an earlier head: a row of theirs may come to lie before it.
    """
    head = entries.head()
    if not entries.is_settled():
        head = max(0, head - entries.LOOK_BACK)
    rows = list(queries.targets())
    since = min((each.starts_on for row in rows for each in row.measure.definitions.all()), default=today)
    days = [*queries.month_ends(since, today), today]
    wanted = {each.key: each for each in queries.stale(rows, days, missing=missing)[:most]}
    numbers = kept.numbers(wanted)
    made = [
        Kept(definition_id=key[0], territory_id=key[1], day=key[2], numbers=found, head=head, reckoned_at=now)
        for key, found in numbers.items()
    ]
    Kept.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["definition", "territory", "day"],
        update_fields=["numbers", "head", "reckoned_at"],
    )
    return len(made)
