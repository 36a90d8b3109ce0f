"""Questions about targets: what they stand at on a day, on which rows, and what is missing to say so."""

from hatchline.apps.indicators.queries.kept import last_change, month_ends, stale
from hatchline.apps.indicators.queries.reading import (
    Coverage,
    Reading,
    due_by,
    reading,
    readings,
    series_days,
    verdict,
)
from hatchline.apps.indicators.queries.reckoning import Beside, Figure
from hatchline.apps.indicators.queries.targets import definition_on, latest_definition, locked, target, targets

__all__ = [
    "Beside",
    "Coverage",
    "Figure",
    "Reading",
    "definition_on",
    "due_by",
    "last_change",
    "latest_definition",
    "locked",
    "month_ends",
    "reading",
    "readings",
    "series_days",
    "stale",
    "target",
    "targets",
    "verdict",
]
