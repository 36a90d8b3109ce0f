"""A district's own lists: functional areas with what they cover, key industries."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hatchline.apps.bodies import policy
from hatchline.apps.bodies.models import ClassCode, Coverage, FunctionalArea, KeyIndustry, Territory
from hatchline.apps.ledger import actions as ledger
from hatchline.core.values.refusal import require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def record_area(
    code: str,
    *,
    name: str,
    by: Person | None,
    now: datetime,
    name_en: str = "",
    is_invented: bool = False,
    role_kind: str = "",
) -> FunctionalArea:
    """A functional area, new or with another name; what it covers is said with ``cover``."""
    require(policy.why_not_as("record_area", role_kind))
    area, is_new = FunctionalArea.objects.update_or_create(
        code=code, defaults={"name": name, "name_en": name_en, "is_invented": is_invented}
    )
    ledger.move(area, "record_area", by=by, at=now, role_kind=role_kind, details={"code": code, "new": is_new})
    return area


@transaction.atomic
def cover(
    area: FunctionalArea,
    *,
    territory: Territory,
    starts_on: date,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Coverage:
    """From this day the area covers the division. Already covered then: guards.Violated (area_covers_once)."""
    require(policy.why_not_as("cover", role_kind))
    made = Coverage.objects.create(area=area, territory=territory, starts_on=starts_on)
    ledger.move(area, "cover", by=by, at=now, role_kind=role_kind, details={"territory": territory.code})
    return made


@transaction.atomic
def uncover(
    coverage: Coverage, *, ends_before: date, by: Person | None, now: datetime, role_kind: str = ""
) -> Coverage:
    """From this day the area no longer covers the division."""
    require(policy.why_not_end("uncover", coverage.starts_on, ends_before, role_kind))
    coverage.ends_before = ends_before
    coverage.save(update_fields=["ends_before"])
    ledger.move(
        coverage.area, "uncover", by=by, at=now, role_kind=role_kind, details={"territory": coverage.territory.code}
    )
    return coverage


@transaction.atomic
def list_key_industry(
    territory: Territory,
    *,
    name: str,
    class_code: ClassCode,
    starts_on: date,
    document: str,
    by: Person | None,
    now: datetime,
    is_invented: bool = False,
    role_kind: str = "",
) -> KeyIndustry:
    """From this day the code belongs to this key industry of the territory, by this document."""
    require(policy.why_not_as("list_key_industry", role_kind))
    made = KeyIndustry.objects.create(
        territory=territory,
        name=name,
        class_code=class_code,
        starts_on=starts_on,
        document=document,
        is_invented=is_invented,
    )
    ledger.move(made, "list_key_industry", by=by, at=now, role_kind=role_kind, details={"code": class_code.code})
    return made


@transaction.atomic
def end_key_industry(
    listed: KeyIndustry, *, ends_before: date, by: Person | None, now: datetime, role_kind: str = ""
) -> KeyIndustry:
    """From this day the code is no longer on the list."""
    require(policy.why_not_end("end_key_industry", listed.starts_on, ends_before, role_kind))
    listed.ends_before = ends_before
    listed.save(update_fields=["ends_before"])
    ledger.move(listed, "end_key_industry", by=by, at=now, role_kind=role_kind)
    return listed
