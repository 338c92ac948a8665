"""About how long networks are followed past the edge of stability, on one core."""

from __future__ import annotations

from core.studies.stabilization.experiment import APPROACH, Stabilization

STEP_SECONDS, UNIT_SECONDS = 5e-5, 1.5e-8
"""A step of a network, and a unit of one point in it: measured with five networks."""
FOLLOWED = 20.0
"""Steps that take as long as one after which the sharpness and its eigenvector are measured."""


def a_network(experiment: Stabilization) -> tuple[float, float]:
    """Return the seconds of one network, usually and at most; the way to the edge is that of one for all."""
    step = STEP_SECONDS + UNIT_SECONDS * experiment.n * sum(experiment.widths)
    followed = FOLLOWED * step * experiment.step_limit
    approach = step * APPROACH / experiment.runs
    return followed + 0.2 * approach, 2 * followed + 3 * approach
