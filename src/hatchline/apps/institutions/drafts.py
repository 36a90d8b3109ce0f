"""What is known of an institution before it is a record: the fields a form, a list or the API may give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.institutions.models import Institution
from hatchline.apps.institutions.states import Status
from hatchline.apps.search import words
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate

UNKNOWN = PartialDate.unknown()

SIXTH = Decimal("0.000001")
DATES = ("opened", "closed")
RELATED = ("kinds", "stages", "names")  # kept in tables of their own


@dataclass(slots=True)
class InstitutionDraft:
    """Fields of an institution. ``operator`` and ``territory`` are keys (pk); empty fields say nothing.

    ``kinds``: Kind values it is of now. ``stages``: StageOffered values. ``names``: ("former" or "alias", name).
    ``country``, ``city``: of one abroad, which has no code of ours; "" and "CN" are here.
    ``status``: "" means open, or closed when ``closed`` is known. ``seen_open_on``: a day on which a source says it was
    open; of two the earlier is kept.
    """

    name: str
    name_en: str = ""
    names: tuple[tuple[str, str], ...] = ()
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    operator: int | None = None
    status: str = ""
    territory: int | None = None
    country: str = ""
    city: str = ""
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    specialism: str = ""
    description: str = ""
    website: str = ""
    phone: str = ""
    opened: PartialDate | None = None
    closed: PartialDate | None = None
    seen_open_on: date | None = None

    def given(self) -> dict[str, Any]:
        """Its fields as changes; the status is for registering alone."""
        return {name: getattr(self, name) for name in FIELDS if name != "status"}

    @property
    def first_status(self) -> str:
        """The status it is registered with."""
        if self.status:
            return self.status
        return Status.CLOSED if self.closed is not None and self.closed.is_known else Status.OPEN


FIELDS: tuple[str, ...] = tuple(each.name for each in fields(InstitutionDraft))


def columns_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that these fields are kept in; fields in tables of their own are left out."""
    made: dict[str, Any] = {}
    for name, value in changes.items():
        if name in RELATED:
            continue
        if name in DATES:
            made |= kept(name, value)
        elif name == "name":
            made["name"] = value.strip()
            made["name_key"] = names.key(value)
            made["name_order"] = words.spoken(value)
        elif name in {"operator", "territory"}:
            made[f"{name}_id"] = value
        elif name in {"latitude", "longitude"}:
            made[name] = None if value is None else Decimal(value).quantize(SIXTH)
        elif name == "seen_open_on":
            made[name] = value
        elif name in FIELDS and name != "status":
            made[name] = value.strip()
        else:
            raise TypeError(f"an institution has no field {name!r} to amend; there are {FIELDS}")
    return made


def present(institution: Institution) -> dict[str, Any]:
    """An institution's fields as a draft has them. Related rows are read: prefetch them for many."""
    return {
        "name": institution.name,
        "name_en": institution.name_en,
        "names": tuple((each.kind, each.name) for each in institution.names.all() if each.kind != "former"),
        "kinds": tuple(each.kind for each in institution.kinds.all() if each.ends_before is None),
        "stages": tuple(each.stage for each in institution.stages.all()),
        "operator": institution.operator_id,
        "territory": institution.territory_id,
        "country": institution.country,
        "city": institution.city,
        "address": institution.address,
        "latitude": institution.latitude,
        "longitude": institution.longitude,
        "specialism": institution.specialism,
        "description": institution.description,
        "website": institution.website,
        "phone": institution.phone,
        "opened": institution.opened,
        "closed": institution.closed,
        "seen_open_on": institution.seen_open_on,
    }


@dataclass(frozen=True, slots=True)
class QualificationDraft:
    """What somebody was certified in. ``kind``: a QualificationKind value."""

    kind: str
    name: str = ""
    issuer: str = ""
    issued: PartialDate = UNKNOWN


@dataclass(slots=True)
class StaffDraft:
    """Somebody who works in an institution (a key): ``person`` a key of the register, or else ``name``.

    ``role``: a StaffRole value; ``degree``: a Degree value, "" unknown; ``is_experienced``: None unknown. ``ends``: the
    first day they were no longer there.
    """

    institution: int
    role: str
    source: str
    person: int | None = None
    name: str = ""
    post: str = ""
    degree: str = ""
    is_experienced: bool | None = None
    starts: PartialDate = UNKNOWN
    ends: PartialDate = UNKNOWN
    qualifications: tuple[QualificationDraft, ...] = ()


@dataclass(slots=True)
class MentorDraft:
    """A mentor that an institution (a key) appointed: ``person`` a key of the register, or else ``name``."""

    institution: int
    source: str
    person: int | None = None
    name: str = ""
    post: str = ""
    works_at: str = ""
    field: str = ""
    starts: PartialDate = UNKNOWN
    ends: PartialDate = UNKNOWN


@dataclass(frozen=True, slots=True)
class BranchDraft:
    """That ``branch`` belongs to the group of ``head`` (keys). ``form``: a BranchForm value."""

    head: int
    branch: int
    source: str
    form: str = "branch"
    starts: PartialDate = UNKNOWN
    ends: PartialDate = UNKNOWN


PERIOD = ("starts", "ends")
OF_STAFF = ("role", "person", "name", "post", "degree", "is_experienced", *PERIOD, "source")
OF_MENTOR = ("person", "name", "post", "works_at", "field", *PERIOD, "source")


def team_columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that fields of a member of staff or a mentor are kept in."""
    made: dict[str, Any] = {}
    for name, value in given.items():
        if name in PERIOD:
            made |= kept(name, value)
        elif name == "person":
            made["person_id"] = value
        else:
            made[name] = value.strip() if isinstance(value, str) else value
    return made


def fields_of(draft: StaffDraft | MentorDraft) -> dict[str, Any]:
    """Its fields as changes; institution and qualifications are kept otherwise."""
    return {name: getattr(draft, name) for name in (OF_STAFF if isinstance(draft, StaffDraft) else OF_MENTOR)}
