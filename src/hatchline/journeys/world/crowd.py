"""Many invented organisations, for measuring: quickly, and the same ones for the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from random import Random

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as places
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import invented, writing

FIRST = 100_000  # numbers below belong to the bodies of the district itself
CHUNK = 2_000  # a transaction of well under a second, so that other writers get in between
INDUSTRIES = ("I6511", "I6520", "M7310", "M7320", "M7340", "C3562", "C2761", "R8710", "M7514", "I6531")
TYPES = (("company",), ("company",), ("company",), ("company", "provider"), ("company", "investor"), ("institute",))


def add_organisations(
    count: int, *, district: str, seed: int, now: datetime, progress: Callable[[int], None] | None = None
) -> int:
    """Bring the crowd up to ``count`` organisations; answers how many were added. Committed in chunks."""
    there = places.organisations_between(
        invented.credit_code(FIRST), invented.credit_code(writing.FIRST_CODE - 1)
    ).count()
    streets = list(places.subtree(district).filter(level=4).order_by("code").values_list("pk", flat=True))
    edition = places.class_keys("gbt4754-2017")
    industries = [edition[code] for code in INDUSTRIES if code in edition]
    added = 0
    for start in range(there, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        drafts = [_draft(number, seed, streets, industries) for number in numbers]
        bodies.register_many(drafts, now=now)
        added += len(drafts)
        if progress is not None:
            progress(start + len(drafts))
    return added


def _draft(number: int, seed: int, streets: Sequence[int], industries: Sequence[int]) -> OrganisationDraft:
    """The numbered organisation: it depends on its number and the seed alone."""
    random = Random(seed * 1_000_003 + number)
    year, month = random.randint(1998, 2017), random.randint(1, 12)
    founded = PartialDate.of(f"{year}-{month:02d}" if random.random() < 0.9 else f"{year}")
    street = random.choice(streets) if streets else None
    return OrganisationDraft(
        name=invented.company(number),
        credit_code=invented.credit_code(FIRST + number),
        legal_form="limited",
        types=random.choice(TYPES),
        country="CN",
        territory=street,
        address=f"演示路 {random.randint(1, 400)} 号 {random.randint(1, 30)} 层",
        postcode="100000",
        latitude=Decimal(random.randint(39_820_000, 40_090_000)) / 1_000_000,
        longitude=Decimal(random.randint(116_350_000, 116_640_000)) / 1_000_000,
        founded=founded if random.random() < 0.9 else None,
        industry=random.choice(industries) if industries else None,
    )
