"""`install(env)` gives a Jinja2 environment the filters and functions that macros and pages use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation
from jinja2 import pass_context
from jinja2.runtime import Context

from hatchline.sites.components import fields, formatting, parts, pictures

FILTERS = {
    "number": formatting.number,
    "plain_number": formatting.plain,
    "big": formatting.big,
    "money": formatting.money,
    "area": formatting.area,
    "percent": formatting.percent,
    "counted": formatting.counted,
    "date": formatting.date_table,
    "date_prose": formatting.date_prose,
    "day_month": formatting.day_month,
    "moment": formatting.moment,
    "remaining": formatting.remaining,
    "file_size": formatting.file_size,
    "yes_no": formatting.yes_no,
    "lead": formatting.lead,
    "listed": formatting.listed,
    "masked": formatting.masked,
    "person_name": formatting.person,
    "loosely": formatting.loosely,
    "data_json": formatting.data_json,
}


def _at_render(function: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja2 works out a filter of a literal once, when it compiles; words depend on the language of each request."""

    @pass_context
    def filtered(_context: Context, *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return filtered


def icon_url(name: str) -> str:
    """The address of one icon in the sprite."""
    return f"{parts.built('icons.svg')}#{name}"


def current_language() -> str:
    """The language of the request: zh-hans or en."""
    return translation.get_language() or "zh-hans"


GLOBALS: dict[str, Any] = {
    "built": parts.built,
    "icon": parts.icon,
    "level_icon": parts.level_icon,
    "status": parts.status,
    "chip": parts.chip,
    "cell": parts.cell,
    "icon_url": icon_url,
    "current_language": current_language,
    "unknown": formatting.unknown,
    "clock_note": formatting.clock_note,
    "span_of": formatting.span,
    "urgency_of": formatting.urgency,
    "column": pictures.column,
    "field_arguments": fields.arguments,
    "form_problems": fields.problems,
    "sparkline": pictures.sparkline,
    "threshold_bar": pictures.threshold_bar,
    "timeline_of": pictures.timeline,
    "bars_of": pictures.bars,
    "tiles_of": pictures.tiles,
}


def install(env: Any) -> None:
    """Register every filter and global; called once by the project's environment."""
    env.filters.update({name: _at_render(function) for name, function in FILTERS.items()})
    env.globals.update(GLOBALS)
