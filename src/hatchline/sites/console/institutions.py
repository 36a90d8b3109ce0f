"""Institutions: the list beside its tile map. Their pages are institution_profile, the forms institution_verbs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.institutions.queries import Span
from hatchline.apps.institutions.states import Status
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.states import Level
from hatchline.apps.ventures.queries import places
from hatchline.sites import access, days
from hatchline.sites.components import pictures
from hatchline.sites.console import marks
from hatchline.sites.days import Asked
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, fetching, view

if TYPE_CHECKING:
    from hatchline.apps.institutions.models import Institution

KIND = "institutions.institution"
NONE = "none"
LEVELS = (Level.NATIONAL, Level.MUNICIPAL, Level.DISTRICT, Level.OTHER)
SPAN = ("status", "opened_on", "opened_before", "seen_open_on", "closed_on", "closed_before")


def reached(request: HttpRequest) -> QuerySet[Institution]:
    """All that the role reaches, without what a list does not need."""
    return queries.visible_to(request.role, request.today).select_related(None).prefetch_related(None)


def _rows(request: HttpRequest) -> QuerySet[Institution]:
    asked = days.asked(request)
    rows = reached(request) if asked.is_today else queries.known_by(reached(request), asked.as_of)
    return rows.annotate(
        tenants_there=places.number_of_tenants(asked.as_of), graduates_there=places.number_of_graduates(asked.as_of)
    )


def in_language(name: str, name_en: str) -> str:
    """The name that the reader can read, where there is one in English."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


def status_on(row: dict[str, Any], asked: Asked) -> Status | None:
    """How an institution stood on the day; None when its dates do not tell."""
    status = Status(row["status"])
    if asked.is_today or status == Status.PLANNED:
        return status
    span = Span(*(row[name] for name in SPAN))
    if span.surely_on(asked.as_of):
        return Status.OPEN
    return None if span.maybe_on(asked.as_of) else Status.CLOSED


def _enrich(rows: list[dict[str, Any]], asked: Asked) -> None:
    """What a page's institutions were on the day, in six queries."""
    shown, day = [row["pk"] for row in rows], asked.as_of
    kinds = queries.kinds_of(shown, None if asked.is_today else day)
    stages, order = queries.stages_of(shown), list(StageOffered.values)
    levels = titles.highest_levels(KIND, shown, day)
    recorded = places.recorded_at(shown)
    tenants, graduates = places.tenants_at(shown, day), places.graduates_at(shown, day)
    for row in rows:
        pk = row["pk"]
        row["kinds"] = marks.joined([marks.label(Kind(each)) for each in kinds.get(pk, ())]) or None
        offered = sorted(stages.get(pk, ()), key=order.index)
        row["stages"] = marks.joined([marks.label(StageOffered(each)) for each in offered]) or None
        row["level"] = levels.get(pk)
        row["tenants"] = tenants.get(pk, 0) if pk in recorded else None
        row["graduates"] = graduates.get(pk, 0) if pk in recorded else None
        row["stands"] = status_on(row, asked)


def _by(column: str) -> Any:
    return lambda rows: {str(value): number for value, number in rows.values_list(column).annotate(number=Count("pk"))}


def _opened(row: dict[str, Any]) -> Any:
    return marks.partial_date(row["opened_on"], row["opened_before"], row["opened_text"])


def _level(row: dict[str, Any]) -> Any:
    return marks.label(Level(row["level"])) if row["level"] else None


def _at_level(rows: QuerySet[Institution], value: str, asked: Asked) -> QuerySet[Institution]:
    if value == NONE:
        return rows.exclude(pk__in=titles.institutions_at(Level.OTHER, asked.as_of).values("subject_id"))
    return rows.filter(pk__in=titles.recognised(value, asked.as_of).values("subject_id"))


def by_level(rows: QuerySet[Institution], asked: Asked) -> dict[str, int]:
    """How many are recognised at each level as their highest, and how many at none. Two queries."""
    keys = list(rows.order_by().values_list("pk", flat=True))
    levels = titles.highest_levels(KIND, keys, asked.as_of) if keys else {}
    counted = Counter(levels.values())
    return {**counted, NONE: len(keys) - len(levels)}


def _standing(rows: QuerySet[Institution], value: str, asked: Asked) -> QuerySet[Institution]:
    return rows.filter(status=value) if asked.is_today else queries.standing_on(rows, value, asked.as_of)


