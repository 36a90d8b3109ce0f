"""Dates of many rows read quickly: the database hands them over as text, and one is made a date where it is needed.

Reading a column of dates costs ten times as much as reading a column of text, most of it spent on dates that are only
compared. Texts of dates compare as the dates do.
"""

from __future__ import annotations

from datetime import date

from django.db.models import CharField
from django.db.models.functions import Cast


def text(name: str) -> Cast:
    """The date in a column as YYYY-MM-DD, None where there is none; for ``values_list``."""
    return Cast(name, CharField())


def day(written: str | None) -> date | None:
    """The date of such a text."""
    return None if written is None else date.fromisoformat(written)
