"""One institution: how it stands, who is and was there, who works there, its space and its titles, on any day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import policy, queries
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.observations import queries as observations
from hatchline.apps.people import queries as people
from hatchline.apps.people.roles import may
from hatchline.apps.premises import queries as premises
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.states import Level, TitleStatus
from hatchline.apps.ventures.queries import places
from hatchline.apps.ventures.states import Outcome, StayStatus
from hatchline.core.chain.stages import Stage
from hatchline.sites import access, days
from hatchline.sites.components import formatting, pictures
from hatchline.sites.console import history, marks
from hatchline.sites.console.institutions import KIND, in_language, status_on
from hatchline.sites.console.title_standing import told_title
from hatchline.sites.console.ventures import figures
from hatchline.sites.console.ventures.profile import moment_of

if TYPE_CHECKING:
    from hatchline.apps.institutions.models import Institution
    from hatchline.apps.titles.models import Title
    from hatchline.apps.ventures.models import Stay

MOST_STAYS = 50
MOST_YEARS = 12


def found(request: HttpRequest, pk: int) -> Institution:
    """The institution, if the role sees it: 404 otherwise."""
    row = queries.visible_to(request.role, request.today).prefetch_related("names").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def page(request: HttpRequest, pk: int, tab: str, more: Any) -> HttpResponse:
    """One tab of the profile with what stands above all of them. ``more(institution, asked)`` answers the rest."""
    institution, asked = found(request, pk), days.asked(request)
    level = titles.highest_levels(KIND, [pk], asked.as_of).get(pk)
    known = pk in places.recorded_at([pk])
    tenants = places.tenants_at([pk], asked.as_of).get(pk, 0) if known else None
    graduates = places.graduates_at([pk], asked.as_of).get(pk, 0) if known else None
    row = {name: getattr(institution, name) for name in ("status", "opened_on", "opened_before", "seen_open_on")}
    row |= {name: getattr(institution, name) for name in ("closed_on", "closed_before")}
    stands = status_on(row, asked)
    kinds = queries.kinds_of([pk], None if asked.is_today else asked.as_of).get(pk, ())
    offered = {each.stage for each in institution.stages.all()}
    context = {
        "institution": institution,
        "name": in_language(institution.name, institution.name_en),
        "asked": asked,
        "kinds": [marks.label(Kind(each)) for each in kinds],
        "stages": [str(each.label) for each in StageOffered if each.value in offered],
        "level": marks.label(Level(level)) if level else "",
        "status": marks.status(stands) if stands else formatting.unknown(),
        "tenants": tenants,
        "graduates": graduates,
        "there": _there(pk, asked.as_of) if known else None,
        "gaps": _gaps(institution),
        "tabs": [
            {"label": label, "href": asked.onward(reverse(route, args=[pk])), "count": None, "current": key == tab}
            for key, label, route in (
                ("overview", _("概况"), "console:institution"),
                ("ventures", _("入驻企业"), "console:institution_ventures"),
                ("team", _("团队"), "console:institution_team"),
                ("space", _("场地"), "console:institution_space"),
                ("titles", _("资质"), "console:institution_titles"),
                ("ladder", _("各级条件"), "console:institution_ladder"),
            )
        ],
        "why_not": policy.why_not_as("amend", request.role.kind),
        "knows": tab == "overview",
        **more(institution, asked),
    }
    return render(
        request,
        f"console/institution_{tab}.jinja" if tab != "ladder" else "console/rules/institution_ladder.jinja",
        context,
        using="jinja2",
    )


def _there(pk: int, as_of: date) -> tuple[int, list[str]]:
    """How many ventures are there as the chain counts them, and how many of them at each stage, in words."""
    present = places.over_time(pk, [as_of])[0].present
    told = [f"{each.label} {formatting.plain(present[each.value])}" for each in StageOffered if present[each.value]]
    return sum(present.values()), told


def _gaps(institution: Institution) -> list[str]:
    here = not institution.is_abroad
    placed = institution.territory is not None and institution.territory.level >= 4
    return [
        label
        for label, missing in (
            (_("运营主体"), institution.operator_id is None),
            (_("街道、地区"), here and not placed),
            (_("城市"), not here and not institution.city),
            (_("开办时间"), institution.opened_on is None),
            (_("机构类型"), not institution.kinds.all()),
            (_("孵化阶段"), not institution.stages.all()),
        )
        if missing
    ]


@access.may("institutions.list")
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What is this institution, how did it come here, and what is not known about it yet?"""

    def more(institution: Institution, asked: days.Asked) -> dict[str, Any]:
        its_titles = [each for each in titles.about(KIND, pk) if each.status != TitleStatus.STRUCK]
        levels = _over_time(institution, asked.as_of)
        ties = []
        if institution.operator_id is not None:
            seen = people.ties_visible_to(request.role, today=request.today)
            there = people.ties_on(asked.as_of).filter(organisation=institution.operator_id)
            ties = list(seen.filter(pk__in=there.values("pk"))[:20])
        measured = observations.values_of(KIND, pk, as_of=asked.as_of, known_at=moment_of(asked))
        return {
            "multiples": figures.multiples(measured, pk, asked, KIND),
            "told": figures.told(measured, KIND, pk, asked),
            "map": _map(institution),
            "timeline": _timeline(institution, its_titles, asked.as_of),
            "growth": _growth(levels) if any(each.present or each.graduates for each in levels) else None,
            "names": list(institution.names.all()),
            "branches": list(queries.branches_of(pk, asked.as_of)),
            "head": queries.head_of(pk, asked.as_of),
            "ties": ties,
            "history": history.about(institution, limit=10),
        }

    return page(request, pk, "overview", more)


