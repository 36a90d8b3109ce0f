"""Questions about institutions."""

from hatchline.apps.institutions.queries.days import (
    Span,
    of_kinds,
    offering,
    open_on,
    registered,
    sure_spans,
    undecided_on,
)
from hatchline.apps.institutions.queries.duplicates import candidates, changes
from hatchline.apps.institutions.queries.register import (
    Directory,
    directory,
    institution,
    institutions,
    kinds_of,
    locked,
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
    "of_kinds",
    "offering",
    "open_on",
    "registered",
    "shown",
    "stages_of",
    "sure_spans",
    "undecided_on",
    "visible_to",
]
