"""What a mapping may say. Each problem names the line and column, and the nearest name for a misspelt one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from hatchline.core.tables import patterns
from hatchline.core.tables.fields import Field
from hatchline.core.tables.problems import Problem
from hatchline.core.tables.transforms import TRANSFORMS
from hatchline.core.tables.units import scale_between
from hatchline.core.tables.yamltext import Marks, Path

TOP = ("hatchline_mapping", "target", "title", "note", "source", "when", "constants", "columns", "parts")
SOURCE = (
    "sheet",
    "header_row",
    "encoding",
    "delimiter",
    "date_order",
    "century_pivot",
    "year",
    "decimal_comma",
    "skip_rows",
    "sub_headers",
)
SUB_HEADERS = ("field", "pattern", "number_column")
PART = ("constants", "columns", "column", "split", "when")
CONDITION = ("column", "equals", "one_of", "matches", "is_blank", "not")
RULE = (
    "column", "columns", "field", "join", "pattern", "split", "transforms", "values", "otherwise", "default", "unit",
    "currency",
    "date_order", "carry", "unknown", "when",
)  # fmt: skip
ORDERS = ("ymd", "dmy", "mdy")


def problems_of(
    data: Any, marks: Marks, fields: Sequence[Field] | None, targets: Sequence[str] | None
) -> list[Problem]:
    """Everything wrong with a mapping in plain values, in the order it is written."""
    check = _Check(marks, {one.name: one for one in fields} if fields is not None else None)
    if not check.keys(data, (), TOP, "mapping"):
        return check.problems
    if data.get("hatchline_mapping", 1) != 1:
        check.add("mapping.version", ("hatchline_mapping",), value=str(data["hatchline_mapping"])[:20])
    if not isinstance(data.get("target"), str) or not data["target"]:
        check.add("mapping.missing", ("target",) if "target" in data else (), key="target")
    elif targets is not None:
        check.one_of(data["target"], ("target",), targets)
    for name in ("title", "note"):
        check.text(data.get(name), (name,))
    check.source(data.get("source"))
    check.conditions(data.get("when"), ("when",))
    check.constants(data.get("constants"))
    rules = data.get("columns")
    if not isinstance(rules, list) or not rules:
        check.add("mapping.missing", ("columns",) if "columns" in data else (), key="columns")
        return check.problems
    for index, rule in enumerate(rules):
        check.rule(rule, ("columns", index))
    check.parts(data.get("parts"))
    return check.problems


class _Check:
    def __init__(self, marks: Marks, fields: dict[str, Field] | None) -> None:
        self.marks = marks
        self.fields = fields
        self.problems: list[Problem] = []
        self.filled: set[str] = set()

    def add(self, code: str, path: Path, *, hint: str = "", **params: Any) -> None:
        spot = path
        while spot and spot not in self.marks:
            spot = spot[:-1]
        line, column = self.marks.get(spot, (0, 0))
        where = ".".join(str(part) for part in path)
        self.problems.append(Problem(code, {"line": line, "column": column, "path": where, **params}, hint=hint))

    def keys(self, data: Any, path: Path, allowed: Sequence[str], kind: str) -> bool:
        if not isinstance(data, dict):
            self.add("mapping.not_a_map", path, key=kind)
            return False
        for key in data:
            if key not in allowed:
                self.add("mapping.unknown_key", (*path, key), key=str(key)[:60], nearest=nearest(str(key), allowed))
        return True

    def text(self, value: Any, path: Path) -> bool:
        if value is None or isinstance(value, str | int):
            return True
        self.add("mapping.not_text", path, key=str(path[-1]))
        return False

    def texts(self, value: Any, path: Path) -> list[str]:
        found = value if isinstance(value, list | tuple) else [] if value is None else [value]
        return [str(item) for index, item in enumerate(found) if self.text(item, (*path, index)) and item is not None]

    def one_of(self, value: Any, path: Path, allowed: Iterable[str]) -> None:
        allowed = tuple(allowed)
        if not isinstance(value, str) or value not in allowed:
            self.add(
                "mapping.not_allowed",
                path,
                value=str(value)[:60],
                allowed="、".join(allowed[:20]),
                nearest=nearest(str(value), allowed),
            )

    def pattern(self, value: Any, path: Path) -> bool:
        if not isinstance(value, str) or not value:
            self.add("mapping.not_text", path, key=str(path[-1]))
            return False
        why = patterns.why_not(value)
        if why in ("long", "repeat"):
            self.add(f"mapping.pattern_{why}", path, limit=patterns.LONGEST, hint="hint.pattern")
        elif why:
            self.add("mapping.pattern", path, detail=why)
        return not why

    def field(self, name: Any, path: Path) -> Field | None:
        if not isinstance(name, str) or not name:
            self.add("mapping.not_text", path, key="field")
            return None
        self.filled.add(name)
        if self.fields is None:
            return None
        if name not in self.fields:
            self.add("mapping.unknown_field", path, field=name[:60], nearest=nearest(name, tuple(self.fields)))
        return self.fields.get(name)

    def source(self, data: Any) -> None:
        if data is None or not self.keys(data, ("source",), SOURCE, "source"):
            return
        for name in ("sheet", "encoding", "delimiter"):
            self.text(data.get(name), ("source", name))
        row = data.get("header_row")
        if row not in (None, "auto") and not (isinstance(row, int) and not isinstance(row, bool) and 0 <= row <= 1000):
            self.add("mapping.header_row", ("source", "header_row"), value=str(row)[:20])
        for name in ("century_pivot", "year"):
            if data.get(name) is not None and not (isinstance(data[name], int) and 1900 <= data[name] <= 2100):
                self.add("mapping.year", ("source", name), value=str(data[name])[:20])
        if data.get("decimal_comma") not in (None, True, False):
            self.add("mapping.not_yes_no", ("source", "decimal_comma"), key="decimal_comma")
        if data.get("date_order") is not None:
            self.one_of(data["date_order"], ("source", "date_order"), ORDERS)
        for index, pattern in enumerate(self.texts(data.get("skip_rows"), ("source", "skip_rows"))):
            self.pattern(pattern, ("source", "skip_rows", index))
        sub = data.get("sub_headers")
        path: Path = ("source", "sub_headers")
        if sub is None or sub == "skip" or not self.keys(sub, path, SUB_HEADERS, "sub_headers"):
            return
        if sub.get("field"):
            self.field(sub["field"], (*path, "field"))
        if sub.get("pattern"):
            self.pattern(sub["pattern"], (*path, "pattern"))
        self.text(sub.get("number_column"), (*path, "number_column"))

    def conditions(self, data: Any, path: Path) -> None:
        if data is None:
            return
        if not isinstance(data, list | tuple):
            self.add("mapping.not_a_list", path, key=str(path[-1]))
            return
        for index, one in enumerate(data):
            spot = (*path, index)
            if not self.keys(one, spot, CONDITION, "when"):
                continue
            if not isinstance(one.get("column"), str):
                self.add("mapping.missing", spot, key="column")
            self.texts(one.get("one_of"), (*spot, "one_of"))
            self.text(one.get("equals"), (*spot, "equals"))
            if "matches" in one:
                self.pattern(one["matches"], (*spot, "matches"))
            for name in ("is_blank", "not"):
                if one.get(name) is not None and not isinstance(one[name], bool):
                    self.add("mapping.not_yes_no", (*spot, name), key=name)
            if not any(name in one for name in ("equals", "one_of", "matches", "is_blank")):
                self.add("mapping.empty_condition", spot)

    def parts(self, data: Any) -> None:
        """Each part with what all share must fill what is required."""
        if data is None:
            self.required(("columns",))
            return
        if not isinstance(data, list) or not data:
            self.add("mapping.not_a_list", ("parts",), key="parts")
            return
        shared = set(self.filled)
        for index, part in enumerate(data):
            path: Path = ("parts", index)
            if not self.keys(part, path, PART, "parts"):
                continue
            self.constants(part.get("constants"), (*path, "constants"))
            rules = part.get("columns")
            if rules is not None and not isinstance(rules, list):
                self.add("mapping.not_a_list", (*path, "columns"), key="columns")
                rules = None
            if ("column" in part) != ("split" in part) or not (rules or part.get("when") or "column" in part):
                self.add("mapping.missing", path, key="columns" if "column" not in part else "split")
            for at, rule in enumerate(rules or ()):
                self.rule(rule, (*path, "columns", at))
            self.text(part.get("column"), (*path, "column"))
            if part.get("split") is not None and not all(self.texts(part["split"], (*path, "split")) or [""]):
                self.add("mapping.not_text", (*path, "split"), key="split")
            self.conditions(part.get("when"), (*path, "when"))
            self.required(path)
            self.filled = set(shared)

    def constants(self, data: Any, at: Path = ("constants",)) -> None:
        if data is None:
            return
        if not isinstance(data, dict):
            self.add("mapping.not_a_map", at, key="constants")
            return
        for name, value in data.items():
            path = (*at, name)
            found = self.field(name, path)
            if self.text(value, path) and found and found.type == "choice" and value is not None:
                self.one_of(str(value), path, found.choices)

    def rule(self, data: Any, path: Path) -> None:
        if not self.keys(data, path, RULE, "columns"):
            return
        if ("column" in data) == ("columns" in data):
            self.add("mapping.one_column_key", path)
        elif not self.texts(data.get("column", data.get("columns")), path):
            self.add("mapping.missing", path, key="column")
        found: list[Field] = []
        if data.get("pattern"):
            named = patterns.groups(data["pattern"]) if self.pattern(data["pattern"], (*path, "pattern")) else ()
            if named:
                found = [one for one in (self.field(name, (*path, "pattern")) for name in named) if one]
            elif not data.get("field"):
                self.add("mapping.pattern_groups", (*path, "pattern"), hint="hint.pattern_groups")
            if data.get("field") and named:
                self.add("mapping.field_and_groups", path)
        if data.get("field"):
            one = self.field(data["field"], (*path, "field"))
            found += [one] if one else []
        elif not data.get("pattern"):
            self.add("mapping.missing", path, key="field")
        self.details(data, path, found)
        self.conditions(data.get("when"), (*path, "when"))

    def details(self, data: dict[str, Any], path: Path, fields: list[Field]) -> None:
        for name in ("join", "default", "unit", "currency"):
            self.text(data.get(name), (*path, name))
        for index, name in enumerate(self.texts(data.get("transforms"), (*path, "transforms"))):
            base = name.split(":", 1)[0]
            if base not in TRANSFORMS:
                self.add("mapping.not_allowed", (*path, "transforms", index), value=name[:60],
                allowed="、".join(TRANSFORMS),
                         nearest=nearest(base, tuple(TRANSFORMS)))  # fmt: skip
        self.texts(data.get("unknown"), (*path, "unknown"))
        if data.get("date_order"):
            self.one_of(data["date_order"], (*path, "date_order"), ORDERS)
        if data.get("carry") is not None:
            self.one_of(data["carry"], (*path, "carry"), ("no", "merged", "blank"))
        split = data.get("split")
        if isinstance(split, dict):
            if self.keys(split, (*path, "split"), ("pattern",), "split"):
                self.pattern(split.get("pattern"), (*path, "split"))
        elif split is not None and (not self.texts(split, (*path, "split")) or "" in self.texts(split, path)):
            self.add("mapping.not_text", (*path, "split"), key="split")
        otherwise = data.get("otherwise")
        if isinstance(otherwise, dict):
            if list(otherwise) != ["default"] or otherwise["default"] is None:
                self.add("mapping.otherwise", (*path, "otherwise"))
        elif otherwise is not None:
            self.one_of(otherwise, (*path, "otherwise"), ("keep", "reject", "ignore"))
        values = data.get("values")
        if values is not None and not isinstance(values, dict):
            self.add("mapping.not_a_map", (*path, "values"), key="values")
            values = None
        for one in fields:
            self.against_field(data, path, one, values or {})

    def against_field(self, data: dict[str, Any], path: Path, one: Field, values: dict[str, Any]) -> None:
        if one.type == "choice":
            for key, value in values.items():
                if value is not None:
                    self.one_of(str(value), (*path, "values", key), one.choices)
            if data.get("default") is not None:
                self.one_of(str(data["default"]), (*path, "default"), one.choices)
            otherwise = data.get("otherwise")
            if isinstance(otherwise, dict) and isinstance(otherwise.get("default"), str):
                self.one_of(otherwise["default"], (*path, "otherwise", "default"), one.choices)
        if data.get("split") is not None and not one.many:
            self.add("mapping.split_single", (*path, "split"), field=one.name)
        unit = data.get("unit")
        if isinstance(unit, str) and unit and scale_between(unit, one) is None:
            self.add("mapping.unit", (*path, "unit"), unit=unit[:40], field=one.name, own=one.unit or "-")

    def required(self, at: Path) -> None:
        for one in (self.fields or {}).values():
            if one.required and one.name not in self.filled:
                self.add("mapping.required_field", at, field=one.name, label=one.zh or one.en or one.name)


def nearest(name: str, allowed: Sequence[str]) -> str:
    """The nearest allowed name, or "" when none is near."""
    close = difflib.get_close_matches(name.casefold(), [one.casefold() for one in allowed], n=1, cutoff=0.6)
    return next((one for one in allowed if close and one.casefold() == close[0]), "")
