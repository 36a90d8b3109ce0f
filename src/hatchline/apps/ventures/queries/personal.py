"""What this app holds about persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hatchline.apps.ventures.models import Asked, Founder

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


def dossier(person: Person) -> dict[str, Any]:
    """All this app holds about a person: for the person, never for a page."""
    founded = Founder.objects.filter(person=person).select_related("venture").order_by("pk")
    replies = Asked.objects.filter(by=person).select_related("question", "institution").order_by("pk")
    return {
        "founded": [
            {
                "venture": each.venture.name,
                "name": each.name,
                "backgrounds": each.backgrounds,
                "from": each.starts_on.isoformat() if each.starts_on else None,
                "until": each.ends_before.isoformat() if each.ends_before else None,
            }
            for each in founded
        ],
        "replies": [
            {
                "institution": each.institution.name,
                "text": each.text,
                "replied_at": each.replied_at.isoformat() if each.replied_at else None,
            }
            for each in replies
        ],
    }


def founder(pk: int) -> Founder | None:
    """One founder of a venture."""
    return Founder.objects.select_related("venture", "person").filter(pk=pk).first()
