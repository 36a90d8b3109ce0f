"""Kinds of column of ours: partial dates, encrypted values, keyed digests. See README.md."""

from hatchline.apps.columns.digests import digest, masked, salted, salted_matches
from hatchline.apps.columns.encrypted import Encrypted
from hatchline.apps.columns.keys import KeyMissing
from hatchline.apps.columns.partial_dates import PartialDateColumns, get, partial_date, set_

set = set_  # columns.set(venture, "opened", date): the name the apps use

__all__ = [
    "Encrypted",
    "KeyMissing",
    "PartialDateColumns",
    "digest",
    "get",
    "masked",
    "partial_date",
    "salted",
    "salted_matches",
    "set",
]
