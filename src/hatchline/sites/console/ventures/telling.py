"""A venture's life in words and on one time axis: its stays, names, registration, money, rights and titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hatchline.apps.titles.states import TitleStatus
from hatchline.apps.ventures.states import EndState, Exit, Outcome, QuestionStatus, StayStatus
from hatchline.core.chain.stages import Stage
from hatchline.core.values.dates import PartialDate
from hatchline.sites.components import formatting, pictures
from hatchline.sites.console import marks
from hatchline.sites.console.ventures.naming import in_english

DAY = timedelta(days=1)
MANY_RIGHTS = 6  # more than these on the axis are told by the year
_LEVELS = {
    StayStatus.CLAIMED: "warn",
    StayStatus.CONFIRMED: "ok",
    StayStatus.DISPUTED: "bad",
    StayStatus.WITHDRAWN: "neutral",
}


def called(row: Any) -> str:
    """The name of an institution in the reader's language, where it has one."""
    return (in_english() and getattr(row, "name_en", "")) or row.name


def length(days: int | None) -> str:
    """34 个月, 2 年 1 个月, 12 天: how long something was, as one says it. None: ""."""
    if days is None or days < 0:
        return ""
    months = round(days / 30.44)
    if months < 1:
        return ngettext("%(count)s 天", "%(count)s 天", days) % {"count": days}
    if months < 48:
        return ngettext("%(count)s 个月", "%(count)s 个月", months) % {"count": months}
    return ngettext("%(count)s 年", "%(count)s 年", round(months / 12)) % {"count": round(months / 12)}


def _first(day: PartialDate) -> date | None:
    return day.earliest


def began(stay: Any) -> date | None:
    """The first day it may have begun, or on which it was seen where no beginning is known."""
    return stay.starts.earliest or stay.evidence_on


def over(stay: Any, as_of: date) -> date | None:
    """The first day it was no longer there, as known on the day; None: it went on, or nobody knows."""
    if stay.end_state != EndState.KNOWN or stay.ended.earliest is None:
        return None
    return stay.ended.earliest if stay.ended.earliest <= as_of else None


def is_lost(stay: Any, as_of: date) -> bool:
    """Whether nobody knows if it went on until the day: its end is unknown, and it was not seen there since."""
    return stay.end_state == EndState.UNKNOWN and (stay.evidence_on is None or stay.evidence_on < as_of)


def lasted(stay: Any, as_of: date) -> int | None:
    """Days from its beginning to its end, to the day asked about while it goes on, to the last evidence else."""
    start = began(stay)
    if start is None:
        return None
    end = over(stay, as_of)
    if end is None:
        end = stay.evidence_on if is_lost(stay, as_of) else as_of
    return None if end is None else (end - start).days


def counted(stay: Any) -> tuple[bool, str]:
    """(whether statistics count a stay as it stands, why not): what is disputed or one side's word waits."""
    if not stay.counts:
        return False, stay.not_counting_reason
    if stay.status == StayStatus.DISPUTED:
        return False, _("有争议，暂不计入")
    return stay.status == StayStatus.CONFIRMED, str(StayStatus(stay.status).label)


def stay_line(stay: Any, as_of: date, rooms: str = "") -> dict[str, Any]:
    """A stay as a row or a bar: where, what, from when until when, how it stands."""
    end = over(stay, as_of)
    words = [str(stay.get_stage_display())]
    if rooms:
        words.append(rooms)
    if long := length(lasted(stay, as_of)):
        words.append(long)
    if end is not None and stay.outcome:
        words.append(str(Outcome(stay.outcome).label))
    if end is None and is_lost(stay, as_of):
        words.append(str(EndState.UNKNOWN.label))
    if not stay.counts:
        words.append(_("不计入统计"))
    if stay.status != StayStatus.CONFIRMED:
        words.append(str(StayStatus(stay.status).label))
    until: Any = stay.ended if end is not None else None
    if end is None and is_lost(stay, as_of):
        until = formatting.unknown(why=_("最后见于 %(day)s") % {"day": stay.evidence_on} if stay.evidence_on else "")
    return {
        "pk": stay.pk,
        "href": reverse("console:stay", args=[stay.pk]),
        "name": called(stay.institution),
        "institution": stay.institution_id,
        "stage": str(stay.get_stage_display()),
        "starts": stay.starts if stay.starts.is_known else None,
        "until": until,
        "length": length(lasted(stay, as_of)),
        "outcome": str(Outcome(stay.outcome).label) if end is not None and stay.outcome else "",
        "reason": stay.reason if end is not None else "",
        "note": " · ".join(words),
        "status": marks.worded(stay.standing.label, _LEVELS[StayStatus(stay.status)]),
        "counts": stay.counts,
        "not_counting_reason": stay.not_counting_reason,
        "source": source_words(stay.source),
    }


