"""About how long linearised networks of two features train, on one core."""

from __future__ import annotations

from core.studies.strengths.experiment import Strengths

STRENGTH_STEP_SECONDS = 2e-5
"""What a step of all strengths costs."""


def a_strength(experiment: Strengths) -> tuple[float, float]:
    """Return the seconds of one strength under one penalty, its share of a step of all."""
    seconds = experiment.step_limit * STRENGTH_STEP_SECONDS / experiment.runs
    return seconds, 1.5 * seconds
