"""The list of ventures, on any day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from markupsafe import Markup

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.models import OF_INSTITUTIONS, TitleKind
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import STAGES
from hatchline.apps.ventures.states import Exit, Status
from hatchline.sites import access, days
from hatchline.sites.components import formatting
from hatchline.sites.console import marks
from hatchline.sites.console.ventures.naming import STAGE_WORDS, called, in_english, masked_name, perhaps_words
from hatchline.sites.days import Asked
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, fetching, view

if TYPE_CHECKING:
    from hatchline.apps.ventures.models import Venture

KIND = "ventures.venture"
FIELDS_OF_TECHNOLOGY = "hightech-2016"
MOST_INSTITUTIONS = 60  # a longer menu helps nobody: one comes here from the institution's own page
SOLD = "sold"  # of the filter by exit: in whatever way
UNSURE = "unsure"  # of the filter by stage: whether it is still somewhere nobody knows
OF_VENTURES = [each for each in TitleKind if each not in OF_INSTITUTIONS]
DAY = timedelta(days=1)


def _rows(request: HttpRequest) -> QuerySet[Venture]:
    asked = days.asked(request)
    rows = queries.visible_to(request.role).select_related(None).prefetch_related(None)
    return rows if asked.is_today else rows.filter(Q(founded_on=None) | Q(founded_on__lte=asked.as_of))


@lru_cache(maxsize=1)
def _prefix() -> str:
    return reverse("console:ventures")


def _on_the_day(rows: list[dict[str, Any]], asked: Asked) -> None:
    """Where a page's ventures were on the day, their titles, names and founders: a query each."""
    pks = [row["pk"] for row in rows]
    places = queries.places_on(pks, asked.as_of)
    perhaps = queries.perhaps_on([pk for pk in pks if pk not in places], asked.as_of)
    held = titles.held(KIND, pks, asked.as_of)
    founders = queries.founders_of(pks, asked.as_of)
    former = {} if asked.is_today else queries.names_on(pks, asked.as_of)
    english = queries.english_names(pks) if in_english() else {}
    for row in rows:
        pk = row["pk"]
        row["its_name"] = english.get(pk) or former.get(pk) or row["name"]
        row["places"] = places.get(pk, [])
        row["titles"] = held.get(pk, [])
        row["founders"] = founders.get(pk, [])
        row["exit_then"] = _exit(row, asked)
        row["status_then"] = _status_on(row, asked)
        row["perhaps"] = perhaps.get(pk) if row["status_then"] is not Status.CEASED else None


def _status_on(row: dict[str, Any], asked: Asked) -> Status | Exit:
    """Its status on the day: one that ceased later went on then. One that goes on and was sold says so instead."""
    went_on = row["ceased_on"] is not None and row["ceased_on"] > asked.as_of
    status = Status.ACTIVE if went_on else Status(row["status"])
    return _exit(row, asked) or status if status is Status.ACTIVE else status


def _exit(row: dict[str, Any], asked: Asked) -> Exit | None:
    """How its owners sold by the day. Of a sale on a day that nobody knows only today's page can tell."""
    known = row["exited_on"] is not None and row["exited_on"] <= asked.as_of
    return Exit(row["exit"]) if row["exit"] and (asked.as_of == asked.today or known) else None


def _exit_words(row: dict[str, Any]) -> str | None:
    return marks.label(row["exit_then"]) if row["exit_then"] else None


def _exited(row: dict[str, Any]) -> Any:
    if row["exit_then"] is None:
        return "—"
    return marks.partial_date(row["exited_on"], row["exited_before"], row["exited_text"])


def _stages(row: dict[str, Any]) -> str | None:
    return marks.joined(dict.fromkeys(str(STAGE_WORDS[each.stage]) for each in row["places"])) or None


def _stages_unbroken(row: dict[str, Any]) -> Markup | None:
    """Two characters would be set one above the other where room is short."""
    if row["perhaps"] is not None:
        return formatting.unknown(why=perhaps_words(row["perhaps"]))
    words = _stages(row)
    return Markup('<span class="hl-nowrap">{}</span>').format(words) if words else None


def _stages_written(row: dict[str, Any]) -> str | None:
    return perhaps_words(row["perhaps"]) if row["perhaps"] is not None else _stages(row)


