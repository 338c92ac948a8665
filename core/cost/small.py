"""About how long networks on a line, linear models and perceptrons train, on one core."""

from __future__ import annotations

import math

from core.experiments import Kinks, LinearModel, Perceptron

LINE_STEP_SECONDS, LINE_UNIT_SECONDS, LINE_KERNEL_SECONDS = 7e-6, 3e-9, 1e-9
"""What a step of a network on a line costs, a tenth of a look at its learning rate included: measured on 5 to 200
points, width 32 to 4,096."""
USUAL_LINE_SHARE = 0.4
LINEAR_STEP_SECONDS, LINEAR_SAMPLE_SECONDS = 2e-6, 4e-9
"""What a step of a linear model costs from its three starts, and a sample of it: measured on 50 to 400 samples."""
LINEAR_DRAW_SECONDS, LINEAR_GRAM_SECONDS, LINEAR_SOLVE_SECONDS = 1e-8, 3e-11, 3e-11
"""A number of z, its part in a Gram matrix, and what n^3 of a solved system is multiplied with."""
PERCEPTRON_SECONDS, PERCEPTRON_COLD_SECONDS, PERCEPTRON_LIMIT_SECONDS = 4e-4, 0.4, 2.5e-5
"""What a perceptron costs on 2,048 points where noise decides (times 250^(1 / (1 + chi))), where it does not (times the
margin over the learning rate), and at most for a step that moves it: measured on 256 to 4,096 points."""


def a_line(experiment: Kinks) -> tuple[float, float]:
    """Return the seconds of one network on a line: usual, at most."""
    count = len(experiment.x)
    a_step = LINE_STEP_SECONDS + count * experiment.width * LINE_UNIT_SECONDS + count**3 * LINE_KERNEL_SECONDS
    return USUAL_LINE_SHARE * experiment.step_limit * a_step, experiment.step_limit * a_step


def a_linear_model(experiment: LinearModel) -> tuple[float, float]:
    """Return the seconds of one seed of linear models, which takes all its steps."""
    n, ratios = experiment.n, experiment.every_ratio
    drawing = experiment.dimensions(ratios[-1]) * n * (LINEAR_DRAW_SECONDS + n * LINEAR_GRAM_SECONDS)
    stepping = experiment.step_limit * (LINEAR_STEP_SECONDS + n * LINEAR_SAMPLE_SECONDS)
    seconds = drawing + stepping + len(ratios) * n**3 * LINEAR_SOLVE_SECONDS
    return seconds, 1.5 * seconds  # it always takes all its steps


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
