"""What is known of an organisation before it is a record: the fields a form, a list or the API may give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from hatchline.apps.bodies.models import Organisation
from hatchline.apps.columns.partial_dates import kept
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.names import CreditCode
from hatchline.core.values.unreadable import Unreadable

SIXTH = Decimal("0.000001")
DATES = ("founded", "closed")
RELATED = ("types", "names", "identifiers")  # kept in tables of their own


@dataclass(slots=True)
class OrganisationDraft:
    """Fields of an organisation. ``territory`` and ``industry`` are keys (pk); empty fields say nothing.

    ``types``: TypeOfBody values. ``names``: (NameKind value, name) besides the present one. ``identifiers``: (scheme,
    value). ``country``: ISO 3166-1 alpha-2. Latitude and longitude in degrees.
    """

    name: str
    credit_code: str = ""
    legal_form: str = ""
    types: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    country: str = ""
    territory: int | None = None
    address: str = ""
    postcode: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    website: str = ""
    founded: PartialDate | None = None
    closed: PartialDate | None = None
    industry: int | None = None
    description: str = ""

    def given(self) -> dict[str, Any]:
        """Its fields as changes."""
        return {name: getattr(self, name) for name in FIELDS}


FIELDS: tuple[str, ...] = tuple(each.name for each in fields(OrganisationDraft))


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
        elif name == "credit_code":
            made |= _credit_code(value)
        elif name == "website":
            made["website"] = value.strip()
            made["website_host"] = names.host(value)
        elif name in {"territory", "industry"}:
            made[f"{name}_id"] = value
        elif name in {"latitude", "longitude"}:
            made[name] = None if value is None else Decimal(value).quantize(SIXTH)
        elif name in FIELDS:
            made[name] = value.strip()
        else:
            raise TypeError(f"an organisation has no field {name!r}; there are {FIELDS}")
    return made


def _credit_code(value: str) -> dict[str, Any]:
    if not value.strip():
        return {"credit_code": None, "credit_code_is_doubtful": False}
    read = names.credit_code(value)
    if isinstance(read, Unreadable):
        raise ValueError(f"unreadable credit code {value!r}: ask policy.why_not_draft first")
    assert isinstance(read, CreditCode)
    return {"credit_code": read.code, "credit_code_is_doubtful": read.is_doubtful}


def present(organisation: Organisation) -> dict[str, Any]:
    """An organisation's fields as a draft has them. Related rows are read: prefetch them for many."""
    return {
        "name": organisation.name,
        "credit_code": organisation.credit_code or "",
        "legal_form": organisation.legal_form,
        "types": tuple(sorted(each.kind for each in organisation.types.all())),
        "names": tuple((each.kind, each.name) for each in organisation.names.all() if each.kind != "former"),
        "identifiers": tuple((each.scheme, each.value) for each in organisation.identifiers.all()),
        "country": organisation.country,
        "territory": organisation.territory_id,
        "address": organisation.address,
        "postcode": organisation.postcode,
        "latitude": organisation.latitude,
        "longitude": organisation.longitude,
        "website": organisation.website,
        "founded": organisation.founded,
        "closed": organisation.closed,
        "industry": organisation.industry_id,
        "description": organisation.description,
    }
