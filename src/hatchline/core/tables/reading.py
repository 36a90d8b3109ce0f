"""Opening a table somebody made: CSV in any common encoding and delimiter, XLSX, XLS, ODS.

    with open_table(path) as table:
        for row in table.rows():
            ...

Whatever the bytes are, the answer is rows or UnableToReadTable with its problems; no other exception comes out.
"""

from __future__ import annotations

import contextlib
import difflib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

import python_calamine as calamine

from hatchline.core.tables import delimited, zips
from hatchline.core.tables.encodings import EncodingChoice
from hatchline.core.tables.limits import DEFAULT, Limits
from hatchline.core.tables.problems import Problem, UnableToReadTable
from hatchline.core.tables.rows import Cell, Row, as_text, letter, position
from hatchline.core.tables.zips import SheetNote, wrong_type

FileKind = Literal["csv", "xlsx", "xls", "ods"]

_MAGIC = [
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"), (b"{\\rtf", "RTF"), (b"SQLite format 3", "SQLite"), (b"\x7fELF", "program"), (b"MZ\x90",
    "program"),
    (b"PAR1", "Parquet"),
]  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Sheet:
    """A sheet of the file. `rows` and `columns` span its filled cells, None when not known before reading."""

    name: str
    rows: int | None = None
    columns: int | None = None
    is_hidden: bool = False


@dataclass
class Table:
    """An open file. `sheet` is the one that `rows()` reads unless told another. Close it, or use `with`."""

    kind: FileKind
    sheets: tuple[Sheet, ...]
    sheet: str
    limits: Limits
    encoding: EncodingChoice | None = None
    delimiter: str = ""
    excel_epoch: Literal[1900, 1904] = 1900
    problems: tuple[Problem, ...] = ()
    _handle: BinaryIO | None = None
    _owns: bool = False
    _book: Any = None
    _notes: dict[str, SheetNote] = field(default_factory=dict)
    _skip: int = 0

    def rows(self, sheet: str | int | None = None) -> Iterator[Row]:
        """Stream the rows of a sheet by name or number from 1. Raises UnableToReadTable."""
        name = self.sheet if sheet is None else named(self.sheets, sheet)
        if self._book is not None:
            return self._workbook_rows(name)
        assert self._handle is not None and self.encoding is not None
        return delimited.rows_of(
            self._handle,
            sheet=name,
            encoding=self.encoding.name,
            delimiter=self.delimiter,
            skip=self._skip,
            limits=self.limits,
        )

    def estimated_rows(self, sheet: str | None = None) -> int:
        """How many rows to expect, for a true progress bar; CSV counts line ends, so line breaks in cells raise it."""
        if self._book is not None:
            found = next((one for one in self.sheets if one.name == (sheet or self.sheet)), None)
            return (found.rows if found else 0) or 0
        assert self._handle is not None
        return sum(chunk.count(b"\n") for chunk in delimited.chunks(self._handle)) or 1

    def close(self) -> None:
        if self._book is not None:
            with contextlib.suppress(Exception):
                self._book.close()
        if self._owns and self._handle is not None:
            self._handle.close()

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _workbook_rows(self, name: str) -> Iterator[Row]:
        note = self._notes.get(name, SheetNote())
        _check_extent(name, note, self.limits)
        sheet = _guarded(lambda: self._book.get_sheet_by_name(name))
        flaws = _flaws(name, note)
        width = 0 if sheet.end is None else sheet.end[1] + 1
        if width > self.limits.columns:
            raise UnableToReadTable(delimited.too_many_columns(name, width, self.limits))
        if sheet.total_height > self.limits.rows:
            raise UnableToReadTable(
                Problem("file.too_many_rows", {"limit": self.limits.rows}, sheet=name, hint="hint.split_file")
            )
        lead: tuple[Cell, ...] = ("",) * (0 if sheet.start is None else sheet.start[1])
        merges = _Merges(_guarded(lambda: sheet.merged_cell_ranges) or [], width)
        records = iter(_guarded(sheet.iter_rows))
        number = 0
        while (record := _guarded(lambda: next(records, None))) is not None:
            number += 1
            cells = lead + tuple(record)
            yield Row(name, number, cells, merges.covered(number - 1, cells), flaws.get(number, ()))
        for last in range(number + 1, max(flaws, default=0) + 1):  # a row of nothing but unusable cells
            yield Row(name, last, ("",) * width, {}, flaws.get(last, ()))


