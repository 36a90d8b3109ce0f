"""On ventures themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import policy as bodies
from hatchline.apps.ventures import drafts, queries
from hatchline.apps.ventures.models import Background, Founder, NameKind, RightKind, Round, Venture
from hatchline.apps.ventures.states import MOVES, Exit, Status
from hatchline.apps.ventures.wording import FIELD_LABELS
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal

LONGEST = {"name": 200, "website": 300, "summary": 20_000}


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
    for name, longest in LONGEST.items():
        if len(given.get(name) or "") > longest:
            params = {"field": FIELD_LABELS[name], "longest": longest}
            return Refusal("too_long", _("%(field)s最多 %(longest)s 个字符。") % params, field=name)
    if given.get("exit") and given["exit"] not in Exit.values:
        return Refusal("unknown_exit", _("投资退出只能是被收购、上市，或只知道已退出。"), field="exit")
    for kind, name in given.get("names") or ():
        if kind not in NameKind.values or not name.strip() or len(name) > LONGEST["name"]:
            return Refusal("unknown_name", _("其他名称要注明类别，最多 200 个字符。"), field="names")
    for each in given.get("fundings") or ():
        if refusal := _amount(each.amount, each.currency, each.round):
            return refusal
    founded, ceased, exited = (given.get(name) for name in ("founded", "ceased", "exited"))
    if exited is not None and exited.is_known and not given.get("exit"):
        mend = _("请选择被收购、上市或已退出。")
        return Refusal("exit_unsaid", _("写了退出时间，没有写怎样退出。"), mend, field="exit")
    return (
        bodies.why_not_period(founded, ceased, "ceased")
        or bodies.why_not_period(given.get("incorporated"), ceased, "ceased")
        or bodies.why_not_period(founded, exited, "exited")
    )


def why_not_draft(draft: drafts.VentureDraft, *, today: date) -> Refusal | None:
    """The draft cannot become a record. No database is asked."""
    refusal = why_not_fields(draft.given())
    for name in drafts.DATES:
        given = getattr(draft, name)
        if refusal is None and given is not None:
            refusal = _in_the_future(given, today, name)
    return refusal or _company_before_team(draft.founded, draft.incorporated, "incorporated")


def _company_before_team(begun: PartialDate | None, company: PartialDate | None, field: str) -> Refusal | None:
    if begun is None or company is None or not company.is_surely_before(begun):
        return None
    return Refusal("before_it_existed", _("注册成立时间早于团队创立时间。"), _("请核对两个日期。"), field=field)


def why_not_as_listed(venture: Venture, changes: Mapping[str, Any]) -> Refusal | None:
    """What a list says of a venture on record contradicts the dates or the stays that are known."""
    if not set(changes) & set(drafts.DATES):
        return why_not_fields(changes)
    then = drafts.present(venture) | dict(changes)
    return (
        why_not_fields(then)
        or _company_before_team(then["founded"], then["incorporated"], "founded")
        or _stay_outside(venture, changes)
    )


def _stay_outside(venture: Venture, changes: Mapping[str, Any], field: str = "") -> Refusal | None:
    """A stay on record would begin before it was founded, or after it had ceased."""
    founded, ceased = changes.get("founded"), changes.get("ceased")
    found = queries.stay_outside(venture, founded, ceased)
    if found is None:
        return None
    params = {"place": found.institution.name, "starts": found.starts.text or found.starts.code}
    is_before = founded is not None and found.starts.is_surely_before(founded)
    words = _("在“%(place)s”的入驻记录从 %(starts)s 开始，早于这个时间。")
    if not is_before:
        words = _("在“%(place)s”的入驻记录从 %(starts)s 才开始。")
    return Refusal(
        "stay_outside_its_life",
        words % params,
        _("请核对日期；若入驻时间有误，请先更正入驻记录。"),
        field=field or ("founded" if is_before else "ceased"),
        params={"stay": found.pk},
    )


def why_not_register(draft: drafts.VentureDraft, *, today: date, role_kind: str = "") -> Refusal | None:
    """The draft cannot become a record: a field is wrong, or another venture is that legal body."""
    refusal = why_not_as("register", role_kind) or why_not_draft(draft, today=today)
    if refusal is None and draft.legal_person is not None:
        refusal = _held_by_another(draft.legal_person)
    return refusal


def why_not_held(organisation: int | None) -> Refusal | None:
    """Another venture is that legal body already."""
    return _held_by_another(organisation) if organisation is not None else None


def _held_by_another(organisation: int, but: int = 0) -> Refusal | None:
    holder = queries.of_legal_person(organisation)
    if holder is None or holder.pk == but:
        return None
    return Refusal(
        "code_held_by_another",
        _("这家公司已经是“%(name)s”的登记主体。") % {"name": holder.name},
        _("如果两条记录是同一主体，请合并；否则请核对统一社会信用代码。"),
        field="legal_person",
        params={"venture": holder.pk},
    )


def _in_the_future(on: PartialDate, today: date, field: str) -> Refusal | None:
    if on.earliest is not None and on.earliest > today:
        return Refusal("in_the_future", _("日期在业务日期之后。"), _("请核对年份。"), field=field)
    return None


def _not_active(venture: Venture) -> Refusal | None:
    if venture.status == Status.ACTIVE:
        return None
    return Refusal("wrong_status", _("这条记录的状态是“%(status)s”。") % {"status": Status(venture.status).label})


def why_not_go_on(venture: Venture) -> Refusal | None:
    """It has ended, or was merged into another: what only happens to a living one cannot happen to it."""
    return _not_active(venture)


def why_not_merged(venture: Venture) -> Refusal | None:
    """It was merged into another record, which is the one to write on."""
    if venture.status != Status.MERGED:
        return None
    return Refusal("venture_merged", _("这条记录已经并入另一条。"), _("请用并入后的记录。"))


def _stale(venture: Venture, version: int | None, wanted: Mapping[str, Any]) -> Refusal | None:
    if version is None:
        return None
    return bodies.why_not_version(venture.version, version, wanted, drafts.present(venture), FIELD_LABELS)


AMENDABLE = frozenset({*drafts.DATES, "field", "industry", "website", "summary", "names", "exit"})


def why_not_amend(
    venture: Venture, changes: Mapping[str, Any], *, today: date, version: int | None, role_kind: str = ""
) -> Refusal | None:
    """Fields with verbs of their own, dates that contradict each other or lie ahead, or somebody saved meanwhile."""
    beyond = sorted(set(changes) - AMENDABLE)
    if beyond:
        raise TypeError(f"not amended but changed by a verb of its own: {beyond}")
    refusal = why_not_as("amend", role_kind) or why_not_merged(venture)
    now = drafts.present(venture)
    wanted = {name: value for name, value in changes.items() if name == "names" or value != now[name]}
    incorporated = wanted.get("incorporated")
    if refusal is None and incorporated is not None and incorporated.is_known and venture.legal_person_id is None:
        refusal = Refusal("not_incorporated", _("还没有注册公司。"), _("请先登记注册成立。"), field="incorporated")
    ceased = wanted.get("ceased")
    if refusal is None and ceased is not None and ceased.is_known and venture.status != Status.CEASED:
        refusal = Refusal("not_ceased", _("还没有登记终止。"), _("请用“登记终止”。"), field="ceased")
    refusal = refusal or why_not_fields({**now, **changes})
    for name in drafts.DATES:
        if refusal is None and wanted.get(name) is not None:
            refusal = _in_the_future(wanted[name], today, name)
    begun, company = (wanted.get(name, now[name]) or drafts.UNKNOWN for name in ("founded", "incorporated"))
    if refusal is None:
        field = "incorporated" if "incorporated" in wanted else "founded"
        refusal = _company_before_team(begun, company, field) or _stay_outside(venture, wanted)
    fields = {name: value for name, value in wanted.items() if name != "names"}
    return refusal or _stale(venture, version, fields)


def why_not_rename(
    venture: Venture, name: str, *, on: date | None, today: date, version: int | None, role_kind: str = ""
) -> Refusal | None:
    """No name, the same name, or a day in the future or before the present name began."""
    refusal = why_not_as("rename", role_kind) or _not_active(venture) or why_not_fields({"name": name})
    if refusal is None and name.strip() == venture.name:
        refusal = Refusal("same_name", _("新名称与现名称相同。"), field="name")
    if refusal is None and on is not None:
        if on > today:
            refusal = Refusal("in_the_future", _("日期在业务日期之后。"), _("请核对年份。"), field="on")
        elif venture.named_on is not None and on <= venture.named_on:
            refusal = Refusal("before_the_present_name", _("更名日期不晚于现名称的启用日期。"), field="on")
    return refusal or _stale(venture, version, {"name": name})


def why_not_incorporate(
    venture: Venture, organisation: int, *, on: PartialDate, today: date, version: int | None, role_kind: str = ""
) -> Refusal | None:
    """It is a company already, another venture is that company, or the day cannot be."""
    refusal = why_not_as("incorporate", role_kind) or _not_active(venture)
    if refusal is None and venture.legal_person_id is not None:
        refusal = Refusal("incorporated_already", _("已经登记了注册公司。"), _("变更公司请用“变更登记主体”。"))
    if refusal is None:
        refusal = _held_by_another(organisation, venture.pk) or _in_the_future(on, today, "on")
    refusal = refusal or _company_before_team(venture.founded, on, "on")
    return refusal or _stale(venture, version, {"legal_person": organisation})


def why_not_change_legal_person(
    venture: Venture, organisation: int, *, on: date, today: date, reason: str, version: int | None, role_kind: str = ""
) -> Refusal | None:
    """Not a company yet, the same company, one that another venture holds, no reason, or a day that cannot be."""
    refusal = why_not_as("change_legal_person", role_kind) or _not_active(venture)
    if refusal is None and venture.legal_person_id is None:
        refusal = Refusal("not_incorporated", _("还没有注册公司。"), _("请先登记注册成立。"))
    if refusal is None and venture.legal_person_id == organisation:
        refusal = Refusal("same_legal_person", _("登记主体没有变。"), field="organisation")
    if refusal is None and not reason.strip():
        refusal = Refusal("no_reason", _("请写明原因。"), field="reason")
    if refusal is None and on > today:
        refusal = Refusal("in_the_future", _("日期在业务日期之后。"), _("请核对年份。"), field="on")
    began = queries.present_legal_period(venture)
    if refusal is None and began is not None and began.starts_on is not None and on <= began.starts_on:
        refusal = Refusal("before_the_present_one", _("变更日期不晚于现登记主体的起始日期。"), field="on")
    return (
        refusal
        or _held_by_another(organisation, venture.pk)
        or _stale(venture, version, {"legal_person": organisation})
    )


def why_not_founder(
    venture: Venture,
    *,
    person: Any,
    name: str,
    backgrounds: Collection[str],
    starts_on: date | None,
    ends_before: date | None,
    role_kind: str = "",
) -> Refusal | None:
    """Nobody is named, a background is unknown, or the period is out of order."""
    refusal = why_not_as("record_founder", role_kind)
    if refusal is None and person is None and not name.strip():
        refusal = Refusal("no_name", _("请填写创始人姓名。"), field="name")
    unknown = [each for each in backgrounds if each not in Background.values]
    if refusal is None and unknown:
        refusal = Refusal("unknown_choice", _("没有“%(value)s”这一项。") % {"value": unknown[0]}, field="backgrounds")
    if refusal is None and starts_on and ends_before and ends_before <= starts_on:
        refusal = Refusal("ends_before_it_begins", _("结束日期应在开始日期之后。"), field="ends_before")
    return refusal


def why_not_erase_founder(founder: Founder, *, role_kind: str = "") -> Refusal | None:
    """A person on record is erased as a person, everywhere at once."""
    refusal = why_not_as("erase_founder", role_kind)
    if refusal is None and founder.person_id is not None:
        refusal = Refusal("person_on_record", _("这位创始人有人员记录，请在人员页面删除其个人信息。"))
    return refusal


def why_not_right(
    venture: Venture,
    *,
    kind: str,
    number: str,
    applied: PartialDate,
    granted: PartialDate,
    valid_until: date | None,
    source: str,
    today: date,
    role_kind: str = "",
) -> Refusal | None:
    """Unknown kind, no source, granted before it was applied for, granted in the future, or recorded already."""
    refusal = why_not_as("record_right", role_kind)
    if refusal is None and kind not in RightKind.values:
        refusal = Refusal("unknown_choice", _("没有“%(value)s”这一项。") % {"value": kind}, field="kind")
    if refusal is None and not source.strip():
        refusal = Refusal("no_source", _("没有写来源。"), field="source")
    if refusal is None and granted.is_surely_before(applied):
        refusal = Refusal("granted_before_applied", _("授权时间早于申请时间。"), _("请核对两个日期。"), field="granted")
    if refusal is None and valid_until and granted.earliest and valid_until <= granted.earliest:
        refusal = Refusal("ends_before_it_begins", _("有效期在授权之前就结束了。"), field="valid_until")
    if refusal is None and number.strip() and venture.rights.filter(kind=kind, number=number.strip()).exists():
        refusal = Refusal("already_recorded", _("这项知识产权已经记录过了。"), field="number")
    return refusal or _in_the_future(granted, today, "granted")


def _amount(amount: Decimal | None, currency: str, round_: str) -> Refusal | None:
    if amount is not None and (not amount.is_finite() or amount <= 0 or amount >= Decimal(10) ** 17):
        return Refusal("not_an_amount", _("融资金额应大于零；没有披露请留空。"), field="amount")
    if len(currency) != 3 or not currency.isalpha() or not currency.isupper():
        return Refusal("unknown_currency", _("币种请用三位大写字母代码，例如 CNY、USD。"), field="currency")
    if round_ not in Round.values:
        return Refusal("unknown_choice", _("没有“%(value)s”这一项。") % {"value": round_}, field="round")
    return None


def why_not_funding(funding: drafts.FundingDraft, *, source: str, today: date, role_kind: str = "") -> Refusal | None:
    """No source, an amount that is none, or money received in the future."""
    refusal = why_not_as("record_funding", role_kind)
    if refusal is None and not source.strip():
        refusal = Refusal("no_source", _("没有写来源。"), field="source")
    return (
        refusal
        or _amount(funding.amount, funding.currency, funding.round)
        or _in_the_future(funding.received, today, "received")
    )


def why_not_cease(
    venture: Venture, *, on: PartialDate, today: date, version: int | None, role_kind: str = ""
) -> Refusal | None:
    """It has ceased already, would cease before it was founded, or in the future."""
    refusal = why_not_as("cease", role_kind) or _not_active(venture)
    if refusal is None:
        refusal = bodies.why_not_period(venture.founded, on, "on") or _in_the_future(on, today, "on")
    refusal = refusal or _stay_outside(venture, {"ceased": on}, "on")
    return refusal or _stale(venture, version, {"ceased": on})
