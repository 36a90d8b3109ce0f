"""Where a row of a finished import leads: the record it made or changed, and the question it opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import may
from hatchline.apps.ventures import queries as ventures
from hatchline.journeys.imports.targets import TARGETS

if TYPE_CHECKING:
    from hatchline.apps.imports.models import Row, Run

ROUTES = {
    "organisation": "console:organisation",
    "institution": "console:institution",
    "team": "console:institution_team",
    "institution_figures": "console:institution_figures",
    "venture": "console:venture",
    "venture_figures": "console:venture_figures",
    "stay": "console:stay",
    "title": "console:title",
    "premises": "console:premises_page",
    "space": "console:space",
    "person": "console:person",
}
NEEDED = {"person": "people.list"}  # to see the page, where that is more than to see imports


# What the answers to a question do, by the reason why it is asked: to choose the record there is, and not to choose it.
KEEPING = {
    "other_end": _("保留已登记的 %(name)s"),
    "differs": _("保留已登记的 %(name)s"),
    "withdrawn": _("仍按撤回"),
    "correction": _("按名单改正 %(name)s"),
    "unit": "",  # another year's figure is none to choose
}
ADDING = {
    "other_end": _("按名单改正"),
    "differs": _("按名单改正"),
    "withdrawn": _("重新登记"),
    "correction": _("都不是，另记一条"),
    "unit": _("数没有错，照样登记"),
}


ITSELF = _("就是 %(name)s")
SKIPPING = _("这一行不要")
ASKED_AGAIN = _("后来的名单里又问了一次")


def called(candidate: Mapping[str, Any], language: str) -> str:
    """A record a row may be, by its name and, where that does not tell it from another, its days."""
    return " · ".join(filter(None, (candidate["label"], candidate.get("days", {}).get(language, ""))))


def answers(row: Row, language: str) -> dict[str, Any]:
    """The answers to a row's question in the words of what they do: (key, words) of each record, and of a new one.

    ``given``: how it was settled, in the words of the answer that was given; "" while it waits.
    """
    known = [(each, next((code for code in each.get("codes", ()) if code in KEEPING), "")) for each in row.candidates]
    added = {ADDING[code] for _each, code in known if code}
    offered = [
        (str(each["id"]), str(KEEPING[code] if code else ITSELF).replace("%(name)s", called(each, language)))
        for each, code in known
        if code != "unit"
    ]
    new = added.pop() if len(added) == 1 else _("都不是，新增")
    words = {**dict(offered), "new": new, "skip": SKIPPING}
    given = _("已答复：%(what)s") % {"what": words.get(row.answer, row.answer)} if row.answer else ""
    given = ASKED_AGAIN if row.answer == "asked_again" else given
    return {"known": offered, "new": new, "skip": SKIPPING, "given": given}


def leads(run: Run, rows: Iterable[Row], role_kind: str) -> dict[int, str]:
    """The address of each row's record, by the key of the row; rows without one are left out. One query or two."""
    target, wanted = TARGETS.get(run.target), {row.subject_id for row in rows if row.subject_id}
    pages = target.pages(wanted) if target is not None and wanted else {}
    found = {}
    for row in rows:
        what, key = pages.get(row.subject_id or 0, ("", 0))
        if what and (what not in NEEDED or may(role_kind, NEEDED[what])):
            found[row.pk] = reverse(ROUTES[what], args=[key])
    return found


def opened(run: Run, rows: Iterable[Row]) -> dict[int, list[dict[str, Any]]]:
    """The questions about the stays that these rows made or changed, by the key of the row."""
    if run.target != "stays":
        return {}
    by_stay = ventures.asked_of({row.subject_id for row in rows if row.subject_id})
    return {
        row.pk: [
            {
                "href": reverse("console:question", args=[each.pk]),
                "kind": str(each.get_kind_display()),
                "question": each,
            }
            for each in by_stay[row.subject_id]
        ]
        for row in rows
        if row.subject_id in by_stay
    }
