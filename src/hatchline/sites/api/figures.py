"""Measures, and what was observed of them. ``known_at`` asks by what was recorded by the end of that day."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from hatchline.apps.observations import actions, queries
from hatchline.apps.observations.models import ValueType
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.queries import sight
from hatchline.sites.api import access, chain_schemas
from hatchline.sites.api.inputs import Day, Key
from hatchline.sites.api.operations import operation
from hatchline.sites.api.problems import Problem
from hatchline.sites.api.ventures import SEE, earlier, visible

router = Router(tags=["figures"])
KIND, FIGURES = "ventures.venture", "figures"


@operation(
    router.get, "/measures", SEE, response=list[chain_schemas.MeasureOut], summary=gettext_lazy("登记过的统计指标")
)
def list_measures(request: HttpRequest):
    names = ("code", "name", "name_en", "subject_kind", "value_type", "unit", "time_kind", "sums_over")
    return [{name: getattr(row, name) for name in names} for row in queries.measures()]


def value_out(row: Any) -> dict[str, Any]:
    """A value, amounts as numbers."""
    value = row.value
    return {
        **{name: getattr(row, name) for name in ("measure", "subject", "starts_on", "ends_before", "source")},
        "id": row.pk,
        "recorded_at": row.recorded_at,
        "value": float(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, date)
        else value,
    }


@operation(
    router.get,
    "/ventures/{pk}/observations",
    SEE,
    response=list[chain_schemas.ObservationOut],
    summary=gettext_lazy("一个创业主体的观测值：as_of 为止的报告期，known_at 为止知道的"),
)
def list_observations(request: HttpRequest, pk: Key, as_of: Day | None = None, known_at: Day | None = None):
    if not visible(request).filter(pk=pk).exists():
        raise Http404
    seen = sight.of_role(access.caller(request).role, pk)
    if seen is None or not seen.sees(FIGURES):
        raise Http404
    day = earlier(request, as_of)
    moment = None
    if known_at is not None:
        after = earlier(request, known_at, "known_at") + timedelta(days=1)
        moment = datetime.combine(after, time(), timezone.get_current_timezone())
    found = [
        row
        for subject in ventures.family(pk)
        for row in queries.values_of(KIND, subject, as_of=day, known_at=moment)
        if seen.sees_on(FIGURES, row.starts_on)
    ]
    return [value_out(row) for row in found]


def _typed(value: Any, value_type: str) -> Any:
    """A number as the measure keeps it; what is of another type is left for the verb to refuse."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if value_type == ValueType.INTEGER and float(value).is_integer():
        return int(value)
    return Decimal(str(value)) if value_type in {ValueType.DECIMAL, ValueType.MONEY} else value


@operation(
    router.post,
    "/observations",
    access.may("ventures.amend", "observations.record_own"),
    response={201: chain_schemas.ObservationOut},
    summary=gettext_lazy("登记一个观测值；看起来单位不对的要写明 sure"),
)
def record_observation(request: HttpRequest, response: HttpResponse, sent: chain_schemas.NewObservation):
    caller = access.caller(request)
    seen = sight.of_role(caller.role, sent.subject) if visible(request).filter(pk=sent.subject).exists() else None
    if seen is None or not seen.sees_on(FIGURES, sent.starts_on):
        raise Problem("invalid", _("没有这条创业主体记录。"), field="subject")
    measure = queries.measure(sent.measure)
    if measure is None or measure.subject_kind != KIND:
        raise Problem("invalid", _("没有这个统计指标。"), field="measure")
    value = _typed(sent.value, measure.value_type)
    given = actions.Given(sent.measure, sent.subject, sent.starts_on, sent.ends_before, value, sent.sure)
    actions.record(
        given, source=sent.source, by=caller.person, now=request.now, today=request.today, role_kind=caller.kind
    )
    response["Location"] = f"/api/ventures/{sent.subject}/observations"
    period = (sent.starts_on, sent.ends_before)
    [*_before, made] = queries.history(sent.measure, sent.subject, *period)
    return value_out(made)
