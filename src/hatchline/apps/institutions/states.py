"""What may become of an institution, and who may do it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.core.values.move import Moves, move


class Status(TextChoices):
    PLANNED = "planned", _("筹建")
    OPEN = "open", _("在运营")
    CLOSED = "closed", _("已关闭")


_AUTHORITY = frozenset({"administrator", "official"})
_WITH_MANAGERS = _AUTHORITY | {"manager"}

MOVES = Moves(
    move("register", "institutions.institution.registered", _("登记机构"), to="*", roles=_AUTHORITY),
    move("amend", "institutions.institution.amended", _("修改机构信息"), roles=_WITH_MANAGERS),
    move(
        "open",
        "institutions.institution.opened",
        _("登记机构开办"),
        sources=[Status.PLANNED],
        to=Status.OPEN,
        roles=_AUTHORITY,
    ),
    move(
        "close",
        "institutions.institution.closed",
        _("登记机构关闭"),
        sources=[Status.PLANNED, Status.OPEN],
        to=Status.CLOSED,
        roles=_AUTHORITY,
    ),
    move(
        "reopen",
        "institutions.institution.reopened",
        _("恢复机构运营"),
        sources=[Status.CLOSED],
        to=Status.OPEN,
        roles=_AUTHORITY,
    ),
    move("link_branch", "institutions.branch.linked", _("登记分支关系"), roles=_AUTHORITY),
    move("end_branch", "institutions.branch.ended", _("结束分支关系"), roles=_AUTHORITY),
    move("record_staff", "institutions.staff.recorded", _("登记从业人员"), roles=_WITH_MANAGERS),
    move("amend_staff", "institutions.staff.amended", _("修改从业人员"), roles=_WITH_MANAGERS),
    move("end_staff", "institutions.staff.ended", _("登记从业人员离开"), roles=_WITH_MANAGERS),
    move("record_qualification", "institutions.qualification.recorded", _("登记从业资格"), roles=_WITH_MANAGERS),
    move("remove_qualification", "institutions.qualification.removed", _("删除从业资格"), roles=_WITH_MANAGERS),
    move("record_mentor", "institutions.mentor.recorded", _("登记聘任导师"), roles=_WITH_MANAGERS),
    move("amend_mentor", "institutions.mentor.amended", _("修改聘任导师"), roles=_WITH_MANAGERS),
    move("end_mentor", "institutions.mentor.ended", _("登记导师聘期结束"), roles=_WITH_MANAGERS),
)
