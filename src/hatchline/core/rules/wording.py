"""Expressions in words, in Chinese and English, from the nodes themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from hatchline.core.rules import nodes
from hatchline.core.rules.documents import PLACEHOLDER, Document
from hatchline.core.rules.vocabulary import number_day
from hatchline.core.values.quantity import UNITS, Dimension, Quantity, Unit, written

OPS = {
    "zh": {">=": "不低于", ">": "超过", "<=": "不超过", "<": "低于", "=": "等于"},
    "en": {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "=": "exactly"},
}
COUNTED = frozenset({"person", "firm", "case", "item", "event", "desk", "year"})
SHOWN: dict[Dimension, str] = {(): "%"} | {u.dimension: u.name for u in UNITS.values() if u.factor == 1 and u.dimension}


def shown_unit(dimension: Dimension, like: Quantity | None = None) -> Unit:
    """The unit in which an amount is told: the threshold's own, or the base unit."""
    from hatchline.core.values.quantity import unit

    if like is not None and like.dimension == dimension:
        return like.unit
    name = SHOWN.get(dimension)
    if name is None:
        top = "·".join(base for base, power in dimension if power > 0) or "plain"
        bottom = next((base for base, power in dimension if power < 0), "")
        name = f"{top}/{bottom}" if bottom else top
    return unit(name)


def amount_text(value: Fraction, unit: Unit, language: str) -> str:
    return Quantity(value, unit).text(language)


def fill(text: str, figures: Mapping[str, Quantity], language: str) -> str:
    """A sense with its figures put in."""
    return PLACEHOLDER.sub(lambda found: figures[found[1]].text(language), text)


ARTICLE = re.compile(r"^第([一二三四五六七八九十]+)条(?:（([一二三四五六七八九十]+)）)?$")
DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}


def article_text(article: str, language: str) -> str:
    """Where something stands in a document: 第六条（三） is Art. 6(3) in English."""
    if article == "unconfirmed":
        return "article to be confirmed" if language == "en" else "条号待确认"
    if language != "en":
        return article
    if article == "示例":
        return "sample"
    found = ARTICLE.match(article)
    if found is None:
        return article
    return f"Art. {_number(found[1])}" + (f"({_number(found[2])})" if found[2] else "")


def _number(chinese: str) -> int:
    """三, 十, 十一, 二十三."""
    tens, ten, ones = chinese.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


