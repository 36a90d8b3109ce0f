"""What changed between two documents: figures, criteria, definitions, variants.

Parts are matched by name, else by label, else by the figures they rest on; they are the same when they say the same in
Chinese, the language of the originals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from hatchline.core.rules.documents import Document, Mark, ParameterDeclaration
from hatchline.core.rules.prose import figures_on
from hatchline.core.rules.texts import Text
from hatchline.core.rules.wording import Wording, fill

Kind = Literal["new", "gone", "changed", "same"]


class _Labelled(Protocol):
    @property
    def name(self) -> str: ...


Part = TypeVar("Part", bound=_Labelled)


@dataclass(frozen=True)
class Change:
    """One part in both documents. ``before`` and ``after`` are what it says; None: not there."""

    kind: Kind
    label: Text
    before: Text | None
    after: Text | None
    before_mark: Mark | None = None
    after_mark: Mark | None = None


@dataclass(frozen=True)
class Changes:
    """All parts of two documents, those of the later one first, then those it dropped."""

    parameters: tuple[Change, ...]
    criteria: tuple[Change, ...]
    definitions: tuple[Change, ...]
    variants: tuple[Change, ...]

    @property
    def number(self) -> int:
        """How many parts are not the same."""
        parts = (*self.parameters, *self.criteria, *self.definitions, *self.variants)
        return sum(1 for each in parts if each.kind != "same")


def changes(old: Document, new: Document) -> Changes:
    """Each document with the figures of its first day in force."""
    before, after = _Said(old), _Said(new)
    figures = frozenset({*old.parameters, *new.parameters})
    return Changes(
        _matched(old.parameters.values(), new.parameters.values(), lambda p: p.text, before.figure, after.figure),
        _matched(old.criteria.values(), new.criteria.values(), lambda c: c.label, before.sense, after.sense, figures),
        _matched(old.definitions.values(), new.definitions.values(), lambda d: d.label, before.sense, after.sense),
        _matched(old.variants.values(), new.variants.values(), lambda v: v.label, before.variant, after.variant),
    )


class _Said:
    """What the parts of one document say."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.figures = figures_on(document, document.in_force)

    def figure(self, part: ParameterDeclaration) -> Text:
        return _both(lambda language: self.figures[part.name].text(language))

    def sense(self, part: object) -> Text:
        text: Text = part.text  # type: ignore[attr-defined]
        return _both(lambda language: fill(text.get(language), self.figures, language))

    def variant(self, part: object) -> Text:
        variant = self.document.variants[part.name]  # type: ignore[attr-defined]

        def said(language: str) -> str:
            wording = Wording(self.document, self.figures, language)
            own = [
                f"{(each.text.get(language) or name)} {each.on(self.document.in_force).text(language)}"
                for name, each in variant.values.items()
            ]
            parts = [variant.text.get(language), wording.statement(variant.when, True), *own]
            return wording.pick("；", "; ").join(part for part in parts if part)

        return _both(said)


def _both(said: Callable[[str], str]) -> Text:
    return Text(said("zh"), said("en"))


def _matched(
    old: Iterable[Part], new: Iterable[Part], label: Callable[[Part], Text], before: Callable[[Part], Text],
    after: Callable[[Part], Text], figures: frozenset[str] = frozenset(),
) -> tuple[Change, ...]:  # fmt: skip
    left: dict[str, Part] = {each.name: each for each in old}
    later = list(new)
    pairs = _pairs(left, later, label, figures)
    found = []
    for each in later:
        was = left.pop(pairs.get(each.name, ""), None)
        said, mark = after(each), getattr(each, "mark", None)
        if was is None:
            found.append(Change("new", label(each), None, said, None, mark))
        else:
            earlier = before(was)
            kind: Kind = "same" if earlier.zh == said.zh else "changed"
            found.append(Change(kind, label(each), earlier, said, getattr(was, "mark", None), mark))
    for gone in left.values():
        found.append(Change("gone", label(gone), before(gone), None, getattr(gone, "mark", None), None))
    return tuple(found)


def _pairs(
    old: Mapping[str, Part], new: Iterable[Part], label: Callable[[Part], Text], figures: frozenset[str]
) -> dict[str, str]:
    """The earlier part of each later one: of the same name, of the same label, or using the same figures most."""
    pairs: dict[str, str] = {}
    left = dict(old)

    def pair(part: Part, name: str) -> None:
        pairs[part.name] = name
        del left[name]

    rest = list(new)
    for part in rest:
        if part.name in left:
            pair(part, part.name)
    rest = [part for part in rest if part.name not in pairs]
    for part in rest:
        same = next((name for name, was in left.items() if label(was).zh == label(part).zh), None)
        if same is not None:
            pair(part, same)
    for part in rest:
        if part.name not in pairs:
            alike = max(left, key=lambda name: _likeness(left[name], part, figures), default=None)
            if alike is not None and _likeness(left[alike], part, figures) > 0:
                pair(part, alike)
    return pairs


def _likeness(one: object, other: object, figures: frozenset[str]) -> float:
    """How many of the figures that two parts use are the same, as a share of all they use."""
    mine: frozenset[str] = getattr(one, "used", frozenset()) & figures
    theirs: frozenset[str] = getattr(other, "used", frozenset()) & figures
    return len(mine & theirs) / len(mine | theirs) if mine & theirs else 0.0
