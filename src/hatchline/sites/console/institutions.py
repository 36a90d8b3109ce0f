"""Institutions: the list beside its tile map, a profile, and the forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import actions, drafts, policy, queries
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.institutions.states import Status
from hatchline.sites import access
from hatchline.sites.components import pictures
from hatchline.sites.console import history, marks, records
from hatchline.sites.console.institution_forms import DayForm, InstitutionForm, RegisterForm
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, fetching, view

if TYPE_CHECKING:
    from hatchline.apps.institutions.models import Institution

KIND = "institutions.institution"


def _rows(request: HttpRequest) -> QuerySet[Institution]:
    return queries.visible_to(request.role, request.today).select_related(None).prefetch_related(None)


def _kinds_and_stages(rows: list[dict[str, Any]]) -> None:
    """The kinds and stages of a page's institutions, in one query each."""
    shown = [row["pk"] for row in rows]
    kinds, stages, order = queries.kinds_of(shown), queries.stages_of(shown), list(StageOffered.values)
    for row in rows:
        row["kinds"] = marks.joined([marks.label(Kind(each)) for each in kinds.get(row["pk"], ())]) or None
        offered = sorted(stages.get(row["pk"], ()), key=order.index)
        ordered = [marks.label(StageOffered(each)) for each in offered]
        row["stages"] = marks.joined(ordered) or None


def _by(column: str) -> Any:
    return lambda rows: {str(value): number for value, number in rows.values_list(column).annotate(number=Count("pk"))}


def _opened(row: dict[str, Any]) -> Any:
    return marks.partial_date(row["opened_on"], row["opened_before"], row["opened_text"])


INSTITUTIONS = List(
    name="console.institutions",
    route="console:institutions",
    label=gettext_lazy("孵化机构"),
    unit=gettext_lazy("家"),
    rows=_rows,
    fields=(
        "name",
        "operator__name",
        "status",
        "territory__name",
        "territory__code",
        "specialism",
        "address",
        "opened_on",
        "opened_before",
        "opened_text",
        "seen_open_on",
        "amended_at",
    ),
    columns=(
        Column("name", gettext_lazy("机构"), sort=("name",), head=True),
        Column("kinds", gettext_lazy("类型"), quiet=True, narrow=False),
        Column(
            "territory",
            gettext_lazy("街道、地区"),
            show=lambda row: row["territory__name"],
            sort=("territory__name",),
            quiet=True,
        ),
        Column("stages", gettext_lazy("阶段"), quiet=True, narrow=False),
        Column(
            "opened",
            gettext_lazy("开办"),
            show=_opened,
            sort=("opened_on",),
            kind="date",
            export=lambda row: row["opened_text"] or row["opened_on"],
        ),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: marks.status(Status(row["status"])),
            export=lambda row: str(Status(row["status"]).label),
            kind="status",
        ),
        Column("operator", gettext_lazy("运营主体"), show=lambda row: row["operator__name"], shown=False, quiet=True),
        Column("specialism", gettext_lazy("专长"), shown=False, quiet=True),
        Column("address", gettext_lazy("场地地址"), shown=False, quiet=True),
        Column(
            "seen",
            gettext_lazy("最早见于名单"),
            show=lambda row: row["seen_open_on"],
            sort=("seen_open_on",),
            kind="date",
            shown=False,
        ),
    ),
    order="name",
    href=lambda row: reverse("console:institution", args=[row["pk"]]),
    code=lambda row: row["territory__code"] or "",
    kind=KIND,
    hint=gettext_lazy("输入名称、街道或拼音首字母，如 wjqy"),
    filters=(
        Filter(
            "kind",
            gettext_lazy("类型"),
            lambda request: [Choice(*each) for each in Kind.choices],
            lambda rows, value: queries.now_of_kinds(rows, [value]),
            queries.number_by_kind,
        ),
        Filter(
            "stage",
            gettext_lazy("阶段"),
            lambda request: [Choice(*each) for each in StageOffered.choices],
            lambda rows, value: queries.offering(rows, [value]),
            queries.number_by_stage,
        ),
        Filter(
            "place",
            gettext_lazy("街道、地区"),
            lambda request: [Choice(tile.code, tile.name) for tile in bodies.tiles()],
            lambda rows, value: rows.filter(territory__code=value),
            _by("territory__code"),
        ),
        Filter(
            "status",
            gettext_lazy("状态"),
            lambda request: [Choice(each.value, each.label) for each in Status],
            lambda rows, value: rows.filter(status=value),
            _by("status"),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("open", gettext_lazy("在运营"), lambda rows, request: rows.filter(status=Status.OPEN)),
        Tab("undated", gettext_lazy("缺开办时间"), lambda rows, request: rows.filter(opened_on=None)),
        Tab("nowhere", gettext_lazy("缺街道"), lambda rows, request: rows.exclude(territory__level=4)),
    ),
    enrich=_kinds_and_stages,
    empty_title=gettext_lazy("还没有孵化机构"),
    empty_text=gettext_lazy("导入一份名单，或逐家登记。"),
    file_name="institutions",
)


