"""About how long clouds of neurons train, on one core."""

from __future__ import annotations

from core.studies.basin.experiment import Basin

BASIN_START_SECONDS, BASIN_STEP_SECONDS, BASIN_UNIT_SECONDS = 1e-5, 3.5e-4, 1.5e-8
"""What a start on the grid costs until it is decided, a step of all that is left, and one of a neuron of a cloud."""


def a_cloud(experiment: Basin) -> tuple[float, float]:
    """Return the seconds of one cloud of neurons with its share of the grid, which takes all its steps."""
    shared = experiment.grid**2 * BASIN_START_SECONDS + experiment.step_limit * BASIN_STEP_SECONDS
    seconds = shared / experiment.runs + experiment.step_limit * experiment.width * BASIN_UNIT_SECONDS
    return seconds, 2 * seconds
