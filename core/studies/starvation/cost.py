"""About how long the three models of starvation train, on one core."""

from __future__ import annotations

from core.studies.starvation.experiment import Starvation

STARVATION_STEP_SECONDS, STARVATION_WEIGHT_SECONDS = 3.5e-5, 2e-9
"""What a step of three models costs a seed, and a weight of it."""


def a_starvation(experiment: Starvation) -> tuple[float, float]:
    """Return the seconds of one seed of three models, which take all their steps."""
    weights = 6 * experiment.width * len(experiment.frequencies)
    seconds = experiment.step_limit * (STARVATION_STEP_SECONDS + weights * STARVATION_WEIGHT_SECONDS)
    return seconds, 2 * seconds
