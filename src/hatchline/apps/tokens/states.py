"""Statuses of a token, and this app's table of moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import MAY
from hatchline.core.values.move import Moves, move


class Status(TextChoices):
    VALID = "valid", _("有效")
    REVOKED = "revoked", _("已停用")


MOVES = Moves(
    move("make", "tokens.api_token.made", _("生成接口令牌"), to=Status.VALID, roles=MAY["tokens.own"]),
    move(
        "revoke",
        "tokens.api_token.revoked",
        _("停用接口令牌"),
        sources=[Status.VALID],
        to=Status.REVOKED,
        roles=MAY["tokens.own"],
    ),
)
