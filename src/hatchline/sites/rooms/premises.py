"""Premises: the list, a page, the forms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from hatchline.apps.columns.partial_dates import read
from hatchline.apps.people.roles import may
from hatchline.apps.premises import actions, drafts, policy, queries
from hatchline.apps.premises.drafts import PremisesDraft
from hatchline.apps.premises.models import SpaceKind, Tenure, Use
from hatchline.sites import days
from hatchline.sites import forms as shared
from hatchline.sites.components import formatting
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, view
from hatchline.sites.rooms import common, forms

if TYPE_CHECKING:
    from hatchline.apps.premises.models import Premises

NOTHING = Decimal(0)


def _rows(request: HttpRequest) -> QuerySet[Premises]:
    rows = queries.visible_to(request.role, request.today).select_related(None)
    return rows.filter(queries.in_use_on(days.asked(request).as_of))


def _space_on(rows: list[dict[str, Any]], asked: days.Asked) -> None:
    """Rooms, what is used and what is free of a page's premises, in three queries."""
    by: dict[int, list[queries.Room]] = defaultdict(list)
    for room in queries.rooms(asked.as_of, premises=[row["pk"] for row in rows]):
        by[room.premises].append(room)
    for row in rows:
        its = by[row["pk"]]
        row["rooms"] = len(its) or None
        row["used"] = total([use.area for room in its for use in room.in_use]) if its else None
        row["free"] = total([room.free_area for room in its if room.use in queries.FOR_VENTURES]) if its else None
        if row["area"] is None and its:
            row["area"] = total([room.area for room in its])


def total(areas: list[Decimal | None]) -> Decimal | None:
    """Their sum; None when one of them is not known."""
    return None if None in areas else sum((each for each in areas if each is not None), NOTHING)


def known(areas: list[Decimal | None]) -> Decimal | None:
    """The sum of those that are known; None when none is."""
    found = [each for each in areas if each is not None]
    return sum(found, NOTHING) if found or not areas else None


def _area(key: str) -> Any:
    return lambda row: None if row[key] is None else formatting.area(row[key])


def _starts(row: dict[str, Any]) -> Any:
    if row["starts_on"] is None and not row["starts_text"]:
        return None
    return formatting.date_table(read(row["starts_on"], row["starts_before"], row["starts_text"]))


def _by_tenure(rows: QuerySet[Premises]) -> dict[str, int]:
    return dict(rows.order_by().values_list("tenure").annotate(number=Count("pk")))


def _converted(row: dict[str, Any]) -> Any:
    return _("闲置改造") if row["converted_from_idle"] else ""


