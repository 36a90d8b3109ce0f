"""The lists under the checks: which rows, where each is mended, and who must answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.institutions.states import Status as InstitutionStatus
from hatchline.apps.titles.models import TitleKind
from hatchline.apps.titles.states import Level
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.models import STAGES
from hatchline.apps.ventures.states import EndState, Status, StayStatus
from hatchline.sites.components import formatting
from hatchline.sites.console import history, marks
from hatchline.sites.console.quality_checks import (
    BY_KEY,
    ENTRIES,
    INSTITUTIONS,
    OCCUPANCIES,
    STAYS,
    TITLES,
    VENTURES,
    Check,
)
from hatchline.sites.console.ventures.telling import source_words
from hatchline.sites.lists import Choice, Column, Filter, List

Row = dict[str, Any]
STAGE_WORDS = dict(STAGES)


def linked(label: Any, href: str) -> Markup:
    """A word that leads somewhere."""
    return Markup('<a href="{}">{}</a>').format(href, label)


def _dated(prefix: str) -> Callable[[Row], Any]:
    return lambda row: marks.partial_date(row[f"{prefix}_on"], row[f"{prefix}_before"], row[f"{prefix}_text"])


def _written(prefix: str) -> Callable[[Row], Any]:
    return lambda row: row[f"{prefix}_text"] or row[f"{prefix}_on"]


def _end(row: Row) -> Any:
    if row["end_state"] == EndState.KNOWN:
        return marks.partial_date(row["ended_on"], row["ended_before"], row["ended_text"])
    return marks.label(EndState(row["end_state"]))


def _answering(rows: list[Row]) -> None:
    """Beside each stay who must answer: those asked in an open question, or else its institution. Two queries."""
    open_ones = ventures.quality.asked_about([row["pk"] for row in rows])
    for row in rows:
        asked = open_ones.get(row["pk"])
        if asked is None:
            row["question"], row["answering"] = None, row["institution__name"]
        else:
            row["question"], waiting = asked
            row["answering"] = marks.joined(waiting) if waiting else _("区科委（各方都已答复）")


def _answers(row: Row) -> Any:
    if row["question"] is None:
        return linked(row["answering"], reverse("console:institution", args=[row["institution"]]))
    return linked(row["answering"], reverse("console:question", args=[row["question"]]))


def _places(rows: list[Row]) -> None:
    """Where each venture is: who must answer. One query."""
    found = ventures.quality.places_of([row["pk"] for row in rows])
    for row in rows:
        row["places"] = found.get(row["pk"], [])


def _titled(rows: list[Row]) -> None:
    """The names of what the titles are about. Two queries."""
    keys: dict[str, list[int]] = {}
    for row in rows:
        keys.setdefault(row["subject_kind"], []).append(row["subject_id"])
    places = institutions.registered().filter(pk__in=keys.get("institutions.institution", []))
    names = {
        "institutions.institution": dict(places.values_list("pk", "name")),
        "ventures.venture": ventures.quality.names_of(keys.get("ventures.venture", [])),
    }
    for row in rows:
        row["subject"] = names.get(row["subject_kind"], {}).get(row["subject_id"], "")


_STAGE = Filter(
    "stage",
    gettext_lazy("阶段"),
    lambda request: [Choice(*each) for each in STAGES],
    lambda rows, value: rows.filter(stage=value),
)


def _title_href(row: Row) -> str:
    route = history.PAGES.get(row["subject_kind"], "")
    return reverse(route, args=[row["subject_id"]]) if route else reverse("console:quality")


_SHAPES: dict[str, dict[str, Any]] = {
    STAYS: {
        "unit": gettext_lazy("条"),
        "fields": (
            *("venture", "venture__name", "institution", "institution__name", "stage", "status", "source"),
            *("starts_on", "starts_before", "starts_text", "ended_on", "ended_before", "ended_text"),
            *("end_state", "recorded_at"),
        ),
        "columns": (
            Column(
                "venture",
                gettext_lazy("创业主体"),
                show=lambda row: row["venture__name"],
                sort=("venture__name",),
                head=True,
            ),
            Column(
                "institution", gettext_lazy("孵化机构"), show=lambda row: row["institution__name"],
                sort=("institution__name",),
                narrow=False,
            ),
            Column("stage", gettext_lazy("阶段"), show=lambda row: STAGE_WORDS[row["stage"]], narrow=False),
            Column(
                "starts", gettext_lazy("入驻时间"), show=_dated("starts"), export=_written("starts"),
                sort=("starts_on",), kind="date",
                narrow=False,
            ),
            Column("ended", gettext_lazy("离开时间"), show=_end, sort=("ended_on",), kind="date", narrow=False),
            Column(
                "status", gettext_lazy("状态"), show=lambda row: marks.label(StayStatus(row["status"])), quiet=True,
                narrow=False,
            ),
            Column("answering", gettext_lazy("请谁答复"), show=_answers, export=lambda row: row["answering"]),
            Column(
                "source", gettext_lazy("来源"), show=lambda row: source_words(row["source"]), shown=False, quiet=True,
            ),
        ),
        "order": "starts",
        "href": lambda row: reverse("console:stay", args=[row["pk"]]),
        "enrich": _answering,
        "filters": (_STAGE,),
    },
    VENTURES: {
        "unit": gettext_lazy("个"),
        "fields": ("name", "status", "founded_on", "founded_before", "founded_text", "amended_at", "legal_person"),
        "columns": (
            Column("name", gettext_lazy("创业主体"), sort=("name",), head=True),
            Column(
                "places",
                gettext_lazy("请谁答复"),
                show=lambda row: Markup("、").join(
                    linked(name, reverse("console:institution", args=[pk])) for pk, name in row["places"]
                ) or None,
                export=lambda row: marks.joined([name for _pk, name in row["places"]]),
                blank=gettext_lazy("不在任何机构"),
            ),
            Column(
                "founded", gettext_lazy("创立时间"), show=_dated("founded"), export=_written("founded"),
                sort=("founded_on",), kind="date", narrow=False,
            ),
            Column(
                "status", gettext_lazy("状态"), show=lambda row: marks.label(Status(row["status"])), quiet=True,
                narrow=False,
            ),
            Column(
                "company", gettext_lazy("登记主体"),
                show=lambda row: linked(_("查看单位"), reverse("console:organisation", args=[row["legal_person"]]))
                if row["legal_person"] else None,
                export=lambda row: row["legal_person"], blank=gettext_lazy("团队"), quiet=True,
            ),
            Column(
                "amended", gettext_lazy("最近修改"), show=lambda row: formatting.moment(row["amended_at"]),
                export=lambda row: row["amended_at"], sort=("amended_at",), kind="date",
            ),
        ),
        "order": "name",
        "href": lambda row: reverse("console:venture", args=[row["pk"]]),
        "enrich": _places,
        "kind": "ventures.venture",
        "hint": gettext_lazy("输入名称、代码或拼音首字母"),
    },
    INSTITUTIONS: {
        "unit": gettext_lazy("家"),
        "fields": (
            "name", "status", "operator__name", "territory__name", "territory__level", "opened_on", "opened_before",
            "opened_text", "amended_at",
        ),
        "columns": (
            Column("name", gettext_lazy("孵化机构"), sort=("name",), head=True),
            Column(
                "status", gettext_lazy("状态"), show=lambda row: marks.status(InstitutionStatus(row["status"])),
                export=lambda row: str(InstitutionStatus(row["status"]).label), kind="status",
            ),
            Column("operator", gettext_lazy("运营主体"), show=lambda row: row["operator__name"] or None),
            Column(
                "place", gettext_lazy("街道、地区"),
                show=lambda row: row["territory__name"] if (row["territory__level"] or 0) >= 4 else None, narrow=False,
            ),
            Column(
                "opened", gettext_lazy("开办时间"), show=_dated("opened"), export=_written("opened"),
                sort=("opened_on",), kind="date",
            ),
            Column(
                "amended", gettext_lazy("最近修改"), show=lambda row: formatting.moment(row["amended_at"]),
                export=lambda row: row["amended_at"], sort=("amended_at",), kind="date", narrow=False,
            ),
        ),
        "order": "name",
        "href": lambda row: reverse("console:institution_amend", args=[row["pk"]]),
        "kind": "institutions.institution",
        "hint": gettext_lazy("输入名称、街道或拼音首字母，如 wjqy"),
    },
    TITLES: {
        "unit": gettext_lazy("项"),
        "fields": ("subject_kind", "subject_id", "kind", "level", "name", "document", "source"),
        "columns": (
            Column("subject", gettext_lazy("资质属于"), head=True),
            Column("kind", gettext_lazy("资质"), show=lambda row: row["name"] or marks.label(TitleKind(row["kind"]))),
            Column("level", gettext_lazy("级别"), show=lambda row: marks.label(Level(row["level"])), sort=("level",)),
            Column("document", gettext_lazy("文号"), show=lambda row: row["document"] or None, narrow=False),
            Column(
                "source", gettext_lazy("来源"), show=lambda row: source_words(row["source"]), quiet=True, narrow=False,
            ),
        ),
        "order": "-level",
        "href": _title_href,
        "enrich": _titled,
    },
    OCCUPANCIES: {
        "unit": gettext_lazy("条"),
        "fields": (
            *("name", "who_id", "area", "space", "space__code", "space__premises__name"),
            *("starts_on", "starts_before", "starts_text"),
            *("space__premises__institution", "space__premises__institution__name"),
        ),
        "columns": (
            Column("name", gettext_lazy("创业主体"), sort=("name",), head=True),
            Column(
                "space",
                gettext_lazy("房间/工位"),
                show=lambda row: f"{row['space__premises__name']} {row['space__code']}",
            ),
            Column("area", gettext_lazy("使用面积"), sort=("area",), kind="number", unit="㎡", narrow=False),
            Column(
                "starts",
                gettext_lazy("开始使用"),
                show=_dated("starts"),
                export=_written("starts"),
                sort=("starts_on",),
                kind="date",
                narrow=False,
            ),
            Column(
                "answering",
                gettext_lazy("请谁答复"),
                show=lambda row: row["space__premises__institution__name"],
            ),
        ),
        "order": "name",
        "href": lambda row: reverse("console:space", args=[row["space"]]),
    },
    ENTRIES: {
        "unit": gettext_lazy("条"),
        "fields": ("at", "event", "subject_kind", "subject_id"),
        "columns": (
            Column("event", gettext_lazy("业务动作"), show=lambda row: history.wording(row["event"]), head=True),
            Column("subject", gettext_lazy("主体"), show=lambda row: history.subject(row["subject_kind"])),
            Column(
                "at", gettext_lazy("时间"), show=lambda row: formatting.moment(row["at"]),
                export=lambda row: row["at"], sort=("at",), kind="date",
            ),
        ),
        "order": "at",
        "href": lambda row: reverse("console:ledger_subject", args=[row["subject_kind"], row["subject_id"]]),
    },
}  # fmt: skip


@lru_cache(maxsize=100)
def of(key: str) -> List:
    """The list under a check."""
    check: Check = BY_KEY[key]
    return List(
        name=f"console.quality.{key}",
        route="console:quality_list",
        route_kwargs=lambda request: {"check": key},
        label=check.label,
        rows=check.rows,
        empty_title=gettext_lazy("没有发现问题"),
        empty_text=check.why,
        file_name=f"quality-{key}",
        scope=_scope,
        **_SHAPES[check.subject],
    )


def _scope(request: HttpRequest) -> Any:
    """What is asked of the stays depends on the day too."""
    return (request.role.pk, request.today)