def source_words(source: str) -> str:
    """Where a stay came from, in words: a list's name, the application or the handover it came by."""
    what, _sign, number = source.partition(":")
    if number.isdigit() and what == "application":
        return _("入驻申请 %(number)s") % {"number": number}
    if number.isdigit() and what == "handover":
        return _("移交 %(number)s") % {"number": number}
    return formatting.source_words(source)


def question_line(question: Any, today: date) -> dict[str, Any]:
    """A question with who was asked, what they said and how long they have."""
    is_open = question.status == QuestionStatus.OPEN
    return {
        "pk": question.pk,
        "kind": str(question.get_kind_display()),
        "is_open": is_open,
        "status": marks.worded(QuestionStatus(question.status).label, "warn" if is_open else "ok"),
        "days": (question.due_on - today).days if is_open else None,
        "due_on": question.due_on,
        "venture": question.venture_id,
        "other": question.other_venture,
        "stays": [each for each in (question.stay, question.other_stay) if each is not None],
        "asked": [
            {"name": called(each.institution), "text": each.text, "at": each.replied_at}
            for each in question.asked.all()
        ],
        "resolution": str(question.get_resolution_display()) if question.resolution else "",
        "note": question.note,
    }


# The time axis


def _names(venture: Any, names: Iterable[Any], as_of: date, begin: date | None) -> list[dict[str, Any]]:
    former = [each for each in names if each.kind == "former"]
    items = []
    for each in sorted(former, key=lambda row: row.ends_before or date.max):
        if each.ends_before is None or (each.starts_on or begin) is None:
            continue
        start = each.starts_on or begin
        if start is not None and start < each.ends_before and start <= as_of:
            items.append({"start": start, "end": each.ends_before, "label": each.name})
    start = venture.named_on or max((each["end"] for each in items), default=begin)
    if start is not None and start <= as_of:
        items.append({"start": start, "end": None, "label": venture.name})
    elif items:
        items[-1]["end"] = None
    return items


def _stays(stays: Iterable[Any], as_of: date, rooms: dict[int, str]) -> list[dict[str, Any]]:
    items = []
    for stay in stays:
        start = began(stay)
        if start is None or start > as_of or stay.status == StayStatus.WITHDRAWN:
            continue
        end = over(stay, as_of)
        if end is None and is_lost(stay, as_of):
            end = (stay.evidence_on or start) + DAY
        counted = stay.counts and stay.status == StayStatus.CONFIRMED
        line = stay_line(stay, as_of, rooms.get(stay.pk, ""))
        items.append(
            {
                "start": start,
                "end": end if end is None or end > start else start + DAY,
                "label": line["name"],
                "note": line["note"],
                "kind": Stage(stay.stage).value if counted else "outside",
                "href": line["href"],
            }
        )
    return items


def _events(found: Iterable[tuple[date | None, str, str, str]], as_of: date) -> list[dict[str, Any]]:
    return [
        {"start": day, "label": label, "note": note, "kind": kind}
        for day, label, note, kind in found
        if day is not None and day <= as_of
    ]


def _registration(
    venture: Any, periods: Sequence[Any], names: Iterable[Any]
) -> list[tuple[date | None, str, str, str]]:
    found: list[tuple[date | None, str, str, str]] = []
    if venture.founded.is_known:
        found.append((_first(venture.founded), _("团队创立"), _written(venture.founded), "plain"))
    if venture.incorporated.is_known:
        body = venture.legal_person
        found.append((_first(venture.incorporated), _("公司成立"), body.credit_code or "" if body else "", "ok"))
    for period in list(periods)[1:]:
        found.append((period.starts_on, _("变更登记主体"), period.organisation.name, "plain"))
    is_told = venture.named_on is not None and venture.named_on == venture.incorporated.exact  # by its incorporation
    if venture.named_on is not None and not is_told and any(each.kind == "former" for each in names):
        found.append((venture.named_on, _("更名"), "", "plain"))
    if venture.exited.is_known:
        found.append((_first(venture.exited), str(Exit(venture.exit).label), _written(venture.exited), "ok"))
    if venture.ceased.is_known:
        found.append((_first(venture.ceased), _("终止"), _written(venture.ceased), "plain"))
    return found


