"""When states are recorded and runs are checked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.schedule import GROWTH, check_steps, recorded_steps
from core.studies.explorer.experiment import LIMITS

STEP_LIMITS = st.integers(int(LIMITS["step_limit"].low), int(LIMITS["step_limit"].high))


@given(STEP_LIMITS)
def test_recorded_steps_rise_from_0_to_the_limit_without_a_large_gap(step_limit: int) -> None:
    steps = recorded_steps(step_limit)
    assert steps[0] == 0
    assert steps[-1] == step_limit
    for before, after in pairwise(steps):
        assert before < after <= max(before + 1, before * GROWTH + 0.5)


@given(STEP_LIMITS)
def test_checks_rise_to_the_limit_and_are_never_far_apart(step_limit: int) -> None:
    steps = [0, *check_steps(step_limit)]
    assert steps[-1] == step_limit
    for before, after in pairwise(steps):
        assert before < after <= before + max(16, before // 16)


@pytest.mark.parametrize(("step_limit", "most"), [(200, 35), (20_000, 66), (200_000, 82)])
def test_a_trajectory_stays_small(step_limit: int, most: int) -> None:
    assert len(recorded_steps(step_limit)) <= most


def test_the_schedule_of_a_longer_training_begins_the_same() -> None:
    assert recorded_steps(500)[:-1] == recorded_steps(20_000)[: len(recorded_steps(500)) - 1]
