"""YAML for mappings: plain values that know their line and column; no aliases, no surprises with yes and no."""

from __future__ import annotations

import re
from typing import Any

import yaml

from hatchline.core.tables.problems import Problem, UnableToReadMapping

Path = tuple[str | int, ...]
Marks = dict[Path, tuple[int, int]]

_LIMIT = 512 * 1024
_DEPTH = 12


def read(text: str) -> tuple[Any, Marks]:
    """(plain value, line and column from 1 of every path). Raises UnableToReadMapping."""
    if len(text) > _LIMIT:
        raise UnableToReadMapping([Problem("mapping.too_large", {"limit": _LIMIT // 1024})])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH:
                raise UnableToReadMapping([Problem("mapping.too_deep", {**_of(event.start_mark), "limit": _DEPTH})])
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise UnableToReadMapping([Problem("mapping.alias", _of(event.start_mark))])
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        params = _of(error.problem_mark or error.context_mark)
        raise UnableToReadMapping(
            [Problem("mapping.not_yaml", {**params, "detail": error.problem or ""}, hint="hint.mapping_yaml")]
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnableToReadMapping(
            [Problem("mapping.not_yaml", {**_at(0, 0), "detail": type(error).__name__}, hint="hint.mapping_yaml")]
        ) from error
    marks: Marks = {}
    problems: list[Problem] = []
    value = _plain(node, (), marks, problems) if node is not None else None
    if problems:
        raise UnableToReadMapping(problems)
    return value, marks


def write(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)


def _of(mark: Any) -> dict[str, Any]:
    return _at(mark.line, mark.column) if mark else _at(0, 0)


def _at(line: int, column: int) -> dict[str, Any]:
    return {"line": line + 1, "column": column + 1}


def _plain(node: yaml.Node, path: Path, marks: Marks, problems: list[Problem]) -> Any:
    marks[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                problems.append(
                    Problem("mapping.key_not_text", _at(key_node.start_mark.line, key_node.start_mark.column))
                )
                continue
            key = key_node.value
            if key in found:
                params = {**_at(key_node.start_mark.line, key_node.start_mark.column), "key": key}
                problems.append(Problem("mapping.key_twice", params))
            found[key] = _plain(value_node, (*path, key), marks, problems)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), marks, problems) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node.value) if node.style is None else node.value


def _scalar(text: str) -> Any:
    """Only true, false, null and whole numbers are more than text: `no`, 2014-06 and 1.0 stay what was typed."""
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null", "~"):
        return None
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,8})", text):
        return int(text)
    return text
