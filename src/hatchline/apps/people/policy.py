"""Why something may not happen to a person, an account, a role, an invitation or a tie. None: it may."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from stdnum.cn import ric

from hatchline.apps.people import queries
from hatchline.apps.people.roles import PLACES, RoleKind
from hatchline.apps.people.states import MOVES, ContactKind, IdentityKind, InvitationStatus, TieKind
from hatchline.core.values.refusal import Refusal

if TYPE_CHECKING:
    from hatchline.apps.people.models import Account, Invitation, Person, Role, Tie
    from hatchline.core.values.dates import PartialDate

LONGEST_USERNAME = 60


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the command line, or the persons themselves."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def why_not_name(name: str) -> Refusal | None:
    """A person's name: something, and no longer than its column."""
    if not name.strip():
        return Refusal("no_name", _("请填写姓名。"), field="name")
    if len(name) > 100:
        return Refusal("name_too_long", _("姓名最多 100 个字符。"), field="name")
    return None


def why_not_change(person: Person) -> Refusal | None:
    """An erased person stays as they are."""
    if person.erased_at is not None:
        return Refusal("erased", _("此人的个人信息已删除，不能再登记。"))
    return None


def why_not_contact(person: Person, kind: str, value: str) -> Refusal | None:
    """A contact point of a kind we know, written as such a thing is written."""
    if kind not in ContactKind.values:
        return Refusal("unknown_kind", _("请选择联系方式的类别。"), field="kind")
    value = unicodedata.normalize("NFKC", value)
    digits = "".join(sign for sign in value if sign.isdigit())
    if kind == ContactKind.EMAIL:
        try:
            validate_email(value.strip())
        except ValidationError:
            return Refusal("not_an_address", _("电子邮箱的写法是 名称@域名。"), field="value")
    elif not 5 <= len(digits) <= 15 or any(sign not in "+-() 0123456789转#" for sign in value):
        return Refusal(
            "not_a_number", _("号码应有 5 到 15 位数字，可以用 +、-、括号和空格；分机前写 转 或 #。"), field="value"
        )
    return why_not_change(person)


def why_not_identity(person: Person, kind: str, number: str) -> Refusal | None:
    """A document number; a resident's one must have its check digit right."""
    if kind not in IdentityKind.values:
        return Refusal("unknown_kind", _("请选择证件类型。"), field="kind")
    if not 4 <= len(number.strip()) <= 40:
        return Refusal("not_a_number", _("证件号码应有 4 到 40 个字符。"), field="number")
    if kind == IdentityKind.RESIDENT and not ric.is_valid(number):
        return Refusal("wrong_check_digit", _("身份证号码的位数、日期或校验码不对，请再核对一次。"), field="number")
    return why_not_change(person)


def why_not_username(username: str) -> Refusal | None:
    """A username that can be typed and is not taken, whatever its case."""
    if not username or len(username) > LONGEST_USERNAME or any(sign.isspace() for sign in username):
        return Refusal("wrong_username", _("用户名要有 1 到 60 个字符，中间不能有空格。"), field="username")
    if queries.account_named(username) is not None:
        return Refusal("username_taken", _("这个用户名已被使用，请换一个。"), field="username")
    return None


def why_not_password(password: str, account: Account) -> Refusal | None:
    """A password the validators of the settings accept for this account."""
    try:
        validate_password(password, account)
    except ValidationError as problem:
        return Refusal("weak_password", " ".join(problem.messages), field="password")
    return None


def why_not_make_account(person: Person, username: str) -> Refusal | None:
    """One account for a person."""
    if hasattr(person, "account"):
        return Refusal("has_account", _("此人已有账号。"))
    return why_not_change(person) or why_not_username(username)


def why_not_place(kind: str, places: dict[str, Any]) -> Refusal | None:
    """A kind of role in a place it can be held in. ``places``: organisation, territory and area, each a row or None."""
    if kind not in RoleKind.values:
        return Refusal("unknown_kind", _("请选择角色。"), field="kind")
    given = [name for name, place in places.items() if place is not None]
    if len(given) > 1:
        return Refusal("several_places", _("一个角色只能属于一个单位、一个行政区划或一个功能区。"), field=given[1])
    allowed = PLACES[RoleKind(kind)]
    if (given[0] if given else "") not in allowed:
        words = {
            "organisation": pgettext("one", "单位"),
            "territory": _("行政区划"),
            "area": _("功能区"),
            "": _("不限范围"),
        }
        listed = "、".join(str(words[name]) for name in allowed)
        return Refusal(
            "wrong_place",
            _("“%(role)s”的范围应为：%(places)s。") % {"role": RoleKind(kind).label, "places": listed},
            field=given[0] if given else allowed[0],
        )
    return None


def why_not_grant(
    person: Person, *, kind: str, places: dict[str, Any], starts_on: date, ends_before: date | None
) -> Refusal | None:
    """The role fits its place, its period is in order and the person does not already hold it then."""
    refusal = why_not_change(person) or why_not_place(kind, places)
    if refusal is not None:
        return refusal
    if ends_before is not None and ends_before <= starts_on:
        return Refusal("wrong_period", _("结束日期必须晚于开始日期。"), field="ends_before")
    if queries.same_role(person, kind=kind, places=places, starts_on=starts_on, ends_before=ends_before).exists():
        return Refusal("has_role", _("此人在这段时间里已有同一角色。"), field="kind")
    return None


