"""Who may change what a measure means and whose a target is."""

from django.utils.translation import gettext_lazy as _

from hatchline.core.values.move import Moves, move

_AUTHORITY = frozenset({"administrator", "official"})

MOVES = Moves(
    move("amend_definition", "indicators.measure.redefined", _("修改指标定义"), roles=_AUTHORITY),
    move("amend_owner", "indicators.target.reassigned", _("修改目标责任人"), roles=_AUTHORITY),
    move("set_path", "indicators.target.path_set", _("设定目标进度"), roles=_AUTHORITY),
    move("load", "indicators.target.loaded", _("载入规划目标")),
)