def _institutions(row: dict[str, Any]) -> str | None:
    return marks.joined(dict.fromkeys(called(each) for each in row["places"])) or None


def _since(row: dict[str, Any]) -> Any:
    return marks.partial_date(*row["places"][0].since) if row["places"] else None


def _titles(row: dict[str, Any]) -> str | None:
    return marks.joined(dict.fromkeys(marks.label(TitleKind(each.kind)) for each in row["titles"])) or None


def _founded(row: dict[str, Any]) -> Any:
    return marks.partial_date(row["founded_on"], row["founded_before"], row["founded_text"])


def _incorporated(row: dict[str, Any]) -> Any:
    return marks.partial_date(row["incorporated_on"], row["incorporated_before"], row["incorporated_text"])


def _founders(row: dict[str, Any]) -> str | None:
    return marks.joined(masked_name(each) for each in row["founders"]) or None


def _institution_choices(request: HttpRequest) -> list[Choice]:
    asked = request.GET.get("institution", "")
    rows = institutions.registered()
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        found = rows.filter(pk=int(asked)).values_list("pk", "name", "name_en")
        return [Choice(str(pk), (in_english() and english) or name) for pk, name, english in found]
    few = list(rows.order_by("name").values_list("pk", "name", "name_en")[: MOST_INSTITUTIONS + 1])
    if len(few) > MOST_INSTITUTIONS:
        return []
    return [Choice(str(pk), (in_english() and english) or name) for pk, name, english in few]


def _at_institution(rows: Any, value: str, asked: Asked) -> Any:
    return queries.at(rows, asked.as_of, institution=int(value))


def _by_institution(rows: Any, asked: Asked) -> dict[str, int]:
    return {str(pk): number for pk, number in queries.number_by_institution(asked.as_of).items()}


def _top_fields() -> list[Any]:
    """The fields of technology of the first level."""
    edition = bodies.classification(FIELDS_OF_TECHNOLOGY)
    return [] if edition is None else list(bodies.codes(edition).filter(level=1))


def _in_field(rows: Any, value: str) -> Any:
    return rows.filter(field__classification__code=FIELDS_OF_TECHNOLOGY, field__code__startswith=value)


def _by_field(rows: Any) -> dict[str, int]:
    """A field counts what lies below it: its code begins theirs."""
    found: dict[str, int] = {each.code: 0 for each in _top_fields()}
    for code, number in rows.exclude(field=None).values_list("field__code").annotate(number=Count("pk")):
        top = next((each for each in found if code.startswith(each)), "")
        if top:
            found[top] += number
    return found


def _with_title(rows: Any, value: str, asked: Asked) -> Any:
    held = titles.in_force(asked.as_of).filter(subject_kind=KIND, kind=value)
    return rows.filter(pk__in=held.values("subject_id"))


def _by_title(rows: Any, asked: Asked) -> dict[str, int]:
    held = titles.in_force(asked.as_of).filter(subject_kind=KIND).order_by()
    return dict(held.values_list("kind").annotate(number=Count("subject_id", distinct=True)))


def _with_rights(rows: Any, value: str, asked: Asked) -> Any:
    holding = queries.with_valid_rights(asked.as_of).values("pk")
    return rows.filter(pk__in=holding) if value == "held" else rows.exclude(pk__in=holding)


def _by_status(rows: Any) -> dict[str, int]:
    return {str(value): number for value, number in rows.values_list("status").annotate(number=Count("pk"))}


def _sold(rows: Any, asked: Asked) -> Any:
    return queries.exited_by(rows, None if asked.as_of == asked.today else asked.as_of)


def _by_exit(rows: Any, asked: Asked) -> dict[str, int]:
    found = {str(way): number for way, number in _sold(rows, asked).values_list("exit").annotate(number=Count("pk"))}
    return found | {SOLD: sum(found.values())}


def _by_way(rows: Any, value: str, asked: Asked) -> Any:
    return _sold(rows, asked) if value == SOLD else _sold(rows, asked).filter(exit=value)


def _stage_filter(rows: Any, value: str, asked: Asked) -> Any:
    return queries.perhaps_there(rows, asked.as_of) if value == UNSURE else queries.at(rows, asked.as_of, stage=value)


