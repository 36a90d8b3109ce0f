"""Why something may not be done to an organisation. None: it may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import drafts, queries
from hatchline.apps.bodies.models import LegalForm, NameKind, Organisation, TypeOfBody
from hatchline.apps.bodies.states import MOVES, Status
from hatchline.apps.bodies.wording import FIELD_LABELS, credit_code_problem
from hatchline.core.values import names
from hatchline.core.values.changes import differing, same
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal
from hatchline.core.values.unreadable import Unreadable

LONGEST = {"name": 200, "address": 300, "postcode": 16, "website": 300}
LONGEST_SCHEME, LONGEST_IDENTIFIER = 30, 80
LONGEST_DESCRIPTION = 20_000
_COUNTRY = re.compile(r"[A-Z]{2}")
_TYPES, _FORMS = frozenset(TypeOfBody.values), frozenset(LegalForm.values)
_NAME_KINDS = frozenset(NameKind.values)


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
            return _too_long(field, longest)
    if len(given.get("description") or "") > LONGEST_DESCRIPTION:
        return _too_long("description", LONGEST_DESCRIPTION)
    code = given.get("credit_code") or ""
    if code.strip() and isinstance(read := names.credit_code(code), Unreadable):
        message, hint = credit_code_problem(read)
        return Refusal("malformed_credit_code", message, hint, field="credit_code")
    country = given.get("country") or ""
    if country and not _COUNTRY.fullmatch(country):
        return Refusal("unknown_country", _("国家或地区请用两位大写字母代码，例如 CN、GB。"), field="country")
    return (
        _choices(given) or why_not_place(given) or why_not_period(given.get("founded"), given.get("closed"), "closed")
    )


def _choices(given: Mapping[str, Any]) -> Refusal | None:
    unknown = [each for each in given.get("types") or () if each not in _TYPES]
    if unknown:
        return Refusal("unknown_type", _("没有“%(value)s”这个单位类型。") % {"value": unknown[0]}, field="types")
    form = given.get("legal_form") or ""
    if form and form not in _FORMS:
        return Refusal("unknown_form", _("没有“%(value)s”这个单位性质。") % {"value": form}, field="legal_form")
    for kind, name in given.get("names") or ():
        if kind not in _NAME_KINDS or not name.strip():
            return Refusal("unknown_name", _("其他名称要注明是曾用名、别名、简称还是英文名。"), field="names")
        if len(name) > LONGEST["name"]:
            return _too_long("names", LONGEST["name"])
    for scheme, value in given.get("identifiers") or ():
        if not scheme.strip() or not value.strip():
            return Refusal("half_an_identifier", _("其他编号要写明登记机关和编号。"), field="identifiers")
        if len(scheme) > LONGEST_SCHEME or len(value) > LONGEST_IDENTIFIER:
            return _too_long("identifiers", LONGEST_IDENTIFIER)
    return None


def why_not_place(given: Mapping[str, Any]) -> Refusal | None:
    """Coordinates that are nowhere on earth."""
    for field, limit in (("latitude", 90), ("longitude", 180)):
        value = given.get(field)
        if value is None:
            continue
        degrees = Decimal(value)
        if not degrees.is_finite() or abs(degrees) > limit:
            return Refusal(
                "nowhere",
                _("%(field)s应在 −%(limit)s 与 %(limit)s 度之间。") % {"field": FIELD_LABELS[field], "limit": limit},
                field=field,
            )
    return None


def why_not_period(first: PartialDate | None, last: PartialDate | None, field: str) -> Refusal | None:
    """An end that certainly lies before its beginning."""
    if first is not None and last is not None and last.is_surely_before(first):
        return Refusal(
            "ends_before_it_begins",
            _("结束时间 %(last)s 早于开始时间 %(first)s。") % {"last": last.text, "first": first.text},
            field=field,
        )
    return None


def _too_long(field: str, longest: int) -> Refusal:
    return Refusal(
        "too_long",
        _("%(field)s最多 %(longest)s 个字符。") % {"field": FIELD_LABELS[field], "longest": longest},
        field=field,
    )


def why_not_draft(draft: drafts.OrganisationDraft) -> Refusal | None:
    """The draft cannot become a record. No database is asked."""
    return why_not_fields(draft.given())


def why_not_register(draft: drafts.OrganisationDraft, role_kind: str = "") -> Refusal | None:
    """The draft cannot become a record, or its credit code belongs to one already."""
    return why_not_as("register", role_kind) or why_not_draft(draft) or why_not_code(draft.credit_code)


def why_not_code(text: str, but: Organisation | None = None) -> Refusal | None:
    """Another organisation has this credit code."""
    if not (text or "").strip():
        return None
    read = names.credit_code(text)
    if isinstance(read, Unreadable):
        return None  # why_not_fields says so
    holders = Organisation.objects.filter(credit_code=read.code)
    holder = (holders if but is None else holders.exclude(pk=but.pk)).first()
    if holder is None:
        return None
    return Refusal(
        "code_taken",
        _("这个代码已属于“%(name)s”。") % {"name": holder.name},
        _("请打开该单位修改，不要重复登记。"),
        field="credit_code",
        params={"organisation": holder.pk},
    )


def why_not_amend(
    organisation: Organisation, changes: Mapping[str, Any], *, version: int, role_kind: str = ""
) -> Refusal | None:
    """The changes cannot be kept, or somebody saved other ones since the form was filled."""
    refusal = why_not_as("amend", role_kind) or why_not_fields(changes)
    if refusal:
        return refusal
    now = drafts.present(organisation)
    if refusal := why_not_period(
        changes.get("founded", now["founded"]), changes.get("closed", now["closed"]), "closed"
    ):
        return refusal
    if "closed" in differing(now, changes) and organisation.status == Status.ACTIVE:
        return Refusal("not_closed", _("单位尚未登记为终止，请用“登记单位终止”填写终止时间。"), field="closed")
    return why_not_code(changes.get("credit_code") or "", organisation) or why_not_version(
        organisation.version, version, differing(now, changes), now, FIELD_LABELS
    )


def why_not_version(
    present: int, version: int, wanted: Mapping[str, Any], now: Mapping[str, Any], labels: Mapping[str, Any]
) -> Refusal | None:
    """An older form would overwrite what was saved since. Both values are in ``params["conflicts"]``."""
    if version == present or not wanted:
        return None
    conflicts = {
        field: {"label": labels[field], "yours": yours, "theirs": now.get(field)} for field, yours in wanted.items()
    }
    return Refusal(
        "changed_meanwhile",
        _("您填写期间，别人已保存过这条记录。您填写的内容都还在，请逐项确认后再保存。"),
        _("下面列出两边不同的内容。"),
        params={"version": present, "conflicts": conflicts},
    )


def why_not_rename(
    organisation: Organisation, name: str, *, on: date | None, version: int, role_kind: str = ""
) -> Refusal | None:
    """No new name, one it has, or a day before the present name began."""
    refusal = why_not_as("rename", role_kind) or why_not_fields({"name": name})
    if refusal:
        return refusal
    if same(name.strip(), organisation.name):
        return Refusal("same_name", _("新名称与现名称相同。"), field="name")
    if on is not None and organisation.named_on is not None and on <= organisation.named_on:
        return Refusal(
            "renamed_before",
            _("现名称自 %(day)s 起使用，更名日期应在其后。") % {"day": organisation.named_on.isoformat()},
            field="on",
        )
    wanted = {"name": name.strip()}
    return why_not_version(organisation.version, version, wanted, {"name": organisation.name}, FIELD_LABELS)


def why_not_close(organisation: Organisation, *, on: PartialDate, version: int, role_kind: str = "") -> Refusal | None:
    """Closed already, or before it was founded."""
    refusal = why_not_as("close", role_kind) or why_not_status(organisation.status, "close")
    if refusal is None:
        refusal = why_not_period(organisation.founded, on, "on")
    wanted = {"closed": on}
    return refusal or why_not_version(organisation.version, version, wanted, drafts.present(organisation), FIELD_LABELS)


def why_not_reopen(organisation: Organisation, *, version: int, role_kind: str = "") -> Refusal | None:
    """It is not closed."""
    refusal = why_not_as("reopen", role_kind) or why_not_status(organisation.status, "reopen")
    wanted = {"closed": None}
    return refusal or why_not_version(organisation.version, version, wanted, drafts.present(organisation), FIELD_LABELS)


def why_not_status(status: str, verb: str) -> Refusal | None:
    """The verb does not start from this status."""
    if status not in MOVES.of(verb).sources:
        message = _("已登记为终止。") if verb == "close" else _("没有登记为终止。")
        return Refusal("wrong_status", message)
    return None


def why_not_end(verb: str, starts_on: date, ends_before: date, role_kind: str = "") -> Refusal | None:
    """An end that is not after the beginning."""
    refusal = why_not_as(verb, role_kind)
    if refusal is None and ends_before <= starts_on:
        refusal = Refusal("ends_before_it_begins", _("结束日期应在开始日期之后。"), field="ends_before")
    return refusal


def why_not_see_file(kind: str, pk: str, *, person: Any, role: Any) -> Refusal | None:
    """Whoever reaches an organisation reaches its files; those of reference data nobody asks for."""
    if kind == "bodies.organisation" and pk.isdigit() and queries.visible_to(role).filter(pk=int(pk)).exists():
        return None
    return Refusal("not_seen", _("没有找到这个文件。"))
