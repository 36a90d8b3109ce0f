"""Tables of institutions, of their branches and of who works there."""

from hatchline.apps.institutions.models.branches import Branch, BranchForm
from hatchline.apps.institutions.models.institutions import (
    HERE,
    Institution,
    InstitutionKind,
    InstitutionName,
    InstitutionStage,
    Kind,
    StageOffered,
)
from hatchline.apps.institutions.models.team import (
    Degree,
    Mentor,
    Qualification,
    QualificationKind,
    Staff,
    StaffRole,
)

__all__ = [
    "HERE",
    "Branch",
    "BranchForm",
    "Degree",
    "Institution",
    "InstitutionKind",
    "InstitutionName",
    "InstitutionStage",
    "Kind",
    "Mentor",
    "Qualification",
    "QualificationKind",
    "Staff",
    "StaffRole",
    "StageOffered",
]
