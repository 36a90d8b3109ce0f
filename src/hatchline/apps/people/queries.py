"""Questions about persons and roles."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from hatchline.apps.people.models import Account, Role


def roles_of(account: Account, *, today: date) -> list[Role]:
    """The roles this account's person has today, in the order they were given. One query."""
    if account.person_id is None:
        return []
    return list(
        Role.objects.filter(person_id=account.person_id, starts_on__lte=today)
        .filter(Q(ends_before=None) | Q(ends_before__gt=today))
        .select_related("organisation", "territory", "area")
        .order_by("pk")
    )