def by_standing(rows: QuerySet[Institution], asked: Asked) -> dict[str, int]:
    """How many stood how on the day; "" counts those of which it is not known. One query."""
    told = rows.order_by().values("pk", *SPAN)
    return Counter(stands.value if (stands := status_on(row, asked)) else "" for row in told)


INSTITUTIONS = List(
    name="console.institutions",
    route="console:institutions",
    label=gettext_lazy("孵化机构"),
    unit=gettext_lazy("家"),
    rows=_rows,
    fields=(
        "name",
        "name_en",
        "operator__name",
        *SPAN,
        "territory__name",
        "territory__code",
        "country",
        "city",
        "specialism",
        "address",
        "opened_text",
        "amended_at",
    ),
    columns=(
        Column(
            "name",
            gettext_lazy("机构"),
            show=lambda row: in_language(row["name"], row["name_en"]),
            export=lambda row: row["name"],
            sort=("name_order",),
            head=True,
        ),
        Column("kinds", gettext_lazy("类型"), quiet=True, narrow=False),
        Column(
            "territory",
            gettext_lazy("街道、地区"),
            show=lambda row: row["territory__name"] or " ".join(filter(None, [row["country"], row["city"]])) or None,
            sort=("territory__name",),
            quiet=True,
            narrow=False,
        ),
        Column("level", gettext_lazy("级别"), show=_level, kind="status", blank="—"),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: marks.status(row["stands"]) if row["stands"] else None,
            export=lambda row: str(row["stands"].label) if row["stands"] else "",
            kind="status",
            narrow=False,
        ),
        Column("tenants", gettext_lazy("在孵"), sort=("tenants_there",), kind="number"),
        Column("graduates", gettext_lazy("累计毕业"), sort=("graduates_there",), kind="number", narrow=False),
        Column(
            "opened",
            gettext_lazy("开办"),
            show=_opened,
            sort=("opened_on",),
            kind="date",
            export=lambda row: row["opened_text"] or row["opened_on"],
            narrow=False,
        ),
        Column("stages", gettext_lazy("阶段"), shown=False, quiet=True, narrow=False),
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
            "level",
            gettext_lazy("级别"),
            lambda request: [
                *(Choice(each.value, each.label) for each in LEVELS),
                Choice(NONE, pgettext_lazy("level", "无")),
            ],
            apply_on=_at_level,
            counts_on=by_level,
        ),
        Filter(
            "kind",
            gettext_lazy("类型"),
            lambda request: [Choice(*each) for each in Kind.choices],
            apply_on=lambda rows, value, asked: queries.of_kinds(rows, [value], asked.as_of),
            counts_on=lambda rows, asked: queries.number_by_kind(rows, asked.as_of),
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
            apply_on=_standing,
            counts_on=by_standing,
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("open", gettext_lazy("在运营"), lambda rows, request: _standing(rows, Status.OPEN, days.asked(request))),
        Tab("undated", gettext_lazy("缺开办时间"), lambda rows, request: rows.filter(opened_on=None)),
        Tab("nowhere", gettext_lazy("缺街道"), lambda rows, request: queries.unplaced(rows)),
    ),
    enrich_on=_enrich,
    travels=True,
    empty_title=gettext_lazy("还没有孵化机构"),
    empty_text=gettext_lazy("导入一份名单，或逐家登记。"),
    file_name="institutions",
)


def tile_picture(request: HttpRequest, rows: QuerySet[Institution], chosen: str, href: Any) -> Any:
    """The tile map of the tenants in each sub-district's institutions; None when the district has no tiles."""
    tiles = bodies.tiles()
    if not tiles:
        return None
    where = dict(rows.order_by().values_list("pk", "territory__code"))
    tenants, numbers = places.tenants_at(list(where), days.asked(request).as_of), Counter[str]()
    for pk, number in tenants.items():
        numbers[where[pk] or ""] += number
    drawn = [
        {"code": tile.code, "name": tile.name, "short": tile.short, "column": tile.column, "row": tile.row}
        for tile in tiles
    ]
    values = {tile.code: numbers.get(tile.code, 0) for tile in tiles}
    steps = pictures.even_steps(values.values())
    return pictures.tiles(drawn, values, steps=steps, href=href, selected=[chosen] if chosen else [])


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
        "levels": by_level(_rows(request), days.asked(request)),
    }
    return render(request, "console/institutions.jinja", context, using="jinja2")
