"""Questions about what a person keeps."""

from __future__ import annotations

from hatchline.apps.people.models import Person
from hatchline.apps.shelf.models import Draft, SavedView


def views(person: Person, list_name: str) -> list[SavedView]:
    """The person's views of a list by name; the one without a name (how the list opens) comes first."""
    return list(SavedView.objects.filter(person=person, list_name=list_name).order_by("name"))


def draft(person: Person, key: str) -> Draft | None:
    """What was typed into this form and not yet accepted."""
    return Draft.objects.filter(person=person, key=key[:200]).first()
