"""The chain reckoned: flows between stages, and the time to graduate."""

from datetime import date
from itertools import pairwise
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.queries import Chain
from hatchline.core.chain.presence import OUTSIDE, flow
from hatchline.core.chain.stages import ORDER
from hatchline.core.chain.survival import curve
from hatchline.sites.api import access, chain_schemas
from hatchline.sites.api.inputs import Code, Day, Key
from hatchline.sites.api.operations import operation
from hatchline.sites.api.problems import Problem
from hatchline.sites.api.ventures import earlier

router = Router(tags=["chain"])
SEE = access.may("chain.see")
MOST_DAYS = 200


def _part(request: HttpRequest, institution: int | None, field: str, classification: str) -> Chain:
    """The stays of one institution, one field, or both."""
    technology = None
    seen = institutions.visible_to(access.caller(request).role, today=request.today)
    if institution is not None and not seen.filter(pk=institution).exists():
        raise Problem("invalid", _("没有这家孵化机构。"), field="institution")
    if field:
        key = bodies.class_keys(classification).get(field)
        if key is None:
            raise Problem("invalid", _("这个分类标准里没有这个代码。"), field="field")
        technology = [key]
    return queries.present_chain().of([institution] if institution is not None else None, technology)


def _ends(since: date, until: date, by: str) -> list[date]:
    """The last days of years or quarters between two days, and both."""
    months = (12,) if by == "year" else (3, 6, 9, 12)
    last = {3: 31, 6: 30, 9: 30, 12: 31}
    found = [date(year, month, last[month]) for year in range(since.year, until.year + 1) for month in months]
    return sorted({since, until, *(day for day in found if since < day < until)})


@operation(
    router.get,
    "/chain/flow",
    SEE,
    response=chain_schemas.FlowsOut,
    summary=gettext_lazy("各年末或季末之间，创业主体在各阶段的流向"),
)
def get_flow(
    request: HttpRequest,
    since: Day,
    until: Day | None = None,
    by: Literal["year", "quarter"] = "year",
    institution: Key | None = None,
    field: Code = "",
    classification: Code = "hightech-2016",
):
    last = earlier(request, until, "until")
    if since >= last:
        raise Problem("invalid", _("开始日期应在结束日期之前。"), field="since")
    ends = _ends(since, last, by)
    if len(ends) > MOST_DAYS:
        raise Problem("invalid", _("一次最多问 %(most)s 个时期。") % {"most": MOST_DAYS}, field="since")
    part = _part(request, institution, field, classification)
    table, lost = flow(part.stays, ends), queries.lost(part, ends)
    places = [each.value for each in ORDER] + [None]
    assert len(places) == OUTSIDE + 1
    flows = [
        {
            "since": first,
            "until": then,
            "steps": [
                {
                    "before": places[a],
                    "after": places[b],
                    "ventures": int(table[at, a, b]),
                    "perhaps_there": int(lost[at, a]) if a < OUTSIDE == b else 0,
                }
                for a in range(len(places))
                for b in range(len(places))
                if table[at, a, b]
            ],
        }
        for at, (first, then) in enumerate(pairwise(ends))
    ]
    return {"flows": flows, "unsure": part.unsure}


@operation(
    router.get,
    "/chain/survival",
    SEE,
    response=chain_schemas.SurvivalOut,
    summary=gettext_lazy("从进入孵化到毕业用了多久：生存曲线、中位数和 95% 区间"),
)
def get_survival(
    request: HttpRequest,
    as_of: Day | None = None,
    institution: Key | None = None,
    field: Code = "",
    classification: Code = "hightech-2016",
):
    day = earlier(request, as_of)
    lengths, happened, left_out = queries.durations(_part(request, institution, field, classification), day)
    found = curve(lengths, happened)
    low, high = found.median_interval()
    columns = (found.days, found.share, found.low, found.high, found.at_risk, found.events)
    return {
        "as_of": day,
        "ventures": found.n,
        "graduated": found.n - found.censored,
        "censored": found.censored,
        "left_out": left_out,
        "median": found.median(),
        "median_low": low,
        "median_high": high,
        "curve": [
            {"day": int(a), "share": float(b), "low": float(c), "high": float(d), "at_risk": int(e), "events": int(f)}
            for a, b, c, d, e, f in zip(*columns, strict=True)
        ],
    }
