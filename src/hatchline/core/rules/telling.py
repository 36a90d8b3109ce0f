"""Explanations as plain data: for a page, the API, a pin or the command line."""

from __future__ import annotations

from fractions import Fraction

from hatchline.core.rules.documents import LANGUAGE_VERSION
from hatchline.core.rules.explain import Explanation, FactUsed, Finding, Part, facts_of
from hatchline.core.rules.measure import says_no_top
from hatchline.core.rules.texts import VERDICTS, Text
from hatchline.core.rules.ways import Way
from hatchline.core.rules.wording import article_text
from hatchline.core.values.quantity import Quantity


def pair(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}


def told(explanation: Explanation, way: Way | None = None) -> dict[str, object]:
    """The whole tree. Amounts are exact: {"number": "3/4", "zh": "75 %", "en": "75 %"}, the number in base units."""
    document = explanation.document
    return {
        "document": document.name, "number": document.number, "digest": document.digest,
        "language_version": LANGUAGE_VERSION, "as_of": explanation.as_of.isoformat(),
        "verdict": explanation.verdict, "mark": explanation.mark,
        "variants": dict(explanation.variants), "findings": [of_finding(f) for f in explanation.findings],
        "nearest_way": None if way is None else {
            "leads_there": way.leads_there, "verdict": way.verdict,
            "changes": [{"kind": c.kind, "criterion": c.finding, "fact": c.fact or None, "count": c.count or None,
                         "effort": c.effort, "text": pair(c.text)} for c in way.changes],
        },
    }  # fmt: skip


def of_finding(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.name, "article": finding.article, "label": pair(finding.label), "sense": pair(finding.sense),
        "verdict": finding.verdict, "applies": finding.applies, "mark": finding.mark,
        "mark_label": pair(finding.mark.label),
        "part": of_part(finding.part), "facts": [of_fact(f) for f in finding.facts], "missing": list(finding.missing),
    }  # fmt: skip


def amount(value: Fraction | None, part: Part) -> dict[str, str] | None:
    if value is None or part.unit is None:
        return None
    return {"number": str(value), "zh": part.shown(value, "zh"), "en": part.shown(value, "en")}


def of_part(part: Part) -> dict[str, object]:
    found: dict[str, object] = {"kind": part.kind, "verdict": part.verdict, "text": pair(part.text)}
    if part.parts:
        found["parts"] = [of_part(inner) for inner in part.parts]
    else:
        found["facts"] = [fact.name for fact, _years in facts_of(part.node)]
    if part.threshold is not None:
        span = part.value
        found |= {
            "op": part.op, "threshold": amount(part.threshold, part), "gap": amount(part.gap, part),
            "low": amount(span.low, part) if span else None,
            "high": amount(span.high, part) if span and not span.is_open else None,
            "is_known": bool(span and span.is_known), "uncertain": list(part.uncertain),
        }  # fmt: skip
        if part.gap_top is not None and part.top_unit is not None:
            top = Quantity(part.gap_top, part.top_unit)
            found["gap_top"] = {"number": str(part.gap_top), "zh": top.text("zh"), "en": top.text("en")}
    return found


def of_fact(fact: FactUsed) -> dict[str, object]:
    found: dict[str, object] = {"name": fact.name, "label": pair(fact.label)}
    if fact.count is not None:
        return found | {"ventures": fact.count, "unknown": fact.unknown}
    source = fact.source
    return found | {
        "value": pair(fact.value),
        "source": None if source is None else {
            "text": source.text, "on": source.on.isoformat() if source.on else None, "link": source.link
        },
    }  # fmt: skip


def _lacking(part: Part, language: str) -> str:
    """How much is missing, or there is to spare; nothing where the value decides neither."""
    if part.gap is None or part.unit is None or not part.gap or part.verdict == "unknown":
        return ""
    short = Text("还差", "short by") if part.gap > 0 else Text("富余", "to spare")
    return f"; {short.get(language)} {part.shown(abs(part.gap), language)}"


def _value(part: Part, language: str) -> str:
    """The value, known, from … to …, or, where nothing bounds it from above, the least it is."""
    span = part.value
    if span is None or part.unit is None:
        return ""
    low = part.shown(span.low, language)
    if span.is_known:
        return f": {low}"
    if not span.is_open and not says_no_top(span.high, span.low, part.threshold or Fraction(0)):
        return f": {low} – {part.shown(span.high, language)}"
    if span.low <= 0:
        return f": {VERDICTS['unknown'].get(language)}"
    return ": " + Text(f"不低于 {low}", f"at least {low}").get(language)


def _used(fact: FactUsed, language: str) -> str:
    """A fact for a terminal: its value, and where it comes from, since when."""
    called = f"{fact.label.get(language)} ({fact.name})"
    if fact.count is not None:
        told = Text(
            f"{fact.count} 家企业，其中 {fact.unknown} 家未知", f"of {fact.count} ventures, unknown for {fact.unknown}"
        )
        return f"{called}: {told.get(language)}"
    value = fact.value.get(language) if fact.value else Text("未知", "unknown").get(language)
    source = fact.source
    where = [] if source is None else [source.text, source.on.isoformat() if source.on else ""]
    return f"{called}: {value}" + (f" — {', '.join(filter(None, where))}" if any(where) else "")


def lines(explanation: Explanation, way: Way | None, language: str) -> list[str]:
    """The tree for a terminal."""

    def word(verdict: str) -> str:
        return VERDICTS[verdict].get(language)

    pick = Text.get
    found = [f"{explanation.document.title.get(language)} {explanation.as_of}: {word(explanation.verdict)} "
             f"({explanation.mark.label.get(language)})"]  # fmt: skip
    for finding in explanation.findings:
        if not finding.applies.possible:
            continue
        article, sense = article_text(finding.article, language), pick(finding.sense, language)
        found.append(f"  [{word(finding.verdict)}] {finding.name} {article} {sense}")
        for part in finding.leaves():
            amounts = _value(part, language) + _lacking(part, language)
            found.append(f"      [{word(part.verdict)}] {part.text.get(language)}{amounts}")
        found += [f"        {_used(fact, language)}" for fact in finding.facts]
    if way is not None:
        found.append(Text("最近的达标办法：", "The nearest way to pass:").get(language))
        found += [f"  {number}. {change.text.get(language)}" for number, change in enumerate(way.changes, 1)]
        if not way.leads_there:
            found.append(Text("  以上仍不足以达标。", "  That alone does not lead there.").get(language))
    return found
