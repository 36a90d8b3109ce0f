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


def _ventures(request: HttpRequest) -> int:
    from hatchline.apps.ventures import queries

    key = ("nav", "ventures", request.role.pk, fetching.head(request))
    count: int = fetching.remembered(
        key, lambda: queries.visible_to(request.role).order_by().count(), lambda made: made > 500
    )
    return count


def failures(request: HttpRequest) -> int:
    """How much work could not be done; asked once a request."""
    found: int | None = getattr(request, "_failures", None)
    if found is None:
        found = request._failures = outbox.failures().count()
    return found


def _failed(request: HttpRequest) -> int | None:
    return failures(request) or None


def _questions(request: HttpRequest) -> int | None:
    return imports.open_questions().count() or None


def open_questions(request: HttpRequest) -> int:
    """Questions about the record that nobody has settled; asked once a request."""
    from hatchline.apps.ventures import queries

    count: int | None = getattr(request, "_open_questions", None)
    if count is None:
        key = ("nav", "questions", fetching.head(request))
        count = fetching.remembered(key, lambda: queries.open_questions().count(), lambda made: made > 0)
        request._open_questions = count
    return count or 0


def _asked(request: HttpRequest) -> int | None:
    return open_questions(request) or None


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
    "console:institution_space", "console:institution_figures", "console:institution_titles",
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
                _institutions,
                _INSTITUTION,
            ),
            Item(_("资质"), "console:titles", "certificate", "institutions.list", None, _TITLE),
            Item(
                pgettext_lazy("list", "创业主体"), "console:ventures", "plant-2", "ventures.list", _ventures, _VENTURES
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
            Item(_("导入名单"), "console:imports", "upload", "imports.see", _questions, _IMPORTS),
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
            Item(_("待答问题"), "console:questions", "messages", "questions.list", _asked, ("console:question",)),
            Item(_("疑似重复"), "console:duplicates", "switch-horizontal", "quality.see", None, ("console:duplicate",)),
        ),
    ),
    Group(
        _("依据"),
        (
            Item(_("规则库"), "console:documents", "scale", "rules.evaluate", None, _RULES),
            Item(_("审计"), "console:ledger", "history", "ledger.see", under=("console:ledger_subject",)),
            Item(_("后台工作"), "console:outbox", "server", "outbox.see", _failed, ("console:job",)),
        ),
    ),
)
