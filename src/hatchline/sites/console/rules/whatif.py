"""What if: other figures of a document, and who would pass, be won or be lost, by name."""

from __future__ import annotations

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
from hatchline.core.rules.whatif import Outcome
from hatchline.core.values.quantity import Quantity
from hatchline.sites import access, days
from hatchline.sites.console.rules import dots, matrix, scenarios
from hatchline.sites.console.rules.ground import Ground, stand_on
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


def _step(law: Quantity) -> str:
    """What a slider moves by: it divides the law's figure, or the browser would put the slider beside the law."""
    figure = law.amount / law.unit.factor
    if figure.denominator != 1:
        return "any"
    if law.unit.name == "%" or figure <= STEPS:
        return "1"
    whole = int(figure)
    return str(max(each for each in range(1, whole // STEPS + 1) if whole % each == 0))


def sliders(ground: Ground, its: Told, scenario: dict[str, Quantity], language: str) -> list[Slider]:
    """One for each figure that a criterion compares something with."""
    found = []
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
                dots.over(ground, name, law, now, float(top), partial(_results, ground, its, name)),
            )
        )  # fmt: skip
    return found


def _results(ground: Ground, its: Told, name: str) -> list[str]:
    """A look for each institution: how it stands in all the criteria that a figure moves."""
    moved = [each for each in its.criteria if name in ground.whatif.touching[each]]
    found = []
    for at in range(ground.whatif.population.size):
        states = {its.state(each, at) for each in moved}
        was = all(its.criteria[each][2][at] for each in moved)
        found.append(
            "unknown" if states <= {"met", "unknown"} and "unknown" in states else dots.look(states == {"met"}, was)
        )
    return found


@dataclass(frozen=True)
class Told:
    """An outcome unpacked: a column of truths for each criterion and for the whole."""

    criteria: dict[str, tuple[Any, Any, Any]]  # met, possible, met under the law
    met: Any
    possible: Any
    was: Any
    order: list[int]

    def state(self, name: str, at: int) -> str:
        """A criterion of one institution."""
        met, possible, _was = self.criteria[name]
        return "met" if met[at] else "unknown" if possible[at] else "missing"

    def whole(self, at: int) -> str:
        """The decision under these figures."""
        return "met" if self.met[at] else "unknown" if self.possible[at] else "missing"

    def changed(self, at: int) -> str:
        """won, lost or nothing."""
        return "won" if self.met[at] and not self.was[at] else "lost" if self.was[at] and not self.met[at] else ""

    def lacking(self, at: int) -> int:
        """How many criteria are surely missing."""
        return sum(self.state(name, at) == "missing" for name in self.criteria)


def unpacked(ground: Ground, outcome: Outcome) -> Told:
    """Those whose result changes first, then those that pass, then by how many criteria are missing."""
    size = ground.whatif.population.size

    def bits(packed: Any) -> Any:
        return np.unpackbits(packed, count=size).astype(bool)

    before = ground.whatif.outcome({})
    criteria = {
        name: (bits(met), bits(possible), bits(before.criteria[name][0]))
        for name, (met, possible) in outcome.criteria.items()
    }
    met, possible, was = bits(outcome.met), bits(outcome.possible), bits(outcome.before)
    lacking = np.sum([~may for _met, may, _was in criteria.values()], axis=0)
    open_ = np.sum([may & ~m for m, may, _was in criteria.values()], axis=0)
    order = sorted(
        range(size), key=lambda at: (met[at] == was[at], not met[at], lacking[at], open_[at], ground.names[at])
    )
    return Told(criteria, met, possible, was, order)


def _rows(ground: Ground, its: Told) -> list[dict[str, Any]]:
    return [
        {
            "name": ground.names[at],
            "href": reverse("console:institution", args=[int(ground.whatif.population.keys[at])]),
            "cells": [(its.state(name, at), bool(met[at] != was[at])) for name, (met, _p, was) in its.criteria.items()],
            "state": its.whole(at),
            "changed": its.changed(at),
            "lacking": its.lacking(at),
        }
        for at in its.order[:MOST_ROWS]
    ]


def _file(ground: Ground, its: Told, form: str) -> HttpResponseBase:
    """Everybody under the law and under these figures, as a file."""
    words = {"won": _("转达标"), "lost": _("转未达标"), "": _("不变")}
    columns = [
        Column("name", _("孵化机构"), head=True),
        Column("place", _("区域")),
        Column("before", _("现行达标")),
        Column("after", _("试算结果")),
        Column("changed", _("变化")),
        *(Column(name, f"{name} {each.label.get(told.language())}") for name, each in ground.document.criteria.items()),
    ]
    rows = (
        {
            "name": ground.names[at],
            "place": ground.territories[at],
            "before": _("是") if its.was[at] else _("否"),
            "after": str(matrix.WORDS[its.whole(at)]),
            "changed": words[its.changed(at)],
            **{name: str(matrix.WORDS[its.state(name, at)]) for name in its.criteria},
        }
        for at in its.order
    )
    name = f"whatif-{ground.document.name}"
    return exporting.as_file(name, _("试算"), columns, rows, form, ground.whatif.as_of)


@access.may("rules.evaluate")
def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Who would pass with other figures?"""
    asked = days.asked(request)
    ground = stand_on(request, name, asked.as_of)
    scenario, language = scenarios.read(ground, request.GET), told.language()
    outcome = ground.whatif.outcome(scenario)
    its = unpacked(ground, outcome)
    if request.GET.get("export") in exporting.TYPES:
        return _file(ground, its, request.GET["export"])
    now = ground.whatif.outcome({})
    by_place = outcome.by_group(ground.territories) if ground.territories else {}
    sure = matrix.marks(ground.document, asked.as_of)
    weakest = max(sure.values(), key=lambda mark: mark.rank, default=Mark.READ)
    settings = scenarios.written_out(scenario)
    address = urlencode({**settings, **asked.query})
    context = {
        "asked": asked,
        "document": ground.document,
        "title": ground.document.title.get(language),
        "sliders": sliders(ground, its, scenario, language),
        "settings": settings,
        "outcome": outcome,
        "before": now.passes,
        "size": ground.whatif.population.size,
        "winners": [ground.names[at] for at in outcome.winners()],
        "losers": [ground.names[at] for at in outcome.losers()],
        "heads": [each.label.get(language) for each in ground.document.criteria.values()],
        "rows": _rows(ground, its) if ground.names else [],
        "counts": list(outcome.by_criterion().values()),
        "counts_now": list(now.by_criterion().values()),
        "places": sorted((place, figures) for place, figures in by_place.items() if any(figures)),
        "places_without": sum(not any(figures) for figures in by_place.values()),
        "here": reverse("console:whatif", args=[name]),
        "query": urlencode(asked.query),
        "exports": [
            ("CSV", f"?{address}&export=csv".replace("?&", "?")),
            ("Excel", f"?{address}&export=xlsx".replace("?&", "?")),
        ],
        "draft_href": f"{reverse('console:rule_draft_new')}?{urlencode({'from': name, **settings})}",
        "keep_href": asked.onward(reverse("console:scenario_keep", args=[name])),
        "kept": scenarios.kept(request, ground),
        "why_not_keep": policy.why_not_as("keep", request.role.kind),
        "basis": f"{told.SIGNS[told.SURENESS[weakest]]} {weakest.label.get(language)}",
        "is_firm": weakest.is_firm,
        "gaps": [each.get(language) for each in ground.document.gaps],
    }
    return render(request, "console/rules/whatif.jinja", context, using="jinja2")
