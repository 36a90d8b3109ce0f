"""Which part of the chain a page speaks of: an institution, a kind of institution, a field of technology."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.institutions.models import Kind
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.queries import Chain
from hatchline.apps.ventures.queries.flows import Part

FIELDS_OF_TECHNOLOGY = "hightech-2016"
MOST_INSTITUTIONS = 40  # in the menu: those with the most ventures on the day


@dataclass(frozen=True)
class Chosen:
    """What the address narrows the chain to; empty: not narrowed by it. What makes no sense in it is left out."""

    kind: str = ""
    field: str = ""
    institution: int = 0

    @property
    def keep(self) -> dict[str, str]:
        """As it stands in an address."""
        said = {"kind": self.kind, "field": self.field, "institution": str(self.institution or "")}
        return {name: value for name, value in said.items() if value}

    @cached_property
    def institutions(self) -> list[int] | None:
        """Keys of the institutions; None: all."""
        if self.institution:
            return [self.institution]
        if self.kind:
            return list(institutions.now_of_kinds(institutions.registered(), [self.kind]).values_list("pk", flat=True))
        return None

    @cached_property
    def fields(self) -> list[int] | None:
        """Keys of the class codes at and below the field; None: all."""
        return field_keys(self.field) if self.field else None

    @property
    def part(self) -> Part:
        """For questions about rows."""
        return Part(self.institutions, self.fields)

    def of(self, chain: Chain) -> Chain:
        """For questions about arrays."""
        return chain.of(self.institutions, self.fields) if self.keep else chain

    def words(self) -> list[tuple[str, str]]:
        """(what it is narrowed by, name of the parameter), for chips."""
        made = []
        if self.kind:
            made.append((str(Kind(self.kind).label), "kind"))
        if self.field:
            made.append((dict(top_fields()).get(self.field, self.field), "field"))
        if self.institution:
            made.append((institution_names([self.institution]).get(self.institution, "?"), "institution"))
        return made


def chosen(request: HttpRequest) -> Chosen:
    """What the address asks for."""
    given = request.GET
    kind = given.get("kind", "")
    field = given.get("field", "")
    institution = given.get("institution", "")
    is_number = institution.isascii() and institution.isdigit() and len(institution) < 19
    return Chosen(
        kind if kind in Kind.values else "",
        field if field and field in dict(top_fields()) else "",
        int(institution) if is_number and institutions.institution(int(institution)) is not None else 0,
    )


def in_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def institution_names(pks: list[int]) -> dict[int, str]:
    """Names in the reader's language."""
    rows = institutions.registered().filter(pk__in=pks).values_list("pk", "name", "name_en")
    return {pk: (english if in_english() and english else name) for pk, name, english in rows}


def top_fields() -> list[tuple[str, str]]:
    """Fields of technology of the first level: code and name."""
    edition = bodies.classification(FIELDS_OF_TECHNOLOGY)
    return [] if edition is None else list(bodies.codes(edition).filter(level=1).values_list("code", "name"))


def field_keys(code: str) -> list[int]:
    """Keys of the class codes at and below this one: theirs begin with it."""
    return keys_by_field([code])[code]


def keys_by_field(codes: list[str]) -> dict[str, list[int]]:
    """The same for several fields at once."""
    known = bodies.class_keys(FIELDS_OF_TECHNOLOGY).items()
    return {code: [pk for each, pk in known if each.startswith(code)] for code in codes}


def kinds_in(chain: Chain) -> dict[str, list[int]]:
    """Kind → keys of the institutions of that kind that are in the chain."""
    present = np.unique(chain.institution).tolist()
    found: dict[str, list[int]] = {}
    for pk, kinds in institutions.kinds_of(present).items():
        for kind in kinds:
            found.setdefault(kind, []).append(pk)
    return {kind: found[kind] for kind in Kind.values if kind in found}


def busiest(chain: Chain, ordinal: int, most: int) -> list[tuple[int, int]]:
    """Institutions with the most ventures on the day: key and number."""
    here = (chain.stays.starts <= ordinal) & (chain.stays.ends > ordinal)
    keys, numbers = np.unique(chain.institution[here], return_counts=True)
    order = np.argsort(-numbers, kind="stable")[:most]
    return [(int(keys[at]), int(numbers[at])) for at in order]


def menus(here: Any, whole: Chain, now: Chosen, ordinal: int) -> list[dict[str, Any]]:
    """The filters that are not in force. ``here(**changes)`` is the address with changes."""
    made: list[dict[str, Any]] = []
    if not now.kind and not now.institution:
        options = [
            {"label": Kind(kind).label, "href": here(kind=kind), "count": None, "current": False}
            for kind in kinds_in(whole)
        ]
        made.append({"label": _("机构类型"), "options": options})
    if not now.field:
        options = [
            {"label": name, "href": here(field=code), "count": None, "current": False} for code, name in top_fields()
        ]
        made.append({"label": _("技术领域"), "options": options})
    if not now.institution:
        most = busiest(whole, ordinal, MOST_INSTITUTIONS)
        names = institution_names([pk for pk, _number in most])
        options = [
            {"label": names.get(pk, pk), "href": here(institution=pk, kind=""), "count": number, "current": False}
            for pk, number in most
        ]
        made.append({"label": _("孵化机构"), "options": options})
    return [each for each in made if each["options"]]


def present_chain(request: HttpRequest) -> Chain:
    """The chain as it is kept; read once a request."""
    found: Chain | None = getattr(request, "_chain", None)
    if found is None:
        found = queries.present_chain()
        request._chain = found
    return found
