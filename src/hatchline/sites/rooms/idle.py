"""Idle property: what there is at each step, a page, and the form of each step."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from hatchline.apps.people.roles import may
from hatchline.apps.premises import actions, drafts, policy, queries
from hatchline.apps.premises.drafts import IdleDraft
from hatchline.apps.premises.states import MOVES, IdleStatus
from hatchline.sites import access
from hatchline.sites import forms as shared
from hatchline.sites.components import formatting
from hatchline.sites.lists import Column, List, Tab, view
from hatchline.sites.rooms import common, forms

if TYPE_CHECKING:
    from hatchline.apps.premises.models import IdleProperty

NEXT = {
    IdleStatus.FOUND: "survey",
    IdleStatus.SURVEYED: "negotiate",
    IdleStatus.NEGOTIATING: "start_converting",
    IdleStatus.CONVERTING: "convert",
    IdleStatus.DROPPED: "resume",
}
STEPS = [each for each in IdleStatus if each != IdleStatus.DROPPED]


def _rows(request: HttpRequest) -> QuerySet[IdleProperty]:
    return queries.idle_visible_to(request.role, request.today).select_related(None)


def _tab(status: IdleStatus) -> Tab:
    return Tab(status.value, status.label, lambda rows, request: rows.filter(status=status))


def _next(row: dict[str, Any]) -> Any:
    verb = NEXT.get(IdleStatus(row["status"]))
    if verb is None:
        return "—"
    href = reverse(f"console:idle_{verb}", args=[row["pk"]])
    return Markup('<a href="{}">{}</a>').format(href, MOVES.of(verb).wording)


IDLE = List(
    name="console.idle",
    route="console:idle",
    label=gettext_lazy("闲置存量房产"),
    unit=gettext_lazy("处"),
    rows=_rows,
    fields=("name", "owner__name", "area", "status", "moved_on", "territory__name", "former_use", "source", "address"),
    columns=(
        Column("name", gettext_lazy("名称"), sort=("name",), head=True),
        Column(
            "area",
            gettext_lazy("面积"),
            show=lambda row: None if row["area"] is None else formatting.area(row["area"]),
            export=lambda row: row["area"],
            sort=("area",),
            kind="number",
        ),
        Column(
            "status",
            gettext_lazy("进展"),
            show=lambda row: str(IdleStatus(row["status"]).label),
            sort=("status",),
        ),
        Column(
            "moved_on",
            gettext_lazy("进入本阶段"),
            show=lambda row: formatting.date_table(row["moved_on"]),
            export=lambda row: row["moved_on"],
            sort=("moved_on",),
            kind="date",
            narrow=False,
        ),
        Column("next", gettext_lazy("下一步"), show=_next, narrow=False),
        Column("owner", gettext_lazy("产权单位"), show=lambda row: row["owner__name"], quiet=True, narrow=False),
        Column(
            "territory",
            gettext_lazy("街道、地区"),
            show=lambda row: row["territory__name"],
            sort=("territory__name",),
            quiet=True,
            narrow=False,
        ),
        Column("former_use", gettext_lazy("原用途"), quiet=True, shown=False),
        Column("source", gettext_lazy("来源"), quiet=True, shown=False),
        Column("address", gettext_lazy("地址"), quiet=True, shown=False),
    ),
    order="-moved_on",
    href=lambda row: reverse("console:idle_page", args=[row["pk"]]),
    kind="premises.idleproperty",
    hint=gettext_lazy("输入名称、产权单位或街道"),
    tabs=(Tab("", gettext_lazy("全部")), *(_tab(status) for status in IdleStatus)),
    empty_title=gettext_lazy("还没有登记闲置房产"),
    empty_text=gettext_lazy("街道摸排、产权单位来函，都可以先登记下来，再一步步推进。"),
    file_name="idle-property",
)


@access.may("premises.list")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which idle property is there, and how far has each come?"""
    if request.method == "POST" or request.GET.get("export"):
        return view.respond(request, IDLE, "rooms/idle.jinja")
    rows = _rows(request).order_by().values_list("status").annotate(number=Count("pk"), area=Sum("area"))
    counted = {status: (number, area) for status, number, area in rows}
    path = reverse("console:idle")
    steps = [
        {
            "label": str(status.label),
            "value": counted.get(status.value, (0, None))[0],
            "unit": _("处"),
            "note": _said(counted.get(status.value)),
            "href": f"{path}?tab={status.value}",
        }
        for status in STEPS
    ]
    open_ones = [counted[each.value] for each in STEPS[:-1] if each.value in counted]
    context = {
        "list": view.build(request, IDLE),
        "steps": steps,
        "waiting": sum(number for number, _area in open_ones),
        "area": sum((area for _number, area in open_ones if area), Decimal(0)) or None,
        "may_record_idle": may(request.role.kind, "idle.record"),
    }
    return common.shown(request, "idle", context)


def _said(counted: tuple[int, Decimal | None] | None) -> str:
    if counted is None or not counted[0]:
        return _("没有")
    return formatting.area(counted[1]).striptags() if counted[1] is not None else _("面积未知")


