"""Figures put otherwise, kept under a name: one's own, and those that colleagues share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hatchline.apps.people.roles import may
from hatchline.apps.rulebooks import actions
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.core.values.quantity import Quantity, Unit, UnitError, written
from hatchline.core.values.refusal import Refused
from hatchline.sites import access, days
from hatchline.sites.console.rules.ground import Ground, stand_on
from hatchline.sites.judged import rows

MOST_TOLD = 3
LARGEST = 10**12
COUNTED = frozenset({"person", "firm", "case", "item", "event", "desk"})
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,6})?")


class NoFigure(ValueError):
    """What was typed is no figure of this kind; the text says why."""


def figure(text: str, law: Quantity) -> Quantity:
    """A figure as typed, in the unit the law writes unless it says one of its own kind. NoFigure: it is none."""
    tongue = "en" if rows.language() == "en" else "zh"
    params = {"text": text, "unit": getattr(law.unit, tongue) or "%"}
    bare_text = text.replace(",", "").replace("，", "").removesuffix(law.unit.zh).removesuffix(law.unit.en).strip()
    if NUMBER.fullmatch(bare_text):
        found = Quantity(Fraction(bare_text) * law.unit.factor, law.unit)
    else:
        try:
            read_ = Quantity.parse(text)
        except UnitError:
            raise NoFigure(_("“%(text)s”不是数。") % params) from None
        if read_.dimension != law.dimension or not text[:1].isascii():
            raise NoFigure(_("“%(text)s”不是以%(unit)s计的数。") % params)
        found = Quantity(read_.amount, law.unit)
    if found.amount < 0:
        raise NoFigure(_("“%(text)s”小于 0。") % params)
    if found.amount / law.unit.factor >= LARGEST:
        raise NoFigure(_("“%(text)s”太大。") % params)
    counted = bool(law.dimension) and {base for base, _power in law.dimension} <= COUNTED
    if counted and _has_parts(found) and not _has_parts(law):
        raise NoFigure(_("“%(text)s”不是整数。") % params)
    return found


def _has_parts(figure: Quantity) -> bool:
    return (figure.amount / figure.unit.factor).denominator != 1


def read(ground: Ground, given: Mapping[str, Any]) -> dict[str, Quantity]:
    """The figures that differ from the law, in the unit the law writes; what is no number is left out."""
    found = {}
    for name, parameter in ground.document.parameters.items():
        law = parameter.on(ground.whatif.as_of)
        try:
            value = figure(str(given[name]), law) if str(given.get(name, "")).strip() else law
        except NoFigure:
            continue
        if value.amount != law.amount:
            found[name] = value
    return found


def refused(ground: Ground, given: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What was typed for a figure and is none, with the reason, by the figure's name."""
    found = {}
    for name, parameter in ground.document.parameters.items():
        text = str(given.get(name, "")).strip()[:40]
        if name in given and not text:
            found[name] = ("", _("没有填数。"))
        try:
            _value = figure(text, parameter.on(ground.whatif.as_of)) if text else None
        except NoFigure as error:
            found[name] = (text, str(error))
    return found


def bare(amount: Fraction, unit: Unit) -> str:
    """A figure as an address carries it: a number in its unit."""
    return written(amount / unit.factor, 6).replace(",", "")


def written_out(figures: Mapping[str, Quantity]) -> dict[str, str]:
    """Figures as an address and a kept scenario carry them."""
    return {name: bare(value.amount, value.unit) for name, value in figures.items()}


def kept(request: HttpRequest, ground: Ground) -> list[dict[str, Any]]:
    """One's own scenarios of a document and those others share, each with what it changes and where it opens."""
    document, asked, found = ground.document, days.asked(request), []
    drafts = reverse("console:rule_draft_new") if may(request.role.kind, "rules.draft") else ""
    for each in rulebooks.scenarios(document.name, request.person.pk):
        figures = read(ground, each.settings)
        address = urlencode(
            {**{name: bare(value.amount, value.unit) for name, value in figures.items()}, **asked.query}
        )
        found.append(
            {
                "name": each.name,
                "href": f"{reverse('console:whatif', args=[document.name])}?{address}",
                "told": told(ground, figures),
                "more": max(0, len(figures) - MOST_TOLD),
                "mine": each.kept_by_id == request.person.pk,
                "by": each.kept_by.name,
                "shared": each.is_shared,
                "share": reverse("console:scenario_share", args=[each.pk]),
                "drop": reverse("console:scenario_drop", args=[each.pk]),
                "draft": f"{drafts}?{urlencode({'from': document.name, 'scenario': each.pk})}" if drafts else "",
            }
        )
    return found


def told(ground: Ground, figures: dict[str, Quantity]) -> list[str]:
    """The first few figures, in words."""
    parameters, language = ground.document.parameters, rows.language()
    return [
        f"{parameters[name].text.get(language)} {value.text(language)}"
        for name, value in list(figures.items())[:MOST_TOLD]
    ]


@access.may("rules.evaluate")
@require_POST
def keep(request: HttpRequest, name: str) -> HttpResponse:
    """Keep what is posted under a name. The same name again keeps the new figures."""
    ground = stand_on(request, name, days.asked(request))
    figures = read(ground, request.POST)
    settings = written_out(figures)
    back = f"{reverse('console:whatif', args=[name])}?{urlencode({**settings, **days.asked(request).query})}"
    if not settings:
        messages.error(request, _("没有改动任何阈值：先移动一个，再保存方案。"))
        return redirect(back)
    try:
        made = actions.keep(
            name=request.POST.get("name", ""), document=name, settings=settings, by=request.person, now=request.now,
            role_kind=request.role.kind,
        )  # fmt: skip
        if request.POST.get("shared"):
            actions.share(made, by=request.person, now=request.now, role_kind=request.role.kind)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(back)
    messages.success(request, _("方案“%(name)s”已保存。") % {"name": made.name})
    return redirect(f"{back}#scenarios")


@access.may("rules.evaluate")
@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Let colleagues see it."""
    return _done(request, pk, actions.share, gettext_lazy("方案“%(name)s”已共享给同事。"))


@access.may("rules.evaluate")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a scenario of one's own away."""
    return _done(request, pk, actions.drop, gettext_lazy("方案“%(name)s”已删除。"))


def _done(request: HttpRequest, pk: int, verb: Callable[..., Any], said: Any) -> HttpResponse:
    """A verb on a scenario that this person sees; back to the document's scenarios."""
    found = rulebooks.scenario(pk, request.person.pk)
    if found is None:
        raise Http404
    try:
        verb(found, by=request.person, now=request.now, role_kind=request.role.kind)
        messages.success(request, said % {"name": found.name})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('console:whatif', args=[found.document])}#scenarios")
