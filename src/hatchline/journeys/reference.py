"""Loading the published reference data that comes with the package, and the district's own plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hatchline import reference, rulebook
from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as places
from hatchline.apps.indicators import actions as indicators
from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import queries as observed
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.reference import loading

# The document's seven promises in the order of its file: code, English name, time kind and what their measure means.
_PROMISES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("institutions-2017", "Incubation institutions", "stock", {"subject": "institution", "recognised": "any"}),
    (
        "municipal-2017",
        "Institutions of municipal level or above",
        "stock",
        {"subject": "institution", "recognised": "municipal"},
    ),
    ("national-2017", "Institutions of national level", "stock", {"subject": "institution", "recognised": "national"}),
    ("tenants-2017", "Ventures in incubation", "stock", {"subject": "venture", "who": "tenant", "by": "record"}),
    (
        "revenue-2017",
        "Total revenue of ventures in incubation",
        "flow",
        {
            "subject": "venture",
            "who": "tenant",
            "reckon": "sum",
            "measure": "revenue",
            "period": "calendar_year",
            "beside": ["graduates_here", "four_quarters"],
        },
    ),
    ("graduates-2017", "Graduates so far", "running_total", {"subject": "venture", "who": "graduate"}),
    (
        "own_ip-2017",
        "Ventures in incubation with their own intellectual property",
        "stock",
        {"subject": "venture", "who": "tenant", "reckon": "share", "having": "valid_right", "measure": "valid_rights"},
    ),
)
_UNITS = {"元 (200亿元)": "元"}
_DOCUMENT, _ARTICLE = "朝科文〔2014〕27号", "一(二)"
_IN_FORCE_SINCE = date(2011, 1, 1)  # the measures are read back to where the plan's figures begin


def load(*, district: str, now: datetime) -> Iterator[tuple[str, int, int, int]]:
    """Bring everything in; yields (what, created, updated, unchanged). A second time nothing changes."""
    for filename, source in loading.TERRITORIES:
        done = bodies.load_territories(
            ((row["code"], row["name"]) for row in loading.rows(filename)), source=source, now=now
        )
        yield filename, done.created, done.updated, done.unchanged
    for edition in loading.EDITIONS:
        done = bodies.load_classification(
            edition.code,
            [(row["code"], row["name"], row["parent"], int(row["level"])) for row in loading.rows(edition.filename)],
            name=edition.name,
            name_en=edition.name_en,
            family=edition.family,
            edition=edition.edition,
            source=edition.source,
            now=now,
        )
        yield edition.filename, done.created, done.updated, done.unchanged
    words, documents = rulebook.sources()
    created, there = rulebooks.take_in(words[1], [text for _path, text in documents], now=now)
    yield "rulebook", created, 0, there
    created, there = _declare_measures(now)
    yield loading.MEASURES, created, 0, there
    created, there = _load_targets(district, now)
    if created or there:
        yield f"targets_{district}.csv", created, 0, there


def _declare_measures(now: datetime) -> tuple[int, int]:
    """The figures that ventures and institutions report; the facts of the vocabulary bear the same codes."""
    there = set(observed.measures().values_list("code", flat=True))
    wanted = list(loading.rows(loading.MEASURES))
    fresh = [row for row in wanted if row["code"] not in there]
    for row in fresh:
        observations.declare(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            subject_kind=row["subject"],
            value_type=row["value_type"],
            unit=row["unit"],
            time_kind=row["time_kind"],
            sums_over=tuple(row["sums_over"].split()),
            by=None,
            now=now,
        )
    return len(fresh), len(wanted) - len(fresh)


def _load_targets(district: str, now: datetime) -> tuple[int, int]:
    """The targets of the district's plan, when one is packaged for it."""
    filename = f"targets_{district}.csv"
    territory = places.territory(district)
    if territory is None or not reference.file(filename).is_file():
        return 0, 0
    promises = [
        indicators.Promise(
            code=code,
            name=row["target"],
            name_en=name_en,
            unit=_UNITS.get(row["unit"], row["unit"]),
            time_kind=time_kind,
            operator=row["operator"],
            value=Decimal(row["value"]),
            due_on=date(int(row["by"]), 12, 31),
            document=_DOCUMENT,
            article=_ARTICLE,
            office="",
            definition=definition,
        )
        for row, (code, name_en, time_kind, definition) in zip(loading.rows(filename), _PROMISES, strict=True)
    ]
    return indicators.load(promises, territory=territory, starts_on=_IN_FORCE_SINCE, now=now)
