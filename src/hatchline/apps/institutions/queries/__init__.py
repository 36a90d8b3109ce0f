"""Questions about institutions."""

from hatchline.apps.institutions.queries.days import (
    Span,
    of_kinds,
    offering,
    open_on,
    registered,
    sure_spans,
    undecided_on,
    unplaced_on,
)
from hatchline.apps.institutions.queries.duplicates import candidates, changes
from hatchline.apps.institutions.queries.register import (
    Directory,
    directory,
    institution,
    institutions,
    kinds_of,
    locked,
    now_of_kinds,
    number_by_kind,
    number_by_stage,
    shown,
    stages_of,
    visible_to,
)

__all__ = [
    "Directory",
    "Span",
    "candidates",
    "changes",
    "directory",
    "institution",
    "institutions",
    "kinds_of",
    "locked",
    "now_of_kinds",
    "number_by_kind",
    "number_by_stage",
    "of_kinds",
    "offering",
    "open_on",
    "registered",
    "shown",
    "stages_of",
    "sure_spans",
    "undecided_on",
    "unplaced_on",
    "visible_to",
]
