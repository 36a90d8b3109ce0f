"""One venture: how far it has come, and what the next step lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from hatchline.apps.files import queries as files
from hatchline.apps.people.roles import may
from hatchline.apps.titles import queries as titles
from hatchline.apps.ventures import policy, queries
from hatchline.apps.ventures.models import DataCategory
from hatchline.apps.ventures.queries import sight
from hatchline.apps.ventures.states import EndState, Exit, Outcome, Status, StayStatus
from hatchline.core.chain.stages import RANK, Stage
from hatchline.sites import access, days
from hatchline.sites.components import formatting
from hatchline.sites.console import history, marks
from hatchline.sites.console.title_standing import told_title
from hatchline.sites.console.ventures import figures, telling
from hatchline.sites.console.ventures.listing import KIND
from hatchline.sites.console.ventures.naming import in_english, masked_name, perhaps_words
from hatchline.sites.console.ventures.verbs import found
from hatchline.sites.days import Asked

if TYPE_CHECKING:
    from hatchline.apps.ventures.models import Stay, Venture


@dataclass
class Standing:
    """Where it stands on a day: its stages by rank, whether it graduated, and what is said of it."""

    now: list[Stay]
    graduated: bool
    said: str
    step: str
    lacks: list[str]
    perhaps: Any = None  # where it may be, when it surely is nowhere (queries.PerhapsPlace)


def confirmed(stays: Sequence[Stay]) -> list[Stay]:
    """Those that count."""
    return [each for each in stays if each.status == StayStatus.CONFIRMED and each.counts]


def present(stays: Sequence[Stay], as_of: date) -> list[Stay]:
    """The counting stays that surely held on the day, the latest stage first."""
    here = [
        each
        for each in confirmed(stays)
        if each.held_from is not None
        and each.held_from <= as_of
        and (each.held_until is None or each.held_until > as_of)
    ]
    return sorted(here, key=lambda each: -RANK[Stage(each.stage)])


def standing(venture: Venture, stays: Sequence[Stay], gaps: list[str], as_of: date) -> Standing:
    """Where it stands, what comes next by the order of the chain, and which facts that step asks for are not known."""
    now = present(stays, as_of)
    graduated = any(
        each.stage == Stage.INCUBATION
        and each.outcome == Outcome.GRADUATED
        and each.ended.before is not None
        and each.ended.before <= as_of + telling.DAY
        for each in confirmed(stays)
    )
    is_company = venture.incorporated.before is not None and venture.incorporated.before <= as_of + telling.DAY
    if venture.status == Status.CEASED and (venture.ceased.earliest is None or venture.ceased.earliest <= as_of):
        return Standing(now, graduated, _("已终止"), "", [])
    perhaps = _perhaps(venture, stays, as_of) if not now else None
    stage = now[0].stage if now else perhaps.stage if perhaps is not None else None
    step, lacks = _next(Stage(stage) if stage else None, graduated, is_company, gaps)
    return Standing(now, graduated, _where(now, perhaps, graduated, as_of), step, lacks, perhaps)


def _perhaps(venture: Venture, stays: Sequence[Stay], as_of: date) -> Any:
    """Where it may be on the day, of the stays known by then."""
    found = queries.perhaps_on([venture.pk], as_of).get(venture.pk)
    return found if found is not None and found.stay in {each.pk for each in stays} else None


def _where(now: list[Stay], perhaps: Any, graduated: bool, as_of: date) -> str:
    if perhaps is not None:
        said = perhaps_words(perhaps)
        return _("%(said)s；已毕业") % {"said": said} if graduated else said
    if not now:
        return _("已毕业，现在不在链上的机构里") if graduated else _("现在不在链上的机构里")
    place = telling.called(now[0].institution)
    long = telling.length(telling.lasted(now[0], as_of))
    said = _("在“%(place)s”%(stage)s，已 %(long)s") % {
        "place": place,
        "stage": now[0].get_stage_display(),
        "long": long,
    }
    return _("%(said)s；已毕业") % {"said": said} if graduated else said


def _next(stage: Stage | None, graduated: bool, is_company: bool, gaps: list[str]) -> tuple[str, list[str]]:
    if stage is Stage.PARK:
        return "", gaps
    if stage is Stage.ACCELERATION:
        return _("进入产业园"), gaps
    if stage is Stage.INCUBATION:
        return _("从孵化器毕业"), gaps
    if graduated:
        return _("进入加速器或产业园"), gaps
    company = [] if is_company else [_("注册公司")]
    if stage is Stage.NURSERY:
        return _("进入孵化器"), [*company, *gaps]
    return _("进入苗圃或孵化器"), gaps


def gaps_of(venture: Venture, founders: Sequence[Any], rights: Sequence[Any], measured: set[str]) -> list[str]:
    """Key facts that nobody recorded: unknown, not absent."""
    missing = [
        (_("创立时间"), not venture.founded.is_known),
        (_("技术领域"), venture.field_id is None),
        (_("创始人"), not founders),
        (_("公司成立时间"), venture.legal_person_id is not None and not venture.incorporated.is_known),
        (_("知识产权"), not rights),
        (_("营业收入"), "revenue" not in measured),
    ]
    return [label for label, is_missing in missing if is_missing]


def moment_of(asked: Asked) -> datetime | None:
    """The moment, or the end of the day, by which something must have been known."""
    if asked.moment is not None:
        return asked.moment
    return None if asked.known_at is None else timezone.make_aware(datetime.combine(asked.known_at, time.max))


def told(request: HttpRequest, venture: Venture, asked: Asked) -> dict[str, Any]:
    """Everything the page and the printed sheet show of a venture on a day."""
    family = queries.family(venture.pk)
    known_at = moment_of(asked)
    stays = [each for each in queries.stays_of(venture, withdrawn=True) if _known(each, asked, known_at)]
    names, rights, fundings = list(venture.names.all()), list(venture.rights.all()), list(venture.fundings.all())
    founders = [each for each in venture.founders.all() if each.ends_before is None or each.ends_before > asked.as_of]
    held = [each for pk in family for each in titles.about(KIND, pk)]
    measured = figures.of(family, asked.as_of, known_at)
    gaps = gaps_of(venture, founders, rights, {each.measure for each in measured})
    stand = standing(venture, stays, gaps, asked.as_of)
    questions = [telling.question_line(each, asked.today) for each in queries.questions_about(family)]
    used = figures.occupancies(family, asked.as_of)
    rooms = figures.rooms(used, stays, asked.as_of)
    counted = [each for each in stays if each.status != StayStatus.WITHDRAWN]
    periods = list(queries.legal_periods(venture.pk))
    line = telling.axis(
        venture,
        stays=counted,
        names=names,
        periods=periods,
        fundings=fundings,
        rights=rights,
        held=held,
        as_of=asked.as_of,
        rooms=rooms,
        travelled=not asked.is_today,
    )
    in_force = [each for each in held if _in_force(each, asked.as_of)]
    return {
        "venture": venture,
        "called": telling.called,
        "name": _name(venture, names, asked),
        "asked": asked,
        "family": family,
        "standing": stand,
        "stays": [telling.stay_line(each, asked.as_of, rooms.get(each.pk, "")) for each in counted],
        "withdrawn": [telling.stay_line(each, asked.as_of) for each in stays if each.status == StayStatus.WITHDRAWN],
        "undated": sum(1 for each in counted if telling.began(each) is None),
        "open_ended": sum(1 for each in counted if each.end_state == EndState.UNKNOWN),
        "line": line,
        "used": used,
        "summary": _summary(counted, names, asked.as_of),
        "names": names,
        "founders": [
            {
                "pk": each.pk,
                "name": _founder(request, each),
                "backgrounds": each.backgrounds,
                "is_person": each.person_id is not None,
                "row": each,
            }
            for each in founders
        ],
        "rights": [each for each in rights if _by(each.granted if each.granted.is_known else each.applied, asked)],
        "fundings": [each for each in fundings if _by(each.received, asked)],
        "amounts": {each.pk: telling.amount_words(each) for each in fundings},
        "titles": in_force,
        "all_titles": [
            {"row": each, "standing": told_title(each, asked.as_of)["standing"]}
            for each in held
            if _by(each.given, asked)
        ],
        "multiples": figures.multiples(measured, venture.pk, asked),
        "gaps": gaps,
        "questions": questions,
        "open_questions": sum(1 for each in questions if each["is_open"]),
        "status": _status(venture, asked),
        "ends": _ends(venture, asked),
    }


def _exit(venture: Venture, asked: Asked) -> Exit | None:
    """How its owners sold, where they had by the day, as far as that is known."""
    return Exit(venture.exit) if venture.exit and _by(venture.exited, asked) else None


def _status(venture: Venture, asked: Asked) -> Any:
    """Its status on the day; where its owners sold, that too: the venture itself goes on."""
    goes_on = venture.status == Status.CEASED and not _by(venture.ceased, asked)
    status, sold = marks.status(Status.ACTIVE if goes_on else Status(venture.status)), _exit(venture, asked)
    return marks.joined_marks(status, marks.status(sold)) if sold else status


def _ends(venture: Venture, asked: Asked) -> list[tuple[str, Any]]:
    """How and when its owners sold, and when it ended: what of it had happened by the day, as (label, words)."""
    found, sold = [], _exit(venture, asked)
    if sold is not None:
        when = formatting.date_table(venture.exited) if venture.exited.is_known else _("时间不详")
        found.append((_("投资退出"), Markup("{} {}").format(sold.label, when)))
    if venture.status == Status.CEASED and _by(venture.ceased, asked):
        when = formatting.date_table(venture.ceased) if venture.ceased.is_known else formatting.unknown()
        found.append((_("终止时间"), when))
    return found


def _known(stay: Stay, asked: Asked, known_at: datetime | None) -> bool:
    begins = telling.began(stay)
    return (begins is None or begins <= asked.as_of) and (known_at is None or stay.recorded_at <= known_at)


def _by(day: Any, asked: Asked) -> bool:
    return day.earliest is None or day.earliest <= asked.as_of


def _in_force(title: Any, day: date) -> bool:
    given = title.given.before is not None and title.given.before <= day + telling.DAY
    ends = [each for each in (title.ends_before, title.withdrawn_on) if each is not None]
    return given and title.status != "struck" and all(each > day for each in ends)


def _name(venture: Venture, names: Sequence[Any], asked: Asked) -> str:
    """Its name on the day; its English one on English pages where it has one."""
    english = next((each.name for each in names if each.kind == "english"), "")
    if in_english() and english:
        return english
    then = [
        each
        for each in names
        if each.kind == "former" and each.ends_before and each.ends_before > asked.as_of
        and (each.starts_on is None or each.starts_on <= asked.as_of)
    ]  # fmt: skip
    return min(then, key=lambda each: each.ends_before).name if then and not asked.is_today else venture.name


def _founder(request: HttpRequest, founder: Any) -> str:
    """The whole name for who may see personal data, else the family name alone."""
    name = str(founder.person) if founder.person is not None else founder.name
    return name if may(request.role.kind, "people.unmask") else masked_name(name)


def _summary(stays: Sequence[Stay], names: Sequence[Any], as_of: date) -> str:
    """四年、三家机构、两次更名，同一条记录."""
    first = min((day for day in map(telling.began, stays) if day is not None), default=None)
    parts = [telling.length((as_of - first).days)] if first is not None else []
    places = len({each.institution_id for each in stays})
    if places:
        parts.append(ngettext("%(number)s 家机构", "%(number)s 家机构", places) % {"number": places})
    renamed = sum(1 for each in names if each.kind == "former")
    if renamed:
        parts.append(ngettext("%(count)s 次更名", "%(count)s 次更名", renamed) % {"count": renamed})
    return marks.joined([*parts, _("同一条记录")]) if parts else ""


@access.may("ventures.list")
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """How far has it come, and what does the next step lack?"""
    venture, asked = found(request, pk), days.asked(request)
    shown = told(request, venture, asked)
    kind, family = request.role.kind, shown["family"]
    context = {
        **shown,
        "parties": _parties(pk),
        "categories": [str(DataCategory(each).label) for each in DataCategory.values],
        "applications": list(queries.applications_about(family)),
        "handovers": list(queries.handovers_about(family)),
        "merges": list(queries.merges_into(pk)),
        "files": list(files.all_of(venture)),
        "history": history.about_many(_subjects(venture, shown), limit=12),
        "verbs": _verbs(venture, kind),
    }
    return render(request, "console/venture.jinja", context, using="jinja2")


def _subjects(venture: Venture, shown: dict[str, Any]) -> list[tuple[str, int]]:
    stays = [("ventures.stay", each["pk"]) for each in [*shown["stays"], *shown["withdrawn"]]]
    return [*((KIND, pk) for pk in shown["family"]), *stays]


def _parties(pk: int) -> list[dict[str, Any]]:
    """Which institution sees which kinds of data, and why."""
    return [
        {
            "name": telling.called(each.institution),
            "pk": each.institution.pk,
            "sees": [each.sees(category) for category in DataCategory.values],
        }
        for each in sight.parties(pk)
    ]


def _verbs(venture: Venture, kind: str) -> list[dict[str, Any]]:
    """What may be done to it, with the reason where it may not."""
    is_over = policy.why_not_go_on(venture)
    company = venture.legal_person_id is not None
    offered = [
        (_("登记更名"), "console:venture_rename", is_over),
        (_("变更登记主体"), "console:venture_legal_person", is_over)
        if company
        else (_("登记注册成立"), "console:venture_incorporate", is_over),
        (_("登记入驻"), "console:venture_claim", policy.why_not_merged(venture)),
        (_("记录创始人"), "console:venture_founder", policy.why_not_merged(venture)),
        (_("记录知识产权"), "console:venture_right", policy.why_not_merged(venture)),
        (_("记录融资"), "console:venture_funding", policy.why_not_merged(venture)),
        (_("登记终止"), "console:venture_cease", is_over),
    ]
    return [
        {"label": label, "href": reverse(route, args=[venture.pk]), "why_not": str(refusal) if refusal else ""}
        for label, route, refusal in offered
    ]


@access.may("ventures.list")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The record on paper."""
    venture, asked = found(request, pk), days.asked(request)
    context = {**told(request, venture, asked), "printed_at": request.now, "by": request.person}
    return render(request, "console/venture_sheet.jinja", context, using="jinja2")
