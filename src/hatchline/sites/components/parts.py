"""The components that a list draws hundreds of times, as functions: a Jinja2 macro costs ten times as much.

They look like macros to a page (`ui.icon`, `ui.status`, `ui.chip`, `ui.cell`); words come translated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from markupsafe import Markup, escape

from hatchline.sites.components import formatting

LEVEL_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "bad": "circle-x",
    "unknown": "help-circle",
    "neutral": "circle-dashed",
    "info": "info-circle",
}


@lru_cache(maxsize=32)
def built(name: str) -> str:
    """The address of a built file, e.g. hatchline.css (hashed where the static storage hashes)."""
    return static(f"built/{name}")


def level_icon(level: str) -> str:
    """The picture of a status; KeyError on a level there is not."""
    return LEVEL_ICONS[level]


# `typed` keeps a str and an equal Markup apart: the one is escaped, the other is not.
@lru_cache(maxsize=512, typed=True)
def icon(name: str, size: int = 16, label: str = "") -> Markup:
    """One icon of the sprite; decoration unless it has a label."""
    sized = f" hl-icon-{size}" if size != 16 else ""
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawn = Markup('<svg class="hl-icon{}" {} focusable="false"><use href="{}#{}"></use></svg>')
    return drawn.format(sized, said, built("icons.svg"), name)


def status(word: Any, level: str = "neutral", icon_name: str = "", title: str = "") -> Markup:
    """Icon and word in a status colour: a colour never stands alone."""
    return _status(word if isinstance(word, str) else str(word), level, icon_name, title)


@lru_cache(maxsize=2048, typed=True)
def _status(word: str, level: str, icon_name: str, title: str) -> Markup:
    hint = Markup(' title="{}"').format(title) if title else ""
    drawn = Markup('<span class="hl-status hl-status-{}"{}>{}{}</span>')
    return drawn.format(level, hint, icon(icon_name or level_icon(level)), word)


def chip(word: Any, level: str = "info", icon_name: str = "") -> Markup:
    """A word on a tinted ground, with its icon unless it is mere information."""
    return _chip(word if isinstance(word, str) else str(word), level, icon_name)


@lru_cache(maxsize=2048, typed=True)
def _chip(word: str, level: str, icon_name: str) -> Markup:
    picture = icon(icon_name or level_icon(level)) if icon_name or level != "info" else ""
    return Markup('<span class="hl-chip{}">{}{}</span>').format(
        "" if level == "info" else f" hl-chip-{level}", picture, word
    )


def cell(
    value: Any = "",
    kind: str = "text",
    href: str = "",
    head: bool = False,
    narrow: bool = True,
    quiet: bool = False,
    wraps: bool = False,
    state: str = "",
    title: str = "",
    caller: Callable[[], Markup] | None = None,
) -> Markup:
    """A cell of `table`. None is unknown. kind: text, number, date, status, actions; head: the cell that names the row;
    narrow=False: not on phones; state (cells of a return): prefilled, comment, warn, bad, empty."""
    inner = caller() if caller else formatting.unknown() if value is None else escape(value)
    classes = _classes(kind, narrow, quiet, wraps, state)
    if title:
        classes += f' title="{escape(title)}"'
    if state in ("warn", "bad"):
        inner = icon(LEVEL_ICONS[state]) + inner
    if href:
        inner = f'<a class="hl-row-link" href="{escape(href)}">{inner}</a>'
    return Markup(
        f'<th scope="row"{classes}>{inner}</th>' if head else f"<td{classes}>{inner}</td>"
    )  # parts are escaped


@lru_cache(maxsize=256)
def _classes(kind: str, narrow: bool, quiet: bool, wraps: bool, state: str) -> str:
    names = [
        "hl-num" * (kind == "number"),
        "hl-nowrap" * (kind in ("date", "status")),
        "hl-2" * quiet,
        "hl-wraps" * wraps,
        "hl-not-phone" * (not narrow),
        f"hl-cell-{state}" * bool(state),
    ]
    given = " ".join(name for name in names if name)
    return f' class="{given}"' if given else ""
