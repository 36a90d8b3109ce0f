"""Ventures and their stays. ``as_of`` asks what was true on that day; a role sees what is within its reach."""

from datetime import date
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.search import queries as search
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.apps.ventures.queries import sight
from hatchline.apps.ventures.states import EndState, StayStatus
from hatchline.core.values.dates import PartialDate
from hatchline.sites.api import access, chain_schemas, schemas, versions
from hatchline.sites.api.bodies import class_key, dated
from hatchline.sites.api.inputs import Cursor, Day, Key, Limit, Words, partial
from hatchline.sites.api.operations import operation
from hatchline.sites.api.pages import Page, page
from hatchline.sites.api.problems import Problem

router = Router(tags=["ventures"])
SEE = access.may("ventures.list", "ventures.see_own", "stays.see_own")
STAGES = Literal["", "nursery", "incubation", "acceleration", "park"]
PROFILE, RIGHTS, FUNDING = "profile", "rights", "funding"


def earlier(request: HttpRequest, as_of: date | None, field: str = "as_of") -> date:
    """The day asked for in ``field``; none after today, since nothing is known of it."""
    if as_of is not None and as_of > request.today:
        raise Problem("invalid", _("只能问到业务日期为止。"), field=field)
    return as_of or request.today


def venture_out(row: Any, places: dict[int, list[Any]], perhaps: dict[int, Any]) -> dict[str, Any]:
    """A venture as a row: what it is, and where it was on the day, or may have been."""
    here, maybe = places.get(row.pk, []), perhaps.get(row.pk)
    return {
        **{name: getattr(row, name) for name in ("version", "name", "status", "website", "exit")},
        "id": row.pk,
        "legal_person": row.legal_person_id,
        "credit_code": row.legal_person.credit_code if row.legal_person else None,
        "field": row.field.code if row.field else None,
        "industry": row.industry.code if row.industry else None,
        "founded": schemas.partial_date(row.founded),
        "incorporated": schemas.partial_date(row.incorporated),
        "ceased": schemas.partial_date(row.ceased),
        "exited": schemas.partial_date(row.exited),
        "stage": here[0].stage if here else None,
        "institutions": [{"id": each.institution, "name": each.name, "stage": each.stage} for each in here],
        "perhaps": maybe
        and {"id": maybe.institution, "name": maybe.name, "stage": maybe.stage, "last_seen": maybe.seen},
    }


def _perhaps(rows: Any, places: dict[int, list[Any]], day: date) -> dict[int, Any]:
    nowhere = {row.pk for row in rows if row.pk not in places}
    over = {row.pk for row in rows if row.status == "ceased" and (row.ceased.earliest or day) <= day}
    return queries.perhaps_on(nowhere - over, day)


def visible(request: HttpRequest) -> Any:
    """The ventures within the caller's reach."""
    return queries.visible_to(access.caller(request).role)


@operation(
    router.get,
    "/ventures",
    SEE,
    response=Page[chain_schemas.VentureOut],
    summary=gettext_lazy("您的角色看得到的创业主体；阶段和所在机构按 as_of 那天"),
)
def list_ventures(
    request: HttpRequest,
    q: Words = "",
    stage: Literal["", "nursery", "incubation", "acceleration", "park", "unsure"] = "",
    institution: Key | None = None,
    status: Literal["", "active", "ceased"] = "",
    exit: Literal["", "acquired", "listed", "unsaid"] = "",
    as_of: Day | None = None,
    sort: Literal["id", "name"] = "id",
    limit: Limit = 50,
    cursor: Cursor = "",
):
    day, rows = earlier(request, as_of), visible(request)
    if q.strip():
        rows = rows.filter(pk__in=search.matching("ventures.venture", q))
    if stage == "unsure":
        rows = queries.perhaps_there(rows, day, institution)
    elif stage or institution is not None:
        rows = queries.at(rows, day, stage or None, institution)
    if status:
        rows = rows.filter(status=status)
    if exit:
        rows = queries.exited_by(rows, None if day == request.today else day).filter(exit=exit)
    filters = {"q": q, "stage": stage, "institution": institution, "status": status, "exit": exit, "as_of": day}
    keys = ("name", "pk") if sort == "name" else ("pk",)
    made = page(rows, lambda row: row, name="ventures", keys=keys, limit=limit, cursor=cursor, **filters)
    found = queries.places_on([row.pk for row in made["items"]], day)
    perhaps = _perhaps(made["items"], found, day)
    return {**made, "items": [venture_out(row, found, perhaps) for row in made["items"]]}


