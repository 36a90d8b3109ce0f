"""Titles: the list, one title with its paper, and the forms to record, withdraw and strike one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.titles import actions, policy, queries
from hatchline.apps.titles.drafts import UNKNOWN
from hatchline.apps.titles.models import TitleKind
from hatchline.apps.titles.queries import INSTITUTION, VENTURE
from hatchline.apps.titles.states import Level, TitleStatus
from hatchline.apps.ventures import queries as ventures
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.sites import access, days
from hatchline.sites.components import formatting
from hatchline.sites.console import history, marks, records
from hatchline.sites.console.title_standing import STANDING, told_title
from hatchline.sites.days import Asked
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, view

if TYPE_CHECKING:
    from hatchline.apps.titles.models import Title

HOLDERS = ((INSTITUTION, gettext_lazy("孵化机构")), (VENTURE, gettext_lazy("创业主体")))
PAGES = {INSTITUTION: "console:institution", VENTURE: "console:venture"}
STANDINGS = (
    ("given", gettext_lazy("有效")),
    ("expired", gettext_lazy("已过期")),
    ("withdrawn", gettext_lazy("撤销")),
    ("struck", gettext_lazy("录入有误，已划去")),
)


def _rows(request: HttpRequest) -> Any:
    return queries.given_by(queries.visible_to(request.role, request.today), days.asked(request).as_of)


def _enrich(rows: list[dict[str, Any]], asked: Asked) -> None:
    names = queries.subject_names((row["subject_kind"], row["subject_id"]) for row in rows)
    for row in rows:
        row["holder"] = names.get((row["subject_kind"], row["subject_id"]))
        row["standing"] = queries.status_on(row["status"], row["withdrawn_on"], row["ends_before"], asked.as_of)


def _standing(row: dict[str, Any]) -> Any:
    return marks.worded(dict(STANDINGS)[row["standing"]], STANDING[row["standing"]])


def _by(column: str) -> Any:
    return lambda rows: dict(rows.order_by().values_list(column).annotate(number=Count("pk")))


def _with_standing(rows: Any, value: str, asked: Asked) -> Any:
    return queries.standing(rows, value, asked.as_of)


def _standings(rows: Any, asked: Asked) -> dict[str, int]:
    return {word: queries.standing(rows, word, asked.as_of).count() for word, _label in STANDINGS}


TITLES = List(
    name="console.titles",
    route="console:titles",
    label=gettext_lazy("资质"),
    unit=gettext_lazy("项"),
    rows=_rows,
    fields=(
        "subject_kind", "subject_id", "kind", "level", "name", "authority", "document", "number", "batch", "source",
        "given_on", "given_before", "given_text", "ends_before", "withdrawn_on", "status",
    ),
    columns=(
        Column("holder", gettext_lazy("获得单位"), head=True),
        Column(
            "kind", gettext_lazy("资质"), sort=("kind",),
            show=lambda row: row["name"] or marks.label(TitleKind(row["kind"])),
        ),
        Column("level", gettext_lazy("级别"), sort=("level",), show=lambda row: marks.label(Level(row["level"]))),
        Column(
            "given", gettext_lazy("授予"), sort=("given_on",), kind="date", narrow=False,
            show=lambda row: marks.partial_date(row["given_on"], row["given_before"], row["given_text"]),
            export=lambda row: row["given_text"] or row["given_on"],
        ),
        Column("ends_before", gettext_lazy("有效期至"), sort=("ends_before",), kind="date", narrow=False, blank="—"),
        Column(
            "standing", gettext_lazy("状态"), kind="status", show=_standing,
            export=lambda row: str(dict(STANDINGS)[row["standing"]]),
        ),
        Column("document", gettext_lazy("文号"), sort=("document",), quiet=True, narrow=False, blank="—"),
        Column("number", gettext_lazy("证书编号"), sort=("number",), quiet=True, shown=False, blank="—"),
        Column("batch", gettext_lazy("批次"), quiet=True, shown=False, blank="—"),
        Column("authority", gettext_lazy("授予单位"), quiet=True, shown=False, blank="—"),
        Column(
            "source", gettext_lazy("来源"), show=lambda row: formatting.source_words(row["source"]), quiet=True,
            shown=False,
        ),
    ),
    order="-given",
    href=lambda row: reverse("console:title", args=[row["pk"]]),
    kind=actions.KIND,
    hint=gettext_lazy("输入单位名称、文号或证书编号"),
    filters=(
        Filter(
            "holder", gettext_lazy("属于"), lambda request: [Choice(*each) for each in HOLDERS],
            lambda rows, value: rows.filter(subject_kind=value), _by("subject_kind"),
        ),
        Filter(
            "kind", gettext_lazy("资质"), lambda request: [Choice(*each) for each in TitleKind.choices],
            lambda rows, value: rows.filter(kind=value), _by("kind"),
        ),
        Filter(
            "level", gettext_lazy("级别"), lambda request: [Choice(*each) for each in Level.choices],
            lambda rows, value: rows.filter(level=value), _by("level"),
        ),
        Filter(
            "standing", gettext_lazy("状态"), lambda request: [Choice(*each) for each in STANDINGS],
            apply_on=_with_standing, counts_on=_standings,
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab(
            "in_force", gettext_lazy("有效"),
            lambda rows, request: queries.standing(rows, "given", days.asked(request).as_of).exclude(given_on=None),
        ),
        Tab("undated", gettext_lazy("时间不详"), lambda rows, request: rows.filter(given_on=None)),
    ),
    enrich_on=_enrich,
    travels=True,
    empty_title=gettext_lazy("还没有资质"),
    empty_text=gettext_lazy("导入一份资质名单，或在机构、企业的页面上逐条记录。"),
    file_name="titles",
)  # fmt: skip


@access.may("institutions.list")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Who was recognised as what, at which level, and does it hold?"""
    return view.respond(request, TITLES, "console/titles.jinja")


