"""About how long networks of two modes train, on one core."""

from __future__ import annotations

from core.studies.modes.experiment import Modes

MODE_STEP_SECONDS, MODE_WEIGHT_SECONDS = 3.5e-5, 1e-9
"""What a step of a mode's network and of its one layer costs, and a weight of it."""


def a_mode(experiment: Modes) -> tuple[float, float]:
    """Return the seconds of the networks of one loss."""
    weights = experiment.width * (experiment.dimension + 1)
    seconds = experiment.step_limit * (MODE_STEP_SECONDS + weights * MODE_WEIGHT_SECONDS)
    return seconds, 1.5 * seconds  # they always take all their steps