def _found(request: HttpRequest, pk: int) -> IdleProperty:
    rows = queries.idle_visible_to(request.role, request.today)
    found = rows.filter(pk=pk).first() if pk <= common.LARGEST else None
    if found is None:
        raise Http404
    return found


@access.may("premises.list")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far has this one come, and what is next?"""
    row = _found(request, pk)
    status = IdleStatus(row.status)
    reached = STEPS.index(status) if status in STEPS else -1
    open_verbs = [
        {
            "label": str(MOVES.of(verb).wording),
            "href": reverse(f"console:idle_{verb}", args=[row.pk]),
            "primary": verb == NEXT.get(status),
            "why_not": str(policy.why_not_as(verb, request.role.kind) or ""),
        }
        for verb in ("survey", "negotiate", "start_converting", "convert", "drop", "resume")
        if row.status in MOVES.of(verb).sources
    ]
    context = {
        "row": row,
        "status": str(status.label),
        "steps": [
            {"label": str(each.label), "note": "", "href": "", "done": number < reached, "current": number == reached}
            for number, each in enumerate(STEPS)
        ],
        "verbs": sorted(open_verbs, key=lambda each: each["primary"]),
        "is_dropped": status == IdleStatus.DROPPED,
        "days": (request.today - row.moved_on).days,
        "may_record_idle": may(request.role.kind, "idle.record"),
        "may_see_ledger": may(request.role.kind, "ledger.see"),
    }
    return common.shown(request, "idle_page", context)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("场地"), reverse("console:premises")), (_("闲置存量房产"), reverse("console:idle")), *more]


@access.may("idle.record")
def register(request: HttpRequest) -> HttpResponse:
    """Somebody found idle property."""
    form = shared.opened(request, forms.IdleForm, {})
    return common.saved(
        request,
        form,
        lambda data: actions.find(
            IdleDraft(**form.changes()),
            by=request.person,
            now=request.now,
            today=request.today,
            role_kind=request.role.kind,
        ),
        done=lambda made: reverse("console:idle_page", args=[made.pk]),
        said=lambda made: _("已登记闲置房产“%(name)s”。") % {"name": made.name},
        question=_("发现了哪处闲置房产？"),
        heading=_("登记闲置房产"),
        crumbs=_crumbs((_("登记闲置房产"), "")),
        back=reverse("console:idle"),
        submit_label=_("登记"),
    )


def _form(request: HttpRequest, row: IdleProperty, heading: str, form: Any, save: Any, **more: Any) -> HttpResponse:
    back = reverse("console:idle_page", args=[row.pk])
    more.setdefault("done", lambda made: back)
    more.setdefault("said", lambda made: _("已保存“%(name)s”的进展。") % {"name": row.name})
    return common.saved(
        request,
        form,
        save,
        question=row.name,
        heading=heading,
        crumbs=_crumbs((row.name, back), (heading, "")),
        back=back,
        **more,
    )


@access.may("idle.record")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded."""
    row = _found(request, pk)
    initial = {
        **drafts.present(row),
        "version": row.version,
        "owner": row.owner.name if row.owner else "",
        "territory": row.territory.code if row.territory else "",
    }
    form = shared.opened(request, forms.IdleForm, initial, place=row.territory)
    return _form(
        request,
        row,
        _("修改闲置房产信息"),
        form,
        lambda data: actions.amend_idle(
            row,
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
            **form.changes(),
        ),
    )


def _step(verb: str, form_class: Any = forms.StepForm) -> Callable[..., HttpResponse]:
    @access.may("idle.record")
    def step(request: HttpRequest, pk: int) -> HttpResponse:
        row = _found(request, pk)
        return _form(
            request,
            row,
            str(MOVES.of(verb).wording),
            shared.opened(request, form_class, {"on": request.today}),
            lambda data: getattr(actions, verb)(
                row,
                by=request.person,
                now=request.now,
                today=request.today,
                role_kind=request.role.kind,
                **data,
            ),
        )

    return step


survey = _step("survey")
negotiate = _step("negotiate")
start_converting = _step("start_converting")
resume = _step("resume")
drop = _step("drop", forms.DropForm)


@access.may("premises.record")
def convert(request: HttpRequest, pk: int) -> HttpResponse:
    """It becomes premises."""
    row = _found(request, pk)
    initial = {"on": request.today, "name": row.name, "area": row.area}
    return _form(
        request,
        row,
        _("投入孵化"),
        shared.opened(request, forms.ConvertForm, initial, asker=request),
        lambda data: actions.convert(
            row, by=request.person, now=request.now, today=request.today, role_kind=request.role.kind, **data
        ),
        done=lambda made: reverse("console:premises_page", args=[made.pk]),
        said=lambda made: _("“%(name)s”已成为孵化场地。下一步登记它的房间。") % {"name": made.name},
        warning=_("会登记一处新场地，注明由闲置存量房产改造。"),
    )
