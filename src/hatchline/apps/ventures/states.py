"""What may become of a venture, a stay, an application, a handover and a question, and who may do it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import AUTHORITY, RoleKind
from hatchline.core.chain.holding import EndState as End
from hatchline.core.chain.stages import Outcome as Ended
from hatchline.core.values.move import Moves, move


class Status(TextChoices):
    ACTIVE = "active", _("存续")
    CEASED = "ceased", _("终止")
    MERGED = "merged", _("已并入另一条记录")


class Exit(TextChoices):
    """How its owners sold: a way to have an outcome and go on, so it is no status."""

    ACQUIRED = "acquired", _("已被收购")
    LISTED = "listed", _("已上市")
    UNSAID = "unsaid", _("已退出（被收购或上市）")


class StayStatus(TextChoices):
    CLAIMED = "claimed", _("单方登记")
    CONFIRMED = "confirmed", _("已确认")
    DISPUTED = "disputed", _("有争议")
    WITHDRAWN = "withdrawn", _("已撤回")


class Basis(TextChoices):
    """What a stay stands on besides the word of one side; empty where there is nothing else, or nobody noted it."""

    BOTH = "both", _("双方确认")
    LIST = "list", _("按区里的名单")
    RULED = "ruled", _("区里认定")


class EndState(TextChoices):
    OPEN = End.OPEN.value, _("仍在")
    KNOWN = End.KNOWN.value, _("已离开")
    UNKNOWN = End.UNKNOWN.value, _("是否离开不详")


class Outcome(TextChoices):
    GRADUATED = Ended.GRADUATED.value, _("毕业")
    MOVED = Ended.MOVED.value, _("移交")
    LEFT = Ended.LEFT.value, _("迁出")
    CLOSED = Ended.CLOSED.value, _("终止")
    UNKNOWN = Ended.UNKNOWN.value, _("去向不详")


class ApplicationStatus(TextChoices):
    SUBMITTED = "submitted", _("待审核")
    ADMITTED = "admitted", _("已接收")
    REFUSED = "refused", _("未接收")
    RECALLED = "recalled", _("已撤回")


class HandoverStatus(TextChoices):
    OFFERED = "offered", _("待企业同意")
    CONSENTED = "consented", _("待接收机构答复")
    ACCEPTED = "accepted", _("待移交")
    DONE = "done", _("已移交")
    DECLINED = "declined", _("未成")
    STOPPED = "stopped", _("企业撤回同意")


class QuestionStatus(TextChoices):
    OPEN = "open", _("待答复")
    SETTLED = "settled", _("已解决")


_WITH_CENTRE = AUTHORITY | {RoleKind.CENTRE}
_WITH_INSTITUTIONS = _WITH_CENTRE | {RoleKind.MANAGER, RoleKind.STAFF}
_ALL_SIDES = _WITH_INSTITUTIONS | {RoleKind.FOUNDER}
_DECIDING = AUTHORITY | {RoleKind.MANAGER}
_OWN = AUTHORITY | {RoleKind.FOUNDER}
_LIVE = [StayStatus.CLAIMED, StayStatus.CONFIRMED, StayStatus.DISPUTED]
_IN_HAND = [HandoverStatus.OFFERED, HandoverStatus.CONSENTED, HandoverStatus.ACCEPTED]

MOVES = Moves(
    move("register", "ventures.venture.registered", _("登记创业主体"), to="*", roles=_ALL_SIDES),
    move("amend", "ventures.venture.amended", _("更正登记信息"), [Status.ACTIVE, Status.CEASED], roles=_ALL_SIDES),
    move("rename", "ventures.venture.renamed", _("登记更名"), [Status.ACTIVE], roles=_ALL_SIDES),
    move("incorporate", "ventures.venture.incorporated", _("登记注册成立"), [Status.ACTIVE], roles=_ALL_SIDES),
    move(
        "change_legal_person",
        "ventures.venture.legal_person_changed",
        _("变更登记主体"),
        [Status.ACTIVE],
        roles=_WITH_INSTITUTIONS,
    ),
    move("record_founder", "ventures.venture.founder_recorded", _("记录创始人"), roles=_ALL_SIDES),
    move("erase_founder", "ventures.venture.founder_erased", _("删除创始人个人信息"), roles={RoleKind.ADMINISTRATOR}),
    move("record_right", "ventures.venture.right_recorded", _("记录知识产权"), roles=_ALL_SIDES),
    move("record_funding", "ventures.venture.funding_recorded", _("记录融资"), roles=_ALL_SIDES),
    move("cease", "ventures.venture.ceased", _("登记终止"), [Status.ACTIVE], Status.CEASED, _WITH_INSTITUTIONS),
    move(
        "merge", "ventures.venture.merged", _("合并重复记录"), [Status.ACTIVE, Status.CEASED], Status.MERGED, AUTHORITY
    ),
    move("undo_merge", "ventures.venture.merge_undone", _("撤销合并"), [Status.MERGED], "*", AUTHORITY),
    move("apply", "ventures.application.submitted", _("申请入驻"), to="*", roles=_OWN),
    move(
        "admit",
        "ventures.application.admitted",
        _("接收入驻"),
        [ApplicationStatus.SUBMITTED],
        ApplicationStatus.ADMITTED,
        _DECIDING,
    ),
    move(
        "refuse",
        "ventures.application.refused",
        _("不予接收"),
        [ApplicationStatus.SUBMITTED],
        ApplicationStatus.REFUSED,
        _DECIDING,
    ),
    move(
        "recall",
        "ventures.application.recalled",
        _("撤回入驻申请"),
        [ApplicationStatus.SUBMITTED],
        ApplicationStatus.RECALLED,
        _OWN,
    ),
    move("claim", "ventures.stay.claimed", _("登记入驻"), to="*", roles=_ALL_SIDES),
    move(
        "confirm",
        "ventures.stay.confirmed",
        _("确认入驻"),
        [StayStatus.CLAIMED],
        StayStatus.CONFIRMED,
        _DECIDING | {RoleKind.FOUNDER},
    ),
    move(
        "dispute",
        "ventures.stay.disputed",
        _("对入驻记录提出争议"),
        [StayStatus.CLAIMED, StayStatus.CONFIRMED],
        StayStatus.DISPUTED,
        _ALL_SIDES,
    ),
    move("withdraw", "ventures.stay.withdrawn", _("撤回入驻记录"), _LIVE, StayStatus.WITHDRAWN, _DECIDING),
    move(
        "restore",
        "ventures.stay.restored",
        _("恢复撤回的入驻记录"),
        [StayStatus.WITHDRAWN],
        "*",
        AUTHORITY,
    ),
    move(
        "uphold",
        "ventures.stay.upheld",
        _("争议解决，记录成立"),
        [StayStatus.DISPUTED],
        StayStatus.CONFIRMED,
        AUTHORITY,
    ),
    move("graduate", "ventures.stay.graduated", _("毕业"), [StayStatus.CONFIRMED], roles=_DECIDING),
    move("leave", "ventures.stay.left", _("迁出"), _LIVE, roles=_DECIDING | {RoleKind.FOUNDER}),
    move("move_on", "ventures.stay.moved", _("移交后离开"), [StayStatus.CONFIRMED], roles=_DECIDING),
    move("amend_stay", "ventures.stay.amended", _("更正入驻记录"), _LIVE, roles=_DECIDING),
    move("count", "ventures.stay.counted", _("恢复计入统计"), _LIVE, roles=_DECIDING),
    move("set_aside", "ventures.stay.set_aside", _("不计入统计"), _LIVE, roles=_DECIDING),
    move("offer", "ventures.handover.offered", _("推荐下一站"), to="*", roles=_DECIDING),
    move(
        "consent",
        "ventures.handover.consented",
        _("同意移交资料"),
        [HandoverStatus.OFFERED],
        HandoverStatus.CONSENTED,
        frozenset({RoleKind.FOUNDER}),
    ),
    move(
        "stop",
        "ventures.handover.stopped",
        _("撤回同意"),
        _IN_HAND,
        HandoverStatus.STOPPED,
        frozenset({RoleKind.FOUNDER}),
    ),
    move(
        "accept",
        "ventures.handover.accepted",
        _("同意接收"),
        [HandoverStatus.CONSENTED],
        HandoverStatus.ACCEPTED,
        _DECIDING,
    ),
    move(
        "decline",
        "ventures.handover.declined",
        _("不接收"),
        [HandoverStatus.OFFERED, HandoverStatus.CONSENTED],
        HandoverStatus.DECLINED,
        _DECIDING | {RoleKind.FOUNDER},
    ),
    move(
        "complete", "ventures.handover.done", _("完成移交"), [HandoverStatus.ACCEPTED], HandoverStatus.DONE, _DECIDING
    ),
    move("ask", "ventures.question.asked", _("提出疑问"), to="*", roles=_WITH_CENTRE),
    move("reply", "ventures.question.answered", _("答复疑问"), [QuestionStatus.OPEN], roles=_DECIDING),
    move(
        "settle", "ventures.question.settled", _("解决疑问"), [QuestionStatus.OPEN], QuestionStatus.SETTLED, AUTHORITY
    ),
)
