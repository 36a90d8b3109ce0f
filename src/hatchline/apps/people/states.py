"""Kinds and statuses of what this app keeps, and its table of moves."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import AUTHORITY, EVERYONE, MAY
from hatchline.core.values.move import Moves, move


class InvitationStatus(TextChoices):
    OPEN = "open", _("等待接受")
    ACCEPTED = "accepted", _("已接受")
    WITHDRAWN = "withdrawn", _("已撤回")


class ContactKind(TextChoices):
    MOBILE = "mobile", _("手机")
    PHONE = "phone", _("座机")
    EMAIL = "email", _("电子邮箱")


class IdentityKind(TextChoices):
    RESIDENT = "resident", _("居民身份证")
    PASSPORT = "passport", _("护照")
    PERMIT = "permit", _("港澳台居民通行证或居住证")
    OTHER = "other", _("其他证件")


class TieKind(TextChoices):
    SHAREHOLDER = "shareholder", _("股东")
    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
    POST = "post", _("任职")
    EMPLOYER = "employer", _("受雇于")
    MENTOR = "mentor", _("创业导师")
    ADVISER = "adviser", _("顾问")


class Visibility(TextChoices):
    """Who may see a tie, from fewest to most."""

    AUTHORITY = "authority", _("仅主管部门与审计")
    PARTIES = "parties", _("主管部门与关系双方")
    PUBLIC = "public", _("公开")


MANAGE = MAY["people.manage"]

MOVES = Moves(
    move("register", "people.person.registered", _("登记人员"), roles=AUTHORITY),
    move("rename", "people.person.renamed", _("更正姓名"), roles=AUTHORITY),
    move("set_contact", "people.person.contact_set", _("登记联系方式"), roles=EVERYONE),
    move("remove_contact", "people.person.contact_removed", _("删除联系方式"), roles=EVERYONE),
    move("set_identity", "people.person.identity_set", _("登记证件号码"), roles=AUTHORITY),
    move("unmask", "people.person.looked", _("查看完整个人信息"), roles=EVERYONE),
    move("export", "people.person.exported", _("导出个人数据"), roles=EVERYONE),
    move("erase", "people.person.erased", _("删除个人信息"), roles=MAY["people.erase"]),
    move("make_account", "people.account.made", _("开通账号"), roles=MANAGE),
    move("set_password", "people.account.password_set", _("重设密码"), roles=EVERYONE),
    move("unlock", "people.account.unlocked", _("解除锁定"), roles=MANAGE),
    move("reset_second_factor", "people.account.second_factor_reset", _("重设两步验证"), roles=MANAGE),
    move("deactivate", "people.account.deactivated", _("停用账号"), roles=MANAGE),
    move("reactivate", "people.account.reactivated", _("重新启用账号"), roles=MANAGE),
    move("end_sign_ins", "people.account.sign_ins_ended", _("结束登录"), roles=EVERYONE),
    move("link_sign_in", "people.account.sign_in_linked", _("关联统一身份认证"), roles=EVERYONE),
    move("unlink_sign_in", "people.account.sign_in_unlinked", _("解除统一身份认证关联"), roles=EVERYONE),
    move("invite", "people.invitation.sent", _("发出邀请"), to=InvitationStatus.OPEN, roles=MANAGE),
    move(
        "accept",
        "people.invitation.accepted",
        _("接受邀请"),
        sources=[InvitationStatus.OPEN],
        to=InvitationStatus.ACCEPTED,
        roles=EVERYONE,
    ),
    move(
        "withdraw",
        "people.invitation.withdrawn",
        _("撤回邀请"),
        sources=[InvitationStatus.OPEN],
        to=InvitationStatus.WITHDRAWN,
        roles=MANAGE,
    ),
    move("grant", "people.role.granted", _("授予角色"), roles=MANAGE),
    move("end_role", "people.role.ended", _("结束角色"), roles=MANAGE),
    move("record_tie", "people.tie.recorded", _("登记关联关系"), roles=MAY["ties.record"]),
    move("end_tie", "people.tie.ended", _("结束关联关系"), roles=MAY["ties.record"]),
)
