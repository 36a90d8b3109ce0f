"""What may become of two records that were told apart."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.core.values.move import Moves, move


class ApartStatus(TextChoices):
    TOLD = "told", _("不是同一主体")
    TAKEN_BACK = "taken_back", _("重新存疑")


_AUTHORITY = frozenset({"administrator", "official"})

MOVES = Moves(
    move("tell_apart", "search.apart.told", _("登记为不同主体"), to=ApartStatus.TOLD, roles=_AUTHORITY),
    move(
        "take_back",
        "search.apart.taken_back",
        _("收回“不同主体”的登记"),
        [ApartStatus.TOLD],
        ApartStatus.TAKEN_BACK,
        _AUTHORITY,
    ),
)
