"""What core tells of a judgement (`core.rules.telling.told`) as the rows of a page: the same for a live one and a pin.

Amounts stay exact until a bar is drawn; a gap is told in the unit of its threshold, and of a share in what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hatchline.core.rules.documents import Document, Mark
from hatchline.core.rules.measure import says_no_top
from hatchline.core.rules.wording import article_text
from hatchline.sites.components import formatting, pictures

Told = Mapping[str, Any]
LEVELS = {"met": "ok", "not_met": "bad", "unknown": "unknown"}
SURENESS = {
    Mark.CONFIRMED: "explicit", Mark.READ: "explicit", Mark.DERIVED: "inferred", Mark.SECONDARY: "inferred",
    Mark.RECALLED: "open", Mark.SAMPLE: "open",
}  # fmt: skip
SIGNS = {"explicit": "●", "inferred": "◐", "open": "○"}
CEILINGS = {"<=", "<"}
NO_ARTICLE = {"unconfirmed", "示例"}  # as documents write it


@dataclass(frozen=True)
class Link:
    """Where a fact comes from, and the page behind it ("" where the reader has none)."""

    text: str
    on: str
    href: str


@dataclass(frozen=True)
class Row:
    """One statement of a finding, as `ui.evaluation_row` takes it."""

    name: str
    fact: str
    value: str | None
    unit: str
    bar: Any
    bar_label: str
    sure: str
    bar_note: str
    level: str
    verdict: str
    gap: str
    sources: list[Link]


@dataclass
class Group:
    """The findings of one article with their sense (释义)."""

    article: str
    sense: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A whole judgement. ``headline`` is its answer in one sentence, with what is missing in figures."""

    verdict: str
    level: str
    headline: str
    groups: list[Group]
    variants: list[tuple[str, str]]
    steps: list[str]
    leads_there: bool
    mark: str
    sign: str
    is_firm: bool
    met: int
    not_met: int
    unknown: int
    left_out: int


def language() -> str:
    """The language of the reader as core calls it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def said(text: Mapping[str, str] | None) -> str:
    """A pair of texts in the reader's language."""
    return "" if text is None else str(text[language()])


def shown(told: Told, document: Document, *, pages: Mapping[str, str], suffix: str = "") -> Shown:
    """The rows of a judgement.

    ``pages``: part of the subject's page (`space`, `people`, …) → address; "ventures" for facts about its ventures.
    ``suffix``: what a link carries to stay on the day.
    """
    applying = [each for each in told["findings"] if each["applies"] != "not_met"]
    groups = []
    for article, findings in groupby(applying, key=_grouped):
        listed = list(findings)
        sense = " ".join(dict.fromkeys(said(each["sense"]) for each in listed))
        group = Group(article_text(article, language()), sense)
        for finding in listed:
            group.rows.extend(_rows(finding, pages, suffix))
        groups.append(group)
    number = {word: sum(each["verdict"] == word for each in applying) for word in LEVELS}
    way = told.get("nearest_way")
    mark = Mark(told["mark"])
    return Shown(
        told["verdict"],
        LEVELS[told["verdict"]],
        headline(told["verdict"], number),
        groups,
        [(document.variants[name].label.get(language()), word) for name, word in told["variants"].items()
         if name in document.variants],
        [said(each["text"]) for each in way["changes"]] if way else [],
        bool(way and way["leads_there"]),
        mark.label.get(language()),
        SIGNS[SURENESS[mark]],
        mark.is_firm,
        number["met"],
        number["not_met"],
        number["unknown"],
        len(told["findings"]) - len(applying),
    )  # fmt: skip


def _grouped(finding: Told) -> str:
    """Findings of one article stand together; where nobody knows the article, each alone under its own number."""
    article = str(finding["article"])
    return str(finding["id"]) if article in NO_ARTICLE else article


