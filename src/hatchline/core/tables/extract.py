"""From rows and a mapping to records: each row after the header gives one record that says what became of it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any, Literal

from hatchline.core.tables import footers, headers, patterns
from hatchline.core.tables.branches import Branch, PlacedRule
from hatchline.core.tables.cells import Manner, Noted, plain, read
from hatchline.core.tables.fields import Field
from hatchline.core.tables.headers import Header
from hatchline.core.tables.mapping import Condition, Mapping, Part, Rule
from hatchline.core.tables.problems import Problem, UnableToExtract, of
from hatchline.core.tables.records import Record, holds
from hatchline.core.tables.rows import Cell, Row, as_text, is_blank, letter
from hatchline.core.tables.transforms import applied
from hatchline.core.tables.units import unit_above, unit_in, units_above
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.datewords import UNKNOWN
from hatchline.core.values.unreadable import Unreadable

__all__ = ["Extraction", "Record", "extract"]

SubHeaderText = re.compile(r"^(?P<value>\S.*?)\s*[（(]\s*(?:共计?\s*)?\d+\s*[所家个户名项]?\s*[)）]\s*$")


@dataclass
class Extraction:
    """Iterate once for the records. `header`, `above` (rows over it) and `problems` (warnings on the whole table) are
    known before; `counts` tells how many records were ready, rejected, skipped so far, `skips` why the skipped were."""

    header: Header
    above: tuple[Row, ...]
    problems: tuple[Problem, ...]
    mapping: Mapping
    _rows: Iterator[Row]
    _work: _Work
    counts: Counter[str] = attribute(default_factory=Counter)
    skips: Counter[str] = attribute(default_factory=Counter)

    def __iter__(self) -> Iterator[Record]:
        for row in self._rows:
            for record in self._work.records(row):
                self.counts[record.status] += 1
                if record.skipped:
                    self.skips[record.skipped] += 1
                yield record


def extract(
    rows: Iterable[Row], mapping: Mapping, fields: Sequence[Field], *, excel_epoch: Literal[1900, 1904] = 1900
) -> Extraction:
    """Find the header, check the columns, and give the records as a stream. Raises UnableToExtract; reading may raise
    UnableToReadTable while rows stream."""
    stream = iter(rows)
    header, above, stream = headers.locate(stream, mapping.columns(), mapping.source.header_row)
    problems = headers.missing(header, mapping.columns())
    if problems:
        raise UnableToExtract(problems)
    work = _Work(header, mapping, {one.name: one for one in fields}, excel_epoch)
    return Extraction(header, above, work.warnings(above), mapping, stream, work)


class _Work:
    def __init__(self, header: Header, mapping: Mapping, fields: dict[str, Field], epoch: Literal[1900, 1904]) -> None:
        self.header, self.mapping, self.fields = header, mapping, fields
        self.branches = [
            self._branch(str(number) if mapping.parts else "", part, epoch)
            for number, part in enumerate(mapping.parts or (Part(),), start=1)
        ]
        self.rules = list({id(one.rule): one for branch in self.branches for one in branch.rules}.values())
        self.conditions = self._placed(mapping.when)
        self.used = set[int]().union(*(branch.used for branch in self.branches))
        self.carried: dict[int, Cell] = {}
        self.group: tuple[Cell, ...] = ()
        self.group_value = ""
        sub = mapping.source.sub_headers
        self.sub_pattern = patterns.compiled(sub.pattern) if sub and sub.pattern else SubHeaderText
        self.number_place = header.find(sub.number_column) if sub and sub.number_column else None
        self.skips = [patterns.compiled(one) for one in mapping.source.skip_rows]
        self.labels = [headers.label(header, place) for place in range(header.width)]
        self.names = self._places(lambda one: one.required and one.type == "text")
        self.dates = self._places(lambda one: one.type == "date")
        self.wholes = [one for one in fields.values() if one.required or one.not_before]

    def _places(self, wanted: Callable[[Field], bool]) -> frozenset[int]:
        return frozenset(place for one in self.rules if any(map(wanted, one.targets)) for place in one.places)

    def _branch(self, name: str, part: Part, epoch: Literal[1900, 1904]) -> Branch:
        own = [self._rule(rule, epoch) for rule in part.rules]
        marks = "|".join(re.escape(mark) for mark in sorted(part.split, key=len, reverse=True))
        made = Branch(
            name,
            [*own, *(self._rule(rule, epoch) for rule in self.mapping.rules)],
            self._constants({**self.mapping.constants, **part.constants}, epoch),
            frozenset(place for one in own for place in one.places),
            self.header.find(part.column) if part.column else None,
            patterns.compiled(marks) if marks else None,
            self._placed(part.when),
        )
        for one in made.rules:
            made.used.update(one.places)
            place = one.places[0]
            named = self.header.names[place] if place < len(self.header.names) else ""
            for target in one.targets:
                made.places_of.setdefault(target.name, place)
                made.columns.setdefault(target.name, (letter(place), named))
        return made

    def _placed(self, conditions: Iterable[Condition]) -> tuple[tuple[int, Condition], ...]:
        return tuple((self.header.find(one.column) or 0, one) for one in conditions)

    def _rule(self, rule: Rule, epoch: Literal[1900, 1904]) -> PlacedRule:
        source = self.mapping.source
        names = patterns.groups(rule.pattern) if rule.pattern and not rule.field else (rule.field,)
        marks = "|".join(re.escape(mark) for mark in sorted(rule.split, key=len, reverse=True))
        split = rule.split_pattern or marks
        return PlacedRule(
            rule,
            tuple(self.header.find(name) or 0 for name in rule.columns),
            tuple(self.fields.get(name) or Field(name) for name in names),
            Manner(
                rule.date_order or source.date_order,
                epoch,
                source.century_pivot,
                source.year,
                rule.unit,
                rule.currency or "CNY",
                source.decimal_comma,
            ),
            {plain(word): value for word, value in rule.values.items()},
            self._placed(rule.when),
            patterns.compiled(split) if split else None,
            frozenset(plain(word) for word in rule.unknown),
        )

    def _constants(self, given: MappingType[str, str], epoch: Literal[1900, 1904]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        problems = []
        for name, text in given.items():
            one = self.fields.get(name) or Field(name)
            value = read(text, one, Manner(self.mapping.source.date_order, epoch))
            if isinstance(value, Unreadable):
                problems.append(replace(of(value), field=name, header=one.zh or name, value=text))
            elif value is not None:
                value = value.value if isinstance(value, Noted) else value
                found[name] = (value,) if one.many else value
        if problems:
            raise UnableToExtract(problems)
        return found

    def warnings(self, above: Sequence[Row]) -> tuple[Problem, ...]:
        """Units that a header or a line over the table names and the mapping forgot: 亩 read as m² is wrong by 667."""
        found, units = [], units_above(above)
        for one in self.rules:
            for place, target in itertools.product(one.places, one.targets):
                name = headers.label(self.header, place)
                unit = unit_in(name, target)
                code = "table.unit_in_header" if unit else "table.unit_above"
                unit = unit or unit_above(units, target)
                usual = target.unit if target.type != "money" else "元"
                if unit and not one.rule.unit and unit != usual:
                    params = {"unit": unit, "field": target.zh or target.name}
                    found.append(
                        Problem(code, params, severity="warning", sheet=self.header.sheet,
                                row=self.header.number or None, column=letter(place), header=name,
                                hint="hint.unit_in_header")
                    )  # fmt: skip
        return tuple(found)

    def records(self, row: Row) -> Iterator[Record]:
        """A record for each part of the row that is there; one for the whole row that says why there is none."""
        reason = self._why_skipped(row)
        cells, borrowed = (row.cells, frozenset[int]()) if reason else self._filled(row)
        labels = self.labels
        while len(labels) < len(cells):
            labels.append(headers.label(self.header, len(labels)))
        raw = dict(zip(labels, map(as_text, cells), strict=False))
        if not reason and self.conditions and not all(holds(one, cells, place) for place, one in self.conditions):
            reason = "when"
        cuts = [] if reason else [(one, *cut) for one in self.branches for cut in one.cuts(cells)]
        if not cuts:
            yield Record(row.number, row.sheet, "skipped", {}, raw, (), cells, self.group, reason or "no_part")
        for part, (branch, name, its) in enumerate(cuts):
            values, problems = self._read(row, its, branch)
            is_bad = bool(problems) and problems[0].severity == "error"
            yield Record(
                row.number, row.sheet, "rejected" if is_bad else "ready", values, raw, tuple(problems), cells,
                self.group, "", part, name, branch.columns, branch.filled_from(borrowed),
            )  # fmt: skip

    def _read(self, row: Row, cells: tuple[Cell, ...], branch: Branch) -> tuple[dict[str, Any], list[Problem]]:
        problems: list[Problem] = []
        broken: set[int] = set()
        for place, problem in row.problems:
            broken.add(place)
            if place in branch.used:
                problems.append(replace(problem, header=headers.label(self.header, place)))
        values: dict[str, Any] = {}
        troubled: set[str] = set()
        for rule in branch.rules:
            if not rule.conditions or all(holds(one, cells, place) for place, one in rule.conditions):
                if broken and broken.intersection(rule.places):
                    troubled.update(target.name for target in rule.targets)
                    continue
                self._apply(rule, cells, row, values, problems, troubled)
        self._group_field(row, values, problems)
        for name, constant in branch.constants.items():
            values.setdefault(name, constant)
        self._whole(row, values, problems, troubled, branch.places_of)
        more = cells[self.header.width :]
        beyond = [as_text(cell).strip() for cell in more if not is_blank(cell)] if more else []
        if beyond and self.header.number:
            params = {"count": len(beyond), "extra": "、".join(beyond)[:100]}
            where: dict[str, Any] = {"sheet": row.sheet, "row": row.number, "column": letter(self.header.width)}
            problems.append(
                Problem("row.beyond_header", params, hint="hint.beyond_header", value=str(params["extra"]), **where)
            )
        if problems:
            problems.sort(key=lambda problem: problem.severity != "error")
        return values, problems

    def _why_skipped(self, row: Row) -> str:
        if row.is_blank and not row.problems:
            is_used = any(place in self.used for place in row.covered)
            if not is_used or all(is_blank(cell) for cell in row.covered.values()):
                return "blank"
        if self.header.is_again(row):
            return "header_again"
        if not row.problems and (reason := footers.why(row.cells, names=self.names, dates=self.dates)):
            return reason
        if self.mapping.source.sub_headers is None and not self.skips:
            return ""
        filled = [" ".join(as_text(cell).split()) for cell in row.cells if not is_blank(cell)]
        sub = self.mapping.source.sub_headers
        if sub is not None and filled and len(set(filled)) == 1:
            text = filled[0]
            match = self.sub_pattern.search(text[: patterns.SUBJECT])
            number = as_text(row.cell(self.number_place)).strip() if self.number_place is not None else ""
            if match or (self.number_place is not None and not text.isdecimal() and not number.isdecimal()):
                named = match.groupdict().get("value") if match else None
                self.group, self.group_value = row.cells, (named or text).strip()
                self.carried.clear()
                return "sub_header"
        if filled and any(pattern.search(filled[0][: patterns.SUBJECT]) for pattern in self.skips):
            return "skip_rows"
        return ""

    def _filled(self, row: Row) -> tuple[tuple[Cell, ...], frozenset[int]]:
        """The cells, with those of carrying columns filled from the merged cell above or the last filled one; and the
        places that were filled so."""
        cells: list[Cell] | None = None
        borrowed: set[int] = set()
        for rule in self.rules:
            if rule.rule.carry == "no":
                continue
            for place in rule.places:
                cell = row.cell(place)
                if is_blank(cell):
                    carried = row.covered.get(place, "")
                    if is_blank(carried) and rule.rule.carry == "blank":
                        carried = self.carried.get(place, "")
                    if not is_blank(carried):
                        cells = cells or list(row.cells) + [""] * (place + 1 - len(row.cells))
                        cells += [""] * (place + 1 - len(cells))
                        cells[place] = cell = carried
                        borrowed.add(place)
                if not is_blank(cell):
                    self.carried[place] = cell
        return (row.cells if cells is None else tuple(cells)), frozenset(borrowed)

    def _apply(
        self,
        one: PlacedRule,
        cells: tuple[Cell, ...],
        row: Row,
        values: dict[str, Any],
        problems: list[Problem],
        troubled: set[str],
    ) -> None:
        rule = one.rule
        place = one.places[0]
        cell: Cell = cells[place] if place < len(cells) else ""
        if len(one.places) > 1:
            given = [cells[place] if place < len(cells) else "" for place in one.places]
            parts = [applied(as_text(item), rule.transforms) for item in given]
            cell = rule.join.join(part for part in parts if part)
        elif isinstance(cell, str):
            cell = applied(cell, rule.transforms)
        elif rule.pattern or one.splitter or one.values or rule.unknown:
            cell = applied(as_text(cell), rule.transforms)
        if is_blank(cell) or (one.unknown and plain(as_text(cell)) in one.unknown):
            if rule.default is None:
                return
            cell = rule.default
        if not rule.pattern:
            self._piece(one, one.targets[0], cell, row, values, problems, troubled)
            return
        pieces: list[tuple[Field, Cell]] = [(one.targets[0], cell)]
        text = as_text(cell)
        match = patterns.compiled(rule.pattern).search(text[: patterns.SUBJECT])
        if not match:
            if text.strip().casefold() not in UNKNOWN:
                problem = Problem("cell.pattern_no_match", {"pattern": rule.pattern}, hint="hint.pattern_no_match")
                self._trouble(one, row, cell, problem, one.targets, problems, troubled)
            return
        if rule.field:
            pieces = [(one.targets[0], match[1] if match.re.groups else match[0])]
        else:
            pieces = [(target, (match[target.name] or "").strip()) for target in one.targets]
        for target, piece in pieces:
            self._piece(one, target, piece, row, values, problems, troubled)

    def _piece(
        self,
        one: PlacedRule,
        target: Field,
        piece: Cell,
        row: Row,
        values: dict[str, Any],
        problems: list[Problem],
        troubled: set[str],
    ) -> None:
        words: list[Cell] = [piece]
        if one.splitter is not None:
            words = [word.strip() for word in one.splitter.split(as_text(piece)) if word and word.strip()]
        found = []
        for word in words:
            if is_blank(word):
                continue
            value = self._value(one, target, word)
            if isinstance(value, Noted):
                problem = replace(of(value.note), severity="warning")
                self._trouble(one, row, word, problem, (target,), problems, set())
                value = value.value
            if isinstance(value, Unreadable):
                self._trouble(one, row, word, of(value), (target,), problems, troubled)
            elif value is not None and value not in found:
                found.append(value)
        if not found:
            return
        if target.many:
            before = values.get(target.name, ())
            values[target.name] = (*before, *(value for value in found if value not in before))
        else:
            values.setdefault(target.name, found[0])

    def _value(self, one: PlacedRule, target: Field, word: Cell) -> Any:
        rule = one.rule
        if one.values or rule.otherwise != "keep" or rule.fallback is not None:
            key = plain(as_text(word))
            if key in one.values:
                stored = one.values[key]
                return None if stored is None else read(stored, target, one.manner)
            if rule.fallback is not None:
                return read(rule.fallback, target, one.manner)
            if rule.otherwise == "ignore":
                return None
            if rule.otherwise == "reject":
                known = "、".join(list(rule.values)[:12])
                return Unreadable(
                    "value.not_in_table", {"value": as_text(word)[:60], "known": known}, "hint.value_table"
                )
        return read(word, target, one.manner)

    def _trouble(
        self,
        one: PlacedRule,
        row: Row,
        cell: Cell,
        problem: Problem,
        targets: tuple[Field, ...],
        problems: list[Problem],
        troubled: set[str],
    ) -> None:
        place = one.places[0]
        troubled.update(target.name for target in targets)
        problems.append(
            replace(problem, sheet=row.sheet, row=row.number, column=letter(place), header=headers.label(self.header,
            place),
                    value=as_text(cell)[:300], field=targets[0].name if targets else "")
        )  # fmt: skip

    def _group_field(self, row: Row, values: dict[str, Any], problems: list[Problem]) -> None:
        sub = self.mapping.source.sub_headers
        if not sub or not sub.field or not self.group_value or sub.field in values:
            return
        target = self.fields.get(sub.field) or Field(sub.field)
        value = read(self.group_value, target, Manner())
        if isinstance(value, Unreadable):
            problems.append(
                replace(of(value), sheet=row.sheet, row=row.number, field=target.name, value=self.group_value)
            )
        elif value is not None:
            value = value.value if isinstance(value, Noted) else value
            values[target.name] = (value,) if target.many else value

    def _whole(
        self,
        row: Row,
        values: dict[str, Any],
        problems: list[Problem],
        troubled: set[str],
        places_of: MappingType[str, int],
    ) -> None:
        """What only the whole row shows: a required field left out, an end before its beginning."""
        for one in self.wholes:
            name = one.name
            value, start = values.get(name), values.get(one.not_before) if one.not_before else None
            is_missing = one.required and value is None and name not in values and name not in troubled
            if not is_missing and start is None:
                continue
            place = places_of.get(name)
            where: dict[str, Any] = {
                "sheet": row.sheet, "row": row.number, "field": name, "column": "" if place is None else letter(place),
                "header": "" if place is None else headers.label(self.header, place),
            }  # fmt: skip
            if is_missing:
                label = {"label": one.zh or name, "label_en": one.en or name}
                problems.append(Problem("field.required", label, hint="hint.required", **where))
            if isinstance(value, PartialDate) and isinstance(start, PartialDate) and value.is_surely_before(start):
                other = self.fields[one.not_before] if one.not_before in self.fields else Field(one.not_before)
                params = {
                    "value": value.text, "start": start.text, "label": one.zh or name, "label_en": one.en or name,
                    "other": other.zh or other.name, "other_en": other.en or other.name,
                }  # fmt: skip
                problems.append(
                    Problem("date.before_start", params, hint="hint.before_start", value=value.text, **where)
                )
