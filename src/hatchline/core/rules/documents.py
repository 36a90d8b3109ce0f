"""A document as it is held in memory: parameters, definitions, criteria, variants, consequences and cases."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from hatchline.core.rules.nodes import Aggregate, Node, walk
from hatchline.core.rules.problems import Position
from hatchline.core.rules.texts import Text
from hatchline.core.rules.vocabulary import Subject, Vocabulary
from hatchline.core.values.quantity import Dimension, Quantity

LANGUAGE_VERSION = 1
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Mark(StrEnum):
    """How sure we are of a figure, from the surest to the least sure. CONFIRMED: a named official gave the source."""

    CONFIRMED = "confirmed"
    READ = "read"
    DERIVED = "derived"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    SAMPLE = "sample"

    @property
    def rank(self) -> int:
        return list(Mark).index(self)

    @property
    def is_firm(self) -> bool:
        """Whether a real call or decision may rest on it."""
        return self in (Mark.CONFIRMED, Mark.READ)

    @property
    def label(self) -> Text:
        return MARK_LABELS[self]


MARK_LABELS = {
    Mark.CONFIRMED: Text("已由负责人员核对原文", "confirmed against the source"),
    Mark.READ: Text("原文公开本已读", "read in a public copy"),
    Mark.DERIVED: Text("由已读内容推定", "derived from what was read"),
    Mark.SECONDARY: Text("转引，未核对原文", "from a secondary source"),
    Mark.RECALLED: Text("凭记忆，待确认", "recalled, to be confirmed"),
    Mark.SAMPLE: Text("示例", "sample"),
}


def weakest(marks: list[Mark]) -> Mark:
    """The least sure of them; of none, READ."""
    return max(marks, key=lambda mark: mark.rank, default=Mark.READ)


@dataclass(frozen=True)
class ParameterDeclaration:
    """A figure set by an authority. `values` are (from, value), oldest first; `from` None holds from the beginning."""

    name: str
    values: tuple[tuple[date | None, Quantity], ...]
    article: str
    mark: Mark
    text: Text
    at: Position

    @property
    def dimension(self) -> Dimension:
        return self.values[0][1].dimension

    def on(self, day: date) -> Quantity:
        """The value in force on a day; before the first one, the first."""
        held = [value for since, value in self.values if since is None or since <= day]
        return held[-1] if held else self.values[0][1]


@dataclass(frozen=True)
class Definition:
    name: str
    article: str
    mark: Mark
    label: Text
    text: Text
    body: Node
    used: frozenset[str]
    at: Position


@dataclass(frozen=True)
class Criterion:
    """One requirement. `text` is its sense in our own words (释义), not the official text."""

    name: str
    article: str
    mark: Mark
    label: Text
    text: Text
    requirement: Node
    only_in: str | None
    used: frozenset[str]
    at: Position


@dataclass(frozen=True)
class Variant:
    """Other figures for some: `values` replace parameters, `factor` (a parameter) multiplies those in `scaled`."""

    name: str
    label: Text
    text: Text
    article: str
    mark: Mark
    when: Node
    values: Mapping[str, ParameterDeclaration]
    factor: str | None
    scaled: tuple[str, ...]
    used: frozenset[str]
    at: Position

    @property
    def touches(self) -> frozenset[str]:
        """The figures and definitions that decide when it applies, and the figures it changes or is changed with."""
        return self.used | {*self.values, *self.scaled, *([self.factor] if self.factor else [])}


@dataclass(frozen=True)
class Consequence:
    """What follows: `kind` is valid_for, reviewed_every, withdrawn_after, relief, …; `parameters` name its figures."""

    kind: str
    article: str
    mark: Mark
    text: Text
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """`times` ventures with the same facts."""

    name: str
    times: int
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Case:
    """Facts with the verdicts they must have; `expected` maps a criterion or "overall" to met, not_met or unknown."""

    name: Text
    as_of: date
    facts: Mapping[str, object]
    groups: tuple[Group, ...]
    expected: Mapping[str, str]
    at: Position


@dataclass(frozen=True)
class Need:
    """The statement over criteria that decides: at least `least` of the items (all of them when None)."""

    items: tuple[Need | str, ...]
    least: int | None = None


@dataclass(frozen=True)
class Document:
    """One legal document (or a sample). `series` joins the editions of one rule; the later replaces the earlier."""

    name: str
    number: str
    title: Text
    issuer: Text
    series: str
    subject: Subject
    in_force: date
    until: date | None
    dates_mark: Mark
    transition: Text | None
    parameters: Mapping[str, ParameterDeclaration]
    definitions: Mapping[str, Definition]
    variants: Mapping[str, Variant]
    criteria: Mapping[str, Criterion]
    overall: Need
    consequences: tuple[Consequence, ...]
    gaps: tuple[Text, ...]
    cases: tuple[Case, ...]
    vocabulary: Vocabulary
    path: str
    digest: str
    is_sample: bool = False
    dates_at: tuple[int, int] = (1, 1)  # line and column of the dates in force

    @property
    def is_complete(self) -> bool:
        """Whether every condition of the original is encoded; otherwise `gaps` says what is not."""
        return not self.gaps

    @property
    def asks_about_ventures(self) -> bool:
        """Whether an institution's verdict depends on its ventures: then "no ventures" has to be said."""
        asked = [*(c.requirement for c in self.criteria.values()), *(v.when for v in self.variants.values())]
        return self.subject == "institution" and any(
            isinstance(part, Aggregate) for node in asked for part in walk(node)
        )

    def holds_on(self, day: date) -> bool:
        return self.in_force <= day and (self.until is None or day < self.until)

    def factor_of(self, variant: Variant, day: date, given: Mapping[str, Quantity]) -> Fraction:
        if variant.factor is None:
            return Fraction(1)
        return given.get(variant.factor, self.parameters[variant.factor].on(day)).amount


