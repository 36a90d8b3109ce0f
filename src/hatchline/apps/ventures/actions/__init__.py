"""Verbs of the chain. Each leaves a move in the ledger; the ``_many`` verbs are parts of an import, which does."""

from hatchline.apps.ventures.actions.amending import amend, amend_stay
from hatchline.apps.ventures.actions.handovers import accept, complete, consent, decline, offer, stop
from hatchline.apps.ventures.actions.merging import merge, undo_merge
from hatchline.apps.ventures.actions.personal import erase_founder, forget
from hatchline.apps.ventures.actions.questions import ask_duplicate, reply, settle, told
from hatchline.apps.ventures.actions.recording import Recorded, record_stays
from hatchline.apps.ventures.actions.stays import (
    admit,
    amend_stays,
    apply,
    claim,
    confirm,
    count,
    dispute,
    graduate,
    leave,
    recall,
    refuse,
    set_aside,
    withdraw,
)
from hatchline.apps.ventures.actions.ventures import (
    amend_many,
    cease,
    change_legal_person,
    incorporate,
    record_founder,
    record_funding,
    record_right,
    register,
    register_many,
    rename,
)

__all__ = [
    "Recorded",
    "accept",
    "admit",
    "amend",
    "amend_many",
    "amend_stay",
    "amend_stays",
    "apply",
    "ask_duplicate",
    "cease",
    "change_legal_person",
    "claim",
    "complete",
    "confirm",
    "consent",
    "count",
    "decline",
    "dispute",
    "erase_founder",
    "forget",
    "graduate",
    "incorporate",
    "leave",
    "merge",
    "offer",
    "recall",
    "record_founder",
    "record_funding",
    "record_right",
    "record_stays",
    "refuse",
    "register",
    "register_many",
    "rename",
    "reply",
    "set_aside",
    "settle",
    "stop",
    "told",
    "undo_merge",
    "withdraw",
]
