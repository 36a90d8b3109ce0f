"""The mapping language: which column goes to which field, and how.

target: institutions
source:
  sheet: 名单
  header_row: auto
  date_order: dmy
  skip_rows: ["^合计", "^注："]
  sub_headers: {field: territory, pattern: '^(?P<value>.+?)（\\d+所）$'}
when:
  - {column: types, matches: incubator}
constants: {country: GB}
columns:
  - {column: name, field: name, transforms: [strip, collapse_spaces]}
  - {column: types, field: kinds, split: ",", values: {Incubator: incubator, Company: null}, otherwise: reject}
  - {column: 面积(亩), field: area, unit: 亩}
  - {column: 起止, pattern: '(?P<opened>.+?)至(?P<closed>.+)'}
  - {columns: [省, 市], join: " ", field: territory, carry: merged}
parts:
  - {constants: {stage: nursery}, columns: [{column: 苗圃入驻, field: starts}, {column: 苗圃离开, field: ended}]}
  - {constants: {stage: incubation}, columns: [{column: 入孵, field: starts}, {column: 毕业, field: ended}]}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Literal

from hatchline.core.tables import schema, yamltext
from hatchline.core.tables.fields import Field
from hatchline.core.tables.problems import UnableToReadMapping

Carry = Literal["no", "merged", "blank"]
Otherwise = Literal["keep", "reject", "ignore"]
VERSION = 1


@dataclass(frozen=True)
class Condition:
    """A test on one column's text. `equals`/`one_of` compare without case and width, `matches` searches a pattern."""

    column: str
    equals: str | None = None
    one_of: tuple[str, ...] = ()
    matches: str | None = None
    is_blank: bool | None = None
    negate: bool = False


@dataclass(frozen=True)
class SubHeaders:
    """Rows that head a group: those of one filled cell that match `pattern` (by default 北京市（92所）), and
    those whose `number_column` is not digits. Skipped, or their text (group `value` of the pattern) carried into
    `field`."""

    field: str = ""
    pattern: str = ""
    number_column: str = ""


@dataclass(frozen=True)
class Source:
    """Where the table stands in the file. `header_row` counts from 1; 0 means no header; None finds it.
    With `decimal_comma` 48,86 is read as 48.86 and 1.200 as 1200."""

    sheet: str | int | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"
    century_pivot: int | None = None
    year: int | None = None
    decimal_comma: bool = False
    skip_rows: tuple[str, ...] = ()
    sub_headers: SubHeaders | None = None


@dataclass(frozen=True)
class Rule:
    """One way from columns to a field.

    `columns`: header names, or letters written "@C". Several are joined with `join`. `pattern` has named groups,
    one per field (then `field` is ""). `split` cuts one cell into several values. `values` maps words to stored
    values, None ignores a word; `otherwise` is for words not in the table: "keep", "reject", "ignore", or
    `fallback` as a value. `default` fills an empty cell. `unit` is the column's unit.
    `unknown` lists texts that mean not known.
    """

    columns: tuple[str, ...]
    field: str = ""
    join: str = " "
    pattern: str = ""
    split: tuple[str, ...] = ()
    split_pattern: str = ""
    transforms: tuple[str, ...] = ("strip",)
    values: MappingType[str, str | None] = attribute(default_factory=dict)
    otherwise: Otherwise = "keep"
    fallback: str | None = None
    default: str | None = None
    unit: str = ""
    currency: str = ""
    date_order: Literal["ymd", "dmy", "mdy", ""] = ""
    carry: Carry = "no"
    unknown: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Part:
    """One of several records that a row gives, beside the rules and constants that all of them share.

    It is made when `when` holds, or without one when a column of its own rules says something. With `split` the cell
    of `column` gives a record for each of its pieces; every rule reads the piece in that column.
    """

    rules: tuple[Rule, ...] = ()
    constants: MappingType[str, str] = attribute(default_factory=dict)
    column: str = ""
    split: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A whole mapping. Equal mappings have equal `content_hash()`. Without `parts` a row gives one record."""

    target: str
    rules: tuple[Rule, ...]
    source: Source = attribute(default_factory=Source)
    constants: MappingType[str, str] = attribute(default_factory=dict)
    when: tuple[Condition, ...] = ()
    title: str = ""
    note: str = ""
    parts: tuple[Part, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Plain values in the language's own shape; `from_data` reads them back."""
        data: dict[str, Any] = {"hatchline_mapping": VERSION, "target": self.target}
        data |= {name: getattr(self, name) for name in ("title", "note") if getattr(self, name)}
        source = _lean(self.source, Source())
        if source:
            data["source"] = source
        if self.when:
            data["when"] = [_condition_data(one) for one in self.when]
        if self.constants:
            data["constants"] = dict(self.constants)
        data["columns"] = [_rule_data(rule) for rule in self.rules]
        if self.parts:
            data["parts"] = [_part_data(part) for part in self.parts]
        return data

    def to_yaml(self) -> str:
        return yamltext.write(self.to_data())

    def content_hash(self) -> str:
        """SHA-256 of what the mapping does; title and note do not count."""
        data = {key: value for key, value in self.to_data().items() if key not in ("title", "note")}
        return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def columns(self) -> tuple[str, ...]:
        """Every column the mapping reads, in order, each once."""
        rules = [*self.rules, *(rule for part in self.parts for rule in part.rules)]
        names = [name for rule in rules for name in (*rule.columns, *(one.column for one in rule.when))]
        names += [one.column for one in self.when] + [part.column for part in self.parts if part.column]
        names += [one.column for part in self.parts for one in part.when]
        sub = self.source.sub_headers
        if sub and sub.number_column:
            names.append(sub.number_column)
        return tuple(dict.fromkeys(names))


