"""Which stays a role reaches."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hatchline.apps.people.roles import CONSOLE
from hatchline.apps.ventures.models import Stay
from hatchline.apps.ventures.queries.register import institutions_of, visible_to


def stays_visible_to(role: Any) -> QuerySet[Stay]:
    """All for the console's roles; those in their own institutions for an institution's people; a founder's own."""
    rows = Stay.objects.select_related("venture", "institution")
    kind = getattr(role, "kind", None)
    if kind in CONSOLE:
        return rows
    if kind in {"manager", "staff"}:
        return rows.filter(institution__in=institutions_of(role).values("pk"))
    return rows.filter(venture__in=visible_to(role).values("pk"))
