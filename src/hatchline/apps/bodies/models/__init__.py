"""Tables of bodies: places, classifications, organisations."""

from hatchline.apps.bodies.models.classes import ClassCode, Classification, KeyIndustry
from hatchline.apps.bodies.models.organisations import (
    Identifier,
    LegalForm,
    NameKind,
    Organisation,
    OrganisationName,
    OrganisationType,
    TypeOfBody,
)
from hatchline.apps.bodies.models.places import Coverage, FunctionalArea, Level, Territory

__all__ = [
    "ClassCode",
    "Classification",
    "Coverage",
    "FunctionalArea",
    "Identifier",
    "KeyIndustry",
    "LegalForm",
    "Level",
    "NameKind",
    "Organisation",
    "OrganisationName",
    "OrganisationType",
    "Territory",
    "TypeOfBody",
]