def tile_picture(request: HttpRequest, rows: QuerySet[Institution], chosen: str, href: Any) -> Any:
    """The tile map of how many there are in each sub-district; None when the district has no tiles."""
    tiles = bodies.tiles()
    if not tiles:
        return None
    counted = rows.order_by().values_list("territory__code").annotate(number=Count("pk"))
    numbers = {code: number for code, number in counted if code}
    drawn = [
        {"code": tile.code, "name": tile.name, "short": tile.short, "column": tile.column, "row": tile.row}
        for tile in tiles
    ]
    values = {tile.code: numbers.get(tile.code, 0) for tile in tiles}
    return pictures.tiles(
        drawn, values, steps=_steps(list(values.values())), href=href, selected=[chosen] if chosen else []
    )


def _steps(numbers: list[int]) -> list[int]:
    """Where the second, third and fourth blue begin: of few institutions each number has its own."""
    most = max(numbers, default=0)
    return [2, 3, 4] if most <= 6 else [-(-most // 4), -(-most // 2), -(-3 * most // 4)]


@access.may("institutions.list")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which institutions are there, how do they stand, where are they?"""
    if request.method == "POST" or request.GET.get("export"):
        return view.respond(request, INSTITUTIONS, "console/institutions.jinja")
    shown = view.build(request, INSTITUTIONS)
    state = shown.state
    on_map = fetching.all_rows(INSTITUTIONS, request, state, but="place")
    context = {
        "list": shown,
        "map": tile_picture(
            request,
            on_map,
            dict(state.filters).get("place", ""),
            lambda code: shown.path + state.with_filter("place", code).query(),
        ),
        "states": dict(_by("status")(_rows(request).order_by())),
    }
    return render(request, "console/institutions.jinja", context, using="jinja2")


def _found(request: HttpRequest, pk: int) -> Institution:
    """The institution, if the role sees it: 404 otherwise."""
    found = queries.visible_to(request.role, request.today).prefetch_related("names").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@access.may("institutions.list")
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What is this institution, and what is not known about it yet?"""
    institution = _found(request, pk)
    gaps = [
        label
        for label, missing in (
            (_("运营主体"), institution.operator_id is None),
            (_("街道、地区"), institution.territory is None or institution.territory.level < 4),
            (_("开办时间"), institution.opened_on is None),
            (_("机构类型"), not institution.kinds.all()),
            (_("孵化阶段"), not institution.stages.all()),
        )
        if missing
    ]
    alone = institution.territory is not None and institution.territory.level == 4
    place = [institution.territory.code] if alone else []
    tiles = [
        {"code": tile.code, "name": tile.name, "short": tile.short, "column": tile.column, "row": tile.row}
        for tile in bodies.tiles()
    ]
    here = {tile["code"]: int(tile["code"] in place) for tile in tiles}
    context = {
        "institution": institution,
        "status": marks.status(Status(institution.status)),
        "kinds": [str(Kind(each.kind).label) for each in institution.kinds.all()],
        "stages": [str(StageOffered(each.stage).label) for each in institution.stages.all()],
        "gaps": gaps,
        "map": pictures.tiles(tiles, here, selected=place) if tiles and place else None,
        "history": history.about(institution, limit=10),
        "why_not": policy.why_not_as("amend", request.role.kind),
        "names": list(institution.names.all()),
    }
    return render(request, "console/institution.jinja", context, using="jinja2")


@access.may("institutions.register")
def register(request: HttpRequest) -> HttpResponse:
    """A new institution."""
    form = records.opened(request, RegisterForm, {"status": Status.OPEN.value})
    candidates: list[dict[str, Any]] = []

    def save(data: dict[str, Any]) -> Institution:
        draft = InstitutionDraft(**{**form.changes(), "status": data["status"]})
        alike = queries.candidates([draft])[0]
        if alike and not data["confirmed"]:
            said = _("登记簿里有很像的机构，请先核对。")
            records.ask_whether_new(form, candidates, alike, route="console:institution", said=said)
        return actions.register(
            draft, by=request.person, now=request.now, today=request.today, role_kind=request.role.kind
        )

    return records.saved(
        request,
        form,
        save,
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”。") % {"name": made.name},
        context={
            "question": _("要登记哪家机构？"),
            "heading": _("登记机构"),
            "crumbs": [(_("孵化机构"), reverse("console:institutions")), (_("登记机构"), "")],
            "back": reverse("console:institutions"),
            "submit_label": _("登记"),
            "candidates": candidates,
            "warning": "",
        },
    )


def _initial(institution: Institution) -> dict[str, Any]:
    said = drafts.present(institution)
    return {
        **said,
        "version": institution.version,
        "kinds": list(said["kinds"]),
        "stages": list(said["stages"]),
        "operator": institution.operator.name if institution.operator else "",
        "territory": institution.territory.path_name if institution.territory else "",
        "aliases": "\n".join(name for kind, name in said["names"] if kind == "alias"),
    }


def _form_context(institution: Institution, heading: str) -> dict[str, Any]:
    back = reverse("console:institution", args=[institution.pk])
    return {
        "question": institution.name,
        "heading": heading,
        "crumbs": [(_("孵化机构"), reverse("console:institutions")), (institution.name, back), (heading, "")],
        "back": back,
        "candidates": [],
        "warning": "",
    }


@access.may("institutions.amend")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded."""
    institution = _found(request, pk)
    form = records.opened(request, InstitutionForm, _initial(institution))
    return records.saved(
        request,
        form,
        lambda data: actions.amend(
            institution,
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            today=request.today,
            role_kind=request.role.kind,
            **form.changes(),
        ),
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已保存“%(name)s”的修改。") % {"name": made.name},
        context=_form_context(institution, _("修改机构信息")),
    )


@access.may("institutions.amend")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It has closed; the record stays."""
    institution = _found(request, pk)
    form = records.opened(request, DayForm, {"version": institution.version})
    warning = _("关闭后不再计入“孵化机构数量”，也不再出现在公众名录；记录和历史保留，可以恢复。")
    return records.saved(
        request,
        form,
        lambda data: actions.close(
            institution,
            on=data["on"],
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”关闭。登记错了可以在它的页面上恢复。") % {"name": made.name},
        context={**_form_context(institution, _("登记关闭")), "warning": warning},
    )


@access.may("institutions.amend")
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """A planned institution has opened."""
    institution = _found(request, pk)
    form = records.opened(request, DayForm, {"version": institution.version})
    return records.saved(
        request,
        form,
        lambda data: actions.open_(
            institution,
            on=data["on"],
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: reverse("console:institution", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”开办。") % {"name": made.name},
        context=_form_context(institution, _("登记开办")),
    )


@access.may("institutions.amend")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It was marked closed by mistake."""
    institution = _found(request, pk)
    return records.done_at_once(
        request,
        lambda: actions.reopen(
            institution, version=institution.version, by=request.person, now=request.now, role_kind=request.role.kind
        ),
        back=reverse("console:institution", args=[pk]),
        said=_("已恢复“%(name)s”为在运营。") % {"name": institution.name},
    )
