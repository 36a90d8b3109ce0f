"""A PartialDate in three columns: its first possible day, the first day it cannot be any more, what was written."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

from django.db import models

from hatchline.core.values.dates import PartialDate, parse

TEXT_LENGTH = 200


def partial_date(name: str, verbose_name: Any = None) -> tuple[models.Field, models.Field, models.Field]:
    """The three fields: ``opened_on, opened_before, opened_text = columns.partial_date("opened", _("开办时间"))``.

    The columns must be called ``<name>_on``, ``<name>_before`` (half-open) and ``<name>_text``.
    """
    label = verbose_name or name
    return (
        models.DateField(label, null=True, blank=True),
        models.DateField(null=True, blank=True),
        models.CharField(max_length=TEXT_LENGTH, blank=True),
    )


class PartialDateColumns(property):
    """The same in one line: ``opened = columns.PartialDateColumns(_("开办时间"))``.

    Adds the three columns and reads and takes a PartialDate under its own name; the model's constructor takes it too.
    """

    def __init__(self, verbose_name: Any = None) -> None:
        self.verbose_name = verbose_name
        self.fields = partial_date("", verbose_name)  # made now, so that columns keep the order of the class body
        super().__init__(self._get, self._set)

    def contribute_to_class(self, model: Any, name: str) -> None:
        """Called by Django while the class is made."""
        self.name = name
        for suffix, field in zip(("on", "before", "text"), self.fields, strict=True):
            if not self.verbose_name:
                field.verbose_name = None  # type: ignore[assignment] # Django then makes one from the name
            model.add_to_class(f"{name}_{suffix}", field)
        setattr(model, name, self)

    def _get(self, row: Any) -> PartialDate:
        return get(row, self.name)

    def _set(self, row: Any, value: PartialDate | None) -> None:
        set_(row, self.name, value)


def get(row: Any, name: str) -> PartialDate:
    """The date in the three columns, with its precision. Empty columns give an unknown date."""
    return read(getattr(row, f"{name}_on"), getattr(row, f"{name}_before"), getattr(row, f"{name}_text"))


def set_(row: Any, name: str, value: PartialDate | None) -> None:
    """Put a date into the three columns; None empties them. Saving is the caller's."""
    setattr(row, f"{name}_on", value.earliest if value is not None else None)
    setattr(row, f"{name}_before", value.before if value is not None else None)
    setattr(row, f"{name}_text", value.text[:TEXT_LENGTH] if value is not None else "")


def kept(name: str, value: PartialDate | None) -> dict[str, Any]:
    """The three columns as a dict, for ``create``, ``update`` and bulk writing."""
    return {
        f"{name}_on": value.earliest if value is not None else None,
        f"{name}_before": value.before if value is not None else None,
        f"{name}_text": value.text[:TEXT_LENGTH] if value is not None else "",
    }


def read(earliest: date | None, before: date | None, text: str) -> PartialDate:
    """A PartialDate from its columns: the text says how exact it is, where it means these very days."""
    if earliest is None or before is None:
        found = parse(text)
        is_open = isinstance(found, PartialDate) and found.precision == "open"
        return PartialDate("..", "open", None, None, text) if is_open else PartialDate.unknown(text)
    years = {"year": earliest.year, "pivot": earliest.year}
    for order, epoch, helped in product(("ymd", "dmy", "mdy"), (1900, 1904), ({}, years)):
        found = parse(text, order=order, excel_epoch=epoch, **helped)  # type: ignore[arg-type]
        if isinstance(found, PartialDate) and (found.earliest, found.before) == (earliest, before):
            return found
    code = _code(earliest, before)
    return PartialDate.of(code, text or code)


def _code(earliest: date, before: date) -> str:
    """The stable code of a span of days."""
    last = before - timedelta(days=1)
    if last == earliest:
        return earliest.isoformat()
    months = (before.year - earliest.year) * 12 + before.month - earliest.month
    if earliest.day == 1 and before.day == 1:
        start = earliest.month - 1
        if months == 1:
            return f"{earliest:%Y-%m}"
        if months == 3 and start % 3 == 0:
            return f"{earliest.year:04d}-Q{start // 3 + 1}"
        if months == 6 and start % 6 == 0:
            return f"{earliest.year:04d}-H{start // 6 + 1}"
        if months == 12 and start == 0:
            return f"{earliest.year:04d}"
    return f"{earliest.isoformat()}/{last.isoformat()}"
