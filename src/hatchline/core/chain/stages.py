"""The stages of the chain, which may follow which, and how a stay may end."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """A stage 孵化阶段, in the order of the plan (朝科文〔2014〕27号 二)."""

    NURSERY = "nursery"
    INCUBATION = "incubation"
    ACCELERATION = "acceleration"
    PARK = "park"


class Outcome(StrEnum):
    """How a stay ended."""

    GRADUATED = "graduated"  # 毕业: met the definition of a graduate at this stage
    MOVED = "moved"  # handed over to another institution at the same or a later stage
    LEFT = "left"  # moved away, with a reason
    CLOSED = "closed"  # the venture ceased
    UNKNOWN = "unknown"  # it ended, nobody wrote down how


ORDER: tuple[Stage, ...] = tuple(Stage)
RANK: dict[Stage, int] = {stage: rank for rank, stage in enumerate(ORDER)}

# Whoever graduated from incubation is not incubated again; acceleration and parks may be visited more than once.
FOLLOWS: dict[Stage, frozenset[Stage]] = {
    Stage.NURSERY: frozenset({Stage.NURSERY, Stage.INCUBATION}),
    Stage.INCUBATION: frozenset({Stage.INCUBATION, Stage.ACCELERATION, Stage.PARK}),
    Stage.ACCELERATION: frozenset({Stage.ACCELERATION, Stage.PARK}),
    Stage.PARK: frozenset({Stage.PARK, Stage.ACCELERATION}),
}


def may_follow(before: Stage | None, after: Stage, *, graduated: bool) -> bool:
    """Whether a venture last seen at ``before`` may enter ``after``.

    ``before`` None: it has not been in the chain. ``graduated``: it has graduated from incubation, and is therefore not
    incubated again. A venture that left without graduating may come back to the stage it left.
    """
    if after is Stage.INCUBATION and graduated:
        return False
    return before is None or after in FOLLOWS[before] or (after is before and not graduated)