def venture_of(request: HttpRequest, pk: int) -> Any:
    """The venture, if it is within reach: 404 otherwise."""
    found = visible(request).prefetch_related("names", "rights", "fundings").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _detail(request: HttpRequest, row: Any, day: date) -> dict[str, Any]:
    seen = sight.of_role(access.caller(request).role, row.pk)
    if seen is None:
        raise Http404
    return {
        **venture_out(row, found := queries.places_on([row.pk], day), _perhaps([row], found, day)),
        "summary": row.summary,
        "names": [{"kind": each.kind, "name": each.name} for each in row.names.all()],
        "merged_ids": [pk for pk in queries.family(row.pk) if pk != row.pk],
        "rights": [
            {
                "kind": each.kind,
                "title": each.title,
                "number": each.number,
                "granted": schemas.partial_date(each.granted),
                "valid_until": each.valid_until,
                "source": each.source,
            }
            for each in row.rights.all()
            if seen.sees_on(RIGHTS, each.granted.earliest)
        ]
        if seen.sees(RIGHTS)
        else None,
        "fundings": [
            {
                "round": each.round,
                "amount": schemas.number(each.amount),
                "currency": each.currency,
                "received": schemas.partial_date(each.received),
                "source": each.source,
            }
            for each in row.fundings.all()
            if seen.sees_on(FUNDING, each.received.earliest)
        ]
        if seen.sees(FUNDING)
        else None,
        "registered_at": row.registered_at,
        "amended_at": row.amended_at,
    }


@operation(
    router.get,
    "/ventures/{pk}",
    SEE,
    response=chain_schemas.VentureDetail,
    summary=gettext_lazy("一个创业主体；没有同意给您看的部分是 null"),
)
def get_venture(request: HttpRequest, response: HttpResponse, pk: Key, as_of: Day | None = None):
    day = earlier(request, as_of)
    found = venture_of(request, pk)
    response["ETag"] = versions.tag(found.version)
    return _detail(request, found, day)


@operation(
    router.post,
    "/ventures",
    access.may("ventures.register"),
    response={201: chain_schemas.VentureDetail},
    summary=gettext_lazy("登记创业主体；很像已有记录时拒绝，确是另一家再带 confirmed 发一次"),
)
def register_venture(request: HttpRequest, response: HttpResponse, sent: chain_schemas.NewVenture):
    caller = access.caller(request)
    given = sent.model_dump()
    confirmed, editions = (
        given.pop("confirmed"),
        (given.pop("field_classification"), given.pop("industry_classification")),
    )
    given["names"] = tuple((each["kind"], each["name"]) for each in given["names"])
    for name, edition in zip(("field", "industry"), editions, strict=True):
        given[name] = class_key(edition, given[name], name)
    draft = VentureDraft(**dated(given, "founded", "incorporated", "exited"))
    alike = queries.candidates([draft])[0]
    if alike and not confirmed:
        raise Problem("conflict", _("登记簿里有很像的主体。"), candidates=[each.pk for each in alike[:5]])
    made = actions.register(draft, by=caller.person, now=request.now, today=request.today, role_kind=caller.kind)
    found = venture_of(request, made.pk)
    response["ETag"] = versions.tag(found.version)
    response["Location"] = f"/api/ventures/{made.pk}"
    return _detail(request, found, request.today)


