"""The navigation of the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.messages import queries as messages
from hatchline.apps.outbox import queries as outbox
from hatchline.apps.people.roles import may
from hatchline.apps.ventures import queries as ventures
from hatchline.sites.lists import fetching
from hatchline.sites.navigation import Group, Item

# What the navigation counts: who may see it, and the rows.
_LIVE: dict[str, tuple[str, Callable[[HttpRequest], QuerySet[Any]]]] = {
    "failures": ("outbox.see", lambda request: outbox.failures()),
    "rows": ("imports.see", lambda request: imports.open_questions()),
    "unread": ("inbox.read", lambda request: messages.of(request.person, unread=True)),
}
_BY_THE_LEDGER: dict[str, tuple[str, Callable[[HttpRequest], QuerySet[Any]]]] = {
    "institutions": ("institutions.list", lambda request: institutions.visible_to(request.role)),
    "ventures": ("ventures.list", lambda request: ventures.visible_to(request.role)),
    "questions": ("questions.list", lambda request: ventures.open_questions()),
}
MANY = 500  # from so many on a count is kept until something is written


def numbers(request: HttpRequest) -> dict[str, int]:
    """How much there is of each that the role may see. One query a request."""
    found: dict[str, int] | None = getattr(request, "_numbers", None)
    if found is None:
        kind, fresh = request.role.kind, {}

        def rows(of: Any) -> dict[str, QuerySet[Any]]:
            return {name: asked(request) for name, (capability, asked) in of.items() if may(kind, capability)}

        def all_of_them() -> dict[str, int]:
            fresh.update(fetching.counted(rows(_LIVE | _BY_THE_LEDGER)))
            return {name: fresh[name] for name in rows(_BY_THE_LEDGER)}

        key = ("nav", request.role.pk, fetching.head(request))
        kept = fetching.remembered(key, all_of_them, lambda made: sum(made.values()) > MANY)
        found = request._numbers = {**kept, **(fresh or fetching.counted(rows(_LIVE)))}
        request.unread = found.get("unread")
    return found


def _number(name: str) -> Callable[[HttpRequest], int]:
    return lambda request: numbers(request).get(name, 0)


def _if_any(name: str) -> Callable[[HttpRequest], int | None]:
    return lambda request: numbers(request).get(name) or None


_IMPORTS = (
    "console:import",
    "console:import_upload",
    "console:import_map",
    "console:import_start",
    "console:import_answer",
)

_VENTURES = (
    "console:venture",
    "console:venture_ladder",
    "console:venture_evaluation",
    "console:venture_register",
    "console:venture_figures",
    "console:venture_amend",
    "console:venture_rename",
    "console:venture_incorporate",
    "console:venture_legal_person",
    "console:venture_founder",
    "console:venture_right",
    "console:venture_funding",
    "console:venture_claim",
    "console:venture_cease",
    "console:stay",
    "console:stay_amend",
    "console:stay_dispute",
    "console:stay_uphold",
    "console:stay_withdraw",
    "console:stay_set_aside",
    "console:stay_leave",
    "console:stay_graduate",
)

_PREMISES = (
    "console:premises_page",
    "console:premises_register",
    "console:premises_amend",
    "console:premises_vacate",
    "console:premises_space",
    "console:space",
    "console:space_amend",
    "console:space_resize",
    "console:space_occupy",
    "console:occupancy_move_out",
    "console:occupancy_correct",
    "console:occupancy_strike",
    "console:idle",
    "console:idle_page",
    "console:idle_register",
    "console:idle_amend",
)

_INSTITUTION = (
    "console:institution", "console:institution_register", "console:institution_amend", "console:institution_open",
    "console:institution_close", "console:institution_ventures", "console:institution_team",
    "console:institution_space", "console:institution_figures", "console:institution_members",
    "console:institution_titles",
    "console:institution_ladder", "console:institution_evaluation", "console:institution_branch_link",
    "console:institution_branch_end", "console:institution_staff", "console:institution_mentor", "console:staff_amend",
    "console:staff_end", "console:staff_qualify", "console:mentor_amend", "console:mentor_end",
)  # fmt: skip
_TITLE = ("console:title", "console:title_record", "console:title_withdraw", "console:title_strike")


_RULES = (
    "console:document",
    "console:document_compare",
    "console:document_confirm",
    "console:matrix",
    "console:whatif",
    "console:rule_drafts",
    "console:rule_draft",
    "console:rule_draft_case",
    "console:rule_draft_new",
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
            Item(_("孵化链条"), "console:chain", "chart-dots", "chain.see", None, ("console:chain_ventures",)),
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
                _number("institutions"),
                _INSTITUTION,
            ),
            Item(_("资质"), "console:titles", "certificate", "institutions.list", None, _TITLE),
            Item(
                pgettext_lazy("list", "创业主体"),
                "console:ventures",
                "plant-2",
                "ventures.list",
                _number("ventures"),
                _VENTURES,
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
            Item(_("场地与闲置房产"), "console:premises", "map-pin", "premises.list", None, _PREMISES),
            Item(_("导入名单"), "console:imports", "upload", "imports.see", _if_any("rows"), _IMPORTS),
            Item(
                _("人员"), "console:people", "users", "people.list", None, ("console:person", "console:person_register")
            ),
        ),
    ),
    Group(
        _("核对"),
        (
            Item(_("数据质量"), "console:quality", "clipboard-check", "quality.see", None, ("console:quality_list",)),
            Item(_("早期预警"), "console:warnings", "alert-triangle", "rules.evaluate"),
            Item(
                _("待答问题"),
                "console:questions",
                "messages",
                "questions.list",
                _if_any("questions"),
                ("console:question",),
            ),
            Item(_("疑似重复"), "console:duplicates", "switch-horizontal", "quality.see", None, ("console:duplicate",)),
        ),
    ),
    Group(
        _("依据"),
        (
            Item(_("规则库"), "console:documents", "scale", "rules.evaluate", None, _RULES),
            Item(_("审计"), "console:ledger", "history", "ledger.see", under=("console:ledger_subject",)),
            Item(_("后台工作"), "console:outbox", "server", "outbox.see", _if_any("failures"), ("console:job",)),
        ),
    ),
)
