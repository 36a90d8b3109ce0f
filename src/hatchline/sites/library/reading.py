"""Documents as pages show them: in the reader's language, each figure with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hatchline.apps.rulebooks import queries
from hatchline.core.rules import prose
from hatchline.core.rules.changes import Change, changes
from hatchline.core.rules.documents import (
    Case,
    Confirmable,
    Document,
    Mark,
    Need,
    ParameterDeclaration,
    Variant,
    weakest,
)
from hatchline.core.rules.texts import VERDICTS, Text
from hatchline.core.rules.wording import Wording, article_text, fill

if TYPE_CHECKING:
    from hatchline.apps.rulebooks.models import Edition


def language() -> str:
    """zh or en, as core speaks."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def said(text: Text | None) -> str | None:
    """A sentence of a document in the reader's language."""
    return None if text is None else text.get(language())


def marked(mark: Mark) -> str:
    """How sure a figure is: sign and words."""
    return f"{prose.SIGNS[mark]} {mark.label.get(language())}"


def article(text: str) -> str:
    """The number of an article, or that nobody has confirmed it."""
    return article_text(text, language())


def subject(document_subject: str) -> str:
    """Whom a document judges."""
    return _("创业主体") if document_subject == "venture" else _("孵化机构")


@dataclass(frozen=True)
class Listed:
    """One document in the list."""

    name: str
    number: str
    title: str
    issuer: str
    subject: str
    in_force: date
    until: date | None
    state: str
    level: str
    complete: bool
    sample: bool
    mark: str
    criteria: int
    cases: int
    origin: str


def listed(day: date) -> list[Listed]:
    """Every document that stands, with whether it is in force on the day. Two queries, and one a vocabulary."""
    confirmed = queries.all_confirmations()
    return [_row(each, queries.document(each, confirmed.get(each.pk, {})), day) for each in queries.editions()]


def _row(edition: Edition, document: Document, day: date) -> Listed:
    state, level = standing(document, day)
    return Listed(
        document.name, document.number, document.title.get(language()), document.issuer.get(language()),
        subject(document.subject), document.in_force, document.until, state, level, document.is_complete,
        document.is_sample, marked(weakest(_marks(document))),
        len(document.criteria), len(document.cases), edition.get_origin_display(),
    )  # fmt: skip


def _marks(document: Document) -> list[Mark]:
    """How sure each part is that a finding may rest on."""
    parts = (document.parameters, document.criteria, document.definitions, document.variants)
    own = [each.mark for variant in document.variants.values() for each in variant.values.values()]
    return [each.mark for part in parts for each in part.values()] + own


def standing(document: Document, day: date) -> tuple[str, str]:
    """(word, level): in force on a day, not yet, or no longer."""
    if document.holds_on(day):
        return _("施行中"), "ok"
    return (_("尚未施行"), "info") if day < document.in_force else (_("已失效"), "neutral")


def found(name: str) -> Edition:
    """The text that stands under a name; 404 for none."""
    edition = queries.edition(name)
    if edition is None:
        raise Http404
    return edition


def page(edition: Edition, day: date) -> dict[str, Any]:
    """A document for its page. The figures are those of ``day``, or of the first day in force if that is later."""
    confirmed = queries.confirmations_of(edition)
    document = queries.document(edition, {name: each.source for name, each in confirmed.items()})
    on = max(day, document.in_force)
    figures, tongue = prose.figures_on(document, on), language()
    wording = Wording(document, figures, tongue)

    def sense(text: Text) -> str:
        return fill(text.get(tongue), figures, tongue)

    state, level = standing(document, day)
    return {
        "edition": edition,
        "document": document,
        "title": document.title.get(tongue),
        "issuer": document.issuer.get(tongue),
        "subject": subject(document.subject),
        "state": state,
        "level": level,
        "figures_on": on,
        "dates_mark": marked(document.dates_mark),
        "transition": said(document.transition),
        "criteria": [
            {
                "name": each.name, "article": article(each.article), "label": said(each.label),
                "sense": sense(each.text), "judged": wording.statement(each.requirement, True),
                "only_in": said(document.variants[each.only_in].label) if each.only_in else None,
                **_sureness(f"criterion:{each.name}", each.mark, confirmed, document),
            }
            for each in document.criteria.values()
        ],
        "overall": need(document, document.overall),
        "definitions": [
            {
                "label": said(each.label), "article": article(each.article), "sense": sense(each.text),
                "judged": wording.statement(each.body, True),
                **_sureness(f"definition:{each.name}", each.mark, confirmed, document),
            }
            for each in document.definitions.values()
        ],
        "variants": [
            _variant(document, each, figures, on, wording)
            | _sureness(f"variant:{each.name}", _of_variant(each), confirmed, document)
            for each in document.variants.values()
        ],
        "parameters": [
            {
                "name": each.name, "label": said(each.text), "article": article(each.article),
                "values": [(since, value.text(tongue)) for since, value in each.values],
                **_sureness(each.name, each.mark, confirmed, document),
            }
            for each in document.parameters.values()
        ],
        "consequences": [
            {"article": article(each.article), "sense": sense(each.text), "mark": marked(each.mark)}
            for each in document.consequences
        ],
        "gaps": [each.get(tongue) for each in document.gaps],
        "cases": cases(document),
    }  # fmt: skip


def _sureness(key: str, mark: Mark, confirmed: Mapping[str, Any], document: Document) -> dict[str, Any]:
    """How sure a part is, who confirmed it, and the key under which an official still can."""
    return {
        "mark": marked(mark), "firm": mark.is_firm, "confirmed": confirmed.get(key),
        "confirm": "" if key in confirmed or mark is Mark.SAMPLE or document.is_sample else key,
    }  # fmt: skip


