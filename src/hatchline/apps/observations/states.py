"""Moves of measures and observations."""

from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import AUTHORITY, RoleKind
from hatchline.core.values.move import Moves, move

_REPORTING = AUTHORITY | {RoleKind.CENTRE, RoleKind.MANAGER, RoleKind.STAFF, RoleKind.FOUNDER}

MOVES = Moves(
    move("declare", "observations.measure.declared", _("登记统计指标"), roles=AUTHORITY),
    move("record", "observations.recording.recorded", _("登记观测值"), roles=_REPORTING),
    move("correct", "observations.recording.corrected", _("更正观测值"), roles=_REPORTING),
)