def stay_out(row: Any) -> dict[str, Any]:
    """A stay as a row."""
    plain = (
        "stage",
        "status",
        "basis",
        "end_state",
        "outcome",
        "counts",
        "not_counting_reason",
        "source",
        "evidence_on",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "id": row.pk,
        "venture": row.venture_id,
        "venture_name": row.venture.name,
        "institution": row.institution_id,
        "institution_name": row.institution.name,
        "starts": schemas.partial_date(row.starts),
        "ended": schemas.partial_date(row.ended),
        "surely_from": row.held_from,
        "surely_until": row.held_until,
        "recorded_at": row.recorded_at,
    }


@operation(
    router.get,
    "/stays",
    SEE,
    response=Page[chain_schemas.StayOut],
    summary=gettext_lazy("入驻记录；as_of 只留那天确定在的"),
)
def list_stays(
    request: HttpRequest,
    venture: Key | None = None,
    institution: Key | None = None,
    stage: STAGES = "",
    status: Literal["", "claimed", "confirmed", "disputed", "withdrawn"] = "",
    as_of: Day | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
):
    rows = queries.stays_visible_to(access.caller(request).role)
    if venture is not None:
        rows = rows.filter(venture__in=queries.family(venture))
    if institution is not None:
        rows = rows.filter(institution=institution)
    if stage:
        rows = rows.filter(stage=stage)
    if status:
        rows = rows.filter(status=status)
    if as_of is not None:
        rows = rows.filter(pk__in=queries.present(None, earlier(request, as_of)).values("pk"))
    filters = {"venture": venture, "institution": institution, "stage": stage, "status": status, "as_of": as_of}
    return page(rows, stay_out, name="stays", limit=limit, cursor=cursor, **filters)


def _stay(request: HttpRequest, pk: int) -> Any:
    found = queries.stays_visible_to(access.caller(request).role).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@operation(router.get, "/stays/{pk}", SEE, response=chain_schemas.StayOut, summary=gettext_lazy("一条入驻记录"))
def get_stay(request: HttpRequest, pk: Key):
    return stay_out(_stay(request, pk))


@operation(
    router.post,
    "/stays",
    access.may("stays.amend", "stays.manage_own"),
    response={201: chain_schemas.StayOut},
    summary=gettext_lazy("登记入驻（单方）；与已确认的孵化重叠时成为有争议，并向双方提问"),
)
def claim_stay(request: HttpRequest, response: HttpResponse, sent: chain_schemas.NewStay):
    caller = access.caller(request)
    if caller.kind in {"manager", "staff"}:
        if not queries.institutions_of(caller.role).filter(pk=sent.institution).exists():
            raise Problem("invalid", _("没有这家孵化机构。"), field="institution")
    elif not institutions.visible_to(caller.role, today=request.today).filter(pk=sent.institution).exists():
        raise Problem("invalid", _("没有这家孵化机构。"), field="institution")
    if not queries.ventures().filter(pk=sent.venture).exists():
        raise Problem("invalid", _("没有这条创业主体记录。"), field="venture")
    ended = partial(sent.ended)
    draft = StayDraft(
        venture=sent.venture,
        institution=sent.institution,
        stage=sent.stage,
        starts=partial(sent.starts) or PartialDate.unknown(),
        source=sent.source or f"institution:{sent.institution}",
        ended=ended or PartialDate.unknown(),
        end_state=EndState.KNOWN.value if ended is not None else EndState.OPEN.value,
        outcome=sent.outcome if ended is not None else "",
        evidence=sent.evidence_on,
        status=StayStatus.CLAIMED.value,
    )
    made = actions.claim(draft, by=caller.person, now=request.now, today=request.today, role_kind=caller.kind)
    response["Location"] = f"/api/stays/{made.pk}"
    return stay_out(_stay(request, made.pk))
