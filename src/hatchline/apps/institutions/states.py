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
)
