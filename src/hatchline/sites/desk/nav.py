"""The navigation of the desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hatchline.apps.messages import queries as told
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.states import ApplicationStatus, QuestionStatus
from hatchline.sites.navigation import Group, Item


def _unread(request: HttpRequest) -> int | None:
    return (told.unread_count(request.person) or None) if request.person else None


def _waiting(request: HttpRequest) -> int | None:
    rows = ventures.applications_of(request.role).filter(status=ApplicationStatus.SUBMITTED)
    return (rows.count() or None) if request.role else None


def _questions(request: HttpRequest) -> int | None:
    rows = ventures.questions_of(request.role).filter(status=QuestionStatus.OPEN)
    return (rows.count() or None) if request.role else None


_OWN = (
    "desk:venture", "desk:venture_who_sees", "desk:venture_figures", "desk:venture_incorporate",
    "desk:venture_founder", "desk:venture_right", "desk:venture_funding", "desk:stay_dispute", "desk:stay_graduate",
    "desk:stay_leave",
)  # fmt: skip
_ASKED = ("desk:application", "desk:application_admit", "desk:application_refuse")


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
        _("孵化链条"),
        (
            Item(_("我的项目"), "desk:mine", "seedling", "ventures.see_own", under=_OWN),
            Item(_("申请入驻"), "desk:apply", "send", "applications.make"),
            Item(_("入驻企业"), "desk:ventures", "users", "stays.see_own", under=(*_OWN, "desk:stay_take_on")),
            Item(_("入驻申请"), "desk:applications", "file-text", "stays.see_own", count=_waiting, under=_ASKED),
            Item(_("我的申请"), "desk:applications", "file-text", "ventures.see_own", under=_ASKED),
            Item(
                _("移交"),
                "desk:handovers",
                "switch-horizontal",
                "questions.answer",
                under=(
                    "desk:handover",
                    "desk:handover_consent",
                    "desk:handover_decline",
                    "desk:handover_complete",
                    "desk:stay_offer",
                ),
            ),
            Item(
                _("待答疑问"),
                "desk:questions",
                "question-mark",
                "stays.see_own",
                count=_questions,
                under=("desk:question", "desk:question_reply"),
            ),
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
                under=(
                    "desk:institution",
                    "desk:institution_amend",
                    "desk:institution_upload",
                    "desk:institution_team",
                    "desk:institution_titles",
                    "desk:institution_staff",
                    "desk:institution_mentor",
                    "desk:staff_amend",
                    "desk:staff_end",
                    "desk:staff_qualify",
                    "desk:mentor_amend",
                    "desk:mentor_end",
                ),
            ),
            Item(
                _("场地"),
                "desk:premises",
                "map-pin",
                "premises.record_own",
                under=("desk:premises_page", "desk:premises_register", "desk:premises_amend", "desk:space"),
            ),
        ),
    ),
)
