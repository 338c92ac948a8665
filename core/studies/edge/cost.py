"""About how long networks at the edge of stability train, on one core."""

from __future__ import annotations

from core.studies.edge.experiment import Edge

STEP_SECONDS, UNIT_SECONDS, SHARPNESS_SECONDS = 5e-5, 1.5e-8, 5e-4
"""A step of a network, a unit of one point in it, and a measurement of its sharpness: measured with six networks."""


def a_network(experiment: Edge) -> tuple[float, float]:
    """Return the seconds of one network, which takes all its steps."""
    step = STEP_SECONDS + UNIT_SECONDS * experiment.n * sum(experiment.widths)
    seconds = experiment.step_limit * (step + SHARPNESS_SECONDS / experiment.every)
    return seconds, 2 * seconds
