"""The right of reply: questions about the record that one's institutions were asked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hatchline.apps.ventures import actions, policy, queries
from hatchline.apps.ventures.models import QuestionKind
from hatchline.apps.ventures.states import QuestionStatus
from hatchline.sites import access
from hatchline.sites.desk import steps
from hatchline.sites.desk.chain_forms import ReplyForm
from hatchline.sites.lists import Column, List, Tab, view

LEVELS = {"open": "warn", "settled": "ok"}

QUESTIONS = List(
    name="desk.questions",
    route="desk:questions",
    label=gettext_lazy("待答疑问"),
    unit=gettext_lazy("个"),
    rows=lambda request: queries.questions_of(request.role).select_related(None).prefetch_related(None),
    fields=("venture__name", "kind", "status", "due_on"),
    columns=(
        Column("venture__name", gettext_lazy("团队或企业"), sort=("venture__name",), head=True),
        Column("kind", gettext_lazy("疑问"), show=lambda row: QuestionKind(row["kind"]).label, quiet=True),
        Column("due_on", gettext_lazy("答复期限"), sort=("due_on",), kind="date"),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: steps.status(QuestionStatus(row["status"]), LEVELS[row["status"]]),
            export=lambda row: str(QuestionStatus(row["status"]).label),
            kind="status",
        ),
    ),
    order="due_on",
    href=lambda row: reverse("desk:question", args=[row["pk"]]),
    tabs=(
        Tab("", gettext_lazy("未解决"), lambda rows, request: rows.filter(status=QuestionStatus.OPEN)),
        Tab("all", gettext_lazy("全部"), lambda rows, request: rows),
    ),
    empty_title=gettext_lazy("没有疑问"),
    empty_text=gettext_lazy("两家机构登记同一家企业，或时间对不上时，会在这里请您说明。"),
    file_name="questions",
)


@access.may("questions.answer")
def listing(request: HttpRequest) -> HttpResponseBase:
    """What am I asked about the record?"""
    count = queries.questions_of(request.role).filter(status=QuestionStatus.OPEN).count()
    context = {
        "heading": _("待答疑问"),
        "question": _("关于入驻记录，要我说明什么？"),
        "answer": _("**%(count)s** 个疑问没有解决") % {"count": count} if count else _("没有未解决的疑问"),
        "actions": [],
    }
    return view.respond(request, QUESTIONS, "desk/list.jinja", context)


def _within(request: HttpRequest, pk: int) -> tuple[Any, list[Any]]:
    found = steps.row_within(queries.questions_of(request.role), pk)
    own = set(queries.institutions_of(request.role).values_list("pk", flat=True))
    return found, [each for each in found.asked.all() if each.institution_id in own]


@access.may("questions.answer")
@require_GET
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, what each side says, until when one may reply."""
    found, mine = _within(request, pk)
    context = {
        "question": found,
        "level": LEVELS[found.status],
        "asked": list(found.asked.all()),
        "waiting": [each for each in mine if each.replied_at is None],
        "stays": [each for each in (found.stay, found.other_stay) if each is not None],
        "days": (found.due_on - request.today).days,
        "is_open": found.status == QuestionStatus.OPEN,
        "why_not": policy.why_not_as("reply", request.role.kind),
    }
    return render(request, "desk/question.jinja", context, using="jinja2")


@access.may("questions.answer")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what one knows, once for each of one's institutions."""
    found, mine = _within(request, pk)
    waiting = [each for each in mine if each.replied_at is None] or mine
    if not waiting:
        raise Http404
    back = reverse("desk:question", args=[pk])
    return steps.step(
        request,
        ReplyForm,
        lambda data: actions.reply(
            found, institution=waiting[0].institution_id, text=data["text"], **steps.done(request)
        ),
        question=_("“%(name)s”怎么说？") % {"name": waiting[0].institution.name},
        heading=_("答复疑问"),
        crumbs=[(_("待答疑问"), reverse("desk:questions")), (found.venture.name, back)],
        about=[(_("疑问"), found.get_kind_display()), (_("团队或企业"), found.venture.name)],
        back=back,
        said=_("已答复。主管部门看过各方的说明后解决。"),
        submit=_("答复"),
        why_not=policy.why_not_as("reply", request.role.kind),
    )
