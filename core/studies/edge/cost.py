"""About how long networks at the edge of stability train, on one core."""

from __future__ import annotations

from core.studies.edge.experiment import Edge

STEP_SECONDS, UNIT_SECONDS = 5e-5, 1.5e-8
"""A step of a network, and a unit of one point in it: measured with six networks."""
SHARPNESS = 8.0
"""Steps on all points that take as long as a measurement of the sharpness."""


def a_network(experiment: Edge) -> tuple[float, float]:
    """Return the seconds of one network, which takes all its steps."""
    size = sum(size for _, size in experiment.cells) / experiment.runs
    step, whole = (STEP_SECONDS + UNIT_SECONDS * points * sum(experiment.widths) for points in (size, experiment.n))
    seconds = experiment.step_limit * (step + SHARPNESS * whole / experiment.every)
    return seconds, 2 * seconds
