"""About how long linear models train, on one core."""

from __future__ import annotations

from core.studies.linear_model.experiment import LinearModel

LINEAR_STEP_SECONDS, LINEAR_SAMPLE_SECONDS = 2e-6, 4e-9
"""What a step of a linear model costs from three initializations, and a sample of it: measured on 50 to 400 samples."""
LINEAR_DRAW_SECONDS, LINEAR_GRAM_SECONDS, LINEAR_SOLVE_SECONDS = 1e-8, 3e-11, 3e-11
"""A number of z, its part in a Gram matrix, and what n^3 of a solved system is multiplied with."""


def a_linear_model(experiment: LinearModel) -> tuple[float, float]:
    """Return the seconds of one seed of linear models, which takes all its steps."""
    n, ratios = experiment.n, experiment.every_ratio
    drawing = experiment.dimensions(ratios[-1]) * n * (LINEAR_DRAW_SECONDS + n * LINEAR_GRAM_SECONDS)
    stepping = experiment.step_limit * (LINEAR_STEP_SECONDS + n * LINEAR_SAMPLE_SECONDS)
    seconds = drawing + stepping + len(ratios) * n**3 * LINEAR_SOLVE_SECONDS
    return seconds, 1.5 * seconds  # it always takes all its steps
