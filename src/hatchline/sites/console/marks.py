"""Small pieces that cells show: a status, a date as far as it is known, words in a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.template import engines
from django.utils.translation import get_language
from markupsafe import Markup

from hatchline.apps.columns.partial_dates import read
from hatchline.sites.components import formatting

LEVELS = {
    "active": "ok",
    "acquired": "info",
    "listed": "info",
    "unsaid": "info",
    "open": "ok",
    "planned": "info",
    "closed": "neutral",
    "waiting": "neutral",
    "done": "ok",
    "failed": "bad",
    "met": "ok",
    "not_met": "bad",
    "unknown": "unknown",
    "dropped": "neutral",
}


@lru_cache(maxsize=1)
def _macros() -> Any:
    return engines["jinja2"].env.get_template("components/ui.jinja").module


@lru_cache(maxsize=500)
def _drawn(word: str, level: str, language: str) -> Markup:
    drawn: Markup = Markup(_macros().status(word, level))
    return drawn


def worded(word: Any, level: str) -> Markup:
    """An icon with its word."""
    return _drawn(str(word), level, get_language() or "")


@lru_cache(maxsize=500, typed=True)  # members of two enumerations are equal where their values are
def _status(value: Any, language: str) -> Markup:
    return worded(value.label, LEVELS.get(value.value, "neutral"))


def joined_marks(*marks: Markup) -> Markup:
    """Several marks after each other."""
    return Markup(" ").join(marks)


def status(value: Any) -> Markup:
    """A status of an app (a TextChoices member) as icon and word."""
    return _status(value, get_language() or "")


@lru_cache(maxsize=500, typed=True)
def _label(value: Any, language: str) -> str:
    return str(value.label)


def label(value: Any) -> str:
    """The word of a choice (a TextChoices member) in the reader's language."""
    return _label(value, get_language() or "")


def joined(words: Iterable[str]) -> str:
    """In a row, with the sign of the language between them."""
    return (", " if (get_language() or "").startswith("en") else "、").join(words)


@lru_cache(maxsize=20_000)
def _dated(first: dt.date | None, before: dt.date | None, text: str, language: str) -> Markup | None:
    if first is None and not text:
        return None
    return formatting.date_table(read(first, before, text), language)


def partial_date(first: dt.date | None, before: dt.date | None, text: str) -> Markup | None:
    """The three columns of a partial date as a table shows it; None when nothing is known."""
    return _dated(first, before, text, get_language() or "zh-hans")
