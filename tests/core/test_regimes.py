"""Regimes of runs."""

import numpy as np

from core.observables.regimes import (
    FEATURE_FACTOR,
    LAZY_DISPLACEMENT,
    LAZY_FACTOR,
    WEAKLY,
    beside_linearised,
    regimes,
)
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


def test_regimes_beside_a_linearisation_are_told_by_the_factor_either_way() -> None:
    lazy, features = LAZY_FACTOR * 0.999, FEATURE_FACTOR * 1.001
    ratio = np.array([1, lazy, 1 / lazy, 1.2, 1 / 1.2, features, 1 / features])
    ended = np.full(7, FITTED, np.int8)
    assert beside_linearised(ended, ended, ratio).tolist() == [
        *["lazy"] * 3,
        *[WEAKLY] * 2,
        *["feature learning"] * 2,
    ]


def test_a_linearisation_that_is_not_fitted_may_tell_of_features_alone() -> None:
    """Its weights would have changed further, so that the ratio is an upper bound."""
    stopped, ended = np.full(4, STEP_LIMIT, np.int8), np.full(4, FITTED, np.int8)
    ratio = np.array([0.3, 0.7, 1.0, 3.0])
    assert beside_linearised(ended, stopped, ratio).tolist() == ["feature learning", *["not fitted"] * 3]


def test_a_network_without_an_end_has_no_regime_beside_its_linearisation() -> None:
    outcome, ended = np.array([DIVERGED, STEP_LIMIT, UNFINISHED], np.int8), np.full(3, FITTED, np.int8)
    assert beside_linearised(outcome, ended, np.array([np.nan, 0.3, 1.0])).tolist() == [
        "diverged",
        "not fitted",
        "unfinished",
    ]