KINDS = {"criterion": "criteria", "definition": "definitions", "variant": "variants"}
Confirmable = ParameterDeclaration | Criterion | Definition | Variant


def part(document: Document, key: str) -> Confirmable | None:
    """What an official can hold against its source: a parameter by its name, else "criterion:NAME" and the like."""
    kind, colon, name = key.partition(":")
    if not colon:
        return document.parameters.get(key)
    found: Confirmable | None = getattr(document, KINDS[kind]).get(name) if kind in KINDS else None
    return found


def unconfirmed(document: Document) -> list[tuple[str, Confirmable]]:
    """The parts, by their keys, on which no real decision may rest yet: figures first."""
    parts: list[tuple[str, Confirmable]] = list(document.parameters.items())
    for prefix, kind in KINDS.items():
        parts += [(f"{prefix}:{name}", each) for name, each in getattr(document, kind).items()]
    return [
        (key, each)
        for key, each in parts
        if not each.mark.is_firm
        or (isinstance(each, Variant) and any(not own.mark.is_firm for own in each.values.values()))
    ]


def used_by(document: Document, key: str) -> list[Criterion | Variant]:
    """What a part (see ``part``) decides, directly or through definitions: a variant, by the figures it changes."""
    found = part(document, key)
    if isinstance(found, Criterion):
        return [found]
    name = key.partition(":")[2] or key
    reached = {*found.values, *found.scaled} if isinstance(found, Variant) else {name}
    more = reached
    while more:
        more = {each.name for each in document.definitions.values() if more & each.used} - reached
        reached |= more
    decided: list[Criterion | Variant] = [each for each in document.criteria.values() if reached & each.used]
    return decided + [each for each in document.variants.values() if each is not found and reached & each.touches]


def with_confirmed(document: Document, keys: Collection[str]) -> Document:
    """The document with these parts marked as confirmed; of a variant its own figures, too."""

    def marked(each: Any) -> Any:
        own = {"values": {k: marked(v) for k, v in each.values.items()}} if isinstance(each, Variant) else {}
        return replace(each, mark=Mark.CONFIRMED, **own)

    changed: dict[str, Any] = {
        kind: {n: marked(p) if f"{prefix}{n}" in keys else p for n, p in getattr(document, kind).items()}
        for prefix, kind in (("", "parameters"), *((f"{each}:", kind) for each, kind in KINDS.items()))
    }
    return replace(document, **changed)


def edition_on(documents: list[Document], series: str, day: date) -> Document | None:
    """The edition of a rule in force on a day, or None: an event is judged by it and keeps that result."""
    held = [d for d in documents if d.series == series and d.holds_on(day)]
    return max(held, key=lambda d: d.in_force, default=None)
