"""What the API says and hears. Dates are ISO days or partial-date codes, degrees are in WGS 84."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict

from hatchline.core.values.dates import PartialDate
from hatchline.sites.api.inputs import Code, DateCode, Key, Latitude, Line, Longitude, Prose


class Problem(Schema):
    """RFC 9457. ``code`` is stable; title and detail are for people, in the language of ``?lang=``."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    code: str
    detail: str = ""


class PartialDateOut(Schema):
    """A date as exact as it is known: ``earliest`` ≤ the day < ``before``."""

    code: str
    precision: str
    earliest: date | None
    before: date | None
    text: str


class TerritoryOut(Schema):
    code: str
    name: str
    path_name: str
    level: int
    parent: str | None


class AreaOut(Schema):
    code: str
    name: str
    name_en: str


class AreaDetail(AreaOut):
    on: date
    divisions: list[TerritoryOut]


class ClassificationOut(Schema):
    code: str
    name: str
    name_en: str
    family: str
    edition: str
    source: str


class ClassCodeOut(Schema):
    code: str
    name: str
    level: int
    parent: str | None


class KeyIndustryOut(Schema):
    name: str
    classification: str
    code: str
    code_name: str
    starts_on: date
    ends_before: date | None
    document: str


class OtherName(Schema):
    model_config = ConfigDict(extra="forbid")
    kind: Code
    name: Line


class OtherNumber(Schema):
    model_config = ConfigDict(extra="forbid")
    scheme: Code
    value: Line


class OrganisationOut(Schema):
    id: int
    version: int
    name: str
    credit_code: str | None
    credit_code_is_doubtful: bool
    legal_form: str
    status: str
    types: list[str]
    country: str
    territory: str | None
    address: str
    website: str
    founded: PartialDateOut | None
    industry: str | None


class OrganisationDetail(OrganisationOut):
    postcode: str
    latitude: float | None
    longitude: float | None
    closed: PartialDateOut | None
    industry_classification: str | None
    description: str
    names: list[OtherName]
    identifiers: list[OtherNumber]
    registered_at: datetime
    amended_at: datetime


class OrganisationFields(Schema):
    """Fields of an organisation; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")
    name: Line = ""
    credit_code: Code = ""
    legal_form: Code = ""
    types: list[Code] = []
    names: list[OtherName] = []
    identifiers: list[OtherNumber] = []
    country: Code = ""
    territory: Code | None = None
    address: Line = ""
    postcode: Code = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    website: Line = ""
    founded: DateCode | None = None
    closed: DateCode | None = None
    industry: Code | None = None
    industry_classification: Code = "gbt4754-2017"
    description: Prose = ""


class NewOrganisation(OrganisationFields):
    name: Line


class InstitutionOut(Schema):
    id: int
    version: int
    name: str
    name_en: str
    kinds: list[str]
    stages: list[str]
    status: str
    operator: int | None
    operator_name: str
    territory: str | None
    specialism: str
    opened: PartialDateOut | None
    closed: PartialDateOut | None


class InstitutionDetail(InstitutionOut):
    names: list[OtherName]
    address: str
    latitude: float | None
    longitude: float | None
    description: str
    website: str
    phone: str
    seen_open_on: date | None
    registered_at: datetime
    amended_at: datetime


class InstitutionFields(Schema):
    """Fields of an institution; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")
    name: Line = ""
    name_en: Line = ""
    names: list[OtherName] = []
    kinds: list[Code] = []
    stages: list[Code] = []
    operator: Key | None = None
    territory: Code | None = None
    address: Line = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    specialism: Line = ""
    description: Prose = ""
    website: Line = ""
    phone: Code = ""
    opened: DateCode | None = None
    closed: DateCode | None = None


class NewInstitution(InstitutionFields):
    name: Line
    status: Code = ""


class CoverageOut(Schema):
    rows: int
    decided: int
    undecided: int


class PointOut(Schema):
    on: date
    value: float | None


class TargetOut(Schema):
    code: str
    measure: str
    name: str
    name_en: str
    unit: str
    operator: str
    target: float
    due_on: date
    territory: str
    document: str
    article: str
    owner_office: str
    version: int


class ReadingOut(TargetOut):
    """``value`` null: unknown, and ``missing`` says what lacks; never zero for want of data.

    ``series``: month ends as they were kept; ``series_reckoned_at``: when, where something was written since;
    ``pending``: its days that are being reckoned, with a value of null.
    """

    as_of: date
    value: float | None
    at_most: float | None
    verdict: str
    coverage: CoverageOut | None
    missing: list[str]
    definition: str
    due_by_now: float | None
    series: list[PointOut]
    series_reckoned_at: datetime | None
    pending: list[date]


class RoleOut(Schema):
    id: int
    kind: str
    name: str
    organisation: int | None
    territory: str | None
    area: str | None


class MeOut(Schema):
    id: int
    name: str
    role: RoleOut | None
    roles: list[RoleOut]
    unread: int
    token_expires_at: datetime | None


class MessageOut(Schema):
    id: int
    kind: str
    title: str
    text: str
    link: str
    needs_answer: bool
    due_on: date | None
    sent_at: datetime
    read_at: datetime | None


def partial_date(value: PartialDate | None) -> dict[str, Any] | None:
    """A partial date; none when nothing is known and nothing was written."""
    if value is None or not (value.code or value.text):
        return None
    return {name: getattr(value, name) for name in ("code", "precision", "earliest", "before", "text")}


def number(value: Any) -> float | None:
    """A decimal as a JSON number."""
    return None if value is None else float(value)
