"""Why something may not be done to an institution, its branches or its team. None: it may."""

from hatchline.apps.institutions.policy.register import (
    FIELD_LABELS,
    OWN_FIELDS,
    why_not_amend,
    why_not_as,
    why_not_draft,
    why_not_fields,
    why_not_move,
    why_not_register,
    why_not_see_file,
)
from hatchline.apps.institutions.policy.team import (
    TEAM_LABELS,
    why_not_again,
    why_not_end,
    why_not_link_branch,
    why_not_mentor,
    why_not_qualification,
    why_not_staff,
    why_not_team,
    why_not_team_version,
)

__all__ = [
    "FIELD_LABELS",
    "OWN_FIELDS",
    "TEAM_LABELS",
    "why_not_again",
    "why_not_amend",
    "why_not_as",
    "why_not_draft",
    "why_not_end",
    "why_not_fields",
    "why_not_link_branch",
    "why_not_mentor",
    "why_not_move",
    "why_not_qualification",
    "why_not_register",
    "why_not_see_file",
    "why_not_staff",
    "why_not_team",
    "why_not_team_version",
]
