"""Constraints of ours that hold in the database itself, on SQLite and on PostgreSQL. See README.md."""

from hatchline.apps.guards.constraints import AppendOnly, Balanced, Frozen, Guard, NeverAbove, NoOverlap, ordered
from hatchline.apps.guards.watch import (
    Missing,
    Violated,
    broken,
    declared,
    lowered,
    missing,
    put_up,
    refuse_when_missing,
)

__all__ = [
    "AppendOnly",
    "Balanced",
    "Frozen",
    "Guard",
    "Missing",
    "NeverAbove",
    "NoOverlap",
    "Violated",
    "broken",
    "declared",
    "lowered",
    "missing",
    "ordered",
    "put_up",
    "refuse_when_missing",
]
