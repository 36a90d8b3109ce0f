"""The parts of a list that are many: its rows, and the choices of its filters. Drawn by plain functions, since a
template's macros cost more than the query they show."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import engines
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from hatchline.sites.components import formatting
from hatchline.sites.days import Asked
from hatchline.sites.lists.declaration import Bulk, Column, List, Row


@lru_cache(maxsize=1)
def _macros() -> Any:
    return engines["jinja2"].env.get_template("components/ui.jinja").module


def menu(label: Any, options: list[dict[str, Any]]) -> Markup:
    """One filter with its choices, as the component draws it."""
    drawn: Markup = Markup(_macros().filter_menu(label, options))
    return drawn


@lru_cache(maxsize=200)
def bulk_buttons(offered: tuple[Bulk, ...], language: str) -> Markup:
    """The buttons over the chosen rows: what the list offers to this role, and the files."""
    button = _macros().button
    files = (("xlsx", _("导出 Excel")), ("csv", _("导出 CSV")))
    drawn = [
        button(each.label, name="list_action", value=f"bulk:{each.key}", icon_name=each.icon, small=True)
        for each in offered
    ]
    drawn += [
        button(word, name="list_action", value=f"bulk:{form}", icon_name="table-export", small=True)
        for form, word in files
    ]
    return Markup("").join(drawn)


def body(
    declared: List, columns: list[Column], rows: list[Row], asked: Asked | None = None, picked: str = "pk"
) -> Markup:
    """The rows of the table, as ``ui.table`` draws them, with a box to pick each. ``asked``: the day links lead to."""
    word = _("选中第 %(place)s 行")
    unknown = formatting.unknown()
    blanks = [unknown if column.blank is None else escape(column.blank) for column in columns]
    parts: list[str] = []
    add = parts.append
    for place, row in enumerate(rows, 1):
        where = declared.href(row) if declared.href is not None else ""
        href = escape(where if asked is None else asked.onward(where))
        code = escape(declared.code(row)) if declared.code is not None else ""
        add("<tr")
        if href:
            add(f' data-href="{href}"')
        if code:
            add(f' data-code="{code}"')
        said = escape(word % {"place": place})
        add(
            f'><td class="hl-pick"><input class="hl-check" type="checkbox" name="{picked}" value="{row["pk"]}"'
            f' data-pick aria-label="{said}"></td>'
        )
        for column, blank in zip(columns, blanks, strict=True):
            value = column.show(row) if column.show is not None else row[column.key]
            inner = blank if value is None or value == "" else escape(value)
            if not column.head:
                add(f"<td{column.attributes}>{inner}</td>")
            elif href:
                add(f'<th scope="row"><a class="hl-row-link" href="{href}">{inner}</a></th>')
            else:
                add(f'<th scope="row">{inner}</th>')
        add("</tr>\n")
    return Markup("".join(parts))