def from_yaml(text: str, fields: Sequence[Field] | None = None, targets: Sequence[str] | None = None) -> Mapping:
    """Read a mapping. With `fields` every field name, choice and unit is checked. Raises UnableToReadMapping."""
    data, marks = yamltext.read(text)
    return _built(data, marks, fields, targets)


def from_data(
    data: MappingType[str, Any], fields: Sequence[Field] | None = None, targets: Sequence[str] | None = None
) -> Mapping:
    """Read a mapping from plain values (JSON from a form). Raises UnableToReadMapping."""
    return _built(data, {}, fields, targets)


def _built(data: Any, marks: yamltext.Marks, fields: Sequence[Field] | None, targets: Sequence[str] | None) -> Mapping:
    problems = schema.problems_of(data, marks, fields, targets)
    if problems:
        raise UnableToReadMapping(problems)
    source = dict(data.get("source") or {})
    sub = source.pop("sub_headers", None)
    if source.get("header_row") == "auto":
        source["header_row"] = None
    if sub is not None:
        source["sub_headers"] = SubHeaders(**({} if sub == "skip" else sub))
    for name in ("skip_rows",):
        if name in source:
            source[name] = _texts(source[name])
    return Mapping(
        target=data["target"],
        rules=tuple(_rule(one) for one in data["columns"]),
        source=Source(**source),
        constants={key: _text(value) for key, value in (data.get("constants") or {}).items()},
        when=tuple(_condition(one) for one in data.get("when") or ()),
        title=data.get("title") or "",
        note=data.get("note") or "",
        parts=tuple(_part(one) for one in data.get("parts") or ()),
    )


def _part(data: MappingType[str, Any]) -> Part:
    return Part(
        rules=tuple(_rule(one) for one in data.get("columns") or ()),
        constants={key: _text(value) for key, value in (data.get("constants") or {}).items()},
        column=data.get("column") or "",
        split=_texts(data["split"]) if data.get("split") else (),
        when=tuple(_condition(one) for one in data.get("when") or ()),
    )


def _rule(data: MappingType[str, Any]) -> Rule:
    made: dict[str, Any] = {key: value for key, value in data.items() if value is not None}
    made["columns"] = _texts(made.pop("column")) if "column" in made else _texts(made["columns"])
    split = made.pop("split", None)
    if isinstance(split, dict):
        made["split_pattern"] = split["pattern"]
    elif split is not None:
        made["split"] = _texts(split)
    for name in ("transforms", "unknown"):
        if name in made:
            made[name] = _texts(made[name])
    if "values" in made:
        made["values"] = {key: None if value is None else _text(value) for key, value in made["values"].items()}
    otherwise = made.get("otherwise")
    if isinstance(otherwise, dict):
        made["otherwise"], made["fallback"] = "keep", _text(otherwise["default"])
    if "default" in made:
        made["default"] = _text(made["default"])
    if "when" in made:
        made["when"] = tuple(_condition(one) for one in made["when"])
    return Rule(**made)


def _condition(data: MappingType[str, Any]) -> Condition:
    made = dict(data)
    made["negate"] = made.pop("not", False)
    if "equals" in made:
        made["equals"] = _text(made["equals"])
    if "one_of" in made:
        made["one_of"] = _texts(made["one_of"])
    return Condition(**made)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in value) if isinstance(value, list | tuple) else (_text(value),)


def _lean(one: Any, usual: Any) -> dict[str, Any]:
    """The attributes that differ from the usual, in plain values."""
    found: dict[str, Any] = {}
    for name in one.__dataclass_fields__:
        value = getattr(one, name)
        if value == getattr(usual, name):
            continue
        if isinstance(value, SubHeaders):
            value = _lean(value, SubHeaders()) or "skip"
        found[name] = list(value) if isinstance(value, tuple) else value
    return found


def _condition_data(one: Condition) -> dict[str, Any]:
    data = _lean(one, Condition(""))
    if data.pop("negate", False):
        data["not"] = True
    return {"column": one.column, **data}


def _part_data(part: Part) -> dict[str, Any]:
    data = _lean(part, Part())
    if data.pop("rules", []):
        data["columns"] = [_rule_data(rule) for rule in part.rules]
    if "when" in data:
        data["when"] = [_condition_data(one) for one in part.when]
    return data


def _rule_data(rule: Rule) -> dict[str, Any]:
    data = _lean(rule, Rule(()))
    columns = data.pop("columns", [])
    fallback = data.pop("fallback", None)
    if fallback is not None:
        data["otherwise"] = {"default": fallback}
    if "split_pattern" in data:
        data["split"] = {"pattern": data.pop("split_pattern")}
    if "when" in data:
        data["when"] = [_condition_data(one) for one in rule.when]
    if "values" in data:
        data["values"] = dict(rule.values)
    return {"column": columns[0], **data} if len(columns) == 1 else {"columns": columns, **data}
