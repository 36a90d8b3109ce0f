"""The way from one edition of a classification to the next, from the two lists alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Status = Literal["same", "renamed", "gone", "new"]


@dataclass(frozen=True)
class Step:
    """What became of a code. ``code`` and ``name`` are those of the newer edition; a code that is gone has none.

    ``moved_to``: the codes of the newer edition with the very name that the older code had. They are what a person may
    choose from first; none is chosen for them.
    """

    status: Status
    code: str | None
    name: str | None
    moved_to: tuple[str, ...] = ()


def crosswalk(older: Mapping[str, str], newer: Mapping[str, str]) -> dict[str, Step]:
    """For every code of either edition (code → name) what became of it. Nothing is inferred from likeness.

    A renamed code keeps its number, which does not prove that it keeps its meaning: callers show both names.
    """
    named: dict[str, list[str]] = {}
    for code, name in newer.items():
        named.setdefault(name, []).append(code)
    steps: dict[str, Step] = {}
    for code, name in older.items():
        if code not in newer:
            steps[code] = Step("gone", None, None, tuple(named.get(name, ())))
        elif newer[code] == name:
            steps[code] = Step("same", code, name)
        else:
            elsewhere = tuple(other for other in named.get(name, ()) if other != code)
            steps[code] = Step("renamed", code, newer[code], elsewhere)
    for code, name in newer.items():
        if code not in older:
            steps[code] = Step("new", code, name)
    return steps
