"""About how long networks on shaded digits train, on one core."""

from __future__ import annotations

from core.studies.shades.experiment import Shades

SHADE_STEP_SECONDS, SHADE_WEIGHT_SECONDS = 1.2e-5, 6e-11
"""What a step of a network on shaded digits costs, and a weight for an image of it."""


def a_shade(experiment: Shades) -> tuple[float, float]:
    """Return the seconds of one seed on shaded digits: two networks a frequency, which take all their steps."""
    weights = 65 * experiment.width * experiment.n_train
    a_step = SHADE_STEP_SECONDS + weights * SHADE_WEIGHT_SECONDS
    seconds = 2 * len(experiment.p) * experiment.step_limit * a_step
    return seconds, 2 * seconds
