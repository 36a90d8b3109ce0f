"""Incubation institutions."""

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from hatchline.apps.bodies import queries as places
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as known
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.search import queries as search
from hatchline.sites.api import access, schemas, versions
from hatchline.sites.api.bodies import dated, place
from hatchline.sites.api.inputs import Code, Cursor, Key, Limit, Words
from hatchline.sites.api.operations import operation
from hatchline.sites.api.pages import Page, page
from hatchline.sites.api.problems import Problem

router = Router(tags=["institutions"])


def institution_out(row: Any) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("version", "name", "name_en", "status", "specialism")},
        "id": row.pk,
        "kinds": sorted({each.kind for each in row.kinds.all() if each.ends_before is None}),
        "stages": sorted(each.stage for each in row.stages.all()),
        "operator": row.operator_id,
        "operator_name": row.operator.name if row.operator else "",
        "territory": row.territory.code if row.territory else None,
        "opened": schemas.partial_date(row.opened),
        "closed": schemas.partial_date(row.closed),
    }


def institution_detail(row: Any) -> dict[str, Any]:
    plain = ("address", "description", "website", "phone", "seen_open_on", "registered_at", "amended_at")
    return {
        **institution_out(row),
        **{name: getattr(row, name) for name in plain},
        "latitude": schemas.number(row.latitude),
        "longitude": schemas.number(row.longitude),
        "names": [{"kind": each.kind, "name": each.name} for each in row.names.all()],
    }


def _visible(request: HttpRequest) -> Any:
    return known.visible_to(access.caller(request).role, today=request.today)


@operation(
    router.get,
    "/institutions",
    access.may("bodies.see"),
    response=Page[schemas.InstitutionOut],
    summary=gettext_lazy("您的角色管得到的孵化机构"),
)
def list_institutions(
    request: HttpRequest,
    q: Words = "",
    territory: Code = "",
    kind: Code = "",
    stage: Code = "",
    status: Literal["", "planned", "open", "closed"] = "",
    sort: Literal["id", "name"] = "id",
    limit: Limit = 50,
    cursor: Cursor = "",
):
    rows = _visible(request)
    if q.strip():
        rows = rows.filter(pk__in=search.matching("institutions.institution", q))
    if territory:
        above = places.territory(territory)
        rows = rows.filter(places.within("territory", above)) if above else rows.none()
    if kind:
        rows = rows.filter(kinds__kind=kind, kinds__ends_before=None)
    if stage:
        rows = rows.filter(stages__stage=stage)
    if status:
        rows = rows.filter(status=status)
    filters = {"q": q, "territory": territory, "kind": kind, "stage": stage, "status": status}
    keys = ("name", "pk") if sort == "name" else ("pk",)
    return page(rows, institution_out, name="institutions", keys=keys, limit=limit, cursor=cursor, **filters)


def _institution(request: HttpRequest, pk: int) -> Any:
    found = _visible(request).prefetch_related("names").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@operation(
    router.get,
    "/institutions/{pk}",
    access.may("bodies.see"),
    response=schemas.InstitutionDetail,
    summary=gettext_lazy("一家孵化机构"),
)
def get_institution(request: HttpRequest, response: HttpResponse, pk: Key):
    found = _institution(request, pk)
    response["ETag"] = versions.tag(found.version)
    return institution_detail(found)


def _changes(request: HttpRequest, sent: schemas.InstitutionFields) -> dict[str, Any]:
    """What was sent, in the verb's words."""
    given = sent.model_dump(exclude_unset=True)
    if "territory" in given:
        given["territory"] = place(given["territory"])
    operator = given.get("operator")
    if operator is not None and not places.visible_to(access.caller(request).role).filter(pk=operator).exists():
        raise Problem("invalid", _("没有这个单位。"), field="operator")
    if "names" in given:
        given["names"] = tuple((each["kind"], each["name"]) for each in given["names"])
    for field in ("kinds", "stages"):
        if field in given:
            given[field] = tuple(sorted(set(given[field])))
    return dated(given, "opened", "closed")


@operation(
    router.post,
    "/institutions",
    access.may("institutions.register"),
    response={201: schemas.InstitutionDetail},
    summary=gettext_lazy("登记孵化机构"),
)
def register_institution(request: HttpRequest, response: HttpResponse, sent: schemas.NewInstitution):
    caller = access.caller(request)
    draft = InstitutionDraft(**_changes(request, sent))
    made = institutions.register(draft, by=caller.person, now=request.now, today=request.today, role_kind=caller.kind)
    found = known.institution(made.pk)
    assert found is not None
    response["ETag"] = versions.tag(found.version)
    response["Location"] = f"/api/institutions/{made.pk}"
    return institution_detail(found)


@operation(
    router.patch,
    "/institutions/{pk}",
    access.may("institutions.amend", "institutions.amend_own"),
    response=schemas.InstitutionDetail,
    summary=gettext_lazy("修改孵化机构；只写要改的字段，机构负责人只能改本机构的部分字段"),
    versioned=True,
)
def amend_institution(request: HttpRequest, response: HttpResponse, pk: Key, sent: schemas.InstitutionFields):
    caller = access.caller(request)
    institutions.amend(
        _institution(request, pk),
        version=versions.wanted(request),
        by=caller.person,
        now=request.now,
        today=request.today,
        role_kind=caller.kind,
        **_changes(request, sent),
    )
    found = known.institution(pk)
    assert found is not None
    response["ETag"] = versions.tag(found.version)
    return institution_detail(found)
