"""How a title stands on a day, as every page tells it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.states import TitleStatus
from hatchline.sites.console import marks

if TYPE_CHECKING:
    from hatchline.apps.titles.models import Title

STANDING = {"given": "ok", "expired": "neutral", "withdrawn": "bad", "struck": "neutral"}


def told_title(title: Title, as_of: date) -> dict[str, Any]:
    """A title as a page shows it on a day."""
    word = titles.status_on(title.status, title.withdrawn_on, title.ends_before, as_of)
    label = _("已过期") if word == "expired" else str(TitleStatus(word).label)
    undated = title.given.earliest is None
    if word == "given" and undated:
        label = pgettext("title", "时间不详")
    return {
        "pk": title.pk,
        "name": str(title),
        "level": str(title.get_level_display()),
        "given": title.given,
        "ends_before": title.ends_before,
        "document": title.document,
        "number": title.number,
        "batch": title.batch,
        "authority": title.authority,
        "source": title.source,
        "standing": marks.worded(label, "unknown" if word == "given" and undated else STANDING[word]),
        "is_in_force": word == "given" and not undated,
    }
