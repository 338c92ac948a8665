"""About how long the networks of a plane of learning rates train, on one core."""

from __future__ import annotations

from core.studies.rate_plane.experiment import RatePlane
from core.studies.rate_plane.trajectory import RatePlaneTrajectory

WEIGHT_SECONDS, UNIT_SECONDS = 3.6e-10, 2.4e-9
"""What a step of a network costs for each point and weight, and for each point and hidden unit: measured."""
SHARPNESS = 30.0
"""Steps that take as long as a measurement of the sharpness."""
USUAL_SHARE = 0.4
"""Share of all allowed steps that a plane takes: runs leave when they are fitted or diverged."""
INPUTS = 64
"""Pixels of a digit."""


def a_network(experiment: RatePlane) -> tuple[float, float]:
    """Return the seconds of one network: usual, and with all its steps."""
    width, depth = experiment.width, experiment.depth
    weights = width * (INPUTS + (depth - 1) * width + 1)
    step = experiment.n_train * (weights * WEIGHT_SECONDS + width * depth * UNIT_SECONDS)
    at_most = (experiment.step_limit + SHARPNESS * len(RatePlaneTrajectory.scheduled(experiment))) * step
    return USUAL_SHARE * at_most, at_most
