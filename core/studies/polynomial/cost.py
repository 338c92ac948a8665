"""About how long polynomial regression trains, on one core."""

from __future__ import annotations

from core.studies.polynomial.experiment import Polynomial

UNIT_SECONDS = 2.2e-10
"""A step, for each point and two dimensions and for each three dimensions, its share of recorded steps included."""


def a_network(experiment: Polynomial) -> tuple[float, float]:
    """Return the seconds of one network, which takes all its steps."""
    d = experiment.dimension
    seconds = experiment.step_limit * d**2 * (2 * experiment.n_train + 2 * d) * UNIT_SECONDS
    return seconds, 2 * seconds
