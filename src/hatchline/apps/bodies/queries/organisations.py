"""Questions about organisations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from hatchline.apps.bodies import drafts
from hatchline.apps.bodies.models import Organisation, OrganisationName
from hatchline.core.values.changes import differing, is_empty

_SEE_ALL = frozenset({"administrator", "official", "officer", "centre", "auditor"})


def organisation(pk: int) -> Organisation | None:
    """One organisation with what its page shows."""
    return organisations().prefetch_related("names", "identifiers").filter(pk=pk).first()


def organisations() -> QuerySet[Organisation]:
    """What a list shows, in four queries whatever the number of rows."""
    return Organisation.objects.select_related("territory", "industry").prefetch_related("types")


def visible_to(role: Any) -> QuerySet[Organisation]:
    """The organisations within a role's reach: all for the console's roles, their own for everyone else."""
    kind = getattr(role, "kind", None)
    if kind in _SEE_ALL:
        return organisations()
    own = getattr(role, "organisation_id", None)
    return organisations().filter(pk=own) if own is not None else organisations().none()


def named(text: str) -> QuerySet[Organisation]:
    """Organisations that have or had exactly this name, in any of its kinds."""
    others = OrganisationName.objects.filter(name=text.strip()).values("organisation")
    return Organisation.objects.filter(Q(name=text.strip()) | Q(pk__in=others))


def organisations_between(first_code: str, last_code: str) -> QuerySet[Organisation]:
    """Those whose credit codes lie between two, both included."""
    return Organisation.objects.filter(credit_code__gte=first_code, credit_code__lte=last_code)


def locked(pk: int) -> Organisation:
    """The row as it is now, held until the transaction ends. Must be called inside one."""
    return Organisation.objects.select_for_update().get(pk=pk)


def changes(pairs: Mapping[int, drafts.OrganisationDraft]) -> dict[int, dict[str, Any]]:
    """What each draft would change of the organisation it belongs to. Empty fields of a draft change nothing.

    Types, names and identifiers are added to those there are. Four queries for all.
    """
    found: Iterable[Organisation] = Organisation.objects.prefetch_related("types", "names", "identifiers").filter(
        pk__in=list(pairs)
    )
    made: dict[int, dict[str, Any]] = {}
    for each in found:
        present = drafts.present(each)
        given = {name: value for name, value in pairs[each.pk].given().items() if not is_empty(value)}
        for name in drafts.RELATED:
            if name in given:
                added = set(given[name]) - set(present[name])
                given[name] = tuple(present[name]) + tuple(value for value in given[name] if value in added)
        if "credit_code" in given:
            given["credit_code"] = drafts.columns_of({"credit_code": given["credit_code"]})["credit_code"]
        for name in ("latitude", "longitude"):
            if name in given:
                given[name] = drafts.columns_of({name: given[name]})[name]
        for name in ("name", "address", "website", "postcode", "description"):
            if name in given:
                given[name] = given[name].strip()
        wanted = differing(present, given)
        if wanted:
            made[each.pk] = wanted
    return made
