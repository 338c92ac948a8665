"""How networks on modular addition are split, and about how long they train, on one core."""

from __future__ import annotations

from core.split import Split, dealt
from core.studies.modular.experiment import Modular

PLANE_SHARDS = 4
UNIT_SECONDS = 1.4e-10
"""A step of a network, for each pair, hidden unit, and input or output: measured at p = 23, width 100."""


def by_seed(experiment: Modular, device: str) -> Split:
    """Return a shard a seed: all networks from one initialization; of a plane of one seed, some shards."""
    if experiment.fractions and len(experiment.seeds) == 1:
        return dealt([0], experiment.runs, PLANE_SHARDS)
    return dealt([0], experiment.runs, len(experiment.seeds))


def a_network(experiment: Modular) -> tuple[float, float]:
    """Return the seconds of one network, which takes all its steps, on average over fractions."""
    pairs = sum(map(experiment.n_train, experiment.shares)) / len(experiment.shares)
    seconds = experiment.step_limit * pairs * experiment.width * 3 * experiment.p * UNIT_SECONDS
    return seconds, 2 * seconds
