"""About how long samples of neurons train, on one core."""

from __future__ import annotations

from core.studies.basin.experiment import Basin

BASIN_START_SECONDS, BASIN_STEP_SECONDS, BASIN_UNIT_SECONDS = 1e-5, 3.5e-4, 1.5e-8
"""Of a neuron on the grid until it is decided, of a step of all that is left, and of one neuron of a sample."""


def a_sample(experiment: Basin) -> tuple[float, float]:
    """Return the seconds of one sample of neurons with its share of the grid, which takes all its steps."""
    shared = experiment.grid**2 * BASIN_START_SECONDS + experiment.step_limit * BASIN_STEP_SECONDS
    seconds = shared / experiment.runs + experiment.step_limit * experiment.width * BASIN_UNIT_SECONDS
    return seconds, 2 * seconds
