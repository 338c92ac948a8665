"""About how long networks on smooth targets train, on one core."""

from __future__ import annotations

from core.studies.smooth_targets.experiment import SmoothTargets

STEP_SECONDS, UNIT_SECONDS, KERNEL_SECONDS = 7e-6, 3e-9, 1e-9
"""As a network on a line costs: a step, a unit of one point in it, and the cube of the points for the learning rate."""
USUAL_SHARE = 0.5


def a_network(experiment: SmoothTargets) -> tuple[float, float]:
    """Return the seconds of one network, of a mean number of points: usual, at most."""
    each = [
        STEP_SECONDS + count * experiment.width * UNIT_SECONDS + count**3 * KERNEL_SECONDS
        for count in experiment.points
    ]
    most = experiment.step_limit * sum(each) / len(each)
    return USUAL_SHARE * most, 2 * most