def _by_stage(rows: Any, asked: Asked) -> dict[str, int]:
    return {**queries.number_by_stage(asked.as_of), UNSURE: queries.perhaps_there(rows, asked.as_of).count()}


def _years(request: HttpRequest) -> list[Choice]:
    last = request.today.year
    return [Choice(str(year), str(year)) for year in range(last, last - 12, -1)]


def _graduated_in(rows: Any, value: str, asked: Asked) -> Any:
    start, end = date(int(value), 1, 1), date(int(value) + 1, 1, 1)
    over = queries.ended("incubation", start, min(end, asked.as_of + 2 * DAY), "graduated")
    return rows.filter(pk__in=over.values("venture"))


def _entered_in(rows: Any, value: str, asked: Asked) -> Any:
    start, end = date(int(value), 1, 1), date(int(value) + 1, 1, 1)
    begun = queries.entered(None, start, min(end, asked.as_of + DAY))
    return rows.filter(pk__in=begun.values("venture"))


def _tab(of: Any) -> Any:
    """A tab over the ventures that a question answers for the day."""
    return lambda rows, request: rows & of(days.asked(request).as_of)


VENTURES = List(
    name="console.ventures",
    route="console:ventures",
    label=gettext_lazy("创业主体"),
    unit=pgettext_lazy("venture", "个"),
    rows=_rows,
    fields=(
        "name",
        "status",
        "exit",
        "field__name",
        "legal_person__credit_code",
        "legal_person__name",
        "founded_on",
        "founded_before",
        "founded_text",
        "incorporated_on",
        "incorporated_before",
        "incorporated_text",
        "ceased_on",
        "exited_on",
        "exited_before",
        "exited_text",
        "website_host",
        "amended_at",
    ),
    columns=(
        Column("name", gettext_lazy("名称"), show=lambda row: row["its_name"], sort=("name",), head=True),
        Column("stage", gettext_lazy("阶段"), show=_stages_unbroken, export=_stages_written, blank="—"),
        Column("institution", gettext_lazy("所在机构"), show=_institutions, quiet=True, blank="—"),
        Column(
            "since",
            gettext_lazy("入驻时间"),
            show=_since,
            export=lambda row: row["places"][0].since[2] or row["places"][0].since[0] if row["places"] else None,
            kind="date",
            narrow=False,
            blank="—",
        ),
        Column("field", gettext_lazy("技术领域"), show=lambda row: row["field__name"], quiet=True, narrow=False),
        Column("titles", gettext_lazy("资质"), show=_titles, quiet=True, narrow=False, blank="—"),
        Column(
            "founded",
            gettext_lazy("创立"),
            show=_founded,
            sort=("founded_on",),
            kind="date",
            export=lambda row: row["founded_text"] or row["founded_on"],
            narrow=False,
        ),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: marks.status(row["status_then"]),
            export=lambda row: str(row["status_then"].label),
            kind="status",
        ),
        Column("exit", gettext_lazy("投资退出"), show=_exit_words, shown=False, blank="—"),
        Column(
            "exited",
            gettext_lazy("投资退出时间"),
            show=_exited,
            export=lambda row: (row["exited_text"] or row["exited_on"]) if row["exit_then"] else None,
            sort=("exited_on",),
            kind="date",
            shown=False,
        ),
        Column("founders", gettext_lazy("创始人"), show=_founders, shown=False, quiet=True),
        Column(
            "credit_code",
            gettext_lazy("统一社会信用代码"),
            show=lambda row: row["legal_person__credit_code"],
            shown=False,
            blank=gettext_lazy("无"),
        ),
        Column(
            "legal_person", gettext_lazy("登记主体"), show=lambda row: row["legal_person__name"], shown=False, blank="—"
        ),
        Column(
            "incorporated",
            gettext_lazy("注册成立"),
            show=_incorporated,
            export=lambda row: row["incorporated_text"] or row["incorporated_on"],
            sort=("incorporated_on",),
            kind="date",
            shown=False,
        ),
        Column("website_host", gettext_lazy("网站"), shown=False, quiet=True, blank=gettext_lazy("无")),
        Column(
            "amended_at",
            gettext_lazy("最近修改"),
            show=lambda row: formatting.moment(row["amended_at"]),
            export=lambda row: row["amended_at"],
            sort=("amended_at",),
            kind="date",
            shown=False,
        ),
    ),
    order="name",
    href=lambda row: f"{_prefix()}{row['pk']}/",
    kind=KIND,
    hint=gettext_lazy("名称、曾用名、代码或拼音首字母"),
    filters=(
        Filter(
            "stage",
            gettext_lazy("阶段"),
            lambda request: [*(Choice(*each) for each in STAGES), Choice(UNSURE, gettext_lazy("是否还在不详"))],
            apply_on=_stage_filter,
            counts_on=_by_stage,
        ),
        Filter(
            "institution",
            gettext_lazy("所在机构"),
            _institution_choices,
            apply_on=_at_institution,
            counts_on=_by_institution,
        ),
        Filter(
            "field",
            gettext_lazy("技术领域"),
            lambda request: [Choice(each.code, each.name) for each in _top_fields()],
            _in_field,
            _by_field,
        ),
        Filter(
            "title",
            gettext_lazy("资质"),
            lambda request: [Choice(each.value, each.label) for each in OF_VENTURES],
            apply_on=_with_title,
            counts_on=_by_title,
        ),
        Filter(
            "rights",
            gettext_lazy("知识产权"),
            lambda request: [Choice("held", gettext_lazy("有有效的")), Choice("none", gettext_lazy("没有记录"))],
            apply_on=_with_rights,
        ),
        Filter(
            "status",
            gettext_lazy("状态"),
            lambda request: [Choice(each.value, each.label) for each in (Status.ACTIVE, Status.CEASED)],
            lambda rows, value: rows.filter(status=value),
            _by_status,
        ),
        Filter(
            "exit",
            gettext_lazy("投资退出"),
            lambda request: [
                Choice(SOLD, gettext_lazy("全部已退出的")),
                Choice(Exit.ACQUIRED, Exit.ACQUIRED.label),
                Choice(Exit.LISTED, Exit.LISTED.label),
                Choice(Exit.UNSAID, gettext_lazy("只知道已退出，方式不详")),
            ],
            apply_on=_by_way,
            counts_on=_by_exit,
        ),
        Filter("entered", gettext_lazy("入驻年份"), _years, apply_on=_entered_in),
        Filter("graduated", gettext_lazy("毕业年份"), _years, apply_on=_graduated_in),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("tenants", gettext_lazy("在孵企业"), _tab(queries.tenants)),
        Tab("unsure", gettext_lazy("是否在孵待核"), _tab(queries.perhaps_tenants)),
        Tab("graduates", gettext_lazy("毕业企业"), _tab(queries.graduates)),
        Tab(
            "outside",
            gettext_lazy("不在链上"),
            lambda rows, request: queries.outside(rows, days.asked(request).as_of),
        ),
        Tab("ceased", gettext_lazy("已终止"), lambda rows, request: queries.ceased_by(rows, days.asked(request).as_of)),
    ),
    enrich_on=_on_the_day,
    travels=True,
    empty_title=gettext_lazy("还没有创业主体"),
    empty_text=gettext_lazy("导入一份名单，或逐个登记团队和企业。"),
    file_name="ventures",
)


def _stages_now(request: HttpRequest) -> list[tuple[Any, int, str]]:
    """How many were at each stage on the day: word, number, address of those."""
    asked = days.asked(request)
    key = ("stages", "console.ventures", asked, fetching.head(request))
    counted: dict[str, int] = fetching.remembered(
        key, lambda: queries.number_by_stage(asked.as_of), lambda made: sum(made.values()) > fetching.WORTH_KEEPING
    )
    here = reverse("console:ventures")
    found: Iterable[tuple[str, Any]] = STAGES
    return [(word, counted.get(stage, 0), asked.onward(f"{here}?stage={stage}")) for stage, word in found]


@access.may("ventures.list")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which ventures are there, and how far has each come?"""
    if request.method == "POST" or request.GET.get("export"):
        return view.respond(request, VENTURES, "console/ventures.jinja")
    return view.respond(request, VENTURES, "console/ventures.jinja", {"stages": _stages_now(request)})
