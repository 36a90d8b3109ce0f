"""What a file is, found in its bytes: a name can say anything."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

HEAD, TAIL = 65536, 65536


@dataclass(frozen=True)
class Kind:
    """A kind of document: the media type it is served as and the endings its name may have."""

    name: str
    media_type: str
    endings: frozenset[str]


def _kind(name: str, media_type: str, endings: str) -> Kind:
    return Kind(name, media_type, frozenset(endings.split()))


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
PDF = _kind("pdf", "application/pdf", "pdf")
PNG = _kind("png", "image/png", "png")
JPEG = _kind("jpeg", "image/jpeg", "jpg jpeg")
GIF = _kind("gif", "image/gif", "gif")
WEBP = _kind("webp", "image/webp", "webp")
TIFF = _kind("tiff", "image/tiff", "tif tiff")
XLSX = _kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", "xlsx")
DOCX = _kind("docx", f"{_OFFICE}wordprocessingml.document", "docx")
PPTX = _kind("pptx", f"{_OFFICE}presentationml.presentation", "pptx")
ODS = _kind("ods", f"{_ODF}spreadsheet", "ods")
ODT = _kind("odt", f"{_ODF}text", "odt")
ODP = _kind("odp", f"{_ODF}presentation", "odp")
OFD = _kind("ofd", "application/ofd", "ofd")  # 版式文档 GB/T 33190
OLE = _kind("ole", "application/x-ole-storage", "xls doc ppt et wps dps")  # Office until 2003, WPS
TEXT = _kind("text", "text/plain", "txt csv tsv md json yaml yml log")

DOCUMENTS = frozenset({PDF, PNG, JPEG, GIF, WEBP, TIFF, XLSX, DOCX, PPTX, ODS, ODT, ODP, OFD, OLE, TEXT})
LISTS = frozenset({XLSX, ODS, OLE, TEXT})
SERVED = {kind.media_type for kind in DOCUMENTS}

_MARKUP = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|\?php|html|head|body|script|svg|iframe|style|meta|link|table|div|img)",
    re.I,
)
_SIGNS = [
    (PNG, b"\x89PNG\r\n\x1a\n"),
    (JPEG, b"\xff\xd8\xff"),
    (GIF, b"GIF87a"),
    (GIF, b"GIF89a"),
    (TIFF, b"II*\x00"),
    (TIFF, b"MM\x00*"),
    (OLE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
]
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})

_PARTS = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX, "ppt/presentation.xml": PPTX, "OFD.xml": OFD}


class Incomplete(Exception):
    """The file begins as its kind does and does not end so: it was cut on its way."""


class Macros(Exception):
    """The document carries a program."""


def find(path: Path) -> Kind | None:
    """The kind of the file at ``path``; None when it is none of DOCUMENTS. Raises Incomplete and Macros."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        size = path.stat().st_size
        file.seek(max(0, size - TAIL))
        tail = file.read()
    if head.startswith(b"%PDF-"):
        return _whole(PDF, b"%%EOF" in tail[-2048:])
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _whole(WEBP, int.from_bytes(head[4:8], "little") + 8 <= size)
    for kind, sign in _SIGNS:
        if head.startswith(sign):
            ends = {PNG: b"IEND", JPEG: b"\xff\xd9", GIF: b"\x3b"}.get(kind, b"")
            return _whole(kind, ends in tail)
    if head.startswith(b"PK"):
        return _in_zip(path)
    return TEXT if _is_text(head) else None


def _whole(kind: Kind, is_whole: bool) -> Kind:
    if not is_whole:
        raise Incomplete(kind.name)
    return kind


def _in_zip(path: Path) -> Kind | None:
    """Names in the archive tell; nothing is unpacked but the 100 bytes of an ODF's mimetype."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names):
                raise Macros
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                said = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((kind for kind in (ODS, ODT, ODP) if kind.media_type == said), None)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Incomplete("zip") from error
    return next((kind for part, kind in _PARTS.items() if part in names), None)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, as spreadsheets write "Unicode text"
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
        return "\x00" not in text and not _MARKUP.match(text[:200].encode("utf-8", "replace"))
    return not head.translate(None, bytes(set(range(256)) - set(_CONTROL))) and not _MARKUP.match(head[:200])
