"""Questions about organisations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from hatchline.apps.bodies import drafts
from hatchline.apps.bodies.models import Identifier, Organisation, OrganisationName, OrganisationType
from hatchline.core.values.changes import is_empty

_SEE_ALL = frozenset({"administrator", "official", "officer", "centre", "auditor"})


def organisation(pk: int) -> Organisation | None:
    """One organisation with what its page shows."""
    return organisations().prefetch_related("names", "identifiers").filter(pk=pk).first()


def organisations() -> QuerySet[Organisation]:
    """What a list shows, in four queries whatever the number of rows."""
    return Organisation.objects.select_related("territory", "industry").prefetch_related("types")


def types_of(pks: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Their types by key, in one query; those without any are left out."""
    found: dict[int, tuple[str, ...]] = {}
    rows = OrganisationType.objects.filter(organisation__in=pks).order_by("pk")
    for pk, kind in rows.values_list("organisation_id", "kind"):
        found[pk] = (*found.get(pk, ()), kind)
    return found


def of_types(rows: QuerySet[Organisation], kinds: Collection[str]) -> QuerySet[Organisation]:
    """Those of any of these types."""
    return rows.filter(pk__in=OrganisationType.objects.filter(kind__in=kinds).values("organisation"))


def number_by_type() -> dict[str, int]:
    """How many organisations are of each type; types without any are left out."""
    counted = OrganisationType.objects.values_list("kind").annotate(number=Count("pk"))
    return dict(counted.order_by())


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

    Types, names and identifiers are added to those there are. At most four queries for all.
    """
    rows = Organisation.objects.filter(pk__in=list(pairs)).values()
    related = _related(pairs)
    made: dict[int, dict[str, Any]] = {}
    for row in rows:
        pk = row["id"]
        wanted: dict[str, Any] = {}
        for name, value in pairs[pk].given().items():
            if is_empty(value):
                continue
            if name in drafts.RELATED:
                there = related[name].get(pk, ())
                if new := tuple(each for each in dict.fromkeys(value) if each not in there):
                    wanted[name] = (*there, *new)
            elif not _kept_already(row, name, value):
                wanted[name] = value
        if wanted:
            made[pk] = wanted
    return made


def _kept_already(row: Mapping[str, Any], name: str, value: Any) -> bool:
    columns = drafts.columns_of({name: value})
    if name in drafts.DATES:
        if value.is_known or row[f"{name}_on"] is not None:
            return (row[f"{name}_on"], row[f"{name}_before"]) == (value.earliest, value.before)
        return bool(row[f"{name}_text"] == columns[f"{name}_text"])
    return all(row[column] == kept for column, kept in columns.items())


def _related(pairs: Mapping[int, drafts.OrganisationDraft]) -> dict[str, dict[int, tuple[Any, ...]]]:
    """Types, other names and identifiers there are, for those drafts that bring some."""
    tables: dict[str, QuerySet[Any, tuple[Any, ...]]] = {
        "types": OrganisationType.objects.values_list("organisation_id", "kind"),
        "names": OrganisationName.objects.values_list("organisation_id", "kind", "name"),
        "identifiers": Identifier.objects.values_list("organisation_id", "scheme", "value"),
    }
    made: dict[str, dict[int, tuple[Any, ...]]] = {}
    for name, rows in tables.items():
        asked = [pk for pk, draft in pairs.items() if getattr(draft, name)]
        found: dict[int, tuple[Any, ...]] = {}
        if asked:
            for pk, *values in rows.filter(organisation__in=asked).order_by("pk"):
                found[pk] = (*found.get(pk, ()), values[0] if len(values) == 1 else tuple(values))
        made[name] = found
    return made