def _found(request: HttpRequest, pk: int) -> Title:
    found = queries.visible_to(request.role, request.today).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@access.may("institutions.list")
def title(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gave whom what, by which paper, and does it hold on the day?"""
    row, asked = _found(request, pk), days.asked(request)
    key = (row.subject_kind, row.subject_id)
    context = {
        "title": row,
        "asked": asked,
        "told": told_title(row, asked.as_of),
        "holder": queries.subject_names([key])[key],
        "holder_href": asked.onward(reverse(PAGES[row.subject_kind], args=[row.subject_id])),
        "history": history.about(row, limit=10),
        "why_not": policy.why_not_as("withdraw", request.role.kind)
        or (None if row.status == TitleStatus.GIVEN else Refusal("not_in_force", _("这项资质已经撤销或划去。"))),
    }
    return render(request, "console/title.jinja", context, using="jinja2")


class HolderField(forms.CharField):
    """The institution or venture of this exact name, as (kind, key)."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        kind, _colon, key = text.partition(":")
        if kind in PAGES and key.isascii() and key.isdigit():
            return kind, int(key)
        found: list[tuple[str, int]] = [
            (INSTITUTION, each.pk)
            for each in institutions.candidates([InstitutionDraft(name=text)])[0]
            if {"same_name", "former_name"} & set(each.reasons)
        ]
        found += [(VENTURE, pk) for pk in ventures.ventures().filter(name=text).values_list("pk", flat=True)[:2]]
        if len(found) != 1:
            problem = (
                _("不止一家叫这个名称，请从它自己的页面记录。") if found else _("登记簿里没有叫这个名称的机构或企业。")
            )
            raise forms.ValidationError(problem)
        return found[0]


class TitleForm(forms.Form):
    """What the paper says."""

    holder = HolderField(label=gettext_lazy("获得单位"), help_text=gettext_lazy("已登记的机构或企业的全称。"))
    kind = forms.ChoiceField(label=gettext_lazy("资质"), choices=TitleKind.choices)
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=Level.choices)
    name = forms.CharField(
        label=gettext_lazy("资质名称"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("批文上的叫法与上面不同才填。"),
    )
    authority = forms.CharField(label=gettext_lazy("授予单位"), required=False, max_length=120)
    document = forms.CharField(label=gettext_lazy("文号"), required=False, max_length=120)
    number = forms.CharField(label=gettext_lazy("证书编号"), required=False, max_length=60)
    batch = forms.CharField(label=gettext_lazy("批次"), required=False, max_length=120)
    given = records.PartialDateField(
        label=gettext_lazy("授予时间"),
        required=False,
        help_text=gettext_lazy("知道多少写多少：2017、2017-6、2017年6月30日。不写的在任何一天都不计入。"),
    )
    ends_before = forms.DateField(
        label=gettext_lazy("失效日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("不再有效的第一天；证书写“有效期至 12 月 31 日”的，填次年 1 月 1 日。"),
    )
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200, help_text=gettext_lazy("依据什么记录，如公示网址、证书复印件。")
    )


class BackForm(forms.Form):
    """On which day, and why."""

    on = forms.DateField(label=gettext_lazy("撤销日期"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300)


class StrikeForm(forms.Form):
    """Why the entry is wrong."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300)


@access.may("titles.record")
def record(request: HttpRequest) -> HttpResponse:
    """Write down a title that some authority gave. ``?institution=`` or ``?venture=`` say whose it is."""
    initial: dict[str, Any] = {"level": Level.DISTRICT.value}
    back = reverse("console:titles")
    for kind, name in ((INSTITUTION, "institution"), (VENTURE, "venture")):
        key = request.GET.get(name, "")
        if key.isascii() and key.isdigit() and len(key) < 19:
            held = queries.subject_names([(kind, int(key))])
            initial |= {"holder": next(iter(held.values()), "")}
            back = reverse(PAGES[kind], args=[int(key)]) if held else back
    form = records.opened(request, TitleForm, initial)

    def save(data: dict[str, Any]) -> Title:
        kind, key = data.pop("holder")
        reached = institutions.visible_to(request.role, request.today) if kind == INSTITUTION else ventures.ventures()
        if not reached.filter(pk=key).exists():
            raise Refused(Refusal("no_such_subject", _("没有找到这项资质属于谁。"), field="holder"))
        return actions.record(
            subject_kind=kind,
            subject_id=key,
            today=request.today,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
            **(data | {"given": data["given"] or UNKNOWN}),
        )

    return records.saved(
        request,
        form,
        save,
        done=lambda made: reverse("console:title", args=[made.pk]),
        said=lambda made: _("已记录“%(name)s”。") % {"name": made},
        context=_form(_("谁获得了什么资质？"), _("记录资质"), back),
    )


def _form(question: str, heading: str, back: str, warning: str = "") -> dict[str, Any]:
    return {
        "question": question,
        "heading": heading,
        "crumbs": [(_("资质"), reverse("console:titles")), (heading, "")],
        "back": back,
        "candidates": [],
        "warning": warning,
    }


@access.may("titles.record")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The authority took it back."""
    row = _found(request, pk)
    form = records.opened(request, BackForm, {})
    back = reverse("console:title", args=[pk])
    return records.saved(
        request,
        form,
        lambda data: actions.withdraw(
            row, on=data["on"], reason=data["reason"], today=request.today, by=request.person, now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: back,
        said=lambda made: _("已登记撤销。"),
        context=_form(str(row), _("撤销资质"), back, _("从撤销日期起不再计入；以前的统计不变。")),
    )  # fmt: skip


@access.may("titles.record")
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """It was recorded by mistake."""
    row = _found(request, pk)
    form = records.opened(request, StrikeForm, {})
    back = reverse("console:title", args=[pk])
    return records.saved(
        request,
        form,
        lambda data: actions.strike(
            row, reason=data["reason"], by=request.person, now=request.now, role_kind=request.role.kind
        ),
        done=lambda made: back,
        said=lambda made: _("已划去；记录仍可查看。"),
        context=_form(
            str(row), _("划去误录的资质"), back, _("只用于录错的条目：划去后在任何一天都不计入，记录仍可查看。")
        ),
    )