def why_not_end_role(role: Role, *, ends_before: date, today: date) -> Refusal | None:
    """It has not ended, does not end before it begins, and somebody is left who can manage accounts."""
    if role.ends_before is not None and role.ends_before <= ends_before:
        return Refusal("ended", _("这个角色已经结束。"))
    if ends_before < role.starts_on:
        return Refusal("wrong_period", _("结束日期不能早于开始日期。"), field="ends_before")
    if role.kind == RoleKind.ADMINISTRATOR and not queries.other_administrators(role.person, today=today).exists():
        return Refusal("last_administrator", _("这是最后一位系统管理员，请先授予另一个人。"))
    return None


def why_not_deactivate(account: Account, *, by: Person | None, today: date) -> Refusal | None:
    """Not one's own account, not twice, and not the last administrator's."""
    if not account.is_active:
        return Refusal("inactive", _("这个账号已经停用。"))
    if by is not None and account.person_id == by.pk:
        return Refusal("own_account", _("不能停用自己的账号，请由另一位管理员停用。"))
    person = account.person
    if person is not None and queries.is_last_administrator(person, today=today):
        return Refusal("last_administrator", _("这是最后一位系统管理员，请先授予另一个人。"))
    return None


def why_not_reactivate(account: Account) -> Refusal | None:
    """Only what was deactivated, of a person who still is one."""
    if account.is_active:
        return Refusal("active", _("这个账号正在使用。"))
    return why_not_change(account.person) if account.person is not None else None


def why_not_accept(invitation: Invitation | None, *, account: Account | None, now: datetime) -> Refusal | None:
    """It is there, open and in time, and whoever takes it is the person it was made for."""
    if invitation is None:
        return Refusal("unknown_invitation", _("没有这份邀请。"), hint=_("请核对链接是否完整，或请邀请人重新发送。"))
    if invitation.status == InvitationStatus.ACCEPTED:
        return Refusal("accepted", _("这份邀请已经接受过。"), hint=_("请直接登录。"))
    if invitation.status == InvitationStatus.WITHDRAWN:
        return Refusal("withdrawn", _("这份邀请已被撤回。"), hint=_("如有疑问，请联系邀请人。"))
    if invitation.expires_at <= now:
        return Refusal("expired", _("这份邀请已经过期。"), hint=_("请邀请人重新发送。"))
    if account is not None and account.person_id != invitation.person_id:
        return Refusal("not_yours", _("这份邀请是发给另一个人的。"), hint=_("请先退出当前账号，再打开这个链接。"))
    return why_not_change(invitation.person)


def why_not_erase(person: Person, *, by: Person | None, today: date) -> Refusal | None:
    """What the law wants kept is kept: current roles and ties that a register must show stand against erasure."""
    if person.erased_at is not None:
        return Refusal("erased", _("此人的个人信息已经删除。"))
    if by is not None and by.pk == person.pk:
        return Refusal("oneself", _("不能删除自己的信息，请由另一位管理员办理。"))
    if queries.roles_of_person(person, today=today):
        return Refusal("has_roles", _("此人仍有生效的角色。"), hint=_("请先结束这些角色。"))
    kept = [TieKind.LEGAL_REPRESENTATIVE, TieKind.SHAREHOLDER]
    if queries.ties_on(today).filter(person=person, kind__in=kept).exists():
        return Refusal(
            "register",
            _("此人现为某单位的法定代表人或股东，登记信息依法应当保留。"),
            hint=_("关联关系结束后可以删除。"),
        )
    return None


def why_not_record_tie(
    *, person: Person | None, holder: Any, organisation: Any, kind: str, share: Decimal | None, source: str
) -> Refusal | None:
    """One end is a person or a body, the other another body; a share belongs to a shareholder; its source is said."""
    if (person is None) == (holder is None):
        return Refusal("one_holder", _("关联的一方应是一个人或一个单位。"), field="person")
    if holder is not None and holder.pk == organisation.pk:
        return Refusal("same_body", _("单位不能与自己建立关联。"), field="holder")
    if kind not in TieKind.values:
        return Refusal("unknown_kind", _("请选择关系。"), field="kind")
    if holder is not None and kind not in {TieKind.SHAREHOLDER, TieKind.ADVISER, TieKind.MENTOR}:
        return Refusal("person_only", _("只有个人才能担任“%(kind)s”。") % {"kind": TieKind(kind).label}, field="kind")
    if share is not None and (kind != TieKind.SHAREHOLDER or not 0 <= share <= 100):
        return Refusal("share", _("持股比例应在 0 到 100 之间，且只有股东才填写。"), field="share")
    if not source.strip():
        return Refusal("no_source", _("请写明来源，例如：工商登记、本人申报。"), field="source")
    return why_not_change(person) if person is not None else None


def why_not_period(starts: PartialDate | None, ends: PartialDate | None) -> Refusal | None:
    """It may have ended on some day not before the first day it may have begun."""
    if starts is None or ends is None or starts.earliest is None or ends.before is None:
        return None
    if ends.before <= starts.earliest:
        return Refusal("wrong_period", _("结束时间不能早于开始时间。"), field="ends")
    return None


def why_not_end_tie(tie: Tie, ends: PartialDate) -> Refusal | None:
    """It has not ended yet, and the day is known as far as it is said."""
    if tie.ends.is_known:
        return Refusal("ended", _("这条关联关系已经结束。"))
    if not ends.is_known:
        return Refusal("no_day", _("请填写结束时间，知道多少写多少，例如 2016、2016-05。"), field="ends")
    return None


def why_not_take_without_signing_in(account: Account | None) -> Refusal | None:
    """Whoever has an account takes an invitation signed in, so that a link alone never opens it."""
    if account is not None:
        return Refusal("sign_in_first", _("您已有账号，请先登录再接受邀请。"))
    return None
