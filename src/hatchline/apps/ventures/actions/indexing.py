"""What of a venture is found by searching."""

from __future__ import annotations

from collections.abc import Sequence

from hatchline.apps.search import actions as search
from hatchline.apps.ventures.models import Venture

KIND = "ventures.venture"


def index(pks: Sequence[int]) -> None:
    """Make these findable by all their names, their company's code and name, and their summary."""
    rows = Venture.objects.filter(pk__in=pks).select_related("legal_person").prefetch_related("names")
    search.index_many(
        KIND,
        [
            search.Row(
                row.pk,
                [row.name, *(each.name for each in row.names.all()), row.legal_person.name if row.legal_person else ""],
                [row.legal_person.credit_code] if row.legal_person and row.legal_person.credit_code else [],
                row.summary[:500],
                row.website,
            )
            for row in rows
        ],
        compared=True,
    )
