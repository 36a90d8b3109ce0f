"""Other values put into the text of a document: every other character, comments too, stays where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hatchline.core.rules.problems import InvalidRule, Position, Problem
from hatchline.core.rules.reading import unreadable
from hatchline.core.values.quantity import Quantity, UnitError, written

Path = tuple[str | int, ...]


def put(text: str, values: Mapping[Path, str]) -> str:
    """The text with these scalars replaced, e.g. ``{("in_force", "from"): "2018-01-01"}``. A path that leads to no
    scalar is a KeyError; a text that is no YAML is an InvalidRule."""
    return _put(text, tree(text), values)


def tree(text: str) -> Any:
    """The nodes of a text with their places. InvalidRule: it is no YAML."""
    try:
        return YAML(typ="rt").compose(text)
    except YAMLError as error:
        raise InvalidRule([Problem(Position("", 1, 1), "bad_yaml", unreadable(str(error).splitlines()[0]))]) from None


def _put(text: str, top: Any, values: Mapping[Path, str]) -> str:
    found: list[tuple[int, int, str]] = []
    for path, value in values.items():
        node = at(top, path)
        if not isinstance(node, ScalarNode):
            raise KeyError(path)
        found.append((node.start_mark.index, node.end_mark.index, value))
    for start, end, value in sorted(found, reverse=True):
        text = text[:start] + value + text[end:]
    return text


def at(node: Node | None, path: Path) -> Node | None:
    """The node at the end of a path, or nothing."""
    for step in path:
        if isinstance(node, MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int) and node.value:
            node = node.value[step]
        else:
            return None
    return node


def copied(
    text: str, *, name: str, number: str, in_force: date, series: str = "", issuer: tuple[str, str] | None = None,
    title: tuple[str, str] | None = None,
) -> str:  # fmt: skip
    """The text as a new document under its own id, open-ended from a day on; without ``series`` it begins one of its
    own name. Nobody has read its dates anywhere: they are marked as recalled. What somebody issues, ``issuer`` and
    ``title`` in Chinese and in English, is no sample any more, and neither is anything in it: what was, is marked as
    recalled, to be confirmed in the document itself once it is published."""
    values: dict[Path, str] = {
        ("id",): name, ("series",): series or name, ("number",): quoted(number),
        ("in_force", "from"): in_force.isoformat(), ("in_force", "mark"): "recalled",
    }  # fmt: skip
    top = tree(text)
    if isinstance(at(top, ("in_force", "until")), ScalarNode):
        values["in_force", "until"] = "null"
    if issuer is not None:
        chinese, english = map(quoted, issuer)
        own: dict[Path, str] = {
            ("issuer", "zh"): chinese, ("issuer", "en"): english, ("sample",): "false",
            ("in_force", "zh"): chinese, ("in_force", "en"): english,
        }  # fmt: skip
        values |= {place: value for place, value in own.items() if at(top, place) is not None}
        values |= {path: "recalled" for path in _scalars(top, "mark", "sample") if path not in values}
        values |= dict.fromkeys(_scalars(top, "article", "示例"), "unconfirmed")
    if title is not None:
        values |= {("title", "zh"): quoted(title[0]), ("title", "en"): quoted(title[1])}
    return _put(text, top, values)


def _scalars(node: Node, key: str, value: str, path: Path = ()) -> Iterator[Path]:
    """Where a key has this value, anywhere in a text."""
    if isinstance(node, MappingNode):
        for name, inside in node.value:
            here: Path = (*path, str(name.value))
            if name.value == key and isinstance(inside, ScalarNode) and inside.value == value:
                yield here
            yield from _scalars(inside, key, value, here)
    elif isinstance(node, SequenceNode):
        for place, inside in enumerate(node.value):
            yield from _scalars(inside, key, value, (*path, place))


def quoted(value: str) -> str:
    """A text as a double-quoted scalar on one line."""
    plain = " ".join(value.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_figures(text: str, figures: Mapping[str, Quantity]) -> str:
    """The text with other figures: NAME for a parameter, VARIANT.NAME for a variant's own; of a dated series the last
    value. Such a figure stands in no article yet: it is marked as recalled, to be confirmed."""
    values: dict[Path, str] = {}
    top = tree(text)
    for name, quantity in figures.items():
        variant, dot, own = name.rpartition(".")
        place: Path = ("variants", variant, "set", own) if dot else ("parameters", name)
        listed: Path = (*place, "values", -1, "value")
        values[listed if at(top, listed) is not None else (*place, "value")] = scalar(quantity)
        values[(*place, "mark")] = "recalled"
        values[(*place, "article")] = "unconfirmed"
    return _put(text, top, values)


def scalar(quantity: Quantity) -> str:
    """A figure as a document writes it: 10000 平方米, 0.8."""
    number = written(quantity.amount / quantity.unit.factor, 10).replace(",", "")
    return f"{number} {_unit_word(quantity)}".strip()


def _unit_word(quantity: Quantity) -> str:
    """The unit in Chinese, as documents are written, where that can be read back as the same."""
    if quantity.unit.name == "plain":
        return ""
    try:
        same = Quantity.parse(f"1 {quantity.unit.zh}").unit == quantity.unit
    except UnitError:
        same = False
    return quantity.unit.zh if same else quantity.unit.name
