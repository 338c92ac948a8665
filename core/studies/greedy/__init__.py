"""A network built one unit at a time, beside gradient descent from a small initialization on the same points."""

from __future__ import annotations

from core.split import Split, by_runs
from core.studies.greedy.columns import COLUMNS
from core.studies.greedy.cost import a_network
from core.studies.greedy.experiment import Greedy
from core.studies.greedy.presets import PRESETS
from core.studies.greedy.trajectory import GreedyTrajectory
from core.study import Late, Study


def _shards(experiment: Greedy, device: str) -> Split:
    """Return a shard a training set, both ways of training on it: the first first, then the largest sets."""
    firsts = [0, *range(experiment.runs - 2, 0, -2)]
    return [[first, first + 1] for first in firsts]


STUDY = Study(
    experiment=Greedy,
    presets=PRESETS,
    trajectory=GreedyTrajectory,
    begin=Late("core.studies.greedy.training", "begin"),
    tables=Late("core.studies.greedy.tables", "TABLES"),
    columns=COLUMNS,
    part=Late("core.studies.greedy.part", "PART"),
    shards=_shards,
    seconds=by_runs(a_network, _shards),
)
