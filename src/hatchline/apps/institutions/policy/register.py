"""Why something may not be done to an institution. None: it may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import policy as bodies
from hatchline.apps.institutions import drafts, queries
from hatchline.apps.institutions.models import HERE, Institution, Kind, StageOffered
from hatchline.apps.institutions.states import MOVES, Status
from hatchline.core.values.changes import differing
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal

FIELD_LABELS: dict[str, Any] = {
    "name": _("名称"),
    "name_en": _("英文名"),
    "names": _("其他名称"),
    "kinds": _("机构类型"),
    "stages": _("孵化阶段"),
    "operator": _("运营主体"),
    "status": _("状态"),
    "territory": _("街道、地区"),
    "country": _("国家或地区"),
    "city": _("城市"),
    "address": _("场地地址"),
    "latitude": _("纬度"),
    "longitude": _("经度"),
    "specialism": _("专长"),
    "description": _("简介"),
    "website": _("网站"),
    "phone": _("前台电话"),
    "opened": _("开办时间"),
    "closed": _("关闭时间"),
    "seen_open_on": _("最早见于名单"),
}
LONGEST = {
    "name": 200,
    "name_en": 200,
    "city": 100,
    "address": 300,
    "specialism": 200,
    "website": 300,
    "phone": 40,
    "description": 20_000,
}
OWN_FIELDS = frozenset(  # what an institution's manager may correct without the authority
    {"name_en", "specialism", "description", "website", "phone", "address", "latitude", "longitude"}
)
_COUNTRY = re.compile(r"[A-Z]{2}")
_KINDS, _STAGES = frozenset(Kind.values), frozenset(StageOffered.values)


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the system or the command line."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def why_not_fields(given: Mapping[str, Any]) -> Refusal | None:
    """Something in these fields cannot be kept. No database is asked: an import calls it for every row."""
    if "name" in given and not given["name"].strip():
        return Refusal("no_name", _("请填写名称。"), field="name")
    for field, longest in LONGEST.items():
        if len(given.get(field) or "") > longest:
            return Refusal(
                "too_long",
                _("%(field)s最多 %(longest)s 个字符。") % {"field": FIELD_LABELS[field], "longest": longest},
                field=field,
            )
    for field, known in (("kinds", _KINDS), ("stages", _STAGES)):
        unknown = [each for each in given.get(field) or () if each not in known]
        if unknown:
            message = _("%(field)s没有“%(value)s”这一项。") % {"field": FIELD_LABELS[field], "value": unknown[0]}
            return Refusal("unknown_choice", message, field=field)
    country = given.get("country") or ""
    if country and not _COUNTRY.fullmatch(country):
        return Refusal("unknown_country", _("国家或地区请用两位大写字母代码，例如 CN、GB。"), field="country")
    for kind, name in given.get("names") or ():
        if kind not in {"former", "alias"} or not name.strip() or len(name) > LONGEST["name"]:
            return Refusal("unknown_name", _("其他名称要注明是曾用名还是别名，最多 200 个字符。"), field="names")
    return bodies.why_not_place(given) or bodies.why_not_period(given.get("opened"), given.get("closed"), "closed")


def why_not_draft(draft: drafts.InstitutionDraft) -> Refusal | None:
    """The draft cannot become a record. No database is asked."""
    if draft.status and draft.status not in Status.values:
        message = _("%(field)s没有“%(value)s”这一项。") % {"field": FIELD_LABELS["status"], "value": draft.status}
        return Refusal("unknown_choice", message, field="status")
    given = draft.given()
    return why_not_fields(given) or _why_not_two_places(given)


def _why_not_two_places(given: Mapping[str, Any]) -> Refusal | None:
    if given["country"] in HERE or given["territory"] is None:
        return None
    message = _("境外机构没有国内的行政区划，只填国家和城市。")
    return Refusal("place_of_two_countries", message, field="territory")


def why_not_register(draft: drafts.InstitutionDraft, role_kind: str = "") -> Refusal | None:
    """The draft cannot become a record."""
    return why_not_as("register", role_kind) or why_not_draft(draft)


def why_not_amend(
    institution: Institution, changes: Mapping[str, Any], *, version: int, role_kind: str = ""
) -> Refusal | None:
    """The changes cannot be kept, or somebody saved other ones since the form was filled."""
    now = drafts.present(institution)
    refusal = why_not_as("amend", role_kind) or why_not_fields(changes) or _why_not_two_places({**now, **changes})
    if refusal:
        return refusal
    wanted = differing(now, changes)
    beyond = sorted(set(wanted) - OWN_FIELDS) if role_kind == "manager" else []
    if beyond:
        message = _("%(field)s由主管部门登记，机构不能自行修改。") % {"field": FIELD_LABELS[beyond[0]]}
        return Refusal("for_the_authority", message, field=beyond[0])
    if "closed" in wanted and institution.status != Status.CLOSED:
        return Refusal("not_closed", _("机构尚未关闭，请用“登记机构关闭”填写关闭时间。"), field="closed")
    opened, closed = changes.get("opened", now["opened"]), changes.get("closed", now["closed"])
    return bodies.why_not_period(opened, closed, "closed") or bodies.why_not_version(
        institution.version, version, wanted, now, FIELD_LABELS
    )


def why_not_move(
    institution: Institution, verb: str, *, on: PartialDate | None, version: int, role_kind: str = ""
) -> Refusal | None:
    """The verb (open, close, reopen) does not start from its status, or contradicts its dates."""
    refusal = why_not_as(verb, role_kind)
    if refusal:
        return refusal
    if institution.status not in MOVES.of(verb).sources:
        status = Status(institution.status).label
        message = _("机构现在的状态是“%(status)s”，不能%(verb)s。") % {
            "status": status,
            "verb": MOVES.of(verb).wording,
        }
        return Refusal("wrong_status", message)
    if verb == "close" and (refusal := bodies.why_not_period(institution.opened, on, "on")):
        return refusal
    field = "opened" if verb == "open" else "closed"
    wanted = {field: on}
    return bodies.why_not_version(institution.version, version, wanted, drafts.present(institution), FIELD_LABELS)


def why_not_see_file(kind: str, pk: str, *, person: Any, role: Any) -> Refusal | None:
    """Whoever reaches an institution reaches its files; an area reaches what it covers without an end."""
    if pk.isdigit() and queries.visible_to(role, today=date.max).filter(pk=int(pk)).exists():
        return None
    return Refusal("not_seen", _("没有找到这个文件。"))
