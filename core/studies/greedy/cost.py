"""About how long networks are built and trained, on one core."""

from __future__ import annotations

from core.cost import ARITHMETIC, UNIT_SECONDS
from core.datasets import CATALOGUE
from core.studies.greedy.experiment import Greedy

STEP_SECONDS = 1.5e-4
"""What a step costs besides its arithmetic: mostly a share of lambda_max."""
FEW_UNITS = 8
"""What a greedy network is stepped with: mostly fewer are in use."""
USUAL_STEPS = 20_000
"""Measured: from 700 steps on 64 digits to the limit, of both ways."""


def a_network(experiment: Greedy) -> tuple[float, float]:
    """Return the seconds of one network, usually and at most: the mean over sizes and ways."""
    dim = (CATALOGUE[experiment.dataset].dimension or 0) + 1
    steps = []
    for count in experiment.n_train:
        for units in (FEW_UNITS, experiment.width):
            kernel = 4 * count**2 * (units + dim / 8) / 20
            arithmetic = 4 * count * dim * units + kernel
            steps.append(STEP_SECONDS + arithmetic / ARITHMETIC + count * units * UNIT_SECONDS)
    a_step = sum(steps) / len(steps)
    return min(USUAL_STEPS, 0.8 * experiment.step_limit) * a_step, experiment.step_limit * a_step