def _map(institution: Institution) -> Any:
    alone = institution.territory is not None and institution.territory.level == 4
    place = [institution.territory.code] if alone and institution.territory is not None else []
    tiles = [
        {"code": tile.code, "name": tile.name, "short": tile.short, "column": tile.column, "row": tile.row}
        for tile in bodies.tiles()
    ]
    here = {tile["code"]: int(tile["code"] in place) for tile in tiles}
    return pictures.tiles(tiles, here, selected=place) if tiles and place else None


def _since(institution: Institution, its_titles: list[Title], until: date) -> date:
    """From when its picture begins: the first day anything is known of."""
    dates = [institution.opened.earliest, institution.seen_open_on, *(each.given.earliest for each in its_titles)]
    known = [day for day in dates if day is not None and day <= until]
    first = min(known, default=until)
    return date(max(first.year, until.year - MOST_YEARS), 1, 1)


def _timeline(institution: Institution, its_titles: list[Title], as_of: date) -> Any:
    """Names, recognitions and what happened, on one axis. None when no day is known."""
    start = _since(institution, its_titles, as_of)
    end = date(as_of.year + 1, 1, 1)
    events = []
    for day, label in ((institution.opened, _("开办")), (institution.closed, _("关闭"))):
        if day.earliest is not None and start <= day.earliest <= as_of:
            events.append({"start": day.earliest, "label": label, "note": day.text})
    if institution.seen_open_on is not None and institution.opened_on is None and institution.seen_open_on <= as_of:
        events.append({"start": institution.seen_open_on, "label": _("见于名单"), "note": ""})
    for link in queries.branches_of(institution.pk):
        if link.starts.earliest is not None and start <= link.starts.earliest <= as_of:
            name = in_language(link.branch.name, link.branch.name_en)
            events.append({"start": link.starts.earliest, "label": name, "note": link.get_form_display()})
    stays = []
    for title in its_titles:
        if title.given.earliest is None or title.given.earliest > as_of:
            continue
        ends = min((day for day in (title.ends_before, title.withdrawn_on) if day is not None), default=None)
        if ends is not None and ends <= start:
            continue
        shade = {"district": "nursery", "municipal": "incubation", "national": "acceleration"}
        stays.append(
            {
                "start": max(title.given.earliest, start),
                "end": ends if ends is not None and ends <= as_of else None,
                "label": str(title),
                "note": title.document,
                "kind": shade.get(title.level, "outside"),
                "href": reverse("console:title", args=[title.pk]),
            }
        )
    names, at = [], start
    former = [each for each in institution.names.all() if each.kind == "former" and each.ends_before is not None]
    for each in sorted(former, key=lambda one: one.ends_before or start):
        if each.ends_before is not None and at < each.ends_before <= as_of:
            names.append({"start": at, "end": each.ends_before, "label": each.name})
            at = each.ends_before
    if names:
        names.append({"start": at, "end": None, "label": institution.name})
    lanes = [
        {"title": _("名称"), "shape": "names", "items": names},
        {"title": _("资质"), "shape": "stays", "items": stays},
        {"title": _("经过"), "shape": "events", "items": events},
    ]
    lanes = [lane for lane in lanes if lane["items"]]
    return pictures.timeline(start, end, lanes, today=as_of) if lanes else None


def _over_time(institution: Institution, as_of: date) -> list[places.Level]:
    """The ends of the years up to the day, and the day."""
    first = institution.opened.earliest or institution.seen_open_on
    since = max(first.year if first is not None else as_of.year - 5, as_of.year - MOST_YEARS)
    at = [date(year, 12, 31) for year in range(since, as_of.year)]
    return places.over_time(institution.pk, [*at, as_of])


