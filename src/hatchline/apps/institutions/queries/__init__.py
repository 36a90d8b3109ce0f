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
    locked,
    shown,
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
    "locked",
    "of_kinds",
    "offering",
    "open_on",
    "registered",
    "shown",
    "sure_spans",
    "undecided_on",
    "visible_to",
]
