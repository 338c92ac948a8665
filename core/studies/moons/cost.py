"""About how long networks on two moons train, on one core."""

from __future__ import annotations

from core.studies.moons.experiment import Moons

MOON_STEP_SECONDS, MOON_RECORD_SECONDS = 2e-9, 4e-4
"""What a step costs for a unit of a network on two moons and a training point, and all records for a unit."""


def a_moon(experiment: Moons) -> tuple[float, float]:
    """Return the seconds of one network on two moons, which takes all its steps."""
    units = experiment.width * (experiment.step_limit * experiment.n_train * MOON_STEP_SECONDS + MOON_RECORD_SECONDS)
    seconds = 0.05 + units
    return seconds, 1.5 * seconds
