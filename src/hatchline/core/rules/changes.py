"""What changed between two documents: figures, criteria, definitions, variants, matched by name, else by label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from hatchline.core.rules.documents import Document, Mark, ParameterDeclaration, Text
from hatchline.core.rules.prose import figures_on
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
    return Changes(
        _matched(old.parameters.values(), new.parameters.values(), lambda p: p.text, before.figure, after.figure),
        _matched(old.criteria.values(), new.criteria.values(), lambda c: c.label, before.sense, after.sense),
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
    after: Callable[[Part], Text],
) -> tuple[Change, ...]:  # fmt: skip
    left: dict[str, Part] = {each.name: each for each in old}
    later = list(new)
    same_name = {each.name for each in later if each.name in left}
    by_label: Mapping[str, str] = {label(each).zh: name for name, each in left.items() if name not in same_name}
    found = []
    for each in later:
        name = each.name if each.name in same_name else by_label.get(label(each).zh, "")
        was = left.pop(name, None)
        said, mark = after(each), getattr(each, "mark", None)
        if was is None:
            found.append(Change("new", label(each), None, said, None, mark))
        else:
            earlier = before(was)
            kind: Kind = "same" if earlier == said else "changed"
            found.append(Change(kind, label(each), earlier, said, getattr(was, "mark", None), mark))
    for gone in left.values():
        found.append(Change("gone", label(gone), before(gone), None, getattr(gone, "mark", None), None))
    return tuple(found)
