"""Which stage may follow which."""

from __future__ import annotations

import pytest

from hatchline.core.chain.stages import ORDER, Stage, may_follow


@pytest.mark.parametrize("stage", ORDER)
def test_anyone_may_enter_the_chain_at_any_stage(stage):
    assert may_follow(None, stage, graduated=False)


def test_a_graduate_is_not_incubated_again():
    assert not may_follow(Stage.INCUBATION, Stage.INCUBATION, graduated=True)
    assert not may_follow(Stage.PARK, Stage.INCUBATION, graduated=True)
    assert may_follow(Stage.INCUBATION, Stage.ACCELERATION, graduated=True)


def test_the_chain_does_not_run_backwards_to_the_nursery():
    assert not any(may_follow(stage, Stage.NURSERY, graduated=False) for stage in ORDER if stage is not Stage.NURSERY)


def test_whoever_left_without_graduating_may_come_back():
    assert may_follow(Stage.INCUBATION, Stage.INCUBATION, graduated=False)
