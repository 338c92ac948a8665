"""When states are recorded and runs are checked."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.schedule import GROWTH, Even, Every, Few, Geometric, Log, Power, Schedule, check_steps
from core.study import Study, studies

STEP_LIMITS = st.integers(1, 200_000)
SCHEDULES = [Log(), Log(1.05), Few(), Few(5), Even(100), Power(150, 2), Geometric(60), Even(100) | Geometric(60)]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
@given(last=STEP_LIMITS)
def test_recorded_steps_rise_from_0_to_the_last(schedule: Schedule, last: int) -> None:
    steps = schedule.steps(last)
    assert steps.dtype == np.int64
    assert steps[0] == 0
    assert steps[-1] == last
    assert (np.diff(steps) > 0).all()


@given(STEP_LIMITS)
def test_log_spaced_steps_leave_no_large_gap(last: int) -> None:
    for before, after in pairwise(Log().steps(last).tolist()):
        assert before < after <= max(before + 1, before * GROWTH + 0.5)


@given(STEP_LIMITS)
def test_few_are_fewer_than_40_whatever_the_last(last: int) -> None:
    assert len(Few().steps(last)) < 40


@pytest.mark.parametrize(
    ("schedule", "steps"),
    [
        (Log(2), [0, 1, 2, 4, 8, 16, 20]),
        (Even(4), [0, 5, 10, 15, 20]),
        (Power(4, 2), [0, 1, 5, 11, 20]),
        (Geometric(3), [0, 1, 4, 20]),
        (Even(2) | Geometric(3), [0, 1, 4, 10, 20]),
        (Even(100), list(range(21))),
    ],
)
def test_by_hand(schedule: Schedule, steps: list[int]) -> None:
    assert schedule.steps(20).tolist() == steps


@given(STEP_LIMITS)
def test_checks_rise_to_the_limit_and_are_never_far_apart(step_limit: int) -> None:
    steps = [0, *check_steps(step_limit)]
    assert steps[-1] == step_limit
    for before, after in pairwise(steps):
        assert before < after <= before + max(16, before // 16)


@pytest.mark.parametrize(("step_limit", "most"), [(200, 35), (20_000, 66), (200_000, 82)])
def test_a_trajectory_stays_small(step_limit: int, most: int) -> None:
    assert len(Log().steps(step_limit)) <= most


def test_every_so_many_steps_and_the_last() -> None:
    assert Every(20).steps(50).tolist() == [0, 20, 40, 50]
    assert Every(25).steps(50).tolist() == [0, 25, 50]


def test_the_schedule_of_a_longer_training_begins_the_same() -> None:
    short, long = Log().steps(500).tolist(), Log().steps(20_000).tolist()
    assert short[:-1] == long[: len(short) - 1]


@pytest.mark.parametrize("study", studies().values(), ids=lambda study: study.name)
def test_every_trajectory_carries_its_schedule(study: Study) -> None:
    assert isinstance(study.trajectory.schedule, Schedule)
    steps = study.trajectory.scheduled(study.experiment())
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
