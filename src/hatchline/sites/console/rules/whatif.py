"""What if: other figures of a document, and who would pass, be won or be lost, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.rulebooks import policy
from hatchline.core.rules.documents import Mark
from hatchline.core.rules.populations import Bools, Ints
from hatchline.core.rules.whatif import Bits, Outcome
from hatchline.core.values.quantity import Quantity
from hatchline.sites import access, days
from hatchline.sites.console.rules import dots, matrix, narrowing, scenarios
from hatchline.sites.console.rules.ground import OLDER, Ground, basis, stand_on
from hatchline.sites.judged import rows as told
from hatchline.sites.lists import Column, exporting

MOST_ROWS, STEPS = 60, 20


@dataclass(frozen=True)
class Slider:
    """A figure that can be moved, in the unit it is written in, with who stands above it."""

    name: str
    label: str
    unit: str
    law: str
    value: str
    highest: str
    step: str
    is_moved: bool
    shown: str
    law_shown: str
    tick: float
    sign: str
    mark: str
    dots: dots.Dots
    typed: str  # as it stands in the box: what was typed, where it is no figure
    refused: str


def _step(law: Quantity) -> str:
    """What a slider moves by: it divides the law's figure, or the browser would put the slider beside the law."""
    figure = law.amount / law.unit.factor
    if figure.denominator != 1:
        return "any"
    if law.unit.name == "%" or figure <= STEPS:
        return "1"
    whole = int(figure)
    return str(max(each for each in range(1, whole // STEPS + 1) if whole % each == 0))


def sliders(
    ground: Ground, its: Told, mask: Bools, scenario: dict[str, Quantity], refused: dict[str, tuple[str, str]]
) -> list[Slider]:
    """One for each figure that a criterion compares something with. ``refused``: what was typed and is no figure."""
    found, language = [], told.language()
    for name, parameter in ground.document.parameters.items():
        if not any(name in touching for touching in ground.whatif.touching.values()):
            continue
        law = parameter.on(ground.whatif.as_of)
        now = scenario.get(name, law)
        top = max(law.amount * 2, now.amount)
        if law.unit.name == "%":
            top = max(Fraction(1), now.amount)
        top = top or law.unit.factor
        value = [scenarios.bare(each, law.unit) for each in (law.amount, now.amount, top)]
        found.append(
            Slider(
                name, parameter.text.get(language), getattr(law.unit, "en" if language == "en" else "zh"),
                value[0], value[1], value[2],
                _step(law), name in scenario, now.text(language), law.text(language),
                round(float(law.amount / top) * dots.WIDTH, 1), told.SIGNS[told.SURENESS[parameter.mark]],
                parameter.mark.label.get(language),
                dots.over(ground, name, law, now, float(top), partial(_results, ground, its, name, mask), mask),
                *refused.get(name, (value[1], "")),
            )
        )  # fmt: skip
    return found


def _results(ground: Ground, its: Told, name: str, mask: Bools) -> list[str]:
    """A look for each of these: how it stands in all the criteria that a figure moves."""
    moved = [its.criteria[each] for each in its.criteria if name in ground.whatif.touching[each]]
    met, possible, was = (np.logical_and.reduce([each[at][mask] for each in moved]) for at in range(3))
    looks = np.select([possible & ~met, met & was, met, ~was], ["unknown", "met", "won", "not"], "lost")
    return [str(each) for each in looks]


@dataclass(frozen=True)
class Told:
    """An outcome unpacked: a column of truths for each criterion and for the whole."""

    criteria: dict[str, tuple[Bools, Bools, Bools]]  # met, possible, met under the law
    met: Bools
    possible: Bools
    was: Bools
    lacking: Ints  # criteria that have to be met yet, at least
    order: Ints

    def state(self, name: str, at: int) -> str:
        """A criterion of one subject."""
        met, possible, _was = self.criteria[name]
        return "met" if met[at] else "unknown" if possible[at] else "missing"

    def whole(self, at: int) -> str:
        """The decision under these figures."""
        return "met" if self.met[at] else "unknown" if self.possible[at] else "missing"

    def changed(self, at: int) -> str:
        """won, lost or nothing."""
        return "won" if self.met[at] and not self.was[at] else "lost" if self.was[at] and not self.met[at] else ""


def unpacked(ground: Ground, outcome: Outcome, law: Outcome, mask: Bools) -> Told:
    """Those whose result changes first, then those that pass, then by how many criteria are missing; these alone."""
    size = ground.whatif.population.size

    def bits(packed: Bits) -> Bools:
        return np.unpackbits(packed, count=size).astype(bool)

    criteria = {
        name: (bits(met), bits(possible), bits(law.criteria[name][0]))
        for name, (met, possible) in outcome.criteria.items()
    }
    met, possible, was = bits(outcome.met), bits(outcome.possible), bits(outcome.before)
    zeros = np.zeros(size, dtype=np.int64)
    lacking = matrix.needed_of(ground, {name: ~may for name, (_met, may, _was) in criteria.items()})
    open_ = sum((may & ~sure for sure, may, _was in criteria.values()), zeros)
    order = np.lexsort((ground.rank, open_, lacking, ~met, met == was))
    return Told(criteria, met, possible, was, lacking, order[mask[order]])


def _rows(ground: Ground, its: Told, asked: days.Asked) -> list[dict[str, Any]]:
    page = "console:venture_evaluation" if ground.subject == "venture" else "console:institution_evaluation"
    keys = ground.whatif.population.keys
    return [
        {
            "name": ground.names[at],
            "where": ground.standings[at].institution_name,
            "href": asked.onward(reverse(page, args=[int(keys[at]), ground.document.name])),
            "cells": [(its.state(name, at), bool(met[at] != was[at])) for name, (met, _p, was) in its.criteria.items()],
            "state": its.whole(at),
            "changed": its.changed(at),
            "lacking": int(its.lacking[at]),
        }
        for at in map(int, its.order[:MOST_ROWS])
    ]


def _by_place(ground: Ground, its: Told, mask: Bools) -> list[tuple[str, tuple[int, ...]]]:
    """Per territory: how many pass, are won, are lost; those without a territory last, under ""."""
    groups = ground.groups["territory"]
    parts = [part & mask for part in (its.met, its.met & ~its.was, its.was & ~its.met)]
    columns = [groups.count(part) for part in parts]
    found = [(name, tuple(int(column[at]) for column in columns)) for at, name in enumerate(groups.names)]
    nowhere = mask.copy()
    nowhere[groups.places] = False
    return [*found, ("", tuple(int((part & nowhere).sum()) for part in parts))]


def _file(ground: Ground, its: Told, scenario: dict[str, Quantity], asked: days.Asked, form: str) -> HttpResponseBase:
    """Everybody under the law and under these figures, as a file."""
    words = {"won": _("转达标"), "lost": _("转未达标"), "": _("不变")}

    def column(name: str, label: str, show: Callable[[int], Any], **more: Any) -> Column:
        return Column(name, label, lambda row: show(row["at"]), **more)

    moved = " ".join(f"{name}={value.text(told.language())}" for name, value in scenario.items())
    columns = [
        *matrix.heads(ground, column),
        column("before", _("现行达标"), lambda at: _("是") if its.was[at] else _("否")),
        column("after", _("试算结果"), lambda at: str(matrix.WORDS[its.whole(at)])),
        column("changed", _("变化"), lambda at: words[its.changed(at)]),
        *(
            column(name, f"{name} {each.label.get(told.language())}", partial(_said, its, name))
            for name, each in ground.document.criteria.items()
        ),
        column("scenario", _("改动的阈值"), lambda _at: moved),
        *basis(ground),
    ]
    rows = ({"at": int(at)} for at in its.order)
    return exporting.as_file(f"whatif-{ground.document.name}", _("试算"), columns, rows, form, asked.as_of)


def _said(its: Told, name: str, at: int) -> str:
    return str(matrix.WORDS[its.state(name, at)])


@access.may("rules.evaluate")
def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Who would pass with other figures?"""
    asked = days.asked(request)
    ground = stand_on(request, name, asked)
    scenario, language = scenarios.read(ground, request.GET), told.language()
    settings, part = scenarios.written_out(scenario), narrowing.asked_for(request, ground)

    def here(**changes: Any) -> str:
        said = {key: str(value) for key, value in {**settings, **part, **asked.query, **changes}.items()}
        return f"?{urlencode({key: value for key, value in said.items() if value})}"

    narrowed = narrowing.narrowed(ground, part, here)
    mask = narrowed.mask
    law, outcome = ground.whatif.outcome({}), ground.whatif.outcome(scenario)
    its = unpacked(ground, outcome, law, mask)
    if request.GET.get("export") in exporting.TYPES:
        return _file(ground, its, scenario, asked, request.GET["export"])
    won, lost = mask & its.met & ~its.was, mask & its.was & ~its.met
    by_place = _by_place(ground, its, mask)
    sure = matrix.marks(ground.document, asked.as_of)
    weakest = max(sure.values(), key=lambda mark: mark.rank, default=Mark.READ)
    criteria = its.criteria.values()
    context = {
        "asked": asked,
        "document": ground.document,
        "title": ground.document.title.get(language),
        "sliders": sliders(ground, its, mask, scenario, scenarios.refused(ground, request.GET)),
        "settings": settings,
        "narrowed": narrowed,
        "part": part,
        "words": narrowing.speech(ground),
        "before": int((mask & its.was).sum()),
        "passes": int((mask & its.met).sum()),
        "unknown": int((mask & its.possible & ~its.met).sum()),
        "won": int(won.sum()),
        "lost": int(lost.sum()),
        "size": narrowed.size,
        "winners": _named(ground, won),
        "losers": _named(ground, lost),
        "heads": [each.label.get(language) for each in ground.document.criteria.values()],
        "rows": _rows(ground, its, asked),
        "counts": [int((mask & met).sum()) for met, _may, _was in criteria],
        "counts_now": [int((mask & was).sum()) for _met, _may, was in criteria],
        "places": [(place, figures) for place, figures in by_place if any(figures)],
        "places_without": sum(bool(place) and not any(figures) for place, figures in by_place),
        "here": reverse("console:whatif", args=[name]),
        "head": ground.head,
        "older": getattr(request, OLDER, ""),
        "known_at": ground.known_at,
        "keep": [*settings.items(), *part.items()],
        "again": here(facts="latest"),
        "restore": here(**dict.fromkeys(settings, "")),
        "matrix_href": f"{reverse('console:matrix', args=[name])}{here(**dict.fromkeys(settings, ''))}".rstrip("?"),
        "exports": [(label, here(export=form)) for form, label in matrix.forms(len(its.order))],
        "draft_href": f"{reverse('console:rule_draft_new')}?{urlencode({'from': name, **settings})}",
        "keep_href": asked.onward(reverse("console:scenario_keep", args=[name])),
        "kept": scenarios.kept(request, ground),
        "why_not_keep": policy.why_not_as("keep", request.role.kind),
        "basis": f"{told.SIGNS[told.SURENESS[weakest]]} {weakest.label.get(language)}",
        "is_firm": weakest.is_firm,
        "gaps": [each.get(language) for each in ground.document.gaps],
    }
    return render(request, "console/rules/whatif.jinja", context, using="jinja2")


def _named(ground: Ground, who: Bools) -> list[str]:
    """Their names, in the order of names."""
    places = np.flatnonzero(who)
    return [ground.names[at] for at in places[np.argsort(ground.rank[places])]]
