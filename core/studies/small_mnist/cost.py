"""About how long networks on small MNIST train, on one core."""

from __future__ import annotations

from itertools import pairwise

from core.studies.small_mnist.experiment import SmallMnist

UNIT_SECONDS, WEIGHT_SECONDS = 8e-11, 6e-9
"""A step, for each image and weight, and for each weight: measured at width 200."""


def a_network(experiment: SmallMnist) -> tuple[float, float]:
    """Return the seconds of one network, which takes all its steps."""
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(experiment.widths))
    seconds = experiment.step_limit * weights * (experiment.batch_size * UNIT_SECONDS + WEIGHT_SECONDS)
    return seconds, 2 * seconds
