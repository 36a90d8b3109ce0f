"""A document as a readable page, in Chinese or English, from the same nodes that are evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hatchline.core.rules.documents import Document, Mark, Need, ParameterDeclaration
from hatchline.core.rules.wording import Wording, article_text, fill
from hatchline.core.values.quantity import Quantity

SIGNS = {
    Mark.CONFIRMED: "●", Mark.READ: "●", Mark.DERIVED: "◐", Mark.SECONDARY: "◐", Mark.RECALLED: "○", Mark.SAMPLE: "○",
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs and its rows (first row: heads)."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Page:
    """A document's page: a title, a line below it, and sections."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


def figures_on(document: Document, day: date) -> dict[str, Quantity]:
    return {name: parameter.on(day) for name, parameter in document.parameters.items()}


def page(document: Document, language: str = "zh", on: date | None = None) -> Page:
    """The page of a document with the figures of a day (the first day in force when none is given)."""
    return _Writer(document, language, on or document.in_force).page()


class _Writer:
    def __init__(self, document: Document, language: str, day: date) -> None:
        self.document, self.language, self.day = document, language, day
        self.figures: Mapping[str, Quantity] = figures_on(document, day)
        self.wording = Wording(document, self.figures, language)
        self.pick = self.wording.pick

    def page(self) -> Page:
        document, pick = self.document, self.pick
        since, until = document.in_force, document.until
        english = f"{since} to {until}" if until else f"since {since}"
        subtitle = " · ".join(
            (
                document.number, document.issuer.get(self.language),
                pick(f"{since} {f'至 {until} ' if until else '起'}施行（{document.dates_mark.label.zh}）",
                     f"in force {english} ({document.dates_mark.label.en})"),
            )
        )  # fmt: skip
        sections = [self.criteria(), self.overall(), self.definitions(), self.variants(), self.parameters(),
                    self.consequences(), self.gaps()]  # fmt: skip
        return Page(document.title.get(self.language), subtitle, tuple(s for s in sections if s.paragraphs or s.rows))

    def said(self, text: str) -> str:
        return fill(text, self.figures, self.language)

    def article(self, article: str) -> str:
        return article_text(article, self.language)

    def headed(self, label: str, article: str, mark: Mark, text: str) -> str:
        """A definition or a variant as a paragraph."""
        where = (self.article(article), self.mark(mark))
        return self.pick(f"{label}（{'，'.join(where)}）：{text}", f"{label} ({', '.join(where)}): {text}")

    def criteria(self) -> Section:
        pick = self.pick
        rows = [(pick("条目", "item"), pick("条号", "article"), pick("释义（非原文）", "sense (not the official text)"),
                 pick("如何判定", "how it is judged"), pick("把握", "certainty"))]  # fmt: skip
        for criterion in self.document.criteria.values():
            only = ""
            if criterion.only_in:
                label = self.document.variants[criterion.only_in].label.get(self.language)
                only = pick(f"（仅限{label}）", f" ({label} only)")
            rows.append(
                (criterion.name, self.article(criterion.article), self.said(criterion.text.get(self.language)) + only,
                 self.wording.statement(criterion.requirement, True), self.mark(criterion.mark))
            )  # fmt: skip
        return Section(pick("条件", "Criteria"), (), tuple(rows))

    def mark(self, mark: Mark) -> str:
        return f"{SIGNS[mark]} {mark.label.get(self.language)}"

    def overall(self) -> Section:
        need = self.document.overall
        if need.least is None and all(isinstance(item, str) for item in need.items):
            text = self.pick("以上条件须全部满足。", "All of the criteria above must be met.")
        else:
            text = self.need(need)
        return Section(self.pick("结论如何得出", "How the whole is decided"), (text,))

    def need(self, need: Need) -> str:
        parts = [
            item if isinstance(item, str) else self.pick("（{}）", "({})").format(self.need(item))
            for item in need.items
        ]
        joined = self.pick("、", ", ").join(parts)
        if need.least is None or need.least == len(parts):
            return self.pick(f"{joined} 全部满足", f"all of {joined}")
        return self.pick(f"{joined} 至少满足 {need.least} 项", f"at least {need.least} of {joined}")

    def definitions(self) -> Section:
        paragraphs = [
            self.headed(d.label.get(self.language), d.article, d.mark, self.said(d.text.get(self.language)))
            for d in self.document.definitions.values()
        ]
        return Section(self.pick("定义", "Definitions"), tuple(paragraphs))

    def variants(self) -> Section:
        paragraphs = []
        for variant in self.document.variants.values():
            changes = [
                f"{p.text.get(self.language)} `{variant.name}.{name}` {p.on(self.day).text(self.language)}"
                for name, p in variant.values.items()
            ]
            if variant.factor:
                names = [self.document.parameters[name].text.get(self.language) for name in variant.scaled]
                factor = self.figures[variant.factor].text(self.language)
                changes.append(self.pick("、", ", ").join(names) + f" × {factor}")
            head = self.pick("适用情形：", "Applies when: ") + self.wording.statement(variant.when, True)
            told = f"{variant.text.get(self.language)} {head}{self.pick('。', '. ')}" + self.pick("；", "; ").join(
                changes
            )
            paragraphs.append(self.headed(variant.label.get(self.language), variant.article, variant.mark, told))
        return Section(self.pick("不同类型", "Variants"), tuple(paragraphs))

    def parameters(self) -> Section:
        pick = self.pick
        rows = [(pick("参数", "figure"), pick("名称", "name"), pick("数值", "value"), pick("条号", "article"),
                 pick("把握", "certainty"))]  # fmt: skip
        for parameter in self.document.parameters.values():
            rows.append((parameter.text.get(self.language), f"`{parameter.name}`", self.values(parameter),
                         self.article(parameter.article), self.mark(parameter.mark)))  # fmt: skip
        return Section(pick("参数", "Figures"), (), tuple(rows) if len(rows) > 1 else ())

    def values(self, parameter: ParameterDeclaration) -> str:
        told = []
        for since, value in parameter.values:
            shown = value.text(self.language)
            told.append(shown if since is None else self.pick(f"{since} 起 {shown}", f"{shown} since {since}"))
        return self.pick("；", "; ").join(told)

    def consequences(self) -> Section:
        told = tuple(
            f"{self.article(c.article)}{self.pick('：', ': ')}{self.said(c.text.get(self.language))}"
            for c in self.document.consequences
        )
        return Section(self.pick("后果", "Consequences"), told)

    def gaps(self) -> Section:
        return Section(
            self.pick("尚未编入", "Not encoded yet"), tuple(g.get(self.language) for g in self.document.gaps)
        )


def markdown(written: Page) -> str:
    """The page as Markdown."""
    lines = [f"# {written.title}", "", written.subtitle, ""]
    for section in written.sections:
        lines += [f"## {section.heading}", ""]
        for paragraph in section.paragraphs:
            lines += [paragraph, ""]
        for index, row in enumerate(section.rows):
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
            if index == 0:
                lines.append("|" + " --- |" * len(row))
        if section.rows:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"
