"""Tables of ventures, stays, handovers and questions."""

from hatchline.apps.ventures.models.questions import Asked, Question, QuestionKind, Resolution
from hatchline.apps.ventures.models.stays import STAGES, Application, DataCategory, Handover, Stay
from hatchline.apps.ventures.models.ventures import (
    Background,
    Founder,
    Funding,
    LegalPeriod,
    Merge,
    NameKind,
    Right,
    RightKind,
    Round,
    Venture,
    VentureName,
)

__all__ = [
    "STAGES",
    "Application",
    "Asked",
    "Background",
    "DataCategory",
    "Founder",
    "Funding",
    "Handover",
    "LegalPeriod",
    "Merge",
    "NameKind",
    "Question",
    "QuestionKind",
    "Resolution",
    "Right",
    "RightKind",
    "Round",
    "Stay",
    "Venture",
    "VentureName",
]
