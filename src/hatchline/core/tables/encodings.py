"""Which encoding a text file is in: the byte order mark, then what decodes and reads most like writing."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

from charset_normalizer import from_bytes

from hatchline.core.tables.hanzi import SIMPLIFIED, TRADITIONAL

BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
CANDIDATES = ("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "cp1252", "cp1250", "cp1251")
_ALIASES = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "ansi": "gb18030",
    "big5": "big5hkscs",
    "utf8": "utf-8",
    "latin1": "cp1252",
}
_SAMPLE = 64 * 1024


@dataclass(frozen=True)
class EncodingChoice:
    """The encoding chosen, how sure (0–1), and the others that would also decode, best first.

    `has_bad_bytes`: some bytes are not text in it; the rows that hold them carry a problem.
    """

    name: str
    confidence: float
    others: tuple[str, ...] = ()
    has_bad_bytes: bool = False
    is_given: bool = False


def known(name: str) -> str | None:
    """The codec for a name that people use (GBK, ANSI, utf8…), or None. Only text encodings count."""
    wanted = name.strip().lower()
    wanted = _ALIASES.get(wanted, wanted)
    try:
        info = codecs.lookup(wanted)
    except (LookupError, ValueError):
        return None
    is_text = getattr(info, "_is_text_encoding", True)
    return (
        info.name if is_text and info.name not in ("idna", "punycode", "undefined", "unicode_escape", "mbcs") else None
    )


def choose(chunks: Iterable[bytes]) -> EncodingChoice:
    """Read all chunks once and choose. Never raises for any bytes."""
    head = b""
    sample = bytearray()
    utf8 = codecs.getincrementaldecoder("utf-8")("strict")
    utf8_fails = False
    alive = {name: codecs.getincrementaldecoder(name)("strict") for name in CANDIDATES}
    is_ascii = True
    for chunk in chunks:
        if not head:
            head = chunk[:4096]
            for mark, name in BOMS:
                if head.startswith(mark):
                    return EncodingChoice(name, 1.0)
            wide = _utf16_without_mark(head)
            if wide:
                return EncodingChoice(wide, 0.8)
        if is_ascii and chunk.isascii():
            continue
        is_ascii = False
        if len(sample) < _SAMPLE:
            sample += _lines_beyond_ascii(chunk, _SAMPLE - len(sample))
        if not utf8_fails:
            utf8_fails = not _feeds(utf8, chunk)
        if utf8_fails or len(sample) < _SAMPLE:
            alive = {name: decoder for name, decoder in alive.items() if _feeds(decoder, chunk)}
    if is_ascii:
        return EncodingChoice("utf-8", 1.0)
    if not utf8_fails:
        return EncodingChoice("utf-8", 0.99)
    return _best(bytes(sample), tuple(alive))


def _feeds(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(head: bytes) -> str | None:
    """Every other byte NUL, on one side only: UTF-16 that lost its mark."""
    pairs = len(head) // 2
    if pairs < 8:
        return None
    low, high = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    for here, there, name in ((high, low, "utf-16-le"), (low, high, "utf-16-be")):
        if here > pairs * 0.4 and there < pairs * 0.02:
            return name
        if here >= 2 and not there:  # mostly Chinese, with a few commas and line ends
            text = head[: pairs * 2].decode(name, "replace")
            if plausibility(text) > 0.5 and any(mark in text for mark in "\n,\t;"):
                return name
    return None


def _lines_beyond_ascii(chunk: bytes, room: int) -> bytes:
    kept = bytearray()
    for line in chunk.split(b"\n"):
        if not line.isascii():
            kept += line + b"\n"
            if len(kept) >= room:
                break
    return bytes(kept)


def _best(sample: bytes, alive: tuple[str, ...]) -> EncodingChoice:
    mixed = sample.decode("utf-8", "replace")
    bad, good = mixed.count("\ufffd"), sum(ord(char) > 127 and char != "\ufffd" for char in mixed)
    if good > 20 * bad:
        return EncodingChoice("utf-8", 0.7, alive, has_bad_bytes=True)
    scored = sorted(
        ((plausibility(sample.decode(name, "replace")), -place, name) for place, name in enumerate(alive)), reverse=True
    )
    helped = _helped(sample)
    if helped in alive and not helped.startswith("cp125"):  # a second opinion settles near ties of East Asian codes
        scored = sorted(
            ((score + (0.05 if name == helped else 0), place, name) for score, place, name in scored), reverse=True
        )
    if scored and scored[0][0] > 0.15:
        best = scored[0]
        runner = scored[1][0] if len(scored) > 1 else 0.0
        return EncodingChoice(
            best[2], round(min(0.98, max(0.3, 0.5 + best[0] - runner)), 2), tuple(s[2] for s in scored[1:])
        )
    loose = sorted(((plausibility(sample.decode(name, "replace")), name) for name in CANDIDATES[:2]), reverse=True)
    if loose[0][0] > 0.4:
        return EncodingChoice(loose[0][1], 0.4, alive, has_bad_bytes=True)
    return EncodingChoice(scored[0][2] if scored else "cp1252", 0.1, alive, has_bad_bytes=not scored)


def _helped(sample: bytes) -> str | None:
    try:
        best = from_bytes(sample[:16384]).best()
    except Exception:  # a helper's failure must not stop the reading
        return None
    return known(best.encoding) if best else None


def plausibility(text: str) -> float:
    """Mean, over the characters beyond ASCII, of how much they look like writing: real text about 0.7–1."""
    score, count, before = 0.0, 0, " "
    for char in text:
        point = ord(char)
        if point < 128:
            before = char
            continue
        count += 1
        if char in SIMPLIFIED or char in TRADITIONAL:
            score += 1
        elif 0x4E00 <= point <= 0x9FFF:
            score += 0.15
        elif 0x3000 <= point <= 0x303F or 0xFF01 <= point <= 0xFF5E or char in "“”‘’—…·《》":
            score += 0.7
        elif 0x3041 <= point <= 0x30FE:
            score += 0.8
        elif 0xAC00 <= point <= 0xD7A3:
            score += 0.75
        elif 0x0410 <= point <= 0x044F:
            score += 0.75 if before.islower() == char.islower() or before in ' ,;"\n' else 0.2
        elif point in (0xD7, 0xF7) or 0x80 <= point <= 0xBF:
            score += 0.3 if char in "£©®°·«»§±²³´" else -0.3
        elif 0xC0 <= point <= 0x17F:
            score += 0.9 if before.isascii() and before.isalpha() and (char.islower() or before.isupper()) else 0.2
        elif char in "€–™‰†•ŒœŠšŽžŸ":
            score += 0.4
        else:
            score -= 0.5
        before = char
    return max(0.0, score / count) if count else 1.0
