"""Keeping and taking away. Every verb may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.shelf.models import Draft, SavedView
from hatchline.core.values.refusal import Refusal, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

MOST_VIEWS = 30
LONGEST_NAME = 40
LONGEST_QUERY = 2000
LONGEST_DRAFT = 200_000  # characters of all values together


@transaction.atomic
def save_view(person: Person, list_name: str, *, name: str, query: str) -> SavedView:
    """Keep a view; one of the same name is replaced."""
    name = name.strip()
    require(_why_not_save(person, list_name, name, query))
    made, _created = SavedView.objects.update_or_create(
        person=person, list_name=list_name, name=name, defaults={"query": query}
    )
    return made


def _why_not_save(person: Person, list_name: str, name: str, query: str) -> Refusal | None:
    if not name or len(name) > LONGEST_NAME:
        return Refusal("view_name", _("请给视图取一个 1 到 40 个字的名称。"), field="name")
    if len(query) > LONGEST_QUERY:
        return Refusal("view_too_long", _("条件太多，存不成视图。请减少几个条件。"))
    others = SavedView.objects.filter(person=person, list_name=list_name).exclude(name__in=["", name])
    if others.count() >= MOST_VIEWS:
        return Refusal("too_many_views", _("这个列表已有 30 个视图，请先删掉不用的。"))
    return None


def drop_view(person: Person, view_pk: int) -> str:
    """Take away one's own view and answer its name; another's, or one that is gone, changes nothing."""
    view = SavedView.objects.filter(person=person, pk=view_pk).first()
    if view is None:
        return ""
    view.delete()
    return view.name


def choose_columns(person: Person, list_name: str, columns: Sequence[str]) -> None:
    """Remember the columns this person wants to see; none means the list's own choice."""
    if not columns:
        SavedView.objects.filter(person=person, list_name=list_name, name="").delete()
        return
    SavedView.objects.update_or_create(
        person=person, list_name=list_name, name="", defaults={"query": urlencode({"columns": ",".join(columns)})}
    )


def keep_draft(person: Person, key: str, values: Mapping[str, Sequence[str]], *, now: datetime) -> Draft | None:
    """Keep a form as typed; None when it is too long to be kept here (the browser keeps it still)."""
    if sum(len(one) for many in values.values() for one in many) > LONGEST_DRAFT:
        return None
    made, _created = Draft.objects.update_or_create(
        person=person, key=key[:200], defaults={"values": dict(values), "saved_at": now}
    )
    return made


def drop_draft(person: Person, key: str) -> None:
    """The form was accepted."""
    Draft.objects.filter(person=person, key=key[:200]).delete()


@transaction.atomic
def forget(person: Person) -> int:
    """Part of erasing a person: their views and drafts."""
    views, _each = SavedView.objects.filter(person=person).delete()
    drafts, _each = Draft.objects.filter(person=person).delete()
    return views + drafts
