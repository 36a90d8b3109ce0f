"""Places, classifications and organisations."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as known
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.queries import classes, places
from hatchline.apps.search import queries as search
from hatchline.sites.api import access, schemas, versions
from hatchline.sites.api.inputs import AdministrativeLevel, Code, Cursor, Day, Key, Limit, Words, partial
from hatchline.sites.api.operations import operation
from hatchline.sites.api.pages import Page, page
from hatchline.sites.api.problems import Problem

router = Router(tags=["bodies"])
SEE = access.may("bodies.see")


def territory_out(row: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "path_name": row.path_name,
        "level": row.level,
        "parent": row.parent.code if row.parent else None,
    }


def place(code: str | None, field: str = "territory") -> int | None:
    """The key of the division with this code; a Problem when there is none."""
    if not code:
        return None
    found = known.territory(code)
    if found is None:
        raise Problem("invalid", _("没有这个行政区划代码。"), field=field)
    return int(found.pk)


@operation(
    router.get, "/territories", SEE, response=Page[schemas.TerritoryOut], summary=gettext_lazy("行政区划，按代码排列")
)
def list_territories(
    request: HttpRequest,
    under: Code = "",
    level: AdministrativeLevel = 0,
    q: Words = "",
    limit: Limit = 50,
    cursor: Cursor = "",
):
    rows = known.territories_named(q) if q else places.territories_named("")
    if under:
        above = known.territory(under)
        rows = rows.filter(places.within("", above)) if above else rows.none()
    if level:
        rows = rows.filter(level=level)
    return page(
        rows.select_related("parent"),
        territory_out,
        name="territories",
        keys=("code",),
        limit=limit,
        cursor=cursor,
        under=under,
        level=level,
        q=q,
    )


@operation(router.get, "/territories/{code}", SEE, response=schemas.TerritoryOut, summary=gettext_lazy("一个行政区划"))
def get_territory(request: HttpRequest, code: Code):
    found = known.territory(code)
    if found is None:
        raise Http404
    return territory_out(found)


@operation(
    router.get,
    "/territories/{code}/key-industries",
    SEE,
    response=list[schemas.KeyIndustryOut],
    summary=gettext_lazy("某一天施行的重点产业目录"),
)
def list_key_industries(request: HttpRequest, code: Code, on: Day | None = None):
    found = known.territory(code)
    if found is None:
        raise Http404
    rows = known.key_industries(found, on or request.today)
    return [
        {
            "name": row.name,
            "classification": row.class_code.classification.code,
            "code": row.class_code.code,
            "code_name": row.class_code.name,
            "starts_on": row.starts_on,
            "ends_before": row.ends_before,
            "document": row.document,
        }
        for row in rows
    ]


@operation(router.get, "/areas", SEE, response=Page[schemas.AreaOut], summary=gettext_lazy("功能区"))
def list_areas(request: HttpRequest, limit: Limit = 50, cursor: Cursor = ""):
    return page(places.areas(), _area, name="areas", keys=("code",), limit=limit, cursor=cursor)


def _area(row: Any) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "name_en": row.name_en}


@operation(
    router.get,
    "/areas/{code}",
    SEE,
    response=schemas.AreaDetail,
    summary=gettext_lazy("一个功能区和它某一天包含的行政区划"),
)
def get_area(request: HttpRequest, code: Code, on: Day | None = None):
    found = places.areas().filter(code=code).first()
    if found is None:
        raise Http404
    day: date = on or request.today
    rows = known.area_divisions(found, day).select_related("parent").order_by("code")
    return {**_area(found), "on": day, "divisions": [territory_out(row) for row in rows]}


@operation(
    router.get,
    "/classifications",
    SEE,
    response=list[schemas.ClassificationOut],
    summary=gettext_lazy("分类标准及其版本"),
)
def list_classifications(request: HttpRequest):
    fields = ("code", "name", "name_en", "family", "edition", "source")
    return [{name: getattr(row, name) for name in fields} for row in classes.classifications()]


@operation(
    router.get,
    "/classifications/{code}/codes",
    SEE,
    response=Page[schemas.ClassCodeOut],
    summary=gettext_lazy("一个分类标准的代码"),
)
def list_class_codes(request: HttpRequest, code: Code, under: Code = "", limit: Limit = 50, cursor: Cursor = ""):
    found = known.classification(code)
    if found is None:
        raise Http404
    rows = classes.codes(found)
    if under:
        rows = rows.filter(parent__code=under)
    return page(
        rows,
        lambda row: {
            "code": row.code,
            "name": row.name,
            "level": row.level,
            "parent": row.parent.code if row.parent else None,
        },
        name="codes",
        keys=("code",),
        limit=limit,
        cursor=cursor,
        of=code,
        under=under,
    )


def organisation_out(row: Any) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("version", "name", "credit_code", "credit_code_is_doubtful")},
        **{name: getattr(row, name) for name in ("legal_form", "status", "country", "address", "website")},
        "id": row.pk,
        "types": sorted(each.kind for each in row.types.all()),
        "territory": row.territory.code if row.territory else None,
        "founded": schemas.partial_date(row.founded),
        "industry": row.industry.code if row.industry else None,
    }


def organisation_detail(row: Any) -> dict[str, Any]:
    return {
        **organisation_out(row),
        **{name: getattr(row, name) for name in ("postcode", "description", "registered_at", "amended_at")},
        "latitude": schemas.number(row.latitude),
        "longitude": schemas.number(row.longitude),
        "closed": schemas.partial_date(row.closed),
        "industry_classification": row.industry.classification.code if row.industry else None,
        "names": [{"kind": each.kind, "name": each.name} for each in row.names.all()],
        "identifiers": [{"scheme": each.scheme, "value": each.value} for each in row.identifiers.all()],
    }


@operation(router.get, "/organisations", SEE, response=Page[schemas.OrganisationOut], summary=gettext_lazy("单位名录"))
def list_organisations(
    request: HttpRequest,
    q: Words = "",
    territory: Code = "",
    type: Code = "",
    status: Literal["", "active", "closed"] = "",
    sort: Literal["id", "name"] = "id",
    limit: Limit = 50,
    cursor: Cursor = "",
):
    rows = known.visible_to(access.caller(request).role)
    if q.strip():
        rows = rows.filter(pk__in=search.matching("bodies.organisation", q))
    if territory:
        above = known.territory(territory)
        rows = rows.filter(known.within("territory", above)) if above else rows.none()
    if type:
        rows = rows.filter(types__kind=type)
    if status:
        rows = rows.filter(status=status)
    filters = {"q": q, "territory": territory, "type": type, "status": status}
    keys = ("name", "pk") if sort == "name" else ("pk",)
    return page(rows, organisation_out, name="organisations", keys=keys, limit=limit, cursor=cursor, **filters)


def _organisation(request: HttpRequest, pk: int) -> Any:
    role = access.caller(request).role
    found = (
        known.visible_to(role)
        .select_related("industry__classification")
        .prefetch_related("names", "identifiers")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


@operation(
    router.get, "/organisations/{pk}", SEE, response=schemas.OrganisationDetail, summary=gettext_lazy("一个单位")
)
def get_organisation(request: HttpRequest, response: HttpResponse, pk: Key):
    found = _organisation(request, pk)
    response["ETag"] = versions.tag(found.version)
    return organisation_detail(found)


def _changes(sent: schemas.OrganisationFields) -> dict[str, Any]:
    """What was sent, in the verb's words."""
    given = sent.model_dump(exclude_unset=True)
    edition = given.pop("industry_classification", "gbt4754-2017")
    if "territory" in given:
        given["territory"] = place(given["territory"])
    if "industry" in given:
        given["industry"] = class_key(edition, given["industry"], "industry")
    if "names" in given:
        given["names"] = tuple((each["kind"], each["name"]) for each in given["names"])
    if "identifiers" in given:
        given["identifiers"] = tuple((each["scheme"], each["value"]) for each in given["identifiers"])
    if "types" in given:
        given["types"] = tuple(sorted(set(given["types"])))
    return dated(given, "founded", "closed")


