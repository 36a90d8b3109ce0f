"""The rows under a target's figure, as a list of its own: the same columns as the register's, on the same day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from hatchline.apps.indicators.definitions import BESIDE
from hatchline.apps.indicators.queries import Reading
from hatchline.sites import standings
from hatchline.sites.components import formatting
from hatchline.sites.console.institutions import INSTITUTIONS
from hatchline.sites.console.ventures.listing import VENTURES
from hatchline.sites.days import Asked
from hatchline.sites.lists import Column, List, Tab

SHOWN = {"name", "kinds", "level", "territory", "opened", "status", "stage", "institution", "since", "field", "titles"}


def rows_of(reading: Reading) -> List:
    """The list under a reading. Tabs: those that count, those that cannot be decided, and for a share who has it."""
    base = INSTITUTIONS if reading.subject == "institution" else VENTURES
    columns = tuple(column for column in base.columns if column.key in SHOWN or not column.shown)
    enrich: Any = base.enrich_on
    if reading.meaning is not None and reading.meaning.reckon == "sum":
        columns = (columns[0], _told(reading), *columns[1:])
        enrich = _with_told(reading, base)
    code = reading.target.code

    def rows(request: HttpRequest) -> Any:
        return base.rows(request).filter(pk__in=_keys(reading.rows))

    return replace(
        base,
        name=f"console.target.{code}",
        route="console:target",
        route_kwargs=lambda request: {"code": code},
        rows=rows,
        columns=columns,
        filters=(),
        tabs=_tabs(reading, base),
        bulk=(),
        enrich_on=enrich,
        travels=True,
        scope=lambda request: (request.role.pk, code),
        empty_title=gettext_lazy("没有计入的记录"),
        empty_text=gettext_lazy("按现在的定义，这一天没有一条记录符合。"),
        file_name=f"target-{code}",
    )


def _keys(rows: Any) -> Any:
    return rows.order_by().values("pk")


def _tabs(reading: Reading, base: List) -> tuple[Tab, ...]:
    def only(some: Any) -> Any:
        return lambda rows, request: base.rows(request).filter(pk__in=_keys(some))

    tabs = [
        Tab("", gettext_lazy("计入的")),
        Tab("undecided", gettext_lazy("还不能判断的"), only(reading.undecided_rows)),
    ]
    reckon = reading.meaning.reckon if reading.meaning is not None else ""
    if reckon == "share":
        yes, no = reading.having()
        tabs[1:1] = [
            Tab("yes", gettext_lazy("有的"), only(yes)),
            Tab("no", gettext_lazy("没有的"), only(no)),
            Tab("untold", gettext_lazy("情况不明的"), only(reading.untold_rows)),
        ]
    elif reckon == "sum":
        untold = reading.untold_rows
        tabs[1:1] = [
            Tab("told", gettext_lazy("已填报的"), only(reading.rows.exclude(pk__in=_keys(untold)))),
            Tab("untold", gettext_lazy("没有填报的"), only(untold)),
        ]
        if any(each.code == "graduates_here" for each in reading.beside):
            tabs.append(Tab("graduates_here", BESIDE["graduates_here"], only(reading.graduates_here_rows)))
    if "unplaced_rows" in reading.missing_rows:
        tabs.append(Tab("unplaced", gettext_lazy("不知在哪个区的"), only(reading.unplaced_rows)))
    return tuple(tabs)


def _told(reading: Reading) -> Column:
    """What each told for the period; who told nothing is unknown, not zero."""

    def show(row: dict[str, Any]) -> Any:
        amount = row.get("told")
        if amount is None:
            return None
        return formatting.money(amount) if reading.unit == "元" else formatting.number(amount)

    return Column(
        "told",
        standings.period_words(reading),
        show=show,
        export=lambda row: row.get("told"),
        kind="number",
        unit="",
    )


def _with_told(reading: Reading, base: List) -> Any:
    def enrich(rows: list[dict[str, Any]], asked: Asked) -> None:
        if base.enrich_on is not None:
            base.enrich_on(rows, asked)
        told = reading.told([row["pk"] for row in rows])
        for row in rows:
            row["told"] = told.get(row["pk"])

    return enrich