class _Merges:
    """Merged ranges, followed downwards while rows stream by."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]], width: int) -> None:
        self._width = width
        self._starting: dict[int, list[tuple[int, int, int]]] = {}
        for (top, left), (bottom, right) in ranges:
            self._starting.setdefault(top, []).append((left, bottom, right))
        self._active: list[tuple[int, int, int, int, Cell]] = []

    def covered(self, row: int, cells: tuple[Cell, ...]) -> dict[int, Cell]:
        for left, bottom, right in self._starting.get(row, ()):
            origin = cells[left] if left < len(cells) else ""
            self._active.append((row, left, bottom, right, origin))
        self._active = [merge for merge in self._active if merge[2] >= row]
        found: dict[int, Cell] = {}
        for top, left, _, right, value in self._active:
            for column in range(left, min(right + 1, self._width)):
                if (row, column) != (top, left):
                    found[column] = value
        return found


def open_table(
    source: bytes | Path | BinaryIO,
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits = DEFAULT,
) -> Table:
    """Open a file by what is in it, not by its name.

    `sheet` is a name or a number from 1; without it the first visible sheet that has rows. `encoding` and `delimiter`
    override what would be chosen. Raises UnableToReadTable.
    """
    handle, owns = _opened(source)
    try:
        table = _table(handle, encoding, delimiter, limits)
        table._owns = owns
        if sheet is not None:
            table.sheet = named(table.sheets, sheet)
        return table
    except BaseException:
        if owns:
            handle.close()
        raise


def named(sheets: tuple[Sheet, ...], wanted: str | int) -> str:
    """The sheet's exact name. Raises UnableToReadTable that offers the nearest names."""
    names = [sheet.name for sheet in sheets]
    if isinstance(wanted, int):
        if 1 <= wanted <= len(names):
            return names[wanted - 1]
    elif wanted in names:
        return wanted
    else:
        for name in names:
            if name.strip().casefold() == wanted.strip().casefold():
                return name
    near = difflib.get_close_matches(str(wanted), names, n=3, cutoff=0.3) or names[:5]
    params = {"wanted": str(wanted)[:80], "names": "、".join(near), "count": len(names)}
    raise UnableToReadTable(Problem("file.no_such_sheet", params, hint="hint.sheet"))


def _opened(source: bytes | Path | BinaryIO) -> tuple[BinaryIO, bool]:
    if isinstance(source, bytes):
        return io.BytesIO(source), True
    if isinstance(source, Path):
        try:
            return source.open("rb"), True
        except OSError as error:
            params = {"name": source.name, "reason": error.strerror or ""}
            raise UnableToReadTable(Problem("file.not_opened", params, hint="hint.file")) from error
    return source, False


