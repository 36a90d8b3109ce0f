"""What may become of a file."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hatchline.core.values.move import Moves, move


class Status(TextChoices):
    KEPT = "kept", _("保存中")
    WITHDRAWN = "withdrawn", _("已撤回")
    ERASED = "erased", _("已删除")


_ANYONE = frozenset(
    {"administrator", "official", "officer", "centre", "manager", "staff"}
    | {"founder", "mentor", "expert", "investor", "provider", "laboratory"}
)

MOVES = Moves(
    move("store", "files.file.stored", _("上传文件"), to=Status.KEPT, roles=_ANYONE),
    move("withdraw", "files.file.withdrawn", _("撤回文件"), sources=[Status.KEPT], to=Status.WITHDRAWN, roles=_ANYONE),
    move("erase", "files.file.erased", _("依法删除文件内容"), sources=[Status.KEPT, Status.WITHDRAWN], to=Status.ERASED,
         roles={"administrator"}),
)  # fmt: skip
