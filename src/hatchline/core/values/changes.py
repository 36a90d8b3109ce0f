"""What a form or a row of a list would change, and where it disagrees with what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hatchline.core.values.dates import PartialDate


def is_empty(value: Any) -> bool:
    """Whether a cell says nothing: None, "", no items, or a date of which nothing was written."""
    if isinstance(value, PartialDate):
        return not value.is_known and value.precision != "open" and not value.text
    return value is None or (isinstance(value, str | tuple | list | set | frozenset) and not value)


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same. Dates of the same days are the same however written; empty equals empty."""
    if isinstance(one, PartialDate) and isinstance(other, PartialDate):
        if one.is_known or other.is_known:
            return (one.earliest, one.before) == (other.earliest, other.before)
        return one.text == other.text
    if is_empty(one) and is_empty(other):
        return True
    if isinstance(one, tuple | list | set | frozenset) and isinstance(other, tuple | list | set | frozenset):
        return set(one) == set(other)
    return bool(one == other)


def differing(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted values that are not what there is."""
    return {name: value for name, value in wanted.items() if not same(present.get(name), value)}
