"""The ventures that a criterion about an institution counts, with the facts it asks of each: who lacks which."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.journeys import gather
from hatchline.sites import access, days
from hatchline.sites.components import pictures
from hatchline.sites.console import institution_profile
from hatchline.sites.console.institutions import in_language
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.judged.rows import language
from hatchline.sites.lists import paging

MOST_FACTS = 40  # asked for at once
FIRST = ("is_company", "in_incubation")  # where none is asked for
BESIDE = 5  # facts beside each other: those that most lack


@access.may("rules.evaluate")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """``?fact=employees&fact=revenue@2016``: these facts of each venture; ``&lacking=employees``: of those without."""
    institution, asked = institution_profile.found(request, pk), days.asked(request)
    vocabulary = rulebooks.present_vocabulary()
    facts = list(dict.fromkeys(request.GET.getlist("fact") or FIRST))[:MOST_FACTS]
    declared = {name: vocabulary.facts.get(name.partition("@")[0]) for name in facts}
    if any(each is None or each.subject != "venture" for each in declared.values()):
        raise Http404
    gathered = gather.institution(
        pk,
        as_of=asked.as_of,
        vocabulary=vocabulary,
        known_at=moment_of(asked),
        wanted={name.partition("@")[0] for name in facts},
    )
    lacking = request.GET.get("lacking", "")
    lacking = lacking if lacking in declared else ""
    here = reverse("console:institution_members", args=[pk])

    def address(**more: Any) -> str:
        kept = [("fact", name) for name in facts]
        return asked.onward(f"{here}?{urlencode([*kept, *((key, value) for key, value in more.items() if value)])}")

    lack = {fact: sum(each.facts.get(fact) is None for each in gathered.members) for fact in facts}
    first = sorted(facts, key=lambda fact: (fact != lacking, -lack[fact]))[:BESIDE]
    members = [each for each in gathered.members if not lacking or each.facts.get(lacking) is None]
    pager = paging.pager(request, len(members), lambda at: address(lacking=lacking, page=at))
    name = in_language(institution.name, institution.name_en)
    words = {fact: _called(fact, each) for fact, each in declared.items()}
    context = {
        "name": name,
        "crumbs": [
            (_("孵化机构"), asked.onward(reverse("console:institutions"))),
            (name, asked.onward(reverse("console:institution", args=[pk]))),
            (_("计入的企业"), ""),
        ],
        "asked": asked,
        "here": here,
        "keep": [("fact", fact) for fact in facts] + ([("lacking", lacking)] if lacking else []),
        "total": len(gathered.members),
        "lacking": words.get(lacking, ""),
        "tabs": [
            {"label": _("全部"), "href": address(), "count": len(gathered.members), "current": not lacking},
            *(
                {
                    "label": _("缺%(fact)s") % {"fact": words[fact]},
                    "href": address(lacking=fact),
                    "count": lack[fact],
                    "current": fact == lacking,
                }
                for fact in sorted(facts, key=lambda fact: -lack[fact])
                if lack[fact]
            ),
        ],
        "columns": [pictures.column(_("企业")), *(pictures.column(words[fact]) for fact in first)],
        "rows": [
            {
                "name": each.name,
                "href": asked.onward(reverse("console:venture", args=[each.key])),
                "values": [_value(declared[fact], each.facts.get(fact)) for fact in first],
            }
            for each in pager.cut(members)
        ],
        "pager": pager,
    }
    return render(request, "console/members.jinja", context, using="jinja2")


def _called(name: str, declared: Any) -> str:
    """A fact's name, with its year where it has one."""
    year = name.partition("@")[2]
    return f"{declared.label(language())} {year}".strip()


def _value(declared: Any, kept: int | None) -> str | None:
    return None if kept is None else str(declared.text(kept, language()))
