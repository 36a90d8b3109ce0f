"""What a stay stands on: who recorded it, how and when, who confirmed it, and which documents there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from hatchline.apps.files import queries as files
from hatchline.apps.imports import queries as imports
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import queries as people
from hatchline.apps.ventures.states import Basis, StayStatus
from hatchline.sites.components import formatting
from hatchline.sites.console.ventures.telling import called, source_words

if TYPE_CHECKING:
    from hatchline.apps.ventures.models import Stay

STAY, APPLICATION, HANDOVER = "ventures.stay", "ventures.application", "ventures.handover"
RECORDING = {"ventures.stay.claimed", "ventures.application.admitted", "ventures.handover.done"}
CONFIRMING = {
    "ventures.stay.confirmed", "ventures.stay.upheld", "ventures.application.admitted", "ventures.handover.done",
}  # fmt: skip


def subjects(stay: Stay) -> list[tuple[str, int]]:
    """The stay, and the application or the handover that it came by."""
    found = [(STAY, stay.pk)]
    if stay.application_id is not None:
        found.append((APPLICATION, stay.application_id))
    handover = getattr(stay, "came_by", None)
    return [*found, (HANDOVER, handover.pk)] if handover is not None else found


def lines(stay: Stay, entries: Sequence[dict[str, Any]]) -> list[tuple[str, Any]]:
    """(what, words) of each thing it stands on. ``entries``: what the ledger tells of its subjects, newest first."""
    by_then = list(reversed(entries))
    return [
        (_("怎样登记"), _recorded(stay, by_then)),
        (_("记入时间"), formatting.moment(stay.recorded_at)),
        (_("谁确认过"), _confirmed(stay, by_then)),
        *_came_by(stay),
        (_("文件"), _documents(stay)),
    ]


def _said(entry: dict[str, Any]) -> Markup:
    who = " · ".join(part for part in (entry["who"], entry["role"]) if part)
    return Markup('{} <span class="hl-2">{} · {}</span>').format(entry["what"], who, formatting.moment(entry["at"]))


def _recorded(stay: Stay, entries: Sequence[dict[str, Any]]) -> Any:
    row = ledger.imported(STAY, stay.pk)
    if row is not None:
        run = imports.run(int(row.entry.subject_id))
        sheet, _mark, number = row.place.rpartition("!")
        said = _("名单《%(list)s》“%(sheet)s”第 %(row)s 行") if sheet else _("名单《%(list)s》第 %(row)s 行")
        words = said % {"list": run.file_name if run else "", "sheet": sheet, "row": number}
        link = Markup('<a href="{}">{}</a>').format(reverse("console:import", args=[row.entry.subject_id]), words)
        who = people.names_of({row.entry.by_id}).get(row.entry.by_id, _("系统")) if row.entry.by_id else _("系统")
        return Markup('{} <span class="hl-2">{} · {}</span>').format(link, who, formatting.moment(row.entry.at))
    first = next((each for each in entries if each["event"] in RECORDING), None)
    return _said(first) if first is not None else source_words(stay.source)


def _confirmed(stay: Stay, entries: Sequence[dict[str, Any]]) -> Any:
    told: list[str] = [_said(each) for each in entries if each["event"] in CONFIRMING]
    if not told and stay.basis == Basis.LIST:
        told = [_("按区里的名单记为已确认，企业和机构没有各自确认过")]
    elif not told and stay.basis == Basis.BOTH:
        told = [_("登记时即按双方都确认的名单或协议记入，之后没有另行确认")]
    was = next((each["before"] for each in entries if each["before"]), stay.status)
    if not told and was == StayStatus.CONFIRMED:
        told = [_("已确认，但没有记下凭什么")]
    return Markup("<br>").join(told) if told else _("只有一方这样说，还没有确认")


def _came_by(stay: Stay) -> list[tuple[str, Any]]:
    found = []
    if stay.application is not None:
        its = stay.application
        words = _("%(day)s 提交") % {"day": formatting.moment(its.applied_at)}
        found.append((_("入驻申请"), Markup("{} {}").format(words, its.note) if its.note else words))
    handover = getattr(stay, "came_by", None)
    if handover is not None:
        words = _("由“%(place)s”移交，%(day)s 提出") % {
            "place": called(handover.stay.institution),
            "day": formatting.moment(handover.offered_at),
        }
        found.append((_("移交"), words))
    return found


def _documents(stay: Stay) -> Any:
    its = [file for kind, pk in subjects(stay) for file in files.of_kind(kind, pk)]
    if not its:
        return _("没有附文件")
    line = Markup('{} <span class="hl-2">{} · {}</span>')
    return Markup("<br>").join(
        line.format(file.name, formatting.file_size(file.size), formatting.moment(file.stored_at)) for file in its
    )