class Wording:
    """Words for the nodes of one document, with the figures of one day."""

    def __init__(self, document: Document, figures: Mapping[str, Quantity], language: str) -> None:
        self.document, self.figures, self.language = document, figures, language
        self.is_zh = language != "en"

    def pick(self, zh: str, en: str) -> str:
        return zh if self.is_zh else en

    def text(self, node: nodes.Node) -> str:
        """A phrase for an amount, a clause for a statement."""
        match node:
            case nodes.Number(quantity):
                return quantity.text(self.language)
            case nodes.Parameter(name):
                return self.figures[name].text(self.language)
            case nodes.Day(number):
                return (
                    number_day(number).isoformat()
                    if number is not None
                    else self.pick("评价日", "the day of evaluation")
                )
            case nodes.FactOf(fact, year):
                label = fact.label(self.language)
                return self._year(year) + (label if year is None else label.removeprefix("当年"))
            case nodes.Sum(left, right, sign):
                joint = self.pick("与", " plus ") if sign > 0 else self.pick("减去", " minus ")
                tail = self.pick("之和", "") if sign > 0 else ""
                return f"{self.text(left)}{joint}{self.text(right)}{tail}"
            case nodes.Product(left, right):
                return f"{self.text(left)} × {self.text(right)}"
            case nodes.Ratio(left, right):
                return self.pick(
                    f"{self.text(left)}与{self.text(right)}之比", f"{self.text(left)} divided by {self.text(right)}"
                )
            case nodes.Months(since, until):
                return self.pick(
                    f"自{self.text(since)}至{self.text(until)}的时间",
                    f"the time from {self.text(since)} to {self.text(until)}",
                )
            case nodes.Years(fact, first, last, run):
                label = fact.label(self.language)
                if run is None:
                    return self.pick(f"近 {-first} 年{label}合计", f"{label} over the years {first} to {last} together")
                return self.pick(
                    f"近 {-first} 年中连续 {run} 年{label}合计的最高值",
                    f"the highest {label} of {run} consecutive years of the last {-first}",
                )
            case nodes.Extremum(items, largest):
                word = self.pick("较高者" if largest else "较低者", "the larger of" if largest else "the smaller of")
                joined = self.pick("与", " and ").join(self.text(item) for item in items)
                return self.pick(f"{joined}中的{word}", f"{word} {joined}")
            case nodes.Bands():
                return self._bands(node)
            case nodes.Aggregate():
                return self._aggregate(node)
        return self.statement(node, True)

    def _year(self, year: int | None) -> str:
        if year is None:
            return ""
        if year == 0:
            return self.pick("本年度", "this year's ")
        return self.pick("上年度", "last year's ") if year == -1 else self.pick(f"前 {-year} 年度", f"year {year}'s ")

    def _bands(self, node: nodes.Bands) -> str:
        op = OPS[self.language][node.op]
        steps = [
            self.pick(f"{op} {self.text(t)} 得 {written(p)} 分", f"{op} {self.text(t)}: {written(p)} points")
            for t, p in node.steps
        ]
        steps.append(self.pick(f"其余得 {written(node.otherwise)} 分", f"otherwise {written(node.otherwise)}"))
        return (
            self.pick(f"{self.text(node.of)}的分档得分（", f"points for {self.text(node.of)} (")
            + self.pick("，", "; ").join(steps)
            + self.pick("）", ")")
        )

    def _aggregate(self, node: nodes.Aggregate) -> str:
        who = self.members(node.where)
        match node:
            case nodes.Count():
                return self.pick(f"{who}数", f"the number of {who}")
            case nodes.Total(_, of):
                return self.pick(f"{who}的{self.text(of)}合计", f"the sum of {self.text(of)} over {who}")
            case nodes.Share(_, also):
                clause = self.statement(also, True)
                return self.pick(f"{who}中{clause}的占比", f"the share of {who} where {self._it(also)}{clause}")
            case nodes.Portion(_, part, whole):
                return self.pick(
                    f"{who}的{self.text(part)}合计占{self.text(whole)}合计的比例",
                    f"{self.text(part)} of {who} as a share of {self.text(whole)}",
                )
            case nodes.Peak(_, of, largest):
                word = self.pick("最大值" if largest else "最小值", "largest" if largest else "smallest")
                return self.pick(f"{who}的{self.text(of)}{word}", f"the {word} {self.text(of)} among {who}")
        raise AssertionError(node)

    def members(self, where: nodes.Node) -> str:
        """Who is meant: the definition's word where there is one."""
        match where:
            case nodes.Defined(name):
                return self.document.definitions[name].label.get(self.language) + self.pick("", "s")
            case nodes.Always():
                return self.pick("全部企业", "all ventures")
        clause = self.statement(where, True)
        return self.pick(f"符合“{clause}”的企业", f"ventures where {self._it(where)}{clause}")

    def _it(self, node: nodes.Node) -> str:
        """In English a clause that begins with its verb wants somebody who does it."""
        first = node.items[0] if isinstance(node, nodes.Several) and node.word != "at least" else node
        return "it " if isinstance(first, nodes.FactOf | nodes.Defined) else ""

    def _counted(self, left: nodes.Node, word: str, right: nodes.Node) -> str:
        """In English, of things that are counted: at least 3 mentors; "" where nothing is."""
        if not isinstance(right, nodes.Number | nodes.Parameter):
            return ""
        quantity = right.quantity if isinstance(right, nodes.Number) else self.figures[right.name]
        many = written(quantity.amount / quantity.unit.factor)
        if isinstance(left, nodes.Count):
            return f"{self.text(left)} is {word} {many}"
        if not isinstance(left, nodes.FactOf) or quantity.unit.name not in COUNTED:
            return ""
        label = left.fact.en
        if many == "1":
            return f"{self._year(left.year)}{label} number {word} 1"
        year = {None: "", 0: " this year", -1: " last year"}.get(left.year, f" in year {left.year}")
        return f"{word} {many} {label.removesuffix(' in the year') if year else label}{year}"

    def statement(self, node: nodes.Node, positive: bool) -> str:
        no = "" if positive else self.pick("并非：", "not: ")
        match node:
            case nodes.Always(value):
                return self.pick(
                    "恒成立" if value is positive else "恒不成立", "always" if value is positive else "never"
                )
            case nodes.FactOf(fact):
                return no + fact.label(self.language)
            case nodes.Defined(name):
                label = self.document.definitions[name].label.get(self.language)
                return no + self.pick(f"属于{label}", f"is {'an' if label[:1] in 'aeiou' else 'a'} {label}")
            case nodes.Negation(of):
                return self.statement(of, not positive)
            case nodes.Among(fact, codes):
                labels = [fact.fact.choices[fact.fact.codes.index(code)][1 if self.is_zh else 2] for code in codes]
                joined = self.pick("、", ", ").join(labels)
                return no + self.pick(f"{self.text(fact)}为{joined}", f"{self.text(fact)} is {joined}")
            case nodes.Compare(left, op, right):
                word = OPS[self.language][op]
                if not self.is_zh:
                    return no + (self._counted(left, word, right) or f"{self.text(left)} is {word} {self.text(right)}")
                return no + f"{self.text(left)}{word} {self.text(right)}"
            case nodes.Several(items, least):
                parts = [self.statement(item, True) for item in items]
                if node.word == "at least":
                    head = self.pick(f"以下至少满足 {least} 项：", f"at least {least} of: ")
                    return no + head + self.pick("；", "; ").join(parts)
                joint = self.pick("，且", " and ") if node.word == "and" else self.pick("，或", ", or ")
                around = self.pick("（{}）", "({})")
                inner = [
                    around.format(p) if isinstance(i, nodes.Several) else p for i, p in zip(items, parts, strict=True)
                ]
                return no + joint.join(inner)
        raise AssertionError(node)
