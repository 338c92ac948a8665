"""About how long the variants of training on two moons take, on one core."""

from __future__ import annotations

from core.studies.boundaries.experiment import LAYERS, LONGER, VARIANTS, Boundaries

STEP_SECONDS, UNIT_SECONDS, WEIGHT_SECONDS = 2.5e-4, 5e-9, 1.5e-10
"""What a step costs, what it costs more for a hidden unit and a training point, and for a weight between hidden layers
and a training point."""


def a_variant(experiment: Boundaries) -> tuple[float, float]:
    """Return the seconds of one run, on average over the variants."""
    points, deep = experiment.n_train, experiment.deep_width
    shallow = STEP_SECONDS + experiment.width * points * UNIT_SECONDS
    hidden = LAYERS - 1
    between = (hidden - 1) * deep**2 * WEIGHT_SECONDS
    five = 2 * STEP_SECONDS + points * (hidden * deep * UNIT_SECONDS + between)
    several = len(VARIANTS) - 2 + LONGER  # of one hidden layer, that which takes longer as so many
    seconds = 0.3 + experiment.step_limit * (several * shallow + five) / len(VARIANTS)
    return seconds, 1.5 * seconds
