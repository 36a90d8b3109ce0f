"""Room that institutions have left, in the reader's words: on the desk and the portal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hatchline.apps.premises import queries as premises
from hatchline.sites.components import formatting


def free_words(keys: Collection[int], as_of: date) -> dict[int, str]:
    """Institution → what is free there on the day: 3 间房、12 个工位. One whose spaces nobody recorded is left out."""
    return {pk: words for pk, found in premises.free(keys, as_of).items() if (words := _words(found))}


def _words(found: premises.Free) -> str:
    said = []
    if found.rooms:
        said.append(ngettext("%(num)s 间房", "%(num)s 间房", found.rooms) % {"num": found.rooms})
    if found.desks:
        said.append(ngettext("%(num)s 个工位", "%(num)s 个工位", found.desks) % {"num": found.desks})
    if said:
        return str(formatting.listed(said, 2))
    if found.rooms is None and found.desks is None:
        return ""
    return _("现在没有空余")
