"""Questions about the record: who was asked, what they replied, and how the authority settles it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import may
from hatchline.apps.ventures import actions, policy, queries
from hatchline.apps.ventures.models import STAGES, QuestionKind, Resolution
from hatchline.apps.ventures.states import EndState, Outcome, QuestionStatus, StayStatus
from hatchline.sites import access
from hatchline.sites.components import formatting, pictures
from hatchline.sites.console import history, marks, records
from hatchline.sites.console.ventures.telling import counted, source_words
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, view

if TYPE_CHECKING:
    from hatchline.apps.ventures.models import Question, Stay, Venture

KIND = "ventures.question"
LEVELS = {QuestionStatus.OPEN: "warn", QuestionStatus.SETTLED: "ok"}
STAGE_WORDS = dict(STAGES)
MEANS = {
    Resolution.KEEP_FIRST: gettext_lazy("新登记的一条撤回；原有的一条照旧计入统计。"),
    Resolution.KEEP_SECOND: gettext_lazy("原有的一条撤回；新登记的一条转为已确认。"),
    Resolution.SECOND_ASIDE: gettext_lazy("两条都留下；新登记的一条标为不计入统计，例如联合实验室或第二工位。"),
    Resolution.BOTH: gettext_lazy("两条都成立；日期仍重叠的，数据库不会允许，要先更正日期。"),
    Resolution.MERGED: gettext_lazy("后一条记录并入前一条，可以撤销。"),
    Resolution.DISTINCT: gettext_lazy("两条记录各自保留，以后不再提示疑似重复。"),
}


def urgency(due: dt.date, today: dt.date) -> Any:
    """How long there is left, in the level of its urgency."""
    return marks.worded(formatting.remaining((due - today).days, working=False), formatting.urgency((due - today).days))


def _rows(request: HttpRequest) -> Any:
    return queries.questions_of(request.role).select_related(None).prefetch_related(None)


def _with_parties(rows: list[dict[str, Any]]) -> None:
    """Who was asked and has not replied. One query."""
    waiting = queries.quality.not_replied([row["pk"] for row in rows])
    for row in rows:
        row["waiting"] = waiting.get(row["pk"], [])


def _waiting(row: dict[str, Any]) -> str:
    if row["status"] == QuestionStatus.SETTLED:
        return str(Resolution(row["resolution"]).label)
    return marks.joined(row["waiting"]) if row["waiting"] else _("各方都已答复，等区科委解决")


def _between(row: dict[str, Any]) -> str | None:
    if row["other_venture__name"]:
        return str(row["other_venture__name"])
    named = [row["stay__institution__name"], row["other_stay__institution__name"]]
    return marks.joined(dict.fromkeys(each for each in named if each)) or None


QUESTIONS = List(
    name="console.questions",
    route="console:questions",
    label=gettext_lazy("待答问题"),
    unit=gettext_lazy("个问题"),
    rows=_rows,
    fields=(
        "venture__name",
        "other_venture__name",
        "stay__institution__name",
        "other_stay__institution__name",
        "kind",
        "status",
        "resolution",
        "asked_at",
        "due_on",
    ),
    columns=(
        Column(
            "venture",
            gettext_lazy("创业主体"),
            show=lambda row: row["venture__name"],
            sort=("venture__name",),
            head=True,
        ),
        Column("kind", gettext_lazy("问什么"), show=lambda row: marks.label(QuestionKind(row["kind"]))),
        Column("between", gettext_lazy("涉及"), show=_between, narrow=False),
        Column("waiting", gettext_lazy("等谁答复"), show=_waiting, narrow=False),
        Column("due_on", gettext_lazy("答复期限"), sort=("due_on",), kind="date"),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: marks.worded(QuestionStatus(row["status"]).label, LEVELS[QuestionStatus(row["status"])]),
            export=lambda row: str(QuestionStatus(row["status"]).label),
            kind="status",
        ),
        Column(
            "asked_at",
            gettext_lazy("提出时间"),
            show=lambda row: formatting.moment(row["asked_at"]),
            export=lambda row: row["asked_at"],
            sort=("asked_at",),
            kind="date",
            shown=False,
        ),
    ),
    order="due_on",
    href=lambda row: reverse("console:question", args=[row["pk"]]),
    filters=(
        Filter(
            "kind",
            gettext_lazy("问什么"),
            lambda request: [Choice(*each) for each in QuestionKind.choices],
            lambda rows, value: rows.filter(kind=value),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("待解决"), lambda rows, request: rows.filter(status=QuestionStatus.OPEN)),
        Tab(
            "overdue",
            gettext_lazy("已过期限"),
            lambda rows, request: rows.filter(status=QuestionStatus.OPEN, due_on__lt=request.today),
        ),
        Tab(
            "replied",
            gettext_lazy("各方都已答复"),
            lambda rows, request: rows.filter(status=QuestionStatus.OPEN).exclude(asked__replied_at=None),
        ),
        Tab("settled", gettext_lazy("已解决"), lambda rows, request: rows.filter(status=QuestionStatus.SETTLED)),
    ),
    enrich=_with_parties,
    empty_title=gettext_lazy("没有待答的问题"),
    empty_text=gettext_lazy("两家机构登记了同一时间，或两条记录像是同一主体时，问题会出现在这里。"),
    file_name="questions",
    scope=lambda request: (request.role.pk, request.today),
)


class SettleForm(forms.Form):
    """How it is settled, and on what grounds."""

    resolution = forms.ChoiceField(label=gettext_lazy("怎样解决"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("写明看了哪些材料；被问到的机构看得到。"),
    )

    def __init__(self, *given: Any, kind: str, **options: Any) -> None:
        super().__init__(*given, **options)
        fitting = policy.FITTING[QuestionKind(kind)]
        self.fields["resolution"].choices = [(each.value, each.label) for each in Resolution if each in fitting]


@access.may("questions.list")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which questions wait, and for whom?"""
    open_ones = queries.open_questions()
    counts = {"open": open_ones.count(), "overdue": open_ones.filter(due_on__lt=request.today).count()}
    return view.respond(request, QUESTIONS, "console/questions.jinja", counts)


