"""One subject judged by one document: every criterion with value, gap and source, and the nearest way to pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.rulebooks import policy
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules.documents import Mark
from hatchline.core.rules.telling import told
from hatchline.journeys import judge
from hatchline.journeys.gather import INSTITUTION, VENTURE
from hatchline.sites import access, days
from hatchline.sites.console.institutions import in_language
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.judged import rows

if TYPE_CHECKING:
    from hatchline.apps.rulebooks.models import Edition
    from hatchline.journeys.judge import Judged

HOMES = {
    INSTITUTION: ("console:institution", "console:institutions", "console:institution_evaluation"),
    VENTURE: ("console:venture", "console:ventures", "console:venture_evaluation"),
}
LISTED = ("name", "number", "title", "title_en", "subject", "series", "in_force_on", "ends_before")
PAGES = {INSTITUTION: rows.institution_pages, VENTURE: rows.venture_pages}


def subject(request: HttpRequest, kind: str, pk: int) -> Any:
    """Key and name of the institution or venture, if the role sees it: 404 otherwise."""
    if kind == INSTITUTION:
        seen, names = institutions.visible_to(request.role, request.today), ("name", "name_en")
    else:
        seen, names = ventures.visible_to(request.role), ("name",)
    row = seen.select_related(None).prefetch_related(None).only("pk", *names).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def subject_then(request: HttpRequest, kind: str, pk: int) -> Any:
    """Whom something kept is about, even where the record was merged since: whoever sees the kept one sees it."""
    now = ventures.resolve(pk) if kind == VENTURE else pk
    row = subject(request, kind, now)
    return row if now == pk else ventures.venture(pk)


def judged(request: HttpRequest, kind: str, pk: int, name: str) -> Judged:
    """The subject under the document on the day asked for. 404 for a document that is not for it.

    ``?hash=``: under the text of it that has this digest, even where another stands now.
    """
    asked = days.asked(request)
    try:
        return judge.judge(
            kind, pk, name, as_of=asked.as_of, known_at=moment_of(asked), digest=request.GET.get("hash", "")
        )
    except LookupError:
        raise Http404 from None


def title_of(edition: Edition) -> str:
    """The title of a document in the reader's language."""
    return edition.title_en if rows.language() == "en" else edition.title


def holds(edition: Edition, asked: days.Asked) -> bool:
    """Whether the document is in force on the day."""
    ends = edition.ends_before
    return bool(edition.in_force_on <= asked.as_of and (ends is None or asked.as_of < ends))


def others(request: HttpRequest, kind: str, pk: int, asked: days.Asked, name: str) -> list[dict[str, Any]]:
    """The documents this subject can be judged by."""
    standing = list(rulebooks.editions().only(*LISTED))
    found = judge.documents_for(kind, standing, asked.as_of)
    return [
        {
            "label": f"{title_of(each)} · {each.number}",
            "href": asked.onward(reverse(HOMES[kind][2], args=[pk, each.name])),
            "current": each.name == name,
            "count": None,
        }
        for each in found
    ]


def _page(request: HttpRequest, kind: str, pk: int, name: str) -> HttpResponse:
    row, asked = subject(request, kind, pk), days.asked(request)
    its = judged(request, kind, pk, name)
    shown = rows.shown(told(its.explanation, its.way), its.document, pages=PAGES[kind](pk), suffix=asked.address)
    home, listing, _route = HOMES[kind]
    called = in_language(row.name, getattr(row, "name_en", ""))
    context = {
        "asked": asked,
        "kind": kind,
        "pk": pk,
        "name": called,
        "title": title_of(its.edition),
        "edition": its.edition,
        "document": its.document,
        "issuer": its.document.issuer.get(rows.language()),
        "holds": holds(its.edition, asked),
        "shown": shown,
        "documents": others(request, kind, pk, asked, name),
        "crumbs": [
            (_("孵化机构") if kind == INSTITUTION else _("创业主体"), asked.onward(reverse(listing))),
            (called, asked.onward(reverse(home, args=[pk]))),
            (title_of(its.edition), ""),
        ],
        "facts": _known(its),
        "unreadable": its.gathered.unreadable,
        "gaps": [each.get(rows.language()) for each in its.document.gaps],
        "pin_href": _under(
            its,
            reverse("console:institution_pin" if kind == INSTITUTION else "console:venture_pin", args=[pk, name]),
            asked.query,
        ),
        # a preview keeps the text of the document and the moment of knowing: here, in its address
        "again_href": _under(
            its,
            request.path,
            {"as_of": asked.as_of.isoformat(), "known_at": days.written(moment_of(asked) or request.now)},
        ),
        "why_not_pin": _why_not_pin(request, its),
        "here": request.path,
    }
    return render(request, "console/rules/evaluation.jinja", context, using="jinja2")


def _under(its: Judged, path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode({**query, 'hash': its.edition.digest})}"


def _why_not_pin(request: HttpRequest, its: Judged) -> str:
    refusal = policy.why_not_as("pin", request.role.kind) or policy.why_not_rest_on(Mark(its.explanation.mark))
    return str(refusal) if refusal else ""


def _known(its: Judged) -> dict[str, int]:
    """How many facts were gathered, and about how many ventures."""
    own = sum(value is not None for value in its.gathered.facts.values())
    members = sum(value is not None for each in its.gathered.members for value in each.facts.values())
    return {"own": own, "all": own + members, "ventures": len(its.gathered.members)}


@access.may("rules.evaluate")
def institution(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Does this institution meet the document, by how much, on what evidence, and what is the shortest way there?"""
    return _page(request, INSTITUTION, pk, name)


@access.may("rules.evaluate")
def venture(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The same for a venture."""
    return _page(request, VENTURE, pk, name)
