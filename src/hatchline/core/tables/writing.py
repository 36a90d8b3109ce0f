"""Tables out: CSV and XLSX that stream, and the workbook of rejected rows with their cells marked.

Cells that begin with = + - @, their wide forms or a tab never become formulas. XLSX writes them as text. CSV has no way
to say "text", so they get an apostrophe in front, as a person would type it; the transform `unquote` takes it off again
on import.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

from hatchline.core.tables.extract import Extraction
from hatchline.core.tables.headers import Header
from hatchline.core.tables.problems import Problem
from hatchline.core.tables.records import Record
from hatchline.core.tables.rows import Row, as_text, position
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.money import Amounts, Money

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # East Asian Excel takes wide ones too
_LONGEST = 32_767  # characters of an XLSX cell
_COMMENT = 1_000
REASONS = {"zh": "不能导入的原因（改好后可整列删除）", "en": "Why it was not taken (this column may be deleted)"}


def safe_text(value: str) -> str:
    """The text as a CSV cell that no spreadsheet runs."""
    return f"'{value}" if value.startswith(_DANGEROUS) or value.lstrip(" ").startswith(_DANGEROUS) else value


def cell_of(value: Any) -> Any:
    """The plain value of a cell: dates less exact than a day as text, several values joined, yuan as numbers."""
    if isinstance(value, PartialDate):
        return value.exact or value.code or value.text
    if isinstance(value, Amounts):
        return cell_of(value.single) if value.single and value.single.currency == "CNY" else value.text
    if isinstance(value, Money):
        return value.amount if value.currency == "CNY" else str(value)
    if isinstance(value, tuple | list | frozenset | set):
        return "；".join(as_text(cell_of(item)) for item in value)
    return "" if value is None else value


def write_csv(out: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write UTF-8 with its mark, rows ended by CR LF as spreadsheets expect. Gives the number of rows written."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False, errors="replace")
    writer = csv.writer(text)
    writer.writerow([safe_text(name) for name in header])
    count = 0
    for row in rows:
        cells = [cell_of(value) for value in row]
        writer.writerow([safe_text(cell) if isinstance(cell, str) else _number_text(cell) for cell in cells])
        count += 1
    text.flush()
    text.detach()
    return count


def _number_text(cell: Any) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else as_text(cell)


@dataclass
class _Sheet:
    book: Any
    sheet: Any
    formats: dict[str, Any]

    def cell(self, row: int, column: int, value: Any, name: str = "") -> None:
        """One cell of any kind; text stays text whatever it begins with."""
        value = cell_of(value)
        look = self.formats.get(name)
        if isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, look)
        elif isinstance(value, int | float | Decimal) and -(10**15) < value < 10**15:
            self.sheet.write_number(row, column, value, look)
        elif isinstance(value, datetime | date) and value.year >= 1900:
            moment = isinstance(value, datetime) and (value.hour or value.minute or value.second)
            kind = ("bad_" if name == "bad" else "") + ("moment" if moment else "day")
            self.sheet.write_datetime(
                row, column, value.replace(tzinfo=None) if isinstance(value, datetime) else value, self.formats[kind]
            )
        else:
            text = "".join(char for char in as_text(value) if char >= " " or char in "\t\n")[:_LONGEST]
            if text:
                plain = self.formats["quoted"] if not name and text.startswith(_DANGEROUS) else look
                self.sheet.write_string(row, column, text, plain)
            elif look is not None:
                self.sheet.write_blank(row, column, None, look)


def _book(out: BinaryIO) -> tuple[Any, dict[str, Any]]:
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    bad = {"bg_color": "#FBD9D3", "border": 1, "border_color": "#C4452F"}
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E9EEF5", "text_wrap": True, "valign": "top"}),
        "quoted": book.add_format({"quote_prefix": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "bad": book.add_format(bad),
        "bad_day": book.add_format({**bad, "num_format": "yyyy-mm-dd"}),
        "bad_moment": book.add_format({**bad, "num_format": "yyyy-mm-dd hh:mm"}),
        "warned": book.add_format({"bg_color": "#FFF1CC"}),
        "reason": book.add_format({"text_wrap": True, "font_color": "#8A2A1B", "valign": "top"}),
    }
    return book, formats


def sheet_name(name: str, taken: Iterable[str] = ()) -> str:
    """A name that a workbook accepts: at most 31 characters, none of []:*?/\\, not taken."""
    clean = "".join("_" if char in "[]:*?/\\" else char for char in name).strip("' ")[:31] or "Sheet1"
    used = {one.casefold() for one in taken}
    base, count = clean, 2
    while clean.casefold() in used or clean.casefold() == "history":
        clean = f"{base[:27]}_{count}"
        count += 1
    return clean


def write_xlsx(
    out: BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "Sheet1",
    widths: Sequence[int] = (),
) -> int:
    """Write one sheet with a frozen header, row by row in constant memory. Gives the number of rows written."""
    book, formats = _book(out)
    made = _Sheet(book, book.add_worksheet(sheet_name(sheet)), formats)
    made.sheet.freeze_panes(1, 0)
    for column in range(len(header)):
        usual = min(40, max(10, 2 * len(header[column])))
        made.sheet.set_column(column, column, widths[column] if column < len(widths) else usual)
    for column, name in enumerate(header):
        made.cell(0, column, name, "head")
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            made.cell(count, column, value)
    book.close()
    return count


def marked_workbook(out: BinaryIO, extraction: Extraction, records: Iterable[Record], *, language: str = "zh") -> int:
    """The rejected among `records` as a workbook that the same mapping reads again once the cells are mended.

    The header stands in its old row with the rows above it, sub-header rows stand over their group, carried cells are
    filled in; bad cells are coloured with the reason as a comment, and a last column says all reasons in words.
    Gives the number of rejected rows.
    """
    return marked_rows(out, extraction.header, extraction.above, records, language=language)


def marked_rows(
    out: BinaryIO, header: Header, above: Sequence[Row], records: Iterable[Record], *, language: str = "zh"
) -> int:
    """As `marked_workbook`, from a header and the rows above it kept from an earlier run."""
    book, formats = _book(out)
    made = _Sheet(book, book.add_worksheet(sheet_name(header.sheet or "CSV")), formats)
    reasons = max(header.width, len(header.names))
    made.sheet.set_column(0, max(0, reasons - 1), 16)
    made.sheet.set_column(reasons, reasons, 60)
    for row in above:
        for column, value in enumerate(row.cells[:reasons]):
            made.cell(row.number - 1, column, value)
    line = header.number
    if line:
        made.sheet.freeze_panes(line, 0)
        for column, name in enumerate((*header.names, *[""] * (reasons - len(header.names)), REASONS[language])):
            made.cell(line - 1, column, name, "head")
    count = 0
    group: tuple[Any, ...] = ()
    for record in _rows_of(records):
        if record.group and record.group != group:
            group = record.group
            for column, value in enumerate(group[:reasons]):
                made.cell(line, column, value)
            line += 1
        _marked_row(made, line, record, reasons, language)
        line += 1
        count += 1
    book.close()
    return count


def _rows_of(records: Iterable[Record]) -> Iterator[Record]:
    """The rejected rows; the parts of one row with their problems together."""
    rejected = (record for record in records if record.status == "rejected")
    for _place, parts in itertools.groupby(rejected, lambda record: (record.sheet, record.number)):
        first, *others = parts
        problems = list(first.problems)
        problems += [one for each in others for one in each.problems if one not in first.problems]
        yield replace(first, problems=tuple(problems)) if others else first


def _marked_row(made: _Sheet, line: int, record: Record, reasons: int, language: str) -> None:
    by_column: dict[int, list[Problem]] = {}
    for problem in record.problems:
        if problem.column:
            by_column.setdefault(position(problem.column), []).append(problem)
    for column in range(reasons):
        value = record.cells[column] if column < len(record.cells) else ""
        problems = by_column.get(column, [])
        if problems:
            bad = any(problem.severity == "error" for problem in problems)
            made.cell(line, column, value, "bad" if bad else "warned")
            made.sheet.write_comment(
                line, column, "\n".join(_said(one, language) for one in problems)[:_COMMENT], {"x_scale": 2}
            )
        else:
            made.cell(line, column, value)
    named = [(f"{one.header}: " if one.header else "") + _said(one, language) for one in record.problems]
    made.cell(line, reasons, "\n".join(named), "reason")


def _said(problem: Problem, language: str) -> str:
    return f"{problem.sentence(language)} {problem.advice(language)}".strip()