def _of_variant(variant: Variant) -> Mark:
    return weakest([variant.mark, *(each.mark for each in variant.values.values())])


def part_told(document: Document, part: Confirmable, day: date) -> tuple[str, str]:
    """What a part is called, and what it says, in the reader's language."""
    tongue = language()
    if isinstance(part, ParameterDeclaration):
        return part.text.get(tongue), "; ".join(value.text(tongue) for _since, value in part.values)
    figures = prose.figures_on(document, max(day, document.in_force))
    if isinstance(part, Variant):
        wording = Wording(document, figures, tongue)
        shown = _variant(document, part, figures, max(day, document.in_force), wording)
        return part.label.get(tongue), "; ".join([shown["sense"], *shown["own"]])
    return part.label.get(tongue), fill(part.text.get(tongue), figures, tongue)


def cases(document: Document) -> list[dict[str, Any]]:
    """The cases with what they must come to; those at an edge with how they differ from the first of their name."""
    first: dict[str, Case] = {}
    found = []
    for each in document.cases:
        base = first.setdefault(each.name.zh, each)
        found.append(
            {
                "name": said(each.name), "as_of": each.as_of, "differs": _differs(document, base, each),
                "expected": [
                    (_("总体") if name == "overall" else name, VERDICTS[verdict].get(language()))
                    for name, verdict in each.expected.items()
                ],
            }
        )  # fmt: skip
    return found


def _differs(document: Document, base: Case, case: Case) -> str:
    told = [_fact(document, name, value) for name, value in case.facts.items() if base.facts.get(name, ...) != value]
    groups = {each.name: each for each in base.groups}
    for each in case.groups:
        was = groups.get(each.name)
        if was is None or was.times != each.times:
            told.append(f"{each.name} × {each.times}")
        before = {} if was is None else was.facts
        told += [
            f"{each.name}: {_fact(document, name, value)}"
            for name, value in each.facts.items()
            if was is not None and before.get(name, ...) != value
        ]
    return "; ".join(told)


def _fact(document: Document, name: str, value: object) -> str:
    bare, at, year = name.partition("@")
    label = document.vocabulary.facts[bare].label(language()) if bare in document.vocabulary.facts else bare
    words = {True: _("是"), False: _("否")}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return f"{label}{at}{year} {_('未知') if value is None else words}"


def _variant(
    document: Document, variant: Any, figures: Mapping[str, Any], on: date, wording: Wording
) -> dict[str, Any]:
    tongue = language()
    own = [
        f"{each.text.get(tongue) or document.parameters[name].text.get(tongue)} {each.on(on).text(tongue)}"
        for name, each in variant.values.items()
    ]
    if variant.factor:
        names = [document.parameters[name].text.get(tongue) for name in variant.scaled]
        own.append(
            f"{'、'.join(names) if tongue == 'zh' else ', '.join(names)} × {figures[variant.factor].text(tongue)}"
        )
    return {
        "label": said(variant.label), "article": article(variant.article), "sense": said(variant.text),
        "when": wording.statement(variant.when, True), "own": own,
    }  # fmt: skip


def need(document: Document, asked: Need) -> str:
    """How criteria make the whole, in words."""
    if asked is document.overall and asked.least is None and all(isinstance(item, str) for item in asked.items):
        return _("以上条件须全部满足。")
    parts = [item if isinstance(item, str) else f"（{need(document, item)}）" for item in asked.items]
    joined = ("、" if language() == "zh" else ", ").join(parts)
    if asked.least is None or asked.least == len(parts):
        return _("%(items)s 全部满足") % {"items": joined}
    return _("%(items)s 至少满足 %(least)s 项") % {"items": joined, "least": asked.least}


def compared(one: Edition, other: Edition) -> dict[str, Any]:
    """What changed from one document to another, part by part; what is the same is counted, not listed."""
    before, after = queries.document(one), queries.document(other)
    told = changes(before, after)
    groups = (
        (_("参数"), told.parameters), (_("各项条件"), told.criteria), (_("定义"), told.definitions),
        (_("不同类型"), told.variants),
    )  # fmt: skip
    return {
        "number": told.number,
        "before": before,
        "after": after,
        "before_title": before.title.get(language()),
        "after_title": after.title.get(language()),
        "groups": [
            {
                "label": label,
                "rows": [_changed(each) for each in parts if each.kind != "same"],
                "same": sum(1 for each in parts if each.kind == "same"),
            }
            for label, parts in groups
            if parts
        ],
    }


def _changed(change: Change) -> dict[str, Any]:
    words = {"new": (_("新增"), "ok"), "gone": (_("删去"), "neutral"), "changed": (_("改动"), "info")}
    word, level = words[change.kind]
    mark = change.after_mark or change.before_mark or Mark.RECALLED
    return {
        "label": said(change.label), "before": said(change.before), "after": said(change.after), "word": word,
        "level": level, "mark": mark.label.get(language()), "sign": prose.SIGNS[mark],
    }  # fmt: skip


def candidates(edition: Edition) -> list[Edition]:
    """Documents it can be compared with: of the same subject, those of its own series first."""
    others = [each for each in queries.editions().filter(subject=edition.subject) if each.pk != edition.pk]
    return sorted(others, key=lambda each: (each.series != edition.series, each.series, each.in_force_on))


def as_file(edition: Edition) -> HttpResponse:
    """The text of a document as it is kept."""
    return handed_out(edition.text, edition.name)


def handed_out(text: str, name: str) -> HttpResponse:
    """A text as a YAML file."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response
