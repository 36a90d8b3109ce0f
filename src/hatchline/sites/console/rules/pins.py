"""Judgements kept with their facts: made on purpose, read for ever, reckoned again at every look."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hatchline.apps.rulebooks import actions, judging
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.core.rules.documents import part
from hatchline.core.values.refusal import Refused
from hatchline.journeys import judge
from hatchline.journeys.gather import INSTITUTION, VENTURE
from hatchline.sites import access, days
from hatchline.sites.console.institutions import in_language
from hatchline.sites.console.rules import evaluation as pages
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.judged import rows
from hatchline.sites.library import reading

LONGEST_PURPOSE = 200
MOST_FACTS = 200


def _pin(request: HttpRequest, kind: str, pk: int, name: str) -> HttpResponse:
    pages.subject(request, kind, pk)
    asked = days.asked(request)
    with translation.override(settings.LANGUAGE_CODE):  # a pin is read by everybody: its sources are kept as msgids
        its = pages.judged(request, kind, pk, name)
        asked_text = request.GET.get("hash", "")
        now_stands = judge.judge(kind, pk, name, as_of=asked.as_of, known_at=moment_of(asked)) if asked_text else its
    back = asked.onward(reverse(pages.HOMES[kind][2], args=[pk, name]))
    if its.edition.digest != now_stands.edition.digest:
        messages.error(request, _("预览的是已被替换的文本，不能固定：请打开现行文本的判定再固定。"))
        return HttpResponseRedirect(back)
    purpose = request.POST.get("purpose", "").strip()[:LONGEST_PURPOSE]
    if not purpose:
        messages.error(request, _("没有写用途：固定下来的判定要说明用在哪里。"))
        return HttpResponseRedirect(back)
    try:
        made = actions.pin(
            its.edition, subject_kind=kind, subject_id=pk, as_of=asked.as_of,
            known_at=moment_of(asked) or request.now, facts=its.gathered.by_value(), purpose=purpose,
            by=request.person, now=request.now, role_kind=request.role.kind,
        )  # fmt: skip
    except Refused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(back)
    messages.success(request, _("已固定：以后可以随时查看和重算。"))
    return HttpResponseRedirect(reverse("console:evaluation", args=[made.pk]))


@access.may("rules.evaluate")
@require_POST
def pin_institution(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Keep this judgement with its facts."""
    return _pin(request, INSTITUTION, pk, name)


@access.may("rules.evaluate")
@require_POST
def pin_venture(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Keep this judgement with its facts."""
    return _pin(request, VENTURE, pk, name)


@access.may("rules.evaluate")
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """A kept judgement: what was decided on which facts, and whether reckoning again comes to the same."""
    found = rulebooks.evaluation(pk)
    if found is None:
        raise Http404
    row = pages.subject_then(request, found.subject_kind, found.subject_id)
    result: dict[str, Any] = json.loads(found.result)
    facts: dict[str, Any] = json.loads(found.facts.content)
    document = rulebooks.document(found.edition, found.confirmed)
    kind = found.subject_kind
    home, listing, route = pages.HOMES[kind]
    called = in_language(row.name, getattr(row, "name_en", ""))
    suffix = "" if found.as_of == request.today else f"as_of={found.as_of.isoformat()}"
    shown = rows.shown(result, document, pages=pages.PAGES[kind](row.pk), suffix=suffix)
    context = {
        "found": found,
        "shown": shown,
        "name": called,
        "title": pages.title_of(found.edition),
        "now_href": reverse(route, args=[row.pk, found.edition.name]),
        "agrees": judging.recompute(found).agrees,
        "facts": _listed(facts, document),
        "members": len(facts.get("members", ())),
        "confirmed": [
            (reading.part_told(document, each, found.as_of)[0], source)
            for each, source in ((part(document, key), source) for key, source in found.confirmed.items())
            if each is not None
        ],
        "crumbs": [
            (_("孵化机构") if kind == INSTITUTION else _("创业主体"), reverse(listing)),
            (called, reverse(home, args=[row.pk])),
            (_("固定的判定"), ""),
        ],
    }
    return render(request, "console/rules/pinned.jinja", context, using="jinja2")


def _listed(facts: dict[str, Any], document: Any) -> list[dict[str, Any]]:
    """The subject's own facts as they were kept."""
    found = []
    for name, kept in list(facts["facts"].items())[:MOST_FACTS]:
        fact = document.vocabulary.facts.get(name.partition("@")[0])
        if fact is None:
            continue
        source = facts.get("sources", {}).get(name) or {}
        year = name.partition("@")[2]
        found.append(
            {
                "label": fact.label(rows.language()) + (f" {year}" if year else ""),
                "value": None if kept is None else fact.text(kept, rows.language()),
                "source": _(source.get("text", "")),  # kept in the first language
                "on": source.get("on") or "",
            }
        )
    return found


__all__ = ["evaluation", "pin_institution", "pin_venture"]
