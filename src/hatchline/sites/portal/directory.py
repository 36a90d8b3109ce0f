"""The public directory: institutions open or planned, beside the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.columns.partial_dates import read
from hatchline.apps.institutions import queries
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.institutions.states import Status
from hatchline.apps.premises import queries as premises
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.models import Level
from hatchline.sites import access, places
from hatchline.sites.components import formatting, pictures
from hatchline.sites.days import Asked
from hatchline.sites.lists import Choice, Column, Filter, List, fetching, view
from hatchline.sites.portal.words import STAGES, may_apply

if TYPE_CHECKING:
    from hatchline.apps.institutions.models import Institution


def listed(request: HttpRequest) -> QuerySet[Institution]:
    """What anybody may see: open or planned institutions of the district."""
    return queries.directory(settings.DISTRICT).rows.select_related(None).prefetch_related(None)


def free_places(request: HttpRequest) -> dict[int, premises.Free]:
    """What each listed institution has free today; one whose spaces nobody recorded is left out. Kept until the next
    verb, for every page of the portal asks for it."""
    key = ("portal", "free", settings.DISTRICT, request.today, fetching.head(request))
    found: dict[int, premises.Free] = fetching.remembered(
        key, lambda: premises.free(list(listed(request).values_list("pk", flat=True)), request.today), bool
    )
    return found


def level_words(keys: Collection[int], as_of: date) -> dict[int, str]:
    """The highest level each institution is recognised at; one that is not recognised is left out."""
    levels = titles.highest_levels("institutions.institution", keys, as_of)
    return {pk: str(Level(level).label) for pk, level in levels.items()}


def _words(rows: list[dict[str, Any]], asked: Asked) -> None:
    keys = [row["pk"] for row in rows]
    found, free = queries.kinds_of(keys), places.free_words(keys, asked.as_of)
    levels = level_words(keys, asked.as_of)
    for row in rows:
        row["level"] = levels.get(row["pk"])
        row["free"] = free.get(row["pk"])
        words = [str(Kind(kind).label) for kind in found.get(row["pk"], ())]
        row["kinds"] = formatting.listed(words, 4) if words else None


def _opened(row: dict[str, Any]) -> Any:
    if row["opened_on"] is None:
        return None
    return formatting.date_table(read(row["opened_on"], row["opened_before"], row["opened_text"]))


def _of_kind(rows: QuerySet[Institution], kind: str) -> QuerySet[Institution]:
    return queries.now_of_kinds(rows, [kind])


def _of_stage(rows: QuerySet[Institution], stage: str) -> QuerySet[Institution]:
    return queries.offering(rows, [stage])


DIRECTORY = List(
    name="portal.institutions",
    route="portal:institutions",
    label=gettext_lazy("孵化机构名录"),
    unit=gettext_lazy("家"),
    rows=listed,
    fields=(
        "name",
        "territory__name",
        "territory__code",
        "specialism",
        "address",
        "opened_on",
        "opened_before",
        "opened_text",
    ),
    columns=(
        Column("name", gettext_lazy("机构"), sort=("name",), head=True),
        Column("territory", gettext_lazy("位置"), show=lambda row: row["territory__name"], quiet=True),
        Column("kinds", gettext_lazy("类型"), quiet=True, narrow=False),
        Column("specialism", gettext_lazy("专长"), quiet=True, narrow=False),
        Column("level", gettext_lazy("级别"), blank="—", narrow=False),
        Column("free", gettext_lazy("空余"), hint=gettext_lazy("现在没有人用的房间和工位；场地还没有登记的是未知。")),
        Column("opened", gettext_lazy("开办"), show=_opened, sort=("opened_on",), kind="date", narrow=False),
    ),
    order="name",
    href=lambda row: reverse("portal:institution", args=[row["pk"]]),
    code=lambda row: row["territory__code"] or "",
    kind="institutions.institution",
    hint=gettext_lazy("名称、领域、街道，可用拼音首字母"),
    filters=(
        Filter(
            "stage",
            gettext_lazy("阶段"),
            lambda request: [Choice(*each) for each in StageOffered.choices],
            _of_stage,
        ),
        Filter("kind", gettext_lazy("类型"), lambda request: [Choice(*each) for each in Kind.choices], _of_kind),
        Filter(
            "place",
            gettext_lazy("街道、地区"),
            lambda request: [Choice(tile.code, tile.name) for tile in bodies.tiles()],
            lambda rows, value: rows.filter(territory__code=value),
        ),
    ),
    enrich_on=_words,
    scope=lambda request: "public",
    empty_title=gettext_lazy("名录还是空的"),
    empty_text=gettext_lazy("区里登记机构之后，这里马上就有。"),
    file_name="institutions",
)


def map_of(request: HttpRequest, rows: QuerySet[Institution], chosen: str, href: Any) -> Any:
    """The tile map of the free places in each sub-district; None when the district has no tiles.

    A sub-district whose institutions have recorded no spaces is unknown, one without institutions has none.
    """
    tiles = bodies.tiles()
    if not tiles:
        return None
    free, told = free_places(request), defaultdict(list)
    for pk, code in rows.order_by().values_list("pk", "territory__code"):
        told[code].append(places.number_free(free.get(pk)))
    values: dict[str, int | None] = {tile.code: 0 for tile in tiles}
    for code in values.keys() & told.keys():
        known = [number for number in told[code] if number is not None]
        values[code] = sum(known) if known else None
    drawn = [
        {"code": tile.code, "name": tile.name, "short": tile.short, "column": tile.column, "row": tile.row}
        for tile in tiles
    ]
    return pictures.tiles(
        drawn, values, steps=pictures.even_steps(values.values()), href=href, selected=[chosen] if chosen else []
    )


@access.public
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which institution suits me?"""
    if request.method == "POST" or request.GET.get("export"):
        return view.respond(request, DIRECTORY, "portal/institutions.jinja")
    shown = view.build(request, DIRECTORY)
    state = shown.state
    picture = map_of(
        request,
        fetching.all_rows(DIRECTORY, request, state, but="place"),
        dict(state.filters).get("place", ""),
        lambda code: shown.path + state.with_filter("place", code).query(),
    )
    return render(request, "portal/institutions.jinja", {"list": shown, "map": picture}, using="jinja2")


@access.public
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """What does this institution offer, and how does one reach it?"""
    found = queries.directory(settings.DISTRICT).rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    at = found.territory.code if found.territory else ""
    tiles = [
        {"code": tile.code, "name": tile.name, "short": tile.short, "column": tile.column, "row": tile.row}
        for tile in bodies.tiles()
    ]
    here = {tile["code"]: int(tile["code"] == at) for tile in tiles}
    known = at in here
    stages = {each.stage for each in found.stages.all()}
    context = {
        "institution": found,
        "kinds": [str(Kind(each.kind).label) for each in found.kinds.all()],
        "stages": [str(each.label) for each in StageOffered if each.value in stages],
        "free": places.free_words([found.pk], request.today).get(found.pk),
        "level": level_words([found.pk], request.today).get(found.pk),
        "stage_rows": [
            {"words": each, "apply": f"{reverse('desk:apply')}?institution={found.pk}&stage={each.stage}"}
            for each in STAGES
            if each.stage in stages
        ],
        "planned": found.status == Status.PLANNED,
        "may_apply": may_apply(request),
        "map": pictures.tiles(tiles, here, selected=[at]) if known else None,
    }
    return render(request, "portal/institution.jinja", context, using="jinja2")
