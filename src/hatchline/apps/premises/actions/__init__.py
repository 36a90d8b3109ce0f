"""Verbs on premises. Each leaves a move in the ledger; the ``_many`` verbs are parts of an import, which does."""

from hatchline.apps.premises.actions.idle import (
    amend_idle,
    convert,
    drop,
    find,
    find_many,
    negotiate,
    resume,
    start_converting,
    survey,
)
from hatchline.apps.premises.actions.many import (
    Placed,
    amend_many,
    amend_occupancies,
    record_occupancies,
    record_spaces,
    register_many,
)
from hatchline.apps.premises.actions.occupancies import correct, end_occupancy, occupy, strike
from hatchline.apps.premises.actions.premises import amend, register, vacate
from hatchline.apps.premises.actions.spaces import add_space, amend_space, resize

__all__ = [
    "Placed",
    "add_space",
    "amend",
    "amend_idle",
    "amend_many",
    "amend_occupancies",
    "amend_space",
    "convert",
    "correct",
    "drop",
    "end_occupancy",
    "find",
    "find_many",
    "negotiate",
    "occupy",
    "record_occupancies",
    "record_spaces",
    "register",
    "register_many",
    "resize",
    "resume",
    "start_converting",
    "strike",
    "survey",
    "vacate",
]
