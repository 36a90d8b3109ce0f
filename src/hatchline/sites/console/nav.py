"""The navigation of the console."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hatchline.apps.imports import queries as imports
from hatchline.apps.outbox import queries as outbox
from hatchline.sites.lists import fetching
from hatchline.sites.navigation import Group, Item


def _institutions(request: HttpRequest) -> int:
    from hatchline.apps.institutions import queries

    key = ("nav", "institutions", request.role.pk, fetching.head(request))
    count: int = fetching.remembered(
        key, lambda: queries.visible_to(request.role).order_by().count(), lambda made: made > 500
    )
    return count


def _failed(request: HttpRequest) -> int | None:
    return outbox.failures().count() or None


def _questions(request: HttpRequest) -> int | None:
    return imports.open_questions().count() or None


_IMPORTS = (
    "console:import",
    "console:import_upload",
    "console:import_map",
    "console:import_start",
    "console:import_answer",
)

NAV: tuple[Group, ...] = (
    Group(
        "",
        (
            Item(_("今日"), "console:home", "home", "console.enter"),
            Item(
                pgettext_lazy("list", "目标"),
                "console:targets",
                "flag",
                "targets.see",
                under=("console:target", "console:target_redefine"),
            ),
            Item(_("收件"), "console:inbox", "inbox", "inbox.read"),
        ),
    ),
    Group(
        _("名册"),
        (
            Item(
                _("孵化机构"),
                "console:institutions",
                "building-community",
                "institutions.list",
                _institutions,
                (
                    "console:institution",
                    "console:institution_register",
                    "console:institution_amend",
                    "console:institution_open",
                    "console:institution_close",
                ),
            ),
            Item(
                _("单位"),
                "console:organisations",
                "building",
                "organisations.list",
                None,
                (
                    "console:organisation",
                    "console:organisation_register",
                    "console:organisation_amend",
                    "console:organisation_rename",
                    "console:organisation_close",
                ),
            ),
            Item(_("导入名单"), "console:imports", "upload", "imports.see", _questions, _IMPORTS),
            Item(
                _("人员"), "console:people", "users", "people.list", None, ("console:person", "console:person_register")
            ),
        ),
    ),
    Group(
        _("依据"),
        (
            Item(_("审计"), "console:ledger", "history", "ledger.see", under=("console:ledger_subject",)),
            Item(_("后台工作"), "console:outbox", "server", "outbox.see", _failed, ("console:job",)),
        ),
    ),
)
