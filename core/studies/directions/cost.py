"""About how long the networks whose directions are counted train, on one core."""

from __future__ import annotations

from core.cost import ARITHMETIC, UNIT_SECONDS
from core.datasets import CATALOGUE
from core.studies.directions.experiment import Directions

DIRECTION_STEP_SECONDS = 1.5e-4
"""What a step on a data set costs besides its arithmetic: mostly a tenth of an exact lambda_max of a small kernel."""
USUAL_DIRECTION_STEPS = 9_000
"""Steps to a few percent of the first loss: digits and MNIST took 600 to 15,000, least on the smallest sets."""


def a_count(experiment: Directions) -> tuple[float, float]:
    """Return the seconds of one network on a data set, likewise, the mean over sizes of the training set."""
    dim = (CATALOGUE[experiment.dataset].dimension or 0) + 1
    steps = []
    for count in experiment.n_train:
        kernel = 4 * count**2 * experiment.width / 20  # every twentieth step
        arithmetic = 4 * count * dim * experiment.width + kernel
        steps.append(DIRECTION_STEP_SECONDS + arithmetic / ARITHMETIC + count * experiment.width * UNIT_SECONDS)
    a_step = sum(steps) / len(steps)
    return min(USUAL_DIRECTION_STEPS, 0.8 * experiment.step_limit) * a_step, experiment.step_limit * a_step
