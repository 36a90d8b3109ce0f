"""What may become of premises, spaces, idle property and occupancies, and who may do it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import AUTHORITY, RoleKind
from hatchline.core.values.move import Moves, move


class PremisesStatus(TextChoices):
    IN_USE = "in_use", _("在用")
    VACATED = "vacated", _("已退出")


class OccupancyStatus(TextChoices):
    RECORDED = "recorded", _("有效")
    STRUCK = "struck", _("录入有误，已划去")


class IdleStatus(TextChoices):
    FOUND = "found", _("摸排发现")
    SURVEYED = "surveyed", _("已踏勘")
    NEGOTIATING = "negotiating", _("洽谈中")
    CONVERTING = "converting", _("改造中")
    CONVERTED = "converted", _("已投入孵化")
    DROPPED = "dropped", _("已放弃")


_WITH_INSTITUTIONS = AUTHORITY | {RoleKind.MANAGER, RoleKind.STAFF}
_IDLE = AUTHORITY | {RoleKind.OFFICER}
_ON_THE_WAY = [IdleStatus.FOUND, IdleStatus.SURVEYED, IdleStatus.NEGOTIATING, IdleStatus.CONVERTING]

MOVES = Moves(
    move("register", "premises.premises.registered", _("登记场地"), to=PremisesStatus.IN_USE, roles=_WITH_INSTITUTIONS),
    move("amend", "premises.premises.amended", _("修改场地信息"), roles=_WITH_INSTITUTIONS),
    move(
        "vacate",
        "premises.premises.vacated",
        _("登记退出场地"),
        [PremisesStatus.IN_USE],
        PremisesStatus.VACATED,
        _WITH_INSTITUTIONS,
    ),
    move("add_space", "premises.space.added", _("登记房间"), roles=_WITH_INSTITUTIONS),
    move("amend_space", "premises.space.amended", _("修改房间信息"), roles=_WITH_INSTITUTIONS),
    move("resize", "premises.space.resized", _("变更面积或用途"), roles=_WITH_INSTITUTIONS),
    move("occupy", "premises.occupancy.recorded", _("登记用房"), to=OccupancyStatus.RECORDED, roles=_WITH_INSTITUTIONS),
    move(
        "end_occupancy",
        "premises.occupancy.ended",
        _("登记退房"),
        [OccupancyStatus.RECORDED],
        roles=_WITH_INSTITUTIONS,
    ),
    move(
        "correct",
        "premises.occupancy.corrected",
        _("更正用房记录"),
        [OccupancyStatus.RECORDED],
        roles=_WITH_INSTITUTIONS,
    ),
    move(
        "strike",
        "premises.occupancy.struck",
        _("划去误录的用房记录"),
        [OccupancyStatus.RECORDED],
        OccupancyStatus.STRUCK,
        _WITH_INSTITUTIONS,
    ),
    move("find", "premises.idle.found", _("登记闲置房产"), to=IdleStatus.FOUND, roles=_IDLE),
    move("amend_idle", "premises.idle.amended", _("修改闲置房产信息"), roles=_IDLE),
    move("survey", "premises.idle.surveyed", _("登记踏勘结果"), [IdleStatus.FOUND], IdleStatus.SURVEYED, _IDLE),
    move(
        "negotiate",
        "premises.idle.negotiating",
        _("开始洽谈"),
        [IdleStatus.FOUND, IdleStatus.SURVEYED],
        IdleStatus.NEGOTIATING,
        _IDLE,
    ),
    move(
        "start_converting",
        "premises.idle.converting",
        _("开始改造"),
        [IdleStatus.NEGOTIATING],
        IdleStatus.CONVERTING,
        _IDLE,
    ),
    move(
        "convert",
        "premises.idle.converted",
        _("投入孵化"),
        [IdleStatus.NEGOTIATING, IdleStatus.CONVERTING],
        IdleStatus.CONVERTED,
        AUTHORITY,
    ),
    move("drop", "premises.idle.dropped", _("放弃"), _ON_THE_WAY, IdleStatus.DROPPED, _IDLE),
    move("resume", "premises.idle.resumed", _("重新启动"), [IdleStatus.DROPPED], IdleStatus.FOUND, _IDLE),
)
