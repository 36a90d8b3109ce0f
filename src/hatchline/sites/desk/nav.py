"""The navigation of the desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hatchline.apps.messages import queries as told
from hatchline.sites.navigation import Group, Item


def _unread(request: HttpRequest) -> int | None:
    return (told.unread_count(request.person) or None) if request.person else None


NAV: tuple[Group, ...] = (
    Group(
        "",
        (
            Item(_("今日"), "desk:home", "home", "desk.enter"),
            Item(
                _("收件"),
                "desk:inbox",
                "inbox",
                "inbox.read",
                count=_unread,
                under=("desk:inbox_message", "desk:inbox_preferences"),
            ),
            Item(_("日历"), "desk:calendar", "calendar-event", "inbox.read"),
        ),
    ),
    Group(
        _("名册"),
        (
            Item(
                _("我的机构"),
                "desk:institutions",
                "building-community",
                "institutions.see_own",
                under=("desk:institution", "desk:institution_amend", "desk:institution_upload"),
            ),
        ),
    ),
)
