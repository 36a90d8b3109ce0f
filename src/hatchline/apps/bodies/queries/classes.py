"""Classifications, the way between their editions, and key industries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from hatchline.apps.bodies.models import ClassCode, Classification, KeyIndustry, Territory
from hatchline.core.values import crosswalk as ways
from hatchline.core.values.crosswalk import Step


def classification(code: str) -> Classification | None:
    """One edition: gbt4754-2017."""
    return Classification.objects.filter(code=code).first()


def class_keys(classification_code: str) -> dict[str, int]:
    """Codes of one edition → keys, for imports. GB/T 4754 codes also without their letter (I6510 and 6510)."""
    made: dict[str, int] = {}
    for code, pk in ClassCode.objects.filter(classification__code=classification_code).values_list("code", "pk"):
        made[code] = pk
        if code[:1].isalpha() and len(code) > 1:
            made.setdefault(code[1:], pk)
    return made


def class_codes(pks: Collection[int]) -> dict[int, ClassCode]:
    """Codes by key."""
    return ClassCode.objects.select_related("classification").in_bulk(list(pks))


def crosswalk(older: str, newer: str) -> dict[str, Step]:
    """What became of every code from one edition to another, out of the two lists. Two queries."""
    return ways.crosswalk(*(_names(each) for each in (older, newer)))


def _names(classification_code: str) -> dict[str, str]:
    rows = ClassCode.objects.filter(classification__code=classification_code)
    return dict(rows.values_list("code", "name"))


def in_edition(class_code: ClassCode, classification_code: str) -> ClassCode | None:
    """The code in another edition, only where number and name are the same there. None: a person must choose."""
    return ClassCode.objects.filter(
        classification__code=classification_code, code=class_code.code, name=class_code.name
    ).first()


def key_industries(territory: Territory, on: date) -> QuerySet[KeyIndustry]:
    """The list of a territory in force on this day."""
    return (
        KeyIndustry.objects.filter(Q(ends_before=None) | Q(ends_before__gt=on), territory=territory, starts_on__lte=on)
        .select_related("class_code", "class_code__classification")
        .order_by("name", "class_code__code")
    )


def classifications() -> QuerySet[Classification]:
    """Every edition, in the order of its family."""
    return Classification.objects.all()


def codes(edition: Classification) -> QuerySet[ClassCode]:
    """The codes of one edition, each with the one above it."""
    return ClassCode.objects.filter(classification=edition).select_related("parent")
