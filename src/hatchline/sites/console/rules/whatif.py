"""What if: other figures of a document, and who would pass, be won or be lost, by name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from hatchline.core.rules import nearness
from hatchline.core.rules.whatif import Outcome
from hatchline.core.values.quantity import Quantity, Unit, written
from hatchline.sites import access, days
from hatchline.sites.console.rules.ground import Ground, stand_on

NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
MOST_ROWS, MOST_DOTS, STEPS = 60, 120, 20
WIDTH, HEIGHT, DOT = 240, 34, 6


@dataclass(frozen=True)
class Slider:
    """A figure that can be moved, in the unit it is written in; ``dots`` are (x, y, look) above it."""

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
    dots: list[tuple[float, float, str]]


def _number(amount: Fraction, unit: Unit) -> str:
    return written(amount / unit.factor, 6).replace(",", "")


def _step(law: Quantity) -> str:
    """What a slider moves by: it divides the law's figure, or the browser would put the slider beside the law."""
    figure = law.amount / law.unit.factor
    if figure.denominator != 1:
        return "any"
    if law.unit.name == "%" or figure <= STEPS:
        return "1"
    whole = int(figure)
    return str(max(each for each in range(1, whole // STEPS + 1) if whole % each == 0))


def moved(request: HttpRequest, ground: Ground) -> dict[str, Quantity]:
    """The figures of the address that differ from the law; what is no number, or below nothing, is left out."""
    found = {}
    for name, parameter in ground.document.parameters.items():
        law = parameter.on(ground.whatif.as_of)
        given = request.GET.get(name, "").strip()
        if not NUMBER.fullmatch(given):
            continue
        amount = Fraction(given) * law.unit.factor
        if amount != law.amount:
            found[name] = Quantity(amount, law.unit)
    return found


def sliders(ground: Ground, scenario: dict[str, Quantity], language: str) -> list[Slider]:
    """One for each figure that a criterion compares something with."""
    found = []
    for name, parameter in ground.document.parameters.items():
        if not any(name in touching for touching in ground.whatif._touching.values()):
            continue
        law = parameter.on(ground.whatif.as_of)
        now = scenario.get(name, law)
        top = max(law.amount * 2, now.amount)
        if law.unit.name == "%":
            top = max(Fraction(1), now.amount)
        top = top or law.unit.factor
        found.append(
            Slider(
                name, parameter.text.get(language), getattr(law.unit, "en" if language == "en" else "zh"),
                _number(law.amount, law.unit), _number(now.amount, law.unit), _number(top, law.unit),
                _step(law), name in scenario, now.text(language), law.text(language),
                round(float(law.amount / top) * WIDTH, 1), _dots(ground, name, law, now, float(top)),
            )
        )  # fmt: skip
    return found


def _dots(ground: Ground, name: str, law: Quantity, now: Quantity, top: float) -> list[tuple[float, float, str]]:
    """A dot for each institution whose value is known; those beyond the end stand at the end."""
    found = nearness.values(ground.document, ground.whatif.as_of, name, ground.whatif.subjects)
    if found is None:
        return []
    low, high, node = found
    sign = 1 if node.op in (">=", ">", "=") else -1
    piled: Counter[int] = Counter()
    dots = []
    for value in low[(low == high) & ~np.isnan(low)][:MOST_DOTS]:
        column = int(min(1.0, max(0.0, value / top)) * WIDTH // DOT)
        passes, passed = sign * (value - float(now.amount)) >= 0, sign * (value - float(law.amount)) >= 0
        look = ("won" if passes else "lost") if passes is not passed else ("met" if passes else "not")
        level = min(piled[column], 4)
        piled[column] += 1
        dots.append((column * DOT + DOT / 2, HEIGHT - DOT / 2 - level * DOT, look))
    return dots


def _rows(ground: Ground, outcome: Outcome) -> list[dict[str, Any]]:
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
    lacking = np.sum([~m for m, _p, _b in criteria.values()], axis=0)
    order = sorted(range(size), key=lambda at: (met[at] == was[at], not met[at], lacking[at], ground.names[at]))
    rows = []
    for at in order[:MOST_ROWS]:
        cells = []
        for is_met, may, had in criteria.values():
            state = "met" if is_met[at] else "unknown" if may[at] else "missing"
            cells.append((state, bool(is_met[at] != had[at])))
        state = "met" if met[at] else "unknown" if possible[at] else "missing"
        changed = "won" if met[at] and not was[at] else "lost" if was[at] and not met[at] else ""
        key = ground.whatif.population.keys[at]
        href = reverse("console:institution", args=[int(key)])
        rows.append({"name": ground.names[at], "href": href, "cells": cells, "state": state, "changed": changed,
                     "lacking": int(lacking[at])})  # fmt: skip
    return rows


@access.may("rules.evaluate")
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Who would pass with other figures?"""
    asked = days.asked(request)
    ground = stand_on(request, name, asked.as_of)
    scenario, language = moved(request, ground), get_language() or "zh"
    outcome = ground.whatif.outcome(scenario)
    now = ground.whatif.outcome({})
    by_place = outcome.by_group(ground.territories) if ground.territories else {}
    context = {
        "asked": asked,
        "document": ground.document,
        "title": ground.document.title.get(language),
        "sliders": sliders(ground, scenario, language),
        "moved": len(scenario),
        "outcome": outcome,
        "before": now.passes,
        "size": ground.whatif.population.size,
        "winners": [ground.names[at] for at in outcome.winners()],
        "losers": [ground.names[at] for at in outcome.losers()],
        "heads": [each.label.get(language) for each in ground.document.criteria.values()],
        "rows": _rows(ground, outcome) if ground.names else [],
        "counts": list(outcome.by_criterion().values()),
        "counts_now": list(now.by_criterion().values()),
        "places": sorted(by_place.items()),
        "here": reverse("console:whatif", args=[name]),
        "query": urlencode(asked.query),
    }
    return render(request, "console/rules/whatif.jinja", context, using="jinja2")
