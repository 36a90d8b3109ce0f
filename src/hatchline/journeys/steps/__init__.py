"""Steps of the chain with those who are told of them: the ventures app's verbs with their messages, in one transaction.

Whoever lets people take these steps (the desk, the API) calls them here, so that nobody learns of a decision by chance.
"""

from hatchline.journeys.steps.entering import admit, apply, apply_as_new, recall, refuse
from hatchline.journeys.steps.figures import Doubts, report
from hatchline.journeys.steps.handing import accept, complete, consent, decline, offer, stop
from hatchline.journeys.steps.staying import (
    Alike,
    Newcomer,
    confirm,
    dispute,
    graduate,
    leave,
    take_on,
    why_not_confirm_own,
)

__all__ = [
    "Alike",
    "Doubts",
    "Newcomer",
    "accept",
    "admit",
    "apply",
    "apply_as_new",
    "complete",
    "confirm",
    "consent",
    "decline",
    "dispute",
    "graduate",
    "leave",
    "offer",
    "recall",
    "refuse",
    "report",
    "stop",
    "take_on",
    "why_not_confirm_own",
]
