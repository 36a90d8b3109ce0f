"""Texts kept as a msgid with parameters, said later in the reader's language.

A parameter is a text, a number, a day, or a lazy word (a status, a kind): words are kept as msgids and said with the
rest. Kept in JSON as themselves, ``{"day": "2017-07-18"}`` and ``{"word": "孵化器"}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext

SOURCE_LANGUAGE = "zh-hans"  # msgids are Chinese, so saying a lazy text in Chinese gives its msgid back
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def msgid(text: Any) -> str:
    """The msgid of a text or of a lazy translation."""
    if isinstance(text, Promise):
        with translation.override(SOURCE_LANGUAGE):
            return str(text)
    return str(text)


def kept(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Parameters as they go into JSON."""
    return {name: _kept(value) for name, value in (params or {}).items()}


def _kept(value: Any) -> Any:
    if isinstance(value, Promise):
        return {"word": msgid(value)}
    if isinstance(value, datetime):
        raise TypeError("say a day or a text, not a moment: its clock depends on the reader's place")
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def say(text: str, params: Mapping[str, Any]) -> str:
    """The text in the active language with its parameters in place; a parameter that is not there stays visible."""
    if not text:
        return ""
    return PLACEHOLDER.sub(lambda found: _said(params.get(found[1], found[0])), gettext(text)).replace("%%", "%")


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        if "word" in value:
            word = value["word"]
            return gettext(word)
        day = date.fromisoformat(value["day"])
        if (translation.get_language() or SOURCE_LANGUAGE).startswith("en"):
            return f"{day.day} {day:%B} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{value:,}" if isinstance(value, int) else str(value)