def _growth(levels: list[places.Level]) -> dict[str, Any]:
    """A chart of who was there at each stage, with its table."""
    names = {each.value: str(StageOffered(each.value).label) for each in Stage}
    shown = [stage for stage in names if any(each.present[stage] for each in levels)]
    labels = [str(each.day.year) if (each.day.month, each.day.day) == (12, 31) else str(each.day) for each in levels]
    return {
        "data": {
            "categories": labels,
            "series": [
                {"name": names[stage], "stage": stage, "values": [each.present[stage] for each in levels]}
                for stage in shown
            ],
            "unit": pgettext("venture", "家"),
            "stacked": True,
        },
        "columns": [_("日期"), *(names[stage] for stage in shown), _("累计毕业")],
        "rows": [
            [label, *(each.present[stage] for stage in shown), each.graduates]
            for label, each in zip(labels, levels, strict=True)
        ],
    }


@access.may("institutions.list")
def ventures(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is there, and who was?"""

    def more(institution: Institution, asked: days.Asked) -> dict[str, Any]:
        told = [_told(each, asked.as_of) for each in places.stays_at(pk, asked.as_of)]
        present = [each for each in told if each["is_there"]]
        past = [each for each in told if not each["is_there"]]
        return {
            "present": present[:MOST_STAYS],
            "past": past[:MOST_STAYS],
            "number_present": len(present),
            "number_counted": sum(1 for each in present if not each["apart"]),
            "apart": sorted(Counter(each["apart"] for each in present if each["apart"]).items()),
            "number_past": len(past),
            "most": MOST_STAYS if max(len(present), len(past)) > MOST_STAYS else None,
        }

    return page(request, pk, "ventures", more)


def _told(stay: Any, as_of: date) -> dict[str, Any]:
    last = stay.ended.exact or stay.ended.before
    ended = last is not None and last <= as_of
    level = {"confirmed": "ok", "claimed": "info", "disputed": "warn"}.get(stay.status, "neutral")
    return {
        "name": stay.venture.name,
        "venture": stay.venture_id,
        "stage": str(StageOffered(stay.stage).label),
        "starts": stay.starts,
        "ended": stay.ended if ended else None,
        "is_there": not ended,
        "is_sure": stay.held_until is None or stay.held_until > as_of,
        "outcome": str(Outcome(stay.outcome).label) if stay.outcome and ended else "",
        "status": marks.worded(stay.standing.label, level),
        "aside": _aside(stay),
        "apart": _apart(stay, as_of),
    }


def _aside(stay: Stay) -> str:
    """Why no day of a stay is counted; "" when its sure ones are."""
    if not stay.counts:
        return _("不计入统计")
    return _("有争议，暂不计入") if stay.status == StayStatus.DISPUTED else ""


def _apart(stay: Stay, as_of: date) -> str:
    """Why the chain does not count a stay on a day; "" when it does."""
    if not stay.counts:
        return _("不计入统计")
    if stay.status != StayStatus.CONFIRMED:
        return str(StayStatus(stay.status).label)
    sure = (
        stay.held_from is not None and stay.held_from <= as_of and (stay.held_until is None or stay.held_until > as_of)
    )
    return "" if sure else _("当天是否在，日期定不下来")


@access.may("institutions.list")
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Who works there, with which qualifications, and who are its mentors?"""

    def more(institution: Institution, asked: days.Asked) -> dict[str, Any]:
        return {
            "staff": list(queries.staff_of(pk, asked.as_of)),
            "mentors": list(queries.mentors_of(pk, asked.as_of)),
            "numbers": queries.teams([pk], asked.as_of).get(pk),
            "may_name": may(request.role.kind, "people.list"),
            "may_record": may(request.role.kind, "team.record"),
        }

    return page(request, pk, "team", more)


@access.may("institutions.list")
def titles_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Which titles does it hold, and which did it hold?"""

    def more(institution: Institution, asked: days.Asked) -> dict[str, Any]:
        rows = [told_title(each, asked.as_of) for each in titles.given_by(titles.about(KIND, pk), asked.as_of)]
        return {
            "in_force": [each for each in rows if each["is_in_force"]],
            "others": [each for each in rows if not each["is_in_force"]],
            "may_record": may(request.role.kind, "titles.record"),
        }

    return page(request, pk, "titles", more)


@access.may("institutions.list")
def space(request: HttpRequest, pk: int) -> HttpResponse:
    """How much space has it, what for, and what is free?"""

    def more(institution: Institution, asked: days.Asked) -> dict[str, Any]:
        return {"held": premises.summary(pk, asked.as_of)}

    return page(request, pk, "space", more)
