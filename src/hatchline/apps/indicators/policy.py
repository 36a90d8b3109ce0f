"""Why something may not be done to a measure or a target. None: it may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import policy as bodies
from hatchline.apps.indicators import definitions, queries
from hatchline.apps.indicators.models import Measure, Target
from hatchline.apps.indicators.states import MOVES
from hatchline.core.values.refusal import Refusal

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

FIELD_LABELS: dict[str, Any] = {"owner": _("责任人"), "owner_office": _("责任科室")}


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the system or the command line."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def why_not_amend_definition(
    measure: Measure, content: Any, *, starts_on: date, reason: str, role_kind: str = ""
) -> Refusal | None:
    """Not a definition, no reason given, or one before the definition now in force began."""
    refusal = why_not_as("amend_definition", role_kind)
    if refusal:
        return refusal
    try:
        definitions.read(content)
    except definitions.NotADefinition as problem:
        return Refusal("not_a_definition", str(problem), field="content")
    if not reason.strip() or len(reason) > 300:
        return Refusal("no_reason", _("请写明修改原因，最多 300 个字符。"), field="reason")
    latest = queries.latest_definition(measure)
    if latest is not None and starts_on <= latest.starts_on:
        return Refusal(
            "before_the_latest",
            _("现行定义自 %(day)s 起施行，新定义应在其后。") % {"day": latest.starts_on.isoformat()},
            field="starts_on",
        )
    return None


def why_not_amend_owner(
    target: Target, owner: Person | None, owner_office: str, *, version: int, role_kind: str = ""
) -> Refusal | None:
    """Nobody named, or somebody else saved an owner meanwhile."""
    refusal = why_not_as("amend_owner", role_kind)
    if refusal:
        return refusal
    if owner is None and not owner_office.strip():
        return Refusal("no_owner", _("目标要有责任人或责任科室。"), field="owner")
    if len(owner_office) > 100:
        return Refusal("too_long", _("责任科室最多 100 个字符。"), field="owner_office")
    now = {"owner": target.owner, "owner_office": target.owner_office}
    wanted = {"owner": owner, "owner_office": owner_office.strip()}
    changed = {name: value for name, value in wanted.items() if value != now[name]}
    return bodies.why_not_version(target.version, version, changed, now, FIELD_LABELS)


def why_not_set_path(target: Target, waypoints: Mapping[date, Decimal], role_kind: str = "") -> Refusal | None:
    """A waypoint after the target is due, or a negative one."""
    refusal = why_not_as("set_path", role_kind)
    if refusal:
        return refusal
    if any(day > target.due_on for day in waypoints):
        return Refusal("after_the_end", _("进度点不能晚于目标期限。"), field="waypoints")
    if any(not value.is_finite() or value < 0 for value in waypoints.values()):
        return Refusal("negative", _("进度值不能是负数。"), field="waypoints")
    return None