def _written(day: PartialDate) -> str:
    return "" if day.exact is not None else str(formatting.date_table(day).striptags())


def amount_words(funding: Any) -> str:
    """A sum as one says it; "" when it was not disclosed."""
    if funding.amount is None:
        return ""
    return formatting.in_words(
        funding.amount, formatting.unit_words("元") if funding.currency == "CNY" else funding.currency
    )


def _rights(rights: Sequence[Any], as_of: date) -> list[tuple[date | None, str, str, str]]:
    dated = [(each, each.granted if each.granted.is_known else each.applied) for each in rights]
    dated = [(each, day) for each, day in dated if day.earliest is not None and day.earliest <= as_of]
    if len(dated) <= MANY_RIGHTS:
        return [
            (
                day.earliest,
                each.title or str(each.get_kind_display()),
                _("授权") if each.granted.is_known else _("申请"),
                "ok" if each.granted.is_known else "plain",
            )
            for each, day in dated
        ]
    by_year: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for each, day in dated:
        assert day.earliest is not None
        by_year[day.earliest.year].append((each, day))
    total, told = 0, []
    for year in sorted(by_year):
        its = by_year[year]
        total += len(its)
        kinds: dict[str, int] = defaultdict(int)
        for each, _day in its:
            kinds[str(each.get_kind_display())] += 1
        label = ngettext("%(count)s 项，累计 %(total)s", "%(count)s 项，累计 %(total)s", len(its))
        note = marks.joined(f"{kind} {count}" for kind, count in sorted(kinds.items(), key=lambda pair: -pair[1])[:2])
        last = max(day.earliest for _each, day in its if day.earliest is not None)
        told.append((last, label % {"count": len(its), "total": total}, note, "ok"))
    return told


def _titles(held: Iterable[Any], as_of: date) -> list[tuple[date | None, str, str, str]]:
    found: list[tuple[date | None, str, str, str]] = []
    for each in held:
        if each.status == TitleStatus.STRUCK:
            continue
        until = _("有效至 %(day)s") % {"day": each.ends_before - DAY} if each.ends_before else ""
        ends = min((day for day in (each.ends_before, each.withdrawn_on) if day is not None), default=None)
        kind = "ok" if ends is None or ends > as_of else "plain"
        found.append((each.given.earliest, str(each), each.number or each.document or until, kind))
    return found


def axis(
    venture: Any,
    *,
    stays: Sequence[Any],
    names: Sequence[Any],
    periods: Sequence[Any],
    fundings: Sequence[Any],
    rights: Sequence[Any],
    held: Sequence[Any],
    as_of: date,
    rooms: dict[int, str],
    travelled: bool = False,
) -> pictures.Timeline | None:
    """Everything dated up to the day on one axis; None when nothing has a date."""
    money = [
        (
            each.received.earliest,
            " ".join(part for part in (str(each.get_round_display()), amount_words(each)) if part),
            each.investors,
            "plain",
        )
        for each in fundings
    ]
    lanes = [
        ("stays", _("在园"), _stays(stays, as_of, rooms)),
        ("events", _("登记"), _events(_registration(venture, periods, names), as_of)),
        ("events", _("融资"), _events(money, as_of)),
        ("events", _("知识产权"), _events(_rights(rights, as_of), as_of)),
        ("events", _("证书"), _events(_titles(held, as_of), as_of)),
    ]
    days = [item["start"] for _shape, _title, items in lanes for item in items]
    begin = min(days, default=None)
    named = _names(venture, names, as_of, begin)
    days += [item["start"] for item in named]
    if not days:
        return None
    first = min(days)
    start = date(first.year, 1 if first.month < 7 else 7, 1)
    end = as_of + max((as_of - start) // 24, timedelta(days=30))
    drawn = [{"title": _("名称"), "shape": "names", "items": named}] if named else []
    drawn += [{"title": title, "shape": shape, "items": items} for shape, title, items in lanes if items]
    # on a past day the axis ends there; the word for today would be wrong
    return pictures.timeline(start, as_of + DAY if travelled else end, drawn, today=None if travelled else as_of)
