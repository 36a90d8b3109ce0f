"""Questions about what a person keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hatchline.apps.shelf.models import Draft, SavedView

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


def views(person: Person, list_name: str) -> list[SavedView]:
    """The person's views of a list by name; the one without a name (how the list opens) comes first."""
    return list(SavedView.objects.filter(person=person, list_name=list_name).order_by("name"))


def draft(person: Person, key: str) -> Draft | None:
    """What was typed into this form and not yet accepted."""
    return Draft.objects.filter(person=person, key=key[:200]).first()


def dossier(person: Person) -> dict[str, list[dict[str, Any]]]:
    """All a person keeps here: views of lists and forms not yet handed in."""
    return {
        "views": [
            {"list": each.list_name, "name": each.name, "query": each.query}
            for each in SavedView.objects.filter(person=person).order_by("list_name", "name")
        ],
        "drafts": [
            {"form": each.key, "saved_at": each.saved_at.isoformat(), "values": each.values}
            for each in Draft.objects.filter(person=person).order_by("key")
        ],
    }