def headline(verdict: str, number: Mapping[str, int]) -> str:
    """Passed or not, and how many of its criteria are met, missing and unknown."""
    total = sum(number.values())
    if verdict == "met":
        begun = _("达标")
    else:
        begun = _("暂不达标") if verdict == "not_met" else _("还不能判定")
    criteria = ngettext("%(count)s 项条件", "%(count)s 项条件", total) % {"count": total}
    parts = [_("达标 %(count)s 项") % {"count": number["met"]}]
    if number["not_met"]:
        parts.append(_("未达标 !!%(count)s 项!!") % {"count": number["not_met"]})
    if number["unknown"]:
        parts.append(_("未知 %(count)s 项") % {"count": number["unknown"]})
    return _("%(begun)s：%(criteria)s，%(parts)s") % {
        "begun": begun,
        "criteria": criteria,
        "parts": (", " if language() == "en" else "、").join(parts),
    }


def leaves(part: Told) -> list[Told]:
    """The comparisons and facts at the ends of the tree."""
    return [leaf for inner in part["parts"] for leaf in leaves(inner)] if part.get("parts") else [part]


def _rows(finding: Told, pages: Mapping[str, str], suffix: str) -> list[Row]:
    ends = leaves(finding["part"])
    alone = len(ends) == 1
    steps = dict(choosing(finding["part"]))
    return [_row(finding, each, alone, pages, suffix, steps.get(id(each), "")) for each in ends]


def choosing(part: Told) -> list[tuple[int, str]]:
    """The comparisons that only choose which step of a requirement applies, and the steps that are not asked for: by
    identity, "applies" or "not".

    A step reads "beyond this, or at least that", and beside all steps stands the same comparison without a choice.
    """
    tops = part["parts"] if part["kind"] == "and" else []
    always = {(tuple(each["facts"]), each["op"]) for each in tops if each.get("threshold")}
    found = []
    for step in tops:
        if step["kind"] != "or" or not all(each.get("threshold") for each in step["parts"]):
            continue
        asked = [each for each in step["parts"] if (tuple(each["facts"]), each["op"]) in always]
        guards = [each for each in step["parts"] if each not in asked]
        if asked and guards:
            found += [(id(each), "applies" if each["verdict"] == "met" else "not") for each in guards
                      if each["verdict"] != "unknown"]  # fmt: skip
            if any(each["verdict"] == "met" for each in guards):
                found += [(id(each), "not") for each in asked if each["verdict"] != "met"]
    return found


def _row(finding: Told, part: Told, alone: bool, pages: Mapping[str, str], suffix: str, step: str) -> Row:
    facts = _facts_of(finding, part)
    level = LEVELS[part["verdict"]]
    verdict = ""
    if step:
        level, verdict = "neutral", _("适用") if step == "applies" else _("不适用")
    elif part["verdict"] != "met" and finding["verdict"] == "met":  # another way of an "any of" was enough
        level, verdict = "neutral", _("另一项已满足")
    sure = SURENESS[Mark(finding["mark"])]
    statement = said(part["text"])
    name = said(finding["label"]) if alone else statement
    worked = _worked(facts)
    value, unit, bar, bar_label, note = None, "", None, "", ""
    if part.get("threshold"):
        value, unit, bar = _measured(part)
        bar_label = _("阈值 %(amount)s") % {"amount": said(part["threshold"])}
    else:
        value = _truth(part["verdict"]) if level != "neutral" else (None if part["verdict"] == "unknown" else _("否"))
        note = _("须具备，无数值阈值") if alone else ""
        worked = worked if alone else []
    fact = " · ".join([statement] if alone and part.get("threshold") else []) or formatting.clauses(worked)
    return Row(
        name, fact, value, unit, bar, bar_label, sure, f"{note} {SIGNS[sure]}".strip() if bar is None else "", level,
        verdict, "" if step else gap(part, facts), _links(facts, pages, suffix),
    )  # fmt: skip


