"""Possible duplicates: which records may be one and the same, two of them side by side, merged or told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.people.roles import may
from hatchline.apps.search import actions as search_actions
from hatchline.apps.search import policy as search_policy
from hatchline.apps.search import queries as search
from hatchline.apps.ventures import actions, policy, queries
from hatchline.apps.ventures.wording import REASONS
from hatchline.sites import access
from hatchline.sites.components import pictures
from hatchline.sites.console import duplicate_facts, marks, records
from hatchline.sites.console.questions import axis, numbered, stay_facts
from hatchline.sites.lists import fetching

if TYPE_CHECKING:
    from hatchline.apps.ventures.models import Merge, Venture

PAGE = 25


@dataclass(frozen=True)
class What:
    """A kind of record that is looked through. ``rows``: those the role sees."""

    word: str
    kind: str
    label: Any
    unit: Any
    route: str
    rows: Callable[[HttpRequest], Any]
    facts: Callable[[Any], dict[str, Any]]
    capability: str


WHATS: dict[str, What] = {
    each.word: each
    for each in (
        What(
            "ventures",
            "ventures.venture",
            gettext_lazy("创业主体"),
            gettext_lazy("对"),
            "console:venture",
            lambda request: queries.visible_to(request.role).prefetch_related(
                "names", "founders", "rights", "fundings"
            ),
            duplicate_facts.of_venture,
            "ventures.list",
        ),
        What(
            "institutions",
            "institutions.institution",
            gettext_lazy("孵化机构"),
            gettext_lazy("对"),
            "console:institution",
            lambda request: institutions.visible_to(request.role, request.today).prefetch_related("names"),
            duplicate_facts.of_institution,
            "institutions.list",
        ),
        What(
            "organisations",
            "bodies.organisation",
            gettext_lazy("单位"),
            gettext_lazy("对"),
            "console:organisation",
            lambda request: bodies.visible_to(request.role).prefetch_related("names", "identifiers"),
            duplicate_facts.of_organisation,
            "organisations.list",
        ),
    )
}


def found_pairs(request: HttpRequest, what: What) -> list[search.Pair]:
    """All pairs of this kind; kept until the next verb."""
    make = queries.possible if what.word == "ventures" else lambda: search.pairs(what.kind)
    key = ("duplicates", what.word, fetching.head(request))
    found: list[search.Pair] = fetching.remembered(key, make, lambda made: len(made) > 0)
    return found


@access.may("quality.see")
def listing(request: HttpRequest) -> HttpResponse:
    """Which records may be one and the same?"""
    asked = request.GET.get("what", "")
    what = WHATS.get(asked, WHATS["ventures"])
    counted = {each.word: found_pairs(request, each) for each in WHATS.values()}
    shown = Paginator(counted[what.word], PAGE).get_page(request.GET.get("page"))
    pairs = list(shown.object_list)
    context = {
        "what": what,
        "total": sum(map(len, counted.values())),
        "tabs": [
            {
                "label": each.label,
                "href": f"?what={each.word}",
                "count": len(counted[each.word]),
                "current": each is what,
            }
            for each in WHATS.values()
        ],
        "page": shown,
        "rows": _described(request, what, pairs),
        "merges": queries.merges()[:10] if what.word == "ventures" else [],
        "may_merge": may(request.role.kind, "ventures.merge"),
    }
    return render(request, "console/duplicates.jinja", context, using="jinja2")


def _described(request: HttpRequest, what: What, pairs: list[search.Pair]) -> list[dict[str, Any]]:
    """The pairs of a page with names and reasons, in a fixed number of queries."""
    pks = {pk for each in pairs for pk in (each.one, each.other)}
    names = dict(what.rows(request).prefetch_related(None).filter(pk__in=pks).values_list("pk", "name"))
    if what.word == "ventures":
        reasons = [marks.joined([str(REASONS[each]) for each in why]) for _one, _other, why in queries.described(pairs)]
        places = queries.quality.places_of(sorted(pks))
    else:
        words = {"name": _("名称相同或相近"), "site": _("网站相同")}
        reasons = [marks.joined([words[sort] for sort in each.sorts]) for each in pairs]
        places = {}
    return [
        {
            "one": names[pair.one],
            "other": names[pair.other],
            "reasons": why,
            "places": [marks.joined([name for _pk, name in places.get(pk, [])]) for pk in (pair.one, pair.other)],
            "href": reverse("console:duplicate", args=[what.word, pair.one, pair.other]),
        }
        for pair, why in zip(pairs, reasons, strict=True)
        if pair.one in names and pair.other in names
    ]


class MergeForm(forms.Form):
    """Which record stays, and why the two are one."""

    keep = forms.TypedChoiceField(label=gettext_lazy("保留哪一条"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("判断的依据"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("例如：营业执照相同，或两家机构都书面确认。"),
    )

    def __init__(self, *given: Any, one: Any, other: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["keep"].choices = [
            (one.pk, _("保留“%(name)s”（编号 %(pk)s）") % {"name": one.name, "pk": one.pk}),
            (other.pk, _("保留“%(name)s”（编号 %(pk)s）") % {"name": other.name, "pk": other.pk}),
        ]


class ApartForm(forms.Form):
    """Why the two are not one."""

    note = forms.CharField(label=gettext_lazy("判断的依据"), max_length=300, widget=forms.Textarea)


def _both(request: HttpRequest, word: str, one: int, other: int) -> tuple[What, Any, Any]:
    """The kind and its two records, if the role sees both: 404 otherwise."""
    what = WHATS.get(word)
    if what is None or not may(request.role.kind, what.capability) or one == other:
        raise Http404
    found = {row.pk: row for row in what.rows(request).filter(pk__in=[one, other])}
    if len(found) != 2:
        raise Http404
    return what, found[one], found[other]


@access.may("quality.see")
def pair(request: HttpRequest, what: str, one: int, other: int) -> HttpResponse:
    """Are these two one and the same, and what would happen if they were merged?"""
    kind, first, second = _both(request, what, one, other)
    context = {
        **_context(request, kind, first, second),
        "form": MergeForm(one=first, other=second, initial={"keep": first.pk}),
        "apart_form": ApartForm(),
    }
    return render(request, "console/duplicate.jinja", context, using="jinja2")


def _context(request: HttpRequest, what: What, one: Any, other: Any) -> dict[str, Any]:
    apart = search.told_apart(what.kind, one.pk, other.pk)
    context: dict[str, Any] = {
        "what": what,
        "one": one,
        "other": other,
        "comparison": duplicate_facts.side_by_side([what.facts(one), what.facts(other)]),
        "columns": [pictures.column(one.name), pictures.column(other.name)],
        "hrefs": [reverse(what.route, args=[each.pk]) for each in (one, other)],
        "apart": apart,
        "may_merge": may(request.role.kind, "ventures.merge"),
        "why_not_apart": str(search_policy.why_not_as("tell_apart", request.role.kind) or ""),
        "overlaps": [],
        "line": None,
        "moving": {},
        "why_not": "",
        "question": None,
    }
    if what.word == "ventures":
        context |= _of_ventures(request, one, other)
    return context


def _of_ventures(request: HttpRequest, one: Venture, other: Venture) -> dict[str, Any]:
    lanes = [(numbered(each), list(queries.stays_of(each))) for each in (one, other)]
    why_not = policy.why_not_merge(
        one, other, queries.history_of(one.pk, other.pk), reason="·", role_kind=request.role.kind
    )
    asked = [each for each in queries.questions_about([one.pk]) if other.pk in (each.venture_id, each.other_venture_id)]
    labels = {
        "stays": _("入驻记录"),
        "applications": _("入驻申请"),
        "handovers": _("移交"),
        "founders": _("创始人"),
        "rights": _("知识产权"),
        "fundings": _("融资"),
    }
    moving = [queries.moving(each.pk) for each in (one, other)]
    return {
        "line": axis(lanes, request.today),
        "overlaps": [
            {"one": stay_facts(first), "other": stay_facts(second)}
            for first, second in queries.overlaps(one.pk, other.pk)
        ],
        "moving": [{"label": label, "one": moving[0][key], "other": moving[1][key]} for key, label in labels.items()],
        "why_not": str(why_not) if why_not else "",
        "hint": str(why_not.hint) if why_not and why_not.hint else "",
        "question": next((each for each in asked if each.kind == "duplicate"), None),
    }


@access.may("ventures.merge")
@require_POST
def merge(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """They are one: take the second into the first, or the first into the second."""
    what, first, second = _both(request, "ventures", one, other)

    def save(data: dict[str, Any]) -> Merge:
        kept, gone = (first, second) if data["keep"] == first.pk else (second, first)
        return actions.merge(
            kept, gone, reason=data["reason"], by=request.person, now=request.now, today=request.today,
            role_kind=request.role.kind,
        )  # fmt: skip

    return records.saved(
        request,
        MergeForm(request.POST, one=first, other=second),
        save,
        template="console/duplicate.jinja",
        done=lambda made: reverse("console:venture", args=[made.kept_id]),
        said=lambda made: (
            _("已把“%(gone)s”并入“%(kept)s”；合错了可以在“疑似重复”里撤销。")
            % {"gone": made.gone.name, "kept": made.kept.name}
        ),
        context={**_context(request, what, first, second), "apart_form": ApartForm()},
    )


@access.may("ventures.merge")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """They were two after all."""
    found = queries.merge(pk)
    if found is None:
        raise Http404
    said = _("已撤销合并，“%(name)s”恢复为单独的记录。") % {"name": found.gone.name}
    by = {"by": request.person, "now": request.now, "role_kind": request.role.kind}
    return records.done_at_once(
        request, lambda: actions.undo_merge(found, **by), back=reverse("console:duplicates"), said=said
    )


@access.may("ventures.merge")
@require_POST
def tell_apart(request: HttpRequest, what: str, one: int, other: int) -> HttpResponse:
    """They are two: do not ask again."""
    kind, first, second = _both(request, what, one, other)
    return records.saved(
        request,
        ApartForm(request.POST),
        lambda data: search_actions.tell_apart(
            kind.kind,
            one,
            other,
            note=data["note"],
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        template="console/duplicate_apart.jinja",
        done=lambda made: f"{reverse('console:duplicates')}?what={kind.word}",
        said=lambda made: _("已登记为不同主体，以后不再提示。"),
        context={"what": kind, "one": first, "other": second},
    )


@access.may("ventures.merge")
@require_POST
def take_back(request: HttpRequest, what: str, one: int, other: int) -> HttpResponse:
    """It is open again whether they are one."""
    kind, _first, _second = _both(request, what, one, other)
    apart = search.told_apart(kind.kind, one, other)
    if apart is None:
        raise Http404
    by = {"by": request.person, "now": request.now, "role_kind": request.role.kind}
    return records.done_at_once(
        request,
        lambda: search_actions.take_back(apart, **by),
        back=reverse("console:duplicate", args=[what, one, other]),
        said=_("已收回，这两条会再次列为疑似重复。"),
    )


@access.may("ventures.merge")
@require_POST
def ask(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Ask the institutions where the two are, or were."""
    _what, first, second = _both(request, "ventures", one, other)
    return records.done_at_once(
        request,
        lambda: actions.ask_duplicate(
            first, second, by=request.person, now=request.now, today=request.today, role_kind=request.role.kind
        ),
        back=reverse("console:duplicate", args=["ventures", one, other]),
        said=_("已请有关机构答复。"),
    )