PREMISES = List(
    name="console.premises",
    route="console:premises",
    label=gettext_lazy("场地"),
    unit=gettext_lazy("处"),
    rows=_rows,
    fields=(
        "name",
        "institution__name",
        "territory__name",
        "area",
        "tenure",
        "starts_on",
        "starts_before",
        "starts_text",
        "converted_from_idle",
        "address",
        "owner__name",
    ),
    columns=(
        Column("name", gettext_lazy("场地"), sort=("name",), head=True),
        Column(
            "institution",
            gettext_lazy("使用机构"),
            show=lambda row: row["institution__name"],
            sort=("institution__name",),
            blank=gettext_lazy("还没有机构"),
        ),
        Column(
            "area",
            gettext_lazy("总面积"),
            show=_area("area"),
            export=lambda row: row["area"],
            sort=("area",),
            kind="number",
        ),
        Column(
            "used",
            gettext_lazy("在用面积"),
            show=_area("used"),
            export=lambda row: row["used"],
            kind="number",
            narrow=False,
        ),
        Column(
            "free",
            gettext_lazy("可入驻面积"),
            show=_area("free"),
            export=lambda row: row["free"],
            kind="number",
        ),
        Column("rooms", gettext_lazy("房间数"), kind="number", narrow=False, shown=False),
        Column(
            "tenure",
            gettext_lazy("权属"),
            show=lambda row: str(Tenure(row["tenure"]).label),
            sort=("tenure",),
            quiet=True,
            narrow=False,
        ),
        Column(
            "starts",
            gettext_lazy("开始使用"),
            show=_starts,
            export=lambda row: row["starts_text"] or row["starts_on"],
            sort=("starts_on",),
            kind="date",
            narrow=False,
        ),
        Column("converted", gettext_lazy("来历"), show=_converted, quiet=True, narrow=False),
        Column(
            "territory",
            gettext_lazy("街道、地区"),
            show=lambda row: row["territory__name"],
            sort=("territory__name",),
            quiet=True,
            shown=False,
        ),
        Column("owner", gettext_lazy("产权单位"), show=lambda row: row["owner__name"], quiet=True, shown=False),
        Column("address", gettext_lazy("地址"), quiet=True, shown=False),
    ),
    order="name",
    kind="premises.premises",
    hint=gettext_lazy("输入场地、机构或街道"),
    filters=(
        Filter(
            "tenure",
            gettext_lazy("权属"),
            lambda request: [Choice(*each) for each in Tenure.choices],
            lambda rows, value: rows.filter(tenure=value),
            _by_tenure,
        ),
        Filter(
            "institution",
            gettext_lazy("使用机构"),
            lambda request: [
                Choice(str(pk), name)
                for pk, name in queries.visible_to(request.role, request.today)
                .exclude(institution=None)
                .order_by("institution__name")
                .values_list("institution", "institution__name")
                .distinct()[:500]
            ],
            lambda rows, value: rows.filter(institution=value),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("converted", gettext_lazy("闲置改造"), lambda rows, request: rows.filter(converted_from_idle=True)),
        Tab("unmeasured", gettext_lazy("缺面积"), lambda rows, request: rows.filter(area=None)),
        Tab("undated", gettext_lazy("缺开始时间"), lambda rows, request: rows.filter(starts_on=None)),
    ),
    enrich_on=_space_on,
    travels=True,
    empty_title=gettext_lazy("还没有登记场地"),
    empty_text=gettext_lazy("登记一处场地，再登记它的房间和谁在用；也可以导入房间表。"),
    file_name="premises",
)


def _at_site(site: str) -> List:
    from django.urls import reverse

    return replace(
        PREMISES,
        name=f"{site}.premises",
        route=f"{site}:premises",
        href=lambda row: reverse(f"{site}:premises_page", args=[row["pk"]]),
    )


LISTS = {site: _at_site(site) for site in ("console", "desk")}


def listing(request: HttpRequest) -> HttpResponseBase:
    """Which premises are there, how large are they, and what is free?"""
    declared = LISTS[common.site(request)]
    if request.method == "POST" or request.GET.get("export"):
        return view.respond(request, declared, "rooms/premises.jinja")
    made = view.build(request, declared)
    known = _rows(request).order_by().aggregate(number=Count("pk"), measured=Count("pk", filter=Q(area__isnull=False)))
    area = sum((each for each in _rows(request).order_by().values_list("area", flat=True) if each), NOTHING)
    return common.shown(
        request,
        "premises",
        {
            "list": made,
            "area": area if known["measured"] else None,
            "unmeasured": known["number"] - known["measured"],
            "may_see_idle": common.site(request) == "console" and may(request.role.kind, "premises.list"),
        },
    )


def _by_use(rooms: list[queries.Room]) -> list[dict[str, Any]]:
    """The uses there are, each with its spaces and sums."""
    made = []
    for use in Use:
        its = [room for room in rooms if room.use == use.value]
        if its:
            used = total([each.area for room in its for each in room.in_use])
            made.append(
                {
                    "use": str(use.label),
                    "rooms": its,
                    "area": total([room.area for room in its]),
                    "used": used,
                    "free": total([room.free_area for room in its]),
                }
            )
    return made


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """How are these premises used on the day, and what is free?"""
    its = common.premises_or_404(request, pk)
    asked = days.asked(request)
    rooms = queries.rooms(asked.as_of, premises=[its.pk])
    listed = total([room.area for room in rooms]) if rooms else None
    free = [room for room in rooms if room.use in queries.FOR_VENTURES]
    names = common.named(request, [use for room in rooms for use in room.used])
    return common.shown(
        request,
        "premises_page",
        {
            "premises": its,
            "asked": asked,
            "groups": _by_use(rooms),
            "kinds": {each.value: str(each.label) for each in SpaceKind},
            "rooms": rooms,
            "area": its.area if its.area is not None else listed,
            "listed": listed,
            "used": known([use.area for room in rooms for use in room.in_use]) if rooms else None,
            "free": known([room.free_area for room in free]) if free else None,
            "unknown_uses": sum(use.area is None for room in rooms for use in room.in_use),
            "empty_rooms": sum(room.is_free for room in free),
            "unsure": sum(not use.sure for room in rooms for use in room.used),
            "who": lambda use: said_of(use, names),
            "tenure": str(Tenure(its.tenure).label),
            "gone": queries.spaces_of(its).count() - len(rooms),
            "idle": getattr(its, "idle_property", None),
            "may_see_ledger": common.site(request) == "console" and may(request.role.kind, "ledger.see"),
        },
    )


def said_of(use: Any, names: dict[tuple[str, int], tuple[str, str]]) -> Markup:
    """Who uses it, with the way to their page; in a maybe when the dates leave it open."""
    name, href = names.get((use.who_kind, use.who_id or 0), (use.name, ""))
    made = Markup('<a href="{}">{}</a>').format(href, name) if href else Markup("{}").format(name)
    return made if use.sure else made + Markup(" <span class='hl-3'>{}</span>").format(_("（日期不确定）"))


def _crumbs(request: HttpRequest, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("场地"), common.at(request, "premises")), *more]