def _table(handle: BinaryIO, encoding: str | None, delimiter: str | None, limits: Limits) -> Table:
    size = handle.seek(0, io.SEEK_END)
    if size > limits.file_bytes:
        params = {"megabytes": size >> 20, "limit": limits.file_bytes >> 20}
        raise UnableToReadTable(Problem("file.too_large", params, hint="hint.split_file"))
    handle.seek(0)
    head = handle.read(4096)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe") and size <= 4096:
        raise UnableToReadTable(Problem("file.empty", hint="hint.empty"))
    if head.startswith(b"PK"):
        return _zipped(handle, limits)
    if head.startswith(_OLE):
        return _ole(handle, limits)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise wrong_type(name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise wrong_type("HTML")
    if start.startswith((b"<?xml", b'{"', b"[{")):
        raise wrong_type("XML" if start.startswith(b"<") else "JSON")
    return _delimited(handle, encoding, delimiter, limits)


def _delimited(handle: BinaryIO, encoding: str | None, delimiter: str | None, limits: Limits) -> Table:
    choice = delimited.encoding_of(handle, encoding)
    mark, skip = delimited.delimiter_of(handle, choice.name)
    if delimiter:
        mark = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(delimiter.lower(), delimiter)
        if len(mark) != 1 or mark in '\r\n"':
            raise UnableToReadTable(
                Problem("file.delimiter_unknown", {"delimiter": delimiter[:20]}, hint="hint.delimiter")
            )
    problems = []
    if choice.has_bad_bytes:
        problems.append(Problem("file.bad_bytes", {"encoding": choice.name}, severity="warning", hint="hint.encoding"))
    elif choice.confidence < 0.5:
        params = {"encoding": choice.name, "others": "、".join(choice.others[:3]) or "-"}
        problems.append(Problem("file.encoding_unsure", params, severity="warning", hint="hint.encoding"))
    table = Table(
        "csv", (Sheet("CSV"),), "CSV", limits, choice, mark, problems=tuple(problems), _handle=handle, _skip=skip
    )
    _check_start(table)
    return table


def _check_start(table: Table) -> None:
    """Look at the first rows, so that what is hopeless is refused on opening."""
    some = 0
    controls = total = 0
    for row in table.rows():
        text = "".join(as_text(cell) for cell in row.cells)
        controls += sum(char < " " and char not in "\t\r\n\f\v" for char in text)
        total += len(text)
        some += not row.is_blank
        if row.number >= 50:
            break
    if total and controls > max(3, total * 0.02):
        raise wrong_type("binary")
    if not some and total == 0 and table.estimated_rows() <= 50:
        raise UnableToReadTable(Problem("file.empty", hint="hint.empty"))


def _zipped(handle: BinaryIO, limits: Limits) -> Table:
    kind, notes, uses_1904 = zips.inspect(handle, limits)
    for name, note in notes.items():
        _check_extent(name, note, limits)
    handle.seek(0)
    return _workbook(handle, "ods" if kind == "ods" else "xlsx", notes, 1904 if uses_1904 else 1900, limits)


def _ole(handle: BinaryIO, limits: Limits) -> Table:
    handle.seek(0)
    whole = handle.read()
    for stream, name in (("EncryptedPackage", ""), ("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint")):
        if stream.encode("utf-16-le") in whole:
            if not name:
                raise UnableToReadTable(Problem("file.encrypted", hint="hint.encrypted"))
            raise wrong_type(name)
    handle.seek(0)
    return _workbook(handle, "xls", {}, 1900, limits)


def _workbook(
    handle: BinaryIO, kind: FileKind, notes: dict[str, SheetNote], epoch: Literal[1900, 1904], limits: Limits
) -> Table:
    book = _guarded(lambda: calamine.CalamineWorkbook.from_filelike(handle))
    sheets = []
    for meta in _guarded(lambda: book.sheets_metadata):
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            note = notes.get(meta.name)
            hidden = meta.visible != calamine.SheetVisibleEnum.Visible
            rows, columns = (note.rows, note.columns) if note else (None, None)
            if kind == "xls":
                sheet = _guarded(lambda name=meta.name: book.get_sheet_by_name(name))
                rows, columns = sheet.total_height, (0 if sheet.end is None else sheet.end[1] + 1)
                if sheet.start is None:
                    rows = columns = 0
            sheets.append(Sheet(meta.name, rows, columns, hidden))
    if not sheets:
        raise UnableToReadTable(Problem("file.no_sheets", hint="hint.empty"))
    filled = [sheet for sheet in sheets if sheet.rows != 0]
    if not filled:
        raise UnableToReadTable(Problem("file.empty", hint="hint.empty"))
    first = next((sheet for sheet in filled if not sheet.is_hidden), filled[0])
    return Table(kind, tuple(sheets), first.name, limits, excel_epoch=epoch, _handle=handle, _book=book, _notes=notes)


def _check_extent(name: str, note: SheetNote, limits: Limits) -> None:
    if note.columns > limits.columns:
        raise UnableToReadTable(delimited.too_many_columns(name, note.columns, limits))
    if note.rows > limits.rows:
        raise UnableToReadTable(
            Problem("file.too_many_rows", {"limit": limits.rows}, sheet=name, hint="hint.split_file")
        )
    if note.rows * note.columns > limits.cells:
        params = {"rows": note.rows, "columns": note.columns, "limit": limits.cells}
        raise UnableToReadTable(Problem("file.too_many_cells", params, sheet=name, hint="hint.save_as_csv"))


def _flaws(sheet: str, note: SheetNote) -> dict[int, tuple[tuple[int, Problem], ...]]:
    found: dict[int, list[tuple[int, Problem]]] = {}
    cells = [(address, "cell.formula_without_value", "") for address in note.empty_formulas]
    cells += [(address, "cell.error_value", value) for address, value in note.errors.items()]
    for address, code, value in cells:
        letters = address.rstrip("0123456789")
        row, column = int(address[len(letters) :]), position(letters)
        hint = "hint.formula" if code == "cell.formula_without_value" else "hint.error_value"
        problem = Problem(
            code, {"address": address}, sheet=sheet, row=row, column=letter(column), value=value, hint=hint
        )
        found.setdefault(row, []).append((column, problem))
    return {row: tuple(sorted(items, key=lambda item: item[0])) for row, items in found.items()}


def _guarded(call: Any) -> Any:
    """Run a call of the spreadsheet reader: whatever it throws, panics of its own runtime too, becomes a problem."""
    try:
        return call()
    except UnableToReadTable:
        raise
    except calamine.PasswordError as error:
        raise UnableToReadTable(Problem("file.encrypted", hint="hint.encrypted")) from error
    except Exception as error:
        raise zips.damaged(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise zips.damaged("panic") from error
        raise
