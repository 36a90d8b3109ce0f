"""Loading published reference data. Loading the same again changes nothing; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hatchline.apps.bodies.models import ClassCode, Classification, Level, Territory
from hatchline.apps.bodies.queries.places import prefix_of
from hatchline.apps.ledger import actions as ledger

BATCH = 500
# levels that stand in the list of codes but not in anyone's address
FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_LEVELS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.SUBDISTRICT}


@dataclass(frozen=True)
class Loaded:
    """What a load did, in rows."""

    created: int
    updated: int
    unchanged: int


@transaction.atomic
def load_territories(rows: Iterable[tuple[str, str]], *, source: str, now: datetime) -> Loaded:
    """Divisions as (code, name), higher ones before or among their own. A code without a known parent is a ValueError.

    Names of divisions that are there already are brought up to date; ``source`` is that of the rows made or changed.
    """
    there = {each.prefix: each for each in Territory.objects.all()}
    created = updated = unchanged = 0
    changed: list[Territory] = []
    for prefix, code, name in sorted((prefix_of(code), code, name.strip()) for code, name in rows):
        if len(prefix) not in _LEVELS or not prefix.isdigit():
            raise ValueError(f"{code!r} is not the code of a division: six digits, or nine for a sub-district")
        parent = _parent(prefix, there)
        above = parent.path_name or _above(parent, there) if parent is not None else ""
        path_name = "" if name in FILLERS else above + name
        present = there.get(prefix)
        if present is None:
            present = Territory(
                code=code,
                prefix=prefix,
                name=name,
                path_name=path_name,
                level=_LEVELS[len(prefix)],
                parent=parent,
                source=source,
            )
            present.save(force_insert=True)
            there[prefix] = present
            created += 1
        elif (present.name, present.path_name) != (name, path_name):
            present.name, present.path_name, present.source = name, path_name, source
            changed.append(present)
            updated += 1
        else:
            unchanged += 1
    Territory.objects.bulk_update(changed, ["name", "path_name", "source"], batch_size=BATCH)
    if created or updated:
        subject = min(there.values(), key=lambda each: each.pk)
        details = {"source": source, "created": created, "updated": updated}
        ledger.move(subject, "load_territories", by=None, at=now, details=details)
    return Loaded(created, updated, unchanged)


def _parent(prefix: str, there: dict[str, Territory]) -> Territory | None:
    if len(prefix) == 2:
        return None
    for length in (6, 4, 2):
        if length < len(prefix) and prefix[:length] in there:
            return there[prefix[:length]]
    raise ValueError(f"{prefix!r}: no division above it is known")


def _above(parent: Territory, there: dict[str, Territory]) -> str:
    """The full name to put before a division whose parent is a filler."""
    return there[parent.prefix[:2]].path_name


@transaction.atomic
def load_classification(
    code: str,
    rows: Iterable[tuple[str, str, str, int]],
    *,
    name: str,
    name_en: str,
    family: str,
    edition: str,
    source: str,
    now: datetime,
) -> Loaded:
    """An edition's codes as (code, name, parent code or "", level)."""
    classification, is_new = Classification.objects.update_or_create(
        code=code,
        defaults={"name": name, "name_en": name_en, "family": family, "edition": edition, "source": source},
    )
    there = {each.code: each for each in classification.codes.all()}
    created, unchanged = 0, 0
    changed: list[ClassCode] = []
    ordered = sorted(rows, key=lambda row: (row[3], row[0]))
    for level in sorted({row[3] for row in ordered}):
        made = []
        for its_code, its_name, parent_code, _ in (row for row in ordered if row[3] == level):
            parent = there[parent_code] if parent_code else None
            present = there.get(its_code)
            if present is None:
                made.append(
                    ClassCode(
                        classification=classification, code=its_code, name=its_name.strip(), level=level, parent=parent
                    )
                )
            elif present.name != its_name.strip() or present.parent_id != (parent.pk if parent else None):
                present.name, present.parent = its_name.strip(), parent
                changed.append(present)
            else:
                unchanged += 1
        ClassCode.objects.bulk_create(made, batch_size=BATCH)
        there |= {each.code: each for each in made}
        created += len(made)
    ClassCode.objects.bulk_update(changed, ["name", "parent"], batch_size=BATCH)
    if is_new or created or changed:
        details = {"created": created, "updated": len(changed)}
        ledger.move(classification, "load_classification", by=None, at=now, details=details)
    return Loaded(created, len(changed), unchanged)
