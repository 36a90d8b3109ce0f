"""Targets, what they stand at, and the rows under the figure."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy
from ninja import Router, Schema

from hatchline.apps.indicators import queries as indicators
from hatchline.sites.api import access, schemas
from hatchline.sites.api.inputs import Code, Cursor, Day, Limit
from hatchline.sites.api.operations import operation
from hatchline.sites.api.pages import Page, page
from hatchline.sites.api.ventures import earlier

router = Router(tags=["targets"])
SEE = access.may("targets.see")


class TargetRow(Schema):
    """A record under a figure: an institution or a venture, to be asked for by its key."""

    subject: str
    id: int
    name: str


def target_out(row: Any) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("code", "operator", "due_on", "document", "article", "owner_office")},
        "version": row.version,
        "measure": row.measure.code,
        "name": row.measure.name,
        "name_en": row.measure.name_en,
        "unit": row.measure.unit,
        "target": float(row.value),
        "territory": row.territory.code,
    }


@operation(router.get, "/targets", SEE, response=list[schemas.TargetOut], summary=gettext_lazy("目标"))
def list_targets(request: HttpRequest, territory: Code = ""):
    return [target_out(row) for row in indicators.targets(territory or None)]


def _reading(request: HttpRequest, code: str, on: Any, series: bool) -> Any:
    found = indicators.target(code)
    if found is None:
        raise Http404
    return indicators.reading(found, earlier(request, on, "on"), series=series)


@operation(
    router.get,
    "/targets/{code}",
    SEE,
    response=schemas.ReadingOut,
    summary=gettext_lazy("目标在某一天的数：现值、覆盖、缺什么、走势"),
)
def get_target(request: HttpRequest, code: Code, on: Day | None = None):
    found = _reading(request, code, on, True)
    coverage = found.coverage
    return {
        **target_out(found.target),
        "as_of": found.as_of,
        "value": schemas.number(found.value),
        "at_most": schemas.number(found.at_most),
        "verdict": found.verdict,
        "coverage": coverage and {"rows": coverage.rows, "decided": coverage.decided, "undecided": coverage.undecided},
        "missing": [str(each) for each in found.missing],
        "definition": str(found.definition_text),
        "due_by_now": schemas.number(found.due_by_now),
        "series": [{"on": day, "value": schemas.number(value)} for day, value in found.series],
        "series_reckoned_at": found.series_at,
        "pending": list(found.pending),
    }


@operation(
    router.get,
    "/targets/{code}/rows",
    SEE,
    response=Page[TargetRow],
    summary=gettext_lazy("现值由哪些记录组成；undecided 为真时是还不能判断的记录"),
)
def list_target_rows(
    request: HttpRequest,
    code: Code,
    on: Day | None = None,
    undecided: bool = False,
    limit: Limit = 50,
    cursor: Cursor = "",
):
    found = _reading(request, code, on, False)
    rows = found.undecided_rows if undecided else found.rows
    subject = found.subject
    return page(
        rows,
        lambda row: {"subject": subject, "id": row.pk, "name": row.name},
        name="target_rows",
        limit=limit,
        cursor=cursor,
        code=code,
        on=found.as_of,
        undecided=undecided,
    )
