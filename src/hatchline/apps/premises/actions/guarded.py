"""What the database forbids, said as a refusal: another verb may have come in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.guards import Violated
from hatchline.core.values.refusal import Refusal, Refused

_FIELDS = {"occupancies_fit_the_space": "area", "occupancies_fit_the_desks": "desks"}


@contextmanager
def in_words() -> Iterator[None]:
    """Statements inside that a guard of occupancies stops are refused in words; others pass as they are."""
    try:
        with transaction.atomic():
            yield
    except Violated as violated:
        if violated.guard not in _FIELDS:
            raise
        hint = _("请核对面积和日期。")
        raise Refused(Refusal("too_large", str(violated), hint, field=_FIELDS[violated.guard])) from violated
