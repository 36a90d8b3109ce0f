"""The cases of a document's text, one by one, as fields that a form can show and put back; the rest stays untouched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hatchline.core.rules import rewriting
from hatchline.core.rules.rewriting import Path

PLAIN = re.compile(r"^[\w.%¥²+\-][\w.%¥²+\-/ ]*$")
UNKNOWN = ("", "null", "~")
FACTS = {"facts", "set"}


@dataclass(frozen=True)
class Field:
    """One value of a case. ``kind``: day, expect, times or fact. ``name``: of a criterion or a fact; ``group``: of
    ventures, "" where it is about the subject itself. ``value``: as written, "" for unknown."""

    path: Path
    kind: str
    name: str
    group: str
    value: str


@dataclass(frozen=True)
class CaseText:
    """A case, or an edge of one (``of``: the number of the case it differs from), by its place in the text."""

    number: int
    line: int
    column: int
    of: int | None
    fields: tuple[Field, ...]


def cases(text: str) -> list[CaseText]:
    """Every case of a text in its order, numbered from 1, an edge after its case. InvalidRule: it is no YAML."""
    top = rewriting.tree(text)
    found: list[CaseText] = []
    listed = rewriting.at(top, ("cases",))
    for place, node in enumerate(listed.value if isinstance(listed, SequenceNode) else ()):
        path: Path = ("cases", place)
        first = len(found) + 1
        found.append(_case(first, node, path, None))
        edges = rewriting.at(node, ("edges",))
        for step, edge in enumerate(edges.value if isinstance(edges, SequenceNode) else ()):
            found.append(_case(len(found) + 1, edge, (*path, "edges", step), first))
    return found


def changed(text: str, values: Mapping[Path, str]) -> str:
    """The text with these values of cases put otherwise; an empty one is unknown."""
    return rewriting.put(text, {path: _scalar(value) for path, value in values.items()})


def _scalar(value: str) -> str:
    plain = value.strip()
    if plain in UNKNOWN:
        return "null"
    return plain if PLAIN.match(plain) else rewriting.quoted(plain)


def _case(number: int, node: Node, path: Path, of: int | None) -> CaseText:
    mark = node.start_mark
    return CaseText(number, mark.line + 1, mark.column + 1, of, tuple(_fields(node, path)))


def _fields(node: Node, path: Path) -> Iterator[Field]:
    for key, value in _pairs(node):
        here = (*path, key)
        if key == "as_of" and isinstance(value, ScalarNode):
            yield Field(here, "day", key, "", value.value)
        elif key == "expect" and isinstance(value, ScalarNode):
            yield Field(here, "expect", "overall", "", value.value)
        elif key == "expect":
            yield from _scalars(value, here, "expect", "")
        elif key in FACTS:
            yield from _scalars(value, here, "fact", "")
        elif key == "ventures":
            for group, members in _pairs(value):
                yield from _group(members, (*here, group), group)


def _group(node: Node, path: Path, group: str) -> Iterator[Field]:
    for key, value in _pairs(node):
        if key == "times" and isinstance(value, ScalarNode):
            yield Field((*path, key), "times", key, group, value.value)
        elif key in FACTS:
            yield from _scalars(value, (*path, key), "fact", group)


def _scalars(node: Node, path: Path, kind: str, group: str) -> Iterator[Field]:
    for key, value in _pairs(node):
        if isinstance(value, ScalarNode):
            written = "" if value.value in UNKNOWN else value.value
            yield Field((*path, key), kind, key, group, written)


def _pairs(node: Node) -> list[tuple[str, Node]]:
    return [(str(key.value), value) for key, value in node.value] if isinstance(node, MappingNode) else []