def class_key(edition: str, code: str | None, field: str) -> int | None:
    """The key of a code in an edition of a classification; a Problem when there is none."""
    if not code:
        return None
    found = known.class_keys(edition).get(code)
    if found is None:
        raise Problem("invalid", _("这个分类标准里没有这个代码。"), field=field)
    return found


def dated(given: dict[str, Any], *fields: str) -> dict[str, Any]:
    """Date codes as partial dates, degrees as decimals of the text they were sent as."""
    for field in fields:
        if field in given:
            given[field] = partial(given[field])
    for field in ("latitude", "longitude"):
        if given.get(field) is not None:
            given[field] = Decimal(str(given[field]))
    return given


@operation(
    router.post,
    "/organisations",
    access.may("organisations.register"),
    response={201: schemas.OrganisationDetail},
    summary=gettext_lazy("登记单位"),
)
def register_organisation(request: HttpRequest, response: HttpResponse, sent: schemas.NewOrganisation):
    caller = access.caller(request)
    draft = OrganisationDraft(**_changes(sent))
    made = bodies.register(draft, by=caller.person, now=request.now, role_kind=caller.kind)
    found = _organisation(request, made.pk)
    response["ETag"] = versions.tag(found.version)
    response["Location"] = f"/api/organisations/{made.pk}"
    return organisation_detail(found)


@operation(
    router.patch,
    "/organisations/{pk}",
    access.may("organisations.amend"),
    response=schemas.OrganisationDetail,
    summary=gettext_lazy("修改单位；只写要改的字段"),
    versioned=True,
)
def amend_organisation(request: HttpRequest, response: HttpResponse, pk: Key, sent: schemas.OrganisationFields):
    caller = access.caller(request)
    found = _organisation(request, pk)
    bodies.amend(
        found,
        version=versions.wanted(request),
        by=caller.person,
        now=request.now,
        role_kind=caller.kind,
        **_changes(sent),
    )
    found = _organisation(request, pk)
    response["ETag"] = versions.tag(found.version)
    return organisation_detail(found)
