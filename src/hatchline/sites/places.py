"""Room that institutions have left, in the reader's words: on the desk and the portal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hatchline.apps.premises import queries as premises
from hatchline.sites.components import formatting


def free_words(keys: Collection[int], as_of: date) -> dict[int, str]:
    """Institution → what is free there on the day: 3 间房、12 个工位. One whose spaces nobody recorded is left out."""
    return {pk: words for pk, found in premises.free(keys, as_of).items() if (words := said(found))}


def together(found: Iterable[premises.Free]) -> premises.Free:
    """What several have free in all; a part that nobody recorded stays unknown only when none recorded it."""
    every = list(found)
    rooms = [each.rooms for each in every if each.rooms is not None]
    desks = [each.desks for each in every if each.desks is not None]
    return premises.Free(rooms=sum(rooms) if rooms else None, desks=sum(desks) if desks else None)


def number_free(found: premises.Free | None) -> int | None:
    """Rooms and desks together; None: nobody recorded either."""
    if found is None or (found.rooms is None and found.desks is None):
        return None
    return (found.rooms or 0) + (found.desks or 0)


def said(found: premises.Free) -> str:
    """What is free in words: 3 间房、12 个工位. "" when nobody recorded it."""
    parts = []
    if found.rooms:
        parts.append(ngettext("%(num)s 间房", "%(num)s 间房", found.rooms) % {"num": formatting.plain(found.rooms)})
    if found.desks:
        parts.append(ngettext("%(num)s 个工位", "%(num)s 个工位", found.desks) % {"num": formatting.plain(found.desks)})
    if parts:
        return str(formatting.listed(parts, 2))
    if found.rooms is None and found.desks is None:
        return ""
    return _("现在没有空余")
