"""YAML with places: a mapping whose every value knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from hatchline.core.rules.documents import Mark
from hatchline.core.rules.problems import InvalidRule, Position, Problem
from hatchline.core.rules.texts import NOTHING, Text, nearest

# what the library says of a text that is no YAML, by how its sentence begins
YAML_FAULTS = (
    ("mapping values are not allowed", "这里不能再有冒号：缩进不对，或者含冒号的文字没有加引号"),
    ("could not find expected ':'", "名称后面缺少冒号"),
    ("expected <block end>", "缩进与前面的行不一致"),
    ("did not find expected", "缩进与前面的行不一致，或缺少逗号或括号"),
    ("expected ',' or", "列表里缺少逗号或右括号"),
    ("found duplicate key", "同一层里有两个相同的名称"),
    ("found character", "这里有不能用来开头的字符，如制表符或 @、%：缩进请用空格，文字请加引号"),
    ("found unexpected end of stream", "引号没有配对"),
    ("found unknown escape character", "双引号里的反斜杠写法不对"),
    ("found undefined alias", "引用了没有定义过的 * 名称"),
    ("special characters are not allowed", "文件里有看不见的控制字符"),
)


def unreadable(problem: str) -> Text:
    """Why a text is no YAML."""
    words = next((zh for begin, zh in YAML_FAULTS if problem.startswith(begin)), "这里的缩进、冒号、引号或括号写得不对")
    return Text(f"不是能读的 YAML：{words}", f"this is no YAML: {problem}")


DAY = re.compile(r"(?<![^\s\[{,])(\d{4})-(\d\d?)-(\d\d?)(?=[Tt ]+\d|\s*(?:[,}\]#]|$))", re.MULTILINE)
COLON = "could not find expected ':'"
MOST_REPAIRS = 20  # of a text; what is wrong beyond them is told once these are mended


def _days(text: str, path: str) -> tuple[str, list[Problem]]:
    """The text with days that there are not put to ones that there are, nothing moved, and the faults."""
    problems = []

    def mended(found: re.Match[str]) -> str:
        year, month, day = (int(part) for part in found.groups())
        try:
            date(year, month, day)
            return found[0]
        except ValueError as error:
            before = text[: found.start()]
            at = Position(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
            problems.append(Problem(at, "bad_date", Text(f"没有 {found[0]} 这一天", f"{found[0]}: {error}")))
        parts = (max(year, 1), min(max(month, 1), 12), min(max(day, 1), 28))
        return "-".join(f"{part:0{len(old)}}" for part, old in zip(parts, found.groups(), strict=True))

    return DAY.sub(mended, text), problems


def _with_colon(text: str, row: int, column: int) -> str | None:
    """The text with the colon that is missing after the name at this place; None where it is not to be guessed."""
    lines = text.split("\n")
    name = re.match(r"\w+(?=\s|$)", lines[row][column:]) if row < len(lines) else None
    if name is None:
        return None
    end = column + name.end()
    lines[row] = f"{lines[row][:end]}:{lines[row][end:]}"
    return "\n".join(lines)


def _parsed(text: str, path: str) -> tuple[Any, str, list[Problem]]:
    """What a text holds, the text as it was read, and what had to be mended to read it. Raises InvalidRule."""
    problems: list[Problem] = []
    for _try in range(MOST_REPAIRS):
        yaml: Any = YAML(typ="rt")
        yaml.preserve_quotes = True
        mended: str | None = None
        try:
            return yaml.load(text), text, problems
        except MarkedYAMLError as error:
            words, mark = str(error.problem or error.context), error.problem_mark or error.context_mark
            if words.startswith(COLON) and error.context_mark:
                mark = error.context_mark  # the name without its colon, not where the reader gave up
                mended = _with_colon(text, mark.line, mark.column)
            at = Position(path, mark.line + 1, mark.column + 1) if mark else Position(path, 1, 1)
            problems.append(Problem(at, "bad_yaml", unreadable(words)))
        except YAMLError as error:
            place = text[: getattr(error, "position", 0)]
            at = Position(path, place.count("\n") + 1, len(place) - place.rfind("\n"))
            problems.append(Problem(at, "bad_yaml", unreadable("special characters are not allowed")))
        except ValueError as error:  # of a day that there is not, of which the library tells no place
            mended, faults = _days(text, path)
            problems += faults or [Problem(Position(path, 1, 1), "bad_date", Text("没有这一天", str(error)))]
        if mended is None or mended == text:
            break
        text = mended
    # days are looked for only once all else can be read, but are told with it
    told = {problem.at.line for problem in problems}
    problems += [each for each in _days(text, path)[1] if each.at.line not in told]
    raise InvalidRule(problems)


class Reader:
    """One mapping or list of a YAML file. All readers of a file share `problems`: reading goes on after a fault."""

    def __init__(self, raw: Any, at: Position, problems: list[Problem], source: str) -> None:
        self.raw, self.at, self.problems, self.source = raw, at, problems, source

    @classmethod
    def open(cls, text: str, path: str) -> Reader:
        """Parse a file's text; faults that leave the rest readable are kept. Raises InvalidRule: it is no mapping."""
        raw, text, problems = _parsed(text, path)
        if not isinstance(raw, dict):
            said = Text("文件不是“名称: 内容”的形式", "the file is not a mapping")
            raise InvalidRule([*problems, Problem(Position(path, 1, 1), "bad_yaml", said)])
        return cls(raw, Position(path, 1, 1), problems, text)

    def place(self, key: str | int) -> Position:
        """Where the value of a key begins."""
        try:
            spots: Any = self.raw.lc
            spot: tuple[int, int] | None = spots.value(key) if isinstance(self.raw, dict) else spots.item(key)
        except (AttributeError, KeyError, IndexError, TypeError):
            return self.at
        return self.at if spot is None else Position(self.at.path, spot[0] + 1, spot[1] + 1)

    def place_of_key(self, key: str) -> Position:
        try:
            spot = self.raw.lc.key(key)
        except (AttributeError, KeyError, TypeError):
            return self.at
        return self.at if spot is None else Position(self.at.path, spot[0] + 1, spot[1] + 1)

    def inside(self, key: str) -> Callable[[int], Position]:
        """Where a character of a text value stands in the file, however the text is folded, indented or quoted."""
        value, at = self.raw[key], self.place(key)
        is_block = isinstance(value, LiteralScalarString | FoldedScalarString)
        lines = self.source.split("\n")
        row, column = (at.line, 0) if is_block else (at.line - 1, at.column - 1)
        spots: list[Position] = []
        for char in str(value):
            while not char.isspace() and row < len(lines) and not lines[row].startswith(char, column):
                row, column = (row, column + 1) if column < len(lines[row]) else (row + 1, 0)
            spots.append(Position(at.path, row + 1, column + 1) if row < len(lines) else at)
            column += not char.isspace()
        last = spots[-1].moved(0, 1) if spots else at
        return lambda index: spots[index] if index < len(spots) else last

    def fault(self, key: str | int | None, code: str, said: Text, advice: Text = NOTHING) -> None:
        at = self.at if key is None else self.place(key)
        self.problems.append(Problem(at, code, said, advice))

    def has(self, key: str) -> bool:
        return isinstance(self.raw, dict) and key in self.raw

    def only(self, *known: str) -> None:
        """Complain about every key that nobody knows."""
        for key in self.raw if isinstance(self.raw, dict) else ():
            if key not in known:
                at = self.place_of_key(key)
                hint = nearest(str(key), known)
                said = Text(f"这里没有叫“{key}”的栏目", f"nothing is called {key!r} here")
                self.problems.append(Problem(at, "unknown_key", said, hint))

    def get(self, key: str, default: Any = None) -> Any:
        if self.has(key):
            return self.raw[key]
        return default

    def need(self, key: str) -> Any:
        if not self.has(key) or self.raw[key] is None:
            said = Text(f"缺少“{key}”", f"{key!r} is missing")
            self.problems.append(Problem(self.at, "missing_key", said))
            return None
        return self.raw[key]

    def text(self, key: str, default: str = "") -> str:
        value = self.get(key, default)
        return default if value is None else " ".join(str(value).split())

    def child(self, key: str) -> Reader:
        """The mapping (or list) under a key; an empty one when it is absent or something else."""
        value = self.get(key)
        if value is not None and not isinstance(value, dict | list):
            said = Text(f"“{key}”下面应当是分栏目或列表", f"{key!r} must be a mapping or a list")
            self.fault(key, "wrong_shape", said)
            value = None
        return Reader({} if value is None else value, self.place(key), self.problems, self.source)

    def entries(self) -> Iterator[tuple[str, Reader]]:
        """The named mappings inside this one."""
        if isinstance(self.raw, dict):
            for key in self.raw:
                yield str(key), self.child(key)

    def items(self) -> Iterator[Reader]:
        """The mappings of a list."""
        for index, value in enumerate(self.raw if isinstance(self.raw, list) else ()):
            at = self.place(index)
            if isinstance(value, dict | list):
                yield Reader(value, at, self.problems, self.source)
            else:
                said = Text("这里应当分栏目写成“名称: 内容”", "a mapping was expected")
                self.problems.append(Problem(at, "wrong_shape", said))

    def both(self, key: str | None = None, *, optional: bool = False) -> Text:
        """A sentence in zh and en, under a key or right here."""
        where = self if key is None else self.child(key)
        if key is not None and not self.has(key):
            if not optional:
                self.need(key)
            return Text("", "")
        found = Text(where.text("zh"), where.text("en"))
        if not found.zh or not found.en:
            said = Text("中文（zh）和英文（en）都要写", "a text is needed in zh and in en")
            self.problems.append(Problem(where.at, "missing_language", said))
        return found

    def day(self, key: str) -> date | None:
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            said = Text(f"“{value}”不是 2018-12-31 这样的日期", f"{value!r} is not a date like 2018-12-31")
            self.fault(key, "bad_date", said)
            return None

    def mark(self, default: Mark | None = None) -> Mark:
        value = self.get("mark")
        if value is None:
            if default is None:
                said = Text("缺少“mark”：这一项有多大把握", "'mark' is missing: how sure is this?")
                self.problems.append(Problem(self.at, "missing_key", said))
            return default or Mark.RECALLED
        try:
            return Mark(str(value))
        except ValueError:
            weak = Text("没有把握的数不编入", "weak figures are not encoded")
            said = Text(f"没有“{value}”这种把握程度", f"{value!r} is no mark")
            self.fault("mark", "unknown_mark", said, weak if value == "weak" else nearest(str(value), list(Mark)))
            return Mark.RECALLED
