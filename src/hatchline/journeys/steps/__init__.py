"""Steps of the chain with those who are told of them: the ventures app's verbs with their messages, in one transaction.

Whoever lets people take these steps (the desk, the API) calls them here, so that nobody learns of a decision by chance.
"""

from hatchline.journeys.steps.entering import admit, apply, apply_as_new, recall, refuse
from hatchline.journeys.steps.handing import accept, complete, consent, decline, offer, stop
from hatchline.journeys.steps.staying import Newcomer, confirm, dispute, graduate, leave, take_on

__all__ = [
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
    "stop",
    "take_on",
]
