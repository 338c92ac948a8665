"""About how long perceptrons train, on one core."""

from __future__ import annotations

import math

from core.studies.perceptron.experiment import Perceptron

PERCEPTRON_SECONDS, PERCEPTRON_COLD_SECONDS, PERCEPTRON_LIMIT_SECONDS = 4e-4, 0.4, 2.5e-5
"""What a perceptron costs on 2,048 points where noise decides (times 250^(1 / (1 + chi))), where it does not (times the
margin over the learning rate), and at most for a step that moves it: measured on 256 to 4,096 points."""


def a_perceptron(experiment: Perceptron) -> tuple[float, float]:
    """Return the seconds of one perceptron, the mean over the grid, within a factor of two on the presets."""
    total = 0.0
    for cell in experiment.cells:
        size, softness = cell.n_train / 2048, 1 / (1 + cell.chi)
        growth = size ** (1 + 2 * softness)
        noisy = PERCEPTRON_SECONDS * 250**softness * growth
        share = math.sqrt(cell.batch_size / cell.n_train)
        cold = PERCEPTRON_COLD_SECONDS * cell.kappa / cell.learning_rate * share * growth
        total += min(noisy + cold, PERCEPTRON_LIMIT_SECONDS * size * experiment.event_limit)
    return total / experiment.runs, 5 * total / experiment.runs