def _found(request: HttpRequest, pk: int) -> Question:
    found = queries.questions_of(request.role).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def stay_facts(stay: Stay | None) -> dict[str, Any]:
    """A stay in words, by the heads of a table that compares two; nothing for none."""
    if stay is None:
        return {}
    ended = formatting.date_table(stay.ended) if stay.end_state == EndState.KNOWN else EndState(stay.end_state).label
    return {
        _("孵化机构"): stay.institution.name,
        _("阶段"): STAGE_WORDS[stay.stage],
        _("入驻时间"): formatting.date_table(stay.starts) if stay.starts.is_known else None,
        _("离开时间"): ended,
        _("去向"): Outcome(stay.outcome).label if stay.outcome else "—",
        _("状态"): marks.label(stay.standing),
        _("统计"): _("计入") if counted(stay)[0] else _("不计入：%(why)s") % {"why": counted(stay)[1]},
        _("来源"): source_words(stay.source),
        _("登记于"): formatting.moment(stay.recorded_at),
    }


def comparison(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Facts side by side: a row for each head, marked where they differ."""
    heads = given[0] if given else {}
    rows = []
    for head in heads:
        values = [facts.get(head) for facts in given]
        rows.append({"label": head, "values": values, "differs": len(given) > 1 and len({*map(str, values)}) > 1})
    return rows


def numbered(venture: Venture) -> str:
    """A record by its number, where its name is too long."""
    return _("编号 %(pk)s") % {"pk": venture.pk}


def axis(lanes: list[tuple[str, list[Stay]]], today: dt.date) -> Any:
    """Stays of several records or sources on one axis of time; None when no day of any is known."""
    drawn, days = [], []
    for title, stays in lanes:
        items = []
        for stay in stays:
            start = stay.held_from or stay.starts.earliest or stay.evidence_on
            if start is None:
                continue
            end = stay.held_until or (stay.ended.before if stay.end_state == EndState.KNOWN else None)
            end = end if end is None or end > start else start + dt.timedelta(days=1)
            items.append(
                {
                    "start": start,
                    "end": end,
                    "label": stay.institution.name,
                    "note": f"{STAGE_WORDS[stay.stage]} · {marks.label(stay.standing)}",
                    "kind": stay.stage if stay.counts and stay.status == StayStatus.CONFIRMED else "outside",
                    "href": reverse("console:institution", args=[stay.institution_id]),
                }
            )
            days += [start, end or today]
        drawn.append({"title": title, "shape": "stays", "items": items})
    if not days:
        return None
    margin = dt.timedelta(days=90)
    return pictures.timeline(min(days) - margin, max([*days, today]) + margin, drawn, today=today)


@access.may("questions.list")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, what each side says, and what may be decided."""
    question = _found(request, pk)
    context = {**_context(request, question), "form": SettleForm(kind=question.kind)}
    return render(request, "console/question.jinja", context, using="jinja2")


def _context(request: HttpRequest, question: Question) -> dict[str, Any]:
    asked = list(question.asked.all())
    names = people.names_of({each.by_id for each in asked if each.by_id} | {question.settled_by_id or 0})
    is_open = question.status == QuestionStatus.OPEN
    fitting = [each for each in Resolution if each in policy.FITTING[QuestionKind(question.kind)]]
    why_not = policy.why_not_settle(
        question, asked, resolution=fitting[0], note="·", today=request.today, role_kind=request.role.kind
    )
    ventures = [each for each in (question.venture, question.other_venture) if each is not None]
    lanes = [(numbered(each) if len(ventures) > 1 else _("入驻"), list(queries.stays_of(each))) for each in ventures]
    both = [(_("原有的记录"), stay_facts(question.stay)), (_("新登记的记录"), stay_facts(question.other_stay))]
    shown = [(label, facts) for label, facts in both if facts]
    return {
        "question": question,
        "kind": marks.label(QuestionKind(question.kind)),
        "is_open": is_open,
        "stays": shown,
        "stay_columns": [pictures.column(label) for label, _facts in shown],
        "comparison": comparison([facts for _label, facts in shown]),
        "asked": [
            {
                "institution": each.institution.name,
                "href": reverse("console:institution", args=[each.institution_id]),
                "text": each.text,
                "by": names.get(each.by_id, "") if each.by_id else "",
                "at": each.replied_at,
            }
            for each in asked
        ],
        "days": (question.due_on - request.today).days,
        "term": _share_used(question, request.today),
        "means": [(Resolution(each).label, MEANS[Resolution(each)]) for each in fitting],
        "why_not": str(why_not) if why_not else "",
        "may_settle": may(request.role.kind, "questions.settle"),
        "resolution": Resolution(question.resolution).label if question.resolution else "",
        "settled_by": names.get(question.settled_by_id, "") if question.settled_by_id else "",
        "line": axis(lanes, request.today),
        "history": history.about(question, limit=10),
    }


def _share_used(question: Question, today: dt.date) -> float:
    """Which share of the time to reply has passed."""
    whole = max((question.due_on - question.asked_at.date()).days, 1)
    return min(max((today - question.asked_at.date()).days / whole, 0), 1)


@access.may("questions.settle")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The authority decides; the stays become what it decided."""
    question = _found(request, pk)
    return records.saved(
        request,
        SettleForm(request.POST, kind=question.kind),
        lambda data: actions.settle(
            question,
            resolution=data["resolution"],
            note=data["note"],
            by=request.person,
            now=request.now,
            today=request.today,
            role_kind=request.role.kind,
        ),
        template="console/question.jinja",
        done=lambda made: reverse("console:question", args=[made.pk]),
        said=lambda made: _("已解决关于“%(name)s”的问题。") % {"name": made.venture.name},
        context=_context(request, question),
    )
