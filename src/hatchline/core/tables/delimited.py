"""Delimited text: which delimiter, then a stream of records. Memory stays small whatever the file's length."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from hatchline.core.tables import encodings
from hatchline.core.tables.encodings import EncodingChoice
from hatchline.core.tables.limits import Limits
from hatchline.core.tables.problems import Problem, UnableToReadTable
from hatchline.core.tables.rows import Row, letter

DELIMITERS = (",", "\t", ";", "|", "，", "；")
_IN_SENTENCES = frozenset(
    "，；;|"
)  # also written inside cells: two columns are one where the first line is not divided
_CHUNK = 1024 * 1024


def chunks(handle: BinaryIO) -> Iterator[bytes]:
    handle.seek(0)
    while chunk := handle.read(_CHUNK):
        yield chunk


def encoding_of(handle: BinaryIO, given: str | None) -> EncodingChoice:
    """The encoding of the file. Raises UnableToReadTable for an unknown name or NUL bytes."""
    if given:
        name = encodings.known(given)
        if name is None:
            raise UnableToReadTable(Problem("file.encoding_unknown", {"encoding": given[:40]}, hint="hint.encoding"))
        if name == "utf-8":
            name = "utf-8-sig"
        choice = EncodingChoice(name, 1.0, has_bad_bytes=_has_bad_bytes(handle, name), is_given=True)
    else:
        choice = encodings.choose(chunks(handle))
    if not choice.name.startswith(("utf-16", "utf_16", "utf-32", "utf_32")):
        line = 1
        for chunk in chunks(handle):
            if b"\0" in chunk:
                line += chunk[: chunk.index(b"\0")].count(b"\n")
                raise UnableToReadTable(Problem("file.nul_bytes", {"line": line}, hint="hint.nul_bytes"))
            line += chunk.count(b"\n")
    return choice


def _has_bad_bytes(handle: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        for chunk in chunks(handle):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeError:
        return True
    return False


def open_text(handle: BinaryIO, encoding: str) -> io.TextIOWrapper:
    handle.seek(0)
    stream: Any = io.BufferedReader(_Unclosed(handle), _CHUNK)
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")


class _Unclosed(io.RawIOBase):
    """Hands on bytes without closing the caller's handle."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._handle.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def delimiter_of(handle: BinaryIO, encoding: str) -> tuple[str, int]:
    """(delimiter, records before the table: 1 when the first line is Excel's "sep=;")."""
    text = open_text(handle, encoding)
    try:
        sample = text.read(64 * 1024)
    except UnicodeError as error:  # UTF-16 with an odd end
        raise UnableToReadTable(Problem("file.not_text", {"encoding": encoding}, hint="hint.encoding")) from error
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    whole = sample if len(sample) < 60 * 1024 else sample.rsplit("\n", 1)[0]
    scored = [(_consistency(whole, mark), -place, mark) for place, mark in enumerate(DELIMITERS)]
    best = max(scored)
    return (best[2] if best[0] > 0 else ","), 0


def _consistency(sample: str, mark: str) -> float:
    """How many columns rows agree on, weighed by the share that agrees; 0 when the mark hardly divides."""
    widths: dict[int, int] = {}
    head = 0
    try:
        for number, record in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=mark)):
            if record:
                head = head or len(record)
                widths[len(record)] = widths.get(len(record), 0) + 1
            if number > 200:
                break
    except csv.Error:
        return 0
    rows = sum(widths.values())
    if not rows:
        return 0
    width, agreeing = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]))
    if width < 2 or (head < 2 and mark in _IN_SENTENCES and (width == 2 or 2 * agreeing < rows)):
        return 0
    return float(agreeing / rows * min(width, 6) ** 0.5)


def rows_of(handle: BinaryIO, *, sheet: str, encoding: str, delimiter: str, skip: int, limits: Limits) -> Iterator[Row]:
    """Stream the rows. Raises UnableToReadTable for too many rows or columns and for quotes that never close."""
    has_ended: list[bool] = []
    reader = csv.reader(_lines(open_text(handle, encoding), has_ended), delimiter=delimiter)
    number = 0
    try:
        for record in reader:
            number += 1
            if has_ended:  # the text was over before the record was: else its rest would be one endless cell
                problem = Problem("file.quotes", {"row": number}, hint="hint.quotes", sheet=sheet, row=number)
                raise UnableToReadTable(problem)
            if number <= skip:
                continue
            if number > limits.rows:
                raise UnableToReadTable(_too_many_rows(sheet, limits))
            if len(record) > limits.columns:
                raise UnableToReadTable(too_many_columns(sheet, len(record), limits, number))
            yield _row(sheet, number, record, limits)
    except csv.Error as error:
        hint = "hint.quotes" if "field larger" in str(error) else ""
        code = "file.quotes" if hint else "file.damaged_row"
        raise UnableToReadTable(Problem(code, {"row": number + 1}, sheet=sheet, row=number + 1, hint=hint)) from error
    except UnicodeError as error:
        raise UnableToReadTable(Problem("file.not_text", {"encoding": encoding}, hint="hint.encoding")) from error


def _lines(text: io.TextIOWrapper, has_ended: list[bool]) -> Iterator[str]:
    """The text's lines; ``has_ended`` is filled once somebody asks for more than there are."""
    yield from text
    has_ended.append(True)


def _row(sheet: str, number: int, record: list[str], limits: Limits) -> Row:
    if number == 1 and record:
        record[0] = record[0].removeprefix("\ufeff")
    problems = []
    for index, value in enumerate(record):
        if "\ufffd" in value or "\0" in value:
            place: dict[str, Any] = {"sheet": sheet, "row": number, "column": letter(index), "value": value[:200]}
            problems.append((index, Problem("cell.undecodable", hint="hint.encoding", **place)))
        if len(value) > limits.cell_characters:
            params = {"length": len(value), "limit": limits.cell_characters}
            problems.append((index, Problem("cell.too_long", params, sheet=sheet, row=number, column=letter(index))))
            record[index] = value[: limits.cell_characters]
    return Row(sheet, number, tuple(record), problems=tuple(problems))


def _too_many_rows(sheet: str, limits: Limits) -> Problem:
    return Problem("file.too_many_rows", {"limit": limits.rows}, sheet=sheet, hint="hint.split_file")


def too_many_columns(sheet: str, count: int, limits: Limits, row: int | None = None) -> Problem:
    params = {"count": count, "limit": limits.columns}
    return Problem("file.too_many_columns", params, sheet=sheet, row=row, hint="hint.columns")
