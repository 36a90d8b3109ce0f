"""From text to nodes: a small recursive-descent parser that knows where every word stands.

count(ventures where tenant) >= min_tenants
share(ventures where tenant, valid_ip_rights >= 1 item) >= min_ip_share
months(founded_on, entered_on) <= max_age_at_entry or field in {biomedicine, ic_design}
best(2, revenue@-4..-1) > min_two_year_revenue
bands(tech_staff / staff, >= 30 %: 20, >= 25 %: 16, else 0) >= 1 point
at least 2 of (a, b, c)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from hatchline.core.rules import nodes
from hatchline.core.rules.problems import InvalidRule, Misuse, Position, Problem
from hatchline.core.rules.texts import NOTHING, Text, nearest
from hatchline.core.rules.vocabulary import Subject, Vocabulary, day_number
from hatchline.core.values.quantity import ALIASES, UNITS, Dimension, Quantity, UnitError

TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)|(?P<op>>=|<=|\.\.|[><=+\-*/(){},:@])"
    r"|(?P<unit>%|㎡|m²)|(?P<word>[^\W\d]\w*))"
)
AGGREGATES = ("count", "sum", "share", "portion", "max", "min")
FUNCTIONS = (*AGGREGATES, "months", "total", "best", "bands", "greatest", "least")
RESERVED = frozenset({*FUNCTIONS, "and", "or", "not", "in", "of", "at", "where", "else", "ventures", "as_of"})
COMPARISONS = (">=", ">", "<=", "<", "=")
MOST_WORDS = 600


@dataclass
class Scope:
    """The names an expression may use; `used` collects the parameters and definitions it did use."""

    vocabulary: Vocabulary
    parameters: Mapping[str, Dimension]
    definitions: Mapping[str, nodes.Node]
    subject: Subject
    used: set[str] = field(default_factory=set)

    def names(self) -> list[str]:
        return [*self.vocabulary.facts, *self.parameters, *self.definitions]


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: Position


def parse(text: str, at: Position, scope: Scope, place: Callable[[int], Position] | None = None) -> nodes.Node:
    """The node of an expression. `place` tells where a character of the text stands in its file.

    Raises InvalidRule with one problem: the first thing that cannot be understood.
    """
    where = place or (lambda index: at.moved(0, index))
    tokens, index = [], 0
    while text[index:].strip():
        found = TOKEN.match(text, index)
        if not found or found.lastgroup is None:
            start = index + len(text[index:]) - len(text[index:].lstrip())
            said = Text(f"这里不能写“{text[start]}”", f"{text[start]!r} cannot stand here")
            raise InvalidRule([Problem(where(start), "bad_character", said)])
        tokens.append(Token(found.lastgroup, found[found.lastgroup], where(found.start(found.lastgroup))))
        index = found.end()
    tokens.append(Token("end", "the end", where(len(text))))
    said = Text("太长或嵌套太深：请拆成几个定义或条件", "this is too long or too deep: use definitions and criteria")
    too_long = InvalidRule([Problem(where(0), "too_long", said)])
    if len(tokens) > MOST_WORDS:
        raise too_long
    try:
        return Parser(tokens, scope).whole()
    except RecursionError:
        raise too_long from None


class Parser:
    """One expression. Every method reads from `self.at` on and returns the node it read."""

    def __init__(self, tokens: list[Token], scope: Scope) -> None:
        self.tokens, self.scope, self.place = tokens, scope, 0
        self.members: list[bool] = [scope.subject == "venture"]

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def fail(self, code: str, said: Text, advice: Text = NOTHING, token: Token | None = None) -> InvalidRule:
        return InvalidRule([Problem((token or self.next).at, code, said, advice)])

    def wanted(self, what: Text, token: Token | None = None) -> InvalidRule:
        """Something else was expected at this place."""
        token = token or self.next
        found = Text("结尾" if token.kind == "end" else f"“{token.text}”", repr(token.text))
        said = Text(f"这里要写{what.zh}，却是{found.zh}", f"expected {what.en}, found {found.en}")
        return self.fail("syntax", said, token=token)

    def take(self, *texts: str) -> Token | None:
        if self.next.text in texts and self.next.kind != "end":
            self.place += 1
            return self.tokens[self.place - 1]
        return None

    def need(self, text: str) -> Token:
        found = self.take(text)
        if found is None:
            raise self.wanted(Text(f"“{text}”", repr(text)))
        return found

    def word(self) -> Token:
        if self.next.kind != "word":
            raise self.wanted(Text("名称", "a name"))
        self.place += 1
        return self.tokens[self.place - 1]

    def make(self, at: Token, kind: Callable[..., nodes.Node], *values: object) -> nodes.Node:
        try:
            return kind(*values)
        except Misuse as misuse:
            raise self.fail(misuse.code, misuse.said, misuse.advice, at) from None

    # --- statements

    def whole(self) -> nodes.Node:
        node = self.either()
        if self.next.kind != "end":
            raise self.fail("syntax", Text(f"“{self.next.text}”是多余的", f"{self.next.text!r} is one word too many"))
        return node

    def either(self) -> nodes.Node:
        start, items = self.next, [self.both()]
        while self.take("or"):
            items.append(self.both())
        return items[0] if len(items) == 1 else self.make(start, nodes.Several, tuple(items), 1)

    def both(self) -> nodes.Node:
        start, items = self.next, [self.negated()]
        while self.take("and"):
            items.append(self.negated())
        return items[0] if len(items) == 1 else self.make(start, nodes.Several, tuple(items), len(items))

    def negated(self) -> nodes.Node:
        start = self.next
        if self.take("not"):
            return self.make(start, nodes.Negation, self.negated())
        return self.comparison()

    def comparison(self) -> nodes.Node:
        left = self.terms()
        at = self.next
        if self.take(*COMPARISONS):
            return self.make(at, nodes.Compare, left, at.text, self.terms())
        if self.take("in"):
            self.need("{")
            codes = [self.word().text]
            while self.take(","):
                codes.append(self.word().text)
            self.need("}")
            return self.make(at, nodes.Among, left, tuple(codes))
        return left

    # --- amounts

    def terms(self) -> nodes.Node:
        left = self.factors()
        while at := self.take("+", "-"):
            left = self.make(at, nodes.Sum, left, self.factors(), 1 if at.text == "+" else -1)
        return left

    def factors(self) -> nodes.Node:
        left = self.single()
        while at := self.take("*", "/"):
            left = self.make(at, nodes.Product if at.text == "*" else nodes.Ratio, left, self.single())
        return left

    def single(self) -> nodes.Node:
        token = self.next
        if token.kind == "number":
            return self.number()
        if token.kind == "date":
            self.place += 1
            try:
                return nodes.Day(day_number(date.fromisoformat(token.text)))
            except ValueError:
                said = Text(f"没有 {token.text} 这一天", f"{token.text} is not a day")
                raise self.fail("bad_date", said, token=token) from None
        if self.take("("):
            node = self.either()
            self.need(")")
            return node
        if token.text == "at":
            return self.at_least()
        name = self.word()
        if name.text == "as_of":
            return nodes.Day(None)
        if name.text in FUNCTIONS and self.next.text == "(":
            return self.function(name)
        return self.named(name)

    def number(self) -> nodes.Node:
        token = self.next
        self.place += 1
        name = ""
        if self.next.kind == "unit" or (self.next.kind == "word" and self.next.text not in RESERVED):
            name = self.next.text
            self.place += 1
        try:
            return nodes.Number(Quantity.parse(f"{token.text} {name}"))
        except UnitError:
            said = Text(f"没有“{name}”这个单位", f"no unit is called {name!r}")
            raise self.fail("unknown_unit", said, nearest(name, [*UNITS, *ALIASES]), token) from None

    def at_least(self) -> nodes.Node:
        start = self.need("at")
        self.need("least")
        many = self.next
        if many.kind != "number":
            raise self.fail("syntax", Text("at least 后面要写数", "'at least' needs a number"))
        self.place += 1
        self.need("of")
        self.need("(")
        items = [self.either()]
        while self.take(","):
            items.append(self.either())
        self.need(")")
        return self.make(start, nodes.Several, tuple(items), int(many.text))

    def named(self, name: Token) -> nodes.Node:
        scope = self.scope
        if name.text in scope.definitions:
            scope.used.add(name.text)
            body = scope.definitions[name.text]
            self.allow(body.subject, name)
            return self.make(name, nodes.Defined, name.text, body)
        if name.text in scope.parameters:
            scope.used.add(name.text)
            return nodes.Parameter(name.text, scope.parameters[name.text])
        fact = scope.vocabulary.facts.get(name.text)
        if fact is None:
            hint = nearest(name.text, scope.names())
            said = Text(f"没有叫“{name.text}”的事实、参数或定义",
                        f"no fact, parameter or definition is called {name.text!r}")  # fmt: skip
            raise self.fail("unknown_name", said, hint, name)
        year = None
        if self.take("@"):
            year = self.year()
        self.allow(fact.subject, name)
        return self.make(name, nodes.FactOf, fact, year)

    def allow(self, subject: Subject | None, name: Token) -> None:
        """Facts of a venture stand inside an aggregate, facts of the document's subject outside."""
        wanted: Subject = "venture" if self.members[-1] else "institution"
        if subject is not None and subject != wanted:
            its, here = nodes.SUBJECTS[subject], nodes.SUBJECTS[wanted]
            said = Text(f"{name.text} 说的是{its.zh}，这里只能说{here.zh}",
                        f"{name.text} is about a {its.en}, here only a {here.en} is meant")  # fmt: skip
            raise self.fail("wrong_subject", said, token=name)

    def year(self) -> int:
        sign = -1 if self.take("-") else 1
        token = self.next
        if token.kind != "number":
            raise self.wanted(Text("从评价年起数的年度，如 -1", "a year counted from now"))
        self.place += 1
        return sign * int(token.text)

    # --- functions

    def function(self, name: Token) -> nodes.Node:
        self.need("(")
        if name.text in AGGREGATES:
            node = self.aggregate(name)
        elif name.text == "months":
            since = self.terms()
            self.need(",")
            node = self.make(name, nodes.Months, since, self.terms())
        elif name.text in ("total", "best"):
            node = self.years(name)
        elif name.text == "bands":
            node = self.bands(name)
        else:
            items = [self.terms()]
            while self.take(","):
                items.append(self.terms())
            node = self.make(name, nodes.Extremum, tuple(items), name.text == "greatest")
        self.need(")")
        return node

    def aggregate(self, name: Token) -> nodes.Node:
        if self.scope.subject != "institution" or self.members[-1]:
            said = Text(f"{name.text} 统计的是孵化机构里的企业，这里不能用",
                        f"{name.text} counts the ventures of an institution")  # fmt: skip
            raise self.fail("wrong_subject", said, token=name)
        self.need("ventures")
        self.members.append(True)
        where = self.either() if self.take("where") else nodes.Always(True)
        node = self.rest(name, where)
        self.members.pop()
        return node

    def rest(self, name: Token, where: nodes.Node) -> nodes.Node:
        if name.text == "count":
            return self.make(name, nodes.Count, where)
        self.need(",")
        if name.text == "share":
            return self.make(name, nodes.Share, where, self.either())
        first = self.terms()
        if name.text == "sum":
            return self.make(name, nodes.Total, where, first)
        if name.text == "portion":
            self.need("of")
            return self.make(name, nodes.Portion, where, first, self.terms())
        return self.make(name, nodes.Peak, where, first, name.text == "max")

    def years(self, name: Token) -> nodes.Node:
        run = None
        if name.text == "best":
            many = self.next
            if many.kind != "number":
                raise self.fail("syntax", Text("best 先要写连续几年", "best needs how many consecutive years"))
            self.place += 1
            self.need(",")
            run = int(many.text)
        word = self.word()
        fact = self.scope.vocabulary.facts.get(word.text)
        if fact is None:
            hint = nearest(word.text, self.scope.vocabulary.facts)
            said = Text(f"没有叫“{word.text}”的事实", f"no fact is called {word.text!r}")
            raise self.fail("unknown_name", said, hint, word)
        self.allow(fact.subject, word)
        self.need("@")
        first = self.year()
        self.need("..")
        return self.make(name, nodes.Years, fact, first, self.year(), run)

    def bands(self, name: Token) -> nodes.Node:
        of = self.terms()
        steps: list[tuple[nodes.Node, Fraction]] = []
        op = ""
        while self.take(",") and not self.take("else"):
            at = self.next
            if not self.take(">=", ">", "<=", "<") or (op and at.text != op):
                said = Text("每一档都以同一个 >=、>、<= 或 < 开头",
                            "each band begins with the same one of >=, >, <= or <")  # fmt: skip
                raise self.fail("syntax", said, token=at)
            op = at.text
            threshold = self.single()
            self.need(":")
            steps.append((threshold, self.points()))
        return self.make(name, nodes.Bands, of, op or "=", tuple(steps), self.points())

    def points(self) -> Fraction:
        token = self.next
        if token.kind != "number":
            raise self.wanted(Text("分数", "points"))
        self.place += 1
        return Fraction(token.text)
