"""Looking into a zipped workbook before anything opens it: size, ratio, extent, formulas without a result."""

from __future__ import annotations

import copy
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hatchline.core.tables.limits import Limits
from hatchline.core.tables.problems import Problem, UnableToReadTable
from hatchline.core.tables.rows import position

_BLOCK = 1 << 20


@dataclass
class SheetNote:
    """What the scan of a sheet found: extent of its filled cells, and cells that cannot be taken."""

    rows: int = 0
    columns: int = 0
    empty_formulas: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def damaged(detail: str = "") -> UnableToReadTable:
    return UnableToReadTable(Problem("file.damaged", {"detail": detail[:80]}, hint="hint.damaged"))


def inspect(handle: BinaryIO, limits: Limits) -> tuple[str, dict[str, SheetNote], bool]:
    """("xlsx" or "ods", notes by part or sheet name, whether dates count from 1904).

    Raises UnableToReadTable for a zip that unpacks too far, is damaged, encrypted or not a workbook.
    """
    try:
        with zipfile.ZipFile(handle) as archive:
            return _inspected(archive, limits)
    except UnableToReadTable:
        raise
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, IndexError, NotImplementedError,
        RuntimeError,
        UnicodeError, ParseError, DefusedXmlException, OverflowError, MemoryError,
    ) as error:  # fmt: skip
        raise damaged(type(error).__name__) from error


def _inspected(archive: zipfile.ZipFile, limits: Limits) -> tuple[str, dict[str, SheetNote], bool]:
    infos = {info.filename.lstrip("/").replace("\\", "/"): info for info in archive.infolist()}
    if len(infos) > limits.entries:
        raise _bomb(len(infos), limits)
    packed = sum(info.compress_size for info in infos.values())
    unpacked = sum(info.file_size for info in infos.values())
    if unpacked > limits.unpacked_bytes or (unpacked > limits.ratio_from_bytes and unpacked > packed * limits.ratio):
        raise _bomb(unpacked, limits)
    if any(info.flag_bits & 1 for info in infos.values()):
        raise UnableToReadTable(Problem("file.encrypted", hint="hint.encrypted"))
    kind = _kind(archive, infos)
    budget = [limits.unpacked_bytes]
    if kind == "ods":
        return kind, _ods_notes(archive, infos["content.xml"], budget, limits), False
    notes = {}
    uses_1904 = False
    for name, info in infos.items():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name, re.I):
            notes[name] = _sheet_note(_unpacked(archive, info, budget, limits))
        elif name.lower() in ("xl/sharedstrings.xml", "xl/styles.xml"):
            for _ in _unpacked(archive, info, budget, limits):
                pass
        elif name.lower() == "xl/workbook.xml":
            uses_1904 = bool(re.search(rb'date1904="(1|true)"', b"".join(_unpacked(archive, info, budget, limits))))
    return kind, _by_sheet_name(archive, infos, notes), uses_1904


def _kind(archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> str:
    lower = {name.lower() for name in infos}
    if "mimetype" in infos and "content.xml" in infos:
        declared = archive.read(infos["mimetype"])[:100] if infos["mimetype"].file_size < 200 else b""
        if b"opendocument.spreadsheet" in declared:
            return "ods"
        raise wrong_type("OpenDocument")
    if "xl/workbook.xml" in lower:
        return "xlsx"
    if "xl/workbook.bin" in lower:
        raise wrong_type("XLSB")
    for part, name in (("word/", "Word"), ("ppt/", "PowerPoint"), ("index/", "Numbers / Pages")):
        if any(entry.startswith(part) for entry in lower):
            raise wrong_type(name)
    raise wrong_type("ZIP")


def wrong_type(found: str) -> UnableToReadTable:
    return UnableToReadTable(Problem("file.wrong_type", {"found": found}, hint="hint.wrong_type"))


def _bomb(size: int, limits: Limits) -> UnableToReadTable:
    params = {"megabytes": max(1, size >> 20), "limit": limits.unpacked_bytes >> 20}
    return UnableToReadTable(Problem("file.zip_bomb", params, hint="hint.zip_bomb"))


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: list[int], limits: Limits) -> Iterator[bytes]:
    """The bytes of an entry. The directory's size is not believed: what comes out is counted."""
    honest = copy.copy(info)
    honest.file_size = 1 << 62
    out = 0
    with archive.open(honest) as stream:
        while block := stream.read(_BLOCK):
            out += len(block)
            budget[0] -= len(block)
            if budget[0] < 0:
                raise _bomb(limits.unpacked_bytes - budget[0], limits)
            if out > limits.ratio_from_bytes and out > max(1, info.compress_size) * limits.ratio:
                raise _bomb(out, limits)
            if b"<!ENTITY" in block:
                raise damaged("ENTITY")
            yield block
    if out != info.file_size:
        raise damaged("size")


