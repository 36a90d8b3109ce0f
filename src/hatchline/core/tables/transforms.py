"""What may be done to a text before it becomes a value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable


def half_width(text: str) -> str:
    """Ａ１（　→ A1( : the full-width block and the wide space only, nothing else is touched."""
    if text.isascii():
        return text
    return "".join(
        chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else " " if char == "\u3000" else char for char in text
    )


def _strip_suffix(text: str, argument: str) -> str:
    for suffix in argument.split("|"):
        if suffix and text.endswith(suffix) and len(text) > len(suffix):
            return text[: -len(suffix)].rstrip()
    return text


def _strip_prefix(text: str, argument: str) -> str:
    for prefix in argument.split("|"):
        if prefix and text.startswith(prefix) and len(text) > len(prefix):
            return text[len(prefix) :].lstrip()
    return text


TRANSFORMS: dict[str, Callable[[str, str], str]] = {
    "strip": lambda text, _: text.strip(" \t\r\n\u3000\u00a0\u200b\ufeff"),
    "collapse_spaces": lambda text, _: re.sub(r"\s+", " ", text).strip(),
    "remove_spaces": lambda text, _: re.sub(r"\s+", "", text),
    "half_width": lambda text, _: half_width(text),
    "nfkc": lambda text, _: unicodedata.normalize("NFKC", text),
    "upper": lambda text, _: text.upper(),
    "lower": lambda text, _: text.lower(),
    "strip_suffix": _strip_suffix,
    "strip_prefix": _strip_prefix,
    "strip_brackets": lambda text, _: re.sub(r"\s*[（(][^（()）]*[)）]\s*$", "", text) or text,
    "digits": lambda text, _: re.sub(r"\D", "", text),
    "unquote": lambda text, _: text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text,
    "first_line": lambda text, _: text.strip().split("\n", 1)[0].strip(),
}


def applied(text: str, names: tuple[str, ...]) -> str:
    """Run transforms in order; "strip_suffix:有限公司|公司" carries its argument after the colon."""
    for name in names:
        if ":" in name:
            base, _, argument = name.partition(":")
            text = TRANSFORMS[base](text, argument)
        else:
            text = TRANSFORMS[name](text, "")
    return text
