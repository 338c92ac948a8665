"""About how long the networks of the catapult train, on one core."""

from __future__ import annotations

from core.studies.catapult.experiment import Catapult

UNIT_SECONDS = 3.2e-8
"""What a step of a network costs for each point and hidden unit, its share of the recorded steps included: measured."""


def a_network(experiment: Catapult) -> tuple[float, float]:
    """Return the seconds of one network, which takes all its steps."""
    seconds = experiment.step_limit * experiment.n_train * experiment.width * UNIT_SECONDS
    return seconds, 2 * seconds