_CELL = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br=["']([A-Za-z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b([^<>]*?)\br=["']([A-Z]{1,3}\d{1,7})["']([^<>]*)>\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^<>]*\bt=["']e["'])[^<>]*?\br=["']([A-Z]{1,3}\d{1,7})["'][^<>]*>(?:\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>))?"""
    rb"""\s*<(?:\w+:)?v>([^<]*)</"""
)
_KEPT = 10_000


def _sheet_note(blocks: Iterator[bytes]) -> SheetNote:
    note = SheetNote()
    seen: set[bytes] = set()
    rest = b""
    for block in blocks:
        text = rest + block
        cut = text.rfind(b"</row>") + 6
        if cut < 6:
            cut = text.rfind(b"<") if len(text) > 4 * _BLOCK else 0
        text, rest = text[:cut], text[cut:]
        _note(note, seen, text)
    _note(note, seen, rest)
    note.columns = max((position(name.decode()) + 1 for name in seen), default=0)
    return note


def _note(note: SheetNote, seen: set[bytes], text: bytes) -> None:
    found = _CELL.findall(text)
    if found:
        seen.update({name for name, _ in found})
        note.rows = max(note.rows, int(found[-1][1]), max(map(int, {row for _, row in found})))
    if b"<f" in text or b":f" in text:
        for match in _FORMULA.finditer(text):
            if b't="str"' not in match[1] + match[3] and len(note.empty_formulas) < _KEPT:
                note.empty_formulas.append(match[2].decode())
    if b't="e"' in text or b"t='e'" in text:
        for match in _ERROR.finditer(text):
            if len(note.errors) < _KEPT:
                note.errors[match[1].decode()] = match[2].decode("ascii", "replace")


def _by_sheet_name(
    archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo], notes: dict[str, SheetNote]
) -> dict[str, SheetNote]:
    """Notes by the sheet's name, through the workbook's relations."""
    lower = {name.lower(): info for name, info in infos.items()}
    book, links = lower.get("xl/workbook.xml"), lower.get("xl/_rels/workbook.xml.rels")
    if not book or not links or max(book.file_size, links.file_size) > 8 << 20:
        return notes
    targets = {}
    for link in fromstring(archive.read(links)):
        target = link.get("Target", "")
        targets[link.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    named = {}
    for element in fromstring(archive.read(book)).iter():
        if element.tag.rsplit("}", 1)[-1] == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            note = notes.get(targets.get(relation, ""))
            if note:
                named[element.get("name", "")] = note
    return named


_ODS = re.compile(rb"""<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^<>]*)>|<(text:p)\b""")


def _ods_notes(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: list[int], limits: Limits
) -> dict[str, SheetNote]:
    """Walk content.xml by its table tags: repeats are multiplied out only in numbers, never in memory."""
    notes: dict[str, SheetNote] = {}
    note = SheetNote()
    rest, column, row, repeat, filled, cell_at, depth = b"", 0, 0, 1, 0, 0, 0
    for block in _unpacked(archive, info, budget, limits):
        text = rest + block
        cut = text.rfind(b"<")
        text, rest = text[:cut], text[cut:]
        for match in _ODS.finditer(text):
            closing, tag, attributes, paragraph = match.groups()
            if paragraph:
                filled = max(filled, cell_at)
            elif tag == b"table":
                depth += -1 if closing else 1
                if not closing:
                    name = re.search(rb'table:name="([^"]*)"', attributes)
                    note = notes.setdefault(_plain(name[1]) if name else "", SheetNote())
                    row = 0
            elif tag == b"table-row":
                if closing:
                    row += repeat
                    if filled:
                        note.rows, note.columns = max(note.rows, row), max(note.columns, filled)
                elif attributes.endswith(b"/"):
                    row += _repeat(rb"rows", attributes)
                else:
                    column, filled, repeat = 0, 0, _repeat(rb"rows", attributes)
            elif not closing:
                column += _repeat(rb"columns", attributes)
                cell_at = column
                if b"office:value-type=" in attributes or b"calcext:value-type=" in attributes:
                    filled = max(filled, column)
                elif b"table:formula=" in attributes and len(note.empty_formulas) < _KEPT:
                    note.empty_formulas.append(_address(column, row + 1))
                if b'calcext:value-type="error"' in attributes:
                    note.errors[_address(column, row + 1)] = "#"
    return notes


def _plain(name: bytes) -> str:
    text = name.decode("utf-8", "replace")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def _address(column: int, row: int) -> str:
    from hatchline.core.tables.rows import letter

    return f"{letter(max(0, column - 1))}{row}"


def _repeat(what: bytes, attributes: bytes) -> int:
    match = re.search(rb'table:number-%s-repeated="(\d{1,9})"' % what, attributes)
    return int(match[1]) if match else 1
