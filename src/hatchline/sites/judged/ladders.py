"""The ladder of documents as `ui.ladder` draws it: what is met, what is near and what is missing on every rung."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hatchline.core.rules.documents import Mark
from hatchline.core.rules.explain import Explanation, Finding
from hatchline.core.rules.telling import of_part
from hatchline.core.values.verdict import Verdict
from hatchline.journeys.judge import Rung
from hatchline.sites.judged import rows

TITLES = {
    "district": gettext_lazy("区级"),
    "municipal": gettext_lazy("市级"),
    "national": gettext_lazy("国家级"),
    "tax": gettext_lazy("税收优惠"),
    "graduation": gettext_lazy("毕业"),
    "small_tech": gettext_lazy("科技型中小企业"),
    "high_tech": gettext_lazy("高新技术企业"),
    "acceleration": gettext_lazy("进入加速器"),
}
STATES = {Verdict.MET: "met", Verdict.NOT_MET: "missing", Verdict.UNKNOWN: "unknown"}


def rungs(found: Iterable[Rung], href: Callable[[str], str]) -> list[dict[str, Any]]:
    """Each rung with its criteria. ``href`` answers the page of a judgement from the name of its document."""
    return [_rung(each, href) for each in found]


def _rung(rung: Rung, href: Callable[[str], str]) -> dict[str, Any]:
    title = str(TITLES[rung.name])
    explanation = rung.explanation
    if rung.edition is None or explanation is None:
        note = _("这一天没有施行中的文件")
        if rung.coming is not None:
            note = _("%(number)s 自 %(day)s 起施行") % {"number": rung.coming.number, "day": rung.coming.in_force_on}
        return {"title": title, "note": note, "sense": "", "reached": False, "level": "unknown", "items": [],
                "href": href(rung.coming.name) if rung.coming else "", "verdict": ""}  # fmt: skip
    applying = [each for each in explanation.findings if each.applies.possible]
    missing = sum(each.verdict is Verdict.NOT_MET for each in applying)
    unknown = sum(each.verdict is Verdict.UNKNOWN for each in applying)
    mark = Mark(explanation.mark)
    return {
        "title": title,
        "note": f"{rung.edition.number} {rows.SIGNS[rows.SURENESS[mark]]} {mark.label.get(rows.language())}",
        "sense": _sense(explanation, missing, unknown),
        "reached": explanation.verdict is Verdict.MET,
        "level": rows.LEVELS[explanation.verdict],
        "items": [_item(each, explanation.verdict is Verdict.MET) for each in applying],
        "href": href(rung.edition.name),
        "verdict": explanation.verdict.value,
    }


def _sense(explanation: Explanation, missing: int, unknown: int) -> str:
    if explanation.verdict is Verdict.MET:
        return _("各项都已满足。") if not missing + unknown else _("已经达标。")
    parts = []
    if missing:
        parts.append(ngettext("%(count)s 项未达标", "%(count)s 项未达标", missing) % {"count": missing})
    if unknown:
        parts.append(ngettext("%(count)s 项未知", "%(count)s 项未知", unknown) % {"count": unknown})
    return (", " if rows.language() == "en" else "，").join(parts)


def _item(finding: Finding, reached: bool) -> dict[str, str]:
    """A criterion in one line; of several statements the one that decides. What a passed rung does not need: a dash."""
    tree = of_part(finding.part)
    steps = dict(rows.choosing(tree))
    told = [each for each in rows.leaves(tree) if id(each) not in steps] or rows.leaves(tree)
    chosen = next((each for each in told if each["verdict"] == finding.verdict), told[0])
    value = ""
    if chosen.get("threshold"):
        number, unit = rows.value_of(chosen)
        value = "" if number is None else f"{number} {unit}".strip()
    gap = rows.gap(chosen, []) if finding.verdict is Verdict.NOT_MET else ""
    state = "other" if reached and finding.verdict is not Verdict.MET else STATES[finding.verdict]
    return {"label": finding.label.get(rows.language()), "value": value, "state": state, "gap": "" if reached else gap}