def _truth(verdict: str) -> str | None:
    return {"met": _("具备"), "not_met": _("不具备"), "unknown": None}[verdict]


def _facts_of(finding: Told, part: Told) -> list[Told]:
    """The facts a statement stands on."""
    names = part.get("facts")
    if names is None:
        return list(finding["facts"])
    return [each for each in finding["facts"] if each["name"].partition("@")[0] in names]


def _worked(facts: Sequence[Told]) -> list[str]:
    """The subject's own facts behind a value."""
    found = []
    for each in facts:
        if "ventures" not in each:
            value = said(each["value"]) if each["value"] else str(_("未知"))
            found.append(_("%(name)s：%(value)s") % {"name": said(each["label"]), "value": value})
    return found


def split(text: str) -> tuple[str, str]:
    """A number and its unit."""
    number, _space, unit = text.partition(" ")
    return number, unit


def _short(number: str, threshold: str) -> str:
    """With one decimal, unless that would make it look like its threshold, or like nothing."""
    _whole_part, point, decimals = number.partition(".")
    if not point or len(decimals) == 1:
        return number
    value = Decimal(number.replace(",", ""))
    for digits in range(1, len(decimals)):
        rounded = round(value, digits)
        if rounded and rounded != Decimal(threshold.replace(",", "")):
            return f"{rounded:,.{digits}f}"
    return number


def is_open_ended(part: Told) -> bool:
    """Nothing that matters bounds the value from above."""
    if part["high"] is None:
        return True
    high, low, threshold = (Fraction(part[name]["number"]) for name in ("high", "low", "threshold"))
    return says_no_top(high, low, threshold)


def value_of(part: Told) -> tuple[str | None, str]:
    """The value of a comparison and its unit: a figure, a range, "≥ 5" or None where nothing is known."""
    if part["low"] is None:  # nothing to divide by
        return "—", ""
    number, unit = split(said(part["low"]))
    edge = split(said(part["threshold"]))[0]
    number = _short(number, edge)
    if part["is_known"]:
        return number, unit
    if is_open_ended(part):
        return (_("≥ %(low)s") % {"low": number}, unit) if Fraction(part["low"]["number"]) > 0 else (None, "")
    if Fraction(part["low"]["number"]) < 0 <= Fraction(part["threshold"]["number"]):  # nothing bounds it from below
        top, unit = split(said(part["high"]))
        return _("≤ %(high)s") % {"high": _short(top, edge)}, unit
    return f"{number}–{_short(split(said(part['high']))[0], edge)}", unit


def _measured(part: Told) -> tuple[str | None, str, Any]:
    """The value with its unit, and the bar against the threshold."""
    threshold, at_most = Fraction(part["threshold"]["number"]), part["op"] in CEILINGS
    value, unit = value_of(part)
    if part["low"] is None:
        return value, unit, pictures.threshold_bar(None, float(threshold), at_most=at_most)
    low, possible = max(0.0, float(Fraction(part["low"]["number"]))), None
    if not part["is_known"]:
        possible = max(low, float(threshold)) * 1.2 or 1.0
        if not is_open_ended(part):
            possible = float(Fraction(part["high"]["number"]))
    return value, unit, pictures.threshold_bar(low, float(threshold), possible=possible, at_most=at_most)


