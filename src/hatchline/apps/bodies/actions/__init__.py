"""Verbs of bodies: on organisations, on places and lists of a district, and the loading of reference data."""

from hatchline.apps.bodies.actions.organisations import (
    amend,
    amend_many,
    close,
    register,
    register_many,
    rename,
    reopen,
)
from hatchline.apps.bodies.actions.places import cover, end_key_industry, list_key_industry, record_area, uncover
from hatchline.apps.bodies.actions.reference import Loaded, load_classification, load_territories

__all__ = [
    "Loaded",
    "amend",
    "amend_many",
    "close",
    "cover",
    "end_key_industry",
    "list_key_industry",
    "load_classification",
    "load_territories",
    "record_area",
    "register",
    "register_many",
    "rename",
    "reopen",
    "uncover",
]
