"""Regimes of runs."""

import numpy as np

from core.observables.regimes import LAZY_DISPLACEMENT, regimes
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, UNFINISHED


def test_each_outcome_and_displacement() -> None:
    outcome = np.array(
        [FITTED, FITTED, FITTED, FITTED, DIVERGED, DIVERGED, STEP_LIMIT, STEP_LIMIT, UNFINISHED], np.int8
    )
    moved = np.array([0, LAZY_DISPLACEMENT * 0.99, LAZY_DISPLACEMENT, 3, np.nan, 0, 0, 3, np.nan], np.float32)
    assert regimes(outcome, moved).tolist() == [
        "lazy",
        "lazy",
        "feature learning",
        "feature learning",
        "diverged",
        "diverged",
        "not fitted",
        "not fitted",
        "unfinished",
    ]


def test_an_unknown_displacement_is_not_lazy() -> None:
    assert regimes(np.array([FITTED], np.int8), np.array([np.nan], np.float32)).tolist() == ["feature learning"]
