"""What may become of an organisation, and who may do what to the app's other rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.core.values.move import Moves, move


class Status(TextChoices):
    ACTIVE = "active", _("存续")
    CLOSED = "closed", _("终止")


_REGISTRARS = frozenset({"administrator", "official", "centre"})
_AUTHORITY = frozenset({"administrator", "official"})

MOVES = Moves(
    move("register", "bodies.organisation.registered", _("登记单位"), to="*", roles=_REGISTRARS),
    move("amend", "bodies.organisation.amended", _("修改单位信息"), roles=_REGISTRARS),
    move("rename", "bodies.organisation.renamed", _("登记单位更名"), roles=_REGISTRARS),
    move(
        "close",
        "bodies.organisation.closed",
        _("登记单位终止"),
        sources=[Status.ACTIVE],
        to=Status.CLOSED,
        roles=_REGISTRARS,
    ),
    move(
        "reopen",
        "bodies.organisation.reopened",
        _("撤销单位终止"),
        sources=[Status.CLOSED],
        to=Status.ACTIVE,
        roles=_REGISTRARS,
    ),
    move("record_area", "bodies.area.recorded", _("登记功能区"), roles=_AUTHORITY),
    move("cover", "bodies.area.covered", _("功能区划入街道、地区"), roles=_AUTHORITY),
    move("uncover", "bodies.area.uncovered", _("功能区划出街道、地区"), roles=_AUTHORITY),
    move("list_key_industry", "bodies.key_industry.listed", _("列入重点产业"), roles=_AUTHORITY),
    move("end_key_industry", "bodies.key_industry.ended", _("移出重点产业"), roles=_AUTHORITY),
    move("load_territories", "bodies.territories.loaded", _("更新行政区划代码")),
    move("load_classification", "bodies.classification.loaded", _("更新分类标准")),
)
