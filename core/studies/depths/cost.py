"""About how long networks of several depths train, on one core."""

from __future__ import annotations

from core.studies.depths.experiment import Depths

DEPTH_STEP_SECONDS, DEPTH_LAYER_SECONDS = 6e-5, 8e-5
"""What a step of all losses and the linear network costs a depth, and a layer of it."""


def a_depth(experiment: Depths) -> tuple[float, float]:
    """Return the seconds of one loss and start at one depth, the mean over depths: they take all their steps."""
    layers = sum(experiment.depths) / len(experiment.depths)
    a_step = DEPTH_STEP_SECONDS + layers * DEPTH_LAYER_SECONDS
    seconds = experiment.step_limit * a_step * len(experiment.depths) / experiment.runs
    return seconds, 2 * seconds
