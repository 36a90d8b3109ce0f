"""Titles given by authorities, and who uses which space."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.premises import queries as premises
from hatchline.apps.titles import actions, queries
from hatchline.apps.titles.models import TitleKind
from hatchline.apps.ventures import queries as ventures
from hatchline.core.values.dates import PartialDate
from hatchline.sites.api import access, chain_schemas, schemas
from hatchline.sites.api.inputs import Code, Cursor, Day, Key, Limit, partial
from hatchline.sites.api.operations import operation
from hatchline.sites.api.pages import Page, page
from hatchline.sites.api.problems import Problem
from hatchline.sites.api.ventures import earlier

router = Router(tags=["standing"])
SEE_TITLES = access.may("ventures.list", "ventures.see_own", "stays.see_own")
SEE_SPACE = access.may("premises.list", "premises.record_own")


def title_out(row: Any, day: Any) -> dict[str, Any]:
    """A title as it stands on a day."""
    plain = ("subject_kind", "kind", "level", "name", "authority", "document", "number", "batch", "source")
    return {
        **{name: getattr(row, name) for name in (*plain, "ends_before", "withdrawn_on")},
        "id": row.pk,
        "subject": row.subject_id,
        "given": schemas.partial_date(row.given),
        "state": queries.status_on(row.status, row.withdrawn_on, row.ends_before, day),
    }


@operation(
    router.get,
    "/titles",
    SEE_TITLES,
    response=Page[chain_schemas.TitleOut],
    summary=gettext_lazy("资质；in_force 只留 as_of 那天确定有效的"),
)
def list_titles(
    request: HttpRequest,
    subject_kind: Literal["", "institutions.institution", "ventures.venture"] = "",
    subject: Key | None = None,
    kind: Code = "",
    level: Literal["", "district", "municipal", "national", "other"] = "",
    in_force: bool = False,
    as_of: Day | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
):
    day = earlier(request, as_of)
    rows = queries.given_by(queries.visible_to(access.caller(request).role, request.today), day)
    if subject_kind:
        rows = rows.filter(subject_kind=subject_kind)
    if subject is not None:
        keys = ventures.family(subject) if subject_kind == "ventures.venture" else [subject]
        rows = rows.filter(subject_id__in=keys)
    if kind:
        rows = rows.filter(kind=kind)
    if level:
        rows = rows.filter(level=level)
    if in_force:
        rows = rows.filter(pk__in=queries.in_force(day).values("pk"))
    filters = {"of": [subject_kind, subject, kind, level, in_force], "as_of": day}
    return page(rows, lambda row: title_out(row, day), name="titles", limit=limit, cursor=cursor, **filters)


@operation(
    router.post,
    "/titles",
    access.may("titles.record"),
    response={201: chain_schemas.TitleOut},
    summary=gettext_lazy("记录一项资质，不论是哪一级授予的"),
)
def record_title(request: HttpRequest, response: HttpResponse, sent: chain_schemas.NewTitle):
    caller = access.caller(request)
    if sent.kind not in TitleKind.values:
        raise Problem("invalid", _("没有这种资质。"), field="kind")
    of_institution = sent.subject_kind == "institutions.institution"
    reach = (
        institutions.visible_to(caller.role, today=request.today)
        if of_institution
        else ventures.visible_to(caller.role)
    )
    if not reach.filter(pk=sent.subject).exists():
        raise Problem("invalid", _("没有这个主体。"), field="subject")
    given = sent.model_dump(exclude={"subject", "given"})
    made = actions.record(
        **given,
        subject_id=sent.subject,
        given=partial(sent.given) or PartialDate.unknown(),
        by=caller.person,
        now=request.now,
        today=request.today,
        role_kind=caller.kind,
    )
    response["Location"] = f"/api/titles?subject_kind={made.subject_kind}&subject={made.subject_id}"
    made.refresh_from_db()
    return title_out(made, request.today)


def occupancy_out(row: Any) -> dict[str, Any]:
    """An occupancy with its space."""
    plain = ("who_kind", "name", "desks", "purpose", "end_state", "status", "source")
    return {
        **{name: getattr(row, name) for name in plain},
        "id": row.pk,
        "institution": row.space.premises.institution_id,
        "premises": row.space.premises_id,
        "space": row.space_id,
        "space_code": row.space.code,
        "who": row.who_id,
        "area": schemas.number(row.area),
        "starts": schemas.partial_date(row.starts),
        "ended": schemas.partial_date(row.ended),
    }


@operation(
    router.get,
    "/occupancies",
    SEE_SPACE,
    response=Page[chain_schemas.OccupancyOut],
    summary=gettext_lazy("用房记录；as_of 只留那天确定在用的"),
)
def list_occupancies(
    request: HttpRequest,
    venture: Key | None = None,
    institution: Key | None = None,
    as_of: Day | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
):
    rows = premises.occupancies_visible_to(access.caller(request).role, request.today)
    if venture is not None:
        rows = rows.filter(who_kind="ventures.venture", who_id__in=ventures.family(venture))
    if institution is not None:
        rows = rows.filter(space__premises__institution=institution)
    if as_of is not None:
        rows = rows.filter(premises.occupancies_on(earlier(request, as_of)))
    filters = {"venture": venture, "institution": institution, "as_of": as_of}
    return page(rows, occupancy_out, name="occupancies", limit=limit, cursor=cursor, **filters)
