"""Statuses and moves of a title."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import AUTHORITY
from hatchline.core.values.move import Moves, move


class Level(TextChoices):
    DISTRICT = "district", _("区级")
    MUNICIPAL = "municipal", _("市级")
    NATIONAL = "national", _("国家级")
    OTHER = "other", _("其他")


class TitleStatus(TextChoices):
    GIVEN = "given", _("有效")
    WITHDRAWN = "withdrawn", _("撤销")
    STRUCK = "struck", _("录入有误，已划去")


MOVES = Moves(
    move("record", "titles.title.recorded", _("记录资质"), to=TitleStatus.GIVEN, roles=AUTHORITY),
    move("withdraw", "titles.title.withdrawn", _("撤销资质"), [TitleStatus.GIVEN], TitleStatus.WITHDRAWN, AUTHORITY),
    move("strike", "titles.title.struck", _("划去误录的资质"), [TitleStatus.GIVEN], TitleStatus.STRUCK, AUTHORITY),
)
