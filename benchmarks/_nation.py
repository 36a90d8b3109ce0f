"""A made-up nation under the rule of 2018: institutions and ventures with every fact that the rule asks for.

Shapes follow the published averages (about 46 ventures an institution, graduates among them); figures are invented.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from hatchline.core.rules.populations import Population, missing, narrow
from hatchline.core.rules.vocabulary import day_number
from hatchline.rulebook import library

SIZES = {"S": (1_500, 60_000), "M": (15_000, 700_000), "L": (150_000, 7_000_000)}
AS_OF = date(2020, 6, 30)
UNKNOWN = 0.02
WAN = 1_000_000  # 万元 in 分
M2 = 10_000  # a square metre in cm²


def nation(size: str = "S", *, unknown: float = UNKNOWN, seed: int = 20190101) -> Population:
    """A population of a size, ventures ordered by institution; a share of the facts is unknown."""
    institutions, ventures = SIZES[size]
    rng = np.random.default_rng(seed)
    sizes = rng.gamma(2.0, 1.0, institutions)
    drawn = rng.choice(institutions, ventures - institutions, p=sizes / sizes.sum())
    owners = np.sort(np.concatenate((np.arange(institutions), drawn)))  # nobody is empty: the peer's join needs that
    offsets = np.zeros(institutions + 1, dtype=np.int64)
    np.cumsum(np.bincount(owners, minlength=institutions), out=offsets[1:])
    own = facts_of_institutions(rng, institutions, np.diff(offsets))
    members = facts_of_ventures(rng, ventures)
    vocabulary = library().vocabulary
    for columns in (own, members):
        for name, values in columns.items():
            kept = values.astype(narrow(vocabulary.facts[name.partition("@")[0]]))
            if unknown:
                kept[rng.random(len(kept)) < unknown] = missing(kept.dtype)
            columns[name] = kept
    return Population(range(institutions), own, offsets, members)  # type: ignore[arg-type]


def facts_of_institutions(rng, many: int, ventures) -> dict[str, np.ndarray]:
    area = (rng.lognormal(9.7, 0.6, many) * M2).astype(np.int64)
    staff = rng.integers(5, 60, many)
    return {
        "independent_legal_person": rng.random(many) < 0.97,
        "direction_clear": rng.random(many) < 0.97,
        "operating_since": days(rng, many, 2000, 2018),
        "statistics_years": rng.integers(0, 8, many) * 372,
        "controlled_area": area,
        "tenant_used_area": (area * rng.uniform(0.65, 1.0, many)).astype(np.int64),
        "fund_size": rng.integers(100, 5000, many) * WAN,
        "fund_cases": rng.integers(0, 12, many),
        "staff": staff,
        "service_staff": np.minimum(staff, (staff * rng.uniform(0.6, 1.05, many)).astype(np.int64)),
        "mentors": rng.integers(1, 30, many),
        "applies_as_professional": rng.random(many) < 0.4,
        "precise_service": rng.random(many) < 0.8,
        "public_platform": rng.random(many) < 0.7,
        "in_remote_region": rng.random(many) < 0.08,
    }


def facts_of_ventures(rng, many: int) -> dict[str, np.ndarray]:
    graduated = rng.random(many) < 0.4
    entered = rng.integers(day_number(date(2015, 7, 1)), day_number(date(2020, 6, 1)), many)
    revenue = rng.lognormal(14.0, 1.3, many)
    return {
        "in_incubation": ~graduated,
        "graduated": graduated,
        "does_technology": rng.random(many) < 0.97,
        "registered_here": rng.random(many) < 0.96,
        "main_site_here": rng.random(many) < 0.96,
        "founded_on": entered - rng.integers(0, 31 * 26, many),
        "entered_on": entered,
        "field": rng.integers(0, 10, many),
        "was_financed": rng.random(many) < 0.15,
        "patent_applied": rng.random(many) < 0.4,
        "valid_rights": rng.poisson(0.6, many),
        "in_specialism": rng.random(many) < 0.7,
        "graduation_upheld": rng.random(many) < 0.5,
        "graduated_on": rng.integers(day_number(date(2017, 1, 1)), day_number(date(2020, 6, 1)), many),
        "is_high_tech": rng.random(many) < 0.2,
        "venture_capital": (rng.lognormal(13.0, 2.0, many) * 100).astype(np.int64),
        "merged_or_listed": rng.random(many) < 0.03,
        "revenue@2019": (revenue * 100).astype(np.int64),
        "revenue@2018": (revenue * rng.uniform(0.5, 1.2, many) * 100).astype(np.int64),
        "revenue@2017": (revenue * rng.uniform(0.3, 1.1, many) * 100).astype(np.int64),
    }


def days(rng, many: int, first: int, last: int) -> np.ndarray:
    """Days of evaluation's numbering, any day of the month."""
    return rng.integers(day_number(date(first, 1, 1)), day_number(date(last, 12, 31)), many)
