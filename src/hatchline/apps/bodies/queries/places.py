"""Territories in their tree, functional areas on a day."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from hatchline.apps.bodies.models import Coverage, FunctionalArea, Level, Territory

LONGEST_NAME = 300  # characters; no place is called more, and SQLite refuses to compare patterns that never end
_ENDINGS = re.compile(r"(?:特别行政区|自治区|自治州|自治县|地区|街道|街道办事处|省|市|区|县|乡|镇|盟|旗)$")
_AUTONOMOUS = ("自治区", "自治州", "自治县")
_LENGTHS = (2, 4, 6, 9, 12)


def prefix_of(code: str) -> str:
    """A code without its empty levels: 110000 → 11, 110100 → 1101, 110105 and 110105026 as they are."""
    if len(code) == 6:
        if code.endswith("0000"):
            return code[:2]
        if code.endswith("00"):
            return code[:4]
    return code


def territory(code: str) -> Territory | None:
    """The division with this code, given in full (110000) or without its empty levels (11)."""
    return Territory.objects.filter(prefix=prefix_of(code.strip())).first()


def territories() -> QuerySet[Territory]:
    """Every division that is known."""
    return Territory.objects.all()


def within(field: str, above: Territory | str) -> Q:
    """A condition: the territory behind ``field`` (a lookup path) is in the subtree. One range, no LIKE."""
    prefix = above.prefix if isinstance(above, Territory) else prefix_of(above.strip())
    path_to = f"{field}__prefix" if field else "prefix"
    return Q(**{f"{path_to}__gte": prefix, f"{path_to}__lt": prefix + ":"})  # ":" follows "9"


def subtree(above: Territory | str) -> QuerySet[Territory]:
    """A division and everything below it."""
    return Territory.objects.filter(within("", above))


def path(below: Territory) -> list[Territory]:
    """From the province down to the division itself."""
    prefixes = [below.prefix[:length] for length in _LENGTHS if length <= len(below.prefix)]
    return list(Territory.objects.filter(prefix__in=prefixes).order_by(Length("prefix")))


def above(below: Territory | str) -> QuerySet[Territory]:
    """The divisions that a division lies in, without itself."""
    prefix = below.prefix if isinstance(below, Territory) else prefix_of(below.strip())
    return Territory.objects.filter(prefix__in=[prefix[:length] for length in _LENGTHS if length < len(prefix)])


def territories_named(text: str, inside: Territory | str | None = None) -> QuerySet[Territory]:
    """Divisions whose name or full path contains the text; the higher levels first."""
    if len(text) > LONGEST_NAME:
        return Territory.objects.none()
    found = Territory.objects.filter(Q(name__contains=text) | Q(path_name__contains=text))
    if inside is not None:
        found = found.filter(within("", inside))
    return found.order_by("level", "code")


def bare(name: str) -> str:
    """A division's name without the word for its level: 朝阳区 → 朝阳, 望京街道 → 望京. Two characters always stay."""
    shorter = _ENDINGS.sub("", name.strip())
    return shorter if len(shorter) >= 2 else name.strip()


def place_of(*names: str, inside: Territory | str | None = None) -> list[Territory]:
    """The divisions that these names, from high to low, lead to. Several: they do not say which; none: no such place.

    Empty names are skipped. Names may lack the word for their level (北京, 朝阳, 望京). Each name is looked for below
    what the names before it found.
    """
    found: list[Territory] | None = None
    for name in names:
        if not name.strip():
            continue
        if len(name) > LONGEST_NAME:
            return []
        pool = Territory.objects.exclude(path_name="")
        if inside is not None:
            pool = pool.filter(within("", inside))
        if found is not None:
            below = Q(pk__in=[])
            for above in found:
                below |= within("", above)
            pool = pool.filter(below)
        word = bare(name)
        begun = list(pool.filter(name__startswith=word).order_by("level", "code"))
        # 新疆 is 新疆维吾尔自治区: the people's name in the middle is commonly left out
        matches = [each for each in begun if bare(each.name) == word] or [
            each for each in begun if each.name.endswith(_AUTONOMOUS)
        ]
        exact = [each for each in matches if each.name == name.strip()]
        found = exact or matches
        highest = min((each.level for each in found), default=Level.PROVINCE)
        found = [each for each in found if each.level == highest]
        if not found:
            return []
    return found or []


def territory_keys(inside: Territory | str | None = None) -> dict[str, int]:
    """Codes as published → keys, for imports."""
    rows = Territory.objects.all() if inside is None else subtree(inside)
    return dict(rows.values_list("code", "pk"))


def prefixes(pks: Collection[int]) -> dict[int, str]:
    """Keys → prefixes, for comparing many places at once."""
    return dict(Territory.objects.filter(pk__in=pks).values_list("pk", "prefix"))


def area_divisions(area: FunctionalArea, on: date) -> QuerySet[Territory]:
    """What a functional area covers on this day, with everything below."""
    covered = Coverage.objects.filter(Q(ends_before=None) | Q(ends_before__gt=on), area=area, starts_on__lte=on)
    below = Q(pk__in=[])
    for prefix in covered.values_list("territory__prefix", flat=True):
        below |= within("", prefix)
    return Territory.objects.filter(below)


def areas() -> QuerySet[FunctionalArea]:
    """Every functional area."""
    return FunctionalArea.objects.all()
