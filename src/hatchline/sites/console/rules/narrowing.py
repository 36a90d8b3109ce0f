"""Part of those a document is asked about: of a territory, of a kind, in an institution, at a stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hatchline.apps.institutions.models import Kind
from hatchline.apps.ventures.models import STAGES
from hatchline.core.rules.populations import Bools
from hatchline.core.rules.tallies import Groups
from hatchline.sites.console.rules.ground import Ground

NOWHERE = "-"  # those in no group
MOST_OFFERED = 300  # names of institutions offered while one is typed
LABELS = {
    "territory": gettext_lazy("区域"),
    "kind": gettext_lazy("类型"),
    "institution": gettext_lazy("所在机构"),
    "stage": gettext_lazy("阶段"),
}


@dataclass(frozen=True)
class Narrowed:
    """``mask``: who is meant. An institution is asked for by a part of its name: ``typed``; ``names`` are offered."""

    mask: Bools
    menus: list[dict[str, Any]]
    chips: list[tuple[str, str]]
    names: list[str]
    typed: str

    @property
    def size(self) -> int:
        """How many are meant."""
        return int(self.mask.sum())


def words(way: str, code: str) -> str:
    """A group in words."""
    if code == NOWHERE:
        return _("链外") if way in ("stage", "institution") else _("未知")
    told = {"stage": dict(STAGES), "kind": dict(Kind.choices)}.get(way, {})
    return str(told.get(code, code))


def asked_for(request: HttpRequest, ground: Ground) -> dict[str, str]:
    """What the address says of it. A group in which nobody is any more stays asked for, and has nobody in it."""
    given = {f"of_{way}": request.GET.get(f"of_{way}", "").strip() for way in ground.groups}
    return {key: code for key, code in given.items() if code}


def narrowed(ground: Ground, asked: dict[str, str], here: Callable[..., str]) -> Narrowed:
    """Who is asked about. ``here(of_stage="incubation")``: the address of this page with that changed."""
    mask = np.ones(len(ground.names), dtype=bool)
    menus, chips = list[dict[str, Any]](), list[tuple[str, str]]()
    for way, its in ground.groups.items():
        key = f"of_{way}"
        code = asked.get(key, "")
        if code:
            mask &= _inside(its, code, way == "institution")
            chips.append((f"{LABELS[way]} {words(way, code)}", here(**{key: ""})))
        if way != "institution" and its.names:
            options = [
                ("", _("不限")),
                *((name, words(way, name)) for name in its.names),
                (NOWHERE, words(way, NOWHERE)),
            ]
            menus.append(
                {
                    "label": LABELS[way],
                    "options": [
                        {"label": label, "href": here(**{key: name}), "current": code == name, "count": None}
                        for name, label in options
                    ],
                    "chosen": words(way, code) if code else "",
                }
            )
    offered = list(ground.groups["institution"].names[:MOST_OFFERED]) if "institution" in ground.groups else []
    return Narrowed(mask, menus, chips, offered, asked.get("of_institution", ""))


def _inside(its: Groups, code: str, by_part: bool) -> Bools:
    """Who is in a group, or in any whose name has this in it; NOWHERE: in none."""
    found = np.zeros(its.size, dtype=bool)
    if code == NOWHERE:
        found[its.places] = True
        return ~found
    wanted = [at for at, name in enumerate(its.names) if code == name or (by_part and code in name)]
    found[its.places[np.isin(its.ids, wanted)]] = True
    return found


def speech(ground: Ground) -> dict[str, str]:
    """The words of a page about institutions or ventures. They are counted in 家 both."""
    is_venture = ground.subject == "venture"
    return {
        "head": pgettext("list", "创业主体") if is_venture else _("孵化机构"),
        "empty": _("没有创业主体") if is_venture else _("没有机构"),
        "why": _("这一类里这一天没有创业主体。") if is_venture else _("这一类里这一天没有在运营的机构。"),
        "whom": _("试算的是这一天在链上、看得到的 %(count)s 家创业主体。")
        if is_venture
        else _("试算的是这一天确知在运营的 %(count)s 家孵化机构；开办或关闭的日子不明的不在其中。"),
        "table": _("创业主体与条件") if is_venture else _("机构与条件"),
    }