def gap(part: Told, facts: Sequence[Told]) -> str:
    """How much is missing or to spare, in words; of what is unknown, what to find out."""
    if part["verdict"] == "unknown":
        missing = [
            said(each["label"]) for each in sorted(facts, key=lambda fact: -int(fact.get("unknown", 0)))
            if (each.get("unknown") if "ventures" in each else each["value"] is None)
        ]  # fmt: skip
        return _("待查明：%(facts)s") % {"facts": formatting.listed(missing, 3)} if missing else ""
    distance = part.get("gap")
    if distance is None:
        return ""
    amount = Fraction(distance["number"])
    if amount == 0:
        return _("恰好达到") if part["verdict"] == "met" else _("须超过阈值")
    number, unit = split(said(distance).lstrip("-"))
    text = f"{_short(number, '0')} {unit}"
    if text.endswith("%"):
        text = _("%(number)s 个百分点") % {"number": text.removesuffix("%").strip()}
    top = part.get("gap_top")
    if part["verdict"] == "met":
        return (_("还有余量 %(amount)s") if part["op"] in CEILINGS else _("超出 %(amount)s")) % {"amount": text}
    words = (_("超过上限 %(amount)s") if part["op"] in CEILINGS else _("还差 %(amount)s")) % {"amount": text}
    if not part.get(
        "is_known", True
    ):  # from the better end of what the value may be; the nearest way counts from the worse
        words = _("至少%(words)s") % {"words": words}
    if top is not None and Fraction(top["number"]) > 0:
        words = _("%(words)s，即 %(amount)s") % {"words": words, "amount": _whole(said(top))}
    return words


def _whole(text: str) -> str:
    """People, firms and areas to make up are whole: 3.2 firms are four."""
    number, unit = split(text)
    try:
        value = Fraction(number.replace(",", ""))
    except ValueError:
        return text
    return f"{-(-value.numerator // value.denominator):,} {unit}".strip()


def _links(facts: Sequence[Told], pages: Mapping[str, str], suffix: str) -> list[Link]:
    found: dict[tuple[str, str], Link] = {}
    members = [each for each in facts if "ventures" in each]
    if members:  # one word for all of them
        number, lacking = members[0]["ventures"], max(each["unknown"] for each in members)
        text = ngettext("%(count)s 家企业的记录", "%(count)s 家企业的记录", number) % {"count": number}
        page = _onward(pages.get("members", ""), urlencode([("fact", each["name"]) for each in members]))
        found[text, ""] = Link(text, "", _onward(page, suffix))
        if lacking:
            text = _("其中最多 %(unknown)s 家缺事实") % {"unknown": lacking}
            worst = max(members, key=lambda each: int(each["unknown"]))
            found[text, ""] = Link(text, "", _onward(_onward(page, urlencode({"lacking": worst["name"]})), suffix))
    for each in facts:
        source = each.get("source")
        if source is None:
            continue
        part = source["link"].rpartition("#")[2]
        words = source["text"]  # as the app that vouched for it said it, in Chinese or English
        link = Link(_(words), source["on"] or "", _onward(pages.get(part, pages.get("", "")), suffix))
        found.setdefault((link.text, link.href), link)
    return list(found.values())


def _onward(href: str, suffix: str) -> str:
    return f"{href}{'&' if '?' in href else '?'}{suffix}" if suffix and href else href


def institution_pages(pk: int, *, desk: bool = False) -> dict[str, str]:
    """The pages behind the parts that facts of an institution name."""
    if desk:
        home = reverse("desk:institution", args=[pk])
        team, held = reverse("desk:institution_team", args=[pk]), reverse("desk:institution_titles", args=[pk])
        return {"": home, "people": team, "titles": held, "ventures": reverse("desk:ventures")}
    return {
        "": reverse("console:institution", args=[pk]),
        "people": reverse("console:institution_team", args=[pk]),
        "members": reverse("console:institution_members", args=[pk]),
        "observations": reverse("console:institution_figures", args=[pk]),
        "space": reverse("console:institution_space", args=[pk]),
        "titles": reverse("console:institution_titles", args=[pk]),
        "ventures": reverse("console:institution_ventures", args=[pk]),
        "stays": reverse("console:institution_ventures", args=[pk]),
    }


def venture_pages(pk: int, *, desk: bool = False) -> dict[str, str]:
    """The pages behind the parts that facts of a venture name."""
    site = "desk" if desk else "console"
    return {"": reverse(f"{site}:venture", args=[pk]), "observations": reverse(f"{site}:venture_figures", args=[pk])}