def register(request: HttpRequest) -> HttpResponse:
    """New premises."""
    form = shared.opened(request, forms.PremisesForm, {"tenure": Tenure.UNKNOWN.value}, asker=request)
    return common.saved(
        request,
        form,
        lambda data: actions.register(
            PremisesDraft(**form.changes()),
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: common.at(request, "premises_page", made.pk),
        said=lambda made: _("已登记场地“%(name)s”。下一步登记它的房间。") % {"name": made.name},
        question=_("要登记哪处场地？"),
        heading=_("登记场地"),
        crumbs=_crumbs(request, (_("登记场地"), "")),
        back=common.at(request, "premises"),
        submit_label=_("登记"),
    )


def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded."""
    its = common.premises_or_404(request, pk)
    back = common.at(request, "premises_page", its.pk)
    initial = {
        **drafts.present(its),
        "version": its.version,
        "institution": str(its.institution_id or ""),
        "owner": its.owner.name if its.owner else "",
        "territory": its.territory.code if its.territory else "",
    }
    form = shared.opened(request, forms.PremisesForm, initial, asker=request, place=its.territory)
    return common.saved(
        request,
        form,
        lambda data: actions.amend(
            its,
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
            **form.changes(),
        ),
        done=lambda made: back,
        said=lambda made: _("已保存“%(name)s”的修改。") % {"name": made.name},
        question=its.name,
        heading=_("修改场地信息"),
        crumbs=_crumbs(request, (its.name, back), (_("修改场地信息"), "")),
        back=back,
    )


def vacate(request: HttpRequest, pk: int) -> HttpResponse:
    """The institution gives them up."""
    its = common.premises_or_404(request, pk)
    back = common.at(request, "premises_page", its.pk)
    refusal = policy.why_not_as("vacate", request.role.kind)
    return common.saved(
        request,
        shared.opened(request, forms.VacateForm, {}),
        lambda data: actions.vacate(
            its, on=data["on"], by=request.person, now=request.now, role_kind=request.role.kind
        ),
        done=lambda made: back,
        said=lambda made: _("已登记退出“%(name)s”。") % {"name": made.name},
        question=its.name,
        heading=_("登记退出场地"),
        crumbs=_crumbs(request, (its.name, back), (_("登记退出场地"), "")),
        back=back,
        why_not=str(refusal or ""),
        warning=_("退出后不再计入机构的场地面积；记录和以前的用房都保留。"),
    )
